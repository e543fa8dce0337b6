package yaml_test

import (
	"strings"
	"sync"
	"testing"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace/internal/yaml"
)

// TestConcurrency writes shared values from many goroutines, the race detector
// watching: first uses of a type, shared quantities, pooled writers.
func TestConcurrency(t *testing.T) {
	type fresh struct {
		Next  *fresh                       `json:"next,omitempty"`
		Limit map[string]resource.Quantity `json:"limit"`
		Ptr   *resource.Quantity           `json:"ptr"`
	}
	v := &fresh{Next: &fresh{}, Limit: map[string]resource.Quantity{"cpu": resource.MustParse("1500m")}, Ptr: new(resource.MustParse("2Gi"))}
	const want = "next: {}\nlimit:\n  cpu: 1500m\nptr: 2Gi\n"
	objects := corpus()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 5 {
				if out, err := yaml.Append(nil, v); err != nil || string(out) != want {
					t.Errorf("got %s, %v", out, err)
				}
				for name, o := range objects {
					out, err := yaml.Append([]byte("x"), o)
					if err != nil || !strings.HasPrefix(string(out), "xapiVersion") {
						t.Errorf("%s: %v", name, err)
					}
				}
				if _, err := yaml.AppendJSON(nil, map[string]any{"a": make(chan int), "i": i}); err == nil {
					t.Error("no error")
				}
			}
		})
	}
	wg.Wait()
}

// TestDeterminism writes every object often: Go's map order must not show.
func TestDeterminism(t *testing.T) {
	for name, o := range corpus() {
		first := write(t, o)
		for range 20 {
			if got := write(t, o); got != first {
				t.Fatalf("%s: two results", name)
			}
		}
	}
}

// TestDepth shows that what API types and users nest is written, however deep.
func TestDepth(t *testing.T) {
	var v any = "x"
	for i := range 400 {
		if i%2 == 0 {
			v = []any{v}
		} else {
			v = map[string]any{"a": v}
		}
	}
	checkTree(t, "deep", v, v)
}
