package wire_test

import (
	"bytes"
	"compress/gzip"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/internal/schema/wire"
)

func TestRoundTrip(t *testing.T) {
	k := &wire.Kind{
		Group: "example.com", Version: "v1", Kind: "Thing", Namespaced: true, Status: true, Replicas: []string{"spec", "replicas"},
		Nodes: []wire.Node{
			{Type: "string", Enum: []string{"a"}, Default: "a", Defaulted: true, Pattern: "a", MaxLength: new(1), MinLength: new(0)},
			{Type: "integer", Format: "int32", Minimum: new(-1.0), Maximum: new(0.0), Rules: []string{"a/b"}},
			{Type: "array", Items: 1, ListType: "map", ListKeys: []string{"a"}, MinItems: new(0), MaxItems: new(0)},
			{Type: "object", Properties: map[string]int{"a": 1, "b": 2}, Additional: 3, Required: []string{"a"}, OneOf: []string{"a", "b"}, MinProps: new(0), MaxProps: new(0), Nullable: true, Preserve: true, IntOrString: true},
		},
	}
	first, err := wire.Encode(k)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := wire.Encode(k)
		if err != nil || !bytes.Equal(first, again) {
			t.Fatalf("another encoding of the same kind: %v", err)
		}
	}
	got, err := wire.Decode(first)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(k, got); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeErrors(t *testing.T) {
	zip := func(text string) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for name, data := range map[string][]byte{
		"nothing":           nil,
		"no gzip":           []byte("{}"),
		"cut":               zip(`{"nodes":[{}]}`)[:12],
		"no JSON":           zip("nodes"),
		"no nodes":          zip("{}"),
		"refers to itself":  zip(`{"nodes":[{"i":1}]}`),
		"refers to later":   zip(`{"nodes":[{"p":{"a":2}},{}]}`),
		"refers to nowhere": zip(`{"nodes":[{"a":-1}]}`),
		"refers to nothing": zip(`{"nodes":[{"p":{"a":0}}]}`),
	} {
		if k, err := wire.Decode(data); err == nil {
			t.Errorf("%s: %+v", name, k)
		}
	}
}
