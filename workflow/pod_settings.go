package workflow

import (
	"maps"
	"reflect"
	"slices"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// PodSettings is what the pod of one step gets; RunPods is for the pods of all
// of them. Each field is rendered in the step's template.
type PodSettings struct {
	// Labels and Annotations go to the pod. Values may hold references. Nil means
	// none.
	//
	// Rendered as metadata.labels and metadata.annotations.
	Labels, Annotations map[string]string
	// Placement says where the pod runs. Its node selector, its tolerations and
	// its affinity each take the place of the one of Template.Placement. The zero
	// one leaves those in place.
	//
	// Rendered as nodeSelector, tolerations, affinity and metadata.annotations.
	Placement millrace.Placement
	// ServiceAccount is the identity of the pod. Empty means that of
	// Template.ServiceAccount.
	//
	// Rendered as serviceAccountName.
	ServiceAccount string
	// Token is whether the pod gets the token of its account. Nil means as the
	// account says, which is true by default. False wants an ExecutorAccount.
	//
	// Rendered as automountServiceAccountToken.
	Token *bool
	// ExecutorAccount is the account by which Argo's own containers in the pod
	// tell what became of the step. It has a Secret with a token, which they
	// alone get. Empty means the pod's account.
	//
	// Rendered as executor.serviceAccountName.
	ExecutorAccount string
	// PriorityClass is the PriorityClass of the pod. Empty means that of
	// Template.PriorityClass.
	//
	// Rendered as priorityClassName.
	PriorityClass string
	// Scheduler is who finds a node for the pod. Empty means that of RunPods,
	// or else Kubernetes' own.
	//
	// Rendered as schedulerName.
	Scheduler string
	// SecurityContext takes the place of the whole one that the run has; what
	// the step leaves out is not filled in from there. Nil means that one.
	//
	// Rendered as securityContext.
	SecurityContext *corev1.PodSecurityContext
	// HostAliases are lines of the pod's /etc/hosts, each address once. They come
	// after those of RunPods. Nil means no others.
	//
	// Rendered as hostAliases.
	HostAliases []corev1.HostAlias
	// Volumes are those that the step's containers mount, beside the run's. Nil
	// means none.
	//
	// Rendered as volumes.
	Volumes []corev1.Volume
	// InitContainers run one after the other before the step's container does. Nil
	// means none.
	//
	// Rendered as initContainers.
	InitContainers []Sidecar
	// Sidecars run beside the step's container, and are stopped when it ends. Nil
	// means none.
	//
	// Rendered as sidecars.
	Sidecars []Sidecar
	// Patch changes the pod when everything else is in it. The zero one changes
	// nothing.
	//
	// Rendered as podSpecPatch.
	Patch PodPatch
	// ArchiveLogs keeps the step's log as an artifact. It needs an artifact
	// repository: without one the step fails. Nil means as
	// RunSettings.ArchiveLogs says, or false with an ArchiveLocation. False
	// doesn't undo what the controller's own repository says.
	//
	// Rendered as archiveLocation.archiveLogs.
	ArchiveLogs *bool
	// ArchiveLocation is where the log and the artifacts go that name no place.
	// Nil means the artifact repository.
	//
	// Rendered as archiveLocation.
	ArchiveLocation Location
}

func (s PodSettings) render(c *check, field string, t *wfv1.Template) {
	s.check(c, field)
	placement := s.Placement.Clone()
	join(&t.Metadata.Labels, s.Labels)
	join(&t.Metadata.Annotations, placement.Annotations)
	join(&t.Metadata.Annotations, s.Annotations)
	join(&t.NodeSelector, placement.NodeSelector)
	t.Tolerations = append(t.Tolerations, placement.Tolerations...)
	if placement.Affinity != nil {
		t.Affinity = placement.Affinity
	}
	if s.SecurityContext != nil {
		t.SecurityContext = s.SecurityContext.DeepCopy()
	}
	s.accounts(t)
	t.HostAliases = append(t.HostAliases, c.hostAliases(field+".HostAliases", s.HostAliases)...)
	t.Volumes = append(t.Volumes, c.volumes(field+".Volumes", s.Volumes)...)
	s.containers(c, field, t)
	if patch := s.Patch.render(c, field+".Patch"); patch != "" {
		t.PodSpecPatch = patch
	}
	if archive := s.archive(c, field); archive != nil {
		t.ArchiveLocation = archive
	}
}

// none reports whether nothing is said that needs a pod. Tasks inherit where
// they run from the DAG or Steps that they are in; the eviction guards they have
// anyway.
// Source: Argo Workflows v3.7.14 workflow/controller/workflowpod.go,
// addSchedulingConstraints.
func (s PodSettings) none(nested bool) bool {
	if nested {
		rest := maps.Clone(s.Placement.Annotations)
		for key := range millrace.EvictionGuards() {
			delete(rest, key)
		}
		if len(rest) > 0 {
			return false
		}
		s.Placement = millrace.Placement{}
	}
	return reflect.ValueOf(s).IsZero()
}

// accounts renders who the pod is, and who takes care of it.
func (s PodSettings) accounts(t *wfv1.Template) {
	if s.ServiceAccount != "" {
		t.ServiceAccountName = s.ServiceAccount
	}
	if s.PriorityClass != "" {
		t.PriorityClassName = s.PriorityClass
	}
	if s.Scheduler != "" {
		t.SchedulerName = s.Scheduler
	}
	if s.Token != nil {
		t.AutomountServiceAccountToken = new(*s.Token)
	}
	if s.ExecutorAccount != "" {
		t.Executor = &wfv1.ExecutorConfig{ServiceAccountName: s.ExecutorAccount}
	}
}

// check reports what is wrong by itself.
func (s PodSettings) check(c *check, field string) {
	c.labelTexts(field+".Labels", s.Labels)
	c.Annotations(field+".Annotations", s.Annotations)
	c.placement(field+".Placement", s.Placement)
	for _, key := range slices.Sorted(maps.Keys(s.Annotations)) {
		if other, ok := s.Placement.Annotations[key]; ok && other != s.Annotations[key] {
			c.Conflict(field+".Annotations["+key+"]", "Placement has another value for it", "leave one of them out")
		}
	}
	c.account(field+".ServiceAccount", s.ServiceAccount)
	c.token(field, s.Token, s.ExecutorAccount)
	c.objectName(field+".PriorityClass", s.PriorityClass)
}

// archive renders where the step's log and artifacts go.
func (s PodSettings) archive(c *check, field string) *wfv1.ArtifactLocation {
	var a wfv1.Artifact
	if !isNil(s.ArchiveLocation) {
		s.ArchiveLocation.locate(c, field+".ArchiveLocation", &a)
		if a.From != "" || a.FromExpression != "" {
			c.Unsupported(field+".ArchiveLocation", "an artifact is no place to put others", "name a bucket, or leave it out for the artifact repository")
		}
	} else if s.ArchiveLogs == nil {
		return nil
	}
	if s.ArchiveLogs != nil {
		a.ArchiveLogs = s.ArchiveLogs
	}
	return a.ArtifactLocation.DeepCopy()
}
