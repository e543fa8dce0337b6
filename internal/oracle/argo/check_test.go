package argo_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v3/workflow/validate"
	"github.com/sirupsen/logrus"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/argo"
)

// document is one of Argo's own objects, as JSON.
type document struct {
	file, kind string
	data       []byte
}

// documents reads the YAML files below a directory of Argo's module. What is
// no YAML, which its tests have on purpose, is left out.
func documents(t *testing.T, dir string) []document {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/argoproj/argo-workflows/v3").Output()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(strings.TrimSpace(string(out)), dir)
	var all []document
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		reader := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
		for {
			part, err := reader.Read()
			if errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
			var head metav1.TypeMeta
			if data, err := yaml.YAMLToJSON(part); err == nil && json.Unmarshal(data, &head) == nil && strings.HasPrefix(head.APIVersion, argo.Group+"/") {
				all = append(all, document{strings.TrimPrefix(path, root+"/"), head.Kind, data})
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// cluster holds the templates that both sides know.
type cluster struct {
	own    templates
	shared sharedTemplates
}

type sharedTemplates map[string]*wfv1.ClusterWorkflowTemplate

func (t sharedTemplates) Get(name string) (*wfv1.ClusterWorkflowTemplate, error) {
	if out, ok := t[name]; ok {
		return out, nil
	}
	return nil, fmt.Errorf("no ClusterWorkflowTemplate %q", name)
}

func clusterOf(t *testing.T, all []document) *cluster {
	t.Helper()
	c := &cluster{templates{}, sharedTemplates{}}
	for _, d := range all {
		switch d.kind {
		case "WorkflowTemplate":
			var o wfv1.WorkflowTemplate
			if strict(d.data, &o) == nil {
				c.own[o.Name] = &o
			}
		case "ClusterWorkflowTemplate":
			var o wfv1.ClusterWorkflowTemplate
			if strict(d.data, &o) == nil {
				c.shared[o.Name] = &o
			}
		}
	}
	return c
}

func (c *cluster) spec(kind schema.GroupKind, _, name string) (*wfv1.WorkflowSpec, bool) {
	if kind.Kind == "WorkflowTemplate" {
		o, ok := c.own[name]
		if ok {
			return &o.Spec, true
		}
		return nil, false
	}
	o, ok := c.shared[name]
	if ok {
		return &o.Spec, true
	}
	return nil, false
}

func strict(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// both returns what Argo says of an object, and what millrace says. An object
// that doesn't decode has no verdict.
func (c *cluster) both(kind string, data []byte) (refused error, found []argo.Problem, ok bool) {
	in := argo.Workflow{Kind: kind, Path: "spec", Templates: c.spec}
	switch kind {
	case "Workflow":
		var o wfv1.Workflow
		if ok = strict(data, &o) == nil; ok {
			in.Spec = &o.Spec
			refused = validate.ValidateWorkflow(c.own, c.shared, &o, nil, validate.ValidateOpts{})
		}
	case "WorkflowTemplate":
		var o wfv1.WorkflowTemplate
		if ok = strict(data, &o) == nil; ok {
			in.Spec = &o.Spec
			refused = validate.ValidateWorkflowTemplate(c.own, c.shared, &o, nil, validate.ValidateOpts{})
		}
	case "ClusterWorkflowTemplate":
		var o wfv1.ClusterWorkflowTemplate
		if ok = strict(data, &o) == nil; ok {
			in.Spec = &o.Spec
			refused = validate.ValidateClusterWorkflowTemplate(c.own, c.shared, &o, nil, validate.ValidateOpts{})
		}
	case "CronWorkflow":
		var o wfv1.CronWorkflow
		if ok = strict(data, &o) == nil; ok {
			in.Spec, in.Cron, in.Path = &o.Spec.WorkflowSpec, &o.Spec, "spec.workflowSpec"
			refused = validate.ValidateCronWorkflow(context.Background(), c.own, c.shared, &o, nil)
		}
	}
	if !ok {
		return nil, nil, false
	}
	return refused, argo.Check(in), true
}

// spoil makes every small change to a spec, one after the other.
func spoil(at string, v any, set func(any), visit func(change string)) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			old := v[k]
			delete(v, k)
			visit(at + "." + k + " left out")
			v[k] = old
			spoil(at+"."+k, old, func(n any) { v[k] = n }, visit)
		}
	case []any:
		for i, item := range v {
			set(slices.Delete(slices.Clone(v), i, i+1))
			visit(fmt.Sprintf("%s[%d] left out", at, i))
			set(append(slices.Clone(v), item))
			visit(fmt.Sprintf("%s[%d] twice", at, i))
			set(v)
			spoil(fmt.Sprintf("%s[%d]", at, i), item, func(n any) { v[i] = n }, visit)
		}
	case string:
		for _, n := range []string{
			v + "x", "9" + v, "", strings.Replace(v, ".", ".x", 1), strings.Replace(v, "}}", "x}}", 1), strings.Replace(v, "s.", "S.", 1),
			"a {{inputs.parameters.nope}}", "{{tasks.nope.outputs.result}}", "{{steps.nope.id}}", "{{workflow.nope}}",
		} {
			if n != v {
				set(n)
				visit(fmt.Sprintf("%s: %q", at, n))
			}
		}
		set(v)
	}
}

// elsewhere is what validation refuses and no check of names does: values that
// stand alone, and templates of objects that are not there.
var elsewhere = regexp.MustCompile(`did not specify a path|already mounted|resource\.(action|manifest)|valid yaml|RetryPolicy|no (Cluster)?WorkflowTemplate|metric|schedule|concurrencyPolicy|timezone|hdfs|podGC|activeDeadlineSeconds must|` +
	// An empty list for a loop, and with it no item: no task is run.
	`failed to resolve {{item\.`)

// every is how many of the changes are tried: validation takes its time.
const every = 13

// TestCheckFindsWhatValidationDoes spoils Argo's examples. What Argo refuses of
// them, internal/argo finds as well.
func TestCheckFindsWhatValidationDoes(t *testing.T) {
	logrus.SetOutput(io.Discard) // validation logs
	all := documents(t, "examples")
	c := clusterOf(t, all)
	changes, refusals := 0, 0
	for _, d := range all {
		if refused, found, ok := c.both(d.kind, d.data); !ok || refused != nil || len(found) > 0 {
			continue // an argument too many hides what is spoilt
		}
		var root map[string]any
		if err := json.Unmarshal(d.data, &root); err != nil {
			t.Fatal(err)
		}
		spoil("spec", root["spec"], func(n any) { root["spec"] = n }, func(change string) {
			if changes++; changes%every != 0 {
				return
			}
			data, err := json.Marshal(root)
			if err != nil {
				t.Fatal(err)
			}
			refused, found, ok := c.both(d.kind, data)
			if !ok || refused == nil {
				return
			}
			refusals++
			if len(found) == 0 && !elsewhere.MatchString(refused.Error()) {
				t.Errorf("%s: %s: nothing found, but Argo says %v", d.file, change, refused)
			}
		})
	}
	if refusals < changes/every/3 {
		t.Errorf("Argo refused %d of %d changes", refusals, changes/every)
	}
}

// TestCheckAcceptsWhatValidationDoes holds the objects of Argo's tests to both.
// An argument that no template declares is one that Argo doesn't mind.
func TestCheckAcceptsWhatValidationDoes(t *testing.T) {
	logrus.SetOutput(io.Discard)
	all := documents(t, "test")
	c := clusterOf(t, all)
	accepted := 0
	for _, d := range all {
		refused, found, ok := c.both(d.kind, d.data)
		if !ok || refused != nil {
			continue
		}
		accepted++
		for _, p := range found {
			if !strings.Contains(p.Detail, "has no input") {
				t.Errorf("%s: %s %s: %s", d.file, p.Rule, p.Path, p.Detail)
			}
		}
	}
	if accepted < 200 {
		t.Errorf("Argo accepts %d of %d objects", accepted, len(all))
	}
}
