package yaml

import (
	"cmp"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

var anyMapType = reflect.TypeFor[map[string]any]()

func encodeAnyMap(w *writer, v reflect.Value) outcome {
	m := v.Interface().(map[string]any)
	if m == nil {
		return absent
	}
	return w.tree(m, plainTree)
}

func encodeUnstructured(w *writer, v reflect.Value) outcome {
	u := pointerTo[unstructured.Unstructured](v)
	if u.Object == nil {
		return absent
	}
	return w.tree(u.Object, objectTree)
}

func encodeUnstructuredList(w *writer, v reflect.Value) outcome {
	u := pointerTo[unstructured.UnstructuredList](v)
	return w.tree(u.UnstructuredContent(), objectTree)
}

// treeKind says which order and omissions a map of an untyped tree has.
type treeKind uint8

const (
	plainTree treeKind = iota
	objectTree
	metadataTree
)

func (k treeKind) rank(key string) int {
	switch k {
	case objectTree:
		return objectRank(key)
	case metadataTree:
		return metadataRank(key)
	}
	return 0
}

func metadataRank(key string) int {
	switch key {
	case "name":
		return 0
	case "generateName":
		return 1
	case "namespace":
		return 2
	case "labels":
		return 3
	case "annotations":
		return 4
	}
	return 5
}

// drops reports whether the writer leaves out an entry.
func (k treeKind) drops(pos position, key string, value any) bool {
	return k == objectTree && pos == atRoot && key == "status" ||
		k == metadataTree && value == nil && key == "creationTimestamp"
}

// any writes a value of an untyped tree, which is nobody's to prune.
func (w *writer) any(x any) outcome {
	switch x := x.(type) {
	case nil:
		return w.literal("null")
	case string:
		return w.text(x)
	case bool:
		return w.bool(x)
	case int64:
		return w.int(x)
	case int:
		return w.int(int64(x))
	case float64:
		return w.float(x, 64)
	case json.Number:
		return w.number(string(x))
	case map[string]any:
		if x == nil {
			return w.literal("null")
		}
		return w.tree(x, plainTree)
	case []any:
		return w.anyList(x)
	}
	if w.depth++; w.depth > maxDepth {
		return w.fail(errDepth)
	}
	out := w.settle(w.value(reflect.ValueOf(x)))
	w.depth--
	return out
}

func (w *writer) tree(m map[string]any, kind treeKind) outcome {
	if w.depth++; w.depth > maxDepth {
		return w.fail(errDepth)
	}
	pos, outer, first := w.pos, w.block(), true
	base := len(w.keys)
	for key := range m {
		w.keys = append(w.keys, key)
	}
	keys := w.keys[base:]
	if kind == plainTree {
		slices.Sort(keys)
	} else {
		slices.SortFunc(keys, func(a, b string) int {
			return cmp.Or(cmp.Compare(kind.rank(a), kind.rank(b)), strings.Compare(a, b))
		})
	}
	for _, key := range keys {
		value := m[key]
		if kind.drops(pos, key, value) {
			continue
		}
		w.lead(pos, first, '{')
		first = false
		out := w.key(key)
		if out == written {
			w.pos = afterKey
			if metadata, ok := value.(map[string]any); ok && kind == objectTree && key == "metadata" {
				out = w.tree(metadata, metadataTree)
			} else {
				out = w.any(value)
			}
		}
		if out == failed {
			return w.in(treeStep(key))
		}
	}
	w.keys = w.keys[:base]
	if first {
		w.pos, w.indent = pos, outer
		w.depth--
		return w.literal("{}")
	}
	return w.close(outer, '}')
}

func (w *writer) anyList(list []any) outcome {
	switch {
	case list == nil:
		return w.literal("null")
	case len(list) == 0:
		return w.literal("[]")
	}
	if w.depth++; w.depth > maxDepth {
		return w.fail(errDepth)
	}
	pos, outer := w.pos, w.list()
	for i, x := range list {
		w.item(pos, i == 0)
		if w.any(x) == failed {
			return w.in("[" + strconv.Itoa(i) + "]")
		}
	}
	return w.close(outer, ']')
}

// treeStep is the step of a path to a key: .key where that reads well.
func treeStep(key string) string {
	for _, c := range []byte(key) {
		if c != '-' && c != '_' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return "[" + key + "]"
		}
	}
	return "." + key
}
