package schema_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/yannh/kubeconform/pkg/resource"
	"github.com/yannh/kubeconform/pkg/validator"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/schema"
	"github.com/millrace/millrace/internal/schema/wire"
)

// subject is a valid object to check.
type subject struct {
	name string
	gvk  schema.GVK
	obj  map[string]any
}

func subjects(b *testing.B) []subject {
	b.Helper()
	spark := load(b, "../../../spark/testdata/everything.yaml", "SparkApplication")
	pool := load(b, filepath.Join(directory(b, "aws"), "examples/v1/min-values-multiple-keys.yaml"), "NodePool")
	return []subject{
		{"SparkApplication", schema.GVK{Group: "sparkoperator.k8s.io", Version: "v1beta2", Kind: "SparkApplication"}, spark},
		{"Workflow100", schema.GVK{Group: "argoproj.io", Version: "v1alpha1", Kind: "Workflow"}, workflow(100)},
		{"Workflow1000", schema.GVK{Group: "argoproj.io", Version: "v1alpha1", Kind: "Workflow"}, workflow(1000)},
		{"NodePool", schema.GVK{Group: "karpenter.sh", Version: "v1", Kind: "NodePool"}, pool},
	}
}

func load(tb testing.TB, file, kind string) map[string]any {
	tb.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	for doc := range strings.SplitSeq(string(text), "\n---\n") {
		if obj, err := decode([]byte(doc)); err == nil && obj["kind"] == kind {
			return obj
		}
	}
	tb.Fatalf("no %s in %s", kind, file)
	return nil
}

// BenchmarkLoad is what the first check of a kind costs beside the check.
func BenchmarkLoad(b *testing.B) {
	files := crdFiles(b)
	for _, g := range sortedGVKs(files) {
		text, err := os.ReadFile(filepath.Join("../../schema/data", schema.FileName(g)))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(g.Kind+"."+g.Version, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				k, err := wire.Decode(text)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := schema.Compile(k); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// workflow has a DAG of n tasks and a template for each of them.
func workflow(n int) map[string]any {
	tasks := []any{}
	templates := []any{}
	for i := range n {
		name := fmt.Sprintf("task-%d", i)
		task := map[string]any{
			"name": name, "template": name,
			"arguments": map[string]any{"parameters": []any{map[string]any{"name": "day", "value": "{{workflow.parameters.day}}"}}},
		}
		if i > 0 {
			task["depends"] = fmt.Sprintf("task-%d.Succeeded", i-1)
		}
		tasks = append(tasks, task)
		templates = append(templates, map[string]any{
			"name":          name,
			"inputs":        map[string]any{"parameters": []any{map[string]any{"name": "day"}}},
			"retryStrategy": map[string]any{"limit": int64(3), "retryPolicy": "Always", "backoff": map[string]any{"duration": "30s", "factor": int64(2)}},
			"container": map[string]any{
				"image": "registry.example.com/etl:1.4.2", "command": []any{"python", "-m", "etl"}, "args": []any{"--day", "{{inputs.parameters.day}}"},
				"env":       []any{map[string]any{"name": "LEVEL", "value": "info"}, map[string]any{"name": "KEY", "valueFrom": map[string]any{"secretKeyRef": map[string]any{"name": "etl", "key": "key"}}}},
				"resources": map[string]any{"requests": map[string]any{"cpu": "500m", "memory": "1Gi"}, "limits": map[string]any{"memory": "1Gi"}},
			},
		})
	}
	templates = append(templates, map[string]any{"name": "main", "dag": map[string]any{"tasks": tasks}})
	return map[string]any{
		"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow",
		"metadata": map[string]any{"generateName": "etl-", "namespace": "data-platform", "labels": map[string]any{"app.kubernetes.io/name": "etl"}},
		"spec": map[string]any{
			"entrypoint": "main", "serviceAccountName": "etl", "templates": templates,
			"arguments": map[string]any{"parameters": []any{map[string]any{"name": "day", "value": "2026-01-02"}}},
		},
	}
}

// BenchmarkCheck holds the engine beside the server's code and kubeconform. All
// get the object as they want it, ready in memory: the server's code a map that
// is copied first, as it changes it; kubeconform the YAML.
func BenchmarkCheck(b *testing.B) {
	conform := kubeconform(b)
	for _, s := range subjects(b) {
		b.Run(s.name+"/engine", func(b *testing.B) {
			engine, ok := schema.For(s.gvk)
			if !ok {
				b.Fatal("no schema")
			}
			b.ReportAllocs()
			for b.Loop() {
				engine.Check(s.obj, func(p schema.Problem) { b.Fatal(p) })
			}
		})
		if ruled(b, s.gvk) {
			b.Run(s.name+"/engine-without-rules", func(b *testing.B) {
				engine := withoutRules(b, s.gvk)
				b.ReportAllocs()
				for b.Loop() {
					engine.Check(s.obj, func(p schema.Problem) { b.Fatal(p) })
				}
			})
		}
		server := servers(b)[s.gvk]
		structural := *server
		structural.cel = nil
		b.Run(s.name+"/server-without-cel", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if v := structural.create(s.obj); len(v.paths) > 0 {
					b.Fatal(v.paths)
				}
			}
		})
		if server.cel != nil {
			b.Run(s.name+"/server", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if v := server.create(s.obj); len(v.paths) > 0 {
						b.Fatal(v.paths)
					}
				}
			})
		}
		b.Run(s.name+"/copy", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				runtime.DeepCopyJSON(s.obj)
			}
		})
		text, err := yaml.Marshal(s.obj)
		if err != nil {
			b.Fatal(err)
		}
		if r := conform.ValidateResource(resource.Resource{Bytes: text}); r.Status != validator.Valid { // compiles its schema
			b.Fatal(r.Err, r.ValidationErrors)
		}
		b.Run(s.name+"/kubeconform", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if r := conform.ValidateResource(resource.Resource{Bytes: text}); r.Status != validator.Valid {
					b.Fatal(r.Err, r.ValidationErrors)
				}
			}
		})
	}
}

func wired(b *testing.B, g schema.GVK) *wire.Kind {
	b.Helper()
	text, err := os.ReadFile(filepath.Join("../../schema/data", schema.FileName(g)))
	if err != nil {
		b.Fatal(err)
	}
	k, err := wire.Decode(text)
	if err != nil {
		b.Fatal(err)
	}
	return k
}

func ruled(b *testing.B, g schema.GVK) bool {
	b.Helper()
	return slices.ContainsFunc(wired(b, g).Nodes, func(n wire.Node) bool { return len(n.Rules) > 0 })
}

// withoutRules is the structural part of the engine.
func withoutRules(b *testing.B, g schema.GVK) *schema.Schema {
	b.Helper()
	k := wired(b, g)
	for i := range k.Nodes {
		k.Nodes[i].Rules = nil
	}
	s, err := schema.Compile(k)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// kubeconform has the same CRDs as strict JSON schemas, as its own script
// openapi2jsonschema makes them.
func kubeconform(b *testing.B) validator.Validator {
	b.Helper()
	dir := b.TempDir()
	for g, text := range crdFiles(b) {
		var crd struct {
			Spec struct {
				Versions []struct {
					Name   string
					Schema struct{ OpenAPIV3Schema map[string]any }
				}
			}
		}
		if err := yaml.Unmarshal(text, &crd); err != nil {
			b.Fatal(err)
		}
		for _, v := range crd.Spec.Versions {
			if v.Name != g.Version {
				continue
			}
			data, err := json.Marshal(jsonSchema(v.Schema.OpenAPIV3Schema, true))
			if err != nil {
				b.Fatal(err)
			}
			file := strings.ToLower(g.Kind) + "_" + g.Group + "_" + g.Version + ".json"
			if err := os.WriteFile(filepath.Join(dir, file), data, 0o600); err != nil {
				b.Fatal(err)
			}
		}
	}
	v, err := validator.New([]string{dir + "/{{ .ResourceKind }}_{{ .Group }}_{{ .ResourceAPIVersion }}.json"}, validator.Opts{Strict: true})
	if err != nil {
		b.Fatal(err)
	}
	return v
}

// jsonSchema closes objects with properties and opens int-or-strings.
func jsonSchema(s map[string]any, root bool) map[string]any {
	out := map[string]any{}
	for k, v := range s {
		switch k {
		case "properties":
			fields := map[string]any{}
			for name, f := range v.(map[string]any) {
				fields[name] = jsonSchema(f.(map[string]any), false)
			}
			out[k] = fields
			if s["x-kubernetes-preserve-unknown-fields"] != true && !root {
				out["additionalProperties"] = false
			}
		case "items", "additionalProperties":
			if child, ok := v.(map[string]any); ok {
				out[k] = jsonSchema(child, false)
			} else {
				out[k] = v
			}
		case "description":
		default:
			if !strings.HasPrefix(k, "x-kubernetes-") {
				out[k] = v
			}
		}
	}
	return out
}
