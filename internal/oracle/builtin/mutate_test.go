package builtin_test

import (
	"flag"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace/internal/oracle/mutation"
)

var mutations = flag.Int("mutations", 120, "how many mutations of each document and of each made object")

// mutate changes one thing about an object, and says what.
var mutate = mutation.Object

// verdicts holds what a run found.
type verdicts struct {
	cases, invalid, differ int
	rules                  map[string]int
}

func (v *verdicts) compare(t *testing.T, g schema.GroupVersionKind, obj map[string]any, what string) {
	t.Helper()
	want := create(t, g, obj)
	got := engine(t, g, obj)
	v.cases++
	if len(want.all()) > 0 {
		v.invalid++
	}
	for _, rules := range got {
		for rule := range strings.FieldsSeq(rules) {
			v.rules[rule]++
		}
	}
	if diff := disagree(want, got); diff != "" {
		if v.differ++; v.differ <= 20 {
			t.Errorf("%v: %s:\n%s", g, what, diff)
		}
	}
}

func (v *verdicts) log(t *testing.T) {
	t.Helper()
	t.Logf("%d objects, %d of them invalid, %d disagreements", v.cases, v.invalid, v.differ)
	for _, rule := range slices.Sorted(maps.Keys(v.rules)) {
		t.Logf("%7d %s", v.rules[rule], rule)
	}
}

// TestMutations: both say the same, at the same paths, of every document after
// one, two or three random changes.
func TestMutations(t *testing.T) {
	v := verdicts{rules: map[string]int{}}
	for i, d := range documents(t) {
		r := rand.New(rand.NewPCG(1, uint64(i)))
		for range *mutations {
			obj := runtime.DeepCopyJSON(d.obj)
			var what []string
			for range 1 + r.IntN(3) {
				what = append(what, mutate(r, obj))
			}
			v.compare(t, d.gvk, obj, d.file+": "+strings.Join(what, ", "))
		}
	}
	v.log(t)
	if v.cases < 5000 {
		t.Errorf("only %d mutations", v.cases)
	}
}
