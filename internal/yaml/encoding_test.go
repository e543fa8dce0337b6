package yaml_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Types that go to the corners of encoding/json.
type (
	inner struct {
		Name string `json:"name"`
		Both string
		Deep string `json:"deep,omitempty"`
	}
	Other struct {
		Both   string
		Tagged int `json:"x"`
	}
	outer struct {
		inner
		*Other
		Nil  *metav1.ListMeta `json:"nil,omitempty"`
		Name string           `json:"name"` // hides inner's
		X    int              // hidden by none: its name is X
		Dash int              `json:"-"`
		Real int              `json:"-,"`
		Bad  int              `json:"in\"valid"`
		priv int
		Any  any `json:",omitempty"`
	}
	Held struct {
		P pointerJSON `json:"p"`
	}
	shared struct{ V, W int } // void in diamond: embedded twice
	left   struct{ shared }
	right  struct {
		shared
		W int
	}
	diamond struct {
		left
		right
		N int
	}
	Holder        struct{ Held }
	heldByPointer struct {
		*Held
	}
	heldDeeper struct {
		*Holder
	}
	twice struct {
		A struct{ N int } `json:"a"`
		M1
		M2
	}
	M1 struct {
		N int // void: M2 has it too
		T int `json:"T"`
	}
	M2 struct {
		N int
		T int // void: M1's is tagged
	}
	stringTag struct {
		I  int          `json:"i,string"`
		P  *int         `json:"p,string"`
		N  *int         `json:"n,string,omitempty"`
		S  string       `json:"s,string"`
		F  float64      `json:"f,string"`
		B  bool         `json:"b,string"`
		V  valueText    `json:"v,string"`
		L  []int        `json:"l,string"`
		Nu json.Number  `json:"nu,string"`
		U  *json.Number `json:"u,string"`
	}

	valueJSON   struct{ n int }
	pointerJSON struct{ N int }
	valueText   string
	pointerText struct{ n int }
	promoted    struct {
		metav1.Time
		Lost int
	}
	sliceJSON []string
	mapText   map[string]int

	zeroValue   struct{ N int }
	zeroPointer struct{ N int }
	zeroes      struct {
		V  zeroValue    `json:"v,omitzero"`
		P  zeroPointer  `json:"p,omitzero"`
		PP *zeroPointer `json:"pp,omitzero"`
		I  int          `json:"i,omitzero"`
		T  time.Time    `json:"t,omitzero"`
		S  []int        `json:"s,omitzero"`
		Z  fmt.Stringer `json:"z,omitzero"`
	}
	intKey  int
	textKey struct{ a, b int }
	recurse struct {
		Next *recurse           `json:"next,omitempty"`
		List []recurse          `json:"list,omitempty"`
		Map  map[string]recurse `json:"map,omitempty"`
		N    int                `json:"n"`
	}
)

func (v valueJSON) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, `{"z":%d, "a":[null]}`, v.n), nil
}
func (v *pointerJSON) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, `"p%d"`, v.N), nil }
func (v valueText) MarshalText() ([]byte, error)    { return []byte("<" + v + ">"), nil }
func (v *pointerText) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%d", v.n), nil }
func (v sliceJSON) MarshalJSON() ([]byte, error)    { return json.Marshal(len(v)) }
func (v mapText) MarshalText() ([]byte, error)      { return fmt.Append(nil, len(v)), nil }
func (v zeroValue) IsZero() bool                    { return v.N == 1 }
func (v *zeroPointer) IsZero() bool                 { return v.N == 1 }
func (k textKey) MarshalText() ([]byte, error)      { return fmt.Appendf(nil, "%d:%d", k.a, k.b), nil }

// TestEncodingJSON compares the content with that of encoding/json, where
// nothing is pruned.
func TestEncodingJSON(t *testing.T) {
	addr := netip.MustParseAddr("10.0.0.1")
	for name, v := range map[string]any{
		"embedded":         outer{inner: inner{Name: "in", Both: "in", Deep: "d"}, Other: &Other{Both: "o", Tagged: 3}, Name: "out", X: 1, Dash: 2, Real: 3, Bad: 4, priv: 5},
		"embedded nil":     outer{inner: inner{Name: "in", Both: "in"}},
		"embedded pointer": &outer{Other: &Other{}, Any: 0},
		"names": struct {
			On  bool `json:"on"`
			A   int  `json:"a:b #!"`
			B   int  `json:"- b"`
			Ünï int
		}{},
		"long name": reflect.Zero(reflect.StructOf([]reflect.StructField{{Name: "A" + strings.Repeat("a", 1500), Type: reflect.TypeFor[struct{ C int }]()},
			{Name: "B", Type: reflect.TypeFor[struct{ C int }]()}})).Interface(),
		"conflict":        twice{M1: M1{1, 2}, M2: M2{3, 4}},
		"string tag":      &stringTag{I: 1, P: new(2), S: `a"<b`, F: 1e-9, B: true, V: "x", L: []int{1}, Nu: "5", U: new(json.Number("7"))},
		"marshalers":      &[]any{valueJSON{1}, &valueJSON{2}, pointerJSON{3}, &pointerJSON{4}, valueText("a"), pointerText{}, &pointerText{5}, sliceJSON(nil), mapText(nil)},
		"addressable":     &struct{ A pointerJSON }{pointerJSON{1}},
		"not addressable": struct{ A pointerJSON }{pointerJSON{1}},
		"map values":      map[string]pointerJSON{"a": {1}},
		"map pointers":    map[string]*pointerJSON{"a": {1}},
		"held by pointer": heldByPointer{&Held{pointerJSON{1}}},
		"held deeper":     heldDeeper{&Holder{Held{pointerJSON{1}}}},
		"held by value":   Holder{Held{pointerJSON{1}}},
		"diamond":         diamond{N: 1},
		"slice elements":  []pointerJSON{{1}},
		"array elements":  [1]pointerJSON{{1}},
		"array pointer":   &[1]pointerJSON{{1}},
		"promoted":        promoted{Time: metav1.Unix(1, 0), Lost: 1},
		"bytes": &struct {
			A []byte
			B [2]byte
			C []uint8
			D json.RawMessage
		}{[]byte("x\xff"), [2]byte{1, 2}, []uint8{}, json.RawMessage(`[1]`)},
		"zero":       zeroes{V: zeroValue{1}, P: zeroPointer{1}, PP: &zeroPointer{1}},
		"not zero":   zeroes{PP: &zeroPointer{}, S: []int{}, I: 1, T: time.Unix(1, 0).UTC(), Z: time.Second},
		"keys":       []any{map[intKey]int{10: 1, 9: 2}, map[textKey]string{{1, 2}: "x"}, map[uint8]int{1: 1}, map[netip.Addr]int{addr: 1}, map[valueText]int{"k": 1}},
		"std":        []any{addr, big.NewInt(12), time.Unix(0, 5).UTC(), json.Number("1.5")},
		"recursive":  recurse{Next: &recurse{N: 1}, List: []recurse{{N: 2}}, Map: map[string]recurse{"a": {List: []recurse{{}}}}},
		"interfaces": []any{any(nil), fmt.Stringer(time.Second), []any{}, map[string]any{"a": [1]int{}}, map[string]int{}, new(any)},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			want := readJSON(t, string(data))
			if fields, ok := want.(map[string]any); ok {
				for k, x := range fields {
					if x == nil {
						delete(fields, k)
					}
				}
			}
			for reader, read := range readers {
				got, err := read(write(t, v))
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", reader, diff)
				}
			}
			if diff := cmp.Diff(want, readJSON(t, writeJSON(t, v))); diff != "" {
				t.Errorf("JSON (-want +got):\n%s", diff)
			}
		})
	}
}
