package spark

import (
	"fmt"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark/apachev1"
)

// nameOf returns an object's name where it is one to judge: not the API
// server's to make, and not a workflow's to fill in.
func nameOf(o millrace.Object) (string, bool) {
	name := o.GetName()
	return name, name != "" && !strings.Contains(name, "{{")
}

func scheduledIn(o millrace.Object) (*v1beta2.ScheduledSparkApplication, bool) {
	s, ok := o.(*v1beta2.ScheduledSparkApplication)
	return s, ok && s != nil
}

func checkName(pass *millrace.Pass) {
	app, ok := applicationOf(pass)
	if !ok {
		return
	}
	if name, ok := nameOf(pass.Object); ok && len(validation.IsDNS1035Label(name)) > 0 {
		pass.Report("metadata.name", quoted(name)+" is no DNS label of at most 63 characters that starts with a letter")
	}
	if name, at := app.driverPod(); name != "" && !strings.Contains(name, "{{") && len(validation.IsDNS1123Subdomain(name)) > 0 {
		pass.Report(at, quoted(name)+" is no name of a pod")
	}
}

// driverPod returns the name that an application gives its driver's pod, and
// where.
func (a application) driverPod() (name, at string) {
	return a.setting(a.Driver.PodName, a.path("driver.podName"), "spark.kubernetes.driver.pod.name")
}

func checkScheduledName(pass *millrace.Pass) {
	if s, ok := scheduledIn(pass.Object); ok {
		if name, ok := nameOf(s); ok && len(name) > maxScheduledName {
			pass.Report("metadata.name", fmt.Sprintf("it has %d characters, and the names of its runs %d more: a run's name has at most %d", len(name), runSuffix, maxName))
		}
	}
}

func checkConnectName(pass *millrace.Pass) {
	c, ok := pass.Object.(*v1alpha1.SparkConnect)
	if !ok || c == nil {
		return
	}
	if name, ok := nameOf(c); ok && (len(name) > maxConnectName || len(validation.IsDNS1035Label(name)) > 0) {
		pass.Report("metadata.name", fmt.Sprintf("%s is no DNS label of at most %d characters that starts with a letter", quoted(name), maxConnectName))
	}
}

func checkDerivedNames(pass *millrace.Pass) {
	app, ok := applicationOf(pass)
	if !ok {
		return
	}
	const key = "spark.kubernetes.executor.podNamePrefix"
	if prefix := app.SparkConf[key]; len(prefix) > maxPodNamePrefix && !strings.Contains(prefix, "{{") {
		pass.Report(app.confPath(key), fmt.Sprintf("it has %d characters, and a pod's name of at most 63 leaves %d", len(prefix), maxPodNamePrefix))
	}
	switch pass.Object.(type) {
	case *apachev1.SparkApplication, *v1alpha1.SparkConnect:
		return // which cut the name, or have a rule of their own
	}
	name, ok := nameOf(pass.Object)
	if own, _ := app.driverPod(); own != "" || !ok {
		return
	}
	// Longer names are what spark/name and spark/scheduled-name report.
	most, longest, of := nameBudget, maxName, "<name>-driver"
	if _, scheduled := scheduledIn(pass.Object); scheduled {
		most, longest, of = most-runSuffix, maxScheduledName, "<name>-<time>-driver"
	}
	if len(name) > most && len(name) <= longest {
		pass.Report("metadata.name", fmt.Sprintf("it has %d characters, and the driver's pod, %s, more than %d", len(name), of, maxName))
	}
}
