package millracetest_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/millrace/millrace/millracetest"
)

const sparkApp = `{apiVersion: sparkoperator.k8s.io/v1beta2, kind: SparkApplication, metadata: {name: etl, namespace: data}, spec: {mode: cluster}}`

func TestCloseLeavesNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 3 {
		c := millracetest.Start()
		for range 5 {
			_, err := c.Kubernetes().Watch(t.Context(), widgets())
			must(t, err)
		}
		must(t, c.Kubernetes().Create(t.Context(), object(t, sparkApp)))
		c.Close()
		c.Close()
		if _, err := c.Kubernetes().Watch(t.Context(), widgets()); err == nil {
			t.Error("a closed cluster was watched")
		}
		c.Settle() // must not hang
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		runtime.Gosched()
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines were left of %d", runtime.NumGoroutine()-before, before)
}

// TestHeldUntilWatched keeps an object as it is until somebody looks.
func TestHeldUntilWatched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		state := func() string {
			s, _, _ := unstructured.NestedString(c.Object(sparkKind, "data", "etl").Object, "status", "applicationState", "state")
			return s
		}
		must(t, c.Kubernetes().Create(t.Context(), object(t, sparkApp)))
		time.Sleep(2900 * time.Millisecond)
		if got := state(); got != "" {
			t.Errorf("nobody watches, and it is %s", got)
		}
		list := new(unstructured.UnstructuredList)
		list.SetAPIVersion("sparkoperator.k8s.io/v1beta2")
		list.SetKind("SparkApplicationList")
		w, err := c.Kubernetes().Watch(t.Context(), list)
		must(t, err)
		var seen []string
		for !strings.HasSuffix(strings.Join(seen, " "), "COMPLETED") {
			u := (<-w.ResultChan()).Object.(*unstructured.Unstructured)
			s, _, _ := unstructured.NestedString(u.Object, "status", "applicationState", "state")
			seen = append(seen, s)
		}
		if got := fmt.Sprint(seen); got != "[ SUBMITTED RUNNING SUCCEEDING COMPLETED]" {
			t.Errorf("seen were %s", got)
		}
		w.Stop()

		// And it goes ahead after a while, for those who poll.
		other := object(t, sparkApp)
		other.SetName("polled")
		must(t, c.Kubernetes().Create(t.Context(), other))
		time.Sleep(3100 * time.Millisecond)
		if s, _, _ := unstructured.NestedString(c.Object(sparkKind, "data", "polled").Object, "status", "applicationState", "state"); s != "COMPLETED" {
			t.Errorf("it is %s", s)
		}
	})
}

func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t, millracetest.Pace(time.Second), nil)
		must(t, c.Kubernetes().Create(t.Context(), object(t, sparkApp)))
		began := time.Now()
		c.Settle()
		if took := time.Since(began); took < 4*time.Second || took > 5*time.Second {
			t.Errorf("four steps took %v", took)
		}
	})
}

func TestClock(t *testing.T) {
	start := time.Date(2030, 6, 1, 12, 0, 0, 0, time.UTC)
	c := millracetest.NewCluster(t, millracetest.Clock(start))
	u := object(t, sparkApp)
	must(t, c.Kubernetes().Create(t.Context(), u))
	if !u.GetCreationTimestamp().Time.Equal(start) {
		t.Errorf("it was created at %v", u.GetCreationTimestamp())
	}
	c.Settle()
	if got := c.Now().Sub(start); got < 2*time.Minute || got > 3*time.Minute {
		t.Errorf("it took %v", got)
	}
	if got := millracetest.NewCluster(t, millracetest.Clock{}).Now(); got.Year() != 2026 {
		t.Errorf("a cluster starts at %v", got)
	}
}

func TestObject(t *testing.T) {
	c := millracetest.NewCluster(t)
	if got := c.Object(sparkKind, "data", "etl"); got != nil {
		t.Errorf("got %v", got)
	}
}

// TestOperators submits one object of each kind and looks at what its operator
// made of it, for good and for bad.
func TestOperators(t *testing.T) {
	for _, test := range []struct {
		manifest, fail string
		path           string
		want           string
	}{
		{sparkApp, "", "{.status.applicationState.state} {.status.executionAttempts} {.status.driverInfo.podName}", "COMPLETED 1 etl-driver"},
		{sparkApp, millracetest.OOMKilled, "{.status.applicationState}", `{"errorMessage":"driver container failed with ExitCode: 137, Reason: OOMKilled","state":"FAILED"}`},
		{sparkApp, millracetest.SubmissionFailed, "{.status.applicationState.state} {.status.submissionAttempts}", "FAILED 1"},
		{strings.Replace(sparkApp, "mode: cluster", "restartPolicy: {type: OnFailure, onFailureRetries: 2}", 1), millracetest.DriverLost,
			"{.status.applicationState.state} {.status.executionAttempts}", "FAILED 3"},
		{strings.Replace(sparkApp, "mode: cluster", "restartPolicy: {type: OnFailure, onSubmissionFailureRetries: 1}", 1), millracetest.SubmissionFailed,
			"{.status.applicationState.state} {.status.submissionAttempts}", "FAILED 2"},
		{strings.Replace(sparkApp, "mode: cluster", "restartPolicy: {type: Always}", 1), "", "{.status.applicationState.state}", "RUNNING"},
		{strings.Replace(sparkApp, "mode: cluster", "suspend: true", 1), "", "{.status}", "null"},
		{`{apiVersion: sparkoperator.k8s.io/v1beta2, kind: ScheduledSparkApplication, metadata: {name: etl, namespace: data}}`, "", "{.status.scheduleState}", "Scheduled"},
		{`{apiVersion: sparkoperator.k8s.io/v1alpha1, kind: SparkConnect, metadata: {name: etl, namespace: data}}`, "", "{.status.state}", "Ready"},
		{`{apiVersion: spark.apache.org/v1, kind: SparkApplication, metadata: {name: etl, namespace: data}}`, "",
			"{.status.currentState.currentStateSummary} {.status.stateTransitionHistory.2.currentStateSummary}", "ResourceReleased Succeeded"},
		{`{apiVersion: spark.apache.org/v1, kind: SparkApplication, metadata: {name: etl, namespace: data}}`, "boom",
			"{.status.stateTransitionHistory.2.currentStateSummary} {.status.stateTransitionHistory.2.message}", "Failed boom"},
		{`{apiVersion: spark.apache.org/v1, kind: SparkCluster, metadata: {name: etl, namespace: data}}`, "", "{.status.currentState.currentStateSummary}", "RunningHealthy"},
		{`{apiVersion: kafka.strimzi.io/v1, kind: KafkaTopic, metadata: {name: etl, namespace: data, labels: {strimzi.io/cluster: k}}}`, "",
			"{.status.conditions[0].type}={.status.conditions[0].status} {.status.observedGeneration} {.status.topicName}", "Ready=True 1 etl"},
		{`{apiVersion: kafka.strimzi.io/v1beta2, kind: KafkaTopic, metadata: {name: etl, namespace: data, labels: {strimzi.io/cluster: k}}}`, "no",
			"{.status.conditions[0].type}={.status.conditions[0].status} {.status.conditions[0].message}", "Ready=False no"},
		{`{apiVersion: kafka.strimzi.io/v1, kind: KafkaTopic, metadata: {name: etl, namespace: data}}`, "", "{.status}", "null"},
		{`{apiVersion: kafka.strimzi.io/v1, kind: KafkaTopic, metadata: {name: etl, namespace: data, labels: {strimzi.io/cluster: k}, annotations: {strimzi.io/managed: "false"}}}`, "",
			"{.status.conditions[0].type}", "Unmanaged"},
		{`{apiVersion: kafka.strimzi.io/v1, kind: KafkaUser, metadata: {name: etl, namespace: data, annotations: {strimzi.io/pause-reconciliation: "true"}}}`, "",
			"{.status.conditions[0].type}", "ReconciliationPaused"},
		{`{apiVersion: kafka.strimzi.io/v1, kind: Kafka, metadata: {name: etl, namespace: data}}`, "", "{.status.conditions[0].type}", "Ready"},
		{`{apiVersion: kafka.strimzi.io/v1, kind: Kafka, metadata: {name: etl, namespace: data}}`, "no", "{.status.conditions[0].type} {.status.conditions[0].reason}", "NotReady InvalidResourceException"},
		{`{apiVersion: kafka.strimzi.io/v1, kind: KafkaNodePool, metadata: {name: etl, namespace: data}, spec: {replicas: 3, roles: [broker]}}`, "",
			"{.status.nodeIds} {.status.roles} {.status.observedGeneration}", `[0,1,2] ["broker"] 1`},
		{`{apiVersion: kafka.strimzi.io/v1, kind: KafkaRebalance, metadata: {name: etl, namespace: data}}`, "", "{.status.conditions[0].type}", "ProposalReady"},
		{`{apiVersion: karpenter.sh/v1, kind: NodePool, metadata: {name: etl}}`, "", "{.status.conditions[0].status}", "True"},
		{`{apiVersion: karpenter.sh/v1, kind: NodePool, metadata: {name: etl}}`, "no class", "{.status.conditions[0].status} {.status.conditions[0].message}", "False no class"},
		{`{apiVersion: apps/v1, kind: Deployment, metadata: {name: etl, namespace: data}, spec: {replicas: 3}}`, "", "{.status.availableReplicas}", "3"},
		{`{apiVersion: apps/v1, kind: Deployment, metadata: {name: etl, namespace: data}}`, "no", "{.status.conditions[0].reason}", "ProgressDeadlineExceeded"},
		{`{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: etl, namespace: data}}`, "", "{.status.readyReplicas}", "1"},
		{`{apiVersion: batch/v1, kind: Job, metadata: {name: etl, namespace: data}}`, "", "{.status.conditions[0].type} {.status.succeeded}", "Complete 1"},
		{`{apiVersion: batch/v1, kind: Job, metadata: {name: etl, namespace: data}}`, "no", "{.status.conditions[0].type} {.status.conditions[0].message}", "Failed no"},
	} {
		u := object(t, test.manifest)
		t.Run(u.GetKind()+" "+test.want, func(t *testing.T) {
			c := millracetest.NewCluster(t)
			if test.fail != "" {
				c.Fail(u.GetKind()+"/etl", test.fail)
			}
			must(t, c.Kubernetes().Create(t.Context(), u.DeepCopy()))
			c.Settle()
			if got := printed(t, c.Object(u.GroupVersionKind(), u.GetNamespace(), "etl"), test.path); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestReconcile changes a spec: the operator looks at it again.
func TestReconcile(t *testing.T) {
	c := millracetest.NewCluster(t)
	u := object(t, `{apiVersion: kafka.strimzi.io/v1, kind: KafkaTopic, metadata: {name: etl, namespace: data, labels: {strimzi.io/cluster: k}}, spec: {partitions: 3}}`)
	must(t, c.Kubernetes().Create(t.Context(), u))
	c.Settle()
	c.Fail("etl", "partitions can only grow")
	must(t, c.Kubernetes().Patch(t.Context(), u, client.RawPatch("application/merge-patch+json", []byte(`{"spec": {"partitions": 2}}`))))
	c.Settle()
	live := c.Object(u.GroupVersionKind(), "data", "etl")
	if got := printed(t, live, "{.status.observedGeneration} {.status.conditions[0].message}"); got != "2 partitions can only grow" {
		t.Error(got)
	}
	c.Fail("etl", "")
	must(t, c.Kubernetes().Patch(t.Context(), u, client.RawPatch("application/merge-patch+json", []byte(`{"spec": {"partitions": 4}}`))))
	c.Settle()
	if got := printed(t, c.Object(u.GroupVersionKind(), "data", "etl"), "{.status.observedGeneration} {.status.conditions[0].status}"); got != "3 True" {
		t.Error(got)
	}
}
