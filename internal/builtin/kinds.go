package builtin

import (
	"reflect"
	"sync"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/millrace/millrace/internal/schema"
)

// Object is a typed object of Kubernetes' own kinds.
type Object interface {
	metav1.Object
	runtime.Object
}

// traits are what is peculiar about the metadata of a kind.
type traits uint8

const (
	cluster  traits = 1 << iota // its objects are in no namespace
	label                       // its names are DNS labels
	segment                     // its names are parts of a URL's path
	plain                       // the server has no rules for its metadata but those of every object
	counting                    // the server doesn't set a generation, and minds a bad one
	nameless                    // the server makes a name where there is none
	secret                      // its data isn't repeated
)

// kinds are all kinds that For knows. One without a check has structure and
// metadata only.
var kinds = sync.OnceValue(func() map[schema.GVK]*Kind {
	const (
		rbac       = "rbac.authorization.k8s.io"
		networking = "networking.k8s.io"
	)
	out := map[schema.GVK]*Kind{}
	for _, k := range []*Kind{
		kind[corev1.Namespace]("", "v1", cluster|label|counting, (*checker).namespace),
		kind[corev1.ConfigMap]("", "v1", counting, (*checker).configMap),
		kind[corev1.Secret]("", "v1", counting|secret, (*checker).secret),
		kind[corev1.Service]("", "v1", label|counting, (*checker).service),
		kind[corev1.ServiceAccount]("", "v1", counting, nil),
		kind[corev1.PersistentVolumeClaim]("", "v1", counting, (*checker).persistentVolumeClaim),
		kind[corev1.ResourceQuota]("", "v1", counting, (*checker).resourceQuota),
		kind[corev1.LimitRange]("", "v1", counting|nameless, (*checker).limitRange),
		kind[corev1.Pod]("", "v1", 0, (*checker).pod),

		kind[appsv1.Deployment]("apps", "v1", 0, (*checker).deployment),
		kind[appsv1.StatefulSet]("apps", "v1", label, (*checker).statefulSet),
		kind[appsv1.DaemonSet]("apps", "v1", 0, (*checker).daemonSet),
		kind[appsv1.ReplicaSet]("apps", "v1", 0, (*checker).replicaSet),
		kind[batchv1.Job]("batch", "v1", 0, (*checker).job),
		kind[batchv1.CronJob]("batch", "v1", 0, (*checker).cronJob),

		kind[rbacv1.Role](rbac, "v1", segment|counting, (*checker).role),
		kind[rbacv1.ClusterRole](rbac, "v1", cluster|segment|counting, (*checker).clusterRole),
		kind[rbacv1.RoleBinding](rbac, "v1", segment|counting, (*checker).roleBinding),
		kind[rbacv1.ClusterRoleBinding](rbac, "v1", cluster|segment|counting, (*checker).clusterRoleBinding),

		kind[networkingv1.NetworkPolicy](networking, "v1", 0, (*checker).networkPolicy),
		kind[networkingv1.Ingress](networking, "v1", 0, (*checker).ingress),
		kind[networkingv1.IngressClass](networking, "v1", cluster, (*checker).ingressClass),
		kind[policyv1.PodDisruptionBudget]("policy", "v1", plain, (*checker).podDisruptionBudget),
		kind[schedulingv1.PriorityClass]("scheduling.k8s.io", "v1", cluster, (*checker).priorityClass),
		kind[storagev1.StorageClass]("storage.k8s.io", "v1", cluster|counting, (*checker).storageClass),
		kind[autoscalingv2.HorizontalPodAutoscaler]("autoscaling", "v2", 0, (*checker).autoscaler),
	} {
		out[k.gvk] = k
	}
	return out
})

// kind is the kind that a struct of k8s.io/api is named for.
func kind[T any, P interface {
	*T
	Object
}](group, version string, t traits, check func(*checker, P)) *Kind {
	of := reflect.TypeFor[T]()
	k := &Kind{
		gvk:   schema.GVK{Group: group, Version: version, Kind: of.Name()},
		empty: func() Object { return P(new(T)) },
	}
	k.structure = sync.OnceValue(func() *schema.Schema {
		form := schema.Subdomain
		switch {
		case t&label != 0:
			form = schema.Label
		case t&segment != 0:
			form = schema.Segment
		case t&plain != 0:
			form = schema.AnyPrefix
		}
		var hidden []string
		if t&secret != 0 {
			hidden = []string{"data", "stringData"}
		}
		return schema.FromGo(schema.GoKind{GVK: k.gvk, Type: of, Hidden: hidden, Cluster: t&cluster != 0, Name: form, Generation: t&counting != 0, Nameless: t&nameless != 0, AnyFinalizer: t&plain != 0})
	})
	if check != nil {
		k.check = func(c *checker, o Object) {
			if o, ok := o.(P); ok {
				check(c, o)
			}
		}
	}
	return k
}
