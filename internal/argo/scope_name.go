package argo

import (
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// maxFieldName is the longest name of a template, task or step.
// Source: Argo's validation, workflowFieldMaxLength.
const maxFieldName = 128

// fieldName checks the name of a template, task, step or container.
func (r *resolver) fieldName(at *place, name string) {
	at = at.field("name")
	switch {
	case name == "":
		r.report(RuleName, at.String(), "name it", "it is required")
	case len(name) > maxFieldName:
		r.report(RuleName, at.String(), "at most 128 characters", "the name has %d characters", len(name))
	case !isAlphanumeric(name[0]) || strings.ContainsFunc(name, func(c rune) bool { return c == '_' || !isWordRune(c) }):
		r.report(RuleName, at.String(), "letters, digits and '-', and no '-' at the beginning", "%s is no name that Argo takes", quoted(name))
	}
}

// valueName checks the name of a parameter or artifact.
func (r *resolver) valueName(at *place, name string) {
	if name == "" {
		r.report(RuleName, at.String(), "name it", "it is required")
	} else if !plainKey(name) {
		r.report(RuleName, at.String(), "letters, digits, '_' and '-'", "%s is no name that Argo takes", quoted(name))
	}
}

// unique checks the names of a list.
func (r *resolver) unique(at *place, n int, name func(int) string) {
	seen := make(map[string]int, n)
	for i := range n {
		first, twice := seen[name(i)]
		if !twice {
			seen[name(i)] = i
		} else if name(i) != "" {
			r.report(RuleName, at.item(i).field("name").String(), "rename one of the two", "%s has the name %s too", at.item(first), quoted(name(i)))
		}
	}
}

func (r *resolver) parameterNames(at *place, list []wfv1.Parameter) {
	for i := range list {
		r.valueName(at.item(i).field("name"), list[i].Name)
	}
	r.unique(at, len(list), func(i int) string { return list[i].Name })
}

func (r *resolver) artifactNames(at *place, list []wfv1.Artifact) {
	for i := range list {
		r.valueName(at.item(i).field("name"), list[i].Name)
	}
	r.unique(at, len(list), func(i int) string { return list[i].Name })
}

func (r *resolver) templateNames(root *place) {
	list := r.Spec.Templates
	r.unique(root.field("templates"), len(list), func(i int) string { return list[i].Name })
}
