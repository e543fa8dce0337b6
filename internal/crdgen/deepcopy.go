package crdgen

import (
	"fmt"
	"reflect"
	"strings"
)

// flat reports whether assigning a value of the type copies all of it.
func (r *resolver) flat(t *typ) bool {
	switch t.kind {
	case scalar, enum:
		return true
	case external:
		_, ok := reflect.PointerTo(t.ext).MethodByName("DeepCopyInto")
		return !ok && t.ext != quantityType
	case object:
		d := r.byName[t.name]
		if d.top {
			return false
		}
		for _, f := range d.fields {
			if f.pointer() || !r.flat(f.typ) {
				return false
			}
		}
		return true
	}
	return false
}

func emitDeepCopies(w *strings.Builder, r *resolver) {
	for _, k := range r.kinds {
		emitDeepCopy(w, k.Kind, func() {
			w.WriteString("\tin.ObjectMeta.DeepCopyInto(&out.ObjectMeta)\n")
			r.copyFields(w, k.fields)
		})
		emitDeepCopyObject(w, k.Kind)
		emitDeepCopy(w, k.ListKind, func() {
			w.WriteString("\tin.ListMeta.DeepCopyInto(&out.ListMeta)\n")
			r.copyFields(w, []field{{name: "Items", typ: &typ{kind: list, elem: &typ{kind: object, name: k.Kind}}}})
		})
		emitDeepCopyObject(w, k.ListKind)
	}
	for _, d := range r.defs {
		if d != nil && len(d.values) == 0 {
			emitDeepCopy(w, d.name, func() { r.copyFields(w, d.fields) })
		}
	}
}

func emitDeepCopy(w *strings.Builder, name string, fields func()) {
	fmt.Fprintf(w, "// DeepCopyInto copies in into out, which must not be nil.\nfunc (in *%s) DeepCopyInto(out *%s) {\n\t*out = *in\n", name, name)
	fields()
	fmt.Fprintf(w, "}\n\n// DeepCopy returns a copy that shares nothing with in, nil for nil.\nfunc (in *%s) DeepCopy() *%s {\n\tif in == nil {\n\t\treturn nil\n\t}\n\tout := new(%s)\n\tin.DeepCopyInto(out)\n\treturn out\n}\n\n", name, name, name)
}

func emitDeepCopyObject(w *strings.Builder, name string) {
	fmt.Fprintf(w, "// DeepCopyObject makes %s a runtime.Object.\nfunc (in *%s) DeepCopyObject() runtime.Object {\n\tif c := in.DeepCopy(); c != nil {\n\t\treturn c\n\t}\n\treturn nil\n}\n\n", name, name)
}

func (r *resolver) copyFields(w *strings.Builder, fields []field) {
	for _, f := range fields {
		in, out := "in."+f.name, "out."+f.name
		switch {
		case f.pointer():
			fmt.Fprintf(w, "\tif %s != nil {\n\t\t%s = new(%s)\n", in, out, f.typ.expr())
			r.copyValue(w, f.typ, "(*"+in+")", "(*"+out+")", 0)
			w.WriteString("\t}\n")
		case !r.flat(f.typ):
			r.copyValue(w, f.typ, in, out, 0)
		}
	}
}

// copyValue writes the statements that copy the value of one expression into
// another. depth tells nested loop variables apart.
func (r *resolver) copyValue(w *strings.Builder, t *typ, in, out string, depth int) {
	i, v := fmt.Sprintf("i%d", depth), fmt.Sprintf("v%d", depth)
	switch {
	case t.kind == list:
		fmt.Fprintf(w, "if %s != nil {\n%s = make(%s, len(%s))\n", in, out, t.expr(), in)
		if r.flat(t.elem) {
			fmt.Fprintf(w, "copy(%s, %s)\n}\n", out, in)
			return
		}
		fmt.Fprintf(w, "for %s := range %s {\n", i, in)
		r.copyValue(w, t.elem, in+"["+i+"]", out+"["+i+"]", depth+1)
		w.WriteString("}\n}\n")
	case t.kind == mapping:
		fmt.Fprintf(w, "if %s != nil {\n%s = make(%s, len(%s))\nfor %s, %s := range %s {\n", in, out, t.expr(), in, i, v, in)
		if r.flat(t.elem) {
			fmt.Fprintf(w, "%s[%s] = %s\n}\n}\n", out, i, v)
			return
		}
		c := fmt.Sprintf("c%d", depth)
		fmt.Fprintf(w, "var %s %s\n", c, t.elem.expr())
		r.copyValue(w, t.elem, v, c, depth+1)
		fmt.Fprintf(w, "%s[%s] = %s\n}\n}\n", out, i, c)
	case r.flat(t):
		fmt.Fprintf(w, "%s = %s\n", out, in)
	case t.kind == external && t.nilable():
		// The copies of some Kubernetes maps turn nil into empty.
		fmt.Fprintf(w, "if %s != nil {\n%s = %s.DeepCopy()\n}\n", in, out, in)
	case t.kind == external && t.ext == quantityType, t.kind == jsonMap:
		fmt.Fprintf(w, "%s = %s.DeepCopy()\n", out, in)
	default:
		fmt.Fprintf(w, "%s.DeepCopyInto(&%s)\n", in, out)
	}
}
