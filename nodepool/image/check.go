package image

import (
	"context"
)

// Check asks the registry of an image for its platforms, its layers and their
// sizes, and says what is wrong with it. The image is named as in a pod.
//
// The error is an *Error. It may be called concurrently, and keeps nothing.
func Check(ctx context.Context, ref string, options ...Option) (*Report, error) {
	s := settingsOf(options)
	source, err := s.source(ref)
	if err != nil {
		return nil, err
	}
	return s.check(ctx, source, ref, s.archs)
}

// check reads one image and judges it.
func (s settings) check(ctx context.Context, source *source, ref string, archs []string) (*Report, error) {
	report, err := source.read(ctx, ref, archs)
	if err != nil {
		return nil, err
	}
	report.Findings = s.judge(report, archs)
	return report, nil
}
