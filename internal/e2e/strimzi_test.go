package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/cluster"
	"github.com/millrace/millrace/internal/e2e"
	"github.com/millrace/millrace/internal/status"
	"github.com/millrace/millrace/kafka"
)

// condition is one of a status, as Strimzi's operators write them.
func condition(kind, state, reason, message string) map[string]any {
	out := map[string]any{"type": kind, "status": state, "lastTransitionTime": "2026-11-23T06:00:00Z"}
	if reason != "" {
		out["reason"] = reason
	}
	if message != "" {
		out["message"] = message
	}
	return out
}

func conditions(list ...any) map[string]any { return map[string]any{"conditions": list} }

var strimziReady = conditions(condition("Ready", "True", "", ""))

// strimziStages are the statuses that an object of each resource goes through.
// Source: Strimzi, KafkaAssemblyOperator, KafkaRebalanceState.
var strimziStages = map[string][]map[string]any{
	"kafkas": {
		conditions(condition("NotReady", "True", "Creating", "Kafka cluster is being deployed")),
		{"conditions": []any{condition("Warning", "True", "PvcResizingRestart", "the pods will be restarted"), condition("Ready", "True", "", "")},
			"clusterId": "f1Ut6fGwQgGgiCa7DXEdYg", "operatorLastSuccessfulVersion": "1.2.0"},
	},
	"kafkanodepools":  {{"nodeIds": []any{int64(0), int64(1), int64(2)}, "roles": []any{"controller", "broker"}, "replicas": int64(3), "clusterId": "f1Ut6fGwQgGgiCa7DXEdYg"}},
	"kafkatopics":     {{"conditions": strimziReady["conditions"], "topicName": "orders", "topicId": "b2Ut6fGwQgGgiCa7DXEdYg"}},
	"kafkausers":      {strimziReady},
	"kafkaconnects":   {conditions(condition("NotReady", "True", "Creating", "")), strimziReady},
	"kafkaconnectors": {strimziReady},
	"kafkarebalances": {
		conditions(condition("PendingProposal", "True", "", "")), conditions(condition("ProposalReady", "True", "", "")),
		conditions(condition("Rebalancing", "True", "", "")), strimziReady,
	},
}

// strimziOperator writes what Strimzi's operators would, in one namespace.
type strimziOperator struct {
	client dynamic.Interface
	ns     string
	// stages are those of other names than strimziStages has it.
	stages map[string][]map[string]any

	stage  map[string]int // by uid
	refuse context.CancelCauseFunc
}

func strimziResource(name string) schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: "kafka.strimzi.io", Version: "v1", Resource: name}
}

// playStrimzi runs until the test ends. The context that it returns ends with
// the test's patience, or with a status that the API server doesn't take.
func playStrimzi(t *testing.T, c *e2e.Cluster, ns string, stages map[string][]map[string]any) context.Context {
	t.Helper()
	client, err := dynamic.NewForConfig(c.Direct())
	if err != nil {
		t.Fatal(err)
	}
	patient, tired := context.WithTimeoutCause(t.Context(), pipelinePatience, errors.New("the test's patience is over"))
	ctx, cancel := context.WithCancelCause(patient)
	o := &strimziOperator{client: client, ns: ns, stages: stages, stage: map[string]int{}, refuse: cancel}
	t.Cleanup(tired)
	again(t, 100*time.Millisecond, func(ctx context.Context) {
		for resource := range strimziStages {
			o.round(ctx, resource)
		}
	})
	return ctx
}

// round moves each object of a resource one stage on.
func (o *strimziOperator) round(ctx context.Context, resource string) {
	client := o.client.Resource(strimziResource(resource)).Namespace(o.ns)
	list, err := client.List(ctx, metav1.ListOptions{})
	if err != nil {
		return // the test is over, or it is tried again
	}
	for i := range list.Items {
		object := &list.Items[i]
		stages, ok := o.stages[object.GetName()]
		if !ok {
			stages = strimziStages[resource]
		}
		next := o.stage[string(object.GetUID())]
		if next == len(stages) {
			continue
		}
		state := (&unstructured.Unstructured{Object: stages[next]}).DeepCopy().Object
		state["observedGeneration"] = object.GetGeneration()
		object.Object["status"] = state
		_, err := client.UpdateStatus(ctx, object, metav1.UpdateOptions{FieldValidation: metav1.FieldValidationStrict})
		switch {
		case err == nil:
			o.stage[string(object.GetUID())]++
		case apierrors.IsInvalid(err) || apierrors.IsBadRequest(err):
			o.refuse(fmt.Errorf("no such status: %w", err))
		}
	}
}

// submitKafka submits a cluster and what lives in it, and waits as long as the
// operators take; then a topic that they refuse.
func submitKafka(t *testing.T, c *e2e.Cluster, ns string) {
	ctx := playStrimzi(t, c, ns, map[string][]map[string]any{
		"taken": {conditions(condition("Ready", "False", "ResourceConflict", "Managed by Ref{namespace='kafka', name='orders'}"))},
	})
	connect := &kafka.Connect{Name: "etl", Namespace: ns, Kafka: kafka.Connection{Cluster: "events", User: "connect"}}
	run, _ := submit(t, c,
		&kafka.Cluster{Name: "events", Namespace: ns,
			Listeners: []kafka.Listener{{Name: "tls", Port: 9093, Auth: kafka.MutualTLS}},
			Pools:     []kafka.BrokerPool{{Name: "dual", Roles: []kafka.Role{kafka.Controller, kafka.Broker}, Volumes: []kafka.Volume{{Size: 100 * millrace.GiB, Class: "ssd"}}}}},
		&kafka.Topic{Name: "orders", Namespace: ns, Cluster: "events", Partitions: 3},
		&kafka.User{Name: "connect", Namespace: ns, Cluster: "events", Access: []kafka.Access{kafka.Consume{Topics: []string{"orders"}, Group: "connect-*"}}},
		connect,
		&kafka.Connector{Name: "to-files", Connect: connect, Class: "org.apache.kafka.connect.file.FileStreamSinkConnector", Config: map[string]string{"topics": "orders"}},
		&kafka.Rebalance{Name: "fill", Namespace: ns, Cluster: "events", AutoApprove: true},
	)
	seen := map[string][]string{}
	err := run.Wait(ctx, cluster.OnEvent(func(e cluster.Event) {
		t.Log(e)
		seen[e.Object.Kind] = append(seen[e.Object.Kind], e.State)
	}))
	if err != nil {
		t.Fatal(err)
	}
	for kind, last := range map[string]string{"Kafka": "Ready", "KafkaNodePool": "Accepted", "KafkaTopic": "Ready", "KafkaUser": "Ready",
		"KafkaConnect": "Ready", "KafkaConnector": "Ready", "KafkaRebalance": "Ready"} {
		if states := seen[kind]; len(states) == 0 || states[len(states)-1] != last {
			t.Errorf("%s went through %v, want it to end as %s", kind, states, last)
		}
	}
	livePool(t, c, ns)
	refused, _ := submit(t, c, &kafka.Topic{Name: "taken", Namespace: ns, Cluster: "events", Partitions: 3})
	failure, ok := errors.AsType[*cluster.Failure](refused.Wait(ctx))
	if !ok || failure.Reason != "ResourceConflict" || failure.Object.Name != "taken" {
		t.Errorf("a topic of another object's: %v", failure)
	}
}

// livePool reads a pool with its pods as the API server returns them: one that
// rolls isn't done.
func livePool(t *testing.T, c *e2e.Cluster, ns string) {
	t.Helper()
	get := func(resource, name string) *unstructured.Unstructured {
		o, err := resources(t, c, strimziResource(resource), ns).Get(t.Context(), name, metav1.GetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	pool, whole := get("kafkanodepools", "dual"), get("kafkas", "events")
	sets := resources(t, c, schema.GroupVersionResource{Group: "core.strimzi.io", Version: "v1", Resource: "strimzipodsets"}, ns)
	pods := []any{}
	for i := range 3 {
		pods = append(pods, map[string]any{"apiVersion": "v1", "kind": "Pod", "metadata": map[string]any{"name": fmt.Sprintf("events-dual-%d", i)}})
	}
	set := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "core.strimzi.io/v1", "kind": "StrimziPodSet", "metadata": map[string]any{"name": "events-dual"},
		"spec": map[string]any{"selector": map[string]any{"matchLabels": map[string]any{"strimzi.io/pool-name": "dual"}}, "pods": pods},
	}}
	set, err := sets.Create(t.Context(), set, metav1.CreateOptions{FieldValidation: metav1.FieldValidationStrict})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		current int64
		want    status.Phase
	}{{2, status.InProgress}, {3, status.Done}} {
		set.Object["status"] = map[string]any{"observedGeneration": set.GetGeneration(), "pods": int64(3), "currentPods": step.current, "readyPods": int64(3)}
		if set, err = sets.UpdateStatus(t.Context(), set, metav1.UpdateOptions{FieldValidation: metav1.FieldValidationStrict}); err != nil {
			t.Fatal(err)
		}
		if got := status.NodePool(pool, set, whole); got.Phase != step.want {
			t.Errorf("with %d pods of the newest revision the pool is %v (%s)", step.current, got.Phase, got.Reason)
		}
	}
}
