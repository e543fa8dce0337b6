package policy_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/client-go/kubernetes/scheme"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
)

// manifests is a bundle as text, and what some rules find in it: "line rule
// object field: detail". Findings on objects have the line of their field.
type manifests struct {
	text string
	want []string
}

// checkManifests holds cases against the findings of some rules of Production,
// once loaded from a file and once composed of Kubernetes' own structs.
func checkManifests(t *testing.T, profile policy.Profile, cases map[string]manifests) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			bundle := loadText(t, tc.text)
			var loaded []string
			for _, f := range profile.Check(bundle).Findings {
				loaded = append(loaded, fmt.Sprintf("%d %s %s %s: %s", f.Line, f.Rule, f.Object, f.Field, f.Detail))
			}
			if diff := cmp.Diff(tc.want, loaded); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			var want, composed []string
			for _, w := range tc.want {
				_, w, _ := strings.Cut(w, " ")
				want = append(want, w)
			}
			for _, f := range profile.Check(composedOf(t, bundle)).Findings {
				composed = append(composed, fmt.Sprintf("%s %s %s: %s", f.Rule, f.Object, f.Field, f.Detail))
			}
			if diff := cmp.Diff(want, composed); diff != "" {
				t.Errorf("findings in what is composed (-want +got):\n%s", diff)
			}
		})
	}
}

// loadText loads manifests. Their first line may be empty.
func loadText(t testing.TB, text string) *millrace.Bundle {
	t.Helper()
	path := filepath.Join(t.TempDir(), "manifests.yaml")
	if err := os.WriteFile(path, []byte(strings.TrimPrefix(text, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := millrace.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// composedOf composes a bundle of the typed structs of what was loaded.
func composedOf(t testing.TB, loaded *millrace.Bundle) *millrace.Bundle {
	t.Helper()
	var parts millrace.Parts
	for _, o := range loaded.Objects() {
		if typed, err := scheme.Scheme.New(o.GetObjectKind().GroupVersionKind()); err == nil {
			if err := scheme.Scheme.Convert(o, typed, nil); err != nil {
				t.Fatal(err)
			}
			o = typed.(millrace.Object)
		}
		parts.Objects = append(parts.Objects, o)
	}
	return build(t, parts)
}
