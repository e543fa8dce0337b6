package spark_test

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/spark/apachev1"
)

// Nothing that is said to Apache's operator makes millrace panic, and what is
// built has its pods and is looked at by the rules.
func FuzzApache(f *testing.F) {
	for i, s := range nasty {
		f.Add(s, int64(i)-5)
	}
	f.Add("driver.annotations]", int64(-1)<<62)
	f.Fuzz(func(t *testing.T, s string, n int64) {
		d := time.Duration(n)
		j := onApache(func(j *spark.Job, to *spark.ApacheOperator) {
			j.Name, j.Labels = s, map[string]string{s: s}
			j.Conf = map[string]string{s: s}
			j.Lifecycle = spark.Lifecycle{Restart: spark.RestartPolicy(s), TimeToLive: d, Retries: new(int32(n))}
			to.Timeouts = spark.Timeouts{DriverStart: &d, Termination: d}
			to.Retain, to.RetainFor = spark.RetainPolicy(s), d
			to.Base.ConfigMapSpecs = []apachev1.ConfigMapSpec{{Name: s}}
		})
		look(t, j)
		_, _ = j.Runnable(s)
		look(t, &spark.Cluster{
			Name: s, Namespace: s, Image: s, Version: s, Conf: map[string]string{s: s},
			Workers: spark.Workers{Min: int32(n), Initial: int32(n >> 8), Max: int32(n >> 16), TargetCPU: int32(n), Cores: int32(n), Memory: millrace.Bytes(n),
				Pod: spark.ClusterPod{Labels: map[string]string{s: s}, Env: []corev1.EnvVar{{Name: s}}, Volumes: []spark.Volume{{Name: s, Path: s}}}},
		})
		meta := metav1.ObjectMeta{Name: "a", Namespace: "a"}
		typ := metav1.TypeMeta{APIVersion: "spark.apache.org/v1"}
		app := &apachev1.SparkApplication{TypeMeta: typ, ObjectMeta: meta, Spec: &apachev1.ApplicationSpec{
			RuntimeVersions: apachev1.RuntimeVersions{SparkVersion: s}, Jars: &s, DriverArgs: []string{s},
			SparkConf: map[string]string{s: s, "spark.kubernetes.driver.annotation." + s: s, "spark.executor.memory": s, "spark.executor.instances": s, "spark.kubernetes.container.image": s},
		}}
		app.Kind = "SparkApplication"
		cluster := &apachev1.SparkCluster{TypeMeta: typ, ObjectMeta: meta, Spec: &apachev1.ClusterSpec{
			ClusterTolerations: apachev1.ClusterTolerations{InstanceConfig: apachev1.WorkerInstanceConfig{InitWorkers: n, MinWorkers: -n, MaxWorkers: n >> 3}},
			SparkConf:          map[string]string{s: s, "spark.kubernetes.container.image": s},
		}}
		cluster.Kind = "SparkCluster"
		look(t, millrace.Parts{Objects: []millrace.Object{app, cluster}})
		spark.OwnField(app, "spec."+s)
	})
}

// look builds what can be built, and looks at its pods.
func look(t *testing.T, b millrace.Builder) {
	t.Helper()
	bundle, err := millrace.Build(b)
	if err != nil {
		return
	}
	for _, o := range bundle.Objects() {
		if n := len(spark.Pods(o)); n != 2 {
			t.Errorf("%T has %d pods", o, n)
		}
	}
	check(bundle)
}
