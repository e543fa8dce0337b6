package workflow

import (
	"maps"
	"slices"
	"strings"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

type (
	// PodGCStrategy says when the pods of a run are deleted.
	PodGCStrategy = wfv1.PodGCStrategy
	// ClaimGCStrategy says when the claims of a run are deleted.
	ClaimGCStrategy = wfv1.VolumeClaimGCStrategy
	// ArtifactGCStrategy says when the artifacts of a run are deleted.
	ArtifactGCStrategy = wfv1.ArtifactGCStrategy
)

// When pods are deleted: each at its end or at its successful end, or all at
// the end or the successful end of the run.
const (
	PodGCOnPodCompletion      = wfv1.PodGCOnPodCompletion
	PodGCOnPodSuccess         = wfv1.PodGCOnPodSuccess
	PodGCOnWorkflowCompletion = wfv1.PodGCOnWorkflowCompletion
	PodGCOnWorkflowSuccess    = wfv1.PodGCOnWorkflowSuccess
)

// When claims are deleted: at the end or the successful end of the run.
const (
	ClaimGCOnWorkflowCompletion = wfv1.VolumeClaimGCOnCompletion
	ClaimGCOnWorkflowSuccess    = wfv1.VolumeClaimGCOnSuccess
)

// When artifacts are deleted: at the end of the run, with its object, or not.
const (
	ArtifactGCOnWorkflowCompletion = wfv1.ArtifactGCOnWorkflowCompletion
	ArtifactGCOnWorkflowDeletion   = wfv1.ArtifactGCOnWorkflowDeletion
	ArtifactGCNever                = wfv1.ArtifactGCNever
)

// PodGC is which of a run's pods are deleted before the run itself is. What is
// not set here has its default.
type PodGC struct {
	// Strategy is when pods are deleted. Empty means PodGCOnPodSuccess: failed
	// ones stay for their logs.
	//
	// Rendered as strategy.
	Strategy PodGCStrategy
	// Delay is how long they stay after that. Nil means 60 seconds, for those
	// who collect logs; new(time.Duration(0)) means not at all. Whole seconds.
	//
	// Rendered as deleteDelayDuration.
	Delay *time.Duration
	// Selector is which pods it is about. Nil means all.
	//
	// Rendered as labelSelector.
	Selector *metav1.LabelSelector
}

func (g PodGC) render(c *check, field string) *wfv1.PodGC {
	known(c, field+".Strategy", g.Strategy, PodGCOnPodCompletion, PodGCOnPodSuccess, PodGCOnWorkflowCompletion, PodGCOnWorkflowSuccess)
	if g.Selector != nil {
		if _, err := metav1.LabelSelectorAsSelector(g.Selector); err != nil {
			c.Add(ruleInvalid, field+".Selector", err.Error(), "correct it")
		}
	}
	if g == (PodGC{}) {
		return nil
	}
	out := &wfv1.PodGC{Strategy: g.Strategy, LabelSelector: g.Selector.DeepCopy()}
	if g.Delay != nil {
		c.seconds(field+".Delay", *g.Delay)
		out.DeleteDelayDuration = g.Delay.String()
		if *g.Delay > 0 {
			out.DeleteDelayDuration = orDefault(*g.Delay, 0)
		}
	}
	return out
}

// ArtifactGC is how the artifacts that a run puts out are deleted, but for
// those that say it themselves. A pod does it, for which the run waits before
// its own deletion.
type ArtifactGC struct {
	// Strategy is when. Empty means that they stay.
	//
	// Rendered as strategy.
	Strategy ArtifactGCStrategy
	// ServiceAccount is the identity of the pod. Empty means that of the run.
	//
	// Rendered as serviceAccountName.
	ServiceAccount string
	// Labels and Annotations go to the pod. Nil means none.
	//
	// Rendered as podMetadata.
	Labels, Annotations map[string]string
	// Patch changes the pod. The zero one changes nothing.
	//
	// Rendered as podSpecPatch.
	Patch PodPatch
	// Force lets the run be deleted though artifacts could not be. False
	// means that it stays until somebody has a look.
	//
	// Rendered as forceFinalizerRemoval.
	Force bool
}

func (g ArtifactGC) render(c *check, field string) *wfv1.WorkflowLevelArtifactGC {
	known(c, field+".Strategy", g.Strategy, ArtifactGCOnWorkflowCompletion, ArtifactGCOnWorkflowDeletion, ArtifactGCNever)
	c.account(field+".ServiceAccount", g.ServiceAccount)
	out := &wfv1.WorkflowLevelArtifactGC{
		ArtifactGC: wfv1.ArtifactGC{
			Strategy: g.Strategy, ServiceAccountName: g.ServiceAccount,
			PodMetadata: c.metadata(field, g.Labels, g.Annotations),
		},
		ForceFinalizerRemoval: g.Force,
		PodSpecPatch:          g.Patch.render(c, field+".Patch"),
	}
	if *out == (wfv1.WorkflowLevelArtifactGC{}) {
		return nil
	}
	return out
}

// DisruptionBudget keeps the nodes of a run's pods from being drained. At most
// one of its fields is set; the zero DisruptionBudget keeps none.
//
// Argo makes it when the run starts, and deletes it at its end.
type DisruptionBudget struct {
	// MinAvailable is how many of the pods, or what part of them, have to stay.
	// More than the run has keep all: new(intstr.FromInt32(9999)).
	//
	// Rendered as podDisruptionBudget.minAvailable.
	MinAvailable *intstr.IntOrString
	// MaxUnavailable is how many may go.
	//
	// Rendered as podDisruptionBudget.maxUnavailable.
	MaxUnavailable *intstr.IntOrString
}

func (b DisruptionBudget) render(c *check, field string) *policyv1.PodDisruptionBudgetSpec {
	if b == (DisruptionBudget{}) {
		return nil
	}
	if b.MinAvailable != nil && b.MaxUnavailable != nil {
		c.Conflict(field+".MaxUnavailable", "MinAvailable is set too, and Kubernetes takes one of them", "leave one of them out")
	}
	out := &policyv1.PodDisruptionBudgetSpec{}
	podNumber(c, field+".MinAvailable", b.MinAvailable)
	podNumber(c, field+".MaxUnavailable", b.MaxUnavailable)
	if b.MinAvailable != nil {
		out.MinAvailable = new(*b.MinAvailable)
	}
	if b.MaxUnavailable != nil {
		out.MaxUnavailable = new(*b.MaxUnavailable)
	}
	return out
}

// podNumber checks a number of pods, or a part of them in per cent.
func podNumber(c *check, field string, v *intstr.IntOrString) {
	if v == nil {
		return
	}
	if n, err := intstr.GetScaledValueFromIntOrPercent(v, 100, true); err != nil || n < 0 {
		c.Invalid(field, v.String(), "it is neither a number of pods nor a part of them", `use a number, or a text such as "50%"`)
	}
}

// known reports a word that is none of those that the field takes.
func known[T ~string](c *check, field string, value T, words ...T) {
	if value == "" || slices.Contains(words, value) {
		return
	}
	var names []string
	for _, w := range words {
		names = append(names, string(w))
	}
	c.Invalid(field, string(value), "Argo doesn't know it", "use "+strings.Join(names, ", "))
}

// metadata renders labels and annotations of pods.
func (c *check) metadata(field string, labels, annotations map[string]string) *wfv1.Metadata {
	c.labelTexts(field+".Labels", labels)
	c.Annotations(field+".Annotations", annotations)
	if len(labels) == 0 && len(annotations) == 0 {
		return nil
	}
	return &wfv1.Metadata{Labels: maps.Clone(labels), Annotations: maps.Clone(annotations)}
}
