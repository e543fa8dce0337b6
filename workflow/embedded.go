package workflow

import (
	"errors"
	"fmt"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
)

// EmbeddedManifest is a manifest inside a workflow: what a resource template
// creates, changes or reads.
type EmbeddedManifest struct {
	// Path is where it stands: "spec.templates[2].resource.manifest".
	Path string
	// Action is what is done with it: "apply", "create", "patch".
	Action string
	// JSON is the manifest. References and expressions, {{…}}, stand in it as
	// plain strings or inside of strings. Nil if Err is set.
	JSON []byte
	// Err says why the manifest can't be read.
	Err error
}

// Embedded returns the manifests inside a Workflow, WorkflowTemplate,
// ClusterWorkflowTemplate or CronWorkflow, in their order, and nothing for any
// other object. It reads those of Template as well as hand-written ones.
func Embedded(o millrace.Object) []EmbeddedManifest {
	w, ok := specOf(o)
	if !ok {
		return nil
	}
	var out []EmbeddedManifest
	w.templates(func(path string, t *wfv1.Template) {
		if t.Resource == nil || t.Resource.Manifest == "" {
			return
		}
		text, err := readManifest(t.Resource.Manifest)
		out = append(out, EmbeddedManifest{Path: path + ".resource.manifest", Action: t.Resource.Action, JSON: text, Err: err})
	})
	return out
}

// Makes reports whether the task creates the object, and doesn't read, change
// or delete one that is there.
func (m EmbeddedManifest) Makes() bool { return m.Action == "create" || m.Action == "apply" }

// readManifest reads one YAML or JSON document with references in it.
func readManifest(text string) ([]byte, error) {
	marked, tags := markTags(text)
	if err := single(marked); err != nil {
		return nil, err
	}
	out, err := sigsyaml.YAMLToJSONStrict([]byte(marked))
	if err != nil {
		return nil, fmt.Errorf("read manifest: %w", err)
	}
	if string(out) == "null" {
		return nil, errors.New("read manifest: it is empty")
	}
	return []byte(strings.NewReplacer(tags...).Replace(string(out))), nil
}

// markTags puts a word in the place of every {{…}}, which YAML would take for
// a map of maps where it stands without quotes. The words are ones that the
// text does not hold; tags lists each with the tag as JSON has it in a string.
func markTags(text string) (marked string, tags []string) {
	prefix := "MILLRACE"
	for strings.Contains(text, prefix) {
		prefix += "X"
	}
	var b strings.Builder
	for {
		start := strings.Index(text, "{{")
		if start < 0 {
			break
		}
		end := strings.Index(text[start:], "}}")
		if end < 0 {
			break
		}
		end += start + len("}}")
		mark := fmt.Sprintf("%s%dZ", prefix, len(tags))
		tags = append(tags, mark, jsonText(text[start:end]))
		b.WriteString(text[:start])
		b.WriteString(mark)
		text = text[end:]
	}
	b.WriteString(text)
	return b.String(), tags
}

// single refuses texts of several documents: Argo applies the whole file, but
// waits for one object.
func single(text string) error {
	documents, content := 0, false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if line == "---" || strings.HasPrefix(line, "--- ") {
			if content {
				documents++
			}
			content = false
			continue
		}
		if trimmed := strings.TrimSpace(line); trimmed != "" && !strings.HasPrefix(trimmed, "#") {
			content = true
		}
	}
	if content {
		documents++
	}
	if documents > 1 {
		return fmt.Errorf("read manifest: it holds %d documents, and a task waits for one object", documents)
	}
	return nil
}

// spec is the workflow that an object holds.
type spec struct {
	*wfv1.WorkflowSpec
	// path is where it stands in the object.
	path string
	// namespace is where it runs; empty if that is not known.
	namespace string
}

// specOf returns the workflow that an object of Argo's kinds holds.
func specOf(o millrace.Object) (spec, bool) {
	if isNil(o) {
		return spec{}, false
	}
	switch o := o.(type) {
	case *wfv1.Workflow:
		return spec{&o.Spec, "spec", o.Namespace}, true
	case *wfv1.WorkflowTemplate:
		return spec{&o.Spec, "spec", o.Namespace}, true
	case *wfv1.ClusterWorkflowTemplate:
		return spec{&o.Spec, "spec", ""}, true
	case *wfv1.CronWorkflow:
		return spec{&o.Spec.WorkflowSpec, "spec.workflowSpec", o.Namespace}, true
	}
	return spec{}, false
}

// templates calls visit for every template: listed, inline in tasks and
// steps, and the defaults, which are one too.
func (s spec) templates(visit func(path string, t *wfv1.Template)) {
	for i := range s.Templates {
		walkTemplate(at(s.path+".templates", i), &s.Templates[i], 0, visit)
	}
	if s.TemplateDefaults != nil {
		visit(s.path+".templateDefaults", s.TemplateDefaults)
	}
}

// maxInline: Argo allows one level of inline templates.
const maxInline = 2

func walkTemplate(path string, t *wfv1.Template, depth int, visit func(string, *wfv1.Template)) {
	visit(path, t)
	if depth == maxInline {
		return
	}
	if t.DAG != nil {
		for i := range t.DAG.Tasks {
			if inline := t.DAG.Tasks[i].Inline; inline != nil {
				walkTemplate(at(path+".dag.tasks", i)+".inline", inline, depth+1, visit)
			}
		}
	}
	for i := range t.Steps {
		for j := range t.Steps[i].Steps {
			if inline := t.Steps[i].Steps[j].Inline; inline != nil {
				walkTemplate(at(at(path+".steps", i), j)+".inline", inline, depth+1, visit)
			}
		}
	}
}
