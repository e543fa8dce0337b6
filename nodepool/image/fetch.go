package image

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/millrace/millrace"
)

// maxConfig is more than any configuration has.
const maxConfig = 16 << 20

// source asks registries, each of them for a token once.
type source struct{ puller *remote.Puller }

// source makes one. ref is for the error.
func (s settings) source(ref string) (*source, error) {
	options := []remote.Option{remote.WithAuthFromKeychain(s.keychain)}
	if s.transport != nil {
		options = append(options, remote.WithTransport(s.transport))
	}
	puller, err := remote.NewPuller(options...)
	if err != nil {
		return nil, &Error{Op: "get", Ref: ref, Err: err}
	}
	return &source{puller}, nil
}

// read asks for an image: its platforms, and the layers of those with one of
// the architectures; all of Linux if there are none.
func (s *source) read(ctx context.Context, ref string, archs []string) (*Report, error) {
	parsed, err := name.ParseReference(ref)
	if err != nil {
		return nil, &Error{Op: "parse", Ref: ref, Err: err}
	}
	found, err := s.puller.Get(ctx, parsed)
	if err != nil {
		return nil, &Error{Op: "get", Ref: ref, Err: err}
	}
	report := &Report{Ref: ref, Digest: found.Digest.String(), Pinned: parsed.Context().Name() + "@" + found.Digest.String()}
	switch {
	case found.MediaType.IsIndex():
		err = s.readIndex(ctx, parsed.Context(), report, found.Manifest, archs)
	case found.MediaType.IsImage():
		err = s.readImage(ctx, parsed.Context(), report, found.Manifest)
	default:
		err = fmt.Errorf("%s is neither an image nor an index of images", found.MediaType)
	}
	if err != nil {
		return nil, &Error{Op: "get", Ref: ref, Err: err}
	}
	for _, p := range report.Platforms {
		report.Size = max(report.Size, p.Size)
	}
	return report, nil
}

// readIndex reads the images of an index, without what isn't one: the
// attestations of BuildKit have the platform unknown/unknown.
func (s *source) readIndex(ctx context.Context, repo name.Repository, report *Report, manifest []byte, archs []string) error {
	index, err := v1.ParseIndexManifest(bytes.NewReader(manifest))
	if err != nil {
		return err
	}
	for _, m := range index.Manifests {
		if m.Platform == nil || m.Platform.OS == "unknown" || !m.MediaType.IsImage() {
			continue
		}
		p := Platform{OS: m.Platform.OS, Arch: m.Platform.Architecture, Variant: m.Platform.Variant, Digest: m.Digest.String()}
		if p.OS == linux && (len(archs) == 0 || slices.Contains(archs, p.Arch)) {
			child, err := s.puller.Get(ctx, repo.Digest(p.Digest))
			if err != nil {
				return err
			}
			if _, err := p.measure(child.Manifest); err != nil {
				return err
			}
		}
		report.Platforms = append(report.Platforms, p)
	}
	if len(report.Platforms) == 0 {
		return errors.New("the index names no image with its platform")
	}
	return nil
}

// readImage reads an image for one platform, which only its configuration
// tells.
func (s *source) readImage(ctx context.Context, repo name.Repository, report *Report, manifest []byte) error {
	p := Platform{Digest: report.Digest}
	config, err := p.measure(manifest)
	if err != nil {
		return err
	}
	layer, err := s.puller.Layer(ctx, repo.Digest(config.Digest.String()))
	if err != nil {
		return err
	}
	content, err := layer.Compressed()
	if err != nil {
		return err
	}
	defer content.Close() //nolint:errcheck // it was only read
	file, err := v1.ParseConfigFile(io.LimitReader(content, maxConfig))
	if err != nil {
		return fmt.Errorf("its configuration: %w", err)
	}
	p.OS, p.Arch, p.Variant = file.OS, file.Architecture, file.Variant
	report.Platforms = []Platform{p}
	return nil
}

// measure reads the layers of a manifest, and returns its configuration.
func (p *Platform) measure(manifest []byte) (v1.Descriptor, error) {
	m, err := v1.ParseManifest(bytes.NewReader(manifest))
	if err != nil {
		return v1.Descriptor{}, err
	}
	p.Size = millrace.Bytes(m.Config.Size)
	for _, l := range m.Layers {
		p.Size += millrace.Bytes(l.Size)
		p.Layers = append(p.Layers, Layer{Digest: l.Digest.String(), Size: millrace.Bytes(l.Size)})
	}
	return m.Config, nil
}
