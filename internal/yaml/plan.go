package yaml

import (
	"encoding"
	"encoding/json"
	"errors"
	"reflect"
	"sync"
)

// encodeFunc writes a value of one type.
type encodeFunc func(w *writer, v reflect.Value) outcome

// node is the encoder of a type. Types may contain themselves, so that nodes
// refer to nodes, which are filled while their plan is made.
type node struct {
	encode encodeFunc
}

// planKey names a node. encoding/json calls a MarshalJSON with a pointer
// receiver on addressable values only. What is addressable follows from the
// type of the root and the way from it, so it is part of the key.
type planKey struct {
	typ  reflect.Type
	addr bool
}

var plans sync.Map // planKey to *node; every node in it is complete

// planFor returns the node of t, made on first use.
func planFor(t reflect.Type, addr bool) *node {
	if n, ok := plans.Load(planKey{t, addr}); ok {
		return n.(*node)
	}
	p := planner{pending: map[planKey]*node{}}
	n := p.node(t, addr)
	for key, made := range p.pending {
		plans.LoadOrStore(key, made)
	}
	return n
}

// planner makes the nodes of a type and of the types it consists of.
type planner struct {
	pending map[planKey]*node
}

func (p *planner) node(t reflect.Type, addr bool) *node {
	key := planKey{t, addr}
	if n, ok := plans.Load(key); ok {
		return n.(*node)
	}
	if n, ok := p.pending[key]; ok {
		return n
	}
	n := new(node)
	p.pending[key] = n
	n.encode = p.encoder(t, addr)
	return n
}

var (
	marshalerType     = reflect.TypeFor[json.Marshaler]()
	textMarshalerType = reflect.TypeFor[encoding.TextMarshaler]()
)

func (p *planner) encoder(t reflect.Type, addr bool) encodeFunc {
	kind := t.Kind()
	// A pointer's methods are called on what it points to, an interface's on
	// what it holds: both once nil is out of the way.
	if kind != reflect.Pointer && kind != reflect.Interface {
		if encode := knownEncoder(t); encode != nil {
			return encode
		}
		if encode := p.foreignEncoder(t, addr); encode != nil {
			return encode
		}
		if implements(t, addr, marshalerType) {
			return encodeMarshaler
		}
		if implements(t, addr, textMarshalerType) {
			return encodeTextMarshaler
		}
	}
	switch kind {
	case reflect.Bool:
		return encodeBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return encodeInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return encodeUint
	case reflect.Float32:
		return encodeFloat32
	case reflect.Float64:
		return encodeFloat64
	case reflect.String:
		return encodeString
	case reflect.Struct:
		return p.structEncoder(t, addr)
	case reflect.Map:
		return p.mapEncoder(t)
	case reflect.Slice:
		return p.sliceEncoder(t)
	case reflect.Array:
		return p.arrayEncoder(t, addr)
	case reflect.Pointer:
		return p.pointerEncoder(t)
	case reflect.Interface:
		return encodeInterface
	}
	err := errors.New("type " + t.String() + " has no JSON form")
	return func(w *writer, _ reflect.Value) outcome { return w.fail(err) }
}

// implements reports whether encoding/json finds method set it on values of t.
func implements(t reflect.Type, addr bool, it reflect.Type) bool {
	return t.Implements(it) || addr && reflect.PointerTo(t).Implements(it)
}

// value writes v, whose type is not known from a plan: the root, or what an
// interface holds.
func (w *writer) value(v reflect.Value) outcome {
	if !v.IsValid() {
		return absent
	}
	n := planFor(v.Type(), false)
	if k := v.Kind(); k == reflect.Struct || k == reflect.Array {
		// Reflection is much faster on addressable values.
		c := reflect.New(v.Type()).Elem()
		c.Set(v)
		v = c
	}
	out := n.encode(w, v)
	if out == empty {
		return w.settle(out)
	}
	return out
}
