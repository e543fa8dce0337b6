package argo

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
)

// condition checks one that the executor holds an object against, every few
// seconds: requirements on its fields, in the grammar of label selectors. A
// success needs all of them, a failure one.
// Source: Argo Workflows v3.7.14, workflow/executor/resource.go.
func (f *fields) condition(path, text string, success bool) {
	if text == "" {
		return
	}
	all, err := f.requirements(text)
	if err != nil {
		if trimmed := strings.TrimSpace(text); !strings.HasPrefix(trimmed, "{{") {
			f.report(RuleResource, path, `write it as "status.phase == Succeeded" or "status.phase in (Failed, Error)"; ',' is all there is beside it`, "%s can't be read: %s", shown(text), oneLine(err))
		}
		return
	}
	if success {
		if absent := slices.ContainsFunc(all, func(r labels.Requirement) bool { return !holdsWithout(&r) }); !absent && len(all) > 0 {
			f.report(RuleResource, path, "say what the field is once the object is done", "%s holds at once, before the object has a status", shown(text))
		}
		return
	}
	for i := range all {
		if holdsWithout(&all[i]) {
			f.report(RuleResource, path, "say what the field is once the object has failed", "%s holds at once, before the object has a status", shown(all[i].String()))
		}
	}
	f.together(path, text, all)
}

// parsed is what became of the text of a condition. Many tasks have the same.
type parsed struct {
	all labels.Requirements
	err error
}

func (f *fields) requirements(text string) (labels.Requirements, error) {
	if p, ok := f.conditions[text]; ok {
		return p.all, p.err
	}
	// References stand for numbers: a number is good as a key, a value and a bound.
	var p parsed
	selector, err := labels.Parse(putForTags(text, func(string) string { return "1" }))
	if p.err = err; err == nil {
		p.all, _ = selector.Requirements()
	}
	f.conditions[text] = p
	return p.all, p.err
}

// holdsWithout reports whether a requirement on the status holds where there
// is no status.
func holdsWithout(r *labels.Requirement) bool {
	if r.Key() != "status" && !strings.HasPrefix(r.Key(), "status.") {
		return false
	}
	switch r.Operator() {
	case selection.NotEquals, selection.NotIn, selection.DoesNotExist:
		return true
	}
	return false
}

// together reports requirements of a failure that look as if they were meant
// to hold together: each alone would do. Several that each say that something
// has failed are taken as they are.
func (f *fields) together(path, text string, all labels.Requirements) {
	if len(all) < 2 {
		return
	}
	for i := range all {
		if !saysFailed(&all[i]) {
			f.report(RuleResource, path, "leave what alone is a failure", "the comma in %s means or: %s alone makes the task fail", shown(text), shown(all[i].String()))
			return
		}
	}
}

// saysFailed reports whether a requirement alone is about a failure.
func saysFailed(r *labels.Requirement) bool {
	bad := func(s string) bool {
		s = strings.ToLower(s)
		for _, word := range []string{"fail", "err", "abort", "cancel", "kill", "dead", "crash", "timeout", "evict", "invalid", "unknown", "stop", "terminat", "reject", "backoff", "lost"} {
			if strings.Contains(s, word) {
				return true
			}
		}
		return false
	}
	if bad(r.Key()) {
		return true
	}
	for value := range r.Values() {
		if !bad(value) {
			return false
		}
	}
	return len(r.Values()) > 0
}
