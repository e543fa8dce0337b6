package spark

import (
	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark/apachev1"
)

// kubeflowOnly passes over what Apache's operator runs: it makes the pods itself,
// of settings that Kubeflow's has fields for.
func kubeflowOnly(check func(*millrace.Pass)) func(*millrace.Pass) {
	return func(pass *millrace.Pass) {
		if _, apache := pass.Object.(*apachev1.SparkApplication); !apache {
			check(pass)
		}
	}
}

// checkPodTemplateFile looks for template files that an operator replaces:
// Kubeflow's always, Apache's where the spec has a template.
// Source: Apache Spark Kubernetes Operator, docs/spark_custom_resources.md, "Pod
// Template Support".
func checkPodTemplateFile(pass *millrace.Pass) {
	app, ok := pass.Object.(*apachev1.SparkApplication)
	if !ok {
		rule(checkPodTemplateConf)(pass)
		return
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
