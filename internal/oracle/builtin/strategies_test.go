package builtin_test

import (
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/registry/rest"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	_ "k8s.io/kubernetes/pkg/apis/scheduling/install"
	_ "k8s.io/kubernetes/pkg/apis/storage/install"
	"k8s.io/kubernetes/pkg/registry/apps/daemonset"
	"k8s.io/kubernetes/pkg/registry/apps/deployment"
	"k8s.io/kubernetes/pkg/registry/apps/replicaset"
	"k8s.io/kubernetes/pkg/registry/apps/statefulset"
	"k8s.io/kubernetes/pkg/registry/autoscaling/horizontalpodautoscaler"
	"k8s.io/kubernetes/pkg/registry/batch/cronjob"
	"k8s.io/kubernetes/pkg/registry/batch/job"
	"k8s.io/kubernetes/pkg/registry/core/configmap"
	"k8s.io/kubernetes/pkg/registry/core/limitrange"
	"k8s.io/kubernetes/pkg/registry/core/namespace"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolumeclaim"
	"k8s.io/kubernetes/pkg/registry/core/pod"
	"k8s.io/kubernetes/pkg/registry/core/resourcequota"
	"k8s.io/kubernetes/pkg/registry/core/secret"
	"k8s.io/kubernetes/pkg/registry/core/service"
	"k8s.io/kubernetes/pkg/registry/core/serviceaccount"
	"k8s.io/kubernetes/pkg/registry/networking/ingress"
	"k8s.io/kubernetes/pkg/registry/networking/ingressclass"
	"k8s.io/kubernetes/pkg/registry/networking/networkpolicy"
	"k8s.io/kubernetes/pkg/registry/policy/poddisruptionbudget"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrole"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrolebinding"
	"k8s.io/kubernetes/pkg/registry/rbac/role"
	"k8s.io/kubernetes/pkg/registry/rbac/rolebinding"
	"k8s.io/kubernetes/pkg/registry/scheduling/priorityclass"
	"k8s.io/kubernetes/pkg/registry/storage/storageclass"
)

// strategies are what the server runs when one of these is created.
var strategies = map[schema.GroupVersionKind]rest.RESTCreateStrategy{
	{Version: "v1", Kind: "Namespace"}:             namespace.Strategy,
	{Version: "v1", Kind: "ConfigMap"}:             configmap.Strategy,
	{Version: "v1", Kind: "Secret"}:                secret.Strategy,
	{Version: "v1", Kind: "Service"}:               service.Strategy,
	{Version: "v1", Kind: "ServiceAccount"}:        serviceaccount.Strategy,
	{Version: "v1", Kind: "PersistentVolumeClaim"}: persistentvolumeclaim.Strategy,
	{Version: "v1", Kind: "ResourceQuota"}:         resourcequota.Strategy,
	{Version: "v1", Kind: "LimitRange"}:            limitrange.Strategy,
	{Version: "v1", Kind: "Pod"}:                   pod.Strategy,

	{Group: "apps", Version: "v1", Kind: "Deployment"}:  deployment.Strategy,
	{Group: "apps", Version: "v1", Kind: "StatefulSet"}: statefulset.Strategy,
	{Group: "apps", Version: "v1", Kind: "DaemonSet"}:   daemonset.Strategy,
	{Group: "apps", Version: "v1", Kind: "ReplicaSet"}:  replicaset.Strategy,
	{Group: "batch", Version: "v1", Kind: "Job"}:        job.Strategy,
	{Group: "batch", Version: "v1", Kind: "CronJob"}:    cronjob.Strategy,

	{Group: "rbac.authorization.k8s.io", Version: "v1", Kind: "Role"}:               role.Strategy,
	{Group: "rbac.authorization.k8s.io", Version: "v1", Kind: "ClusterRole"}:        clusterrole.Strategy,
	{Group: "rbac.authorization.k8s.io", Version: "v1", Kind: "RoleBinding"}:        rolebinding.Strategy,
	{Group: "rbac.authorization.k8s.io", Version: "v1", Kind: "ClusterRoleBinding"}: clusterrolebinding.Strategy,

	{Group: "networking.k8s.io", Version: "v1", Kind: "NetworkPolicy"}:     networkpolicy.Strategy,
	{Group: "networking.k8s.io", Version: "v1", Kind: "Ingress"}:           ingress.Strategy,
	{Group: "networking.k8s.io", Version: "v1", Kind: "IngressClass"}:      ingressclass.Strategy,
	{Group: "policy", Version: "v1", Kind: "PodDisruptionBudget"}:          poddisruptionbudget.Strategy,
	{Group: "scheduling.k8s.io", Version: "v1", Kind: "PriorityClass"}:     priorityclass.Strategy,
	{Group: "storage.k8s.io", Version: "v1", Kind: "StorageClass"}:         storageclass.Strategy,
	{Group: "autoscaling", Version: "v2", Kind: "HorizontalPodAutoscaler"}: horizontalpodautoscaler.Strategy,
}
