package kafka

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/yaml"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Upgraded is what Upgrade makes of yesterday's manifests. As a Builder it
// brings its objects into a composition:
//
//	bundle, err := millrace.Build(upgraded)
type Upgraded struct {
	// Objects are today's equivalents, in the order of the old ones: typed,
	// of kafka.strimzi.io/v1. The pools of a cluster follow its Kafka, and
	// what is new beside an object, such as a ConfigMap, follows that. What
	// is not Strimzi's is as it came.
	Objects []millrace.Object
	// Changes are what is elsewhere now, otherwise, or no more.
	Changes []UpgradeChange
	// Decisions are what nobody can derive from the manifests.
	Decisions []UpgradeDecision
}

// UpgradeKind says what became of a value.
type UpgradeKind string

// The values of UpgradeKind.
const (
	// UpgradeMoved: the same value stands elsewhere.
	UpgradeMoved UpgradeKind = "moved"
	// UpgradeRewritten: another value says the same.
	UpgradeRewritten UpgradeKind = "rewritten"
	// UpgradeDropped: it is gone, and Detail says why it isn't missed.
	UpgradeDropped UpgradeKind = "dropped"
	// UpgradeAdded: the old object left it to a default that is no more.
	UpgradeAdded UpgradeKind = "added"
)

// UpgradeChange is one difference between an old object and what became of it.
type UpgradeChange struct {
	// Kind is what became of the value.
	Kind UpgradeKind `json:"kind"`
	// Object is the old one.
	Object millrace.Ref `json:"object"`
	// Path is where the value stood in it: "spec.kafka.storage". It stands for
	// all that was below, but for what other changes name. Empty for what was
	// added, and for the whole object.
	Path string `json:"path,omitempty"`
	// In is the object that has the value now, where that is another one.
	In millrace.Ref `json:"in,omitzero"`
	// To is the path there; empty for what was dropped.
	To string `json:"to,omitempty"`
	// Detail says what changed, and why.
	Detail string `json:"detail"`
	// Source says where that comes from.
	Source string `json:"source,omitempty"`
}

// String returns the change on one line.
func (c UpgradeChange) String() string {
	from, to := c.Path, c.To
	if c.In != (millrace.Ref{}) {
		to = c.In.String() + ": " + to
	}
	switch {
	case from == "":
		from = to
	case to != "" && to != from:
		from += " -> " + to
	}
	if from != "" {
		from += ": "
	}
	return fmt.Sprintf("%s: %s %s%s", c.Object, c.Kind, from, c.Detail)
}

// UpgradeDecision is something that a person has to decide. Until then the new
// objects have what Taken says.
type UpgradeDecision struct {
	// Object is the old one.
	Object millrace.Ref `json:"object"`
	// Path is what the decision is about; empty for the whole object.
	Path string `json:"path,omitempty"`
	// Question says what has to be decided, and why.
	Question string `json:"question"`
	// Taken says what Upgrade did for the time being.
	Taken string `json:"taken"`
	// Options are what else to do, the likeliest first.
	Options []string `json:"options,omitempty"`
	// Source says where that comes from.
	Source string `json:"source,omitempty"`
	// Proposal is an object that could take the old one's place. It is not
	// among Objects, since applying it does something that the old one didn't.
	Proposal millrace.Object `json:"-"`
}

// String returns the decision on one line, without its options.
func (d UpgradeDecision) String() string {
	path := d.Path
	if path != "" {
		path += ": "
	}
	return fmt.Sprintf("%s: %s%s; until then: %s", d.Object, path, d.Question, d.Taken)
}

// Build returns a deep copy of the objects.
func (u *Upgraded) Build() (millrace.Parts, error) {
	if u == nil {
		return millrace.Parts{}, nilBuilder("kafka.Upgraded")
	}
	return millrace.Parts{Objects: u.Objects}.Build()
}

// Upgrade makes today's equivalents of Strimzi's objects as they were written
// for any version before: kafka.strimzi.io/v1alpha1 to v1, with ZooKeeper or
// without. It takes them as millrace.Load returns them, all of one cluster at
// once, since whether a Kafka gets node pools depends on those that it has:
//
//	bundle, err := millrace.Load("manifests")
//	upgraded, err := kafka.Upgrade(bundle.Objects()...)
//
// Nothing is lost without a word: each value of an old object has its place in
// a new one at the same path, or is named by a change or a decision. What v1
// has no field for, and Upgrade doesn't know either, is a decision as well.
// Nothing is invented: where the old object doesn't say what the new one needs,
// the default that Upgrade took is a decision.
//
// The objects are for Strimzi 1.2 and Kafka 4. They say what the cluster is,
// not how a running one gets there: that is the first of its decisions.
//
// The error is a *millrace.BuildError about the objects that are too broken to
// be converted; the result beside it has all others, and is never nil. The old
// objects are not changed, and share no memory with the new ones.
func Upgrade(objects ...millrace.Object) (*Upgraded, error) {
	u := &upgrade{out: &Upgraded{}, pooled: make(map[millrace.Ref]bool), controlled: make(map[millrace.Ref]bool)}
	conversions := make([]*conversion, len(objects))
	for i, o := range objects {
		conversions[i] = u.read(o)
	}
	for i, c := range conversions {
		if c != nil {
			u.convert(c, objects[i])
		}
	}
	return u.out, u.problems.Err()
}

// upgrade is one call of Upgrade.
type upgrade struct {
	out      *Upgraded
	problems millrace.Problems
	// pooled are the Kafkas that have node pools, and controlled those that
	// have controllers among them.
	pooled, controlled map[millrace.Ref]bool
}

// read takes an object in as a tree, and notes what others need to know of it.
func (u *upgrade) read(o millrace.Object) *conversion {
	if v := reflect.ValueOf(o); !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		u.problems.Object = millrace.Ref{Kind: "kafka.Upgrade"}
		u.problems.Required("", "an object is nil: leave it out")
		return nil
	}
	c := &conversion{upgrade: u, ref: millrace.RefOf(o), kind: o.GetObjectKind().GroupVersionKind()}
	c.faults.Object = c.ref
	if c.kind.Group != strimziv1.GroupVersion.Group {
		return c
	}
	var err error
	if c.tree, err = copyTree(o); err != nil {
		c.faults.Add(millrace.RuleInvalid, "", err.Error(), "give it values that JSON has")
		c.failed()
		return nil
	}
	if c.kind.Kind == poolKind.Kind {
		cluster := millrace.Ref{Kind: kafkaKind.Kind, Namespace: c.ref.Namespace, Name: o.GetLabels()[clusterLabel]}
		u.pooled[cluster] = true
		if slices.Contains(texts(c.root().sub("spec").m["roles"]), string(strimziv1.ProcessRoleController)) {
			u.controlled[cluster] = true
		}
	}
	return c
}

// failed reports whether the object can't be converted, and hands on why.
func (c *conversion) failed() bool {
	err := c.faults.Err()
	c.fail(c.ref, err)
	return err != nil
}

// fail takes over the mistakes of one object.
func (u *upgrade) fail(of millrace.Ref, err error) {
	u.problems.Object = of
	u.problems.Nested("", err)
}

// copyTree returns a copy of an object as JSON decodes it.
func copyTree(o millrace.Object) (map[string]any, error) {
	data, err := yaml.AppendJSON(nil, o)
	if u, ok := o.(*unstructured.Unstructured); ok {
		data, err = json.Marshal(u.Object) // with its status, which is told
	}
	if err != nil {
		return nil, err
	}
	var tree map[string]any
	err = utiljson.Unmarshal(data, &tree)
	return tree, err
}

// kindUpgrade is how objects of one kind are converted.
type kindUpgrade struct {
	object func() millrace.Object
	// as is the kind that they become, if it is another one.
	as string
	// bare objects need no spec: an empty one says the same.
	bare    bool
	convert func(c *conversion, spec section)
}

func kindUpgrades() map[string]kindUpgrade {
	return map[string]kindUpgrade{
		"Kafka":             {object: func() millrace.Object { return new(strimziv1.Kafka) }, convert: (*conversion).kafka},
		"KafkaNodePool":     {object: func() millrace.Object { return new(strimziv1.KafkaNodePool) }, convert: (*conversion).nodePool},
		"KafkaTopic":        {object: func() millrace.Object { return new(strimziv1.KafkaTopic) }, bare: true, convert: (*conversion).topic},
		"KafkaUser":         {object: func() millrace.Object { return new(strimziv1.KafkaUser) }, bare: true, convert: (*conversion).user},
		"KafkaConnect":      {object: func() millrace.Object { return new(strimziv1.KafkaConnect) }, convert: (*conversion).connect},
		"KafkaConnectS2I":   {object: func() millrace.Object { return new(strimziv1.KafkaConnect) }, as: "KafkaConnect", convert: (*conversion).connectS2I},
		"KafkaConnector":    {object: func() millrace.Object { return new(strimziv1.KafkaConnector) }, convert: (*conversion).connector},
		"KafkaMirrorMaker2": {object: func() millrace.Object { return new(strimziv1.KafkaMirrorMaker2) }, convert: (*conversion).mirrorMaker2},
		"KafkaBridge":       {object: func() millrace.Object { return new(strimziv1.KafkaBridge) }, convert: (*conversion).bridge},
		"KafkaRebalance":    {object: func() millrace.Object { return new(strimziv1.KafkaRebalance) }, bare: true, convert: func(*conversion, section) {}},
	}
}

// convert makes what becomes of one object.
func (u *upgrade) convert(c *conversion, old millrace.Object) {
	kind, ok := kindUpgrades()[c.kind.Kind]
	switch {
	case c.kind.Group == strimziv1.CoreGroupVersion.Group:
		c.changed(UpgradeChange{Kind: UpgradeDropped, Detail: "the operator writes its pod sets itself", Source: "Strimzi, con-pod-management"})
		c.report()
		return
	case c.tree == nil:
		parts, err := millrace.Parts{Objects: []millrace.Object{old}}.Build()
		u.fail(c.ref, err)
		u.out.Objects = append(u.out.Objects, parts.Objects...)
		return
	case c.kind.Kind == "KafkaMirrorMaker":
		c.mirrorMaker()
		return
	case !ok:
		c.decide("", UpgradeDecision{Question: fmt.Sprintf("%s has no kind %s", strimziv1.GroupVersion, c.kind.Kind), Taken: "it is left out", Options: []string{"remove it"}})
		c.report()
		return
	}
	spec, ok := c.spec(kind.bare)
	if !ok {
		return
	}
	c.common()
	kind.convert(c, spec)
	c.finish(kind.object())
}

// conversion is what becomes of one object.
type conversion struct {
	*upgrade
	ref  millrace.Ref
	kind schema.GroupVersionKind
	// tree is the new object in the making.
	tree map[string]any
	// beside are new objects, and pools those that are trees yet.
	beside []millrace.Object
	pools  []*newPool

	changes   []UpgradeChange
	decisions []UpgradeDecision
	// faults are why the object can't be converted.
	faults millrace.Problems
}

// finish reads the tree as today's object. What that has no field for is a
// decision, so that nothing goes by the board.
func (c *conversion) finish(o millrace.Object) {
	c.tree["apiVersion"] = strimziv1.GroupVersion.String()
	if c.kind.Version != strimziv1.GroupVersion.Version {
		c.changed(UpgradeChange{Kind: UpgradeRewritten, Path: "apiVersion", To: "apiVersion", Detail: "Strimzi 1.0 and later serve " + strimziv1.GroupVersion.String() + " only", Source: "Strimzi, CHANGELOG 1.0.0"})
	}
	objects := []millrace.Object{c.decode(c.tree, o, millrace.Ref{})}
	for _, pool := range c.pools {
		objects = append(objects, c.decode(pool.tree, new(strimziv1.KafkaNodePool), pool.ref))
	}
	if c.failed() {
		return
	}
	c.out.Objects = append(append(c.out.Objects, objects...), c.beside...)
	c.report()
}

// report hands on what is to be said of the object. What was changed and then
// moved with all around it is said of its last place.
func (c *conversion) report() {
	for i := range c.changes {
		change := &c.changes[i]
		for _, later := range c.changes[i+1:] {
			rest, ok := below(change.To, later.Path)
			if ok && change.In == (millrace.Ref{}) && later.Kind == UpgradeMoved {
				change.In, change.To = later.In, later.To+rest
			}
		}
	}
	c.out.Changes = append(c.out.Changes, c.changes...)
	c.out.Decisions = append(c.out.Decisions, c.decisions...)
}

// decode reads a tree as an object. in is the new object that it is, if it is
// not what became of the old one.
func (c *conversion) decode(tree map[string]any, o millrace.Object, in millrace.Ref) millrace.Object {
	unknownFields(tree, o, func(parent map[string]any, key, path string) {
		delete(parent, key)
		c.decide(c.origin(in, path), UpgradeDecision{Question: strimziv1.GroupVersion.String() + " has no field for it", Taken: "it is left out, as the API server would drop it", Options: []string{"remove it", "correct its name"}, Source: "Strimzi 1.2.0, CRDs"})
	})
	data, err := json.Marshal(tree)
	if err == nil {
		err = json.Unmarshal(data, o)
	}
	if err != nil {
		path, detail := "", err.Error()
		if te, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			path, detail = c.origin(in, te.Field), fmt.Sprintf("it is a %s, not a %s", te.Value, te.Type)
		}
		c.faults.Add(millrace.RuleInvalid, path, detail, "correct the value")
	}
	return o
}

// origin returns where a value of a new object stood in the old one.
func (c *conversion) origin(in millrace.Ref, path string) string {
	for _, change := range slices.Backward(c.changes) {
		if rest, ok := below(path, change.To); ok && change.In == in && change.Kind == UpgradeMoved {
			path, in = change.Path+rest, millrace.Ref{}
		}
	}
	return path
}
