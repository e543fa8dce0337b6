package diagnosis

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/status"
)

// lookAtApplication reads what the operator says.
func (q *inquiry) lookAtApplication() {
	if q.app == nil {
		return
	}
	q.lookForOperator()
	if yes, _ := q.value("spec", "suspend").(bool); q.state.Stage == status.Suspended || yes && q.state.Stage == status.NoStage {
		q.suspended()
	}
	switch {
	case q.app.GetKind() == "ScheduledSparkApplication":
		q.lookAtSchedule()
	case q.group == kubeflowGroup:
		q.lookAtMessage()
		q.lookAtRetry()
	case q.group == apacheGroup:
		q.lookAtHistory()
	}
}

func (q *inquiry) appNote(id string, l millrace.Likelihood, field, what, detail, fix string) {
	q.note(note{id: id, likelihood: l, object: q.appRef, detail: detail, fix: fix, where: q.appRef.String() + ": " + field, what: what})
}

func (q *inquiry) suspended() {
	fix := "set spec.suspend to false"
	if queue := q.app.GetLabels()["kueue.x-k8s.io/queue-name"]; queue != "" {
		fix = "Kueue resumes it when the queue " + queue + " has room: look at the Workload, and at the quota of its ClusterQueue"
	}
	field, what := "state", q.state.Reason
	if yes, _ := q.value("spec", "suspend").(bool); yes {
		field, what = "spec.suspend", "true"
	}
	q.appNote(Suspended, millrace.Certain, field, what, "the application is suspended", fix)
}

// busy is for how long an operator may have so much to submit that it gets to
// nothing else: kubeflow's starts a JVM for each, ten at a time.
const busy = 5 * time.Minute

// lookForOperator notices that no operator has looked at the application. The
// status follows the driver's pod by a moment.
func (q *inquiry) lookForOperator() {
	if q.state.Reason != status.New || q.driver != nil {
		return
	}
	age, ok := q.age(q.app.GetCreationTimestamp())
	if !ok || age <= patience {
		return
	}
	likelihood, fix := millrace.Likely, "see that the operator runs, and that it watches the namespace "+q.app.GetNamespace()+": "
	if q.group == apacheGroup {
		fix += "spark.kubernetes.operator.watchedNamespaces"
	} else {
		fix += "spark.jobNamespaces of its chart, which is only default by default"
	}
	if age <= busy {
		likelihood, fix = millrace.Possible, fix+"; it may also be busy with others"
	}
	q.appNote(OperatorAway, likelihood, "status", "empty", fmt.Sprintf("no operator has looked at it for %d s", int64(age.Seconds())), fix)
}

// lookAtSchedule reads a ScheduledSparkApplication.
// Source: spark-operator v2.5.1, internal/controller/scheduledsparkapplication.
func (q *inquiry) lookAtSchedule() {
	if q.text("status", "scheduleState") == "FailedValidation" {
		reason := q.text("status", "reason")
		q.appNote(ScheduleInvalid, millrace.Certain, "status.reason", reason, "the operator refuses the schedule: "+reason,
			"correct schedule and timeZone; the operator looks at it again only when the spec changes")
	}
	switch policy := q.text("spec", "concurrencyPolicy"); policy {
	case "Allow", "Forbid", "Replace":
	default:
		q.appNote(ConcurrencyPolicy, millrace.Certain, "spec.concurrencyPolicy", strconv.Quote(policy),
			"with this concurrencyPolicy the operator starts one run, and never another", "set concurrencyPolicy to Allow, Forbid or Replace, written so")
	}
}

// What kubeflow's operator says of a driver that failed.
// Source: spark-operator v2.5.1, internal/controller/sparkapplication/controller.go.
var driverFailed = regexp.MustCompile(`driver container failed with ExitCode: (-?\d+), Reason: (\S*)`)

const driverNotFound, driverStatusMissing = "driver pod not found", "driver container status missing"

// lookAtMessage reads status.applicationState.errorMessage. The operator
// leaves it there when a new run has begun, and it counts no longer then.
func (q *inquiry) lookAtMessage() {
	message := q.text("status", "applicationState", "errorMessage")
	if message == "" || q.state.Stage == status.Running || q.state.Stage == status.Starting {
		return
	}
	at := place{role: driver, object: q.appRef, where: q.appRef.String() + ": status.applicationState.errorMessage"}
	switch m := driverFailed.FindStringSubmatch(message); {
	case m != nil:
		code, err := strconv.ParseInt(m[1], 10, 32)
		if err != nil {
			return
		}
		at.what = message
		q.exited(at, known(m[2]), int32(code))
	case strings.Contains(message, driverNotFound), strings.Contains(message, driverStatusMissing):
		if q.driverTaken {
			return
		}
		q.note(note{id: DriverLost, role: driver, likelihood: millrace.Likely, object: q.appRef,
			detail: "the driver's pod is gone without a word: deleted, evicted, or lost with its node",
			fix:    byTheDriver, where: at.where, what: message})
	case q.refusal(at, message):
	case strings.HasPrefix(message, "failed to "):
		q.appNote(SubmissionFailed, millrace.Likely, "status.applicationState.errorMessage", message, "the job could not be submitted", "correct what the message says")
	}
}

// known returns a reason that says more than that there was an error.
func known(reason string) string {
	if reason == "OOMKilled" {
		return reason
	}
	return ""
}

// lookAtRetry finds an application that is to run again and can't: without
// the interval the operator does not know when.
// Source: spark-operator v2.5.1, pkg/util/sparkapplication.go, TimeUntilNextRetryDue.
func (q *inquiry) lookAtRetry() {
	field := map[string]string{"FAILING": "onFailureRetryInterval", "SUBMISSION_FAILED": "onSubmissionFailureRetryInterval"}[q.state.Reason]
	if field == "" || q.state.Stage != status.Retrying || q.value("spec", "restartPolicy", field) != nil {
		return
	}
	q.appNote(RetryStuck, millrace.Certain, "spec.restartPolicy."+field, "not set", "the application is to run again, and the operator can't tell when: it stays "+q.state.Reason,
		"set the interval; spark.Lifecycle always writes it")
}

// apacheTimeouts are the states in which Apache's operator has waited for too
// long, and the setting that says for how long.
var apacheTimeouts = map[string][2]string{
	"DriverStartTimedOut":    {"the driver did not start in time", "driverStartTimeoutMillis"},
	"DriverReadyTimedOut":    {"the driver started and was not ready in time", "driverReadyTimeoutMillis"},
	"ExecutorsStartTimedOut": {"too few executors started in time", "executorStartTimeoutMillis"},
}

// lookAtHistory reads the last attempt's states of Apache's operator. It
// releases the pods in the end, so its own copy of the driver's status is
// often all that is left.
func (q *inquiry) lookAtHistory() {
	history := q.object("status", "stateTransitionHistory")
	ordinals := slices.SortedFunc(maps.Keys(history), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
	last := 0
	for i, key := range ordinals {
		state, _ := history[key].(map[string]any)
		if s, _ := state["currentStateSummary"].(string); s == "ScheduledToRestart" || s == "Submitted" {
			last = i
		}
	}
	for _, key := range ordinals[min(last, len(ordinals)):] {
		state, _ := history[key].(map[string]any)
		q.lookAtState(state, "status.stateTransitionHistory["+key+"]")
	}
	if len(ordinals) == 0 {
		q.lookAtState(q.object("status", "currentState"), "status.currentState")
	}
}

func (q *inquiry) lookAtState(state map[string]any, field string) {
	summary, _ := state["currentStateSummary"].(string)
	message, _ := state["message"].(string)
	at := place{role: driver, object: q.appRef, where: q.appRef.String() + ": " + field}
	if t, ok := apacheTimeouts[summary]; ok {
		q.note(note{id: StartTimeout, likelihood: millrace.Certain, object: q.appRef, where: at.where, what: summary + ": " + message,
			detail: t[0], fix: "find out what held it up, or raise spec.applicationTolerations.applicationTimeoutConfig." + t[1]})
	}
	if summary != "Failed" && summary != "DriverEvicted" && summary != "SchedulingFailure" {
		return
	}
	q.lookAtLastDriver(state, field)
	switch {
	case summary == "DriverEvicted" && !q.noted(DriverEvicted):
		q.disruption(at, "Evicted", message)
	case summary == "SchedulingFailure" && !q.refusal(at, message):
		q.appNote(SubmissionFailed, millrace.Likely, field, summary+": "+message, "the operator could not make the driver", "look at the log of the operator: the API server's refusal is there")
	case summary == "Failed" && strings.HasPrefix(message, "Driver removed"):
		q.note(note{id: DriverLost, role: driver, likelihood: millrace.Likely, object: q.appRef,
			detail: "the driver's pod is gone without a word: deleted, evicted, or lost with its node", fix: byTheDriver, where: at.where, what: message})
	}
}

// lookAtLastDriver reads the operator's copy of the driver's status.
func (q *inquiry) lookAtLastDriver(state map[string]any, field string) {
	observed, ok := state["lastObservedDriverStatus"].(map[string]any)
	if !ok || q.driver != nil {
		return
	}
	var copied corev1.PodStatus
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(observed, &copied); err != nil {
		return
	}
	pod := &corev1.Pod{Status: copied}
	at := place{role: driver, object: q.appRef, where: q.appRef.String() + ": " + field + ".lastObservedDriverStatus"}
	if copied.Reason != "" && q.disruption(at, copied.Reason, copied.Message) {
		return
	}
	if t := mainStatus(pod, driver).State.Terminated; t != nil {
		q.exited(at, t.Reason, t.ExitCode)
	}
}

// fallBack says what is left to say of an application that failed.
func (q *inquiry) fallBack() {
	if !q.failed() {
		return
	}
	q.executorsFailed()
	if len(q.groups) == 0 && q.state.Phase == status.Failed {
		q.appNote(Unexplained, millrace.Possible, "status", q.state.Reason+": "+q.state.Message, "the application failed, and nothing here says why",
			"look at the log of the driver, and at that of the operator")
	}
}

// executorsFailed names executors that the operator calls failed where nothing
// says more.
func (q *inquiry) executorsFailed() {
	for _, id := range slices.Concat(driverDies, executorDies) {
		if q.noted(id) {
			return
		}
	}
	for _, name := range slices.Sorted(maps.Keys(q.object("status", "executorState"))) {
		if q.text("status", "executorState", name) == "FAILED" {
			q.note(note{id: ExecutorFailed, role: executor, object: q.appRef, key: executorOfPod(name),
				detail: "an executor failed, and nothing is left that says why",
				fix:    "look at the log of the driver; spark.kubernetes.executor.deleteOnTermination=false in Conf keeps the pods of failed executors",
				where:  q.appRef.String() + ": status.executorState[" + name + "]", what: "FAILED"})
		}
	}
}
