package yaml

import (
	"encoding/json"
	"errors"
	"reflect"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var (
	timeType      = reflect.TypeFor[metav1.Time]()
	microTimeType = reflect.TypeFor[metav1.MicroTime]()
)

// foreign are marshalers of modules that this package must not import, by
// package path and name. An empty value stands for a string type whose JSON
// form is that string; another one names the field whose JSON form stands for
// the struct. A field of bytes holds raw JSON.
var foreign = map[[2]string]string{
	{"github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1", "AnyString"}:     "",
	{"github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1", "Item"}:          "Value",
	{"github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1", "Object"}:        "Value",
	{"github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1", "ParallelSteps"}: "Steps",
	{"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1", "JSON"}:                  "Raw",
	{"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1beta1", "JSON"}:             "Raw",
}

// foreignEncoder returns the encoder of a type in the table of foreign ones,
// or nil for another type or if the type is not what the table takes it for.
func (p *planner) foreignEncoder(t reflect.Type, addr bool) encodeFunc {
	name, ok := foreign[[2]string{t.PkgPath(), t.Name()}]
	switch {
	case !ok:
	case name == "" && t.Kind() == reflect.String:
		return encodeString
	case name != "" && t.Kind() == reflect.Struct:
		f, ok := t.FieldByName(name)
		if !ok || len(f.Index) != 1 || f.Type.Kind() != reflect.Slice {
			return nil
		}
		index := f.Index[0]
		if f.Type.Elem().Kind() == reflect.Uint8 {
			return func(w *writer, v reflect.Value) outcome { return w.raw(v.Field(index).Bytes()) }
		}
		n := p.node(f.Type, addr)
		return func(w *writer, v reflect.Value) outcome { return n.encode(w, v.Field(index)) }
	}
	return nil
}

// knownEncoder returns the encoder of a type of every manifest, or nil. The
// type's MarshalJSON would be right, but it allocates and has to be read back.
func knownEncoder(t reflect.Type) encodeFunc {
	switch t {
	case timeType:
		return encodeTime
	case microTimeType:
		return encodeMicroTime
	case reflect.TypeFor[metav1.Duration]():
		return encodeDuration
	case reflect.TypeFor[resource.Quantity]():
		return encodeQuantity
	case reflect.TypeFor[intstr.IntOrString]():
		return encodeIntOrString
	case reflect.TypeFor[runtime.RawExtension]():
		return encodeRawExtension
	case reflect.TypeFor[unstructured.Unstructured]():
		return encodeUnstructured
	case reflect.TypeFor[unstructured.UnstructuredList]():
		return encodeUnstructuredList
	case reflect.TypeFor[json.RawMessage]():
		return encodeRawMessage
	case reflect.TypeFor[json.Number]():
		return encodeNumber
	}
	return nil
}

// pointerTo returns a pointer to v, or to a copy.
func pointerTo[T any](v reflect.Value) *T {
	return addressable(v).Addr().Interface().(*T)
}

func encodeTime(w *writer, v reflect.Value) outcome {
	return w.time(pointerTo[metav1.Time](v).Time, time.RFC3339)
}

func encodeMicroTime(w *writer, v reflect.Value) outcome {
	return w.time(pointerTo[metav1.MicroTime](v).Time, metav1.RFC3339Micro)
}

func (w *writer) time(t time.Time, layout string) outcome {
	if t.IsZero() {
		return absent
	}
	return w.text(string(t.UTC().AppendFormat(w.room[:0], layout)))
}

func encodeQuantity(w *writer, v reflect.Value) outcome {
	// Not String: it caches its result in the value, so that writing would
	// change v and race. CanonicalizeBytes neither reads nor writes the cache.
	number, suffix := pointerTo[resource.Quantity](v).CanonicalizeBytes(w.room[:0])
	return w.text(string(append(number, suffix...)))
}

func encodeDuration(w *writer, v reflect.Value) outcome {
	return w.text(pointerTo[metav1.Duration](v).Duration.String())
}

func encodeIntOrString(w *writer, v reflect.Value) outcome {
	switch x := pointerTo[intstr.IntOrString](v); x.Type {
	case intstr.Int:
		return w.int(int64(x.IntVal))
	case intstr.String:
		return w.text(x.StrVal)
	}
	return w.fail(errors.New("IntOrString is neither"))
}

func encodeRawExtension(w *writer, v reflect.Value) outcome {
	x := pointerTo[runtime.RawExtension](v)
	switch {
	case x.Raw == nil:
		return encodeInterface(w, reflect.ValueOf(&x.Object).Elem())
	case len(x.Raw) > 0 && x.Raw[0] < 0x80:
		return w.raw(x.Raw)
	}
	return encodeMarshaler(w, v) // CBOR
}

func encodeRawMessage(w *writer, v reflect.Value) outcome {
	return w.raw(v.Bytes())
}

func encodeNumber(w *writer, v reflect.Value) outcome {
	if v.Len() == 0 {
		return w.number("0") // encoding/json's zero
	}
	return w.number(v.String())
}
