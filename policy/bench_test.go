package policy_test

import (
	"fmt"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/policy"
	"github.com/millrace/millrace/spark"
)

// platform is a bundle of n objects: namespaces of fifty with a quota, a
// service account, a config map, Deployments that use them, Spark jobs and
// topics; and beside them three node pools, against which every pod is held.
func platform(t testing.TB, n int) *millrace.Bundle {
	t.Helper()
	var builders []millrace.Builder
	var pools []*nodepool.Pool
	for i := range 3 {
		pool := &nodepool.Pool{Name: fmt.Sprintf("pool-%d", i), Machine: "n2-highmem-16", Max: 50, Provider: nodepool.GKE{Cluster: "c", Location: "l"}}
		pools = append(pools, pool)
		builders = append(builders, pool)
	}
	for i := range n {
		space := fmt.Sprintf("team-%d", i/50)
		meta := metav1.ObjectMeta{Name: fmt.Sprintf("x-%d", i), Namespace: space}
		add := func(o millrace.Object) {
			builders = append(builders, millrace.Parts{Objects: []millrace.Object{o}})
		}
		switch at := i % 50; {
		case at == 0:
			add(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: space, Labels: map[string]string{"pod-security.kubernetes.io/enforce": "baseline"}}})
		case at == 1:
			add(&corev1.ResourceQuota{ObjectMeta: meta, Spec: corev1.ResourceQuotaSpec{Hard: corev1.ResourceList{
				"requests.cpu": resource.MustParse("1k"), "requests.memory": resource.MustParse("10Ti"), "pods": resource.MustParse("1k"),
			}}})
		case at == 2:
			meta.Name = "runner"
			add(&corev1.ServiceAccount{ObjectMeta: meta})
		case at == 3:
			meta.Name = "settings"
			add(&corev1.ConfigMap{ObjectMeta: meta, Data: map[string]string{"app.properties": "a=b\ndb.url=jdbc:postgresql://db/orders\n"}})
		case i%10 == 2 || i%10 == 3 || i%10 == 4:
			builders = append(builders, &kafka.Topic{Name: meta.Name, Namespace: space, Cluster: "events", Partitions: 6})
		case i%10 >= 8:
			j := job()
			j.Name, j.Namespace, j.Driver.ServiceAccount = meta.Name, space, "runner"
			j.Placement = pools[i%len(pools)].Placement()
			builders = append(builders, j)
		default:
			labels := map[string]string{"app": meta.Name}
			add(&appsv1.Deployment{ObjectMeta: meta, Spec: appsv1.DeploymentSpec{
				Selector: &metav1.LabelSelector{MatchLabels: labels},
				Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: corev1.PodSpec{
					ServiceAccountName: "runner",
					Containers: []corev1.Container{{
						Name: "main", Image: "api:1.0", Args: []string{"--port=8080", "--verbose"},
						Env: []corev1.EnvVar{{Name: "HOST", Value: "db"}, {Name: "URL", ValueFrom: &corev1.EnvVarSource{
							ConfigMapKeyRef: &corev1.ConfigMapKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: "settings"}, Key: "app.properties"}}}},
						Resources: corev1.ResourceRequirements{
							Requests: corev1.ResourceList{"cpu": resource.MustParse("100m"), "memory": resource.MustParse("128Mi")},
							Limits:   corev1.ResourceList{"memory": resource.MustParse("128Mi")},
						},
					}},
				}},
			}})
		}
	}
	return build(t, builders...)
}

// BenchmarkPlatform shows that a check costs each object the same, however
// many there are.
func BenchmarkPlatform(b *testing.B) {
	for _, n := range []int{10, 100, 1000, 10_000} {
		bundle := platform(b, n)
		production := policy.Production()
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				production.Check(bundle)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/object")
		})
	}
}

// BenchmarkSparkApplications is a thousand jobs for each operator, which more
// rules look at than at anything else.
func BenchmarkSparkApplications(b *testing.B) {
	for name, target := range map[string]spark.Target{"kubeflow": spark.SparkOperator{}, "apache": spark.ApacheOperator{}} {
		var builders []millrace.Builder
		for i := range 1000 {
			j := job()
			j.Name, j.Namespace, j.Target = fmt.Sprintf("etl-%d", i), "data-platform", target
			builders = append(builders, j)
		}
		bundle, production := build(b, builders...), policy.Production()
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				production.Check(bundle)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/object")
		})
	}
}
