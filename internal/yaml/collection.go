package yaml

import (
	"encoding"
	"encoding/base64"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

func (p *planner) pointerEncoder(t reflect.Type) encodeFunc {
	elem := p.node(t.Elem(), true)
	return func(w *writer, v reflect.Value) outcome {
		if v.IsNil() {
			return absent
		}
		if w.depth++; w.depth > maxDepth {
			return w.fail(errDepth)
		}
		out := elem.encode(w, v.Elem())
		w.depth--
		if out == empty {
			return w.settle(out)
		}
		return out
	}
}

func encodeInterface(w *writer, v reflect.Value) outcome {
	if v.IsNil() {
		return absent
	}
	if w.depth++; w.depth > maxDepth {
		return w.fail(errDepth)
	}
	out := w.value(v.Elem())
	w.depth--
	return out
}

func (p *planner) sliceEncoder(t reflect.Type) encodeFunc {
	if e := t.Elem(); e.Kind() == reflect.Uint8 && !implements(e, true, marshalerType) && !implements(e, true, textMarshalerType) {
		return encodeBytes
	}
	encode := encodeList(p.node(t.Elem(), true))
	return func(w *writer, v reflect.Value) outcome {
		if v.IsNil() {
			return absent
		}
		return encode(w, v)
	}
}

func (p *planner) arrayEncoder(t reflect.Type, addr bool) encodeFunc {
	return encodeList(p.node(t.Elem(), addr))
}

func encodeList(elem *node) encodeFunc {
	return func(w *writer, v reflect.Value) outcome {
		n := v.Len()
		if n == 0 {
			return w.literal("[]")
		}
		if w.depth++; w.depth > maxDepth {
			return w.fail(errDepth)
		}
		pos, outer := w.pos, w.list()
		for i := range n {
			w.item(pos, i == 0)
			if out := w.settle(elem.encode(w, v.Index(i))); out == failed {
				return w.in("[" + strconv.Itoa(i) + "]")
			}
		}
		return w.close(outer, ']')
	}
}

// item starts an entry of a list that stands at pos.
func (w *writer) item(pos position, first bool) {
	w.lead(pos, first, '[')
	if !w.json {
		w.buf = append(w.buf, '-')
	}
	w.pos = afterDash
}

func encodeBytes(w *writer, v reflect.Value) outcome {
	if v.IsNil() {
		return absent
	}
	return w.text(base64.StdEncoding.EncodeToString(v.Bytes()))
}

var stringMapType = reflect.TypeFor[map[string]string]()

func (p *planner) mapEncoder(t reflect.Type) encodeFunc {
	switch t {
	case stringMapType:
		return encodeStringMap
	case anyMapType:
		return encodeAnyMap
	}
	if k := t.Key(); k.Kind() != reflect.String && !isInteger(k.Kind()) && !k.Implements(textMarshalerType) {
		err := errors.New("type " + t.String() + " has no JSON form")
		return func(w *writer, _ reflect.Value) outcome { return w.fail(err) }
	}
	m := mapPlan{elem: p.node(t.Elem(), false), values: reflect.SliceOf(t.Elem())}
	return m.encode
}

func isInteger(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Uintptr }

// mapPlan is how a map is written whose type has no encoder of its own.
type mapPlan struct {
	elem   *node
	values reflect.Type // slice of the map's values
}

type mapEntry struct {
	key   string
	index int
}

func (m mapPlan) encode(w *writer, v reflect.Value) outcome {
	if v.IsNil() {
		return absent
	}
	n := v.Len()
	if n == 0 {
		return w.literal("{}")
	}
	if w.depth++; w.depth > maxDepth {
		return w.fail(errDepth)
	}
	// The values are copied to a slice, where they are addressable; the map's
	// own would be copied to the heap one by one.
	values := reflect.MakeSlice(m.values, n, n)
	entries := make([]mapEntry, 0, n)
	iter := v.MapRange()
	key := reflect.New(v.Type().Key()).Elem()
	for iter.Next() {
		key.SetIterKey(iter)
		name, err := keyName(key)
		if err != nil {
			return w.fail(err)
		}
		values.Index(len(entries)).SetIterValue(iter)
		entries = append(entries, mapEntry{name, len(entries)})
	}
	slices.SortFunc(entries, func(a, b mapEntry) int { return strings.Compare(a.key, b.key) })

	pos, outer := w.pos, w.block()
	for i, e := range entries {
		if i > 0 && e.key == entries[i-1].key {
			w.err = errors.New("two keys have this JSON form")
			return w.in("[" + e.key + "]")
		}
		w.lead(pos, i == 0, '{')
		out := w.key(e.key)
		if out == written {
			w.pos = afterKey
			out = w.settle(m.elem.encode(w, values.Index(e.index)))
		}
		if out == failed {
			return w.in("[" + e.key + "]")
		}
	}
	return w.close(outer, '}')
}

// keyName returns the JSON form of a map key.
func keyName(k reflect.Value) (name string, err error) {
	if k.Kind() == reflect.String {
		return k.String(), nil
	}
	if tm, ok := k.Interface().(encoding.TextMarshaler); ok {
		if k.Kind() == reflect.Pointer && k.IsNil() {
			return "", nil
		}
		text, err := callMarshalText(tm)
		return string(text), err
	}
	switch {
	case k.CanInt():
		return strconv.FormatInt(k.Int(), 10), nil
	case k.CanUint():
		return strconv.FormatUint(k.Uint(), 10), nil
	}
	return "", fmt.Errorf("map key of type %s has no JSON form", k.Type())
}

func encodeStringMap(w *writer, v reflect.Value) outcome {
	m := v.Interface().(map[string]string)
	if m == nil {
		return absent
	}
	if len(m) == 0 {
		return w.literal("{}")
	}
	pos, outer := w.pos, w.block()
	w.depth++
	base := len(w.keys)
	for key := range m {
		w.keys = append(w.keys, key)
	}
	keys := w.keys[base:]
	slices.Sort(keys)
	for i, key := range keys {
		w.lead(pos, i == 0, '{')
		out := w.key(key)
		if out == written {
			w.pos = afterKey
			out = w.text(m[key])
		}
		if out == failed {
			return w.in("[" + key + "]")
		}
	}
	w.keys = w.keys[:base]
	return w.close(outer, '}')
}
