package kafka

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Plan tells what becomes of a cluster, its topics, users and clients when the
// objects of one bundle take the place of those of another: what restarts
// brokers, what the operators refuse, what they take and never carry out, and
// what costs data. It looks at all kinds of Strimzi's and passes over others.
//
// Objects are told apart by kind, namespace and name. One that is only in the
// old bundle counts as deleted, as a GitOps controller does that prunes. The
// old bundle may hold live objects, whose status is made use of; for what the
// operators decide by other objects (replicas by Cruise Control, retention by
// the brokers' own), both bundles should hold the Kafka object.
//
// The changes come in order of objects and fields. Plan changes nothing and
// asks nobody; either bundle may be nil.
func Plan(before, after *millrace.Bundle) (Changes, error) {
	p := &planner{before: map[planKey]tree{}, after: map[planKey]tree{}, watched: map[planKey]tree{}, owners: map[[2]string]string{}}
	if err := p.index(before, p.before); err != nil {
		return nil, err
	}
	if err := p.index(after, p.after); err != nil {
		return nil, err
	}
	for key, now := range p.after {
		if key.kind == topicKind {
			p.owners[ownedTopic(key.name, now)] = key.name
		}
		if was, ok := p.before[key]; ok {
			p.compare(key, was, now)
		}
	}
	for key, was := range p.before {
		if _, ok := p.after[key]; !ok {
			p.removed(key, was)
		}
	}
	slices.SortFunc(p.changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Object.Namespace, b.Object.Namespace), cmp.Compare(a.Object.Kind, b.Object.Kind),
			cmp.Compare(a.Object.Name, b.Object.Name), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Detail, b.Detail))
	})
	return p.changes, nil
}

// Effect is what becomes of a change.
type Effect int

const (
	// Applied means that it is carried out, and no broker restarts.
	Applied Effect = iota
	// Rolls means that it is carried out by restarting pods one by one: those
	// of the brokers or controllers for a Kafka or a KafkaNodePool, those of the
	// component for other kinds.
	Rolls
	// Ignored means that nothing refuses it, and nothing carries it out: the
	// object looks right and the cluster stays as it was.
	Ignored
	// Refused means that the operator says no: the object turns NotReady, and
	// nothing else of it is carried out either.
	Refused
	// Destroys means that records, offsets or the quorum may be lost.
	Destroys
)

// String returns the constant's name in lower case.
func (e Effect) String() string {
	switch e {
	case Applied:
		return "applied"
	case Rolls:
		return "rolls"
	case Ignored:
		return "ignored"
	case Refused:
		return "refused"
	case Destroys:
		return "destroys"
	}
	return fmt.Sprintf("Effect(%d)", int(e))
}

// Change is one difference between two bundles, and what becomes of it.
type Change struct {
	// Object is what changes.
	Object millrace.Ref
	// Field is its path in the manifest; empty if the object goes.
	Field string
	// Before and After are its values, in one line; empty where there is none.
	Before, After string
	// Effect is what becomes of it.
	Effect Effect
	// Detail says it in one sentence.
	Detail string
	// Fix says what to do instead; empty where nothing need be done.
	Fix string
}

// String returns the change in one line.
func (c Change) String() string {
	var b strings.Builder
	b.WriteString(c.Object.String() + ": ")
	if c.Field != "" {
		fmt.Fprintf(&b, "%s: %s -> %s: ", c.Field, cmp.Or(c.Before, "unset"), cmp.Or(c.After, "unset"))
	}
	fmt.Fprintf(&b, "%s: %s", c.Effect, c.Detail)
	if c.Fix != "" {
		b.WriteString("; " + c.Fix)
	}
	return b.String()
}

// Changes are what Plan found.
type Changes []Change

// Err returns a *PlanError with the changes that are ignored, refused or
// destroy something, and nil if there are none. To accept some of them, remove
// them first, as with slices.DeleteFunc.
func (c Changes) Err() error {
	var bad Changes
	for _, change := range c {
		if change.Effect >= Ignored {
			bad = append(bad, change)
		}
	}
	if len(bad) == 0 {
		return nil
	}
	return &PlanError{Changes: bad}
}

// RollsBrokers reports whether brokers or controllers restart.
func (c Changes) RollsBrokers() bool {
	return slices.ContainsFunc(c, func(change Change) bool {
		return change.Effect == Rolls && (change.Object.Kind == kafkaKind.Kind || change.Object.Kind == poolKind.Kind)
	})
}

// PlanError says that a bundle must not take the place of another.
type PlanError struct {
	// Changes are those that are ignored, refused or destroy something.
	Changes Changes
}

// Error returns a line for each change.
func (e *PlanError) Error() string {
	lines := make([]string, len(e.Changes))
	for i, c := range e.Changes {
		lines[i] = c.String()
	}
	return "plan: " + strings.Join(lines, "\nplan: ")
}

// planKey is what tells objects apart.
type planKey struct {
	kind            schema.GroupKind
	namespace, name string
}

// planner compares two bundles.
type planner struct {
	before, after map[planKey]tree
	// watched are the Kafkas whose topic operator looks at another namespace,
	// as if they were there.
	watched map[planKey]tree
	// owners are the names of the new objects by what ownedTopic says of them.
	owners  map[[2]string]string
	changes Changes
}

// index reads the objects of Strimzi's as JSON has them, typed or not.
func (p *planner) index(b *millrace.Bundle, into map[planKey]tree) error {
	if b == nil {
		return nil
	}
	for _, o := range b.Objects() {
		kind := o.GetObjectKind().GroupVersionKind().GroupKind()
		if kind.Group != strimziv1.GroupVersion.Group {
			continue
		}
		decoded, err := copyTree(o)
		if err != nil {
			return fmt.Errorf("plan %s: %w", millrace.RefOf(o), err)
		}
		t := tree(decoded)
		into[planKey{kind, o.GetNamespace(), o.GetName()}] = t
		if watched := t.at("spec", "entityOperator", "topicOperator").text("watchedNamespace"); kind == kafkaKind && watched != "" {
			p.watched[planKey{kind, watched, o.GetName()}] = t
		}
	}
	return nil
}

// planned is one object that is in both bundles.
type planned struct {
	*planner
	ref      millrace.Ref
	key      planKey
	was, now tree
	changes  Changes
}

// compare judges each difference by the table of the object's kind.
func (p *planner) compare(key planKey, was, now tree) {
	o := &planned{p, millrace.Ref{Kind: key.kind.Kind, Namespace: key.namespace, Name: key.name}, key, was, now, nil}
	o.cluster()
	judges := planTable[key.kind.Kind]
	for _, d := range differences("spec", was["spec"], now["spec"]) {
		o.judge(judges, d)
	}
	o.annotations()
	if o.now.at("metadata", "annotations").text("strimzi.io/pause-reconciliation") == "true" {
		for i := range o.changes {
			c := &o.changes[i]
			c.Effect, c.Detail, c.Fix = Ignored, "the annotation strimzi.io/pause-reconciliation stops the operator", "take the annotation away"
		}
	}
	p.changes = append(p.changes, o.changes...)
}

// judge reports one difference: the judge with the longest path has the word.
func (o *planned) judge(judges []planJudge, d difference) {
	best, length := planJudge{effect: Rolls, detail: "the operator restarts pods for what isn't known to do without"}, -1
	for _, j := range judges {
		if n, ok := j.matches(d.path); ok && n > length {
			best, length = j, n
		}
	}
	if best.judge != nil {
		best.judge(o, d)
		return
	}
	o.report(d, best.effect, best.detail, best.fix)
}

func (o *planned) report(d difference, effect Effect, detail, fix string) {
	o.changes = append(o.changes, Change{Object: o.ref, Field: d.path, Before: short(d.was), After: short(d.now), Effect: effect, Detail: detail, Fix: fix})
}

// cluster judges the label by which an object belongs to its cluster.
func (o *planned) cluster() {
	was, now := o.was.at("metadata", "labels").text(clusterLabel), o.now.at("metadata", "labels").text(clusterLabel)
	if was == now || o.key.kind == kafkaKind {
		return
	}
	d := difference{path: at("metadata.labels", clusterLabel), was: optional(was), now: optional(now)}
	switch {
	case now == "":
		o.report(d, Ignored, "without the label no operator looks at it any more", "keep the label")
	case was == "":
		o.report(d, Applied, "the operator begins to look at it", "")
	case o.key.kind == poolKind:
		o.report(d, Destroys, "the nodes of the pool leave their cluster with all that they hold", "make a new pool, and remove the old one when it is empty")
	case o.key.kind.Kind == "KafkaTopic":
		o.report(d, Ignored, "the other cluster makes the topic anew, empty; the records stay where they are, and nobody manages them", "make a new topic, and mirror the records")
	default:
		o.report(d, Applied, "it is made anew in the other cluster", "")
	}
}

func optional(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// removed judges an object that the new bundle doesn't have.
func (p *planner) removed(key planKey, was tree) {
	c := Change{Object: millrace.Ref{Kind: key.kind.Kind, Namespace: key.namespace, Name: key.name}, Effect: Applied}
	switch key.kind.Kind {
	case "Kafka":
		c.Effect, c.Detail, c.Fix = Destroys, "the cluster goes with all its nodes; disks stay only where deleteClaim is false", "keep the object"
	case "KafkaNodePool":
		removedPool(&c, was)
	case "KafkaTopic":
		p.removedTopic(&c, was)
	case "KafkaUser":
		c.Detail = "its credentials and ACLs go, and clients that use them are cut off"
	case "KafkaConnect", "KafkaMirrorMaker2", "KafkaBridge":
		c.Detail = "its workers go; what they had stored in topics stays"
	case "KafkaConnector":
		c.Detail = "the connector is deleted; its offsets stay"
	case "KafkaRebalance":
		c.Detail = "a rebalance that is going on goes on"
	default:
		c.Detail = "it goes"
	}
	p.changes = append(p.changes, c)
}
