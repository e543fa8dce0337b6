package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/schema"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/workflow"
)

// The rules that a profile holds about itself.
const (
	// RuleProfile: a waiver or a selection that names no rule of the profile,
	// a waiver without a reason, or an existing thing of a kind that no rule
	// asks for.
	RuleProfile = "policy/profile"
	// RuleUnchecked: an object that the rules could not read.
	RuleUnchecked = "policy/unchecked"
)

// Profile is a set of rules and the waivers from them. The zero Profile holds
// no rule. Its methods return a new Profile and leave the old one as it is;
// it is safe for concurrent use.
type Profile struct {
	name    string
	rules   []millrace.Rule
	waivers []waiver
	schema  bool
	only    []string // nil means every rule
	// existing are the things that are there without being in the bundle.
	existing []millrace.Ref
}

// Production returns what must hold in production: what the API server checks,
// as Schema does, and the rules of every noun.
func Production() Profile {
	return Profile{name: "production", schema: true}.With(slices.Concat(
		spark.Rules(),
		kafka.Rules(),
		workflow.Rules(),
		[]millrace.Rule{argo4Rule()},
		nodepool.Rules(),
		rules(),
	)...)
}

// Development returns what must hold even where nothing is lost when it
// breaks: the rules of Production without those on redundancy, isolation,
// eviction and tidying up, which a cluster on one machine can't follow.
func Development() Profile {
	p := Production()
	p.name = "development"
	p.rules = slices.DeleteFunc(p.rules, func(r millrace.Rule) bool { return slices.Contains(productionOnly, r.ID) })
	return p
}

// productionOnly are the rules that Development leaves out.
var productionOnly = []string{
	// One broker, one zone, one node.
	"kafka/replication-factor", "kafka/min-insync", "kafka/topic-replicas", "kafka/controllers", "kafka/rack-awareness",
	// Data that may go.
	"kafka/ephemeral-storage", "kafka/delete-claim", "kafka/storage-class",
	"spark/shuffle-loss", "spark/eviction-guard", "spark/driver-on-spot",
	// Nodes and clients that share everything.
	"placement/leak", "placement/expiry",
	"pod-security/baseline", "pod-security/restricted",
	"kafka/plain-listener", "spark/executor-pool", "spark/driver-priority-class",
	"nodepool/dedicated", "nodepool/spot-diversity", "nodepool/consolidation", "nodepool/budgets", "nodepool/termination-grace",
	// Runs that somebody looks at.
	"workflow/ttl", "workflow/deadline",
}

// Name returns the profile's name, as reports print it.
func (p Profile) Name() string { return p.name }

// Rules returns the rules in the order in which they are checked.
func (p Profile) Rules() []millrace.Rule { return slices.Clone(p.rules) }

// With adds rules; one whose id the profile already holds takes the place of
// the old one. A rule without an id or a Check is a finding itself.
func (p Profile) With(rules ...millrace.Rule) Profile {
	p.rules = slices.Clone(p.rules)
	at := make(map[string]int, len(p.rules))
	for i, r := range p.rules {
		at[r.ID] = i
	}
	for _, r := range rules {
		if i, ok := at[r.ID]; ok && r.ID != "" {
			p.rules[i] = r
			continue
		}
		at[r.ID] = len(p.rules)
		p.rules = append(p.rules, r)
	}
	return p
}

// Only keeps the findings of these rules. An id that the profile doesn't hold
// is a finding itself.
func (p Profile) Only(ids ...string) Profile {
	p.only = append([]string{}, ids...)
	return p
}

// Existing tells the rules "reference/…" of things that are in the cluster
// without being in the bundle: service accounts, secrets, config maps, claims,
// priority and storage classes, and namespaces. Without a namespace, a thing is
// in all of them.
//
// A kind that no rule asks for, and an empty name, are findings themselves; a
// thing that nothing needs is none.
func (p Profile) Existing(refs ...millrace.Ref) Profile {
	p.existing = slices.Concat(p.existing, refs)
	return p
}

// Check applies every rule to every object of the bundle, and to the objects
// that stand in the tasks of its workflows. A nil bundle has no findings.
func (p Profile) Check(b *millrace.Bundle) *Report {
	r := &Report{Profile: p.name, Findings: []millrace.Finding{}, rules: p.rules}
	if b == nil {
		b = new(millrace.Bundle)
	}
	for _, w := range p.waivers {
		r.Findings = append(r.Findings, p.checkWaiver(w)...)
	}
	for i, rule := range p.rules {
		if rule.ID == "" || rule.Check == nil {
			r.Findings = append(r.Findings, p.mistake(fmt.Sprintf("rule %d (%q)", i+1, rule.ID), "it has no id, or no Check", "set both"))
		}
	}
	for _, id := range p.only {
		if !p.holds(id) {
			r.Findings = append(r.Findings, p.mistake(fmt.Sprintf("Only(%q)", id), noSuchRule, lookUp))
		}
	}
	for _, ref := range p.existing {
		r.Findings = append(r.Findings, p.checkExisting(ref)...)
	}
	// Rules look at typed objects, also at those beside the one in question.
	var unread []error
	view := b.Convert(func(o millrace.Object) millrace.Object {
		out, err := typed(o)
		unread = append(unread, err)
		return out
	})
	// Rules about pods look at loaded pools as at composed ones.
	view = view.WithNodes(poolShapes(view)...)
	var all [][]subject
	common := millrace.Pass{Bundle: view}
	whole := &scene{existing: p.existing}
	for i, o := range b.Objects() {
		of := subjects(view, o, view.Objects()[i], unread[i])
		for _, s := range of {
			common.BundlePods = append(common.BundlePods, s.pods...)
		}
		all = append(all, of)
		whole.subjects = append(whole.subjects, of...)
	}
	common.Shared = map[any]any{sceneKey{}: whole}
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

const (
	noSuchRule = "the profile holds no such rule"
	lookUp     = "look its id up in the report or in docs/rules.md"
)

func (p Profile) checkExisting(ref millrace.Ref) []millrace.Finding {
	field := fmt.Sprintf("Existing(%s)", ref)
	if _, ok := referredKinds[ref.Kind]; !ok {
		return []millrace.Finding{p.mistake(field, fmt.Sprintf("no rule asks for things of the kind %q", ref.Kind),
			"use "+strings.Join(slices.Sorted(maps.Keys(referredKinds)), ", "))}
	}
	if ref.Name == "" {
		return []millrace.Finding{p.mistake(field, "the name is empty", "name the thing")}
	}
	return nil
}

// mistake is a finding about the profile itself.
func (p Profile) mistake(field, detail, fix string) millrace.Finding {
	return millrace.Finding{Rule: RuleProfile, Severity: millrace.Error, Object: millrace.Ref{Kind: "policy.Profile", Name: p.name},
		Field: field, Detail: detail, Fix: fix}
}

// selected returns the findings that Only keeps.
func (p Profile) selected(found []millrace.Finding) []millrace.Finding {
	if p.only == nil {
		return found
	}
	return slices.DeleteFunc(found, func(f millrace.Finding) bool { return !slices.Contains(p.only, f.Rule) })
}

// holds reports whether findings of the profile can have the rule's id.
func (p Profile) holds(id string) bool {
	return slices.ContainsFunc(p.rules, func(r millrace.Rule) bool { return r.ID == id }) ||
		p.schema && (slices.Contains(schemaRules, id) || slices.ContainsFunc(schema.Rules(), func(r schema.Rule) bool { return r.ID == id }))
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
		err := checkSchema(s.raw, s.field != "", func(q schema.Problem) { report(q.Rule, millrace.Error, q.Path, q.Detail, q.Fix) })
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
			continue // Check of the profile says so
		}
		pass := common
		pass.Object, pass.Raw, pass.Embedded, pass.Pods = s.read, s.raw, s.field != "", s.pods
		pass.Report = func(field, detail string) {
			report(rule.ID, rule.Severity, field, detail, rule.Fix)
		}
		rule.Check(&pass)
	}
	return found
}
