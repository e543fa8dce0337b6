package spark_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

func script() *spark.Job {
	j := minimal()
	j.Main, j.Class, j.Args = "local:///opt/spark/jobs/orders.sql", "", []string{"--hivevar", "date=2026-01-31"}
	return j
}

func TestSQL(t *testing.T) {
	for main, file := range map[string]string{
		"local:///opt/spark/jobs/orders.sql": "/opt/spark/jobs/orders.sql",
		"s3a://jobs/orders.sql":              "s3a://jobs/orders.sql",
	} {
		j := script()
		j.Main = main
		app, err := spark.RunShell(j).SparkApplication()
		if err != nil {
			t.Fatal(err)
		}
		s := &app.Spec
		got := []string{string(s.Type), *s.MainClass, *s.MainApplicationFile, strings.Join(s.Arguments, " ")}
		want := []string{"Scala", "org.apache.spark.sql.hive.thriftserver.SparkSQLCLIDriver", "spark-internal", "-f " + file + " --hivevar date=2026-01-31"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", main, diff)
		}
		// The heap's share of the JVM: 4 GiB and a tenth.
		if r, err := spark.Resources(app); err != nil || r.Executor.Memory != 4505*millrace.MiB {
			t.Errorf("executor %v, %v", r.Executor, err)
		}
	}
}

func TestBadSQL(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(*spark.Job)
		want []string
	}{
		"the operator":      {func(*spark.Job) {}, []string{unsupported + " Main"}},
		"spark-submit":      {func(j *spark.Job) { j.Target = spark.Submit{Master: "k8s://https://a"} }, []string{unsupported + " Main"}},
		"by language":       {func(j *spark.Job) { j.Main, j.Language = "local:///opt/orders.hql", spark.SQL }, []string{unsupported + " Main"}},
		"a class":           {func(j *spark.Job) { j.Class, j.Target = "com.company.A", spark.ApacheOperator{} }, []string{conflict + " Class"}},
		"another language":  {func(j *spark.Job) { j.Language = spark.Python }, []string{conflict + " Language"}},
		"another file":      {func(j *spark.Job) { j.Language, j.Main = spark.SQL, "local:///a.py" }, []string{conflict + " Language", unsupported + " Main"}},
		"Apache's operator": {func(j *spark.Job) { j.Target = spark.ApacheOperator{} }, nil},
	} {
		j := script()
		tc.edit(j)
		_, err := j.Build()
		var got []string
		for _, f := range findings(t, err) {
			if !strings.HasSuffix(f, " Target") {
				got = append(got, f)
			}
		}
		if diff := cmp.Diff(tc.want, got, cmpopts.SortSlices(strings.Compare)); diff != "" {
			t.Errorf("%s: findings (-want +got):\n%s\n%v", name, diff, err)
		}
	}
}
