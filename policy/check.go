package policy

import (
	"slices"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/schema"
)

// Check applies every rule to every object of the bundle, and to the objects
// that stand in the tasks of its workflows. A nil bundle has no findings.
func (p Profile) Check(b *millrace.Bundle) *Report {
	r := &Report{Profile: p.name, Findings: p.mistakes(), rules: p.rules}
	if b == nil {
		b = new(millrace.Bundle)
	}
	common, all := p.look(b)
	for i, o := range b.Objects() {
		var found []millrace.Finding
		for _, s := range all[i] {
			found = append(found, p.selected(p.check(common, s))...)
		}
		found = p.waivedByObject(found, o)
		for i, f := range found {
			if at, ok := b.Position(o, f.Field); ok {
				found[i].File, found[i].Line = at.File, at.Line
			}
		}
		r.Findings = append(r.Findings, found...)
	}
	for i, f := range r.Findings {
		if f.Waived == "" {
			r.Findings[i].Waived = p.waived(f)
		}
	}
	slices.SortStableFunc(r.Findings, millrace.CompareFindings)
	return r
}

// look reads a bundle: what there is to check of each of its objects, and what
// the passes of all rules have in common.
func (p Profile) look(b *millrace.Bundle) (common millrace.Pass, all [][]subject) {
	// Rules look at typed objects, also at those beside the one in question.
	var unread []error
	view := b.Convert(func(o millrace.Object) millrace.Object {
		out, err := typed(o)
		unread = append(unread, err)
		return out
	})
	// Rules about pods look at loaded pools as at composed ones.
	view = view.WithNodes(poolShapes(view)...)
	whole, nearby := &scene{existing: p.existing}, lookAround(view)
	common = millrace.Pass{Bundle: view, Shared: map[any]any{sceneKey{}: whole}}
	for i, o := range b.Objects() {
		of := subjects(nearby, o, view.Objects()[i], unread[i])
		for _, s := range of {
			common.BundlePods = append(common.BundlePods, s.pods...)
		}
		all = append(all, of)
		whole.subjects = append(whole.subjects, of...)
	}
	return common, all
}

// check holds one subject against the schema of its kind and against every
// rule. common is what their passes have in common.
func (p Profile) check(common millrace.Pass, s subject) []millrace.Finding {
	var found []millrace.Finding
	report := func(rule string, severity millrace.Severity, field, detail, fix string) {
		found = append(found, millrace.Finding{Rule: rule, Severity: severity, Object: s.owner, Field: s.at(field), Detail: detail, Fix: fix})
	}
	unchecked := func(err error) {
		report(RuleUnchecked, millrace.Warning, "", "the rules can't read it: "+err.Error(), "correct the field, or make the object with its builder")
	}
	if p.schema && s.raw != nil {
		err := checkSchema(s, func(q schema.Problem) { report(q.Rule, millrace.Error, q.Path, q.Detail, q.Fix) })
		if err != nil {
			unchecked(err)
		}
	}
	if s.err != nil {
		unchecked(s.err)
		return found
	}
	for _, rule := range p.rules {
		if rule.Check == nil {
			continue // mistakes says so
		}
		pass := common
		pass.Object, pass.Raw, pass.Inside, pass.Pods = s.read, s.raw, s.field != "", s.pods
		pass.ReportFix = func(field, detail, fix string) { report(rule.ID, rule.Severity, field, detail, fix) }
		pass.Report = func(field, detail string) { pass.ReportFix(field, detail, rule.Fix) }
		rule.Check(&pass)
	}
	return found
}
