package builtin_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/internal/builtin/builtintest"
	"github.com/millrace/millrace/internal/schema"
)

// check returns what is wrong with an object: a path, a space and a rule. Every
// problem has to say what is wrong and what to do.
func check(t *testing.T, obj map[string]any) []string {
	t.Helper()
	got := map[string]bool{}
	kindOf(t, obj).Check(obj, func(p schema.Problem) {
		got[p.Path+" "+p.Rule] = true
		if p.Detail == "" || p.Fix == "" {
			t.Errorf("%s: says %q and %q", p.Path, p.Detail, p.Fix)
		}
	})
	return slices.Sorted(maps.Keys(got))
}

// TestPods: every rule of pods and workloads refuses what it is for, at the
// server's path, and nothing beside it.
func TestPods(t *testing.T) {
	cases, err := builtintest.Read("testdata/pods.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range append(cases, builtintest.Large()...) {
		slices.Sort(c.Want)
		if diff := cmp.Diff(strings.Join(c.Want, "\n"), strings.Join(check(t, c.Object), "\n")); diff != "" {
			t.Errorf("%s:\n%s", c.Name, diff)
		}
		if got := check(t, c.Good); len(got) > 0 {
			t.Errorf("the good twin of %s: %v", c.Name, got)
		}
	}
}
