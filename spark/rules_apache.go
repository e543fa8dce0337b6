package spark

import (
	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark/apachev1"
)

// checkPodTemplateFile looks for template files that an operator replaces:
// Kubeflow's always, Apache's where the spec has a template.
// Source: Apache Spark Kubernetes Operator, docs/spark_custom_resources.md, "Pod
// Template Support".
func checkPodTemplateFile(pass *millrace.Pass) {
	app, ok := pass.Object.(*apachev1.SparkApplication)
	if a, kubeflow := applicationOf(pass); !ok && kubeflow {
		for _, r := range roles {
			for _, name := range []string{"podTemplateFile", "podTemplateContainerName"} {
				key := "spark.kubernetes." + string(r) + "." + name
				if _, set := a.SparkConf[key]; set {
					pass.Report(a.confPath(key), "the operator replaces it, or nothing reads it; use "+ownField(pass.Object, a.path(string(r), "template")))
				}
			}
		}
	}
	if app == nil || app.Spec == nil {
		return
	}
	for _, of := range []struct {
		role role
		spec *apachev1.BaseApplicationTemplateSpec
	}{{driverRole, app.Spec.DriverSpec}, {executorRole, app.Spec.ExecutorSpec}} {
		key := "spark.kubernetes." + string(of.role) + ".podTemplateFile"
		if _, set := app.Spec.SparkConf[key]; set && of.spec != nil && of.spec.PodTemplateSpec != nil {
			pass.Report("spec.sparkConf["+key+"]", "spec."+string(of.role)+"Spec.podTemplateSpec takes its place, and the operator unsets it")
		}
	}
}
