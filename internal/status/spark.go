package status

// sparkStages are the states of kubeflow's SparkApplication. FAILING,
// SUBMISSION_FAILED and SUCCEEDING are where the operator decides whether a new
// run follows; see sparkRetries.
// Source: spark-operator v2.5.1, api/v1beta2, ApplicationStateType.
var sparkStages = map[string]Stage{
	"":                  Starting,
	"SUBMITTED":         Starting,
	"RUNNING":           Running,
	"SUCCEEDING":        Stopping,
	"FAILING":           Stopping,
	"SUBMISSION_FAILED": Stopping,
	"PENDING_RERUN":     Retrying,
	"INVALIDATING":      Retrying,
	"SUSPENDING":        Suspended,
	"SUSPENDED":         Suspended,
	"RESUMING":          Starting,
	// The node of the driver does not answer: the pod's phase is Unknown.
	"UNKNOWN":   Running,
	"COMPLETED": Ended,
	"FAILED":    Ended,
}

// endless is said of an application that runs and is never to end.
const endless = "it runs; with restartPolicy Always it has no end"

// sparkApplication reads kubeflow's SparkApplication. COMPLETED and FAILED are
// the only ends: the operator decides about retries before it sets them.
//
// With restartPolicy Always there is no end; the application is a service
// then, and done when its driver runs.
func sparkApplication(o fields) State {
	app := o.at("status", "applicationState")
	name := app.text("state")
	s := State{Reason: orElse(name, New), Message: app.text("errorMessage"), Stage: sparkStages[name]}
	switch name {
	case "COMPLETED":
		s.Phase = Done
	case "FAILED":
		s.Phase = Failed
		s.Message = orElse(s.Message, "the operator gives no reason")
	case "RUNNING":
		if o.at("spec", "restartPolicy").text("type") == always {
			s.Phase = Done
			s.Message = orElse(s.Message, endless)
		}
	case "SUSPENDED":
		s.Message = orElse(s.Message, "spec.suspend is set")
	case "FAILING", "SUBMISSION_FAILED", "SUCCEEDING":
		if sparkRetries(o, name) {
			s.Stage = Retrying
		}
	}
	return s
}

// always is the restart policy of both operators that repeats every run.
const always = "Always"

// sparkRetries reports whether the operator starts another run. Retries that
// are not set are none.
// Source: spark-operator v2.5.1, pkg/util/sparkapplication.go, ShouldRetry.
func sparkRetries(o fields, name string) bool {
	policy := o.at("spec", "restartPolicy")
	if policy.text("type") == always {
		return true
	}
	if policy.text("type") != "OnFailure" {
		return false
	}
	most, done := "onFailureRetries", "executionAttempts"
	switch name {
	case "SUBMISSION_FAILED":
		most, done = "onSubmissionFailureRetries", "submissionAttempts"
	case "SUCCEEDING":
		return false
	}
	limit, ok := policy.number(most)
	attempts, _ := o.at("status").number(done)
	return ok && attempts <= limit
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
