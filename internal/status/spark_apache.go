package status

import (
	"slices"
	"strconv"
)

// apacheState is what a state of Apache's SparkApplication means.
type apacheState struct {
	stage Stage
	// outcome is set in the states that say how a run went.
	outcome Phase
	// outside marks the failures that never got as far as the job itself.
	outside bool
}

// apacheStates are the states of Apache's SparkApplication. Those that say how
// a run went are followed by a new run or by one of the last two, which say
// only that the operator is through.
// Source: spark-kubernetes-operator 1.0.0, ApplicationStateSummary.
var apacheStates = map[string]apacheState{
	"":                                   {stage: Starting},
	"Submitted":                          {stage: Starting},
	"ScheduledToRestart":                 {stage: Retrying},
	"DriverRequested":                    {stage: Starting},
	"DriverStarted":                      {stage: Starting},
	"DriverReady":                        {stage: Starting},
	"InitializedBelowThresholdExecutors": {stage: Starting},
	"RunningHealthy":                     {stage: Running},
	"RunningWithPartialCapacity":         {stage: Running},
	"RunningWithBelowThresholdExecutors": {stage: Running},
	// Not in a release yet.
	"Suspended":                         {stage: Suspended},
	"DriverStartTimedOut":               {stage: Stopping, outcome: Failed, outside: true},
	"ExecutorsStartTimedOut":            {stage: Stopping, outcome: Failed, outside: true},
	"SchedulingFailure":                 {stage: Stopping, outcome: Failed, outside: true},
	"DriverReadyTimedOut":               {stage: Stopping, outcome: Failed},
	"DriverEvicted":                     {stage: Stopping, outcome: Failed},
	"Failed":                            {stage: Stopping, outcome: Failed},
	"Succeeded":                         {stage: Stopping, outcome: Done},
	"ResourceReleased":                  {stage: Ended},
	"TerminatedWithoutReleaseResources": {stage: Ended},
}

// apacheSparkApplication reads Apache's SparkApplication. Its last states say
// that the resources are gone, not how it went: the outcome is in the history.
//
// With the restart policy Always it is a service, as with the other operator.
// It does end once maxRestartAttempts runs have; the last one counts then.
func apacheSparkApplication(o fields) State {
	current := o.at("status", "currentState")
	name := current.text("currentStateSummary")
	is := apacheStates[name]
	s := State{Reason: orElse(name, New), Message: current.text("message"), Stage: is.stage}
	switch {
	case is.stage == Ended:
		return apacheOutcome(o, s)
	case is.stage == Running && apachePolicy(o) == always:
		s.Phase, s.Message = Done, endless
	case is.stage == Stopping && apacheRetries(o, is):
		s.Stage = Retrying
	case is.stage == Suspended:
		s.Message = orElse(s.Message, "spec.suspend is set")
	}
	return s
}

// apacheOutcome returns how the last run went. An earlier run's end does not
// count: the last one may have been cancelled before it had one.
func apacheOutcome(o fields, ended State) State {
	type entry struct {
		ordinal int
		state   fields
	}
	var entries []entry
	for key, item := range o.at("status", "stateTransitionHistory") {
		state, _ := item.(map[string]any)
		if n, err := strconv.Atoi(key); err == nil {
			entries = append(entries, entry{n, state})
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return a.ordinal - b.ordinal })
	none := ended
	none.Phase = Failed
	none.Message = orElse(ended.Message, "it ended, and its history does not say how")
	s := none
	for _, e := range entries {
		summary := e.state.text("currentStateSummary")
		switch is := apacheStates[summary]; {
		case summary == "Submitted" || summary == "ScheduledToRestart":
			s = none
		case is.outcome == Done:
			s = State{Phase: Done, Reason: summary, Stage: Ended}
		case is.outcome == Failed:
			s = State{Phase: Failed, Reason: summary, Message: e.state.text("message"), Stage: Ended}
		}
	}
	return s
}

func apacheRestarts(o fields) fields {
	return o.at("spec", "applicationTolerations", "restartConfig")
}

func apachePolicy(o fields) string { return apacheRestarts(o).text("restartPolicy") }

// apacheAttempts is how many runs may follow the first.
// Source: spark-kubernetes-operator 1.0.0, RestartConfig.
const apacheAttempts = 3

// apacheRetries reports whether another run follows. Two further limits, on
// failures in a row, may still keep the operator from it.
// Source: spark-kubernetes-operator 1.0.0, ApplicationStatus.terminateOrRestart.
func apacheRetries(o fields, is apacheState) bool {
	limit, ok := apacheRestarts(o).number("maxRestartAttempts")
	if !ok {
		limit = apacheAttempts
	}
	if attempt, _ := o.at("status", "currentAttemptSummary", "attemptInfo").number("id"); attempt >= limit {
		return false
	}
	switch apachePolicy(o) {
	case always:
		return true
	case "OnFailure":
		return is.outcome == Failed
	case "OnInfrastructureFailure":
		return is.outside
	default:
		return false
	}
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
