package schema

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// GoKind describes a kind that the API server decodes into a Go struct, as it
// does with all that are no custom resources.
type GoKind struct {
	GVK

	// Type is the struct.
	Type reflect.Type

	// Cluster tells that objects of the kind are in no namespace.
	Cluster bool

	// Name is what the kind's names look like.
	Name NameForm

	// Generation tells that the server minds metadata.generation, because it
	// doesn't set one itself.
	Generation bool

	// Nameless tells that the server makes a name where there is none.
	Nameless bool

	// AnyFinalizer tells that finalizers need no domain.
	AnyFinalizer bool

	// Hidden are the fields of the object whose content no problem repeats.
	Hidden []string
}

// FromGo returns the schema of what the API server can decode into a struct:
// its fields by their exact names, with null for any of them. Nothing is
// required but a name, as Go has no word for it.
func FromGo(k GoKind) *Schema {
	s := &Schema{
		gvk: k.GVK, apiVersion: k.apiVersion(), namespaced: !k.Cluster, names: k.Name, generation: k.Generation, nameless: k.Nameless, strict: !k.AnyFinalizer,
	}
	s.root = goTypes{known: map[reflect.Type]*node{}}.node(k.Type)
	for f := range k.Type.Fields() {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); slices.Contains(k.Hidden, name) {
			s.root.props[name] = field{node: goTypes{known: map[reflect.Type]*node{}, hidden: true}.node(f.Type)}
		}
	}
	s.root.table = newFieldTable(s.root.props)
	return s
}

// goTypes are the nodes of the types that one kind is made of. A type may be
// made of itself.
type goTypes struct {
	known  map[reflect.Type]*node
	hidden bool
}

func (g goTypes) node(t reflect.Type) *node {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if n, ok := g.known[t]; ok {
		return n
	}
	n := &node{nullable: true, decoded: true, hidden: g.hidden, maxProps: -1}
	g.known[t] = n
	if special(n, t) {
		return n
	}
	switch t.Kind() {
	case reflect.Struct:
		n.types = tObject
		n.props = map[string]field{}
		g.fields(t, n.props)
		n.table = newFieldTable(n.props)
	case reflect.Map:
		n.types = tObject
		n.extra = g.node(t.Elem())
	case reflect.Slice, reflect.Array:
		n.types = tArray
		n.items = g.node(t.Elem())
		if t.Elem().Kind() == reflect.Uint8 {
			n.types |= tString
			n.text = &textRule{format: encoded, min: -1, max: -1}
		}
	case reflect.String:
		n.types = tString
	case reflect.Bool:
		n.types = tBoolean
	case reflect.Int, reflect.Int64:
		n.types, n.number = tInteger, &numberRule{bits: 64}
	case reflect.Int32:
		n.types, n.number = tInteger, &numberRule{bits: 32}
	case reflect.Uint8:
		n.types, n.number = tInteger, &numberRule{bits: 8}
	case reflect.Float32, reflect.Float64:
		n.types = tNumber
	default:
		n.preserve = true
	}
	return n
}

// fields collects the fields of a struct and of those that it embeds, as
// encoding/json sees them: the outer of two of one name counts.
func (g goTypes) fields(t reflect.Type, out map[string]field) {
	inner := map[string]field{}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported() && !f.Anonymous:
		case name == "" && f.Anonymous:
			embedded := f.Type
			if embedded.Kind() == reflect.Pointer {
				embedded = embedded.Elem()
			}
			g.fields(embedded, inner)
		case name == "":
			out[f.Name] = field{node: g.node(f.Type)}
		default:
			out[name] = field{node: g.node(f.Type)}
		}
	}
	maps.Copy(inner, out)
	maps.Copy(out, inner)
}

// special fills the node in of a type that decodes itself.
func special(n *node, t reflect.Type) bool {
	form := func(f *format) { n.text = &textRule{format: f, min: -1, max: -1} }
	switch t {
	case reflect.TypeFor[resource.Quantity]():
		n.types = tString | tInteger | tNumber
		form(quantity)
	case reflect.TypeFor[intstr.IntOrString]():
		n.types, n.number = tString|tInteger, &numberRule{bits: 32}
	case reflect.TypeFor[metav1.Time]():
		n.types = tString
		form(strict)
	case reflect.TypeFor[metav1.MicroTime]():
		n.types = tString
		form(microTime)
	case reflect.TypeFor[metav1.Duration]():
		n.types = tString
		form(duration)
	case reflect.TypeFor[runtime.RawExtension](), reflect.TypeFor[metav1.FieldsV1]():
		n.preserve = true
	default:
		if !reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
			return false
		}
		n.preserve = true // whatever it takes
	}
	return true
}

// The forms of strings that Go types decode.
var (
	quantity = &format{`a quantity such as "500m" or "2Gi"`, func(s string) bool {
		// It reads the JSON as it stands, in which no other space is one.
		_, err := resource.ParseQuantity(strings.Trim(s, " \u0085\u00a0"))
		return err == nil
	}, false}
	microTime = &format{`a time such as "2026-01-02T15:04:05.000000Z"`, func(s string) bool {
		_, err := time.Parse(metav1.RFC3339Micro, s)
		return err == nil
	}, false}
	duration = &format{`a duration such as "1h30m"`, func(s string) bool {
		_, err := time.ParseDuration(s)
		return err == nil
	}, false}
	encoded = &format{"base64 text", decodes, false}
)

// decodes tells whether base64.StdEncoding decodes a text, without doing so.
func decodes(s string) bool {
	letters, padding := 0, 0
	for i := range len(s) {
		switch b := s[i]; {
		case b == '\r' || b == '\n':
		case b == '=':
			padding++
		case !alnum(b) && b != '+' && b != '/' || padding > 0:
			return false
		default:
			letters++
		}
	}
	return padding <= 2 && (letters+padding)%4 == 0 && (padding == 0 || letters%4 >= 2)
}
