package workflow

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
)

const (
	// defaultTimeZone: the zone of a controller is nobody's decision, and
	// changes with its image or node. Source: Argo Workflows, cron-workflows
	// ("machine timezone").
	defaultTimeZone = "Etc/UTC"
	// defaultConcurrency: two runs of one pipeline write to the same tables.
	// Argo's own default is to let them.
	defaultConcurrency = ForbidConcurrent
	// defaultStartingDeadline: a controller that was restarted, drained with
	// its node or upgraded is back within it. Argo's own default is to leave
	// out what was due meanwhile. Source: Argo Workflows, cron-workflows
	// ("crash recovery").
	defaultStartingDeadline = time.Hour
	// defaultKeepSucceeded is Argo's own: the last runs, to compare with.
	defaultKeepSucceeded = 3
	// defaultKeepFailed: as many as a daily schedule fails within
	// defaultFailureTTL. Of Argo's own default, 1, the failure that began a
	// row is gone when somebody looks.
	defaultKeepFailed = 7
)

// CronWorkflow checks the Cron and returns what it makes, as Argo's own type.
// The error is a *millrace.BuildError with every mistake.
func (n *Cron) CronWorkflow() (*wfv1.CronWorkflow, error) {
	c := newCheck(nil)
	c.Object = millrace.Ref{Kind: "workflow.Cron"}
	if n == nil {
		c.Required("", "the Cron is nil")
		return nil, c.Err()
	}
	l := &launch{
		check: c, template: n.Template, from: n.From, inline: n.Inline, namespace: n.Namespace,
		arguments: n.Arguments, artifacts: n.Artifacts,
		settings: &wfv1.WorkflowSpec{}, base: &n.Base.WorkflowSpec, baseAt: "Base.WorkflowSpec",
	}
	c.Object.Name, c.Object.Namespace = n.Name, l.home()
	n.head(c)
	run := l.spec()
	if run == nil {
		return nil, c.Err()
	}
	n.checkRuns(l)
	spec := n.Base.DeepCopy()
	spec.WorkflowSpec = wfv1.WorkflowSpec{}
	for _, path := range overlay.Lay(spec, n.fields(l)) {
		c.Conflict("Base."+path, "it is set here and by a field of its own", "set it in one place")
	}
	if n.Template == nil || !n.Template.Plain {
		overlay.Fill(spec, cronDefaults())
	}
	spec.WorkflowSpec = *run
	n.schedules(c, spec.Schedules)
	if err := c.Err(); err != nil {
		return nil, err
	}
	out := &wfv1.CronWorkflow{
		TypeMeta: metav1.TypeMeta{APIVersion: apiVersion, Kind: "CronWorkflow"},
		ObjectMeta: metav1.ObjectMeta{
			Name: n.Name, Namespace: l.home(),
			Labels: maps.Clone(n.Labels), Annotations: maps.Clone(n.Annotations),
		},
		Spec: *spec,
	}
	if c.refusedLaunch(out); c.Err() != nil {
		return nil, c.Err()
	}
	return out, nil
}

// cronDefaults are the settings that are filled in below what the user sets.
func cronDefaults() *wfv1.CronWorkflowSpec {
	return &wfv1.CronWorkflowSpec{
		Timezone:                   defaultTimeZone,
		ConcurrencyPolicy:          wfv1.ConcurrencyPolicy(defaultConcurrency),
		StartingDeadlineSeconds:    new(int64(defaultStartingDeadline / time.Second)),
		SuccessfulJobsHistoryLimit: new(int32(defaultKeepSucceeded)),
		FailedJobsHistoryLimit:     new(int32(defaultKeepFailed)),
	}
}

// zoneName is what the names of the tz database look like.
var zoneName = regexp.MustCompile(`^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$`)

// head checks what is not about the runs.
func (n *Cron) head(c *check) {
	c.LabelName("Name", n.Name)
	if len(n.Name) > maxTemplateName && len(n.Name) <= 63 {
		c.Invalid("Name", n.Name, fmt.Sprintf("%d characters, and the names of its runs add %d of at most 63", len(n.Name), runSuffix),
			fmt.Sprintf("use at most %d characters", maxTemplateName))
	}
	c.Labels("Labels", n.Labels)
	c.Annotations("Annotations", n.Annotations)
	c.Labels("RunLabels", n.RunLabels)
	c.Annotations("RunAnnotations", n.RunAnnotations)
	checkZone("TimeZone", n.TimeZone, c)
	checkZone("Base.Timezone", n.Base.Timezone, c)
	checkPolicy("Concurrency", n.Concurrency, c)
	checkPolicy("Base.ConcurrencyPolicy", Concurrency(n.Base.ConcurrencyPolicy), c)
	c.seconds("StartingDeadline", n.StartingDeadline)
	checkKeep("KeepSucceeded", n.KeepSucceeded, c)
	checkKeep("KeepFailed", n.KeepFailed, c)
	if s := n.Base.StartingDeadlineSeconds; s != nil && *s < 0 {
		c.Invalid("Base.StartingDeadlineSeconds", *s, "a time can't be negative", "use 0 to make up for no run")
	}
	if n.Base.Schedule != "" {
		c.Unsupported("Base.Schedule", "Argo 4 drops it, and then never starts a run", "use Schedules")
	}
	n.conditions(c)
}

func checkZone(field, name string, c *check) {
	if name != "" && (name == "Local" || !zoneName.MatchString(name)) {
		c.Invalid(field, name, "no name of a time zone", `use one of the tz database, such as "Europe/Berlin"`)
	}
}

func checkPolicy(field string, p Concurrency, c *check) {
	if p != "" && p != ForbidConcurrent && p != ReplaceConcurrent && p != AllowConcurrent {
		c.Invalid(field, string(p), "Argo knows no such policy", "use Forbid, Replace or Allow")
	}
}

func checkKeep(field string, runs *int, c *check) {
	if runs != nil && (*runs < 0 || *runs > math.MaxInt32) {
		c.Invalid(field, *runs, "it is the number of runs that are kept", "use new(0) for none")
	}
}

// conditions checks the forms of When and Stop.
func (n *Cron) conditions(c *check) {
	n.When.mistakes(c, "When")
	n.Stop.mistakes(c, "Stop")
	if text := n.When.text(); !inBraces(n.When) && strings.Contains(text, "}}") {
		c.Invalid("When", text, "Argo would take the braces for the end of the expression", "put a space between them")
	}
	if text := n.Stop.text(); strings.Contains(text, "{{") {
		c.Invalid("Stop", text, "Argo substitutes nothing in it", "write the expression without {{ }}")
	}
}

// inBraces reports whether a condition is given in the form that the field has in
// the end.
func inBraces(e Expression) bool { return strings.Contains(e.text(), "{{=") }

// when renders the condition of a Cron. Its variables are numbers and times,
// which Argo only substitutes in expressions: {{cronworkflow.failed}} is an
// error. What stands in {{=…}} is read as the inside of a JSON string, so that
// quotes have to be escaped.
// Source: Argo Workflows v3.7.14 workflow/cron/operator.go (evalWhen),
// util/template.
func (n *Cron) when() string {
	if n.When.none() || inBraces(n.When) {
		return n.When.when()
	}
	var quoted strings.Builder
	e := json.NewEncoder(&quoted)
	e.SetEscapeHTML(false)
	_ = e.Encode(n.When.text()) // a string can always be written
	return "{{= " + strings.Trim(quoted.String(), "\n")[1:quoted.Len()-2] + " }}"
}

// fields are the settings that the user's own fields stand for.
func (n *Cron) fields(l *launch) *wfv1.CronWorkflowSpec {
	out := &wfv1.CronWorkflowSpec{
		Schedules:         slices.Clone(n.Schedules),
		Timezone:          n.TimeZone,
		ConcurrencyPolicy: wfv1.ConcurrencyPolicy(n.Concurrency),
		Suspend:           n.Suspended,
		When:              n.when(),
	}
	if n.StartingDeadline > 0 {
		out.StartingDeadlineSeconds = new(int64(n.StartingDeadline / time.Second))
	}
	if n.KeepSucceeded != nil {
		out.SuccessfulJobsHistoryLimit = new(int32(*n.KeepSucceeded))
	}
	if n.KeepFailed != nil {
		out.FailedJobsHistoryLimit = new(int32(*n.KeepFailed))
	}
	if !n.Stop.none() {
		out.StopStrategy = &wfv1.StopStrategy{Expression: n.Stop.text()}
	}
	meta := &metav1.ObjectMeta{Labels: l.labels("RunLabels", n.RunLabels)}
	if l.inline && len(l.template.Annotations) > 0 {
		meta.Annotations = maps.Clone(l.template.Annotations)
	}
	for key, value := range n.RunAnnotations {
		put(&meta.Annotations, key, value)
	}
	if len(meta.Labels)+len(meta.Annotations) > 0 {
		out.WorkflowMetadata = meta
	}
	return out
}

// inValue finds variables in the value of an argument.
var inValue = regexp.MustCompile(`\{\{[^}]*(workflow\.scheduledTime|cronworkflow\.)`)

// checkRuns checks what only the runs of a schedule have.
func (n *Cron) checkRuns(l *launch) {
	c := l.check
	if _, ok := n.RunAnnotations[scheduledAnnotation]; ok {
		c.Conflict("RunAnnotations["+scheduledAnnotation+"]", "Argo writes the time of each run there", "leave it out")
	}
	if l.template == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(n.Arguments)) {
		if inValue.MatchString(n.Arguments[name]) {
			c.Unsupported("Arguments["+name+"]", "references in values are not evaluated, so that jobs would get its text", "put ScheduledTime.Ref() into the texts of the template's tasks, in the place of the parameter")
		}
	}
	if len(n.Name) <= maxTemplateName {
		c.budgets = l.inner.budgets
		c.fitNames("Template.", len(n.Name)+runSuffix, "the names of the runs have", "Cron")
	}
}
