package status_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/millrace/millrace/internal/status"
)

// operatorStates reads the states of a SparkApplication off the operator's own
// source, so that a new one is noticed.
func operatorStates(t *testing.T) []string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/kubeflow/spark-operator/v2/api/v1beta2").Output()
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "sparkapplication_types.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var states []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "ApplicationStateType" {
			return true
		}
		for _, value := range spec.Values {
			state, err := strconv.Unquote(value.(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			states = append(states, state)
		}
		return true
	})
	return states
}

// TestSparkStages holds every state that the operator has against what it
// means to a waiter.
func TestSparkStages(t *testing.T) {
	want := map[string]struct {
		phase status.Phase
		stage status.Stage
	}{
		"":                  {inProgress, status.Starting},
		"SUBMITTED":         {inProgress, status.Starting},
		"RUNNING":           {inProgress, status.Running},
		"SUCCEEDING":        {inProgress, status.Stopping},
		"FAILING":           {inProgress, status.Stopping},
		"SUBMISSION_FAILED": {inProgress, status.Stopping},
		"PENDING_RERUN":     {inProgress, status.Retrying},
		"INVALIDATING":      {inProgress, status.Retrying},
		"SUSPENDING":        {inProgress, status.Suspended},
		"SUSPENDED":         {inProgress, status.Suspended},
		"RESUMING":          {inProgress, status.Starting},
		"UNKNOWN":           {inProgress, status.Running},
		"COMPLETED":         {done, status.Ended},
		"FAILED":            {failed, status.Ended},
	}
	states := operatorStates(t)
	if len(states) != len(want) {
		t.Errorf("the operator has %d states, the table %d", len(states), len(want))
	}
	for _, state := range states {
		w, ok := want[state]
		if !ok {
			t.Errorf("the operator's state %q is new: say in spark.go what it means", state)
		}
		if got := status.Of(object(t, spark+`status: {applicationState: {state: "`+state+`"}}}`)); got.Phase != w.phase || got.Stage != w.stage {
			t.Errorf("%q: got phase %v and stage %v, want %v and %v", state, got.Phase, got.Stage, w.phase, w.stage)
		}
	}
	if got := status.Of(object(t, spark+`status: {applicationState: {state: DREAMING}}}`)); got.Phase != inProgress || got.Stage != status.NoStage {
		t.Errorf("a state that nobody knows is %+v", got)
	}
}

func TestApacheStages(t *testing.T) {
	for state, want := range map[string]status.Stage{
		"Submitted":                          status.Starting,
		"ScheduledToRestart":                 status.Retrying,
		"DriverRequested":                    status.Starting,
		"DriverStarted":                      status.Starting,
		"DriverReady":                        status.Starting,
		"InitializedBelowThresholdExecutors": status.Starting,
		"RunningHealthy":                     status.Running,
		"RunningWithPartialCapacity":         status.Running,
		"RunningWithBelowThresholdExecutors": status.Running,
		"DriverStartTimedOut":                status.Stopping,
		"ExecutorsStartTimedOut":             status.Stopping,
		"DriverReadyTimedOut":                status.Stopping,
		"Succeeded":                          status.Stopping,
		"Failed":                             status.Stopping,
		"SchedulingFailure":                  status.Stopping,
		"DriverEvicted":                      status.Stopping,
		"ResourceReleased":                   status.Ended,
		"TerminatedWithoutReleaseResources":  status.Ended,
		"Suspended":                          status.Suspended,
		"Dreaming":                           status.NoStage,
	} {
		got := status.Of(object(t, apache+`status: {currentState: {currentStateSummary: `+state+`}}}`))
		if got.Stage != want {
			t.Errorf("%s: got stage %v, want %v", state, got.Stage, want)
		}
		if (got.Phase == inProgress) != (want != status.Ended) {
			t.Errorf("%s: got phase %v", state, got.Phase)
		}
	}
}

// TestSparkRetries follows the operators' own decisions.
func TestSparkRetries(t *testing.T) {
	const (
		onFailure = `spec: {restartPolicy: {type: OnFailure, onFailureRetries: 2, onSubmissionFailureRetries: 1}}, `
		apacheTwo = `spec: {applicationTolerations: {restartConfig: {maxRestartAttempts: 2, restartPolicy: `
	)
	for name, test := range map[string]struct {
		manifest string
		want     status.Stage
	}{
		"a run is left":                   {spark + onFailure + `status: {executionAttempts: 2, applicationState: {state: FAILING}}}`, status.Retrying},
		"no run is left":                  {spark + onFailure + `status: {executionAttempts: 3, applicationState: {state: FAILING}}}`, status.Stopping},
		"a submission is left":            {spark + onFailure + `status: {submissionAttempts: 1, applicationState: {state: SUBMISSION_FAILED}}}`, status.Retrying},
		"no submission is left":           {spark + onFailure + `status: {submissionAttempts: 2, applicationState: {state: SUBMISSION_FAILED}}}`, status.Stopping},
		"success is not repeated":         {spark + onFailure + `status: {applicationState: {state: SUCCEEDING}}}`, status.Stopping},
		"success is repeated":             {spark + `spec: {restartPolicy: {type: Always}}, status: {applicationState: {state: SUCCEEDING}}}`, status.Retrying},
		"retries unset are none":          {spark + `spec: {restartPolicy: {type: OnFailure}}, status: {applicationState: {state: FAILING}}}`, status.Stopping},
		"never":                           {spark + `spec: {restartPolicy: {type: Never, onFailureRetries: 3}}, status: {applicationState: {state: FAILING}}}`, status.Stopping},
		"apache: always":                  {apache + apacheTwo + `Always}}}, status: {currentState: {currentStateSummary: Succeeded}}}`, status.Retrying},
		"apache: no attempt is left":      {apache + apacheTwo + `Always}}}, status: {currentAttemptSummary: {attemptInfo: {id: 2}}, currentState: {currentStateSummary: Succeeded}}}`, status.Stopping},
		"apache: on failure":              {apache + apacheTwo + `OnFailure}}}, status: {currentState: {currentStateSummary: Failed}}}`, status.Retrying},
		"apache: success":                 {apache + apacheTwo + `OnFailure}}}, status: {currentState: {currentStateSummary: Succeeded}}}`, status.Stopping},
		"apache: infrastructure":          {apache + apacheTwo + `OnInfrastructureFailure}}}, status: {currentState: {currentStateSummary: SchedulingFailure}}}`, status.Retrying},
		"apache: not infrastructure":      {apache + apacheTwo + `OnInfrastructureFailure}}}, status: {currentState: {currentStateSummary: DriverEvicted}}}`, status.Stopping},
		"apache: the default is 3":        {apache + `spec: {applicationTolerations: {restartConfig: {restartPolicy: OnFailure}}}, status: {currentAttemptSummary: {attemptInfo: {id: 2}}, currentState: {currentStateSummary: Failed}}}`, status.Retrying},
		"apache: the default is no more":  {apache + `spec: {applicationTolerations: {restartConfig: {restartPolicy: OnFailure}}}, status: {currentAttemptSummary: {attemptInfo: {id: 3}}, currentState: {currentStateSummary: Failed}}}`, status.Stopping},
		"apache: never is the default":    {apache + `status: {currentState: {currentStateSummary: Failed}}}`, status.Stopping},
		"apache: running is not stopping": {apache + apacheTwo + `Always}}}, status: {currentState: {currentStateSummary: RunningWithPartialCapacity}}}`, status.Running},
	} {
		if got := status.Of(object(t, test.manifest)).Stage; got != test.want {
			t.Errorf("%s: got %v, want %v", name, got, test.want)
		}
	}
}

// TestApacheOutcome takes the outcome of the last attempt, and never that of
// one before it.
func TestApacheOutcome(t *testing.T) {
	const released = `status: {currentState: {currentStateSummary: ResourceReleased, message: cancelled}, stateTransitionHistory: `
	for name, test := range map[string]struct {
		manifest string
		phase    status.Phase
		reason   string
	}{
		"the second attempt succeeds": {apache + released + `{"0": {currentStateSummary: Submitted}, "1": {currentStateSummary: Failed}, "2": {currentStateSummary: ScheduledToRestart},
			"3": {currentStateSummary: RunningHealthy}, "10": {currentStateSummary: Succeeded}, "11": {currentStateSummary: ResourceReleased}}}}`, done, "Succeeded"},
		"the second attempt fails": {apache + released + `{"1": {currentStateSummary: Succeeded}, "2": {currentStateSummary: ScheduledToRestart}, "10": {currentStateSummary: DriverEvicted}, "11": {currentStateSummary: ResourceReleased}}}}`, failed, "DriverEvicted"},
		"the second attempt is cancelled": {apache + released + `{"1": {currentStateSummary: Succeeded}, "2": {currentStateSummary: ScheduledToRestart}, "3": {currentStateSummary: RunningHealthy},
			"4": {currentStateSummary: ResourceReleased}}}}`, failed, "ResourceReleased"},
		"kept, then released": {apache + released + `{"1": {currentStateSummary: Succeeded}, "2": {currentStateSummary: TerminatedWithoutReleaseResources}, "3": {currentStateSummary: ResourceReleased}}}}`, done, "Succeeded"},
		"always, running":     {apache + `spec: {applicationTolerations: {restartConfig: {restartPolicy: Always}}}, status: {currentState: {currentStateSummary: RunningHealthy}}}`, done, "RunningHealthy"},
		"always, starting":    {apache + `spec: {applicationTolerations: {restartConfig: {restartPolicy: Always}}}, status: {currentState: {currentStateSummary: DriverReady}}}`, inProgress, "DriverReady"},
	} {
		got := status.Of(object(t, test.manifest))
		if got.Phase != test.phase || got.Reason != test.reason {
			t.Errorf("%s: got %v %s, want %v %s", name, got.Phase, got.Reason, test.phase, test.reason)
		}
		if got.Phase == failed && got.Message != "cancelled" && got.Reason == "ResourceReleased" {
			t.Errorf("%s: the message is %q", name, got.Message)
		}
	}
}
