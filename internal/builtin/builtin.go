package builtin

import (
	"reflect"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/millrace/millrace/internal/schema"
)

// Kind is one of Kubernetes' own kinds. It may be used concurrently.
type Kind struct {
	gvk       schema.GVK
	empty     func() Object
	structure func() *schema.Schema
	check     func(*checker, Object)
}

// For returns a kind, and false for one that isn't known.
func For(gvk schema.GVK) (*Kind, bool) {
	k, ok := kinds()[gvk]
	return k, ok
}

// Of returns the kind whose Go type an object has, and false for others.
func Of(o runtime.Object) (*Kind, bool) {
	k, ok := byType()[reflect.TypeOf(o)]
	return k, ok
}

var byType = sync.OnceValue(func() map[reflect.Type]*Kind {
	out := map[reflect.Type]*Kind{}
	for _, k := range kinds() {
		out[reflect.TypeOf(k.empty())] = k
	}
	return out
})

// Check reports what the API server would refuse a typed object of Kubernetes'
// own kinds for, were it created; nothing for other kinds. The object isn't
// changed or kept.
func Check(o runtime.Object, report func(schema.Problem)) {
	k, ok := Of(o)
	if typed, is := o.(Object); ok && is {
		k.CheckTyped(typed, report)
	}
}

// New returns an empty object of the kind.
func (k *Kind) New() Object { return k.empty() }

// Check reports everything that the API server would refuse the object for,
// were it created: unknown fields, wrong types and bad metadata, and, if it
// can be decoded, what else the server validates. The object is in the form
// that JSON decodes to, as schema.Schema's Check wants it; it is neither
// changed nor kept.
func (k *Kind) Check(tree map[string]any, report func(schema.Problem)) {
	decodes := true
	k.structure().Check(tree, func(p schema.Problem) {
		decodes = decodes && p.Rule != schema.RuleType && p.Rule != schema.RuleFormat && p.Rule != schema.RuleKind
		report(p)
	})
	if k.check == nil || !decodes {
		return
	}
	o := k.empty()
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(tree, o); err != nil {
		report(schema.Problem{Rule: schema.RuleType, Detail: "can't be read: " + err.Error(), Fix: "correct the field"})
		return
	}
	k.values(o, report)
}

// CheckTyped is Check of an object that is a Go struct, of k.New's type. The
// object isn't changed or kept.
func (k *Kind) CheckTyped(o Object, report func(schema.Problem)) {
	k.structure().CheckMetadata(o, report)
	if k.check != nil {
		k.values(o, report)
	}
}

// values reports what the rules of the kind find.
func (k *Kind) values(o Object, report func(schema.Problem)) {
	inOrder(report, func(c *checker) { k.check(c, o) })
}

// inOrder reports what a check finds in the order of paths, and nothing twice:
// rules walk maps, which have no order.
func inOrder(report func(schema.Problem), check func(*checker)) {
	var found []schema.Problem
	check(&checker{report: func(p schema.Problem) { found = append(found, p) }})
	slices.SortFunc(found, schema.Compare)
	for _, p := range slices.Compact(found) {
		report(p)
	}
}
