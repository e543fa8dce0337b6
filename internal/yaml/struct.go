package yaml

import (
	"cmp"
	"reflect"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// structPlan is how a struct type is written.
type structPlan struct {
	fields []field
	// embedded are the ways to the structs that hold the fields: embedded[0]
	// is the struct itself.
	embedded [][]int
	// status is the index in fields of an object's status, else -1.
	status int
}

// field is one key of a struct.
type field struct {
	name string
	yaml string // key as it is written, with its colon; see writer.fieldKey
	json string

	embedded int // index in structPlan.embedded
	index    int // of the field in that struct
	node     *node

	omit emptiness                // when omitempty drops it
	zero func(reflect.Value) bool // when omitzero drops it, or nil
	// dropEmpty tells that the author of the type meant the field to be left
	// out when there is nothing in it.
	dropEmpty bool
}

var typeMetaType = reflect.TypeFor[metav1.TypeMeta]()

func (p *planner) structEncoder(t reflect.Type, addr bool) encodeFunc {
	raw := jsonFields(t)
	plan := &structPlan{embedded: [][]int{nil}, status: -1}
	object := embedsTypeMeta(t)
	if object {
		slices.SortStableFunc(raw, func(a, b rawField) int {
			return cmp.Compare(objectRank(a.name), objectRank(b.name))
		})
	}
	for i, r := range raw {
		if object && r.name == "status" {
			plan.status = i
		}
		plan.fields = append(plan.fields, p.field(plan, t, r, addr))
	}
	return plan.encode
}

func (p *planner) field(plan *structPlan, t reflect.Type, r rawField, addr bool) field {
	way, last := r.index[:len(r.index)-1], r.index[len(r.index)-1]
	for _, i := range way {
		if t.Kind() == reflect.Pointer {
			t, addr = t.Elem(), true
		}
		t = t.Field(i).Type
	}
	addr = addr || t.Kind() == reflect.Pointer
	at := slices.IndexFunc(plan.embedded, func(w []int) bool { return slices.Equal(w, way) })
	if at < 0 {
		at = len(plan.embedded)
		plan.embedded = append(plan.embedded, way)
	}
	f := field{
		name: r.name, yaml: yamlFieldKey(r.name), json: string(appendQuoted(nil, r.name)) + ":",
		embedded: at, index: last, node: p.node(r.typ, addr),
		dropEmpty: r.omitEmpty || r.omitZero,
	}
	if r.quoted && !implements(r.typ, true, marshalerType) && !implements(r.typ, true, textMarshalerType) {
		f.node = &node{encode: encodeQuoted}
	}
	if r.omitEmpty {
		f.omit = emptinessOf(r.typ.Kind())
	}
	if r.omitZero {
		f.zero = zeroTest(r.typ)
	}
	return f
}

func embedsTypeMeta(t reflect.Type) bool {
	for i := range t.NumField() {
		sf := t.Field(i)
		if _, embedded, _ := readField(sf); embedded == typeMetaType {
			return true
		}
	}
	return false
}

// objectRank orders the first keys of an object.
func objectRank(name string) int {
	switch name {
	case "apiVersion":
		return 0
	case "kind":
		return 1
	case "metadata":
		return 2
	case "spec":
		return 3
	}
	return 4
}

func (p *structPlan) encode(w *writer, v reflect.Value) outcome {
	if w.depth++; w.depth > maxDepth {
		return w.fail(errDepth)
	}
	status := -1
	if w.pos == atRoot {
		status = p.status
	}
	pos, outer, first := w.pos, w.block(), true
	holder, at, present := v, 0, true
	for i := range p.fields {
		f := &p.fields[i]
		if f.embedded != at {
			at = f.embedded
			holder, present = embeddedStruct(v, p.embedded[at])
		}
		if !present || i == status {
			continue
		}
		fv := holder.Field(f.index)
		if f.omit != omitNever && f.omit.holds(fv) {
			continue
		}
		if f.zero != nil {
			zero, err := callZero(f.zero, fv)
			if err != nil {
				w.err = err
				return w.in("." + f.name)
			}
			if zero {
				continue
			}
		}
		mark := len(w.buf)
		w.lead(pos, first, '{')
		w.fieldKey(f)
		w.pos = afterKey
		out := f.node.encode(w, fv)
		switch out {
		case failed:
			return w.in("." + f.name)
		case empty:
			if !f.dropEmpty {
				w.settle(out)
				break
			}
			fallthrough
		case absent:
			w.buf = w.buf[:mark]
			continue
		}
		first = false
	}
	if first {
		w.pos, w.indent = pos, outer
		w.depth--
		return empty
	}
	return w.close(outer, '}')
}

// embeddedStruct follows way from v. It reports false at a nil pointer.
func embeddedStruct(v reflect.Value, way []int) (reflect.Value, bool) {
	for _, i := range way {
		v = v.Field(i)
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return v, false
			}
			v = v.Elem()
		}
	}
	return v, true
}

// addressable returns v, or a copy of it that is addressable.
func addressable(v reflect.Value) reflect.Value {
	if v.CanAddr() {
		return v
	}
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	return c
}
