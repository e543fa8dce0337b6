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
	"os"
	"os/exec"
	"path/filepath"
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
func documents(tb testing.TB, dir string) []document {
	tb.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/argoproj/argo-workflows/v3").Output()
	if err != nil {
		tb.Fatal(err)
	}
	root := strings.TrimSpace(string(out))
	var all []document
	err = filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
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
		tb.Fatal(err)
	}
	return all
}

// cluster holds the templates that both sides know.
type cluster struct {
	own    templates
	shared clusterTemplates
}

// clusterOf returns the templates that an object of a file finds: those of the
// file, then of its directory, then all.
func clusterOf(all []document, file string) *cluster {
	c := &cluster{templates{}, clusterTemplates{}}
	for _, near := range []func(string) bool{
		func(string) bool { return true },
		func(f string) bool { return filepath.Dir(f) == filepath.Dir(file) },
		func(f string) bool { return f == file },
	} {
		for _, d := range all {
			if near(d.file) {
				c.add(d)
			}
		}
	}
	return c
}

func (c *cluster) add(d document) {
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

func (c *cluster) spec(kind schema.GroupKind, _, name string) (*wfv1.WorkflowSpec, bool) {
	if kind.Kind == "WorkflowTemplate" {
		if o, ok := c.own[name]; ok {
			return &o.Spec, true
		}
		return nil, false
	}
	if o, ok := c.shared[name]; ok {
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
	in, validation, ok := c.read(kind, data)
	if !ok {
		return nil, nil, false
	}
	found = append(argo.Check(in), unreadable(in.Spec)...)
	return validation(), found, true
}

// unreadable finds manifests of new objects that can't be read, which is the
// business of package workflow: its rule of manifests says the same.
func unreadable(spec *wfv1.WorkflowSpec) []argo.Problem {
	var found []argo.Problem
	for i, t := range spec.Templates {
		r := t.Resource
		if r == nil || r.Manifest == "" || r.Action != "create" && r.Action != "apply" || strings.HasPrefix(r.Manifest, "{{") {
			continue
		}
		if _, err := argo.ReadManifest(r.Manifest); err != nil {
			found = append(found, argo.Problem{Rule: argo.RuleResource, Path: fmt.Sprintf("spec.templates[%d].resource.manifest", i), Detail: err.Error()})
		}
	}
	return found
}

// read decodes an object, and returns what millrace checks, and the call of
// Argo's validation.
func (c *cluster) read(kind string, data []byte) (in argo.Workflow, validation func() error, ok bool) {
	in = argo.Workflow{Kind: kind, Path: "spec", Templates: c.spec}
	var meta metav1.Object
	switch kind {
	case "Workflow":
		var o wfv1.Workflow
		ok = strict(data, &o) == nil
		meta, in.Spec = &o, &o.Spec
		validation = func() error {
			return validate.ValidateWorkflow(c.own, c.shared, &o, nil, validate.ValidateOpts{Submit: true})
		}
	case "WorkflowTemplate":
		var o wfv1.WorkflowTemplate
		ok = strict(data, &o) == nil
		meta, in.Spec = &o, &o.Spec
		validation = func() error {
			return validate.ValidateWorkflowTemplate(c.own, c.shared, &o, nil, validate.ValidateOpts{Lint: true})
		}
	case "ClusterWorkflowTemplate":
		var o wfv1.ClusterWorkflowTemplate
		ok = strict(data, &o) == nil
		meta, in.Spec = &o, &o.Spec
		validation = func() error {
			return validate.ValidateClusterWorkflowTemplate(c.own, c.shared, &o, nil, validate.ValidateOpts{Lint: true})
		}
	case "CronWorkflow":
		var o wfv1.CronWorkflow
		ok = strict(data, &o) == nil
		meta, in.Spec, in.Cron, in.Path = &o, &o.Spec.WorkflowSpec, &o.Spec, "spec.workflowSpec"
		validation = func() error { return validate.ValidateCronWorkflow(context.Background(), c.own, c.shared, &o, nil) }
	}
	if !ok {
		return in, nil, false
	}
	in.Name, in.Namespace = meta.GetName(), meta.GetNamespace()
	return in, caught(validation), true
}

// caught returns a validation whose panics are errors, which is what the
// controller makes of them.
func caught(validation func() error) func() error {
	return func() (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("panic: %v", r)
			}
		}()
		return validation()
	}
}

// silence stops Argo's log.
func silence(tb testing.TB) {
	tb.Helper()
	logrus.SetOutput(io.Discard)
	tb.Cleanup(func() { logrus.SetOutput(os.Stderr) })
}
