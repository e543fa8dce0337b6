package workflow

import (
	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/internal/yaml"
)

// Plugin is a step that an executor plugin of the cluster carries out.
//
// Rendered as a template with plugin.
type Plugin struct {
	// Name is the key by which the plugin knows its steps. Required.
	Name string
	// Config is what it is told: a map, or any other value that JSON can hold.
	// Nil means an empty map.
	Config any
}

// template implements Step.
func (s Plugin) template(c *check, field string, t *wfv1.Template) {
	if s.Name == "" {
		c.Required(field+".Name", "name the plugin")
	}
	config := s.Config
	if isNil(config) {
		config = map[string]any{}
	}
	text, err := yaml.AppendJSON(nil, map[string]any{s.Name: config})
	if err != nil {
		c.Add(ruleInvalid, field+".Config", err.Error(), "correct the value")
		text = []byte("{}")
	}
	t.Plugin = &wfv1.Plugin{Object: wfv1.Object{Value: text}}
}
