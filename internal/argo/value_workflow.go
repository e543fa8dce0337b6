package argo

import (
	"encoding/json"
	"fmt"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	sigsyaml "sigs.k8s.io/yaml"
)

const (
	deadlineWhy = "the pods are ended before they begin"
	ttlWhy      = "finished runs are deleted at once"
)

// workflow checks the fields of the spec beside its templates.
func (f *fields) workflow() {
	s, at := f.Spec, f.Path
	f.nameLength()
	f.workflowVolumes()
	f.arguments(at+".arguments", &s.Arguments)
	if s.RetryStrategy != nil {
		f.retry(at+".retryStrategy", s.RetryStrategy, false)
	}
	if s.Synchronization != nil {
		f.locks(at+".synchronization", s.Synchronization)
	}
	if s.Metrics != nil {
		f.metrics(at+".metrics", s.Metrics)
	}
	f.podSpecPatch(at, s.PodSpecPatch)
	atLeast(f, RuleValue, at, ".parallelism", s.Parallelism, 1, "no pod ever starts")
	atLeast(f, RuleValue, at, ".activeDeadlineSeconds", s.ActiveDeadlineSeconds, 1, deadlineWhy)
	oneOf(f, RuleValue, at, ".shutdown", s.Shutdown, wfv1.ShutdownStrategyStop, wfv1.ShutdownStrategyTerminate)
	if s.DNSPolicy != nil {
		oneOf(f, RuleValue, at, ".dnsPolicy", *s.DNSPolicy, corev1.DNSClusterFirst, corev1.DNSClusterFirstWithHostNet, corev1.DNSDefault, corev1.DNSNone)
	}
	f.garbage()
	if b := s.PodDisruptionBudget; b != nil && b.MinAvailable != nil && b.MaxUnavailable != nil {
		f.report(RuleValue, at+".podDisruptionBudget.maxUnavailable", "keep one of the two", "it is set beside minAvailable: the API server refuses the budget, and the run never starts")
	}
}

// nameLength holds the name to what a label may hold: all pods have one with
// it. The runs of a CronWorkflow add 11 characters to it.
func (f *fields) nameLength() {
	most := 63
	if f.Cron != nil {
		most = 52
	}
	if n := len(f.Name); n > most {
		f.report(RuleName, "metadata.name", fmt.Sprintf("use at most %d characters", most), "it has %d characters, and Argo takes %d", n, most)
	}
}

// garbage checks what is said about clearing up.
func (f *fields) garbage() {
	s, at := f.Spec, f.Path
	if t := s.TTLStrategy; t != nil {
		atLeast(f, RuleValue, at, ".ttlStrategy.secondsAfterCompletion", t.SecondsAfterCompletion, 0, ttlWhy)
		atLeast(f, RuleValue, at, ".ttlStrategy.secondsAfterSuccess", t.SecondsAfterSuccess, 0, ttlWhy)
		atLeast(f, RuleValue, at, ".ttlStrategy.secondsAfterFailure", t.SecondsAfterFailure, 0, ttlWhy)
	}
	if gc := s.PodGC; gc != nil {
		if hasTag(string(gc.Strategy)) {
			f.report(RuleValue, at+".podGC.strategy", "write the word", "nothing is filled in here")
		}
		oneOf(f, RuleValue, at, ".podGC.strategy", gc.Strategy, wfv1.PodGCOnPodCompletion, wfv1.PodGCOnPodSuccess, wfv1.PodGCOnWorkflowCompletion, wfv1.PodGCOnWorkflowSuccess)
		f.seconds(RuleValue, at, ".podGC.deleteDelayDuration", gc.DeleteDelayDuration)
		if _, err := metav1.LabelSelectorAsSelector(gc.LabelSelector); err != nil {
			f.report(RuleValue, at+".podGC.labelSelector", "correct the selector", "it can't be read: %v", err)
		}
	}
	if gc := s.VolumeClaimGC; gc != nil {
		oneOf(f, RuleValue, at, ".volumeClaimGC.strategy", gc.Strategy, wfv1.VolumeClaimGCOnCompletion, wfv1.VolumeClaimGCOnSuccess)
	}
	if gc := s.ArtifactGC; gc != nil {
		f.artifactGC(at+".artifactGC", &gc.ArtifactGC)
		f.podSpecPatch(at+".artifactGC", gc.PodSpecPatch)
	}
}

func (f *fields) artifactGC(path string, gc *wfv1.ArtifactGC) {
	if gc != nil {
		oneOf(f, RuleValue, path, ".strategy", gc.Strategy, wfv1.ArtifactGCOnWorkflowCompletion, wfv1.ArtifactGCOnWorkflowDeletion, wfv1.ArtifactGCNever)
	}
}

// podSpecPatch checks that a patch is part of a pod's spec.
func (f *fields) podSpecPatch(of, patch string) {
	if patch == "" || hasTag(patch) {
		return
	}
	const fix = "write part of a pod's spec in YAML or JSON"
	path := of + ".podSpecPatch"
	text, err := sigsyaml.YAMLToJSON([]byte(patch))
	if err != nil {
		f.report(RuleValue, path, fix, "it is no YAML: %s", oneLine(err))
		return
	}
	if err := json.Unmarshal(text, &corev1.PodSpec{}); err != nil {
		f.report(RuleValue, path, fix, "it is no pod's spec: %s", oneLine(err))
	}
}

// oneLine is the text of an error of a library that may write several lines.
func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// token checks that Argo's own container has an account where the pods have
// none. Templates of others get theirs from them.
func (f *fields) token(path string, t *wfv1.Template) {
	s := f.Spec
	named := func(e *wfv1.ExecutorConfig) bool { return e != nil && e.ServiceAccountName != "" }
	if !f.alone() || !t.IsPodType() || named(s.Executor) || named(t.Executor) || named(f.defaults().Executor) {
		return
	}
	none := func(b *bool) bool { return b != nil && !*b }
	switch {
	case none(t.AutomountServiceAccountToken):
		f.noToken(path)
	case t.AutomountServiceAccountToken == nil && none(s.AutomountServiceAccountToken) && !f.tokenSaid:
		f.tokenSaid = true
		f.noToken(f.Path)
	}
}

func (f *fields) noToken(path string) {
	f.report(RuleValue, path+".automountServiceAccountToken", "set executor.serviceAccountName beside it", "it is false, and Argo refuses to make a pod whose executor has no account either")
}
