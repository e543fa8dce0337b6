package builtin_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace/internal/builtin/builtintest"
)

var podCases = flag.Int("pods", 1500, "how many objects to make of each kind with pods, and to mutate")

// podKinds are Pods and what makes them.
var podKinds = []schema.GroupVersionKind{
	{Version: "v1", Kind: "Pod"},
	{Group: "apps", Version: "v1", Kind: "Deployment"},
	{Group: "apps", Version: "v1", Kind: "ReplicaSet"},
	{Group: "apps", Version: "v1", Kind: "StatefulSet"},
	{Group: "apps", Version: "v1", Kind: "DaemonSet"},
	{Group: "batch", Version: "v1", Kind: "Job"},
	{Group: "batch", Version: "v1", Kind: "CronJob"},
}

// TestPodsMade: both say the same, at the same paths, of pods and workloads
// made at random.
func TestPodsMade(t *testing.T) {
	v := verdicts{rules: map[string]int{}}
	for i, g := range podKinds {
		m := &podMaker{rand.New(rand.NewPCG(3, uint64(i))), 0}
		for j := range *podCases {
			m.tame = []int{70, 93, 99}[j%3]
			v.compare(t, g, m.podObject(t, g), fmt.Sprintf("made %d", j))
		}
	}
	v.log(t)
}

// TestPodsMutated: both say the same of valid documents after some changes at
// any depth.
func TestPodsMutated(t *testing.T) {
	v := verdicts{rules: map[string]int{}}
	byKind := map[schema.GroupVersionKind][]document{}
	for _, d := range documents(t) {
		byKind[d.gvk] = append(byKind[d.gvk], d)
	}
	for i, g := range podKinds {
		docs := byKind[g]
		if len(docs) == 0 {
			t.Errorf("no document of %v", g)
			continue
		}
		m := &podMaker{rand.New(rand.NewPCG(4, uint64(i))), 30}
		for j := range *podCases {
			d := docs[j%len(docs)]
			obj := runtime.DeepCopyJSON(d.obj)
			var what []string
			for range 1 + m.IntN(3) {
				if m.IntN(5) == 0 {
					what = append(what, mutate(m.Rand, obj))
				} else {
					what = append(what, m.fill(t, g, obj))
				}
			}
			v.compare(t, g, obj, d.file+": "+strings.Join(what, ", "))
		}
	}
	v.log(t)
}

// TestPodTable: the server says the same of the table that the engine's own
// tests are made of.
func TestPodTable(t *testing.T) {
	cases, err := builtintest.Read("../../builtin/testdata/pods.yaml")
	if err != nil {
		t.Fatal(err)
	}
	v := verdicts{rules: map[string]int{}}
	for _, c := range append(cases, builtintest.Large()...) {
		apiVersion, _ := c.Object["apiVersion"].(string)
		kind, _ := c.Object["kind"].(string)
		g := schema.FromAPIVersionAndKind(apiVersion, kind)
		if panics := create(t, g, c.Object).panics; panics != c.Panics {
			t.Errorf("%s: the server's code panics: %v", c.Name, panics)
		}
		v.compare(t, g, c.Object, c.Name)
		v.compare(t, g, c.Good, "the good twin of "+c.Name)
	}
	v.log(t)
}
