package status

// ready reads kinds with a plain Ready condition, as Karpenter's have: True is
// done, False is a failure that the controller goes on working on, anything
// else is progress.
func ready(o fields) State {
	c, ok := o.condition("Ready")
	generation, _ := o.at("metadata").number("generation")
	switch {
	case !ok:
		return State{Reason: New}
	case c.generation != 0 && c.generation < generation:
		return State{Reason: "Reconciling", Message: c.message}
	case c.status == "True":
		return State{Phase: Done, Reason: "Ready"}
	case c.status == "False":
		return State{Phase: Failed, Reason: orElse(c.reason, "NotReady"), Message: c.message, Retried: true}
	default:
		return State{Reason: orElse(c.reason, "Reconciling"), Message: c.message}
	}
}
