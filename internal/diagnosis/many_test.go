package diagnosis_test

import (
	"fmt"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/internal/diagnosis"
)

// outOfMemory returns n executors that were killed, and a log about them.
func outOfMemory(n int) diagnosis.Evidence {
	var e diagnosis.Evidence
	var log strings.Builder
	for i := range n {
		p := corev1.Pod{}
		p.Namespace, p.Name = "data", fmt.Sprintf("etl-exec-%d", i+1)
		p.Labels = map[string]string{"spark-role": "executor"}
		p.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "spark-kubernetes-executor",
			State: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{Reason: "OOMKilled", ExitCode: 137}}}}
		e.Pods = append(e.Pods, p)
		fmt.Fprintf(&log, "26/03/01 10:06:12 ERROR TaskSchedulerImpl: Lost executor %d on 10.0.3.7:\nThe executor with id %d exited with exit code 137(SIGKILL, possible container OOM).\n", i+1, i+1)
		v := corev1.Event{Reason: "SparkExecutorFailed", Message: fmt.Sprintf("Executor %s failed with ExitCode: 137, Reason: OOMKilled, Pod Message: ", p.Name)}
		v.InvolvedObject.Kind = "SparkApplication"
		e.Events = append(e.Events, v)
	}
	e.DriverLog = log.String()
	return e
}

// TestMany: a thousand executors of which pod, event and log say the same are
// one cause of a thousand executors, with little evidence.
func TestMany(t *testing.T) {
	got := diagnosis.Diagnose(outOfMemory(1000))
	if len(got) != 1 {
		t.Fatalf("got %d causes: %v", len(got), got)
	}
	if !strings.HasSuffix(got[0].Detail, "(1000 executors)") {
		t.Errorf("the detail is %q", got[0].Detail)
	}
	if n := len(got[0].Evidence); n != 6 || got[0].Evidence[5] != "and 2995 more like these" {
		t.Errorf("the evidence is %q", got[0].Evidence)
	}
}

// TestLongTexts: what the cluster says may be long, and is cut.
func TestLongTexts(t *testing.T) {
	e := outOfMemory(1)
	e.DriverLog = "Exception in thread \"main\" java.lang.IllegalStateException: " + strings.Repeat("ü", 100_000)
	e.Pods = []corev1.Pod{{}}
	e.Pods[0].Labels = map[string]string{"spark-role": "driver"}
	e.Pods[0].Status.Phase = corev1.PodFailed
	found := false
	for _, c := range diagnosis.Diagnose(e) {
		found = found || c.ID == diagnosis.ApplicationError
		for _, text := range append(c.Evidence, c.Detail, c.Fix) {
			if n := len([]rune(text)); n > 1201 {
				t.Errorf("%s: a text of %d runes", c.ID, n)
			}
		}
	}
	if !found {
		t.Error("the exception was not seen")
	}
}

// BenchmarkDiagnose shows that ten times the executors take ten times the time.
func BenchmarkDiagnose(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		e := outOfMemory(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				diagnosis.Diagnose(e)
			}
		})
	}
}
