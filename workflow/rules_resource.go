package workflow

import (
	"encoding/json"
	"fmt"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/argo"
)

// created is a resource template that creates an object, and that object as
// far as the rules look into it.
type created struct {
	path     string
	resource *wfv1.ResourceTemplate
	// namespace is that of the workflow.
	namespace string
	object    manifestHead
	// err is why the manifest can't be read, and object is empty.
	err error
}

// manifestHead is what the rules read of an embedded object.
type manifestHead struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name            string `json:"name"`
		GenerateName    string `json:"generateName"`
		Namespace       string `json:"namespace"`
		OwnerReferences []struct {
			Kind string `json:"kind"`
		} `json:"ownerReferences"`
	} `json:"metadata"`
}

// resourceRule makes a rule of what looks at the resource templates that
// create something and say here what.
func resourceRule(check func(*millrace.Pass, created)) func(*millrace.Pass) {
	return func(p *millrace.Pass) {
		s, ok := specOf(p.Object)
		if !ok {
			return
		}
		s.templates(func(path string, t *wfv1.Template) {
			r := t.Resource
			if r == nil || r.Manifest == "" || r.Action != "create" && r.Action != "apply" {
				return
			}
			c := created{path: path + ".resource", resource: r, namespace: s.namespace}
			text, err := argo.ReadManifest(r.Manifest)
			if err == nil {
				err = json.Unmarshal(text, &c.object)
			}
			c.err = err
			check(p, c)
		})
	}
}

func checkManifest(p *millrace.Pass, c created) {
	// A manifest that is all one reference is known only at run time.
	if trimmed := strings.TrimSpace(c.resource.Manifest); strings.HasPrefix(trimmed, "{{") && strings.HasSuffix(trimmed, "}}") && c.err != nil {
		return
	}
	switch {
	case c.err != nil:
		p.Report(c.path+".manifest", c.err.Error())
	case c.object.APIVersion == "" || c.object.Kind == "":
		p.Report(c.path+".manifest", "the object does not say its apiVersion and kind")
	}
}

func checkOwner(p *millrace.Pass, c created) {
	if c.err != nil {
		return
	}
	owned := c.resource.SetOwnerReference
	for _, owner := range c.object.Metadata.OwnerReferences {
		owned = owned || owner.Kind == "Workflow"
	}
	namespace := c.object.Metadata.Namespace
	foreign := namespace != "" && c.namespace != "" && namespace != c.namespace && !strings.Contains(namespace, "{{")
	switch {
	case owned && foreign:
		p.Report(c.path+".manifest", fmt.Sprintf("the object is in the namespace %q and its owner, the workflow, in %q: it is deleted at once", namespace, c.namespace))
	case !owned && foreign:
		p.Report(c.path+".manifest", fmt.Sprintf("the object is in the namespace %q, where the workflow, in %q, can't own it: nothing deletes it", namespace, c.namespace))
	case !owned:
		p.Report(c.path+".setOwnerReference", "it is not set: nothing deletes the "+orObject(c.object.Kind))
	}
}

func checkResourceName(p *millrace.Pass, c created) {
	if c.err != nil {
		return
	}
	name, generated := c.object.Metadata.Name, c.object.Metadata.GenerateName
	waits := c.resource.SuccessCondition != "" || c.resource.FailureCondition != ""
	switch {
	case name == "" && generated != "" && c.resource.Action == "apply":
		p.Report(c.path+".manifest", "metadata.generateName can't be applied, only created")
	case name == "" && generated != "":
		p.Report(c.path+".manifest", "metadata.generateName makes another "+orObject(c.object.Kind)+" each time that the task's pod is started again")
	case name == "":
		p.Report(c.path+".manifest", "metadata.name is not set")
	case waits && !strings.Contains(name, "{{"):
		p.Report(c.path+".manifest", fmt.Sprintf("metadata.name is %q in every run: a run finds the object of the one before", name))
	}
}

func checkConditions(p *millrace.Pass, c created) {
	success, failure := c.resource.SuccessCondition, c.resource.FailureCondition
	switch {
	case success != "" && failure == "":
		p.Report(c.path+".failureCondition", "it is not set: when the "+orObject(c.object.Kind)+" fails, the task waits on")
	case success == "" && failure != "":
		p.Report(c.path+".successCondition", "it is not set: the task succeeds as soon as the "+orObject(c.object.Kind)+" has not failed yet")
	case success == "" && failure == "" && runsOnce(c.object):
		p.Report(c.path+".successCondition", "it is not set: the task succeeds as soon as the "+c.object.Kind+" is there")
	}
}

// runsOnce reports whether a kind is a job: something that ends.
func runsOnce(o manifestHead) bool {
	switch o.Kind {
	case "SparkApplication", "Job", "RayJob", "FlinkSessionJob":
		return true
	case "Workflow":
		return strings.HasPrefix(o.APIVersion, "argoproj.io/")
	}
	// PyTorchJob, TFJob, MPIJob and the like.
	return strings.HasPrefix(o.APIVersion, "kubeflow.org/") && strings.HasSuffix(o.Kind, "Job")
}

func orObject(kind string) string {
	if kind == "" {
		return "object"
	}
	return kind
}
