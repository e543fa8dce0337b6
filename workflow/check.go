package workflow

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/argo"
)

// The rules of a build, as the findings of this package name them.
const (
	ruleInvalid     = millrace.RuleInvalid
	ruleUnknown     = millrace.RuleUnknown
	ruleUnsupported = millrace.RuleUnsupported
)

// check is one build of a template: the mistakes so far, and what its parts
// have to know of each other.
type check struct {
	millrace.Problems
	template   *Template
	parameters map[string]bool
	// kinds are the kinds of the created resources, in the order of the tasks.
	kinds []createdKind
	// budgets are the tasks that create objects, with what their names take.
	budgets []nameBudget
	// made are the templates, in their order; names tells where the name of
	// each comes from.
	made  []*wfv1.Template
	names map[string]string
	// twice are the names of tasks that are reported as those of others.
	twice map[string]bool
	// definitions are those that were met, and listed the tasks.
	definitions map[*Definition]bool
	listed      map[*Task]string
	// inside is the template whose step is being rendered, and reading the
	// field whose text is.
	inside  *scope
	reading string
	// placedOn are the pools that pods are placed on, as they were met.
	placedOn []millrace.NodeShape
}

// nameBudget is how long the name may be that a task gives to its object.
type nameBudget struct {
	field, task string
	kind, name  string
	// most is the limit, more what is added to the name.
	most, more int
}

// newCheck begins the build of a template.
func newCheck(t *Template) *check {
	return &check{template: t, names: make(map[string]string), twice: make(map[string]bool), definitions: make(map[*Definition]bool), listed: make(map[*Task]string)}
}

// reserve takes a name for a template, and a place for it in the manifest.
func (c *check) reserve(name, field string) (slot int) {
	c.named(name, field)
	c.made = append(c.made, nil)
	return len(c.made) - 1
}

// named takes a name.
func (c *check) named(name, field string) {
	if first, ok := c.names[name]; ok && name != "" {
		if c.twice[field] {
			return
		}
		c.Add(millrace.RuleDuplicate, field, fmt.Sprintf("the template %q is there already, for %s", name, first), "use another name")
	} else {
		c.names[name] = field
	}
}

// fill puts a template in its place.
func (c *check) fill(slot int, t wfv1.Template) { c.made[slot] = &t }

// parameterName is what both Argo's validation and its CRD accept.
var parameterName = regexp.MustCompile(`^[-a-zA-Z0-9_]+$`)

// head checks what is not about tasks.
func (c *check) head() {
	t := c.template
	c.LabelName("Name", t.Name)
	if len(t.Name) > maxTemplateName && len(t.Name) <= 63 {
		c.Invalid("Name", t.Name, fmt.Sprintf("%d characters, and the names of its runs add up to %d of at most 63", len(t.Name), runSuffix),
			fmt.Sprintf("use at most %d characters", maxTemplateName))
	}
	c.Namespace("Namespace", t.Namespace)
	if t.ClusterWide && t.Namespace != "" {
		c.Conflict("ClusterWide", "a ClusterWorkflowTemplate is in no namespace", "leave Namespace out")
	}
	c.Labels("Labels", t.Labels)
	c.Annotations("Annotations", t.Annotations)
	switch {
	case t.Plain && t.ServiceAccount == "":
	case t.ServiceAccount == "" && t.Base.ServiceAccountName == "":
		c.Required("ServiceAccount", "name the service account that may create what the tasks create")
	case !t.Plain && (t.ServiceAccount == "default" || t.Base.ServiceAccountName == "default"):
		c.Invalid("ServiceAccount", "default", "every pod of the namespace shares its rights", "make one for the pipeline")
	case t.ServiceAccount != "":
		c.Name("ServiceAccount", t.ServiceAccount)
	}
	if t.Parallelism < 0 || int64(t.Parallelism) > math.MaxInt32 {
		c.Invalid("Parallelism", t.Parallelism, "it is the number of pods at a time", "leave it zero for no limit")
	}
	if t.PriorityClass != "" {
		c.Name("PriorityClass", t.PriorityClass)
	}
	c.placement("Placement", t.Placement)
	c.seconds("Deadline", t.Deadline)
	c.seconds("TTL.Success", t.TTL.Success)
	c.seconds("TTL.Failure", t.TTL.Failure)
	c.checkRetry("Retry", t.Retry)
}

// seconds checks a duration that the manifest holds in whole seconds.
func (c *check) seconds(field string, d time.Duration) {
	switch {
	case d < 0:
		c.Invalid(field, d, "a time can't be negative", "leave it zero for the default")
	case d%time.Second != 0:
		c.Invalid(field, d, "Argo counts in whole seconds", "round it")
	case d/time.Second > math.MaxInt32:
		c.Invalid(field, d, "it is longer than 68 years", "shorten it")
	}
}

// declare checks the parameters and takes down their names.
func (c *check) declare() {
	c.parameters = make(map[string]bool)
	for _, p := range c.template.Base.Arguments.Parameters {
		c.parameters[p.Name] = true
	}
	seen := make(map[string]bool)
	for i, p := range c.template.Parameters {
		field := at("Parameters", i)
		switch {
		case p.Name == "":
			c.Required(field+".Name", "name the parameter")
		case !parameterName.MatchString(p.Name):
			c.Invalid(field+".Name", p.Name, "Argo can't refer to it", "use letters, digits, '-' and '_'")
		case seen[p.Name]:
			c.Add(millrace.RuleDuplicate, field+".Name", fmt.Sprintf("another parameter is called %q", p.Name), "rename one of them")
		}
		seen[p.Name], c.parameters[p.Name] = true, true
		if p.From != (ConfigMapKey{}) {
			c.keyOf(field+".From", p.From.Name, p.From.Key, "ConfigMap")
		}
		if p.Default != nil && len(p.Enum) > 0 && !slices.Contains(p.Enum, *p.Default) {
			c.Invalid(field+".Default", *p.Default, "it is not in Enum", "add it there, or choose another one")
		}
	}
}

// removedFields are the settings of a Base that Argo 4 has no more: its CRDs
// drop them without a word, so that nothing is locked.
func (c *check) removedFields() {
	base := &c.template.Base
	c.oldLocks("Base", base.Synchronization)
	for i, t := range base.Templates {
		c.oldLocks(at("Base.Templates", i), t.Synchronization)
	}
}

func (c *check) oldLocks(field string, s *wfv1.Synchronization) {
	if s == nil {
		return
	}
	if s.Mutex != nil {
		c.Unsupported(field+".Synchronization.Mutex", "Argo 4 drops it", "use Mutexes")
	}
	if s.Semaphore != nil {
		c.Unsupported(field+".Synchronization.Semaphore", "Argo 4 drops it", "use Semaphores")
	}
}

// oneKind checks that no template became two by being joined with that of Base.
// Those of Base come first.
func (c *check) oneKind(spec *wfv1.WorkflowSpec) {
	for i := range c.template.Base.Templates {
		t := &spec.Templates[i]
		if kinds := kindsOf(t); kinds > 1 {
			c.Conflict(at("Base.Templates", i), fmt.Sprintf("with what is rendered for it, the template %q has %d kinds of work", t.Name, kinds), "give it another name, or leave the work to the task")
		}
	}
}

// limits checks what a run can hold.
func (c *check) limits(spec *wfv1.WorkflowSpec) {
	if length := argo.Length(spec, maxSpec); length > maxSpec {
		c.Invalid("Tasks", len(c.template.Tasks), fmt.Sprintf("the template is %d bytes long, and Argo ends runs as errors that, with what it notes about their tasks, are longer than 1 MiB", length),
			"share steps in Definitions, split the pipeline into two templates, or move the largest texts to a ConfigMap")
	}
}

// at writes the index of a list's item.
func at(field string, i int) string {
	return fmt.Sprintf("%s[%d]", field, i)
}
