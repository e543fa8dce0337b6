package argo

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// textKind is what Argo does with a string.
type textKind int

const (
	plainText textKind = iota // tags are put in
	wholeTag                  // one tag, its braces optional
	anyExpr                   // an expression, over everything around it
	boolExpr                  // the same, and a condition
	retryExpr                 // an expression that knows only the last try
	dataExpr                  // an expression over data
	httpExpr                  // an expression over a request and its response
	condition                 // a condition of govaluate
	listText                  // a JSON list
	skipped                   // another check reads it
)

// textKinds are the fields that are more than text, by type and field.
var textKinds = map[string]textKind{
	"ValueFrom.Expression":          anyExpr,
	"ValueFrom.Parameter":           wholeTag,
	"Artifact.From":                 wholeTag,
	"Artifact.FromExpression":       anyExpr,
	"LifecycleHook.Expression":      boolExpr,
	"LabelValueFrom.Expression":     anyExpr,
	"RetryStrategy.Expression":      retryExpr,
	"TransformationStep.Expression": dataExpr,
	"HTTP.SuccessCondition":         httpExpr,
	"Prometheus.When":               condition,
	"DAGTask.When":                  condition,
	"WorkflowStep.When":             condition,
	"DAGTask.WithParam":             listText,
	"WorkflowStep.WithParam":        listText,

	// Of another scope than the texts around them.
	"DAGTask.Inline": skipped, "DAGTask.Hooks": skipped, "DAGTask.Depends": skipped, "DAGTask.Dependencies": skipped,
	"WorkflowStep.Inline": skipped, "WorkflowStep.Hooks": skipped,
	"Template.DAG": skipped, "Template.Steps": skipped, "Template.Outputs": skipped, "Template.Metrics": skipped,
	"WorkflowSpec.Templates": skipped, "WorkflowSpec.TemplateDefaults": skipped, "WorkflowSpec.Hooks": skipped,
	"WorkflowSpec.Metrics": skipped,
}

// walker visits every string of a value.
type walker struct {
	plans map[reflect.Type]*plan
	visit func(at *place, kind textKind, text string)
}

// plan is what is worth a visit in a struct.
type plan []planField

type planField struct {
	index int
	name  string // empty if its fields stand among those of the parent
	kind  textKind
}

var (
	quantityType = reflect.TypeFor[resource.Quantity]()
	timeType     = reflect.TypeFor[metav1.Time]()
	itemType     = reflect.TypeFor[wfv1.Item]()
	objectType   = reflect.TypeFor[wfv1.Object]()
)

func (w *walker) walk(at *place, kind textKind, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if v.Len() > 0 {
			w.visit(at, kind, v.String())
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			w.walk(at, kind, v.Elem())
		}
	case reflect.Slice:
		w.walkSlice(at, kind, v)
	case reflect.Map:
		w.walkMap(at, v)
	case reflect.Struct:
		w.walkStruct(at, v)
	default: // numbers and switches hold no text
	}
}

func (w *walker) walkSlice(at *place, kind textKind, v reflect.Value) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		w.walkJSON(at, v.Bytes())
		return
	}
	for i := range v.Len() {
		if item := v.Index(i); !nothing(item, kind) {
			w.walk(at.item(i), kind, item)
		}
	}
}

// walkJSON looks into what is kept as JSON.
func (w *walker) walkJSON(at *place, data []byte) {
	var v any
	if bytes.Contains(data, []byte("{{")) && json.Unmarshal(data, &v) == nil {
		w.walk(at, plainText, reflect.ValueOf(v))
	}
}

func (w *walker) walkMap(at *place, v reflect.Value) {
	if v.Type().Key().Kind() != reflect.String {
		return
	}
	names := make(map[string]reflect.Value, v.Len())
	for it := v.MapRange(); it.Next(); {
		names[it.Key().String()] = it.Value()
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		w.visit(at.entry(name), plainText, name)
		w.walk(at.entry(name), plainText, names[name])
	}
}

func (w *walker) walkStruct(at *place, v reflect.Value) {
	switch t := v.Type(); t {
	case quantityType, timeType:
	case itemType, objectType:
		w.walkJSON(at, v.FieldByName("Value").Bytes())
	default:
		for _, f := range *w.plan(t) {
			field := v.Field(f.index)
			if nothing(field, f.kind) {
				continue
			}
			below := at
			if f.name != "" {
				below = at.field(f.name)
			}
			w.walk(below, f.kind, field)
		}
	}
}

// nothing: there is nothing to visit, which is worth to know before its place is.
func nothing(v reflect.Value, kind textKind) bool {
	switch v.Kind() {
	case reflect.String:
		return v.Len() == 0 || kind == plainText && !hasTag(v.String())
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	case reflect.Struct:
		return false
	default:
		return v.IsZero()
	}
}

// plan lists the fields of a struct that can hold text.
func (w *walker) plan(t reflect.Type) *plan {
	if p, ok := w.plans[t]; ok {
		return p
	}
	p := &plan{}
	w.plans[t] = p
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		kind := textKinds[t.Name()+"."+f.Name]
		if !f.IsExported() || name == "-" || kind == skipped || !holdsText(f.Type) {
			continue
		}
		*p = append(*p, planField{index: i, name: name, kind: kind})
	}
	return p
}

func holdsText(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Struct, reflect.Slice, reflect.Map, reflect.Interface:
		return true
	case reflect.Pointer:
		return holdsText(t.Elem())
	default:
		return false
	}
}
