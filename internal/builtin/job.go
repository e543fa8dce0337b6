package builtin

import (
	"fmt"
	"maps"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace/internal/cron"
	"github.com/millrace/millrace/internal/schema"
)

// The labels that the server gives the pods of a Job, and selects them by.
const (
	jobNameLabel          = batchv1.JobNameLabel
	oldJobNameLabel       = "job-name"
	controllerUIDLabel    = batchv1.ControllerUidLabel
	oldControllerUIDLabel = "controller-uid"
)

// unknownUID stands for the UID that the server will give an object: nobody
// can have written it.
const unknownUID = "\x00"

// job checks a Job.
func (c *checker) job(o *batchv1.Job) {
	s := o.Spec // The server fills a copy in.
	if s.Parallelism == nil {
		if s.Completions == nil {
			s.Completions = new(int32(1))
		}
		s.Parallelism = new(int32(1))
	}
	name, from := createdName(&o.ObjectMeta)
	generated := s.ManualSelector == nil || !*s.ManualSelector
	c.enter("spec")
	c.jobSpec(&s)
	if generated {
		c.nameLabel(name, s.Template.Labels)
		c.generatedSelector(&s, name)
	} else {
		c.manualSelector(&s)
	}
	c.leave()
	if indexed(&s) && s.Completions != nil && *s.Completions > 0 && wellNamed(name) {
		if host := fmt.Sprintf("%s-%d", name, *s.Completions-1); len(validation.IsDNS1123Label(host)) > 0 {
			c.problem(from, schema.RuleInvalid, "makes the host name "+show(host)+", which is no DNS label", "use a shorter name without dots, at most 63 with the index")
		}
	}
}

// nameLabel checks that the name can be a label's value, which pods get.
func (c *checker) nameLabel(name string, labels map[string]string) {
	for _, key := range [...]string{oldJobNameLabel, jobNameLabel} {
		if _, set := labels[key]; !set && len(validation.IsValidLabelValue(name)) > 0 {
			c.invalid("template.metadata.labels", name, aLabelValue+", as pods get it as "+key, "shorten the Job's name")
			return
		}
	}
}

// generatedSelector checks the labels and the selector that the server itself
// sets.
func (c *checker) generatedSelector(s *batchv1.JobSpec, name string) {
	const fix = "take it out, the server sets it"
	for _, l := range [...]struct{ key, value string }{
		{oldControllerUIDLabel, unknownUID}, {controllerUIDLabel, unknownUID}, {oldJobNameLabel, name}, {jobNameLabel, name},
	} {
		if have, set := s.Template.Labels[l.key]; set && have != l.value {
			c.problem("template.metadata.labels["+l.key+"]", schema.RuleInvalid, "is "+show(have)+", must be what the server sets", fix)
		}
	}
	selector := s.Selector
	if selector == nil {
		selector = &metav1.LabelSelector{}
	}
	if !c.labelSelector("selector", selector) {
		return
	}
	own := map[string]string{oldControllerUIDLabel: unknownUID, controllerUIDLabel: unknownUID, oldJobNameLabel: name, jobNameLabel: name}
	if !selects(selector, own) {
		c.problem("selector", schema.RuleInvalid, "is not the one that the server sets", "take it out, or set manualSelector: true")
	}
	maps.Copy(own, s.Template.Labels)
	_, set := selector.MatchLabels[controllerUIDLabel]
	if !set && own[controllerUIDLabel] != unknownUID || !selects(selector, own) {
		c.unselected("template.metadata.labels")
	}
}

func (c *checker) manualSelector(s *batchv1.JobSpec) {
	if s.Selector == nil {
		c.required("selector", "select the template's labels, or take manualSelector out")
	}
	if c.labelSelector("selector", s.Selector) && !selects(s.Selector, s.Template.Labels) {
		c.unselected("template.metadata.labels")
	}
}

// jobSpec checks the spec of a Job, or of the template of one.
func (c *checker) jobSpec(s *batchv1.JobSpec) {
	c.notNegative32("parallelism", s.Parallelism)
	c.notNegative32("completions", s.Completions)
	if s.ActiveDeadlineSeconds != nil {
		c.notNegative("activeDeadlineSeconds", *s.ActiveDeadlineSeconds)
	}
	c.notNegative32("backoffLimit", s.BackoffLimit)
	c.notNegative32("ttlSecondsAfterFinished", s.TTLSecondsAfterFinished)
	c.notNegative32("backoffLimitPerIndex", s.BackoffLimitPerIndex)
	c.notNegative32("maxFailedIndexes", s.MaxFailedIndexes)
	if s.MaxFailedIndexes != nil && s.BackoffLimitPerIndex == nil {
		c.required("backoffLimitPerIndex", "set it beside maxFailedIndexes")
	}
	if s.ManagedBy != nil {
		c.managedBy(*s.ManagedBy)
	}
	amongIfSet(c, "completionMode", s.CompletionMode, batchv1.NonIndexedCompletion, batchv1.IndexedCompletion)
	if indexed(s) {
		c.indexedJob(s)
	} else {
		c.plainJob(s)
	}
	if s.PodFailurePolicy != nil {
		c.podFailurePolicy(s)
	}
	if s.PodReplacementPolicy != nil {
		if s.PodFailurePolicy != nil {
			among(c, "podReplacementPolicy", *s.PodReplacementPolicy, batchv1.Failed)
		} else {
			among(c, "podReplacementPolicy", *s.PodReplacementPolicy, batchv1.Failed, batchv1.TerminatingOrFailed)
		}
	}
	c.enter("template")
	c.podTemplate(&s.Template, podOptions{})
	c.endingPods(&s.Template.Spec, s.PodFailurePolicy != nil)
	c.leave()
}

func indexed(s *batchv1.JobSpec) bool {
	return s.CompletionMode != nil && *s.CompletionMode == batchv1.IndexedCompletion
}

func (c *checker) managedBy(name string) {
	const longest = 63
	switch {
	case name == "":
		c.required("managedBy", "name the controller, or take it out")
	case len(name) > longest:
		c.bounds("managedBy", name, "at most 63 characters long")
	case len(validation.IsDomainPrefixedPath(nil, name)) > 0:
		c.invalid("managedBy", name, "be a domain, '/' and a path, as in example.com/controller", writeItSo)
	}
}

// endingPods checks how the pods of a Job go on when a container ends.
func (c *checker) endingPods(s *corev1.PodSpec, failurePolicy bool) {
	switch p := s.RestartPolicy; {
	case p == "" || p == corev1.RestartPolicyAlways:
		c.problem("spec.restartPolicy", schema.RuleRequired, "is Always, also when left out, and the pods of a Job end", "use Never or OnFailure")
	case p != corev1.RestartPolicyOnFailure && p != corev1.RestartPolicyNever:
		among(c, "spec.restartPolicy", p, corev1.RestartPolicyOnFailure, corev1.RestartPolicyNever)
	case failurePolicy && p != corev1.RestartPolicyNever:
		c.problem("spec.restartPolicy", schema.RuleInvalid, "is OnFailure beside a podFailurePolicy", "use Never")
	}
}

// How many indexes a Job can count.
// Source: Kubernetes 1.37, pkg/apis/batch/validation.
const (
	maxIndexes       = 100_000
	maxOfManyIndexes = 10_000
)

// indexedJob checks a Job whose pods have numbers.
func (c *checker) indexedJob(s *batchv1.JobSpec) {
	parallel, failed := s.Parallelism, s.MaxFailedIndexes
	if s.Completions == nil {
		c.required("completions", "set it for the completionMode Indexed")
	}
	if parallel != nil && *parallel > maxIndexes {
		c.bounds("parallelism", *parallel, "at most 100000 for the completionMode Indexed")
	}
	if failed != nil {
		if s.Completions != nil && *failed > *s.Completions {
			c.bounds("maxFailedIndexes", *failed, "at most the completions, "+show(*s.Completions))
		}
		if *failed > maxIndexes {
			c.bounds("maxFailedIndexes", *failed, "at most 100000")
		}
	}
	if s.Completions != nil && *s.Completions > maxIndexes && s.BackoffLimitPerIndex != nil {
		if failed == nil {
			c.required("maxFailedIndexes", "set it for more than 100000 completions")
		} else if *failed > maxOfManyIndexes {
			c.bounds("maxFailedIndexes", *failed, "at most 10000 for more than 100000 completions")
		}
		if parallel != nil && *parallel > maxOfManyIndexes {
			c.bounds("parallelism", *parallel, "at most 10000 for more than 100000 completions with a backoffLimitPerIndex")
		}
	}
	if s.SuccessPolicy != nil {
		c.successPolicy(s)
	}
}

// plainJob reports what only a Job can have whose pods have numbers.
func (c *checker) plainJob(s *batchv1.JobSpec) {
	known := s.CompletionMode == nil || *s.CompletionMode == batchv1.NonIndexedCompletion
	for _, f := range [...]setField{
		{"backoffLimitPerIndex", known && s.BackoffLimitPerIndex != nil}, {"maxFailedIndexes", known && s.MaxFailedIndexes != nil},
		{"successPolicy", s.SuccessPolicy != nil},
	} {
		if f.set {
			c.problem(f.name, schema.RuleInvalid, "is set, and the completionMode is not Indexed", "take it out, or use Indexed")
		}
	}
}

// createdName is the name that an object will have, and the field that it is
// from. The server adds five characters to a generateName.
func createdName(m *metav1.ObjectMeta) (name, from string) {
	const longest, added = 63, "xxxxx"
	if m.Name != "" || m.GenerateName == "" {
		return m.Name, "metadata.name"
	}
	return m.GenerateName[:min(len(m.GenerateName), longest-len(added))] + added, "metadata.generateName"
}

// wellNamed tells whether a name is one at all; what isn't is reported with the
// metadata.
func wellNamed(name string) bool { return len(validation.IsDNS1123Subdomain(name)) == 0 }

// cronJob checks a CronJob.
func (c *checker) cronJob(o *batchv1.CronJob) {
	const longest = 52 // The controller adds 11 characters, and a Job's name has at most 63.
	if name, from := createdName(&o.ObjectMeta); len(name) > longest && wellNamed(name) {
		c.bounds(from, name, "at most 52 characters long, as its Jobs' names have 11 more")
	}
	s := &o.Spec
	c.enter("spec")
	defer c.leave()
	c.schedule(s.Schedule)
	c.timeZone(s.TimeZone)
	if s.StartingDeadlineSeconds != nil {
		c.notNegative("startingDeadlineSeconds", *s.StartingDeadlineSeconds)
	}
	amongOrEmpty(c, "concurrencyPolicy", s.ConcurrencyPolicy, batchv1.AllowConcurrent, batchv1.ForbidConcurrent, batchv1.ReplaceConcurrent)
	c.notNegative32("successfulJobsHistoryLimit", s.SuccessfulJobsHistoryLimit)
	c.notNegative32("failedJobsHistoryLimit", s.FailedJobsHistoryLimit)
	c.enter("jobTemplate")
	c.enter("spec")
	job := &s.JobTemplate.Spec
	c.jobSpec(job)
	if job.Selector != nil {
		c.problem("selector", schema.RuleInvalid, "is set, and the server sets it for each Job", takeItOut)
	}
	if job.ManualSelector != nil && *job.ManualSelector {
		c.problem("manualSelector", schema.RuleEnum, "is true, and the server sets the selector for each Job", takeItOut)
	}
	c.leave()
	c.leave()
}

func (c *checker) schedule(text string) {
	switch {
	case text == "":
		c.required("schedule", `say when, as in "0 3 * * *"`)
	case strings.Contains(text, "TZ"):
		c.problem("schedule", schema.RuleInvalid, "has a time zone", "use timeZone")
	default:
		if _, err := cron.Parse(text); err != nil {
			c.problem("schedule", schema.RuleInvalid, "is "+show(text)+", which is no cron expression: "+err.Error(), `write it as in "0 3 * * *" or "@daily"`)
		}
	}
}
