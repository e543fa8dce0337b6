package spark_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	"sigs.k8s.io/yaml"
)

// notYAML are the examples that nobody can read.
var notYAML = map[string]string{
	"spark-pi-prometheus.yaml": "its image starts with an unquoted brace",
}

// examples returns the applications of the operator's own examples.
func examples(t *testing.T) map[string]*v1beta2.SparkApplication {
	t.Helper()
	root, err := module()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(root, "examples", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	apps := make(map[string]*v1beta2.SparkApplication)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		for document := range bytes.SplitSeq(data, []byte("\n---\n")) {
			app, err := application(document)
			if _, known := notYAML[name]; err != nil && !known {
				t.Fatalf("%s: %v", name, err)
			}
			if app != nil {
				apps[name] = app
			}
		}
	}
	return apps
}

// application reads one document. It is nil if that is of another kind.
func application(document []byte) (*v1beta2.SparkApplication, error) {
	var app v1beta2.SparkApplication
	if err := yaml.Unmarshal(document, &app); err != nil {
		return nil, err
	}
	if app.Namespace == "" {
		app.Namespace = "default" // as kubectl has it
	}
	switch app.Kind {
	case "SparkApplication":
		return &app, nil
	case "ScheduledSparkApplication":
		var scheduled v1beta2.ScheduledSparkApplication
		err := yaml.Unmarshal(document, &scheduled)
		app.Spec = scheduled.Spec.Template
		return &app, err
	}
	return nil, nil
}

// unsaid are the fields of the examples that a Job for spark-submit can't
// have, as package spark reports them.
var unsaid = map[string][]string{
	"spark-pi-kube-scheduler.yaml": {"Base.BatchScheduler"},
	"spark-pi-ttl.yaml":            {"Base.TimeToLiveSeconds"},
	"spark-pi-volcano.yaml":        {"Base.BatchScheduler"},
	"spark-pi-yunikorn.yaml":       {"Base.BatchScheduler", "Base.BatchSchedulerOptions"},
}

func TestExamples(t *testing.T) {
	apps := examples(t)
	if len(apps) != 13 {
		t.Errorf("%d examples, want 13", len(apps))
	}
	maker(asBase).agree(t, apps, unsaid)
}

// So are the jobs that FromApplication makes of them.
func TestConvertedExamples(t *testing.T) {
	refused := maps.Clone(unsaid)
	refused["spark-pi-ttl.yaml"] = []string{"Lifecycle.TimeToLive"}
	maker(converted).agree(t, examples(t), refused)
}
