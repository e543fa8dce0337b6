package spark

import (
	"fmt"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark/apachev1"
)

// References returns what a SparkApplication of either operator, a
// ScheduledSparkApplication or a SparkConnect needs by name beside what its Pods
// need: config maps and secrets of Spark's settings, certificates of its
// ingresses, the priority class of its pod group. It takes what Pods takes, and
// returns nothing for other objects.
func References(o millrace.Object) []millrace.Reference {
	o, err := typed(o)
	if err != nil {
		return nil
	}
	app, ok := applicationIn(o)
	if !ok {
		return nil
	}
	out := app.references(o.GetNamespace())
	if apache, ok := o.(*apachev1.SparkApplication); ok {
		out = append(out, apacheReferences(apache)...)
	}
	return out
}

// apacheReferences are the certificates of the ingresses that Apache's operator
// makes.
func apacheReferences(app *apachev1.SparkApplication) []millrace.Reference {
	var out []millrace.Reference
	for i, list := range deref(app.Spec).DriverServiceIngressList {
		for k, t := range deref(list.IngressSpec).TLS {
			r := millrace.Reference{Kind: "Secret", Namespace: app.Namespace, Name: t.SecretName,
				Field: fmt.Sprintf("spec.driverServiceIngressList[%d].ingressSpec.tls[%d].secretName", i, k)}
			if r.Known() {
				out = append(out, r)
			}
		}
	}
	return out
}

func (a application) references(namespace string) []millrace.Reference {
	var out []millrace.Reference
	add := func(r millrace.Reference) {
		if r.Known() {
			out = append(out, r)
		}
	}
	for _, key := range []string{"spark.kubernetes.hadoop.configMapName", "spark.kubernetes.kerberos.krb5.configMapName"} {
		add(millrace.Reference{Kind: "ConfigMap", Namespace: namespace, Name: a.SparkConf[key], Field: a.confPath(key)})
	}
	const token = "spark.kubernetes.kerberos.tokenSecret."
	add(millrace.Reference{Kind: "Secret", Namespace: namespace, Name: a.SparkConf[token+"name"], Key: a.SparkConf[token+"itemKey"], Field: a.confPath(token + "name")})
	if o := a.BatchSchedulerOptions; o != nil {
		add(millrace.Reference{Kind: "PriorityClass", Name: deref(o.PriorityClassName), Field: a.path("batchSchedulerOptions.priorityClassName")})
	}
	certificates := func(tls []networkingv1.IngressTLS, at string) {
		for i, t := range tls {
			add(millrace.Reference{Kind: "Secret", Namespace: namespace, Name: t.SecretName, Field: fmt.Sprintf("%s.ingressTLS[%d].secretName", at, i)})
		}
	}
	if ui := a.SparkUIOptions; ui != nil {
		certificates(ui.IngressTLS, a.path("sparkUIOptions"))
	}
	for i := range a.DriverIngressOptions {
		certificates(a.DriverIngressOptions[i].IngressTLS, a.path(fmt.Sprintf("driverIngressOptions[%d]", i)))
	}
	return out
}
