package argo_test

import (
	"fmt"
	"strings"
	"testing"
)

// corpus asks both of all objects of Argo's examples and tests as they are, and
// returns what they say. Argo refuses none that internal/argo takes.
func corpus(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for _, dir := range []string{"examples", "test"} {
		all := documents(t, dir)
		seen, refusals := 0, 0
		for _, d := range all {
			refused, found, ok := clusterOf(all, d.file).both(d.kind, d.data)
			if !ok {
				fmt.Fprintf(&b, "%s: %s: it does not decode\n", d.file, d.kind)
				continue
			}
			seen++
			if refused == nil && len(found) == 0 {
				continue
			}
			fmt.Fprintf(&b, "%s:\n", d.file)
			if refused != nil {
				refusals++
				fmt.Fprintf(&b, "    Argo: %v\n", refused)
			}
			for _, p := range found {
				fmt.Fprintf(&b, "    %s: %s: %s\n", p.Rule, p.Path, p.Detail)
			}
			if refused != nil && len(found) == 0 && !unknowable.MatchString(refused.Error()) {
				t.Errorf("%s: nothing found, but Argo says %v", d.file, refused)
			}
		}
		fmt.Fprintf(&b, "%s: %d objects, of which Argo refuses %d\n\n", dir, seen, refusals)
	}
	return b.String()
}

// TestTemplatesAreFound: an object takes the template of its own file where
// others have one of the same name.
func TestTemplatesAreFound(t *testing.T) {
	template := func(file, image string) document {
		return document{file, "WorkflowTemplate", []byte(`{"metadata":{"name":"a"},"spec":{"templates":[{"name":"x","container":{"image":"` + image + `"}}]}}`)}
	}
	all := []document{template("d/own.yaml", "own"), template("d/near.yaml", "near"), template("e/far.yaml", "far")}
	for file, want := range map[string]string{"d/own.yaml": "own", "e/none.yaml": "far", "d/near.yaml": "near"} {
		if got := clusterOf(all, file).own["a"].Spec.Templates[0].Container.Image; got != want {
			t.Errorf("%s finds %s, not %s", file, got, want)
		}
	}
}
