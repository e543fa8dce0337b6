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
	switch {
	case name == "":
		r.report(RuleName, at.field("name").String(), "name it", "it is required")
	case len(name) > maxFieldName:
		r.report(RuleName, at.field("name").String(), "at most 128 characters", "the name has %d characters", len(name))
	case !isAlphanumeric(name[0]) || strings.ContainsFunc(name, func(c rune) bool { return c == '_' || !isWordRune(c) }):
		r.report(RuleName, at.field("name").String(), "letters, digits and '-', and no '-' at the beginning", "%s is no name that Argo takes", quoted(name))
	}
}

// valueName checks the name of a parameter or artifact. Those of outputs and
// arguments may have tags.
func valueName(name string, tags bool) (detail, fix string) {
	switch {
	case name == "":
		return "it is required", "name it"
	case tags && plainKey(nameAtRunTime(name)):
		return "", ""
	case !plainKey(name):
		return quoted(name) + " is no name that Argo takes", "letters, digits, '_' and '-'"
	}
	return "", ""
}

// valueNames checks the names of a list of parameters or artifacts.
func (r *resolver) valueNames(at *place, field string, tags bool, n int, name func(int) string) {
	for i := range n {
		if detail, fix := valueName(name(i), tags); detail != "" {
			r.report(RuleName, at.field(field).item(i).field("name").String(), fix, "%s", detail)
		}
	}
	r.unique(at, field, n, name)
}

// few names are compared with each other, which needs no memory.
const few = 8

// unique checks the names of a list.
func (r *resolver) unique(at *place, field string, n int, name func(int) string) {
	var seen map[string]int
	if n > few {
		seen = make(map[string]int, n)
	}
	for i := range n {
		first := i
		if seen == nil {
			for first = 0; name(first) != name(i); first++ {
			}
		} else if at, twice := seen[name(i)]; twice {
			first = at
		} else {
			seen[name(i)] = i
		}
		if first < i && name(i) != "" {
			at := at.field(field)
			r.report(RuleName, at.item(i).field("name").String(), "rename one of the two", "%s has the name %s too", at.item(first), quoted(name(i)))
		}
	}
}

func (r *resolver) parameterNames(at *place, list []wfv1.Parameter, tags bool) {
	r.valueNames(at, "parameters", tags, len(list), func(i int) string { return list[i].Name })
}

func (r *resolver) artifactNames(at *place, list []wfv1.Artifact, tags bool) {
	r.valueNames(at, "artifacts", tags, len(list), func(i int) string { return list[i].Name })
}

func (r *resolver) templateNames(root *place) {
	list := r.Spec.Templates
	r.unique(root, "templates", len(list), func(i int) string { return list[i].Name })
}
