package policy

import (
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/runtime/schema"
	helpers "k8s.io/component-helpers/resource"

	"github.com/millrace/millrace"
)

// demand is what one part of the bundle asks of a namespace.
type demand struct {
	// who asks: "SparkApplication data/etl".
	who string
	// unit tells what runs together, to its end: a job with its driver and its
	// executors, a template of a workflow. Empty for what is always there.
	unit string
	// group is the object that makes the unit. Of those of a workflow one
	// counts: they run one after the other as well as beside each other.
	group string
	// min and max are how many there are at once.
	min, max int
	// open says that an operator, or a workflow when it runs, may fill in what
	// the pod doesn't say.
	open bool
	// pod is what a quota's scopes look at; nil for what is no pod.
	pod *corev1.Pod
	// each is what one of them takes, as quotas name it.
	each corev1.ResourceList
}

// addDemands finds what the bundle asks of the namespaces that have a quota.
func (s *scene) addDemands(tenants map[string]*tenant) {
	if len(tenants) == 0 {
		return
	}
	defaultClass, scales := s.defaultStorageClass(), s.autoscalers()
	for _, o := range s.subjects {
		if o.read == nil || !o.makes {
			continue
		}
		d := demand{who: o.owner.String(), group: o.owner.String(), min: 1, max: 1}
		if o.field != "" {
			d.who += " (" + strings.TrimSuffix(o.field, ".resource.manifest") + ")"
			d.unit = d.who
		}
		if t := tenants[o.where]; t != nil {
			t.demand(d, objectUsage(o.read, defaultClass))
		}
		for i, pod := range o.pods {
			t := tenants[pod.Namespace]
			if t == nil {
				continue
			}
			d := d
			d.min, d.max = pod.Min, max(pod.Min, pod.Max)
			if scale, ok := scales[pod.Owner]; ok && o.field == "" {
				d.min, d.max = scale.min, scale.max
			}
			if pod.Ends && o.field == "" {
				if holdsWorkflow(o.read) {
					d.min, d.max = max(d.min, 1), max(d.max, 1) // also what only some runs use
					d.who += " (" + pod.Role + ")"
				}
				d.unit = d.who
			}
			for _, claim := range claimsOf(pod) {
				t.demand(d, claimUsage(&claim, defaultClass))
			}
			if i == 0 {
				for _, claim := range pod.Shared {
					t.demand(demand{who: d.group, unit: d.group, group: d.group, min: 1, max: 1}, claimUsage(&claim, defaultClass))
				}
			}
			d.open, d.pod = !pod.Whole, t.admitted(pod)
			t.demand(d, podUsage(d.pod))
		}
	}
}

// demand takes in what a part of the bundle asks for, if anything counts it.
func (t *tenant) demand(d demand, each corev1.ResourceList) {
	if d.each = each; len(t.quotas) > 0 && len(each) > 0 {
		t.demands = append(t.demands, d)
	}
}

func holdsWorkflow(o millrace.Object) bool {
	switch o.(type) {
	case *wfv1.Workflow, *wfv1.WorkflowTemplate, *wfv1.ClusterWorkflowTemplate, *wfv1.CronWorkflow:
		return true
	}
	return false
}

// claimsOf returns the claims that are made for each pod, those of its
// ephemeral volumes among them.
func claimsOf(pod millrace.Pod) []corev1.PersistentVolumeClaim {
	out := pod.Claims[:len(pod.Claims):len(pod.Claims)]
	for _, v := range pod.Template.Spec.Volumes {
		if v.Ephemeral != nil && v.Ephemeral.VolumeClaimTemplate != nil {
			out = append(out, corev1.PersistentVolumeClaim{Spec: v.Ephemeral.VolumeClaimTemplate.Spec})
		}
	}
	return out
}

// scale is between how many pods an autoscaler chooses.
type scale struct{ min, max int }

// autoscalers returns what HorizontalPodAutoscalers say, by the object that
// they scale.
func (s *scene) autoscalers() map[millrace.Ref]scale {
	out := make(map[millrace.Ref]scale)
	for _, o := range s.subjects {
		if h, ok := o.read.(*autoscalingv2.HorizontalPodAutoscaler); ok {
			least := 1
			if h.Spec.MinReplicas != nil {
				least = int(*h.Spec.MinReplicas)
			}
			target := h.Spec.ScaleTargetRef
			out[millrace.Ref{Kind: target.Kind, Namespace: o.where, Name: target.Name}] = scale{least, int(h.Spec.MaxReplicas)}
		}
	}
	return out
}

// defaultStorageClass returns the class of claims that name none, if the
// bundle says it.
func (s *scene) defaultStorageClass() string {
	for _, o := range s.subjects {
		if c, ok := o.read.(*storagev1.StorageClass); ok && c.Annotations["storageclass.kubernetes.io/is-default-class"] == "true" {
			return c.Name
		}
	}
	return ""
}

// podUsage returns what a pod takes of a quota.
// Source: kubernetes, pkg/quota/v1/evaluator/core/pods.go.
func podUsage(pod *corev1.Pod) corev1.ResourceList {
	one := *resource.NewQuantity(1, resource.DecimalSI)
	out := corev1.ResourceList{corev1.ResourcePods: one, "count/pods": one}
	for name, q := range helpers.PodRequests(pod, helpers.PodResourcesOptions{}) {
		switch {
		case name == corev1.ResourceCPU, name == corev1.ResourceMemory, name == corev1.ResourceEphemeralStorage, strings.HasPrefix(string(name), corev1.ResourceHugePagesPrefix):
			out[name] = q
			out["requests."+name] = q
		case strings.Contains(string(name), "/"): // extended resources
			out["requests."+name] = q
		}
	}
	for name, q := range helpers.PodLimits(pod, helpers.PodResourcesOptions{}) {
		if name == corev1.ResourceCPU || name == corev1.ResourceMemory || name == corev1.ResourceEphemeralStorage {
			out["limits."+name] = q
		}
	}
	return out
}

// claimUsage returns what a claim takes of a quota.
// Source: kubernetes, pkg/quota/v1/evaluator/core/persistent_volume_claims.go.
func claimUsage(claim *corev1.PersistentVolumeClaim, defaultClass string) corev1.ResourceList {
	one := *resource.NewQuantity(1, resource.DecimalSI)
	out := corev1.ResourceList{corev1.ResourcePersistentVolumeClaims: one, "count/persistentvolumeclaims": one}
	class := defaultClass
	if claim.Spec.StorageClassName != nil {
		class = *claim.Spec.StorageClassName
	}
	storage, asks := claim.Spec.Resources.Requests[corev1.ResourceStorage]
	if asks {
		out[corev1.ResourceRequestsStorage] = storage
	}
	if class != "" {
		of := corev1.ResourceName(class + ".storageclass.storage.k8s.io/")
		out[of+corev1.ResourcePersistentVolumeClaims] = one
		if asks {
			out[of+corev1.ResourceRequestsStorage] = storage
		}
	}
	return out
}

// objectUsage returns what an object itself takes of a quota; nothing for
// pods, which count as such.
func objectUsage(o millrace.Object, defaultClass string) corev1.ResourceList {
	one := *resource.NewQuantity(1, resource.DecimalSI)
	switch o := o.(type) {
	case *corev1.Pod:
		return nil
	case *corev1.PersistentVolumeClaim:
		return claimUsage(o, defaultClass)
	case *corev1.Service:
		return serviceUsage(o)
	}
	gvk := o.GetObjectKind().GroupVersionKind()
	if gvk.Kind == "" {
		return nil
	}
	plural, _ := meta.UnsafeGuessKindToResource(gvk)
	out := corev1.ResourceList{countOf(plural.GroupResource()): one}
	switch gvk.GroupKind() {
	case schema.GroupKind{Kind: "ConfigMap"}, schema.GroupKind{Kind: "Secret"}, schema.GroupKind{Kind: "ResourceQuota"}, schema.GroupKind{Kind: "ReplicationController"}:
		out[corev1.ResourceName(plural.Resource)] = one
	}
	return out
}

// countOf is how a quota names the number of objects of a resource.
func countOf(r schema.GroupResource) corev1.ResourceName {
	return corev1.ResourceName("count/" + r.String())
}

// serviceUsage returns what a service takes of a quota.
// Source: kubernetes, pkg/quota/v1/evaluator/core/services.go.
func serviceUsage(s *corev1.Service) corev1.ResourceList {
	one := *resource.NewQuantity(1, resource.DecimalSI)
	out := corev1.ResourceList{corev1.ResourceServices: one, "count/services": one}
	ports := len(s.Spec.Ports)
	switch s.Spec.Type {
	case corev1.ServiceTypeLoadBalancer:
		out[corev1.ResourceServicesLoadBalancers] = one
		if allocate := s.Spec.AllocateLoadBalancerNodePorts; allocate != nil && !*allocate {
			ports = 0
			for _, p := range s.Spec.Ports {
				if p.NodePort != 0 {
					ports++
				}
			}
		}
	case corev1.ServiceTypeNodePort:
	default:
		return out
	}
	out[corev1.ResourceServicesNodePorts] = *resource.NewQuantity(int64(ports), resource.DecimalSI)
	return out
}
