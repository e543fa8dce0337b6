package workflow

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace"
)

// Rules returns the rules for Workflow, WorkflowTemplate,
// ClusterWorkflowTemplate and CronWorkflow, whether Template made them or not.
// What their tasks create is checked by the rules of its own kind; Embedded
// returns it.
func Rules() []millrace.Rule {
	return append(refusalRules(), practices()...)
}

// practices are the rules about what Argo takes, and production suffers from.
func practices() []millrace.Rule {
	return []millrace.Rule{
		{
			ID: "workflow/service-account", Severity: millrace.Error,
			Summary: "A workflow has a service account of its own.",
			Reason:  "Without one its pods run as the namespace's default account: either they lack the rights that Argo's executor needs, and the run hangs, or every pod of the namespace has them.",
			Fix:     "set spec.serviceAccountName to an account of the pipeline",
			Source:  "Argo Workflows, service-accounts and security",
			Check:   specRule(checkServiceAccount),
		},
		{
			ID: "workflow/ttl", Severity: millrace.Warning,
			Summary: "Finished runs are deleted after a time, however they ended.",
			Reason:  "Kept runs fill etcd and the controller's memory. A run in phase Error counts as neither failed nor succeeded: only secondsAfterCompletion deletes it.",
			Fix:     "set spec.ttlStrategy.secondsAfterCompletion",
			Source:  "Argo Workflows, cost-optimisation; argo-workflows#12802",
			Check:   specRule(checkTTL),
		},
		{
			ID: "workflow/deadline", Severity: millrace.Warning,
			Summary: "A run has a deadline.",
			Reason:  "A run that waits for something that never comes holds its pods and locks for ever.",
			Fix:     "set spec.activeDeadlineSeconds",
			Source:  "Argo Workflows, cost-optimisation",
			Check:   specRule(checkDeadline),
		},
		{
			ID: "workflow/resource-manifest", Severity: millrace.Error,
			Summary: "The manifest of a resource task is one object.",
			Reason:  "Argo looks at it only when the task starts.",
			Fix:     "correct the manifest",
			Source:  "Argo Workflows, workflow/executor/resource.go",
			Check:   resourceRule(checkManifest),
		},
		{
			ID: "workflow/resource-owner", Severity: millrace.Warning,
			Summary: "What a task creates belongs to the workflow, in its namespace.",
			Reason:  "Nothing deletes it otherwise, not even deleting the workflow. With an owner in another namespace the garbage collector deletes it at once.",
			Fix:     "set resource.setOwnerReference and leave the namespace to the workflow",
			Source:  "argo-workflows#9855, spark-operator#2090",
			Check:   resourceRule(checkOwner),
		},
		{
			ID: "workflow/resource-name", Severity: millrace.Warning,
			Summary: "What a task creates has a name that is the run's own and always the same.",
			Reason:  "A pod that is started again creates it a second time under a generated name; under a fixed one the next run finds the last run's object, and takes its result for its own.",
			Fix:     `name it "{{workflow.name}}-<task>" and use action apply`,
			Source:  "argo-workflows#6150",
			Check:   resourceRule(checkResourceName),
		},
		{
			ID: "workflow/resource-conditions", Severity: millrace.Error,
			Summary: "A task that creates a job says when the job has succeeded and when it has failed.",
			Reason:  "Without conditions the task ends as soon as the object is there; with the one of success alone a failed job is waited for until the deadline.",
			Fix:     "set resource.successCondition and resource.failureCondition",
			Source:  "Argo Workflows, workflow/executor/resource.go",
			Check:   resourceRule(checkConditions),
		},
		{
			ID: "workflow/retry-limit", Severity: millrace.Error,
			Summary: "A retry has a limit.",
			Reason:  "Without one Argo retries for ever, and without waiting: the backoff only counts beside a limit.",
			Fix:     "set retryStrategy.limit",
			Source:  "argo-workflows#9425",
			Check:   specRule(checkRetry),
		},
		{
			ID: "workflow/latest-tag", Severity: millrace.Warning,
			Summary: "Images have a tag that does not move, or a digest.",
			Reason:  "The same workflow runs another program tomorrow, and two tasks of one run may run different ones.",
			Fix:     "give the image a version tag or a digest",
			Source:  "Kubernetes, configuration best practices",
			Check:   specRule(checkImages),
		},
		{
			ID: "workflow/depends", Severity: millrace.Info,
			Summary: "An edge of a DAG says which result it waits for.",
			Reason:  "A bare task name is also true when the task was skipped or runs as a daemon: what follows then runs without its input.",
			Fix:     `write depends: "a.Succeeded"`,
			Source:  "Argo Workflows, enhanced-depends-logic",
			Check:   specRule(checkDepends),
		},
		{
			ID: "workflow/exit-handler", Severity: millrace.Warning,
			Summary: "An exit handler is no DAG.",
			Reason:  "When a run is stopped, Argo before 3.7.17 and 4.0.8 gives up the DAG of its exit handler as soon as the pods are created: what it cleans up may stay.",
			Fix:     "use a template with steps",
			Source:  "argo-workflows#13412, #13964",
			Check:   specRule(checkExit),
		},
		{
			ID: "workflow/removed-fields", Severity: millrace.Error,
			Summary: "A workflow has no field that Argo 4 has dropped.",
			Reason:  "The CRDs of Argo 4 drop them without a word: nothing is locked, and a schedule never fires.",
			Fix:     "use mutexes, semaphores and schedules, which Argo knows since 3.6",
			Source:  "Argo Workflows, deprecations and upgrading",
			Check:   checkRemoved,
		},
		{
			ID: "workflow/argo-4-limits", Severity: millrace.Error,
			Summary: "An object has at most 200 templates, 200 tasks in a DAG and 500 parameters.",
			Reason:  "The CRDs that Argo 4 installs by default refuse it otherwise; the API server says so when it is applied, or at the upgrade.",
			Fix:     "split it: put tasks into a DAG of their own, and templates into a WorkflowTemplate that templateRef names",
			Source:  "Argo Workflows v4.0.2, pkg/apis/workflow/v1alpha1/workflow_types.go; argo-workflows#15028",
			Check:   checkLimits,
		},
		rightsRule(),
	}
}

// specRule makes a rule of what looks at a workflow's spec. Objects that only
// refer to a template have nothing to look at.
func specRule(check func(*millrace.Pass, spec)) func(*millrace.Pass) {
	return func(p *millrace.Pass) {
		if s, ok := specOf(p.Object); ok && s.WorkflowTemplateRef == nil {
			check(p, s)
		}
	}
}

// runsAlone reports whether the spec is run as it is: a collection of
// templates for others has no entrypoint, and its settings have no effect.
func (s spec) runsAlone() bool { return s.Entrypoint != "" }

func checkServiceAccount(p *millrace.Pass, s spec) {
	complain := func(path, account string) {
		if account == "" {
			p.Report(path, "it is not set, which means the account \"default\"")
			return
		}
		p.Report(path, "it is the account \"default\", which every pod of the namespace shares")
	}
	covered := s.TemplateDefaults != nil && s.TemplateDefaults.ServiceAccountName != ""
	pods, own := 0, 0
	s.templates(func(path string, t *wfv1.Template) {
		if t.ServiceAccountName == "default" {
			complain(path+".serviceAccountName", t.ServiceAccountName)
		}
		if makesPod(t) {
			pods++
			if t.ServiceAccountName != "" || covered {
				own++
			}
		}
	})
	if !s.runsAlone() || s.ServiceAccountName != "" && s.ServiceAccountName != "default" || pods > 0 && own == pods {
		return
	}
	complain(s.path+".serviceAccountName", s.ServiceAccountName)
}

func checkTTL(p *millrace.Pass, s spec) {
	switch {
	case !s.runsAlone():
	case s.TTLStrategy == nil:
		p.Report(s.path+".ttlStrategy", "it is not set: finished runs are kept for ever")
	case s.TTLStrategy.SecondsAfterCompletion == nil:
		p.Report(s.path+".ttlStrategy.secondsAfterCompletion", "it is not set: runs in phase Error are kept for ever")
	}
}

func checkDeadline(p *millrace.Pass, s spec) {
	if !s.runsAlone() || s.ActiveDeadlineSeconds != nil {
		return
	}
	p.Report(s.path+".activeDeadlineSeconds", "it is not set: a run may take for ever")
}

func checkRetry(p *millrace.Pass, s spec) {
	check := func(path string, r *wfv1.RetryStrategy) {
		if r != nil && r.Limit == nil {
			p.Report(path+".retryStrategy.limit", "it is not set: it is retried for ever")
		}
	}
	check(s.path, s.RetryStrategy)
	s.templates(func(path string, t *wfv1.Template) { check(path, t.RetryStrategy) })
}

func checkImages(p *millrace.Pass, s spec) {
	s.templates(func(path string, t *wfv1.Template) {
		images(path, t, func(field, image string) {
			if moves(image) {
				p.Report(field, fmt.Sprintf("the tag of %q moves", image))
			}
		})
	})
}

// images calls visit for every image that a template names.
func images(path string, t *wfv1.Template, visit func(field, image string)) {
	if t.Container != nil {
		visit(path+".container.image", t.Container.Image)
	}
	if t.Script != nil {
		visit(path+".script.image", t.Script.Image)
	}
	if t.ContainerSet != nil {
		for i := range t.ContainerSet.Containers {
			visit(at(path+".containerSet.containers", i)+".image", t.ContainerSet.Containers[i].Image)
		}
	}
	for i := range t.InitContainers {
		visit(at(path+".initContainers", i)+".image", t.InitContainers[i].Image)
	}
	for i := range t.Sidecars {
		visit(at(path+".sidecars", i)+".image", t.Sidecars[i].Image)
	}
}

// moves reports whether an image has no tag, or the tag latest. One that is
// known only at run time is given the benefit of the doubt.
func moves(image string) bool {
	if image == "" || strings.Contains(image, "{{") || strings.Contains(image, "@") {
		return false
	}
	last := image[strings.LastIndexByte(image, '/')+1:]
	_, tag, ok := strings.Cut(last, ":")
	return !ok || tag == "latest"
}

// bareTerms are the tasks that depends names without a result.
func bareTerms(depends string) (names []string) {
	word := func(r rune) bool { return r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
	for depends != "" {
		start := strings.IndexFunc(depends, word)
		if start < 0 {
			break
		}
		depends = depends[start:]
		end := strings.IndexFunc(depends, func(r rune) bool { return !word(r) })
		if end < 0 {
			end = len(depends)
		}
		name := depends[:end]
		depends = depends[end:]
		if rest, ok := strings.CutPrefix(depends, "."); ok {
			depends = strings.TrimLeftFunc(rest, word) // its result
			continue
		}
		names = append(names, name)
	}
	return names
}

func checkDepends(p *millrace.Pass, s spec) {
	s.templates(func(path string, t *wfv1.Template) {
		if t.DAG == nil {
			return
		}
		for i, task := range t.DAG.Tasks {
			field := at(path+".dag.tasks", i)
			if len(task.Dependencies) > 0 {
				p.Report(field+".dependencies", fmt.Sprintf("%s also starts when one of %s was skipped", task.Name, strings.Join(task.Dependencies, ", ")))
			}
			for _, name := range bareTerms(task.Depends) {
				p.Report(field+".depends", fmt.Sprintf("%s also starts when %s was skipped", task.Name, name))
			}
		}
	})
}

func checkExit(p *millrace.Pass, s spec) {
	path, name := s.path+".onExit", s.OnExit
	if name == "" { // beside which Argo ignores the hook
		path, name = s.path+".hooks.exit.template", s.Hooks["exit"].Template
	}
	if slices.ContainsFunc(s.Templates, func(t wfv1.Template) bool { return t.Name == name && t.DAG != nil }) {
		p.Report(path, fmt.Sprintf("the template %q is a DAG", name))
	}
}

func checkRemoved(p *millrace.Pass) {
	s, ok := specOf(p.Object)
	if !ok {
		return
	}
	if cron, ok := p.Object.(*wfv1.CronWorkflow); ok && cron.Spec.Schedule != "" {
		p.Report("spec.schedule", "Argo 4 has schedules only")
	}
	check := func(path string, sync *wfv1.Synchronization) {
		if sync != nil && sync.Mutex != nil {
			p.Report(path+".synchronization.mutex", "Argo 4 has mutexes only")
		}
		if sync != nil && sync.Semaphore != nil {
			p.Report(path+".synchronization.semaphore", "Argo 4 has semaphores only")
		}
	}
	check(s.path, s.Synchronization)
	s.templates(func(path string, t *wfv1.Template) { check(path, t.Synchronization) })
}
