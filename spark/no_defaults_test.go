package spark_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace/spark"
)

// TestNoDefaults: a job without defaults says what its fields say, and the
// defaults add to it and change nothing.
func TestNoDefaults(t *testing.T) {
	bare := minimal()
	bare.NoDefaults = true
	app, err := bare.SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	want := v1beta2.SparkApplicationSpec{
		Type: v1beta2.SparkApplicationTypeScala, SparkVersion: "3.5.1", Image: new("company-registry/spark-etl:3.5.1"),
		MainClass: new("com.company.etl.ExtractOrders"), MainApplicationFile: new("local:///opt/spark/jobs/etl.jar"),
	}
	if diff := cmp.Diff(want, app.Spec); diff != "" {
		t.Errorf("minimal (-want +got):\n%s", diff)
	}

	for name, job := range map[string]func() *spark.Job{"minimal": minimal, "article": ordersDaily, "dynamic": dynamic, "everything": everything, "uniffle": uniffle} {
		t.Run(name, func(t *testing.T) {
			full, bare := job(), job()
			bare.NoDefaults = true
			a, err := full.SparkApplication()
			if err != nil {
				t.Fatal(err)
			}
			b, err := bare.SparkApplication()
			if err != nil {
				t.Fatal(err)
			}
			more, less := tree(t, a), tree(t, b)
			if at := missing(less, more, "spec"); at != "" {
				t.Errorf("the defaults change %s", at)
			}
			if missing(more, less, "spec") == "" {
				t.Error("there are no defaults")
			}
		})
	}
}

// missing returns where part has what whole hasn't. Items of lists are sought
// anywhere in the other list.
func missing(part, whole any, at string) string {
	switch part := part.(type) {
	case map[string]any:
		other, _ := whole.(map[string]any)
		for key, value := range part {
			in, ok := other[key]
			if !ok {
				return at + "." + key
			}
			if found := missing(value, in, at+"."+key); found != "" {
				return found
			}
		}
	case []any:
		other, _ := whole.([]any)
		for _, item := range part {
			there := false
			for _, candidate := range other {
				there = there || missing(item, candidate, "") == ""
			}
			if !there {
				return at + "[]"
			}
		}
	default:
		if !cmp.Equal(part, whole) {
			return at
		}
	}
	return ""
}
