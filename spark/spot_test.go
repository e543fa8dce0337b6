package spark_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// onSpot places pods on spot machines with a notice.
func onSpot(notice time.Duration) millrace.Placement {
	return millrace.Placement{NodeSelector: map[string]string{"workload": "cheap"},
		Nodes: []millrace.NodeShape{{Pool: "cheap", Labels: map[string]string{"workload": "cheap"}, Spot: true, Notice: notice}}}
}

// Executors on spot machines have no longer to end than the cloud leaves them.
func TestGraceOnSpot(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(*spark.Job)
		want int64
		rule string
	}{
		"GKE":             {func(j *spark.Job) { j.Executor.Placement = onSpot(15 * time.Second) }, 15, ""},
		"the job's":       {func(j *spark.Job) { j.Placement = onSpot(15 * time.Second) }, 15, ""},
		"AWS":             {func(j *spark.Job) { j.Executor.Placement = onSpot(2 * time.Minute) }, 60, ""},
		"no notice known": {func(j *spark.Job) { j.Executor.Placement = onSpot(0) }, 60, ""},
		"GKE, by its label": {func(j *spark.Job) {
			j.Executor.Placement.NodeSelector = map[string]string{"cloud.google.com/gke-spot": "true"}
		}, 15, ""},
		"AKS, by its taint": {func(j *spark.Job) {
			j.Executor.Placement.Tolerations = []corev1.Toleration{{Key: "kubernetes.azure.com/scalesetpriority", Value: "spot"}}
		}, 30, ""},
		"EKS, by its label": {func(j *spark.Job) {
			j.Executor.Placement.NodeSelector = map[string]string{"eks.amazonaws.com/capacityType": "SPOT"}
		}, 60, ""},
		"the driver's":         {func(j *spark.Job) { j.Driver.Placement = onSpot(15 * time.Second) }, 60, ""},
		"longer than there is": {func(j *spark.Job) { j.Executor.Placement, j.Executor.GracePeriod = onSpot(15*time.Second), time.Minute }, 60, "of the 60 s, pods on the spot nodes of pool cheap get 15"},
		"too short": {func(j *spark.Job) {
			j.Executor.Placement, j.Executor.GracePeriod = onSpot(2*time.Minute), 20*time.Second
		}, 20, "20 s are too short"},
	} {
		t.Run(name, func(t *testing.T) {
			j := minimal()
			tc.edit(j)
			app, err := j.SparkApplication()
			if err != nil {
				t.Fatal(err)
			}
			if got := *app.Spec.Executor.Template.Spec.TerminationGracePeriodSeconds; got != tc.want {
				t.Errorf("%d s, want %d", got, tc.want)
			}
			b, err := millrace.Build(j)
			if err != nil {
				t.Fatal(err)
			}
			found := strings.Join(slices.DeleteFunc(check(b), func(f string) bool { return !strings.HasPrefix(f, "spark/spot-decommission") }), "\n")
			if (found == "") != (tc.rule == "") || !strings.Contains(found, tc.rule) {
				t.Errorf("%q, want %q", found, tc.rule)
			}
		})
	}
	// What moves blocks away is on unless somebody turns it off.
	j := minimal()
	j.Executor.Placement = onSpot(2 * time.Minute)
	j.Conf = map[string]string{"spark.decommission.enabled": "false"}
	b, err := millrace.Build(j)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(check(b), "\n"); !strings.Contains(got, "spark/spot-decommission spec.executor.template.spec.nodeSelector: an executor may run on the spot nodes of pool cheap") {
		t.Errorf("%s", got)
	}
}

// Explain knows the pools of the placement, and says each pool once.
func TestExplainPlacement(t *testing.T) {
	j := minimal()
	j.Executor.Placement = onSpot(15 * time.Second)
	names := func(given ...millrace.NodeShape) (out []string) {
		e, err := j.Explain(given...)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range e.Nodes {
			out = append(out, n.Pool)
		}
		return out
	}
	given := append([]millrace.NodeShape{{Pool: "other", Taints: []corev1.Taint{{Key: "a", Effect: "NoSchedule"}}}}, j.Executor.Placement.Nodes...)
	if diff := cmp.Diff([][]string{{"cheap"}, {"other", "cheap"}, {"other", "cheap"}}, [][]string{names(), names(given[0]), names(given...)}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Every builder says on which pools it places its pods, and a task says it for
// its job.
func TestBuildersArePlaced(t *testing.T) {
	schedule, server, cluster := minimal(), &spark.ConnectServer{Name: "c", Image: "a:1", Version: "4.0.0", Placement: onSpot(0)}, smallCluster()
	schedule.Placement, cluster.Placement = onSpot(0), onSpot(0)
	schedule.Name = "nightly"
	for name, b := range map[string]millrace.Builder{"schedule": &spark.ScheduledJob{Name: "nightly", Schedule: "0 6 * * *", Job: func() *spark.Job { j := *schedule; j.Name = ""; return &j }()}, "server": server, "cluster": cluster} {
		parts, err := b.Build()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if len(parts.PlacedOn) != 1 || parts.PlacedOn[0].Pool != "cheap" {
			t.Errorf("%s is placed on %+v", name, parts.PlacedOn)
		}
	}
	task := *schedule
	task.Name, task.Namespace = "", ""
	r, err := task.Runnable("data")
	if err != nil || len(r.PlacedOn) != 1 {
		t.Errorf("a task is placed on %+v, %v", r.PlacedOn, err)
	}
}
