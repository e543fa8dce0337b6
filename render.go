package millrace

import (
	"fmt"
	"io"

	"github.com/millrace/millrace/internal/yaml"
)

// Render writes the bundle's objects as one YAML stream, in the order of
// composition, with "---" between the documents.
//
// The manifests are canonical: no null, no status, no creationTimestamp;
// apiVersion, kind, metadata and spec first, then the order of the API's own
// types, map keys sorted; strings quoted that any YAML reader would take for
// something else; texts of several lines as literal blocks; nothing folded.
// The same bundle gives the same bytes.
//
// Files have no place in a stream of manifests: a comment at its head names
// those that only WriteDir writes. Errors are those of w, and values that no
// manifest can hold, such as text that is not UTF-8.
func Render(w io.Writer, b *Bundle) error {
	var out []byte
	for _, f := range b.Files() {
		out = fmt.Appendf(out, "# not a manifest, written by WriteDir: %s\n", f.Path)
	}
	for i, o := range b.Objects() {
		if i > 0 {
			out = append(out, "---\n"...)
		}
		var err error
		if out, err = yaml.Append(out, o); err != nil {
			return fmt.Errorf("render %s: %w", RefOf(o), err)
		}
	}
	if _, err := w.Write(out); err != nil {
		return fmt.Errorf("render: %w", err)
	}
	return nil
}
