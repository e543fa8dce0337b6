package workflow

import (
	"slices"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/argo"
)

// refusals are the rules about what Argo refuses, or takes for something else
// than was meant. Nothing looks before the run: the API server takes such a
// workflow, and the controller ends it as an error, or goes on without a word.
var refusals = []millrace.Rule{
	{
		ID: argo.RuleName, Summary: "Templates, tasks, parameters and artifacts have names that Argo and its expressions can take, each once.",
		Reason: "The run ends as an error when it starts; a task whose name is a word of the expressions, such as \"in\", ends it only when the next one is due.",
		Fix:    "use letters, digits and '-', beginning with a letter",
		Source: "Argo Workflows v3.7.14, workflow/validate/validate.go; expr-lang, language definition",
	},
	{
		ID: argo.RuleTemplate, Summary: "A template has one kind of work, with what this kind needs and no setting that it doesn't know.",
		Reason: "The run ends as an error when it starts.",
		Fix:    "give the template one kind of work, and the setting to a template that knows it",
		Source: "Argo Workflows v3.7.14, workflow/validate/validate.go",
	},
	{
		ID: argo.RuleUnknownTemplate, Summary: "What a workflow calls is there: entrypoint, tasks, steps, hooks and exit handler name templates that it has.",
		Reason: "The run ends as an error, for a hook or an exit handler only when it is due.",
		Fix:    "correct the name, or add the template",
		Source: "Argo Workflows v3.7.14, workflow/validate/validate.go",
	},
	{
		ID: argo.RuleGraph, Summary: "The edges of a DAG lead to tasks and results that are there, and to no circle.",
		Reason: "The run ends as an error when it starts.",
		Fix:    "correct the edge",
		Source: "Argo Workflows, enhanced-depends-logic",
	},
	{
		ID: argo.RuleReference, Summary: "A reference is to something that is known where it stands.",
		Reason: "Argo ends the run as an error, or leaves the text {{…}} as it is: the program gets it for its value.",
		Fix:    "refer to an input, a task before this one, or a variable of the run",
		Source: "Argo Workflows, variables",
	},
	{
		ID: argo.RuleArguments, Summary: "A call gives a template the inputs that it declares without a default, and outputs have a value.",
		Reason: "The run ends as an error when it starts.",
		Fix:    "give the input a value or a default, or correct the name",
		Source: "Argo Workflows, inputs and arguments",
	},
	{
		ID: argo.RuleExtraArgument, Severity: millrace.Warning, Summary: "A call gives a template no arguments that it doesn't declare.",
		Reason: "Argo drops them without a word: the template works without the value, or with its default.",
		Fix:    "correct the name, declare the input, or take the argument out",
		Source: "Argo Workflows v3.7.14, workflow/common/util.go (ProcessArgs)",
	},
	{
		ID: argo.RuleExpression, Summary: "Expressions and conditions are ones that their engine can read.",
		Reason: "Argo reads them only when they are due: depends and {{=…}} with expr-lang, when with govaluate, in which a word with a dash is a subtraction.",
		Fix:    "correct the expression; put words of when in quotes",
		Source: "Argo Workflows, walk-through/conditionals; argo-workflows#3611, #7831",
	},
	{
		ID: argo.RuleLoop, Summary: "A task has at most one loop, and a loop has an end.",
		Reason: "Argo refuses two; a sequence without an end or count ends the run as an error.",
		Fix:    "leave one of withItems, withParam and withSequence, and give a sequence a count or an end",
		Source: "Argo Workflows, walk-through/loops",
	},
	{
		ID: argo.RuleRetry, Summary: "A retry does what it says: its policy is known, its backoff has a duration, and leaves time to try again.",
		Reason: "Without a duration the node ends as an error at the first failure; a maxDuration that is over before means no retry at all.",
		Fix:    "correct retryStrategy",
		Source: "Argo Workflows v3.7.14, workflow/controller/operator.go (processNodeRetries)",
	},
	{
		ID: argo.RuleResource, Summary: "A resource template is one that kubectl takes, and its conditions mean what they say.",
		Reason: "Argo starts a pod for it before anything looks. Of several requirements in failureCondition one is enough, though the comma reads as \"and\".",
		Fix:    "correct the template",
		Source: "Argo Workflows v3.7.14, workflow/executor/resource.go",
	},
	{
		ID: argo.RuleValue, Summary: "Durations, numbers and choices are ones that Argo can read.",
		Reason: "The run ends as an error, or Argo goes on as if nothing was set.",
		Fix:    "correct the value",
		Source: "Argo Workflows, fields",
	},
	{
		ID: argo.RuleVolume, Summary: "Mounts have a volume and a path of their own; artifacts have a path and one place.",
		Reason: "The API server refuses the pod, and the run waits or ends as an error.",
		Fix:    "add the volume, or correct its name; give the artifact a path and one location",
		Source: "Argo Workflows v3.7.14, workflow/validate/validate.go",
	},
	{
		ID: argo.RulePlace, Severity: millrace.Warning, Summary: "The place of an artifact is complete: an S3, OSS or Azure location has its endpoint and its bucket.",
		Reason: "For one that is not, Argo takes the whole place of the artifact repository, without a word: the bucket that is named is not looked at.",
		Fix:    "set endpoint and bucket, or the key alone",
		Source: "Argo Workflows v3.7.14, pkg/apis/workflow/v1alpha1/workflow_types.go (HasLocation)",
	},
	{
		ID: argo.RuleLock, Summary: "Locks and caches name what they are kept in.",
		Reason: "The run ends as an error, or nothing is locked.",
		Fix:    "name the mutex, or the config map and the key",
		Source: "Argo Workflows, synchronization and memoization",
	},
	{
		ID: argo.RuleSize, Summary: "A workflow fits into etcd, together with what Argo notes about its tasks.",
		Reason: "Argo ends a run as an error whose object is longer than 1 MiB.",
		Fix:    "split it, or put large texts into config maps or artifacts",
		Source: "Argo Workflows, offloading-large-workflows; v3.7.14 workflow/packer/packer.go",
	},
	{
		ID: argo.RuleSchedule, Summary: "A schedule is one that Argo can read and that comes to pass.",
		Reason: "Argo notes the error in the CronWorkflow's conditions, where nobody looks, and never starts a run.",
		Fix:    "correct the schedule",
		Source: "Argo Workflows, cron-workflows",
	},
}

// taken are the rules about what Argo takes, though not as it was meant.
var taken = map[string]bool{argo.RulePlace: true, argo.RuleExtraArgument: true}

// refusalRules are the rules with what checks them.
func refusalRules() []millrace.Rule {
	out := make([]millrace.Rule, len(refusals))
	for i, r := range refusals {
		if !taken[r.ID] {
			r.Severity = millrace.Error
		}
		r.Check = func(p *millrace.Pass) {
			for _, problem := range refused(p) {
				if problem.Rule != r.ID {
					continue
				}
				if problem.Fix != "" {
					p.Suggest(problem.Path, problem.Detail, problem.Fix)
					continue
				}
				p.Report(problem.Path, problem.Detail)
			}
		}
		out[i] = r
	}
	return out
}

// checkedObject is the key under which a pass keeps what was found.
type checkedObject struct{ millrace.Object }

// refused asks once for an object what Argo would refuse.
func refused(p *millrace.Pass) []argo.Problem {
	s, ok := specOf(p.Object)
	if !ok {
		return nil
	}
	found, _ := p.Once(checkedObject{p.Object}, func() any {
		found := argo.Check(checked(p.Object, s, p.Bundle))
		if p.Inside {
			found = slices.DeleteFunc(found, func(p argo.Problem) bool { return p.Rule == argo.RuleReference || p.Rule == argo.RuleExpression })
		}
		return found
	}).([]argo.Problem)
	return found
}

// checked is a workflow as the checker takes it. The bundle may be nil.
func checked(o millrace.Object, s spec, b *millrace.Bundle) argo.Workflow {
	w := argo.Workflow{
		Kind: o.GetObjectKind().GroupVersionKind().Kind, Name: o.GetName(), Namespace: s.namespace, Spec: s.WorkflowSpec, Path: s.path,
	}
	if cron, ok := o.(*wfv1.CronWorkflow); ok {
		w.Cron = &cron.Spec
	}
	if b != nil {
		w.Templates = func(kind schema.GroupKind, namespace, name string) (*wfv1.WorkflowSpec, bool) {
			found, ok := b.Find(kind, namespace, name)
			if !ok {
				return nil, false
			}
			s, ok := specOf(found)
			return s.WorkflowSpec, ok
		}
	}
	return w
}
