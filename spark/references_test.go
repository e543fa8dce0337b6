package spark_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

func TestReferences(t *testing.T) {
	app := bare()
	app.Spec.SparkConf = map[string]string{
		"spark.kubernetes.hadoop.configMapName":         "hadoop",
		"spark.kubernetes.kerberos.krb5.configMapName":  "{{inputs.parameters.krb5}}",
		"spark.kubernetes.kerberos.tokenSecret.name":    "token",
		"spark.kubernetes.kerberos.tokenSecret.itemKey": "hadoop.token",
	}
	app.Spec.BatchSchedulerOptions = &v1beta2.BatchSchedulerConfiguration{PriorityClassName: new("gang")}
	app.Spec.SparkUIOptions = &v1beta2.SparkUIConfiguration{IngressTLS: []networkingv1.IngressTLS{{}, {SecretName: "ui"}}}
	app.Spec.DriverIngressOptions = []v1beta2.DriverIngressConfiguration{{IngressTLS: []networkingv1.IngressTLS{{SecretName: "connect"}}}}
	want := []millrace.Reference{
		{Kind: "ConfigMap", Namespace: "etl", Name: "hadoop", Field: "spec.sparkConf[spark.kubernetes.hadoop.configMapName]"},
		{Kind: "Secret", Namespace: "etl", Name: "token", Key: "hadoop.token", Field: "spec.sparkConf[spark.kubernetes.kerberos.tokenSecret.name]"},
		{Kind: "PriorityClass", Name: "gang", Field: "spec.batchSchedulerOptions.priorityClassName"},
		{Kind: "Secret", Namespace: "etl", Name: "ui", Field: "spec.sparkUIOptions.ingressTLS[1].secretName"},
		{Kind: "Secret", Namespace: "etl", Name: "connect", Field: "spec.driverIngressOptions[0].ingressTLS[0].secretName"},
	}
	if diff := cmp.Diff(want, spark.References(app)); diff != "" {
		t.Errorf("references (-want +got):\n%s", diff)
	}

	connect := &v1alpha1.SparkConnect{ObjectMeta: metav1.ObjectMeta{Namespace: "etl"}}
	connect.Spec.SparkConf = app.Spec.SparkConf
	if diff := cmp.Diff(want[:2], spark.References(connect)); diff != "" {
		t.Errorf("of a SparkConnect (-want +got):\n%s", diff)
	}
	scheduled := &v1beta2.ScheduledSparkApplication{Spec: v1beta2.ScheduledSparkApplicationSpec{Template: app.Spec}}
	if got := spark.References(scheduled); len(got) != len(want) || got[0].Field != "spec.template.sparkConf[spark.kubernetes.hadoop.configMapName]" {
		t.Errorf("of a schedule: %v", got)
	}
	for _, o := range []millrace.Object{nil, bare(), &corev1.Pod{}, (*v1alpha1.SparkConnect)(nil)} {
		if got := spark.References(o); got != nil {
			t.Errorf("%T: %v", o, got)
		}
	}
}
