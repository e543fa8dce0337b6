package spark

import (
	"errors"
	"testing"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace"
)

// Two fields that say one setting must not win by their order.
func TestFieldsThatDisagree(t *testing.T) {
	s := (&Job{}).settings(version{})
	s.at = "Tuning"
	s.set("A", "spark.x", "1")
	s.set("B", "spark.x", "1")
	s.set("C", "spark.x", "2")
	p := &millrace.Problems{}
	var spec v1beta2.SparkApplicationSpec
	s.lay(p, &spec, nil)
	be, ok := errors.AsType[*millrace.BuildError](p.Err())
	if !ok || len(be.Findings) != 1 || be.Findings[0].Field != "Tuning.C" || be.Findings[0].Detail != "the field Tuning.A sets spark.x to something else" {
		t.Errorf("findings: %v", p.Err())
	}
	if spec.SparkConf["spark.x"] != "1" {
		t.Errorf("spark.x is %q", spec.SparkConf["spark.x"])
	}
}
