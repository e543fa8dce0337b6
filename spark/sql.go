package spark

import (
	"strings"

	"github.com/millrace/millrace"
)

// sqlClass is Spark's SQL shell.
const sqlClass = "org.apache.spark.sql.hive.thriftserver.SparkSQLCLIDriver"

// checkSQL reports what a script has no use for, and the targets that can't
// run one.
func (j *Job) checkSQL(p *millrace.Problems) {
	if j.Class != "" {
		p.Conflict("Class", "a SQL job has no main class but Spark's SQL shell", "leave it out")
	}
	if _, ok := j.Target.(ApacheOperator); !ok {
		p.Unsupported("Main", "in cluster mode spark-submit, which the target uses, refuses Spark's SQL shell",
			"use Target: spark.ApacheOperator{}, or a Python job that hands the statements to spark.sql")
	}
}

// runShell writes a SQL job as what Spark runs.
func (j *Job) runShell() {
	// The shell reads files by Hadoop's file systems, of which none is called
	// local.
	script := strings.TrimPrefix(first(j.Main, deref(j.Base.MainApplicationFile)), "local://")
	j.Args = append([]string{"-f", script}, j.Args...)
	j.Language, j.Main, j.Class = Scala, noMain, sqlClass
}
