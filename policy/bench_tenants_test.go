package policy_test

import (
	"fmt"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/policy"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/tenancy"
	"github.com/millrace/millrace/workflow"
)

// tenants is a bundle in which everything grows together: each tenant has a
// namespace with its quota, roles and network policies, node pools of its own,
// jobs, a workflow that makes one, and services.
func tenants(t testing.TB, n int) *millrace.Bundle {
	t.Helper()
	platform := &tenancy.Platform{}
	builders := []millrace.Builder{platform}
	for i := range n {
		tenant := &tenancy.Tenant{Name: fmt.Sprintf("team-%d", i), Platform: platform, Quota: tenancy.Quota{Cores: 2000, Memory: 8 << 40}}
		driver, executor := tenantPools(tenant.Name)
		builders = append(builders, tenant, driver, executor)
		etl := func(name string) *spark.Job {
			return &spark.Job{
				Name: name, Namespace: tenant.Name, Image: "registry.company.com/etl:1.4.2", Version: "3.5.1",
				Main: "local:///opt/etl.jar", Class: "com.company.Etl",
				Driver:   spark.Driver{Cores: 1, Memory: 2 * millrace.GiB, ServiceAccount: tenant.DriverAccount(), Placement: driver.Placement()},
				Executor: spark.Executor{Cores: 2, Memory: 4 * millrace.GiB, Instances: 3, Placement: executor.Placement()},
			}
		}
		for j := range 4 {
			builders = append(builders, etl(fmt.Sprintf("etl-%d", j)))
		}
		builders = append(builders, &workflow.Template{Name: "nightly", Namespace: tenant.Name, ServiceAccount: tenant.WorkflowAccount(),
			Placement: driver.Placement(), Tasks: []*workflow.Task{{Name: "load", Run: etl("")}}})
		for j := range 4 {
			builders = append(builders, millrace.Parts{Objects: []millrace.Object{service(tenant.Name, fmt.Sprintf("api-%d", j), driver.Placement())}})
		}
	}
	return build(t, builders...)
}

// tenantPools are one for drivers, on demand, and one for executors.
func tenantPools(name string) (driver, executor *nodepool.Pool) {
	pool := func(suffix string, capacity nodepool.Capacity) *nodepool.Pool {
		return &nodepool.Pool{
			Name: name + suffix, Machine: "r7i.4xlarge", Capacity: capacity, Max: 50,
			Provider: nodepool.Karpenter{NodeClass: nodepool.NodeClass{Name: "data"}},
		}
	}
	return pool("-driver", nodepool.OnDemand), pool("-executor", nodepool.SpotFirst)
}

func service(namespace, name string, at millrace.Placement) *appsv1.Deployment {
	labels := map[string]string{"app": name}
	return &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace}, Spec: appsv1.DeploymentSpec{
		Selector: &metav1.LabelSelector{MatchLabels: labels},
		Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels, Annotations: at.Annotations}, Spec: corev1.PodSpec{
			NodeSelector: at.NodeSelector, Tolerations: at.Tolerations, Affinity: at.Affinity,
			Containers: []corev1.Container{{Name: "main", Image: "api:1.0", Resources: corev1.ResourceRequirements{
				Requests: corev1.ResourceList{"cpu": resource.MustParse("100m"), "memory": resource.MustParse("128Mi")},
				Limits:   corev1.ResourceList{"memory": resource.MustParse("128Mi")},
			}}},
		}},
	}}
}

// BenchmarkTenants shows the same where pools, policies, roles and quotas grow
// with the pods that are held against them.
func BenchmarkTenants(b *testing.B) {
	for _, n := range []int{1, 10, 100} {
		bundle, production := tenants(b, n), policy.Production()
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				production.Check(bundle)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(bundle.Objects())), "ns/object")
		})
	}
}
