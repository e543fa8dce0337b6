package argo

import (
	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// The kinds whose objects are used by others, which bring what is missing.
const (
	kindTemplate        = "WorkflowTemplate"
	kindClusterTemplate = "ClusterWorkflowTemplate"
)

// lookup finds another object's workflow.
func (c *checker) lookup(cluster bool, name string) (*wfv1.WorkflowSpec, bool) {
	if c.Templates == nil || hasTag(name) {
		return nil, false
	}
	kind, namespace := kindTemplate, c.Namespace
	if cluster {
		kind, namespace = kindClusterTemplate, ""
	}
	spec, ok := c.Templates(schema.GroupKind{Group: Group, Kind: kind}, namespace, name)
	if !ok || spec == nil {
		return nil, false
	}
	return spec, true
}

// templatesOf returns the templates of a spec by their names.
func (c *checker) templatesOf(spec *wfv1.WorkflowSpec) map[string]*wfv1.Template {
	index, ok := c.indexes[spec]
	if !ok {
		index = make(map[string]*wfv1.Template, len(spec.Templates))
		for i := range spec.Templates {
			index[spec.Templates[i].Name] = &spec.Templates[i]
		}
		c.indexes[spec] = index
	}
	return index
}
