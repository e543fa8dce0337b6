package yaml_test

import (
	"encoding/json"
	"strconv"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/randfill"
)

// filler fills objects with values that survive a round trip through JSON:
// valid enumerations of union types, times of the precision that is printed.
func filler(seed int64) *randfill.Filler {
	return randfill.NewWithSeed(seed).NilChance(0.6).NumElements(0, 2).MaxDepth(14).Funcs(
		func(s *string, c randfill.Continue) { *s = fillString(c) },
		func(s *wfv1.AnyString, c randfill.Continue) { *s = wfv1.AnyString(fillString(c)) },
		func(q *resource.Quantity, c randfill.Continue) {
			formats := []resource.Format{resource.BinarySI, resource.DecimalSI, resource.DecimalExponent}
			*q = *resource.NewScaledQuantity(c.Int63n(1e9), resource.Scale(c.Intn(9)-3))
			q.Format = formats[c.Intn(3)]
		},
		func(t *metav1.Time, c randfill.Continue) { *t = metav1.Unix(c.Int63n(1<<33), 0) },
		func(t *metav1.MicroTime, c randfill.Continue) {
			*t = metav1.NewMicroTime(time.Unix(c.Int63n(1<<33), c.Int63n(1e6)*1000))
		},
		func(d *metav1.Duration, c randfill.Continue) { d.Duration = time.Duration(c.Int63()) },
		func(x *intstr.IntOrString, c randfill.Continue) {
			*x = intstr.FromInt32(c.Int31())
			if c.Bool() {
				*x = intstr.FromString(fillString(c))
			}
		},
		func(x *metav1.FieldsV1, c randfill.Continue) { x.SetRawBytes([]byte(`{"f:a":{"f:b":{}}}`)) },
		func(x *runtime.RawExtension, c randfill.Continue) { x.Raw = fillJSON(c, 2) },
		func(x *apiextensionsv1.JSON, c randfill.Continue) { x.Raw = fillJSON(c, 2) },
		func(x *apiextensionsv1.JSONSchemaPropsOrArray, c randfill.Continue) {
			x.Schema = &apiextensionsv1.JSONSchemaProps{Type: fillString(c)}
		},
		func(x *apiextensionsv1.JSONSchemaPropsOrBool, c randfill.Continue) { x.Allows = c.Bool() },
		func(x *apiextensionsv1.JSONSchemaPropsOrStringArray, c randfill.Continue) {
			x.Property = []string{fillString(c)}
		},
		func(x *wfv1.Item, c randfill.Continue) { x.Value = fillJSON(c, 2) },
		func(x *wfv1.Object, c randfill.Continue) { x.Value = fillJSON(c, 1) },
		func(x *wfv1.Plugin, c randfill.Continue) { x.Value = []byte(`{"p":{"a":1}}`) },
		func(x *wfv1.Amount, c randfill.Continue) { x.Value = json.Number(strconv.Itoa(c.Int())) },
		// Pod volumes of a projected kind nest deep; nothing in them is new.
		func(x *corev1.ProjectedVolumeSource, c randfill.Continue) {},
	)
}

func fillString(c randfill.Continue) string {
	switch c.Intn(3) {
	case 0:
		return nasty[c.Intn(len(nasty))]
	case 1:
		return c.String(12)
	}
	return "text-" + strconv.Itoa(c.Intn(1000))
}

// fillJSON returns canonical JSON text, which decodes to the same bytes.
func fillJSON(c randfill.Continue, depth int) []byte {
	var v any
	switch n := c.Intn(7); {
	case n == 0:
		v = fillString(c)
	case n == 1:
		v = c.Intn(1000)
	case n == 2:
		v = c.Bool()
	case n == 3 && depth > 0:
		v = []json.RawMessage{fillJSON(c, depth-1), fillJSON(c, depth-1)}
	default:
		m := map[string]json.RawMessage{}
		for range depth {
			m[fillString(c)] = fillJSON(c, depth-1)
		}
		v = m
	}
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}
