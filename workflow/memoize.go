package workflow

import (
	"regexp"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
)

// Memoize keeps the outputs of a step in a ConfigMap. Where they are kept
// already, the step doesn't run, and its outputs are those.
//
// Argo's controller needs the rights to get, create and update ConfigMaps in
// the namespace. One that exists must have the label
// "workflows.argoproj.io/configmap-type: Cache". All that it keeps has room in
// 1 MiB.
//
// Source: Argo Workflows, memoization.
type Memoize struct {
	// Key is what the outputs are kept under: letters, digits and '-'. It is
	// made of references to all that the outputs depend on. Required.
	//
	// Rendered as memoize.key.
	Key string
	// ConfigMap is what they are kept in. Argo makes it. Required.
	//
	// Rendered as memoize.cache.configMap.name. The key beside it, which the
	// CRDs require, stays empty: no version of Argo reads it.
	ConfigMap string
	// MaxAge is how old they may be; older ones are made anew. Zero means that
	// they are good for ever. Whole seconds.
	//
	// Rendered as memoize.maxAge.
	MaxAge time.Duration
}

// cacheKey is what Argo takes for a key.
// Source: Argo Workflows v3.7.14 workflow/controller/cache/cache.go.
var cacheKey = regexp.MustCompile(`^[a-zA-Z0-9][-a-zA-Z0-9]*$`)

func (m *Memoize) render(c *check, field string) *wfv1.Memoize {
	switch {
	case m.Key == "":
		c.Required(field+".Key", "refer to what the outputs depend on")
	case !refers(m.Key) && !cacheKey.MatchString(m.Key):
		c.Invalid(field+".Key", m.Key, "Argo can't keep anything under it", "use letters, digits and '-', with a letter or digit at the start")
	}
	if m.ConfigMap == "" {
		c.Required(field+".ConfigMap", "name the ConfigMap that the outputs are kept in")
	}
	c.objectName(field+".ConfigMap", m.ConfigMap)
	c.seconds(field+".MaxAge", m.MaxAge)
	out := &wfv1.Memoize{Key: m.Key, Cache: &wfv1.Cache{ConfigMap: &corev1.ConfigMapKeySelector{
		LocalObjectReference: corev1.LocalObjectReference{Name: m.ConfigMap},
	}}}
	if m.MaxAge > 0 {
		out.MaxAge = orDefault(m.MaxAge, 0)
	}
	return out
}
