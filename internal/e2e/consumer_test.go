package e2e_test

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/e2e"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/nodepool"
)

// restrict has a namespace refuse pods that aren't what the restricted Pod
// Security profile asks for, and sees it do so.
func restrict(t *testing.T, c *e2e.Cluster, ns string) {
	t.Helper()
	patch := []byte(`{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"restricted"}}}`)
	if _, err := c.Admin().CoreV1().Namespaces().Patch(t.Context(), ns, types.MergePatchType, patch, metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
	bare := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "bare"}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: e2e.ShellImage}}}}
	eventually(t, "a bare pod is refused", func() error {
		_, err := c.Admin().CoreV1().Pods(ns).Create(t.Context(), bare, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
		if apierrors.IsForbidden(err) && strings.Contains(err.Error(), "restricted") {
			return nil
		}
		return fmt.Errorf("the server says %w", err)
	})
}

// emptyNode is a node where a placement leads, with room for everybody.
func emptyNode(t *testing.T, c *e2e.Cluster, name string, p millrace.Placement) {
	t.Helper()
	var taints []corev1.Taint
	for _, toleration := range p.Tolerations {
		taints = append(taints, corev1.Taint{Key: toleration.Key, Value: toleration.Value, Effect: toleration.Effect})
	}
	shapedNode(t, c, name, "8", p.NodeSelector, taints)
}

// shapedNode is a node without a kubelet, for the scheduler alone: what is
// placed there never runs.
func shapedNode(t *testing.T, c *e2e.Cluster, name, cpus string, labels map[string]string, taints []corev1.Taint) {
	t.Helper()
	nodes := c.Admin().CoreV1().Nodes()
	node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: maps.Clone(labels)}, Spec: corev1.NodeSpec{Taints: taints}}
	node.Labels[corev1.LabelHostname], node.Labels[corev1.LabelTopologyZone] = name, "zone-of-"+name
	if _, err := nodes.Create(t.Context(), node, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	room := corev1.ResourceList{corev1.ResourceCPU: resource.MustParse(cpus), corev1.ResourceMemory: resource.MustParse("32Gi"), corev1.ResourcePods: resource.MustParse("50")}
	// Without a sign of life it would be given up.
	alive := func(ctx context.Context) error {
		node, err := nodes.Get(ctx, name, metav1.GetOptions{})
		if err != nil {
			return err
		}
		node.Status.Capacity, node.Status.Allocatable = room, room
		node.Status.Conditions = []corev1.NodeCondition{{Type: corev1.NodeReady, Status: corev1.ConditionTrue, Reason: "KubeletReady", LastHeartbeatTime: metav1.Now()}}
		_, err = nodes.UpdateStatus(ctx, node, metav1.UpdateOptions{})
		return err
	}
	eventually(t, name+" is ready", func() error { return alive(t.Context()) })
	// Until the controllers have seen it, it has a taint of theirs.
	eventually(t, name+" takes pods", func() error {
		node, err := nodes.Get(t.Context(), name, metav1.GetOptions{})
		if err == nil && len(node.Spec.Taints) != len(taints) {
			err = fmt.Errorf("its taints are %v", node.Spec.Taints)
		}
		return err
	})
	again(t, 5*time.Second, func(ctx context.Context) { _ = alive(ctx) }) // what fails is tried again
	t.Cleanup(func() { _ = nodes.Delete(context.Background(), name, metav1.DeleteOptions{}) })
}

// placedConsumer has the controllers make a consumer's pods in a restricted
// namespace, the scheduler place them in their pool and nowhere else, and its
// budget count them.
func placedConsumer(t *testing.T, c *e2e.Cluster, ns string) {
	restrict(t, c, ns)
	pool := &nodepool.Pool{Name: "consumers", Machine: "n2-standard-8", Max: 4, Labels: map[string]string{"team": "shop"},
		Provider: nodepool.GKE{Cluster: "main", Location: "europe-west1"}}
	place := pool.Placement()
	if len(place.NodeSelector) == 0 || len(place.Tolerations) == 0 {
		t.Fatalf("the pool attracts nobody: %+v", place)
	}
	emptyNode(t, c, "a", place)
	emptyNode(t, c, "b", place)
	consumer := func(name string, at millrace.Placement) *kafka.Consumer {
		return &kafka.Consumer{Name: name, Namespace: ns, Image: "registry.company.com/projector:1.4.2", Replicas: new(4), Placement: at,
			Topics: []*kafka.Topic{{Name: "orders", Namespace: "kafka", Cluster: "events", Partitions: 12}},
			Kafka:  kafka.Connection{Servers: []string{"events-kafka-bootstrap.kafka.svc:9093"}}}
	}
	submit(t, c, consumer("placed", place), consumer("stray", millrace.Placement{}))
	pods := func(name string) []corev1.Pod {
		list, err := c.Admin().CoreV1().Pods(ns).List(t.Context(), metav1.ListOptions{LabelSelector: "app.kubernetes.io/name=" + name})
		if err != nil {
			t.Fatal(err)
		}
		return list.Items
	}
	eventually(t, "the pods are placed, on each node as many", func() error {
		on := map[string]int{}
		for _, p := range pods("placed") {
			on[p.Spec.NodeName]++
		}
		if on["a"] != 2 || on["b"] != 2 {
			return fmt.Errorf("on the nodes are %v", on)
		}
		return nil
	})
	eventually(t, "what has no place there is not placed", func() error {
		all := pods("stray")
		for _, p := range all {
			if p.Spec.NodeName != "" {
				t.Fatalf("%s is on %s", p.Name, p.Spec.NodeName)
			}
			for _, condition := range p.Status.Conditions {
				if condition.Type == corev1.PodScheduled && strings.Contains(condition.Message, "untolerated taint") {
					return nil
				}
			}
		}
		return fmt.Errorf("nobody says why of %d pods", len(all))
	})
	counted(t, c, ns, pods("placed"))
}

// counted plays the kubelet for pods, and evicts one more than their budget
// allows.
func counted(t *testing.T, c *e2e.Cluster, ns string, pods []corev1.Pod) {
	t.Helper()
	core := c.Admin().CoreV1().Pods(ns)
	for i := range pods {
		pods[i].Status.Phase = corev1.PodRunning
		pods[i].Status.Conditions = append(pods[i].Status.Conditions, corev1.PodCondition{Type: corev1.PodReady, Status: corev1.ConditionTrue, LastTransitionTime: metav1.Now()})
		if _, err := core.UpdateStatus(t.Context(), &pods[i], metav1.UpdateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "the budget counts the pods", func() error {
		budget, err := c.Admin().PolicyV1().PodDisruptionBudgets(ns).Get(t.Context(), "placed", metav1.GetOptions{})
		if err != nil {
			return err
		}
		if s := budget.Status; s.ExpectedPods != 4 || s.CurrentHealthy != 4 || s.DisruptionsAllowed != 1 {
			return fmt.Errorf("its status is %+v", s)
		}
		return nil
	})
	evict := func(pod string) error {
		return core.EvictV1(t.Context(), &policyv1.Eviction{ObjectMeta: metav1.ObjectMeta{Name: pod, Namespace: ns}})
	}
	if err := evict(pods[0].Name); err != nil {
		t.Errorf("the first eviction: %v", err)
	}
	if err := evict(pods[1].Name); !apierrors.IsTooManyRequests(err) {
		t.Errorf("the second eviction: %v, want it refused", err)
	}
}

// runningConsumer runs a consumer's pod in a restricted namespace: it is told
// where its topics are, can write to /tmp alone, and ends when it is told to.
func runningConsumer(t *testing.T, c *e2e.Cluster, ns string) {
	restrict(t, c, ns)
	core := c.Admin().CoreV1()
	ca := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "events-cluster-ca-cert"}, Data: map[string][]byte{"ca.crt": []byte("the certificate\n")}}
	if _, err := core.Secrets(ns).Create(t.Context(), ca, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	run, _ := submit(t, c, &kafka.Consumer{
		Name: "shell", Namespace: ns, Image: e2e.ShellImage, Replicas: new(1), Settle: new(time.Duration(0)),
		Command: []string{"sh", "-c", `exec 2>&1 # a log keeps no order between two streams
trap 'echo closed; exit 0' TERM
echo "$KAFKA_GROUP_ID reads $KAFKA_TOPICS at $KAFKA_BOOTSTRAP_SERVERS by $KAFKA_SECURITY_PROTOCOL as $(id -u)"
cat "$KAFKA_SSL_CA"
touch /tmp/file && echo open
touch /file || echo sealed
while :; do sleep 0.1; done`},
		Topics:    []*kafka.Topic{{Name: "orders", Namespace: ns, Cluster: "events", Partitions: 12}},
		Resources: kafka.Resources{CPU: 0.01, Memory: 64 * millrace.MiB},
		Pod:       kafka.PodTemplate{Security: &corev1.PodSecurityContext{RunAsUser: new(int64(1000))}},
	})
	if err := wait(t, run); err != nil {
		t.Fatal(err)
	}
	list, err := core.Pods(ns).List(t.Context(), metav1.ListOptions{LabelSelector: "app.kubernetes.io/name=shell"})
	if err != nil || len(list.Items) != 1 {
		t.Fatalf("%d pods: %v", len(list.Items), err)
	}
	pod := list.Items[0].Name
	ctx, cancel := context.WithTimeout(t.Context(), pipelinePatience)
	defer cancel()
	log, err := core.Pods(ns).GetLogs(pod, &corev1.PodLogOptions{Follow: true}).Stream(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	want := []string{"shell reads orders at events-kafka-bootstrap." + ns + ".svc:9093 by SSL as 1000", "the certificate", "open",
		"touch: /file: Read-only file system", "sealed", "closed"}
	var got []string
	for lines := bufio.NewScanner(log); len(got) < len(want) && lines.Scan(); {
		if got = append(got, lines.Text()); len(got) == len(want)-1 {
			if err := core.Pods(ns).Delete(t.Context(), pod, metav1.DeleteOptions{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("it says %q, want %q", got, want)
	}
}
