package schema_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/internal/schema"
	"github.com/millrace/millrace/internal/schema/wire"
)

// things is a schema with something of everything.
func things(tb testing.TB) *schema.Schema {
	tb.Helper()
	k := &wire.Kind{
		Group: "example.com", Version: "v1", Kind: "Thing", Namespaced: true, Status: true, Replicas: []string{"spec", "replicas"},
		Nodes: []wire.Node{
			{Type: "string"}, // 1
			{Type: "integer", Format: "int32", Minimum: new(0.0), Maximum: new(9.0)},                                        // 2
			{Type: "string", Enum: []string{"Always", "Never"}},                                                             // 3
			{Type: "string", Pattern: "^[a-z]+$", MaxLength: new(5), MinLength: new(2)},                                     // 4
			{Type: "string", Format: "date-time"},                                                                           // 5
			{IntOrString: true},                                                                                             // 6
			{Type: "object", Preserve: true},                                                                                // 7
			{Type: "object", Additional: 1, MinProps: new(1), MaxProps: new(2)},                                             // 8
			{Type: "array", Items: 1, ListType: "set", MaxItems: new(20), MinItems: new(1)},                                 // 9
			{Type: "string", Default: "TCP", Defaulted: true},                                                               // 10
			{Type: "object", Properties: map[string]int{"port": 6, "protocol": 10}, Required: []string{"port"}},             // 11
			{Type: "array", Items: 11, ListType: "map", ListKeys: []string{"port", "protocol"}},                             // 12
			{Type: "object", Properties: map[string]int{"value": 1, "valueFrom": 7}, OneOf: []string{"value", "valueFrom"}}, // 13
			{Type: "boolean"},                // 14
			{Type: "number"},                 // 15
			{Type: "string", Nullable: true}, // 16
			{Type: "object", Required: []string{"name"}, Properties: map[string]int{
				"name": 1, "replicas": 2, "restartPolicy": 3, "word": 4, "at": 5, "size": 6, "open": 7, "labels": 8, "set": 9,
				"ports": 12, "source": 13, "flag": 14, "ratio": 15, "maybe": 16,
			}}, // 17
			{Type: "object", Properties: map[string]int{"spec": 17, "status": 17}, Required: []string{"spec"}}, // 18
		},
	}
	data, err := wire.Encode(k)
	if err != nil {
		tb.Fatal(err)
	}
	if k, err = wire.Decode(data); err != nil {
		tb.Fatal(err)
	}
	s, err := schema.Compile(k)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func thing(spec map[string]any) map[string]any {
	if _, ok := spec["name"]; !ok {
		spec["name"] = "a"
	}
	return map[string]any{"apiVersion": "example.com/v1", "kind": "Thing", "metadata": map[string]any{"name": "a"}, "spec": spec}
}

func check(s *schema.Schema, obj map[string]any) []string {
	out := []string{}
	s.Check(obj, func(p schema.Problem) { out = append(out, p.Path+" "+strings.TrimPrefix(p.Rule, "schema/")) })
	return out
}

type object = map[string]any

type list = []any

func TestCheck(t *testing.T) {
	tests := []struct {
		name string
		spec object
		want []string
	}{
		{"nothing wrong", object{}, nil},
		{"missing", object{"name": nil}, []string{"spec.name required"}},
		{"type", object{"name": int64(1)}, []string{"spec.name type"}},
		{"object for a string", object{"name": object{"a": "b"}}, []string{"spec.name type", "spec.name.a unknown-field"}},
		{"null is dropped", object{"word": nil, "maybe": nil}, nil},
		{"bounds", object{"replicas": int64(10)}, []string{"spec.replicas bounds"}},
		{"not of 32 bits", object{"replicas": int64(1) << 40}, []string{"spec.replicas bounds", "spec.replicas bounds", "spec.replicas format"}},
		{"a whole float", object{"ratio": 1.5, "size": 3.0}, nil},
		{"a float for an integer", object{"size": 1.5}, []string{"spec.size type"}},
		{"enum", object{"restartPolicy": "always"}, []string{"spec.restartPolicy enum"}},
		{"pattern", object{"word": "A1"}, []string{"spec.word pattern"}},
		{"too long", object{"word": "abcdef"}, []string{"spec.word bounds"}},
		{"too short", object{"word": "a"}, []string{"spec.word bounds"}},
		{"letters, not bytes", object{"name": "a", "word": "ééééé"}, []string{"spec.word pattern"}},
		{"format", object{"at": "yesterday"}, []string{"spec.at format"}},
		{"int or string", object{"size": true}, []string{"spec.size type"}},
		{"open", object{"open": object{"a": object{"b": nil}}}, nil},
		{"map of strings", object{"labels": object{"a": int64(1)}}, []string{"spec.labels[a] type"}},
		{"too few fields", object{"labels": object{"a": nil}}, []string{"spec.labels bounds"}},
		{"too many fields", object{"labels": object{"a": "", "b": "", "c": "", "d": nil}}, []string{"spec.labels bounds"}},
		{"set", object{"set": list{"a", "b", "a", "a"}}, []string{"spec.set[2] duplicate"}},
		{"empty list", object{"set": list{}}, []string{"spec.set bounds"}},
		{"null in a list", object{"set": list{nil}}, []string{"spec.set[0] type"}},
		{"map keys with a default", object{"ports": list{object{"port": int64(1)}, object{"port": int64(1), "protocol": "TCP"}}}, []string{"spec.ports[1] duplicate"}},
		{"other map keys", object{"ports": list{object{"port": int64(1)}, object{"port": int64(1), "protocol": "UDP"}}}, nil},
		{"no map", object{"ports": list{"a"}}, []string{"spec.ports[0] type"}},
		{"one of", object{"source": object{}}, []string{"spec.source one-of"}},
		{"both of one", object{"source": object{"value": "a", "valueFrom": object{}}}, []string{"spec.source one-of"}},
		{"unknown", object{"Name": "a"}, []string{"spec.Name unknown-field"}},
		{"unknown in a list", object{"name": list{object{"x": "y"}}}, []string{"spec.name type", "spec.name[0].x unknown-field"}},
		{"what JSON has not", object{"flag": struct{}{}}, []string{"spec.flag type"}},
		{"widths made by hand", object{"replicas": 3, "ratio": float32(1)}, []string{"spec.replicas bounds"}},
	}
	s := things(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(append([]string{}, tt.want...), check(s, thing(tt.spec))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCheckWhole(t *testing.T) {
	s := things(t)
	with := func(change object) object {
		obj := thing(object{})
		maps.Copy(obj, change)
		return obj
	}
	tests := []struct {
		name string
		obj  object
		want []string
	}{
		{"nil", nil, []string{"apiVersion kind", "kind kind"}},
		{"another kind", with(object{"kind": "thing"}), []string{"kind kind"}},
		{"no spec", with(object{"spec": nil}), []string{"spec required"}},
		{"spec is text", with(object{"spec": "x"}), []string{"spec type", "spec.replicas bounds"}},
		{"status is dropped", with(object{"status": object{"replicas": "x"}}), nil},
		{"unknown in status", with(object{"status": object{"x": "x"}}), []string{"status.x unknown-field"}},
		{"no name", with(object{"metadata": object{}}), []string{"metadata.name required"}},
		{"a generated name", with(object{"metadata": object{"generateName": "a-"}}), nil},
		{"names", with(object{"metadata": object{"name": "A", "namespace": "a.b", "generateName": "-"}}),
			[]string{"metadata.generateName metadata", "metadata.name metadata", "metadata.namespace metadata"}},
		{"unknown in metadata", with(object{"metadata": object{"name": "a", "label": object{}}}), []string{"metadata.label unknown-field"}},
		{"labels", with(object{"metadata": object{"name": "a", "labels": object{"a b": "x", "c": "not so!", "d": int64(1)}}}),
			[]string{"metadata.labels metadata", "metadata.labels metadata", "metadata.labels[d] type"}},
		{"annotations", with(object{"metadata": object{"name": "a", "annotations": object{"Example.com/x": "y", "a": strings.Repeat("x", 300_000)}}}),
			[]string{"metadata.annotations bounds"}},
		{"owners", with(object{"metadata": object{"name": "a", "ownerReferences": list{object{"apiVersion": "a/b/c", "kind": "x", "name": "y"}}}}),
			[]string{"metadata.ownerReferences[0].apiVersion metadata", "metadata.ownerReferences[0].uid required"}},
		{"finalizers", with(object{"metadata": object{"name": "a", "finalizers": list{"a b", "orphan", "foregroundDeletion"}}}),
			[]string{"metadata.finalizers metadata", "metadata.finalizers metadata"}},
		{"times", with(object{"metadata": object{"name": "a", "creationTimestamp": "now"}}), []string{"metadata.creationTimestamp format"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(append([]string{}, tt.want...), check(s, tt.obj)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFixes(t *testing.T) {
	tests := []struct {
		spec object
		fix  string
	}{
		{object{"restartPolcy": "Never"}, `did you mean "restartPolicy"?`},
		{object{"RESTARTPOLICY": "Never"}, `did you mean "restartPolicy"?`},
		{object{"restartPolicy": "never"}, `did you mean "Never"?`},
		{object{"restartPolicy": "Sometimes"}, "use one of Always, Never"},
		{object{"ratio": "3"}, "leave out the quotes"},
		{object{"flag": "true"}, "leave out the quotes"},
		{object{"name": true}, "put it in quotes"},
		{object{"replicas": int64(11)}, "use a number that is between 0 and 9"},
		{object{"xyzzy": "x"}, "take it out, or move it to where it belongs"},
	}
	s := things(t)
	for _, tt := range tests {
		var fixes []string
		s.Check(thing(tt.spec), func(p schema.Problem) { fixes = append(fixes, p.Fix) })
		if len(fixes) == 0 || fixes[0] != tt.fix {
			t.Errorf("%v: %q, want %q", tt.spec, fixes, tt.fix)
		}
	}
}

// TestLongLists compares the table of long lists with short ones.
func TestLongLists(t *testing.T) {
	s := things(t)
	long := list{}
	for i := range 1000 {
		long = append(long, object{"port": fmt.Sprint(i % 997)})
	}
	want := []string{"spec.ports[997] duplicate", "spec.ports[998] duplicate", "spec.ports[999] duplicate"}
	if diff := cmp.Diff(want, check(s, thing(object{"ports": long}))); diff != "" {
		t.Error(diff)
	}
}

func TestNoAllocations(t *testing.T) {
	s := things(t)
	for _, n := range []int{1, 1000} {
		ports := list{}
		for i := range n {
			ports = append(ports, object{"port": int64(i)})
		}
		obj := thing(object{"ports": ports, "labels": object{"a": "b"}, "word": "abc"})
		s.Check(obj, func(p schema.Problem) { t.Fatal(p) })
		if got := testing.AllocsPerRun(100, func() { s.Check(obj, func(schema.Problem) {}) }); got > 1 {
			t.Errorf("%d ports: %v allocations", n, got)
		}
	}
}

// TestCheckChangesNothing: the object is as it was.
func TestCheckChangesNothing(t *testing.T) {
	s := things(t)
	fresh := func() object { return thing(object{"word": nil, "x": "y", "open": object{"a": nil}}) }
	obj := fresh()
	check(s, obj)
	if diff := cmp.Diff(fresh(), obj); diff != "" {
		t.Error(diff)
	}
}

// nested is a document of that depth.
func nested(depth int, asList bool) any {
	var v any = object{"x": "y"}
	for range depth {
		if asList {
			v = list{v}
		} else {
			v = object{"x": v}
		}
	}
	return v
}

func TestDeepDocuments(t *testing.T) {
	s := things(t)
	for _, depth := range []int{10_000, 100_000} {
		for _, asList := range []bool{true, false} {
			for _, name := range []string{"name", "open", "set", "ports", "unknown"} {
				deep := nested(depth, asList)
				obj := thing(object{name: list{deep, deep, nested(depth, asList)}})
				obj["metadata"] = object{"name": "a", "labels": deep, "ownerReferences": deep}
				if got := check(s, obj); len(got) == 0 || len(got) > 20 {
					t.Errorf("%s, %d deep: %d problems", name, depth, len(got))
				}
			}
		}
	}
}

func TestManyProblems(t *testing.T) {
	s := things(t)
	spec := object{}
	for i := range 50_000 {
		spec[fmt.Sprintf("restartPolicy%d", i)] = "x"
	}
	got := check(s, thing(spec))
	if len(got) != 10_001 || got[0] != " too-many-problems" {
		t.Errorf("%d problems, the first %q", len(got), got[0])
	}
}

func TestKinds(t *testing.T) {
	if got := len(schema.Kinds()); got != 30 {
		t.Errorf("%d kinds", got)
	}
	for _, g := range schema.Kinds() {
		s, ok := schema.For(g)
		if !ok || s.GVK() != g {
			t.Errorf("no schema of %v", g)
			continue
		}
		if again, _ := schema.For(g); again != s {
			t.Errorf("%v is read twice", g)
		}
		if got := check(s, object{"apiVersion": g.Group + "/" + g.Version, "kind": g.Kind}); len(got) == 0 {
			t.Errorf("%v: an empty object passes", g)
		}
	}
	if _, ok := schema.For(schema.GVK{Version: "v1", Kind: "Pod"}); ok {
		t.Error("a schema of Pod")
	}
}

func TestRules(t *testing.T) {
	digests := map[string]bool{}
	for _, r := range schema.Rules() {
		if r.Detail == "" || r.Fix == "" || !strings.Contains(r.ID, "/") || digests[r.ID] {
			t.Errorf("%+v", r)
		}
		digests[r.ID] = true
	}
	if len(digests) != 106 {
		t.Errorf("%d rules", len(digests))
	}
	if _, ok := schema.RuleOf("self == 'something new'"); ok {
		t.Error("a text that nobody ported has a rule")
	}
	if id, ok := schema.RuleOf("self != ''"); !ok || id != "karpenter/not-empty" {
		t.Errorf("%q, %v", id, ok)
	}
}
