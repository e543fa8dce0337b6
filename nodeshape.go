package millrace

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	scheduling "k8s.io/component-helpers/scheduling/corev1"
)

// NodeShape describes the nodes of one pool as the scheduler sees them.
type NodeShape struct {
	// Pool is the name of the pool.
	Pool string
	// Labels are what every node of the pool carries.
	Labels map[string]string
	// Requirements tell of the labels in which its nodes differ what values
	// there are: a zone that is one of three, more than seven CPUs. They are
	// written as those of a node affinity, and each of them holds for every
	// node.
	//
	// A label that neither Labels nor Requirements name is on no node, unless
	// nodes have it of themselves (zone, architecture, machine type): then the
	// pool leaves open what it is.
	Requirements []corev1.NodeSelectorRequirement
	// Taints keep pods away that don't tolerate them. Those that a node loses
	// once it has started don't count.
	Taints []corev1.Taint
	// Max is the largest number of nodes; zero means unknown.
	Max int
	// MaxPerZone is the largest number of nodes in each zone, where the pool
	// counts them so; zero elsewhere.
	MaxPerZone int
	// Spot says that the nodes are machines that the cloud may take back at any
	// time, or that some of them may be.
	Spot bool
	// Notice is how long the pods of such a node have from the notice until they
	// are killed; zero means unknown.
	Notice time.Duration
	// Allocatable is what all pods of one node can request together: the
	// machine without what the kernel, the system and the kubelet keep. The
	// agents that run on every node are among the pods.
	//
	// It is an estimate, as providers change what they keep. Nil means unknown,
	// and so does a resource that isn't in it.
	Allocatable corev1.ResourceList
	// Formula names the formula that Allocatable is estimated by, with its
	// version; empty where somebody has said what the nodes have.
	Formula string
	// Agents is what the agents that run on every node request together: those
	// of the network, the logs, the metrics and the disks. They are counted
	// before other pods are.
	//
	// Nil means 300m CPU and 600Mi of memory, a guess for clusters of GKE and
	// EKS as they come. A list that isn't nil counts as it is: an empty one
	// means that there are none.
	// Source of better figures: the requests of "kubectl get pods -A -o wide"
	// that are owned by a DaemonSet, on one node.
	Agents corev1.ResourceList
}

// Clone returns a deep copy.
func (n NodeShape) Clone() NodeShape {
	n.Labels = maps.Clone(n.Labels)
	n.Requirements = slices.Clone(n.Requirements)
	for i, r := range n.Requirements {
		n.Requirements[i] = *r.DeepCopy()
	}
	n.Taints = slices.Clone(n.Taints)
	for i, t := range n.Taints {
		n.Taints[i] = *t.DeepCopy()
	}
	n.Allocatable = n.Allocatable.DeepCopy()
	n.Agents = n.Agents.DeepCopy()
	return n
}

// cloneShapes returns a deep copy.
func cloneShapes(shapes []NodeShape) []NodeShape {
	out := slices.Clone(shapes)
	for i, n := range out {
		out[i] = n.Clone()
	}
	return out
}

// samePool reports whether two shapes are of one pool: they have its name, and
// what the cloud calls it where both tell that.
func (n NodeShape) samePool(other NodeShape) bool {
	if n.Pool != other.Pool {
		return false
	}
	for _, key := range poolNames {
		if n.Labels[key] != other.Labels[key] {
			return false
		}
	}
	return true
}

// Untolerated returns the taints that keep pods with these tolerations off
// the pool's nodes, by the scheduler's own code. PreferNoSchedule keeps nobody
// off.
func (n NodeShape) Untolerated(tolerations []corev1.Toleration) []corev1.Taint {
	var out []corev1.Taint
	for _, taint := range n.Taints {
		// Where the comparing operators aren't enabled, the API server has
		// refused the pod before.
		if taint.Effect != corev1.TaintEffectPreferNoSchedule && !scheduling.TolerationsTolerateTaint(logr.Discard(), tolerations, &taint, true) {
			out = append(out, taint)
		}
	}
	return out
}

// Refuses returns what keeps pods of this placement off every node of the
// pool, and an empty Refusal if there are nodes, or can be, that take them.
// Only labels and taints count, not sizes.
//
// Karpenter decides in the same way for which of its pools it makes a node;
// of a pool whose nodes exist already it is what the scheduler does with them.
func (n NodeShape) Refuses(p Placement) Refusal {
	return Refusal{Labels: n.mismatches(p), Taints: n.Untolerated(p.Tolerations)}
}

// Refusal is what keeps a pod off the nodes of a pool.
type Refusal struct {
	// Labels are the labels that the pod asks for by selector or required
	// affinity and that no node has in that way, sorted by their keys. Of an
	// affinity with several terms they are those of the nearest one.
	Labels []Mismatch
	// Taints are those that the pod doesn't tolerate.
	Taints []corev1.Taint
}

// Empty reports whether nothing keeps the pod off.
func (r Refusal) Empty() bool { return len(r.Labels) == 0 && len(r.Taints) == 0 }

// Mismatch is a label that a pod asks for, and that no node of a pool has in
// that way.
type Mismatch struct {
	// Key is the label's key; empty for an affinity that no node at all can
	// meet, as it has no terms but empty ones.
	Key string
	// Asked is what the pod asks of it.
	Asked []corev1.NodeSelectorRequirement
	// Told is what is known of it on the pool's nodes; nothing where the pool
	// leaves it open.
	Told []corev1.NodeSelectorRequirement
}

// String says what the pool has, to be read behind its name:
// "has workload=spark-executor, not spark-exec".
func (m Mismatch) String() string {
	asked, told := single(m.Asked), single(m.Told)
	switch {
	case m.Key == "":
		return "has no node for an affinity that has only empty terms"
	case len(m.Told) == 0:
		return "has no node with " + written(m.Asked)
	case m.Missing():
		return "has no label " + m.Key
	case asked != nil && told != nil:
		return fmt.Sprintf("has %s=%s, not %s", m.Key, *told, *asked)
	}
	return fmt.Sprintf("has %s, where the pod asks for %s", written(m.Told), written(m.Asked))
}

// Missing reports whether no node of the pool has the label.
func (m Mismatch) Missing() bool {
	return slices.ContainsFunc(m.Told, func(r corev1.NodeSelectorRequirement) bool { return r.Operator == corev1.NodeSelectorOpDoesNotExist })
}

// single returns the one value that requirements leave, or nil.
func single(requirements []corev1.NodeSelectorRequirement) *string {
	if len(requirements) == 1 && requirements[0].Operator == corev1.NodeSelectorOpIn && len(requirements[0].Values) == 1 {
		return &requirements[0].Values[0]
	}
	return nil
}

// written writes requirements on one label as people say them.
func written(requirements []corev1.NodeSelectorRequirement) string {
	var out []string
	for _, r := range requirements {
		values := strings.Join(r.Values, ", ")
		switch {
		case r.Operator == corev1.NodeSelectorOpIn && len(r.Values) == 1:
			out = append(out, r.Key+"="+values)
		case r.Operator == corev1.NodeSelectorOpIn:
			out = append(out, fmt.Sprintf("%s one of %s", r.Key, values))
		case r.Operator == corev1.NodeSelectorOpNotIn:
			out = append(out, fmt.Sprintf("%s other than %s", r.Key, values))
		case r.Operator == corev1.NodeSelectorOpExists:
			out = append(out, "a label "+r.Key)
		case r.Operator == corev1.NodeSelectorOpDoesNotExist:
			out = append(out, "no label "+r.Key)
		case r.Operator == corev1.NodeSelectorOpGt:
			out = append(out, fmt.Sprintf("%s above %s", r.Key, values))
		case r.Operator == corev1.NodeSelectorOpLt:
			out = append(out, fmt.Sprintf("%s below %s", r.Key, values))
		default:
			out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s", r.Key, r.Operator, values)))
		}
	}
	return strings.Join(out, " and ")
}
