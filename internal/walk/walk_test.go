package walk_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/internal/walk"
)

type leaf struct {
	Name string `json:"name"`
}

type hidden struct {
	Leaf leaf `json:"leaf"`
}

type Inline struct {
	Extra *leaf `json:"extra,omitempty"`
}

type tree struct {
	Inline `json:",inline"`

	First  leaf            `json:"first"`
	None   *leaf           `json:"none,omitempty"`
	List   []tree          `json:"list,omitempty"`
	Lists  [][]leaf        `json:"lists,omitempty"`
	Map    map[string]leaf `json:"map,omitempty"`
	Hidden hidden          `json:"hidden"`
	Text   string          `json:"text,omitempty"`
}

func TestWalk(t *testing.T) {
	v := &tree{
		Inline: Inline{Extra: &leaf{"z"}},
		First:  leaf{"a"},
		List:   []tree{{First: leaf{"b"}}, {Lists: [][]leaf{{}, {{"c"}, {"d"}}}}},
		Map:    map[string]leaf{"x.y": {"e"}, "w": {"v"}},
		Hidden: hidden{
			Leaf: leaf{"f"},
		},
	}
	var w walk.Walker
	var got []string
	walk.On(&w, func(path string, l leaf) {
		if l.Name != "" {
			got = append(got, path+"="+l.Name)
		}
	})
	walk.Skip[hidden](&w)
	for range 2 { // a walker can be used again
		got = nil
		w.Walk(v, "spec")
		want := []string{"spec.extra=z", "spec.first=a", "spec.list[0].first=b", "spec.list[1].lists[1][0]=c", "spec.list[1].lists[1][1]=d", "spec.map[w]=v", "spec.map[x.y]=e"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("found (-want +got):\n%s", diff)
		}
	}
	got = nil
	w.Walk(v, "")
	if !slices.Contains(got, "list[0].first=b") {
		t.Errorf("without a path: %v", got)
	}
	got = nil
	w.Walk(nil, "")
	w.Walk((*tree)(nil), "")
	if got != nil {
		t.Errorf("in nothing: %v", got)
	}
}
