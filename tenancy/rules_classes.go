package tenancy

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"

	"github.com/millrace/millrace"
)

func classRules() []millrace.Rule {
	const priority = "Kubernetes, concepts/scheduling-eviction/pod-priority-preemption"
	return []millrace.Rule{
		{
			ID: "tenancy/volume-binding", Severity: millrace.Warning,
			Summary: "Storage classes bind WaitForFirstConsumer.",
			Reason:  "A disk that is made at once is in a zone that its pod may never get to, and then the pod stays Pending. Where Kafka or Spark uses the class, their own rules say so.",
			Fix:     "set volumeBindingMode: WaitForFirstConsumer; it can't be changed, so make a class of another name",
			Source:  "Kubernetes, concepts/storage/storage-classes, volume binding mode",
			Check:   onStorageClass(checkBinding),
		},
		{
			ID: "tenancy/volume-expansion", Severity: millrace.Info,
			Summary: "Storage classes let claims grow.",
			Reason:  "A disk that is full can otherwise only be replaced, with all that is on it.",
			Fix:     "set allowVolumeExpansion: true",
			Source:  "Kubernetes, concepts/storage/storage-classes, volume expansion",
			Check:   onStorageClass(checkGrows),
		},
		{
			ID: "tenancy/priority-default", Severity: millrace.Warning,
			Summary: "A priority class that pods get without asking has the value 0, or doesn't preempt.",
			Reason:  "Pods that were there before it have 0: from one day to the next, everything new pushes everything old out, in all namespaces. With a value below 0 it is the other way round.",
			Fix:     "leave globalDefault out, and name the class in the pods; or set preemptionPolicy: Never and a value of 0 or more",
			Source:  priority,
			Check:   onPriorityClass(checkGlobalDefault),
		},
		{
			ID: "tenancy/priority-preemption", Severity: millrace.Info,
			Summary: "A priority class above 0 says whether it preempts.",
			Reason:  "If it doesn't, it does: its pods push out whatever is lower and in their way, and batch work starts over.",
			Fix:     "set preemptionPolicy, to Never for what can wait",
			Source:  priority + ", non-preempting priority class",
			Check:   onPriorityClass(checkPreemption),
		},
		{
			ID: "tenancy/priority-expendable", Severity: millrace.Warning,
			Summary: "Priority classes are at least -10.",
			Reason:  "Cluster Autoscaler makes no node for pods below that, and takes nodes away under them: they run on what is left over, or never.",
			Fix:     "use a value from -10 up, or say --expendable-pods-priority-cutoff and waive the rule",
			Source:  "Cluster Autoscaler FAQ, pod priority and preemption",
			Check:   onPriorityClass(checkExpendable),
		},
	}
}

func onStorageClass(check func(*millrace.Pass, *storagev1.StorageClass)) func(*millrace.Pass) {
	return func(pass *millrace.Pass) {
		if c, ok := pass.Object.(*storagev1.StorageClass); ok && c != nil {
			check(pass, c)
		}
	}
}

// noProvisioner is what classes of volumes say that nobody makes on demand.
const noProvisioner = "kubernetes.io/no-provisioner"

func checkBinding(pass *millrace.Pass, c *storagev1.StorageClass) {
	if c.VolumeBindingMode != nil && *c.VolumeBindingMode == storagev1.VolumeBindingWaitForFirstConsumer || usedBy(pass, c.Name, "Kafka", "Spark") {
		return
	}
	pass.Report("volumeBindingMode", "claims of the class get their disk before it is known where their pod goes")
}

func checkGrows(pass *millrace.Pass, c *storagev1.StorageClass) {
	if c.AllowVolumeExpansion != nil && *c.AllowVolumeExpansion || c.Provisioner == noProvisioner || usedBy(pass, c.Name, "Kafka") {
		return
	}
	pass.Report("allowVolumeExpansion", "claims of the class can't grow")
}

// usedBy reports whether pods of a kind that begins so have claims of the
// class.
func usedBy(pass *millrace.Pass, class string, kinds ...string) bool {
	return slices.ContainsFunc(pass.BundlePods, func(pod millrace.Pod) bool {
		return slices.ContainsFunc(kinds, func(kind string) bool {
			return strings.HasPrefix(strings.TrimPrefix(pod.Owner.Kind, "Scheduled"), kind)
		}) &&
			slices.ContainsFunc(claimsOf(pod), func(c corev1.PersistentVolumeClaim) bool {
				return c.Spec.StorageClassName != nil && *c.Spec.StorageClassName == class
			})
	})
}

func onPriorityClass(check func(*millrace.Pass, *schedulingv1.PriorityClass)) func(*millrace.Pass) {
	return func(pass *millrace.Pass) {
		// The system's own are what they are.
		if c, ok := pass.Object.(*schedulingv1.PriorityClass); ok && c != nil && !strings.HasPrefix(c.Name, "system-") {
			check(pass, c)
		}
	}
}

func never(c *schedulingv1.PriorityClass) bool {
	return c.PreemptionPolicy != nil && *c.PreemptionPolicy == corev1.PreemptNever
}

func checkGlobalDefault(pass *millrace.Pass, c *schedulingv1.PriorityClass) {
	switch {
	case !c.GlobalDefault:
	case c.Value > 0 && !never(c):
		pass.Report("globalDefault", fmt.Sprintf("new pods have %d and preempt, and those that are there have 0", c.Value))
	case c.Value < 0:
		pass.Report("globalDefault", fmt.Sprintf("new pods have %d, and those that are there have 0 and go before them", c.Value))
	}
}

func checkPreemption(pass *millrace.Pass, c *schedulingv1.PriorityClass) {
	if c.Value > 0 && c.PreemptionPolicy == nil && !c.GlobalDefault {
		pass.Report("preemptionPolicy", "it isn't said, and means PreemptLowerPriority")
	}
}

func checkExpendable(pass *millrace.Pass, c *schedulingv1.PriorityClass) {
	if c.Value < autoscalerCutoff {
		pass.Report("value", fmt.Sprintf("%d is below -10", c.Value))
	}
}
