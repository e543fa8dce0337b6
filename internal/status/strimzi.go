package status

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// strimzi reads the kinds whose operators write Ready=True for good and
// NotReady=True for bad: Kafka, KafkaConnect, KafkaConnector, KafkaUser,
// KafkaMirrorMaker2 and KafkaBridge.
func strimzi(o fields) State {
	if s, ok := paused(o); ok {
		return s
	}
	if !o.observed() {
		return reconciling(o)
	}
	if c, ok := o.is("Ready"); ok {
		if s, ok := unfulfilled(o); ok {
			return s
		}
		return State{Phase: Done, Reason: "Ready", Message: orElse(c.message, warnings(o))}
	}
	c, ok := o.is("NotReady")
	switch {
	case !ok:
		return reconciling(o)
	case c.reason == "Creating":
		return State{Reason: c.reason, Message: c.message}
	default:
		return State{Phase: Failed, Reason: orElse(c.reason, "NotReady"), Message: c.message, Retried: !hopeless(c.reason)}
	}
}

// unfulfilled finds the warnings that ride along with Ready and say that the
// operator did something else than it was asked to.
// Source: Strimzi, KafkaPool.fromCrd, KafkaClusterCreator, PvcReconciler,
// KRaftMetadataManager.
func unfulfilled(o fields) (State, bool) {
	for _, c := range o.warnings() {
		switch reason := c.text("reason"); reason {
		case "KafkaStorage":
			// The same reason warns of a single node with ephemeral disks.
			if strings.Contains(c.text("message"), "changes will be ignored") {
				return State{Phase: Failed, Reason: reason, Message: c.text("message")}, true
			}
		case "ScaleDownPreventionCheck", "PvcResizingWarning", "MetadataUpdateFailed":
			return State{Phase: Failed, Reason: reason, Message: c.text("message"), Retried: true}, true
		}
	}
	return State{}, false
}

// claimed reads a kind whose operators look only at objects that name their
// cluster.
func claimed(read func(fields) State) func(fields) State {
	return func(o fields) State {
		if s, ok := unclaimed(o); ok {
			return s
		}
		return read(o)
	}
}

// unclaimed finds objects that no operator will ever look at, as they have no
// label that names their cluster. An operator that stands alone can be set up
// to select others, so this is no failure, but what a wait says that ends.
func unclaimed(o fields) (State, bool) {
	if o.at("metadata", "labels").text(clusterLabel) != "" || len(o.at("status")) > 0 {
		return State{}, false
	}
	return State{Reason: Unclaimed, Message: "it has no label " + clusterLabel + ", so no operator looks at it"}, true
}

// Unclaimed is the Reason of an object that names no cluster.
const Unclaimed = "Unclaimed"

const clusterLabel = "strimzi.io/cluster"

// kafkaTopic reads a topic, whose operator says Ready=False where the others
// say NotReady=True. It sets observedGeneration on failure as well. A change of
// its replicas goes on after it is Ready.
func kafkaTopic(o fields) State {
	if s, ok := paused(o); ok {
		return s
	}
	if !o.observed() {
		return reconciling(o)
	}
	if _, ok := o.is("Unmanaged"); ok {
		return State{Phase: Done, Reason: "Unmanaged", Message: "strimzi.io/managed is false: the operator leaves the topic alone"}
	}
	c, _ := o.condition("Ready")
	switch c.status {
	case "True":
		if change := o.at("status", "replicasChange"); change != nil {
			return State{Reason: "ReplicasChange", Message: orElse(change.text("message"), "Cruise Control moves the replicas: "+change.text("state"))}
		}
		return State{Phase: Done, Reason: "Ready", Message: warnings(o)}
	case "False":
		return State{Phase: Failed, Reason: orElse(c.reason, "NotReady"), Message: c.message, Retried: !hopeless(c.reason)}
	default:
		return reconciling(o)
	}
}

// kafkaNodePool has no Ready condition: it is done when the operator has taken
// the spec over and given each of the nodes its id. That its pods run is what
// its StrimziPodSet says, and then the Kafka object: see NodePool.
func kafkaNodePool(o fields) State {
	if s, ok := paused(o); ok {
		return s
	}
	if !o.observed() || len(o.at("status")) == 0 {
		return reconciling(o)
	}
	if s, ok := unfulfilled(o); ok {
		return s
	}
	ids := len(o.at("status").list("nodeIds"))
	if want, ok := o.at("spec").number("replicas"); ok && int64(ids) != want || !ok && ids == 0 {
		// More than were asked for are those that still hold partitions.
		return State{Reason: "Scaling", Message: strings.TrimSuffix(fmt.Sprintf("%d of %d nodes have an id; %s", ids, want, warnings(o)), "; ")}
	}
	return State{Phase: Done, Reason: "Accepted", Message: warnings(o)}
}

// podSet reads a StrimziPodSet: it is done when every pod is of its newest
// revision and ready.
func podSet(o fields) State {
	if c, ok := o.is("Error"); ok {
		return State{Phase: Failed, Reason: "Error", Message: c.message, Retried: true}
	}
	if !o.observed() || len(o.at("status")) == 0 {
		return reconciling(o)
	}
	s := o.at("status")
	pods, _ := s.number("pods")
	current, _ := s.number("currentPods")
	ready, _ := s.number("readyPods")
	if want := int64(len(o.at("spec").list("pods"))); pods != want || current != want || ready != want {
		return State{Reason: "Rolling", Message: fmt.Sprintf("of %d pods %d are of the newest revision and %d are ready", want, current, ready)}
	}
	return State{Phase: Done, Reason: "Ready"}
}

// NodePool returns the state of a KafkaNodePool together with the StrimziPodSet
// of its pods and the Kafka that it belongs to, either of which may be nil
// where it is not there: the operator marks the pool as observed before it
// restarts a pod, and a change of a pool doesn't count as one of the Kafka.
// Source: Strimzi, KafkaReconciler.reconcile.
func NodePool(pool, pods, kafka *unstructured.Unstructured) State {
	s := Of(pool)
	for _, o := range []*unstructured.Unstructured{pods, kafka} {
		if s.Phase != Done {
			break
		}
		next := Of(o)
		if o == nil && len(fields(pool.Object).at("status").list("nodeIds")) == 0 {
			continue // a pool without nodes may have no pods
		}
		next.Message = orElse(next.Message, s.Message)
		s = next
	}
	return s
}

// kafkaRebalance is done when there is a proposal to look at, or, once that is
// approved, or is to be without a look, when it was carried out. Its state is
// the type of a condition.
// Source: Strimzi, KafkaRebalanceState.java.
func kafkaRebalance(o fields) State {
	if s, ok := paused(o); ok {
		return s
	}
	notes := o.at("metadata", "annotations")
	if notes.text("strimzi.io/rebalance-template") == "true" {
		return State{Phase: Done, Reason: "Template"}
	}
	if !o.observed() {
		return reconciling(o)
	}
	for _, state := range []string{"NotReady", "Stopped", "Ready", "ProposalReady", "Rebalancing", "PendingProposal", "New"} {
		c, ok := o.is(state)
		if !ok {
			continue
		}
		s := State{Reason: state, Message: orElse(c.message, warnings(o))}
		switch asked := notes.text("strimzi.io/rebalance"); {
		case asked == "refresh":
			s.Message = "the operator has yet to ask for a new proposal"
		case state == "Stopped" && asked == "stop", state == "Ready":
			s.Phase = Done
		case state == "NotReady", state == "Stopped":
			s.Phase = Failed
		case state == "ProposalReady" && asked != "approve" && notes.text("strimzi.io/rebalance-auto-approval") != "true":
			s.Phase = Done
		}
		return s
	}
	return reconciling(o)
}

// paused ends every wait: the operator does nothing until someone takes the
// annotation away.
func paused(o fields) (State, bool) {
	_, ok := o.is("ReconciliationPaused")
	return State{Phase: Failed, Reason: "ReconciliationPaused",
		Message: "the annotation strimzi.io/pause-reconciliation stops the operator"}, ok
}

func reconciling(o fields) State {
	if len(o.at("status")) == 0 {
		return State{Reason: New}
	}
	return State{Reason: "Reconciling", Message: warnings(o)}
}

// warnings joins the Warning conditions that ride along with Ready.
func warnings(o fields) string {
	var out []string
	for _, c := range o.warnings() {
		out = append(out, orElse(c.text("message"), c.text("reason")))
	}
	return strings.Join(out, "; ")
}

// warnings are the conditions of type Warning.
func (f fields) warnings() []fields {
	var out []fields
	for _, item := range f.at("status").list("conditions") {
		c, _ := item.(map[string]any)
		if c := fields(c); c.text("type") == "Warning" && c.text("status") == "True" {
			out = append(out, c)
		}
	}
	return out
}

// hopeless reports whether trying again can't help: the spec itself is
// refused, or another KafkaTopic object owns the topic. The other reasons
// (KafkaError, InternalError, TimeoutException) come and go with the brokers.
func hopeless(reason string) bool {
	return reason == "ResourceConflict" || reason == "NotSupported" ||
		strings.HasPrefix(reason, "Invalid") || strings.HasPrefix(reason, "Unsupported")
}
