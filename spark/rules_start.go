package spark

import (
	"fmt"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark/apachev1"
)

func checkMainClass(a application, report func(field, detail string)) {
	jvm := a.Type == v1beta2.SparkApplicationTypeJava || a.Type == v1beta2.SparkApplicationTypeScala
	if jvm && deref(a.MainClass) == "" && fileType(deref(a.MainApplicationFile)) != string(Python) && fileType(deref(a.MainApplicationFile)) != string(R) {
		report(a.path("mainClass"), fmt.Sprintf("it is not set, and the application is of type %s", a.Type))
	}
}

// fileType is what spark-submit takes a main file for; empty where its name
// doesn't say.
func fileType(file string) string {
	switch name := lower(file); {
	case strings.HasSuffix(name, ".py"):
		return string(Python)
	case strings.HasSuffix(name, ".r"):
		return string(R)
	case strings.HasSuffix(name, ".jar"):
		return "Java or Scala"
	}
	return ""
}

func checkType(a application, report func(field, detail string)) {
	is := fileType(deref(a.MainApplicationFile))
	if is != "" && a.Type != "" && !strings.Contains(is, string(a.Type)) {
		report(a.path("type"), fmt.Sprintf("it is %s, and the main file is %s", a.Type, is))
	}
}

const keyPythonVersion = "spark.kubernetes.pyspark.pythonVersion"

func checkPythonVersion(a application, report func(field, detail string)) {
	const since = "3.1"
	version, at := a.setting(a.PythonVersion, a.path("pythonVersion"), keyPythonVersion)
	switch v := parseVersion(a.SparkVersion); {
	case version == "" || strings.Contains(version, "{{"):
	case v.atLeast(since) && version != "3":
		report(at, fmt.Sprintf("it is %s, and Spark %s refuses to start", quoted(version), v))
	case v.atLeast(since):
		report(at, fmt.Sprintf("it is %s, and Spark %s doesn't go by it", quoted(version), v))
	case version == "2":
		report(at, "it asks for Python 2")
	}
}

func checkMode(pass *millrace.Pass) {
	a, ok := applicationOf(pass)
	if !ok || a.Mode == "" || a.Mode == v1beta2.DeployModeCluster {
		return
	}
	if apache, ok := pass.Object.(*apachev1.SparkApplication); ok {
		pass.Report(a.path("mode"), fmt.Sprintf("it is %s, and the operator has no client mode yet", quoted(string(deref(apache.Spec).DeploymentMode))))
		return
	}
	pass.Report(a.path("mode"), fmt.Sprintf("it is %s, and the driver would run in the operator's pod", quoted(string(a.Mode))))
}

func checkLegacyRetries(a application, report func(field, detail string)) {
	if a.FailureRetries != nil {
		report(a.path("failureRetries"), "the operator doesn't read it")
	}
	if a.RetryInterval != nil {
		report(a.path("retryInterval"), "the operator doesn't read it")
	}
}

func checkEventLog(a application, report func(field, detail string)) {
	if deref(a.SparkConfigMap) != "" {
		return // whose settings are not here
	}
	const enabled, dir = "spark.eventLog.enabled", "spark.eventLog.dir"
	switch on, place := lower(a.SparkConf[enabled]), a.SparkConf[dir]; {
	case on != "" && on != "true" && on != "false" && !toCome(on): // spark/conf-value says so
	case !strings.EqualFold(a.SparkConf[enabled], "true") && !strings.Contains(a.SparkConf[enabled], "{{"):
		report(a.confPath(enabled), fmt.Sprintf("it is %s, and nothing of the run can be looked at after its end", orUnset(a.SparkConf[enabled])))
	case place == "" || strings.HasPrefix(place, "file:") || strings.HasPrefix(place, "/"):
		report(a.confPath(dir), fmt.Sprintf("it is %s, a directory of the driver's pod, with which it goes", orUnset(place)))
	}
}

func checkDriverIngress(a application, report func(field, detail string)) {
	ports, formats := make(map[int32]bool), make(map[string]bool)
	for i, o := range a.DriverIngressOptions {
		at := func(field string) string { return a.path(fmt.Sprintf("driverIngressOptions[%d].%s", i, field)) }
		switch {
		case o.ServicePort == nil:
			report(at("servicePort"), "it is not set")
		case ports[*o.ServicePort]:
			report(at("servicePort"), fmt.Sprintf("another ingress has the port %d", *o.ServicePort))
		}
		ports[deref(o.ServicePort)] = true
		switch format := o.IngressURLFormat; {
		case format == "":
			report(at("ingressURLFormat"), "it is not set")
		case formats[format]:
			report(at("ingressURLFormat"), "another ingress has the URL "+quoted(format))
		}
		formats[o.IngressURLFormat] = true
	}
}

func checkPackages(a application, report func(field, detail string)) {
	const key, ivy = "spark.jars.packages", "spark.jars.ivy"
	packages, at := a.setting(nil, a.path("deps.packages"), key)
	if len(a.Deps.Packages) > 0 {
		packages, at = strings.Join(a.Deps.Packages, ","), a.path("deps.packages")
	}
	if packages == "" {
		return
	}
	report(at, packages+" is fetched at every start")
	if a.SparkConf[ivy] == "" && a.SparkConf["spark.jars.ivySettings"] == "" {
		report(a.confPath(ivy), "it is not set, and the home directory may not be written to")
	}
}

// manyPulls is how many ask at once before a registry throttles them: the
// kubelet's own bound is five a second for a node.
// Source: Kubernetes, KubeletConfiguration, registryPullQPS.
const manyPulls = 10

func checkImagePull(a application, report func(field, detail string)) {
	policy, at := a.setting(nil, a.path("imagePullPolicy"), "spark.kubernetes.container.image.pullPolicy")
	policy = first(policy, deref(a.ImagePullPolicy))
	_, most := a.executors()
	if policy != string(PullAlways) || most > 0 && most < manyPulls {
		return
	}
	number := "any number of"
	if most > 0 {
		number = fmt.Sprint(most)
	}
	report(at, fmt.Sprintf("it is Always, and %s executors ask the registry when they start", number))
}
