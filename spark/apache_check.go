package spark

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark/apachev1"
)

// Labels by which Apache's operator finds its pods.
// Source: Apache Spark Kubernetes Operator, Constants.java, Utils.java.
const (
	labelApacheOperator = "spark.operator/name"
	labelApacheApp      = "spark.operator/spark-app-name"
	labelApacheCluster  = "spark.operator/spark-cluster-name"
	// apacheName is what the operator calls itself unless it is told otherwise.
	apacheName = "spark-kubernetes-operator"
)

// apacheOwn are settings that Apache's operator makes itself, and what becomes
// of another's.
// Source: Apache Spark Kubernetes Operator 1.0.0, SparkAppSubmissionWorker.java,
// SparkAppDriverConf.java, ReconcilerUtils.java.
var apacheOwn = map[string]string{
	"spark.app.id":                               "every attempt would have the same names, and find the pods of the one before",
	"spark.kubernetes.driver.pod.name":           "an attempt would find the pod of the one before, and take it for its own",
	"spark.kubernetes.driver.resourceNamePrefix": "Apache's operator has its own prefix, and ignores it without a word",
	"spark.master.url.prefix":                    "Target says where the job runs",
}

// checkApache reports what Apache's operator overwrites, ignores or refuses.
func (j *Job) checkApache(p *millrace.Problems, t ApacheOperator) {
	t.checkTimes(p)
	if j.Lifecycle.Suspended {
		p.Unsupported("Lifecycle.Suspended", "Apache's operator starts every application", "leave it out, or use spark.SparkOperator{}")
	}
	switch t.Retain {
	case "", RetainNever, RetainOnFailure, RetainAlways:
	default:
		p.Invalid("Target.Retain", string(t.Retain), "no retain policy", "use spark.RetainNever, RetainOnFailure or RetainAlways")
	}
	if t.RetainFor != 0 && (t.Retain == "" || t.Retain == RetainNever) {
		p.Conflict("Target.RetainFor", "nothing is left", "set Target.Retain, or leave it out")
	}
	for _, key := range slices.Sorted(maps.Keys(apacheOwn)) {
		if _, ok := j.Conf[key]; ok {
			p.Conflict("Conf["+key+"]", apacheOwn[key], "leave it out")
		}
		if _, ok := j.Base.SparkConf[key]; ok {
			p.Conflict("Base.SparkConf["+key+"]", apacheOwn[key], "leave it out")
		}
	}
	if j.Base.Driver.PodName != nil {
		p.Conflict("Base.Driver.PodName", apacheOwn["spark.kubernetes.driver.pod.name"], "leave it out")
	}
	for _, of := range []struct {
		field  string
		labels map[string]string
	}{
		{"Labels", j.Labels}, {"Driver.Labels", j.Driver.Labels}, {"Executor.Labels", j.Executor.Labels},
		{"Base.Driver.Labels", j.Base.Driver.Labels}, {"Base.Driver.ServiceLabels", j.Base.Driver.ServiceLabels}, {"Base.Executor.Labels", j.Base.Executor.Labels},
	} {
		for _, key := range []string{labelApacheOperator, labelApacheApp} {
			if _, ok := of.labels[key]; ok {
				p.Conflict(of.field+"["+key+"]", "the operator overwrites it", "leave it out")
			}
		}
	}
	checkApacheBase(p, &t.Base)
}

func (t ApacheOperator) checkTimes(p *millrace.Problems) {
	for _, d := range []struct {
		field string
		value *time.Duration
	}{
		{"Timeouts.DriverStart", t.Timeouts.DriverStart}, {"Timeouts.DriverReady", t.Timeouts.DriverReady}, {"Timeouts.ExecutorStart", t.Timeouts.ExecutorStart},
		{"Timeouts.Termination", &t.Timeouts.Termination}, {"Timeouts.Requeue", &t.Timeouts.Requeue}, {"RetainFor", &t.RetainFor},
	} {
		if d.value != nil {
			checkDuration(p, "Target."+d.field, *d.value, time.Millisecond)
		}
	}
}

// checkApacheBase reports what Base says that has a place of its own.
func checkApacheBase(p *millrace.Problems, s *apachev1.ApplicationSpec) {
	for _, of := range []struct {
		field string
		set   bool
		use   string
	}{
		{"SparkConf", len(s.SparkConf) > 0, "Conf"},
		{"Jars", deref(s.Jars) != "", "Main and Deps.Jars"}, {"PyFiles", deref(s.PyFiles) != "", "Main and Deps.PyFiles"}, {"SparkRFiles", deref(s.SparkRFiles) != "", "Main"},
		{"MainClass", deref(s.MainClass) != "", "Class"}, {"DriverArgs", len(s.DriverArgs) > 0, "Args"},
		{"RuntimeVersions.SparkVersion", s.RuntimeVersions.SparkVersion != "", "Version"},
		{"DriverSpec", templateIn(s.DriverSpec), "Base.Driver.Template"}, {"ExecutorSpec", templateIn(s.ExecutorSpec), "Base.Executor.Template"},
	} {
		if of.set {
			p.Conflict("Target.Base."+of.field, "the job has a field for it", "use "+of.use)
		}
	}
	if s.Files != nil {
		p.Unsupported("Target.Base.Files", "the operator doesn't read it", "use Deps.Files")
	}
	if s.DeploymentMode == apachev1.DeploymentModeClientMode {
		p.Unsupported("Target.Base.DeploymentMode", "the operator has no client mode yet", "leave it out")
	}
	const orphan = "the operator refuses a route without a gateway"
	for i, r := range s.DriverHTTPRouteList {
		if r.HTTPRouteSpec == nil || len(r.HTTPRouteSpec.ParentRefs) == 0 {
			p.Required(fmt.Sprintf("Target.Base.DriverHTTPRouteList[%d].HTTPRouteSpec.ParentRefs", i), "name the gateway: "+orphan)
		}
	}
	for i, r := range s.DriverGRPCRouteList {
		if r.GRPCRouteSpec == nil || len(r.GRPCRouteSpec.ParentRefs) == 0 {
			p.Required(fmt.Sprintf("Target.Base.DriverGRPCRouteList[%d].GRPCRouteSpec.ParentRefs", i), "name the gateway: "+orphan)
		}
	}
}

// templateIn reports whether a role's spec says anything.
func templateIn(s *apachev1.BaseApplicationTemplateSpec) bool {
	return s != nil && s.PodTemplateSpec != nil
}
