package upstream_test

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/yaml"
)

// examples is the directory of Argo's examples.
var examples = sync.OnceValues(func() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/argoproj/argo-workflows/v3").Output()
	return filepath.Join(strings.TrimSpace(string(out)), "examples"), err
})

// same checks that what the builders make is the same to Argo as the objects of
// its kinds in one of its examples. Names are not compared, since millrace
// never has the server generate one; see normal for what else is the same.
func same(t *testing.T, file string, builders ...millrace.Builder) {
	t.Helper()
	dir, err := examples()
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := millrace.Load(filepath.Join(dir, filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	var want, got []map[string]any
	for _, o := range loaded.Objects() {
		if u := o.(*unstructured.Unstructured); strings.HasPrefix(u.GetAPIVersion(), "argoproj.io/") {
			want = append(want, normal(t, u.Object))
		}
	}
	for i, b := range builders {
		parts, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range parts.Objects {
			got = append(got, normal(t, tree(t, o)))
		}
		if len(parts.Objects) != 1 {
			t.Fatalf("builder %d makes %d objects", i, len(parts.Objects))
		}
	}
	if len(want) == 0 {
		t.Fatalf("%s holds none of Argo's kinds", file)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: -upstream +millrace:\n%s", file, diff)
	}
}

// tree returns an object as JSON has it.
func tree(t *testing.T, o millrace.Object) map[string]any {
	t.Helper()
	text, err := yaml.Append(nil, o)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := sigsyaml.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// normal brings an object into a form in which manifests are equal that Argo
// treats alike:
//
//   - without names, annotations that only describe, and the labels by which
//     Argo's command line, too, has a run tell its template;
//   - templates, parameters, artifacts and hooks in the order of their names;
//   - the removed singular forms as the lists that took their place, onExit of
//     tasks as the hook exit, dependencies and bare names of depends as the
//     results that they stand for;
//   - numbers that Argo reads as text as text; manifests of resources, patches
//     of pods and lists of items as what they say;
//   - values of a template's own inputs as the defaults that Argo takes them
//     for, and caches without the key that no version of Argo reads;
//   - values that millrace encodes in manifests as the references they were;
//   - durations in one form ("2m0s"), and no "realtime: false" or
//     "suspend: false";
//   - references without spaces in their braces;
//   - expressions of expr-lang with one kind of quotes and spaces.
func normal(t *testing.T, o map[string]any) map[string]any {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	meta, _ := out["metadata"].(map[string]any)
	delete(meta, "name")
	delete(meta, "generateName")
	annotations, _ := meta["annotations"].(map[string]any)
	for key := range annotations {
		if strings.HasPrefix(key, "workflows.argoproj.io/") {
			delete(annotations, key)
		}
	}
	drop(meta, "annotations")
	for _, m := range []map[string]any{meta, child(out, "spec", "workflowMetadata")} {
		labels := child(m, "labels")
		delete(labels, "workflows.argoproj.io/workflow-template")
		delete(labels, "workflows.argoproj.io/cluster-workflow-template")
	}
	drop(out, "metadata")
	delete(out, "status")
	return normalMap(out)
}

// child is the map at a path, or nil.
func child(m map[string]any, path ...string) map[string]any {
	for _, key := range path {
		m, _ = m[key].(map[string]any)
	}
	return m
}

// drop removes a map that is empty.
func drop(m map[string]any, key string) {
	if inner, ok := m[key].(map[string]any); ok && len(inner) == 0 {
		delete(m, key)
	}
}

func normalMap(m map[string]any) map[string]any {
	legacy(m)
	for key, v := range m {
		m[key] = normalValue(key, v)
	}
	for key, v := range m {
		if v == nil || isEmpty(v) && !means[key] || key == "name" && v == "" {
			delete(m, key)
		}
	}
	return m
}

// means are the keys whose empty maps say something.
var means = map[string]bool{"suspend": true, "none": true, "zip": true, "tar": true, "supplied": true, "emptyDir": true, "nodeAntiAffinity": true}

// durations are the keys whose texts say how long.
var durations = map[string]bool{"maxAge": true, "deleteDelayDuration": true, "timeout": true, "duration": true, "maxDuration": true, "cap": true}

func isEmpty(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return false
}

func normalValue(key string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		return normalMap(v)
	case []any:
		for i := range v {
			v[i] = normalValue("", v[i])
		}
		switch key {
		case "templates", "parameters", "artifacts", "volumes", "env":
			slices.SortStableFunc(v, func(a, b any) int { return strings.Compare(nameOf(a), nameOf(b)) })
		}
		return v
	case string:
		if durations[key] {
			if d, err := time.ParseDuration(v); err == nil {
				return d.String()
			}
		}
		return normalText(key, v)
	case float64:
		if key == "value" || key == "default" || key == "count" || key == "start" || key == "end" || key == "limit" || key == "factor" {
			return fmt.Sprint(v)
		}
	case bool:
		if key == "value" || key == "default" {
			return fmt.Sprint(v)
		}
	}
	return v
}

func nameOf(v any) string {
	m, _ := v.(map[string]any)
	name, _ := m["name"].(string)
	return name
}

// legacy turns forms that Argo has given up, or reads like others, into those of
// today.
func legacy(m map[string]any) {
	if inputs, ok := m["inputs"].(map[string]any); ok {
		list, _ := inputs["parameters"].([]any)
		for _, p := range list {
			given(p.(map[string]any))
		}
	}
	for _, key := range []string{"realtime", "suspend"} {
		if m[key] == false {
			delete(m, key)
		}
	}
	if cache, ok := m["configMap"].(map[string]any); ok && m["key"] == nil {
		delete(cache, "key")
	}
	for singular, plural := range map[string]string{"mutex": "mutexes", "semaphore": "semaphores"} {
		if v, ok := m[singular]; ok {
			m[plural] = []any{v}
			delete(m, singular)
		}
	}
	if v, ok := m["schedule"]; ok {
		m["schedules"] = []any{v}
		delete(m, "schedule")
	}
	_, called := m["template"]
	_, inline := m["inline"]
	_, elsewhere := m["templateRef"]
	if called || inline || elsewhere {
		if v, ok := m["onExit"]; ok {
			m["hooks"] = map[string]any{"exit": map[string]any{"template": v}}
			delete(m, "onExit")
		}
	}
	if list, ok := m["dependencies"].([]any); ok {
		var names []string
		for _, name := range list {
			names = append(names, fmt.Sprint(name))
		}
		m["depends"] = strings.Join(names, " && ")
		delete(m, "dependencies")
	}
}

// given has an input's value as the default that it is.
func given(p map[string]any) {
	if v, ok := p["value"]; ok {
		p["default"] = v
		delete(p, "value")
	}
}
