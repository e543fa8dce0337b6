package spark

import (
	"net/url"
	"strings"

	"github.com/millrace/millrace"
)

// checkSubmit reports what is wrong with the target, and what doesn't go with
// it.
func (j *Job) checkSubmit(p *millrace.Problems, t Submit) {
	rest, ok := strings.CutPrefix(t.Master, "k8s://")
	if !strings.Contains(rest, "://") {
		rest = "https://" + rest
	}
	u, err := url.Parse(rest)
	switch {
	case t.Master == "":
		p.Required("Target.Master", `name the API server, as in "k8s://https://k8s-api.internal:6443"`)
	case !ok || err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || strings.ContainsAny(rest, " \t\r\n"):
		p.Invalid("Target.Master", t.Master, "not the URL of an API server after k8s://", `write it as "k8s://https://k8s-api.internal:6443"`)
	}
	l := &j.Lifecycle
	for _, set := range []struct {
		field string
		value bool
	}{
		{"Lifecycle.Restart", l.Restart != "" && l.Restart != Never}, {"Lifecycle.Retries", l.Retries != nil},
		{"Lifecycle.RetryInterval", l.RetryInterval != 0}, {"Lifecycle.SubmissionRetries", l.SubmissionRetries != nil},
		{"Lifecycle.SubmissionRetryInterval", l.SubmissionRetryInterval != 0}, {"Lifecycle.TimeToLive", l.TimeToLive != 0},
		{"Lifecycle.Suspended", l.Suspended},
	} {
		if set.value {
			p.Unsupported(set.field, "spark-submit runs a job once, and leaves nothing behind to delete", "leave it out, or use spark.SparkOperator{}")
		}
	}
	if len(j.Annotations) > 0 {
		p.Unsupported("Annotations", "spark-submit makes no object to annotate", "use Driver.Annotations and Executor.Annotations")
	}
	j.checkMode(p, t)
}

// checkDriverAddress reports addresses of a driver whose pod Spark makes, and
// with it a Service by which the executors find it. spark-submit fails over
// them.
// Source: apache/spark, DriverServiceFeatureStep.
func (j *Job) checkDriverAddress(p *millrace.Problems) {
	if t, ok := j.Target.(Submit); ok && t.client() {
		return
	}
	report := func(field string, conf map[string]string) {
		for _, key := range []string{"spark.driver.bindAddress", "spark.driver.host"} {
			if _, set := conf[key]; set {
				p.Unsupported(field+"["+key+"]", "Spark gives the driver's pod a Service, and refuses another address", "leave it out")
			}
		}
	}
	report("Conf", j.Conf)
	report("Base.SparkConf", j.Base.SparkConf)
}
