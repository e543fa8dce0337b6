package spark_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

var update = flag.Bool("update", false, "write the golden files")

// pool is the placement of the dedicated pool for executors.
func pool() millrace.Placement {
	return millrace.Placement{
		NodeSelector: map[string]string{"workload": "spark-executor"},
		Tolerations: []corev1.Toleration{{
			Key: "workload", Operator: corev1.TolerationOpEqual, Value: "spark-executor", Effect: corev1.TaintEffectNoSchedule,
		}},
	}
}

// minimal is a valid job with nothing but what is required.
func minimal() *spark.Job {
	return &spark.Job{
		Name:    "etl",
		Image:   "company-registry/spark-etl:3.5.1",
		Version: "3.5.1",
		Main:    "local:///opt/spark/jobs/etl.jar",
		Class:   "com.company.etl.ExtractOrders",
	}
}

// ordersDaily is what the article submits with spark-submit.
func ordersDaily() *spark.Job {
	return &spark.Job{
		Name:      "etl-orders-daily",
		Namespace: "data-platform",
		Image:     "company-registry/spark:3.5.1-python3.11",
		Version:   "3.5.1",
		Main:      "local:///opt/spark/work-dir/jobs/orders_daily.py",
		Driver:    spark.Driver{CoreRequest: "2", Memory: 4 * millrace.GiB, ServiceAccount: "spark-executor", PriorityClass: "high-priority"},
		Executor:  spark.Executor{Cores: 4, CoreRequest: "3", Memory: 8 * millrace.GiB, Instances: 10},
		Placement: pool(),
		Observe:   spark.Observe{EventLog: spark.EventLog{Dir: "s3a://data-platform-logs/spark-events/"}},
	}
}

// dynamic is a Python job that grows and shrinks, with its shuffle data
// outside of its executors.
func dynamic() *spark.Job {
	j := ordersDaily()
	j.Name = "sessions"
	j.Executor.Instances = 0
	j.Executor.DynamicAllocation = spark.DynamicAllocation{Min: 2, Initial: 4, Max: 40}
	j.Executor.PythonMemory = 2 * millrace.GiB
	j.Shuffle = spark.Celeborn{Masters: []string{"celeborn-master-0.celeborn:9097", "celeborn-master-1.celeborn:9097"}}
	j.Deps.Packages = []string{"org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:1.9.2"}
	return j
}

// render builds the job and returns its manifests and files as one text.
func render(t *testing.T, j millrace.Builder) string {
	t.Helper()
	bundle, err := millrace.Build(j)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := millrace.Render(&b, bundle); err != nil {
		t.Fatal(err)
	}
	for _, f := range bundle.Files() {
		b.WriteString("# file " + f.Path + "\n")
		b.Write(f.Data)
	}
	return b.String()
}

// golden compares got with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// findings returns what a build error holds, as "rule field".
func findings(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var be *millrace.BuildError
	if !errors.As(err, &be) {
		t.Fatalf("%T is no BuildError: %v", err, err)
	}
	var out []string
	for _, f := range be.Findings {
		if f.Fix == "" || f.Detail == "" {
			t.Errorf("a finding without detail or fix: %+v", f)
		}
		if !strings.HasPrefix(f.Object.Kind, "spark.") {
			t.Errorf("a finding about %v", f.Object)
		}
		out = append(out, strings.TrimSpace(f.Rule+" "+f.Field))
	}
	return out
}

// wantFindings compares a build error's findings with those that are wanted, in any
// order.
func wantFindings(t *testing.T, want []string, err error) {
	t.Helper()
	if diff := cmp.Diff(want, findings(t, err), cmpopts.SortSlices(strings.Compare)); diff != "" {
		t.Errorf("findings (-want +got):\n%s\n%v", diff, err)
	}
}
