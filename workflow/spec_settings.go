package workflow

import (
	"maps"
	"math"
	"reflect"
	"slices"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace"
)

// RunSettings is how Argo runs a workflow as a whole: fields that few
// pipelines set. Each is rendered in the spec that every run has.
type RunSettings struct {
	// Labels and Annotations go to each run. Values may hold references to
	// parameters. Nil means none.
	//
	// Rendered as workflowMetadata.labels and workflowMetadata.annotations.
	Labels, Annotations map[string]string
	// LabelsFrom are labels whose values are computed when the run starts, such as
	// from a parameter. They have to make good values of labels: else the run ends
	// as an error. Nil means none.
	//
	// Rendered as workflowMetadata.labelsFrom.
	LabelsFrom map[string]Expression
	// Locks are what a run holds from its start to its end. It gets all of them or
	// waits, as Pending. Nil means none.
	//
	// Rendered as synchronization.
	Locks []Lock
	// Metrics is what Argo's controller tells Prometheus about each run, at most
	// 100. Nil means nothing.
	//
	// Rendered as metrics.prometheus.
	Metrics []Metric
	// Priority is which runs start first where the controller lets only so many
	// run at a time: those with a higher one. Zero means zero.
	//
	// Rendered as priority.
	Priority int
	// Suspended has each run wait until somebody resumes it. False lets it start.
	//
	// Rendered as suspend.
	Suspended bool
	// Artifacts are what each run is given, by name, for the inputs of its
	// entrypoint. Nil means none.
	//
	// Rendered as arguments.artifacts.
	Artifacts map[string]Location
	// ArtifactRepository is where artifacts lie that name no place. Zero means the
	// controller's.
	//
	// Rendered as artifactRepositoryRef.
	ArtifactRepository ArtifactRepository
	// ArtifactGC is how artifacts are deleted. The zero one lets them stay.
	//
	// Rendered as artifactGC.
	ArtifactGC ArtifactGC
	// ArchiveLogs keeps the logs of all steps as artifacts. It needs an
	// artifact repository: without one the steps fail. Nil means as the
	// controller is configured, which is false by default.
	//
	// Rendered as archiveLogs.
	ArchiveLogs *bool
	// ClaimGC is when the claims are deleted that a run was given. Empty means
	// ClaimGCOnWorkflowSuccess: those of failed runs stay as long as the run.
	//
	// Rendered as volumeClaimGC.strategy.
	ClaimGC ClaimGCStrategy
	// Defaults is how steps run that say nothing else. It is for every template
	// that there is, DAGs too, so that it can hold no Locks.
	//
	// Rendered as templateDefaults.
	Defaults Settings
}

// ArtifactRepository names a repository for artifacts that is described in a
// ConfigMap. The zero one is the controller's.
type ArtifactRepository struct {
	// ConfigMap is the ConfigMap. Empty means "artifact-repositories".
	//
	// Rendered as artifactRepositoryRef.configMap.
	ConfigMap string
	// Key is the repository's key in it. Empty means the one that the
	// ConfigMap's annotation names.
	//
	// Rendered as artifactRepositoryRef.key.
	Key string
}

// render adds the settings to the spec of a workflow.
func (s RunSettings) render(c *check, field string, spec *wfv1.WorkflowSpec) {
	s.metadata(c, field, spec)
	s.artifacts(c, field, spec)
	if s.Priority < math.MinInt32 || s.Priority > math.MaxInt32 {
		c.Invalid(field+".Priority", s.Priority, "it has more than 32 bits", "use a smaller one")
	} else if s.Priority != 0 {
		spec.Priority = new(int32(s.Priority))
	}
	if s.Suspended {
		spec.Suspend = new(true)
	}
	if len(s.Locks) > 0 {
		spec.Synchronization = c.locks(field+".Locks", s.Locks)
	}
	if len(s.Metrics) > 0 {
		spec.Metrics = c.metrics(field+".Metrics", s.Metrics)
	}
	known(c, field+".ClaimGC", s.ClaimGC, ClaimGCOnWorkflowCompletion, ClaimGCOnWorkflowSuccess)
	if s.ClaimGC != "" {
		spec.VolumeClaimGC = &wfv1.VolumeClaimGC{Strategy: s.ClaimGC}
	}
	s.defaults(c, field+".Defaults", spec)
}

// metadata renders what goes to the runs' own objects.
func (s RunSettings) metadata(c *check, field string, spec *wfv1.WorkflowSpec) {
	rendered := wfv1.WorkflowMetadata{}
	if m := c.metadata(field, s.Labels, s.Annotations); m != nil {
		rendered.Labels, rendered.Annotations = m.Labels, m.Annotations
	}
	for _, key := range slices.Sorted(maps.Keys(s.LabelsFrom)) {
		at := field + ".LabelsFrom[" + key + "]"
		c.LabelKey(at, key)
		if _, ok := s.Labels[key]; ok {
			c.Conflict(at, "the label is in Labels too", "leave one of them out")
		}
		value := s.LabelsFrom[key]
		if value.none() {
			c.Required(at, "say what the value is")
		}
		if rendered.LabelsFrom == nil {
			rendered.LabelsFrom = make(map[string]wfv1.LabelValueFrom)
		}
		rendered.LabelsFrom[key] = wfv1.LabelValueFrom{Expression: value.computed(c, at, asField)}
	}
	if !reflect.ValueOf(rendered).IsZero() {
		spec.WorkflowMetadata = &rendered
	}
}

// artifacts renders where artifacts come from and go to.
func (s RunSettings) artifacts(c *check, field string, spec *wfv1.WorkflowSpec) {
	for _, name := range slices.Sorted(maps.Keys(s.Artifacts)) {
		at := field + ".Artifacts[" + name + "]"
		if !parameterName.MatchString(name) {
			c.Invalid(at, name, "Argo can't refer to it", "use letters, digits, '-' and '_'")
		}
		out := wfv1.Artifact{Name: name}
		if isNil(s.Artifacts[name]) {
			c.Required(at, "say where the artifact lies")
		} else {
			s.Artifacts[name].locate(c, at, &out)
		}
		if out.From != "" || out.FromExpression != "" {
			c.Unsupported(at, "no task has run yet whose output it could be", "say where the artifact lies")
		}
		spec.Arguments.Artifacts = append(spec.Arguments.Artifacts, *out.DeepCopy())
	}
	if r := s.ArtifactRepository; r != (ArtifactRepository{}) {
		c.objectName(field+".ArtifactRepository.ConfigMap", r.ConfigMap)
		spec.ArtifactRepositoryRef = &wfv1.ArtifactRepositoryRef{ConfigMap: r.ConfigMap, Key: r.Key}
	}
	spec.ArtifactGC = s.ArtifactGC.render(c, field+".ArtifactGC")
	if s.ArchiveLogs != nil {
		spec.ArchiveLogs = new(*s.ArchiveLogs)
	}
}

// defaults renders what steps are that say nothing else.
func (s RunSettings) defaults(c *check, field string, spec *wfv1.WorkflowSpec) {
	var t wfv1.Template
	s.Defaults.render(c, field, &t)
	if len(s.Defaults.Locks) > 0 {
		c.Add(millrace.RuleUnsupported, field+".Locks", "each DAG would hold them, and its tasks wait for it for ever", "set them on the tasks, or on the run")
	}
	if !reflect.ValueOf(t).IsZero() {
		spec.TemplateDefaults = &t
	}
}
