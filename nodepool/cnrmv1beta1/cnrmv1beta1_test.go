package cnrmv1beta1_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/nodepool/cnrmv1beta1"
)

// fill sets everything that can be reached to something other than zero.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && v.Type().Field(i).Name != "ObjectMeta" {
				fill(v.Field(i))
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("a"), reflect.ValueOf("b"))
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int32:
		v.SetInt(3)
	}
}

// shared returns the paths at which two values share memory.
func shared(a, b reflect.Value, path string) (out []string) {
	switch a.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		if a.IsNil() || b.IsNil() {
			return []string{path + " is nil"}
		}
		if a.Pointer() == b.Pointer() {
			return []string{path}
		}
		switch a.Kind() {
		case reflect.Pointer:
			return shared(a.Elem(), b.Elem(), path)
		case reflect.Slice:
			return shared(a.Index(0), b.Index(0), path+"[0]")
		}
	case reflect.Struct:
		for i := range a.NumField() {
			if name := a.Type().Field(i).Name; name != "ObjectMeta" {
				out = append(out, shared(a.Field(i), b.Field(i), path+"."+name)...)
			}
		}
	}
	return out
}

func TestDeepCopy(t *testing.T) {
	var pool cnrmv1beta1.ContainerNodePool
	fill(reflect.ValueOf(&pool).Elem())
	copied := pool.DeepCopyObject().(*cnrmv1beta1.ContainerNodePool)
	if diff := cmp.Diff(&pool, copied); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, path := range shared(reflect.ValueOf(pool), reflect.ValueOf(*copied), "pool") {
		t.Errorf("shared: %s", path)
	}
	if (*cnrmv1beta1.ContainerNodePool)(nil).DeepCopy() != nil || (*cnrmv1beta1.ContainerNodePoolSpec)(nil).DeepCopy() != nil {
		t.Error("a copy of nothing is something")
	}
}

// TestZeros: what is set is written, zero included, and nothing else is.
func TestZeros(t *testing.T) {
	zeros := cnrmv1beta1.ContainerNodePoolSpec{
		Autoscaling:     &cnrmv1beta1.NodePoolAutoscaling{MinNodeCount: new(int32)},
		Management:      &cnrmv1beta1.NodePoolManagement{AutoUpgrade: new(false)},
		UpgradeSettings: &cnrmv1beta1.NodePoolUpgradeSettings{MaxSurge: new(int32)},
	}
	got, err := json.Marshal(zeros)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"clusterRef":{},"location":"","autoscaling":{"minNodeCount":0},"management":{"autoUpgrade":false},"upgradeSettings":{"maxSurge":0}}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
