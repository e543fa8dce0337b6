package spark_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// TestParseSubmitOfSubmission: the words by which millrace starts a job become
// a job again that is started by the same words, given the pod templates that
// ParseSubmit doesn't read.
func TestParseSubmitOfSubmission(t *testing.T) {
	count := 0
	for name, job := range richJobs() {
		for _, plain := range []bool{false, true} {
			job.Target, job.NoDefaults, job.Annotations, job.Lifecycle = spark.Submit{Master: master}, plain, nil, spark.Lifecycle{}
			want, err := job.Submission()
			if err != nil {
				continue // spark-submit doesn't take every value
			}
			t.Run(fmt.Sprintf("%s %t", name, plain), func(t *testing.T) {
				count++
				again, notes, err := spark.ParseSubmit(want.Arguments(spark.TemplateFiles{}))
				if err != nil {
					t.Fatal(err)
				}
				for _, note := range notes {
					if note.Rule != millrace.RuleUnsupported && note.Rule != millrace.RuleRequired {
						t.Errorf("a note on what millrace writes: %v", note)
					}
				}
				again.Version = job.Version
				const group = "spark.kubernetes.scheduler.volcano.podGroupTemplateFile"
				if file := again.Conf[group]; (file != "") != (want.PodGroup != nil) {
					t.Errorf("%s is %q", group, file)
				}
				delete(again.Conf, group) // which names a file as well
				for pod, template := range map[*corev1.Pod]**corev1.PodTemplateSpec{want.Driver: &again.Base.Driver.Template, want.Executor: &again.Base.Executor.Template} {
					if *template != nil {
						t.Errorf("millrace says it in templates: %v", *template)
					}
					*template = &corev1.PodTemplateSpec{ObjectMeta: pod.ObjectMeta, Spec: pod.Spec}
				}
				got, err := again.Submission()
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(spark.Submission{}, "PodGroup"), cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("(-first +again):\n%s", diff)
				}
			})
		}
	}
	if count < 60 {
		t.Errorf("%d jobs", count)
	}
}
