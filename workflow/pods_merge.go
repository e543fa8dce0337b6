package workflow

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/internal/argo"
	"github.com/millrace/millrace/internal/overlay"
)

// merge lays the workflow's templateDefaults under the template, as far as they
// are for templates of its type.
// Source: Argo Workflows v3.7.14, workflow/controller/operator.go,
// mergedTemplateDefaultsInto.
func (m *podMaker) merge() {
	if m.TemplateDefaults == nil {
		return
	}
	t, d := m.template.DeepCopy(), m.TemplateDefaults.DeepCopy()
	d.Name, d.Steps, d.DAG, d.Suspend, d.HTTP, d.Plugin = "", nil, nil, nil, nil, nil
	if t.Container == nil {
		d.Container = nil
	}
	if t.Script == nil {
		d.Script = nil
	}
	if t.ContainerSet == nil {
		d.ContainerSet = nil
	}
	if t.Resource == nil {
		d.Resource = nil
	}
	if t.Data == nil {
		d.Data = nil
	}
	m.template, m.defaults = t, overlay.Under(t, d)
}

// placeDefaults turns the fields of what came from the defaults to them.
func (m *podMaker) placeDefaults() {
	from := m.path + ".templateDefaults."
	placed := make(map[string]string)
	for to, origin := range m.defaults {
		for inPod, field := range m.pod.Fields {
			inTemplate, ok := under(field, m.at)
			if !ok || inTemplate == "" {
				continue
			}
			inTemplate = inTemplate[1:]
			if rest, ok := under(to, inTemplate); ok {
				placed[inPod+rest] = from + origin
			} else if rest, ok := under(inTemplate, to); ok {
				placed[inPod] = from + origin + rest
			}
		}
	}
	maps.Copy(m.pod.Fields, placed)
}

// under reports whether a path is another or below it, and what is left of it.
func under(path, outer string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(path, outer)
	return rest, ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// patch lays the podSpecPatches of the workflow and the template over the pod.
// Texts that are no patch are for the rules to report.
func (m *podMaker) patch() {
	m.lay(m.PodSpecPatch, m.path+".podSpecPatch")
	from := m.at + ".podSpecPatch"
	if m.defaults["podSpecPatch"] != "" {
		from = m.path + ".templateDefaults.podSpecPatch"
	}
	m.lay(m.template.PodSpecPatch, from)
}

func (m *podMaker) lay(text, from string) {
	// Its directives, such as $patch, are about what Argo adds as a rule.
	if text == "" || strings.Contains(text, "$patch") || strings.Contains(text, "$retainKeys") {
		return
	}
	patch, ok := readPatch(text)
	if !ok {
		return
	}
	m.pod.Template.Spec = *m.pod.Template.Spec.DeepCopy() // not the object's own memory
	for to, origin := range overlay.Over(&m.pod.Template.Spec, patch) {
		m.from("spec."+to, from+"."+origin)
	}
}

// readPatch reads a patch of a pod's spec, without what the workflow fills in
// and without Argo's own containers, which the pod doesn't list.
func readPatch(text string) (*corev1.PodSpec, bool) {
	data, err := argo.ReadManifest(text)
	if err != nil {
		return nil, false
	}
	out := new(corev1.PodSpec)
	if json.Unmarshal(data, out) != nil {
		var tree any
		if json.Unmarshal(data, &tree) != nil {
			return nil, false
		}
		if data, err = json.Marshal(literal(tree)); err != nil {
			return nil, false
		}
		out = new(corev1.PodSpec)
		if json.Unmarshal(data, out) != nil {
			return nil, false
		}
	}
	argos := func(c corev1.Container) bool { return c.Name == "wait" || c.Name == "init" }
	out.Containers = slices.DeleteFunc(out.Containers, argos)
	out.InitContainers = slices.DeleteFunc(out.InitContainers, argos)
	return out, true
}

// literal returns a value without the texts in maps that a workflow fills in.
func literal(v any) any {
	switch v := v.(type) {
	case map[string]any:
		maps.DeleteFunc(v, func(_ string, value any) bool {
			text, ok := value.(string)
			return ok && strings.Contains(text, "{{")
		})
		for key := range v {
			v[key] = literal(v[key])
		}
	case []any:
		for i := range v {
			v[i] = literal(v[i])
		}
	}
	return v
}
