package crdgentest

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// DeepCopies checks, on objects filled at random, that a deep copy is equal to
// its original and that no change of the copy reaches the original.
func DeepCopies(tb testing.TB, rounds int, objects ...runtime.Object) {
	tb.Helper()
	for _, o := range objects {
		t := reflect.TypeOf(o).Elem()
		if c := reflect.Zero(reflect.PointerTo(t)).Interface().(runtime.Object).DeepCopyObject(); c != nil {
			tb.Errorf("%s: the copy of nil is %v", t, c)
		}
		for seed := range rounds {
			original, twin := reflect.New(t), reflect.New(t)
			Fill(rand.New(rand.NewPCG(1, uint64(seed))), original.Elem())
			Fill(rand.New(rand.NewPCG(1, uint64(seed))), twin.Elem())
			c := original.Interface().(runtime.Object).DeepCopyObject()
			if !reflect.DeepEqual(c, original.Interface()) {
				tb.Fatalf("%s, seed %d: the copy differs: %s", t, seed, cmp.Diff(original.Interface(), c))
			}
			change(reflect.ValueOf(c).Elem())
			if reflect.DeepEqual(c, original.Interface()) {
				tb.Fatalf("%s, seed %d: the change of the copy changed nothing", t, seed)
			}
			if !reflect.DeepEqual(original.Interface(), twin.Interface()) {
				tb.Fatalf("%s, seed %d: a change of the copy reached the original: %s", t, seed, cmp.Diff(twin.Interface(), original.Interface()))
			}
		}
	}
}

var (
	quantityType = reflect.TypeFor[resource.Quantity]()
	timeType     = reflect.TypeFor[metav1.Time]()
)

// Fill sets a value and everything below it at random: optional parts are
// absent, empty or full.
func Fill(r *rand.Rand, v reflect.Value) {
	switch v.Type() {
	case quantityType:
		v.Set(reflect.ValueOf(resource.MustParse(fmt.Sprintf("%dMi", 1+r.IntN(4096)))))
		return
	case timeType:
		v.Set(reflect.ValueOf(metav1.NewTime(time.Unix(r.Int64N(1<<31), 0))))
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(r.Int64N(100))
	case reflect.Uint8:
		v.SetUint(uint64(r.IntN(256)))
	case reflect.Float64:
		v.SetFloat(float64(r.IntN(1000)) / 8)
	case reflect.String:
		v.SetString(fmt.Sprintf("s%d", r.IntN(1000)))
	case reflect.Pointer:
		if r.IntN(4) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			Fill(r, v.Elem())
		}
	case reflect.Slice:
		if n := r.IntN(4) - 1; n >= 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				Fill(r, v.Index(i))
			}
		}
	case reflect.Map:
		if n := r.IntN(4) - 1; n >= 0 {
			v.Set(reflect.MakeMap(v.Type()))
			for i := range n {
				elem := reflect.New(v.Type().Elem()).Elem()
				Fill(r, elem)
				v.SetMapIndex(reflect.ValueOf(fmt.Sprintf("k%d", i)).Convert(v.Type().Key()), elem)
			}
		}
	case reflect.Interface:
		v.Set(reflect.ValueOf(anyValue(r, 3)))
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				Fill(r, v.Field(i))
			}
		}
	}
}

// anyValue returns a value that a program may put into a JSONMap.
func anyValue(r *rand.Rand, depth int) any {
	n := 8
	if depth == 0 {
		n = 4
	}
	switch r.IntN(n) {
	case 0:
		return r.Int64N(100)
	case 1:
		return fmt.Sprintf("s%d", r.IntN(1000))
	case 2:
		return r.IntN(2) == 0
	case 3:
		return r.IntN(100)
	case 4:
		return []any{anyValue(r, depth-1), anyValue(r, depth-1)}
	case 5:
		return []string{"a", "b"}
	case 6:
		return map[string]string{"a": "b"}
	}
	return map[string]any{"x": anyValue(r, depth-1), "y": anyValue(r, depth-1)}
}

// change alters everything that a value holds or points to, in place.
func change(v reflect.Value) {
	switch v.Type() {
	case quantityType:
		q := v.Addr().Interface().(*resource.Quantity)
		q.Add(resource.MustParse("1Gi"))
		return
	case timeType:
		v.Set(reflect.ValueOf(metav1.NewTime(v.Interface().(metav1.Time).Add(time.Hour))))
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(v.Int() + 1)
	case reflect.Uint8:
		v.SetUint(uint64(uint8(v.Uint()) + 1))
	case reflect.Float64:
		v.SetFloat(v.Float() + 1)
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Pointer:
		if !v.IsNil() {
			change(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			change(v.Index(i))
		}
	case reflect.Map:
		if v.IsNil() {
			return
		}
		for _, k := range v.MapKeys() {
			elem := reflect.New(v.Type().Elem()).Elem()
			elem.Set(v.MapIndex(k))
			change(elem)
			v.SetMapIndex(k, elem)
		}
		v.SetMapIndex(reflect.ValueOf("added").Convert(v.Type().Key()), reflect.Zero(v.Type().Elem()))
	case reflect.Interface:
		if v.IsNil() {
			return
		}
		// What an interface holds cannot be set, but what that refers to can.
		switch inner := v.Elem(); inner.Kind() {
		case reflect.Map, reflect.Slice, reflect.Pointer:
			change(inner)
		default:
			v.Set(reflect.ValueOf("changed"))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				change(v.Field(i))
			}
		}
	}
}
