package schema_test

import (
	"encoding/json"
	"testing"

	"github.com/millrace/millrace/internal/schema"
)

// FuzzCheck: no document makes a check panic, and the same document has the
// same problems each time.
func FuzzCheck(f *testing.F) {
	f.Add(`{"metadata":{"name":"a"},"spec":{"replicas":1,"template":{"spec":{"requirements":[{"key":"a","operator":"In","values":[]}]}}}}`)
	f.Add(`{"metadata":{"labels":{"a":null},"ownerReferences":[null,{"uid":1}]},"spec":{"amiSelectorTerms":[{"alias":"al2@x"}],"networkInterfaces":[{}]}}`)
	f.Add(`{"spec":{"driver":{"cores":1.0,"env":[{"name":"a"},{"name":"a"}]},"kafka":{"rack":[]},"authentication":"tls"},"status":[[{}]]}`)
	f.Add(`{"metadata":[],"spec":{"templates":[{"container":{"ports":[{"containerPort":1},{"containerPort":1,"protocol":"TCP"}]}}]}}`)
	var all []*schema.Schema
	for _, g := range schema.Kinds() {
		s, ok := schema.For(g)
		if !ok {
			f.Fatal(g)
		}
		all = append(all, s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var obj map[string]any
		if json.Unmarshal([]byte(text), &obj) != nil || obj == nil {
			return
		}
		for _, s := range all {
			obj["apiVersion"], obj["kind"] = s.GVK().Group+"/"+s.GVK().Version, s.GVK().Kind
			first := check(s, obj)
			second := check(s, obj)
			if len(first) != len(second) {
				t.Fatalf("%v: %v, then %v", s.GVK(), first, second)
			}
			for i := range first {
				if first[i] != second[i] {
					t.Fatalf("%v: %v, then %v", s.GVK(), first, second)
				}
			}
		}
	})
}
