package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/e2e"
	"github.com/millrace/millrace/nodepool"
)

// pulledAhead runs an image that has no program at all on the nodes of a pool,
// in a restricted namespace.
func pulledAhead(t *testing.T, c *e2e.Cluster, ns string) {
	restrict(t, c, ns)
	// With the pool's taint the node would be of no use to the others.
	pool := &nodepool.Pool{Name: "warm", Machine: "n2-standard-8", Max: 4, Shared: true, Provider: nodepool.GKE{Cluster: "main", Location: "europe-west1"}}
	prepull := &nodepool.Prepull{Name: "images", Namespace: ns, Images: []string{e2e.BareImage, e2e.ShellImage},
		Helper: e2e.ShellImage, Pause: e2e.ShellImage, Placements: []millrace.Placement{pool.Placement()}}
	run, _ := submit(t, c, prepull)
	set := func() *appsv1.DaemonSet {
		got, err := c.Admin().AppsV1().DaemonSets(ns).Get(t.Context(), prepull.Name, metav1.GetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	eventually(t, "no node is of the pool yet", func() error {
		if s := set().Status; s.ObservedGeneration == 0 || s.DesiredNumberScheduled != 0 {
			return fmt.Errorf("its status is %+v", s)
		}
		return nil
	})
	labels := fmt.Appendf(nil, `{"metadata":{"labels":{%q:%q}}}`, nodepool.WorkloadLabel, pool.Name)
	if _, err := c.Admin().CoreV1().Nodes().Patch(t.Context(), "e2e", types.MergePatchType, labels, metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "its pod runs", func() error {
		if s := set().Status; s.NumberReady != 1 {
			return fmt.Errorf("its status is %+v", s)
		}
		return nil
	})
	if err := wait(t, run); err != nil {
		t.Error(err)
	}
	list, err := c.Admin().CoreV1().Pods(ns).List(t.Context(), metav1.ListOptions{})
	if err != nil || len(list.Items) != 1 {
		t.Fatalf("%d pods: %v", len(list.Items), err)
	}
	for _, s := range list.Items[0].Status.InitContainerStatuses {
		if s.State.Terminated == nil || s.State.Terminated.ExitCode != 0 || s.RestartCount > 0 {
			t.Errorf("%s with %s: %+v", s.Name, s.Image, s.State)
		}
	}
}

// placed: a pod with a pool's placement goes to a node that is as the pool says,
// whoever makes the nodes, and to no other; one without goes nowhere.
func placed(t *testing.T, c *e2e.Cluster, ns string) {
	aws := nodepool.Karpenter{EC2: &nodepool.EC2NodeClass{AMI: "al2023@v20251112", Role: "data-nodes", Discovery: "data"}}
	pools := []*nodepool.Pool{
		{Name: "gke", Machine: "n2-standard-8", Max: 4, Provider: nodepool.GKE{Cluster: "main", Location: "europe-west1"}},
		{Name: "gke-spot", Machine: "n2-standard-8", Max: 4, Capacity: nodepool.Spot, Provider: nodepool.GKE{Cluster: "main", Location: "europe-west1"},
			Taints: []corev1.Taint{{Key: "company.com/nightly", Effect: corev1.TaintEffectNoExecute}}},
		{Name: "class", Machine: "n2-highmem-16", Capacity: nodepool.Spot, Provider: nodepool.GKEComputeClass{}},
		{Name: "karpenter", Machine: "m7i.2xlarge", Max: 4, Provider: aws},
		{Name: "eks", Machine: "m7i.2xlarge", Max: 4, Provider: nodepool.EKS{Cluster: "main", Role: "aws_iam_role.nodes", Subnets: []string{"aws_subnet.private[*]"}}},
		{Name: "aks", Machine: "Standard_D8s_v5", Max: 4, Capacity: nodepool.Spot, Provider: nodepool.AKS{Cluster: "main", PoolName: "spot", MaxPods: 110}},
	}
	create := func(name string, p millrace.Placement) {
		pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: e2e.ShellImage}}}}
		pod.Spec.NodeSelector, pod.Spec.Tolerations, pod.Spec.Affinity = p.NodeSelector, p.Tolerations, p.Affinity
		if _, err := c.Admin().CoreV1().Pods(ns).Create(t.Context(), pod, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	// The first pod of each is there before there is a node, and the second has
	// those of all others to go wrong.
	for _, pool := range pools {
		create("early-"+pool.Name, pool.Placement())
	}
	for _, pool := range pools {
		nodes := pool.Placement().Nodes[0]
		shapedNode(t, c, pool.Name, "8", nodes.Labels, nodes.Taints)
	}
	for _, pool := range pools {
		create("late-"+pool.Name, pool.Placement())
	}
	create("stray", millrace.Placement{})
	for _, pool := range pools {
		for _, pod := range []string{"early-" + pool.Name, "late-" + pool.Name} {
			if on := settled(t, c, ns, pod, len(pools)).Spec.NodeName; on != pool.Name {
				t.Errorf("%s is on %q", pod, on)
			}
		}
	}
	if stray := settled(t, c, ns, "stray", len(pools)); stray.Spec.NodeName != "" {
		t.Errorf("a pod that names no pool is on %s", stray.Spec.NodeName)
	}
	preempting(t, c, ns)
}

// settled returns a pod when the scheduler has found it a node, or said that
// none of so many will do.
func settled(t *testing.T, c *e2e.Cluster, ns, name string, nodes int) *corev1.Pod {
	t.Helper()
	var pod *corev1.Pod
	eventually(t, name+" is scheduled, or can't be", func() (err error) {
		if pod, err = c.Admin().CoreV1().Pods(ns).Get(t.Context(), name, metav1.GetOptions{}); err != nil {
			return err
		}
		for _, condition := range pod.Status.Conditions {
			if condition.Type == corev1.PodScheduled && (pod.Spec.NodeName != "" || strings.Contains(condition.Message, fmt.Sprintf("0/%d nodes", nodes))) {
				return nil
			}
		}
		return fmt.Errorf("its status is %+v", pod.Status)
	})
	return pod
}

// preempting: on a node that is full a driver pushes an executor aside, and an
// executor waits for a driver.
func preempting(t *testing.T, c *e2e.Cluster, ns string) {
	t.Helper()
	tenant := laboratory("priorities")
	submit(t, c, tenant.Platform)
	pods := c.Admin().CoreV1().Pods(ns)
	slot := map[string]string{"slot": "one"}
	shapedNode(t, c, "slot", "1", slot, nil)
	create := func(name, class string) {
		pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: corev1.PodSpec{NodeSelector: slot, PriorityClassName: class,
			Containers: []corev1.Container{{Name: "main", Image: e2e.ShellImage, Resources: corev1.ResourceRequirements{Requests: amounts("800m", "")}}}}}
		if _, err := pods.Create(t.Context(), pod, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	get := func(name string) *corev1.Pod {
		pod, err := pods.Get(t.Context(), name, metav1.GetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return pod
	}
	onSlot := func(name string) func() error {
		return func() error {
			if pod := get(name); pod.Spec.NodeName != "slot" {
				return fmt.Errorf("its status is %+v", pod.Status)
			}
			return nil
		}
	}
	create("executor", tenant.ExecutorPriority())
	eventually(t, "the executor has the node", onSlot("executor"))
	create("driver", tenant.DriverPriority())
	eventually(t, "the executor has to go", func() error {
		if get("executor").DeletionTimestamp == nil {
			return fmt.Errorf("the driver's status is %+v", get("driver").Status)
		}
		return nil
	})
	// There is no kubelet to end it.
	if err := pods.Delete(t.Context(), "executor", metav1.DeleteOptions{GracePeriodSeconds: new(int64(0))}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the driver has the node", onSlot("driver"))
	create("waiting", tenant.ExecutorPriority())
	eventually(t, "the next executor waits", func() error {
		for _, condition := range get("waiting").Status.Conditions {
			if strings.Contains(condition.Message, "Insufficient cpu") && strings.Contains(condition.Message, "preemption") {
				t.Log(condition.Message)
				return nil
			}
		}
		return fmt.Errorf("its status is %+v", get("waiting").Status)
	})
	if get("driver").DeletionTimestamp != nil {
		t.Error("an executor pushed a driver aside")
	}
}
