package workflow

import (
	"regexp"
	"strconv"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/argo"
)

// refused reports what Argo would refuse in what was rendered. That is left of
// what nothing else has found, such as mistakes in Base.
func (c *check) refused(o *wfv1.WorkflowTemplate) {
	if c.Err() != nil {
		return
	}
	s, _ := specOf(o)
	w := checked(o, s, nil)
	if c.template.ClusterWide {
		w.Kind = "ClusterWorkflowTemplate"
	}
	for _, p := range argo.Check(w) {
		if taken[p.Rule] {
			continue
		}
		c.Add(p.Rule, c.builderField(&o.Spec, p.Path), p.Path+": "+p.Detail, p.Fix)
	}
}

// launchFields are the fields of a Run and a Cron that paths of the manifest come
// from. What lies elsewhere is from the Base.
var launchFields = []struct{ path, field string }{
	{"spec.timezone", "TimeZone"}, {"spec.schedules", "Schedules"}, {"spec.when", "When"}, {"spec.stopStrategy", "Stop"},
	{"spec.arguments.artifacts", "Artifacts"}, {"spec.workflowSpec.arguments.artifacts", "Artifacts"},
	{"spec.arguments", "Arguments"}, {"spec.workflowSpec.arguments", "Arguments"},
	{"spec.workflowSpec", "Base.WorkflowSpec"},
}

// refusedLaunch reports what Argo would refuse in a Run or a Cron in which
// nothing else is wrong.
func (c *check) refusedLaunch(o millrace.Object) {
	s, _ := specOf(o)
	for _, p := range argo.Check(checked(o, s, nil)) {
		if taken[p.Rule] {
			continue
		}
		field := "Base"
		for _, f := range launchFields {
			if strings.HasPrefix(p.Path, f.path) {
				field = f.field
				break
			}
		}
		c.Add(p.Rule, field, p.Path+": "+p.Detail, p.Fix)
	}
}

var (
	templatePath = regexp.MustCompile(`^spec\.templates\[(\d+)\](.*)$`)
	taskPath     = regexp.MustCompile(`^\.dag\.tasks(\[\d+\])(?:\.([a-zA-Z]+))?`)
)

// taskFields are the fields of a Task that those of a DAG's task come from.
var taskFields = map[string]string{
	"name": ".Name", "depends": ".Depends", "when": ".When", "withItems": ".Loop", "withParam": ".Loop", "withSequence": ".Loop",
	"arguments": ".Arguments", "hooks": ".Hooks", "inline": ".Step", "templateRef": ".Step",
}

// builderField is the field of the builder that a path of the manifest comes
// from, as far as that is known.
func (c *check) builderField(spec *wfv1.WorkflowSpec, path string) string {
	m := templatePath.FindStringSubmatch(path)
	if m == nil {
		return "Base"
	}
	i, err := strconv.Atoi(m[1])
	if err != nil || i >= len(spec.Templates) {
		return "Base"
	}
	from, made := c.names[spec.Templates[i].Name]
	if !made {
		return at("Base.Templates", i)
	}
	if from == theDAG {
		from = ""
	}
	from = strings.TrimSuffix(from, ".Name")
	task := taskPath.FindStringSubmatch(m[2])
	switch {
	case task == nil:
		return from
	case from == "":
		return "Tasks" + task[1] + taskFields[task[2]]
	}
	return from + ".Step.Tasks" + task[1] + taskFields[task[2]]
}
