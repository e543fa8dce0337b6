package status

import (
	"slices"
	"strconv"
)

// sparkApplication reads kubeflow's SparkApplication. COMPLETED and FAILED are
// the only ends: the operator decides about retries before it sets them.
//
// With restartPolicy Always there is no end; the application is a service
// then, and done when its driver runs.
func sparkApplication(o fields) State {
	app := o.at("status", "applicationState")
	s := State{Reason: app.text("state"), Message: app.text("errorMessage")}
	switch s.Reason {
	case "":
		s.Reason = New
	case "COMPLETED":
		s.Phase = Done
	case "FAILED":
		s.Phase = Failed
		s.Message = orElse(s.Message, "the operator gives no reason")
	case "RUNNING":
		if o.at("spec", "restartPolicy").text("type") == "Always" {
			s.Phase = Done
			s.Message = orElse(s.Message, "it runs; with restartPolicy Always it has no end")
		}
	case "SUSPENDED":
		s.Message = orElse(s.Message, "spec.suspend is set")
	}
	return s
}

// scheduledSparkApplication is done once the operator has accepted the
// schedule, or leaves it alone because it is suspended.
func scheduledSparkApplication(o fields) State {
	status := o.at("status")
	s := State{Reason: orElse(status.text("scheduleState"), New), Message: status.text("reason")}
	switch {
	case s.Reason == "FailedValidation":
		s.Phase = Failed
	case s.Reason == "Scheduled":
		s.Phase = Done
	case o.at("spec").yes("suspend"):
		s = State{Phase: Done, Reason: "Suspended"}
	}
	return s
}

func sparkConnect(o fields) State {
	s := State{Reason: orElse(o.at("status").text("state"), New)}
	switch s.Reason {
	case "Ready":
		s.Phase = Done
	case "Failed":
		s.Phase = Failed
	}
	if c, ok := o.condition("ServerPodReady"); ok && s.Phase != Done {
		s.Message = c.message
	}
	return s
}

// The failures of Apache's operator; the first three never got as far as the
// job itself.
var apacheFailures = []string{"DriverStartTimedOut", "ExecutorsStartTimedOut", "SchedulingFailure",
	"DriverEvicted", "Failed", "DriverReadyTimedOut"}

// apacheSparkApplication reads Apache's SparkApplication. Its last states say
// that the resources are gone, not how it went: the outcome is in the history.
func apacheSparkApplication(o fields) State {
	status := o.at("status")
	current := status.at("currentState")
	s := State{Reason: orElse(current.text("currentStateSummary"), New), Message: current.text("message")}
	if s.Reason != "ResourceReleased" && s.Reason != "TerminatedWithoutReleaseResources" {
		return s
	}
	last := -1
	for key, item := range status.at("stateTransitionHistory") {
		entry, _ := item.(map[string]any)
		n, err := strconv.Atoi(key)
		if err != nil || n <= last {
			continue
		}
		switch summary := fields(entry).text("currentStateSummary"); {
		case summary == "Succeeded":
			last, s = n, State{Phase: Done, Reason: summary}
		case slices.Contains(apacheFailures, summary):
			last, s = n, State{Phase: Failed, Reason: summary, Message: fields(entry).text("message")}
		}
	}
	if last < 0 {
		s.Phase = Failed
		s.Message = orElse(s.Message, "it ended, and its history does not say how")
	}
	return s
}

func apacheSparkCluster(o fields) State {
	current := o.at("status", "currentState")
	s := State{Reason: orElse(current.text("currentStateSummary"), New), Message: current.text("message")}
	switch s.Reason {
	case "RunningHealthy":
		s.Phase = Done
	case "Failed", "SchedulingFailure", "ResourceReleased":
		s.Phase = Failed
	}
	return s
}
