package builtin_test

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// fullDeployment is a Deployment whose pods use what the fullest document of a
// Pod does.
func fullDeployment(tb testing.TB) map[string]any {
	tb.Helper()
	var out, spec map[string]any
	for _, d := range documents(tb) {
		if !strings.HasSuffix(d.file, "oracle/builtin/testdata/pods.yaml") {
			continue
		}
		switch name := at(d.obj, "metadata.name"); {
		case d.gvk.Kind == "Deployment" && name == "web":
			out = runtime.DeepCopyJSON(d.obj)
		case d.gvk.Kind == "Pod" && name == "x":
			spec = runtime.DeepCopyJSON(d.obj)["spec"].(map[string]any)
		}
	}
	delete(spec, "activeDeadlineSeconds")
	delete(spec, "schedulingGates")
	out["spec"].(map[string]any)["template"].(map[string]any)["spec"] = spec
	delete(out["spec"].(map[string]any)["template"].(map[string]any)["metadata"].(map[string]any), "annotations")
	return out
}

// BenchmarkFull is BenchmarkCheck of a Deployment that uses all there is.
func BenchmarkFull(b *testing.B) {
	g := schema.GroupVersionKind{Group: "apps", Version: "v1", Kind: "Deployment"}
	tree := fullDeployment(b)
	if v := create(b, g, tree).all(); len(v) > 0 {
		b.Fatal(v)
	}
	beside(b, g, tree)
}
