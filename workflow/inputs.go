package workflow

import (
	"slices"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
)

// Input is a parameter of a Definition, which each task that uses it gives a
// value.
type Input struct {
	// Name is the parameter's name: letters, digits, '-' and '_', at most 128 of
	// them; unique among the inputs. Required.
	//
	// Rendered as name.
	Name string
	// Default is the value for tasks that give none; nil means that each must.
	//
	// Rendered as default; beside From as valueFrom.default, for a key that is
	// not there.
	Default *string
	// Enum lists the values that Argo's user interface offers. Empty allows
	// all.
	//
	// Rendered as enum.
	Enum []string
	// Description is shown by Argo's user interface. Empty means none.
	//
	// Rendered as description.
	Description string
	// From is a value in a ConfigMap of the run's namespace, for tasks that
	// give none. Zero means none.
	//
	// Rendered as valueFrom.configMapKeyRef.
	From ConfigMapKey
	// Base holds what has no field of its own here. What both set is a mistake.
	Base wfv1.Parameter
}

// ConfigMapKey names one value in a ConfigMap of the run's namespace.
type ConfigMapKey struct {
	// Name is the name of the ConfigMap, Key that of the value in it.
	Name, Key string
}

// valueFrom renders the key, and what counts where it is not there.
func (k ConfigMapKey) valueFrom(otherwise *string) *wfv1.ValueFrom {
	if k == (ConfigMapKey{}) {
		return nil
	}
	return &wfv1.ValueFrom{
		ConfigMapKeyRef: &corev1.ConfigMapKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: k.Name}, Key: k.Key},
		Default:         anyString(otherwise),
	}
}

// Variable is the input inside of the definition.
func (i Input) Variable() Variable { return Variable("inputs.parameters." + i.Name) }

// Ref is short for Variable().Ref().
func (i Input) Ref() string { return i.Variable().Ref() }

// render renders one input parameter.
func (i Input) render(c *check, field string) wfv1.Parameter {
	fields := described(i.Name, i.Enum, i.Description)
	if fields.ValueFrom = i.From.valueFrom(i.Default); fields.ValueFrom != nil {
		c.keyOf(field+".From", i.From.Name, i.From.Key, "ConfigMap")
	} else {
		fields.Default = anyString(i.Default)
	}
	out := joined(c, field, &i.Base, fields)
	if out.GlobalName != "" {
		c.Unsupported(field+".Base.GlobalName", "only outputs have one", "leave it out")
	}
	value := out.Default
	if out.Value != nil {
		value = out.Value
	}
	c.allowed(field+".Default", value, out.Enum)
	return *out
}

// described renders what input and output parameters have in common.
func described(name string, enum []string, description string) *wfv1.Parameter {
	out := Parameter{Name: name, Enum: enum, Description: description}.render()
	return &out
}

func anyString(s *string) *wfv1.AnyString {
	if s == nil {
		return nil
	}
	return new(wfv1.AnyString(*s))
}

// allowed reports a value that is not one of those that are allowed.
func (c *check) allowed(field string, value *wfv1.AnyString, enum []wfv1.AnyString) {
	if value != nil && len(enum) > 0 && !slices.Contains(enum, *value) {
		c.Invalid(field, string(*value), "it is not in Enum", "add it there, or choose another one")
	}
}

// Inputs is what a Definition takes.
type Inputs struct {
	// Parameters are the values that it takes. Nil means none.
	//
	// Rendered as inputs.parameters.
	Parameters []Input
	// Artifacts are the files that it takes. Nil means none.
	//
	// Rendered as inputs.artifacts.
	Artifacts []Artifact
}

// render adds the inputs to a template.
func (in Inputs) render(c *check, field string, t *wfv1.Template) {
	seen := make(map[string]bool)
	for i, p := range in.Parameters {
		field := at(field+".Parameters", i)
		c.ioName(field, p.Name, "input", seen)
		t.Inputs.Parameters = append(t.Inputs.Parameters, p.render(c, field))
	}
	seen = make(map[string]bool)
	for i, a := range in.Artifacts {
		field := at(field+".Artifacts", i)
		c.ioName(field, a.Name, "artifact", seen)
		t.Inputs.Artifacts = append(t.Inputs.Artifacts, a.declared(c, field))
	}
}

// artifact is the input artifact of that name, or one that nothing is known
// about.
func (in Inputs) artifact(name string) Artifact {
	for _, a := range in.Artifacts {
		if a.Name == name {
			return a
		}
	}
	return Artifact{Name: name}
}

// declared renders an input of a definition.
func (a Artifact) declared(c *check, field string) wfv1.Artifact {
	out := a.render(c, field)
	if moved(&out) {
		c.Unsupported(field+".From", "a definition does not know the artifacts of the tasks that use it", "give it to the task, in Artifacts")
	}
	c.inputOnly(field, &out)
	return out
}

// input renders an input of a task's own step: what its template declares, and
// what the task gives to it, which is nil where the template says all.
func (a Artifact) input(c *check, field string) (declared wfv1.Artifact, argument *wfv1.Artifact) {
	out := a.render(c, field)
	c.inputOnly(field, &out)
	if !moved(&out) {
		if len(places(&out)) == 0 {
			c.Required(field+".From", "say where the artifact comes from")
		}
		return out, nil
	}
	declared = wfv1.Artifact{Name: out.Name, Path: out.Path, Mode: out.Mode, RecurseMode: out.RecurseMode, Optional: out.Optional}
	// An argument takes the place of all but the path and mode.
	out.Path, out.Mode, out.RecurseMode = "", nil, false
	return declared, &out
}

// argument renders what a task gives to an input that a definition declares.
// It takes over what would be lost: Argo puts the argument in the place of the
// declaration, but for its path and mode.
func (a Artifact) argument(c *check, field string, from Location) *wfv1.Artifact {
	out := &wfv1.Artifact{Name: a.Name, Optional: a.Optional || a.Base.Optional}
	if isNil(from) {
		c.Required(field, "say where the artifact comes from, or leave it out")
		return out
	}
	from.locate(c, field, out)
	if !moved(out) && !isNil(a.Archive) {
		var once check // what is wrong with it is reported where it is declared
		out.Archive = a.Archive.archive(&once, field)
	}
	return out
}

// inputOnly reports what says nothing about an input.
func (c *check) inputOnly(field string, out *wfv1.Artifact) {
	const fix = "set it at the task that puts the artifact out"
	if out.GlobalName != "" {
		c.Unsupported(field+".Global", "only outputs have one", fix)
	}
	if out.ArtifactGC != nil {
		c.Unsupported(field+".Delete", "Argo deletes outputs only", fix)
	}
}
