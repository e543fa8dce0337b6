// Package status reads what a live Kubernetes object says about itself: one
// state machine a kind, all of them pure functions of the object's content.
//
// Every reader is level-driven: it looks at what the object says now and never
// depends on having seen a state in between. A kind without a reader of its
// own is done as soon as it exists.
//
// Files: spark.go and spark_apache.go (the Spark operators), argo.go (Workflow, CronWorkflow),
// strimzi.go, karpenter.go, builtin.go (Deployment, StatefulSet, Job, custom
// resource definitions).
package status

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Phase is what a state means to someone who waits.
type Phase int

const (
	// InProgress means: wait on.
	InProgress Phase = iota
	// Done means that the object is what it was asked to be, or ran to a good end.
	Done
	// Failed means that it will not get there, or, if State.Retried is set, not as
	// long as nothing around it changes.
	Failed
)

// String returns "InProgress", "Done" or "Failed".
func (p Phase) String() string {
	switch p {
	case Done:
		return "Done"
	case Failed:
		return "Failed"
	default:
		return "InProgress"
	}
}

// State is what an object says about itself.
type State struct {
	// Phase is what it means.
	Phase Phase
	// Reason is the object's own word for it: "RUNNING", "Ready".
	Reason string
	// Message is what the object says in addition.
	Message string
	// Retried goes with Failed: the operator tries again by itself, so that
	// only a failure that lasts is one.
	Retried bool
	// Stage is where in its life a Spark application is. Other kinds, and
	// states that are not known here, have NoStage.
	Stage Stage
	// Progress is how far a workflow is: "1/3".
	Progress string
	// Tasks are what a workflow consists of, by start and name.
	Tasks []Task
}

// Stage is where in its life an application is, whatever its operator calls it.
type Stage int

const (
	// NoStage means that it is not known.
	NoStage Stage = iota
	// Starting means that it does not run yet.
	Starting
	// Running means that its driver runs.
	Running
	// Stopping means that it is over, and the operator has yet to say so: no
	// new run follows.
	Stopping
	// Retrying means that this run is over, and a new one follows.
	Retrying
	// Suspended means that nothing happens until somebody resumes it.
	Suspended
	// Ended means that the operator is through with it.
	Ended
)

// New is the Reason of an object that no operator has looked at yet.
const New = "New"

// Of returns the state of a live object. It keeps nothing of the object and
// changes nothing in it.
func Of(o *unstructured.Unstructured) State {
	if o == nil || o.Object == nil {
		return State{Reason: New}
	}
	gk := o.GroupVersionKind().GroupKind()
	if read, ok := readers[gk]; ok {
		return read(fields(o.Object))
	}
	if read, ok := groupReaders[gk.Group]; ok {
		return read(fields(o.Object))
	}
	return exists
}

// Exists is the Reason of a kind that says nothing about itself.
const Exists = "Exists"

// exists is the state of a kind that is done once it is there.
var exists = State{Phase: Done, Reason: Exists}

// Known reports whether a kind has a reader, and so can be in progress at all.
func Known(gk schema.GroupKind) bool {
	if _, ok := readers[gk]; ok {
		return true
	}
	_, ok := groupReaders[gk.Group]
	return ok
}

var readers = map[schema.GroupKind]func(fields) State{
	{Group: "sparkoperator.k8s.io", Kind: "SparkApplication"}:          sparkApplication,
	{Group: "sparkoperator.k8s.io", Kind: "ScheduledSparkApplication"}: scheduledSparkApplication,
	{Group: "sparkoperator.k8s.io", Kind: "SparkConnect"}:              sparkConnect,
	{Group: "spark.apache.org", Kind: "SparkApplication"}:              apacheSparkApplication,
	{Group: "spark.apache.org", Kind: "SparkCluster"}:                  apacheSparkCluster,
	{Group: "argoproj.io", Kind: "Workflow"}:                           workflow,
	{Group: "argoproj.io", Kind: "CronWorkflow"}:                       cronWorkflow,
	{Group: "kafka.strimzi.io", Kind: "KafkaTopic"}:                    claimed(kafkaTopic),
	{Group: "kafka.strimzi.io", Kind: "KafkaUser"}:                     claimed(strimzi),
	{Group: "kafka.strimzi.io", Kind: "KafkaNodePool"}:                 claimed(kafkaNodePool),
	{Group: "core.strimzi.io", Kind: "StrimziPodSet"}:                  podSet,
	{Group: "kafka.strimzi.io", Kind: "KafkaRebalance"}:                kafkaRebalance,
	{Group: "karpenter.sh", Kind: "NodePool"}:                          ready,
	{Group: "apps", Kind: "Deployment"}:                                deployment,
	{Group: "apps", Kind: "StatefulSet"}:                               statefulSet,
	{Group: "batch", Kind: "Job"}:                                      job,
	{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}:  crd,
}

// groupReaders are for operators all of whose kinds speak one language.
var groupReaders = map[string]func(fields) State{
	"kafka.strimzi.io":    strimzi,
	"karpenter.k8s.aws":   ready,
	"karpenter.azure.com": ready,
}

// fields reads unstructured content without copying it. Whatever is missing
// or of another type reads as the zero value.
type fields map[string]any

// at returns the object below the path; a nil one if there is none.
func (f fields) at(path ...string) fields {
	m := map[string]any(f)
	for _, key := range path {
		m, _ = m[key].(map[string]any)
	}
	return m
}

func (f fields) text(key string) string {
	s, _ := f[key].(string)
	return s
}

func (f fields) yes(key string) bool {
	b, _ := f[key].(bool)
	return b
}

// number returns an integer; JSON decoders make int64, int or float64 of it.
func (f fields) number(key string) (int64, bool) {
	switch n := f[key].(type) {
	case int64:
		return n, true
	case int:
		return int64(n), true
	case int32:
		return int64(n), true
	case float64:
		return int64(n), true
	default:
		return 0, false
	}
}

func (f fields) list(key string) []any {
	l, _ := f[key].([]any)
	return l
}

// observed reports whether the status is about the spec as it is now. An
// object without a generation, which only a fake makes, counts as observed.
func (f fields) observed() bool {
	generation, _ := f.at("metadata").number("generation")
	seen, ok := f.at("status").number("observedGeneration")
	return generation == 0 || ok && seen >= generation
}

// condition is one entry of status.conditions.
type condition struct {
	status, reason, message string
	generation              int64
}

func (f fields) condition(kind string) (condition, bool) {
	for _, item := range f.at("status").list("conditions") {
		c, _ := item.(map[string]any)
		if c := fields(c); c.text("type") == kind {
			generation, _ := c.number("observedGeneration")
			return condition{c.text("status"), c.text("reason"), c.text("message"), generation}, true
		}
	}
	return condition{}, false
}

// is reports whether the condition is there and True.
func (f fields) is(kind string) (condition, bool) {
	c, ok := f.condition(kind)
	return c, ok && c.status == "True"
}

// orElse returns s, or other if s is empty.
func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
