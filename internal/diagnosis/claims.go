package diagnosis

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// lookAtClaims finds claims that have no volume. One that waits for its first
// consumer is not to blame: it gets its volume when its pod gets a node.
// Source: k8s.io/kubernetes v1.37.2, pkg/controller/volume/persistentvolume.
func (q *inquiry) lookAtClaims(claims []corev1.PersistentVolumeClaim) {
	for i := range claims {
		c := &claims[i]
		ref := millrace.Ref{Kind: "PersistentVolumeClaim", Namespace: c.Namespace, Name: c.Name}
		n := note{id: Claim, role: nobody, object: ref, where: ref.String() + ": status.phase", what: string(c.Status.Phase)}
		switch c.Status.Phase {
		case corev1.ClaimLost:
			n.likelihood, n.kind = millrace.Certain, "lost"
			n.detail, n.fix = "the claim has lost its volume", "restore the volume, or delete the claim and make it again: its data is gone"
			q.note(n)
		case corev1.ClaimPending, "":
			q.pendingClaim(c, n)
		}
	}
}

func (q *inquiry) pendingClaim(c *corev1.PersistentVolumeClaim, n note) {
	class := "the default StorageClass"
	if c.Spec.StorageClassName != nil && *c.Spec.StorageClassName != "" {
		class = "the StorageClass " + *c.Spec.StorageClassName
	}
	waits := false
	for _, e := range q.claimEvents[c.Name] {
		n.where, n.what = eventWhere(e), e.Reason+": "+e.Message
		switch e.Reason {
		case "ProvisioningFailed", "FailedBinding":
			n.likelihood = millrace.Certain
			n.detail, n.fix = "no volume can be made for the claim", provisioning(class, e.Message)
			n.kind = n.fix
			q.note(n)
			return
		case "WaitForFirstConsumer":
			waits = true
		}
	}
	age, ok := q.age(c.CreationTimestamp)
	if waits || !ok || age < patience {
		return
	}
	n.where = n.object.String() + ": status.phase"
	n.what = fmt.Sprintf("Pending for %d s", int64(age.Seconds()))
	n.detail = "the claim waits for its volume"
	n.fix = "look at the CSI driver of " + class + "; volumeBindingMode WaitForFirstConsumer makes volumes where the pods are"
	q.note(n)
}

func provisioning(class, message string) string {
	low := strings.ToLower(message)
	switch {
	case strings.Contains(low, "storageclass") && strings.Contains(low, "not found"):
		return "there is no such StorageClass: create it, or correct the name in Volumes"
	case strings.Contains(low, "no storage class is set"):
		return "name a StorageClass in the claim, or make one the default of the cluster"
	case strings.Contains(low, "quota"), strings.Contains(low, "limit exceeded"), strings.Contains(low, "limitexceeded"):
		return "the cloud or the namespace allows no more: ask for less, or raise the quota"
	case strings.Contains(low, "zone"):
		return "the zone has no such volumes: use a StorageClass with volumeBindingMode WaitForFirstConsumer"
	case strings.Contains(low, "forbidden"), strings.Contains(low, "unauthorized"), strings.Contains(low, "accessdenied"):
		return "the CSI driver may not make volumes: give it the cloud permissions"
	default:
		return "correct what the message names, and look at the CSI driver of " + class
	}
}
