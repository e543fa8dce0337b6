package status

import "fmt"

// deployment is done when every replica runs the current template and is
// available.
func deployment(o fields) State {
	if c, ok := o.condition("Progressing"); ok && o.observed() && c.status == "False" {
		return State{Phase: Failed, Reason: orElse(c.reason, "NotProgressing"), Message: c.message, Retried: true}
	}
	return rollout(o, "availableReplicas")
}

func statefulSet(o fields) State {
	return rollout(o, "readyReplicas")
}

// rollout compares what a controller of pods has with what it was asked for.
func rollout(o fields, goodField string) State {
	want, ok := o.at("spec").number("replicas")
	if !ok {
		want = 1 // the API server's default
	}
	status := o.at("status")
	updated, _ := status.number("updatedReplicas")
	good, _ := status.number(goodField)
	total, _ := status.number("replicas")
	s := State{Reason: "Progressing", Message: fmt.Sprintf("%d of %d pods are ready", min(updated, good), want)}
	switch {
	case len(status) == 0:
		return State{Reason: New}
	case o.observed() && updated == want && good == want && total == want:
		return State{Phase: Done, Reason: "Available"}
	default:
		return s
	}
}

// job reads a batch Job: only the conditions Complete and Failed are final.
func job(o fields) State {
	if _, ok := o.is("Complete"); ok {
		return State{Phase: Done, Reason: "Complete"}
	}
	if c, ok := o.is("Failed"); ok {
		return State{Phase: Failed, Reason: orElse(c.reason, "Failed"), Message: c.message}
	}
	if c, ok := o.is("Suspended"); ok {
		return State{Reason: "Suspended", Message: c.message}
	}
	if len(o.at("status")) == 0 {
		return State{Reason: New}
	}
	return State{Reason: "Running"}
}

func crd(o fields) State {
	if _, ok := o.is("Established"); ok {
		return State{Phase: Done, Reason: "Established"}
	}
	if c, ok := o.condition("NamesAccepted"); ok && c.status == "False" {
		return State{Phase: Failed, Reason: orElse(c.reason, "NamesNotAccepted"), Message: c.message, Retried: true}
	}
	return State{Reason: New}
}
