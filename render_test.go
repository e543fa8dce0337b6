package millrace_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/millrace/millrace"
)

func ExampleRender() {
	settings := configMap("data", "settings")
	settings.Data = map[string]string{"retries": "3", "run.sh": "set -eu\n\techo done\n"}
	bundle, err := millrace.Build(
		millrace.Parts{Objects: []millrace.Object{settings, configMap("data", "other")}},
		millrace.Parts{Files: []millrace.File{{Path: "terraform/pool.tf"}}},
	)
	if err != nil {
		panic(err)
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		panic(err)
	}
	// Output:
	// # not a manifest, written by WriteDir: terraform/pool.tf
	// apiVersion: v1
	// kind: ConfigMap
	// metadata:
	//   name: settings
	//   namespace: data
	// data:
	//   retries: "3"
	//   run.sh: |
	//     set -eu
	//     	echo done
	// ---
	// apiVersion: v1
	// kind: ConfigMap
	// metadata:
	//   name: other
	//   namespace: data
	// data:
	//   k: v
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestRenderErrors(t *testing.T) {
	if err := millrace.Render(brokenWriter{}, mustBuild(t, objects(configMap("data", "a")))); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("error = %v, want the writer's", err)
	}
	bad := configMap("data", "a")
	bad.Data["k"] = "\xff"
	var out bytes.Buffer
	err := millrace.Render(&out, mustBuild(t, objects(bad)))
	if err == nil || !strings.Contains(err.Error(), "ConfigMap data/a") || out.Len() > 0 {
		t.Errorf("error = %v with %d bytes written; want one that names the object, and nothing written", err, out.Len())
	}
	if err := millrace.Render(&out, new(millrace.Bundle)); err != nil || out.Len() > 0 {
		t.Errorf("the empty bundle: %v, %q", err, out.String())
	}
}
