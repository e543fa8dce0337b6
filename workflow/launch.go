package workflow

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/internal/overlay"
	"github.com/millrace/millrace/internal/yaml"
)

// The labels by which Argo finds the runs of a template.
const (
	templateLabel        = "workflows.argoproj.io/workflow-template"
	clusterTemplateLabel = "workflows.argoproj.io/cluster-workflow-template"
)

// scheduledAnnotation is where Argo keeps, and finds, what ScheduledTime is.
const scheduledAnnotation = "workflows.argoproj.io/scheduled-time"

// artifactName is what the CRD of Argo 4 accepts.
var artifactName = regexp.MustCompile(`^[-a-zA-Z0-9_{}.]+$`)

// launch is what runs and with what: what Run and Cron have in common.
type launch struct {
	check     *check
	template  *Template
	from      TemplateRef
	inline    bool
	namespace string
	arguments map[string]string
	artifacts map[string]Location
	// settings are the user's own fields, base what they are laid over; baseAt
	// is where the user finds that: "Base", "Base.WorkflowSpec".
	settings *wfv1.WorkflowSpec
	base     *wfv1.WorkflowSpec
	baseAt   string

	// built is the template as it is rendered, and inner what is wrong with
	// it; nil without a Template.
	built *wfv1.WorkflowTemplate
	inner *check
}

// spec checks what runs and renders the spec of its runs. It is nil if there is
// nothing to run.
func (l *launch) spec() *wfv1.WorkflowSpec {
	c := l.check
	if !l.source() {
		return nil
	}
	l.settings.Arguments.Artifacts = l.places()
	if l.template != nil {
		l.built, l.inner = l.template.build()
		c.template = l.inner.template
		c.Nested("Template", l.inner.Err())
		l.settings.Arguments.Parameters = l.declared(l.built.Spec.Arguments.Parameters)
	} else {
		l.settings.Arguments.Parameters = l.unknown()
	}
	if !l.inline {
		l.settings.WorkflowTemplateRef = l.reference()
		if l.from.Template != "" {
			l.settings.Entrypoint = l.from.Template
		}
	}
	own := l.base.DeepCopy()
	for _, path := range overlay.Lay(own, l.settings) {
		c.Conflict(l.baseAt+"."+path, "it is set here and by a field of its own", "set it in one place")
	}
	if !l.inline {
		return own
	}
	// As Argo joins a run and its template: what the run says counts.
	whole := l.built.Spec.DeepCopy()
	overlay.Over(whole, own)
	return whole
}

// source checks that there is one thing to run, and says whether there is.
func (l *launch) source() bool {
	c := l.check
	set := l.from != TemplateRef{}
	switch {
	case l.template == nil && !set:
		c.Required("Template", "say which template runs, or name one of the cluster in From")
		return false
	case l.template != nil && set:
		c.Conflict("From", "the template is also given by Template", "set one of them")
	case l.template == nil:
		c.Name("From.Name", l.from.Name)
		if len(l.from.Name) > 63 {
			c.Invalid("From.Name", l.from.Name, "its runs have it as a label, of at most 63 characters", "rename the template")
		}
		if l.inline {
			c.Conflict("Inline", "a template of the cluster can only be referred to", "compose it as Template")
			l.inline = false
		}
	}
	c.Namespace("Namespace", l.namespace)
	if t := l.template; t != nil && !t.ClusterWide && l.namespace != "" && l.namespace != t.Namespace {
		c.Conflict("Namespace", fmt.Sprintf("the template is in the namespace %q, and Argo looks for it where the run is", t.Namespace), "leave it empty")
	}
	return true
}

// home is the namespace of the runs.
func (l *launch) home() string {
	if l.namespace == "" && l.template != nil && !l.template.ClusterWide {
		return l.template.Namespace
	}
	return l.namespace
}

// name is the name of the template.
func (l *launch) name() string {
	if l.template != nil {
		return l.template.Name
	}
	return l.from.Name
}

func (l *launch) clusterWide() bool {
	return l.template != nil && l.template.ClusterWide || l.from.ClusterWide
}

func (l *launch) reference() *wfv1.WorkflowTemplateRef {
	return &wfv1.WorkflowTemplateRef{Name: l.name(), ClusterScope: l.clusterWide()}
}

// declared renders the arguments in the order of the template's parameters,
// and checks that they are what the template asks for.
func (l *launch) declared(parameters []wfv1.Parameter) []wfv1.Parameter {
	c := l.check
	var out []wfv1.Parameter
	known := make(map[string]bool, len(parameters))
	for _, p := range parameters {
		known[p.Name] = true
		value, given := l.arguments[p.Name]
		field := "Arguments[" + p.Name + "]"
		switch {
		case given && len(p.Enum) > 0 && !slices.Contains(p.Enum, wfv1.AnyString(value)):
			c.Invalid(field, value, "the parameter allows other values only", fmt.Sprintf("use one of %q", p.Enum))
		case given:
			out = append(out, wfv1.Parameter{Name: p.Name, Value: new(wfv1.AnyString(value))})
		case p.Value == nil && p.ValueFrom == nil:
			c.Required(field, "give the run a value: the parameter has no default")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(l.arguments)) {
		if !known[name] {
			c.Add(ruleUnknown, "Arguments["+name+"]", "the template does not declare the parameter", "add it to Template.Parameters, or leave it out")
		}
	}
	return out
}

// unknown renders arguments for a template that is not composed, by their names.
func (l *launch) unknown() []wfv1.Parameter {
	var out []wfv1.Parameter
	for _, name := range slices.Sorted(maps.Keys(l.arguments)) {
		if !parameterName.MatchString(name) {
			l.check.Invalid("Arguments["+name+"]", name, "no parameter can have this name", "use letters, digits, '-' and '_'")
			continue
		}
		out = append(out, wfv1.Parameter{Name: name, Value: new(wfv1.AnyString(l.arguments[name]))})
	}
	return out
}

// places renders the artifacts that are given to the run.
func (l *launch) places() []wfv1.Artifact {
	c := l.check
	if c.template == nil {
		c.template = &Template{}
	}
	var out []wfv1.Artifact
	for _, name := range slices.Sorted(maps.Keys(l.artifacts)) {
		field := "Artifacts[" + name + "]"
		if !artifactName.MatchString(name) {
			c.Invalid(field, name, "no artifact can have this name", "use letters, digits, '-', '_' and '.'")
		}
		a := wfv1.Artifact{Name: name}
		if isNil(l.artifacts[name]) {
			c.Required(field, "say where the artifact lies")
			continue
		}
		l.artifacts[name].locate(c, field, &a)
		if a.From != "" {
			c.Unsupported(field, "before a run there is no task whose output it could be", "name a place of storage")
			continue
		}
		out = append(out, a)
	}
	return out
}

// scheduled reports whether what runs asks for ScheduledTime.
func (l *launch) scheduled() bool {
	if l.built == nil {
		return false
	}
	// A spec that can't be written is reported when the object is.
	text, _ := yaml.AppendJSON(nil, &l.built.Spec)
	return strings.Contains(string(text), string(ScheduledTime))
}

// labels are those of a run: the given ones, and what tells Argo's user
// interface the template, unless that is plain, or takes its place.
func (l *launch) labels(field string, given map[string]string) map[string]string {
	out := make(map[string]string)
	if l.inline {
		maps.Copy(out, l.template.Labels)
	}
	maps.Copy(out, given)
	plain := l.template != nil && l.template.Plain
	for _, key := range []string{templateLabel, clusterTemplateLabel} {
		value := ""
		if !l.inline && l.clusterWide() == (key == clusterTemplateLabel) {
			value = l.name()
		}
		if own, ok := given[key]; ok && own != value {
			l.check.Conflict(field+"["+key+"]", "Argo finds the runs of a template by it", "leave it out")
		}
		if value != "" && !plain {
			out[key] = value
		}
	}
	return out
}
