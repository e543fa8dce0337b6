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
//   - without its name, names and keys that are empty, and annotations that
//     only describe; and without the labels by which a workflow is found under
//     its template, which "argo submit --from" gives it, too;
//   - templates, parameters, artifacts and hooks in the order of their names;
//   - the removed singular forms as the lists that took their place, onExit of
//     tasks as the hook exit, dependencies and bare names of depends as the
//     results that they stand for;
//   - without arguments that the template called doesn't declare, which Argo
//     drops, and without a suspend or realtime that is false;
//   - numbers and lists that Argo reads as text as text; manifests of resources,
//     patches of pods and lists of items as what they say, with the texts that
//     millrace encodes in them;
//   - references without spaces in their braces, expressions in one way of
//     writing, and conditions in one language: see condition;
//   - the value of an input as its default, which gives way to arguments too;
//   - times in one unit: a number alone is one of seconds; quantities in one
//     unit;
//   - without the empty values of the environment, where none means the same;
//   - the hook exit of a run as onExit;
//   - caches without the key in their ConfigMap, which no version of Argo reads;
//   - without parameters of a template that have nothing but a name: every run
//     has to give them anyway.
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
	labels, _ := meta["labels"].(map[string]any)
	delete(labels, "workflows.argoproj.io/workflow-template")
	delete(labels, "workflows.argoproj.io/cluster-workflow-template")
	drop(meta, "labels")
	drop(out, "metadata")
	delete(out, "status")
	dropArguments(out)
	if kind, _ := out["kind"].(string); strings.HasSuffix(kind, "Template") {
		given(out)
	}
	return normalMap(out)
}

// drop removes a map that is empty.
func drop(m map[string]any, key string) {
	if inner, ok := m[key].(map[string]any); ok && len(inner) == 0 {
		delete(m, key)
	}
}

func normalMap(m map[string]any) map[string]any {
	legacy(m)
	if m["suspend"] == false {
		delete(m, "suspend")
	}
	for key, v := range m {
		m[key] = normalValue(key, v)
	}
	for key, v := range m {
		if v == nil || isEmpty(v) && !means[key] || (key == "name" || key == "key") && v == "" {
			delete(m, key)
		}
	}
	return m
}

// means are the keys whose empty maps say something.
var means = map[string]bool{"suspend": true, "none": true, "zip": true, "tar": true, "supplied": true, "emptyDir": true, "nodeAntiAffinity": true, "retryStrategy": true}

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
		if key == "value" || key == "default" {
			text, _ := json.Marshal(v)
			return string(text)
		}
		if key == "inputs" {
			defaults(v)
		}
		if key == "env[]" && v["value"] == "" {
			delete(v, "value")
		}
		return normalMap(v)
	case []any:
		if key == "value" || key == "default" {
			text, _ := json.Marshal(v)
			return string(text)
		}
		for i := range v {
			v[i] = normalValue(key+"[]", v[i])
		}
		switch key {
		case "templates", "parameters", "artifacts", "volumes", "env":
			slices.SortStableFunc(v, func(a, b any) int { return strings.Compare(nameOf(a), nameOf(b)) })
		}
		return v
	case string:
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

// legacy turns forms that Argo has given up into those of today.
func legacy(m map[string]any) {
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
	if m["realtime"] == false {
		delete(m, "realtime")
	}
	if cache, ok := m["configMap"].(map[string]any); ok && len(m) == 1 {
		delete(cache, "key")
	}
	_, called := m["template"]
	_, inline := m["inline"]
	_, elsewhere := m["templateRef"]
	if hooks, ok := m["hooks"].(map[string]any); ok && !called && !inline && !elsewhere {
		exit, _ := hooks["exit"].(map[string]any)
		if name, ok := exit["template"]; ok && len(exit) == 1 {
			m["onExit"] = name
			delete(hooks, "exit")
		}
	}
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

// defaults turns the values of inputs into defaults.
func defaults(inputs map[string]any) {
	list, _ := inputs["parameters"].([]any)
	for _, p := range list {
		p, _ := p.(map[string]any)
		value, ok := p["value"]
		if _, both := p["default"]; ok && !both {
			p["default"] = value
			delete(p, "value")
		}
	}
}

// dropArguments takes out of calls what the templates called don't declare.
func dropArguments(o map[string]any) {
	spec, _ := o["spec"].(map[string]any)
	if inner, ok := spec["workflowSpec"].(map[string]any); ok {
		spec = inner
	}
	templates, _ := spec["templates"].([]any)
	declared := map[string]map[string]bool{}
	for _, t := range templates {
		t, _ := t.(map[string]any)
		declared[nameOf(t)] = map[string]bool{}
		inputs, _ := t["inputs"].(map[string]any)
		for _, kind := range []string{"parameters", "artifacts"} {
			list, _ := inputs[kind].([]any)
			for _, in := range list {
				declared[nameOf(t)][kind+nameOf(in)] = true
			}
		}
	}
	visitCalls(templates, func(call map[string]any) {
		name, _ := call["template"].(string)
		known, ok := declared[name]
		arguments, _ := call["arguments"].(map[string]any)
		for kind, list := range arguments {
			list, _ := list.([]any)
			if ok {
				arguments[kind] = slices.DeleteFunc(list, func(a any) bool { return !known[kind+nameOf(a)] })
			}
		}
	})
}

// visitCalls visits the tasks and steps of templates, and their hooks.
func visitCalls(v any, visit func(map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		if _, ok := v["template"].(string); ok {
			visit(v)
		}
		for _, inner := range v {
			visitCalls(inner, visit)
		}
	case []any:
		for _, inner := range v {
			visitCalls(inner, visit)
		}
	}
}
