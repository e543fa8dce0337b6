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
	"github.com/millrace/millrace/tenancy"
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
		tenancy.Rules(),
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
	"kafka/separate-roles", "kafka/zones", "kafka/disruption-budget",
	// Data that may go.
	"kafka/ephemeral-storage", "kafka/delete-claim", "kafka/storage-class", "kafka/storage-expansion", "kafka/storage-jbod",
	"spark/shuffle-loss", "spark/eviction-guard", "spark/driver-on-spot", "spark/spot-decommission", "spark/scratch-size",
	// Nodes and clients that share everything.
	"placement/leak", "placement/expiry", "placement/on-spot", "placement/eviction-guard", "placement/grace", "placement/consolidation", "placement/exclusive", "placement/ephemeral-storage",
	"pod-security/baseline", "pod-security/restricted",
	"kafka/plain-listener", "kafka/memory", "kafka/cpu-limit", "kafka/dedicated-nodes", "kafka/listener-auth", "kafka/open-listener", "kafka/authorization", "kafka/user-wildcard", "kafka/user-unbounded",
	"spark/executor-pool", "spark/driver-priority-class",
	"tenancy/pod-security", "tenancy/quota", "tenancy/limit-range", "tenancy/network", "tenancy/default-account", "tenancy/executor-account",
	"tenancy/volume-expansion", "tenancy/priority-preemption",
	"nodepool/dedicated", "nodepool/spot-diversity", "nodepool/consolidation", "nodepool/budgets", "nodepool/termination-grace",
	"nodeclass/ami-pinned", "nodeclass/disk-size", "nodeclass/hop-limit",
	// Runs that somebody looks at.
	"workflow/ttl", "workflow/deadline", "spark/time-to-live", "spark/event-log", "spark/packages-at-runtime", "spark/image-pull",
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

const (
	noSuchRule = "the profile holds no such rule"
	lookUp     = "look its id up in the report or in docs/rules.md"
)

// mistakes are what is wrong with the profile itself: rules without a check,
// and names that lead to no rule or kind. The list is never nil, as a report
// is written with an empty one.
func (p Profile) mistakes() []millrace.Finding {
	found := []millrace.Finding{}
	for i, rule := range p.rules {
		if rule.ID == "" || rule.Check == nil {
			found = append(found, p.mistake(fmt.Sprintf("rule %d (%q)", i+1, rule.ID), "it has no id, or no Check", "set both"))
		}
	}
	for _, id := range p.only {
		if !p.holds(id) {
			found = append(found, p.mistake(fmt.Sprintf("Only(%q)", id), noSuchRule, lookUp))
		}
	}
	for _, w := range p.waivers {
		found = append(found, p.checkWaiver(w)...)
	}
	for _, ref := range p.existing {
		found = append(found, p.checkExisting(ref)...)
	}
	return found
}

// checkExisting says what is wrong with a thing that is said to exist.
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
		p.schema && slices.ContainsFunc(schemaRules(), func(r schema.Rule) bool { return r.ID == id })
}
