package spark_test

import (
	"testing"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
)

// What the nouns make is what the operator's CRDs accept, and what production
// asks for where nothing is left to it.
func TestSchema(t *testing.T) {
	for name, b := range map[string]millrace.Builder{
		"nightly": nightly(), "orders": allOfSchedule(), "queries": queries(), "ad-hoc": allOfServer(), "minimal": minimal(), "everything": everything(),
	} {
		bundle, err := millrace.Build(b)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if report := policy.Schema().Check(bundle); len(report.Findings) > 0 {
			t.Errorf("%s:\n%s", name, report)
		}
	}
	// The check sees what the CRD refuses.
	c := queries()
	conn, err := c.SparkConnect()
	if err != nil {
		t.Fatal(err)
	}
	conn.Spec.Executor.Cores = new(int32(0))
	bundle, err := millrace.Build(millrace.Parts{Objects: []millrace.Object{conn}})
	if err != nil {
		t.Fatal(err)
	}
	if report := policy.Schema().Check(bundle); len(report.Findings) == 0 {
		t.Error("the schema accepts an executor of no cores")
	}
}
