package status

import "strings"

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

// kafkaTopic reads a topic, whose operator says Ready=False where the others
// say NotReady=True. It sets observedGeneration on failure as well.
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
	c, ok := o.condition("Ready")
	switch {
	case ok && c.status == "True":
		return State{Phase: Done, Reason: "Ready", Message: warnings(o)}
	case ok && c.status == "False":
		return State{Phase: Failed, Reason: orElse(c.reason, "NotReady"), Message: c.message, Retried: !hopeless(c.reason)}
	default:
		return reconciling(o)
	}
}

// kafkaNodePool has no Ready condition: it is done when the operator has taken
// the spec over and given the nodes their ids. That the brokers run is what
// the Kafka object says.
func kafkaNodePool(o fields) State {
	if s, ok := paused(o); ok {
		return s
	}
	if ids := o.at("status").list("nodeIds"); !o.observed() || len(ids) == 0 {
		return reconciling(o)
	}
	return State{Phase: Done, Reason: "Accepted", Message: warnings(o)}
}

// kafkaRebalance is done when there is a proposal to look at, or when an
// approved one was carried out. Its state is the type of a condition.
func kafkaRebalance(o fields) State {
	if s, ok := paused(o); ok {
		return s
	}
	if o.at("metadata", "annotations").text("strimzi.io/rebalance-template") == "true" {
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
		s := State{Reason: state, Message: c.message}
		switch state {
		case "NotReady", "Stopped":
			s.Phase = Failed
		case "Ready", "ProposalReady":
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
	for _, item := range o.at("status").list("conditions") {
		c, _ := item.(map[string]any)
		if c := fields(c); c.text("type") == "Warning" && c.text("status") == "True" {
			out = append(out, orElse(c.text("message"), c.text("reason")))
		}
	}
	return strings.Join(out, "; ")
}

// hopeless reports whether trying again can't help: the spec itself is
// refused, or another KafkaTopic object owns the topic. The other reasons
// (KafkaError, InternalError, TimeoutException) come and go with the brokers.
func hopeless(reason string) bool {
	return reason == "ResourceConflict" || reason == "NotSupported" ||
		strings.HasPrefix(reason, "Invalid") || strings.HasPrefix(reason, "Unsupported")
}
