package nodepool

import (
	"errors"
	"slices"
	"strings"

	"github.com/millrace/millrace"
)

// sayOnce takes out what is wrong with the value of a field that the provider
// has nothing for: it must go, and needn't be right before.
func sayOnce(err error) error {
	var build *millrace.BuildError
	if !errors.As(err, &build) {
		return err
	}
	isUnsupported := func(f millrace.Finding) bool { return f.Rule == millrace.RuleUnsupported }
	out := &millrace.BuildError{}
	for _, f := range build.Findings {
		if !isUnsupported(f) && slices.ContainsFunc(build.Findings, func(by millrace.Finding) bool { return isUnsupported(by) && within(f.Field, by.Field) }) {
			continue
		}
		out.Findings = append(out.Findings, f)
	}
	return out
}

// within reports whether a field is another one, or a part of it.
func within(field, of string) bool {
	rest, ok := strings.CutPrefix(field, of)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
