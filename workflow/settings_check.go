package workflow

import (
	"fmt"
	"maps"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// refers reports whether a text holds references, so that only the run knows
// what it will be.
func refers(s string) bool { return strings.Contains(s, "{{") }

// objectName checks the name of an object, which may be a reference. Empty is
// left to the caller.
func (c *check) objectName(field, name string) {
	if name != "" && !refers(name) {
		c.Name(field, name)
	}
}

// account checks the name of a service account, which may be empty.
func (c *check) account(field, name string) {
	if name == "default" {
		c.Invalid(field, name, "every pod of the namespace shares its rights", "make one for the pipeline")
		return
	}
	c.objectName(field, name)
}

// labelTexts checks labels whose values may be references.
func (c *check) labelTexts(field string, labels map[string]string) {
	known := maps.Clone(labels)
	for key, value := range known {
		if refers(value) {
			known[key] = ""
		}
	}
	c.Labels(field, known)
}

// executorAccount is the account that all the steps of a run start their
// executor with.
func (c *check) executorAccount() string {
	if e := c.template.Base.Executor; e != nil {
		return e.ServiceAccountName
	}
	return c.template.Pods.ExecutorAccount
}

// token checks that Argo's executor has a token where the pod has none.
// Source: Argo Workflows v3.7.14 workflow/controller/workflowpod.go,
// setupServiceAccount.
func (c *check) token(field string, token *bool, executor string) {
	c.account(field+".ExecutorAccount", executor)
	if token != nil && !*token && executor == "" && c.executorAccount() == "" {
		c.Required(field+".ExecutorAccount", "name the service account whose token Argo's executor takes, as the pod gets none")
	}
}

// unique reports names that are there twice in a list.
func (c *check) unique(field string, seen map[string]bool, name string) {
	if name == "" {
		return
	}
	if seen[name] {
		c.Add(millrace.RuleDuplicate, field, fmt.Sprintf("another one is called %q", name), "rename one of them")
	}
	seen[name] = true
}

// volumes checks and copies volumes.
func (c *check) volumes(field string, volumes []corev1.Volume) []corev1.Volume {
	var out []corev1.Volume
	seen := make(map[string]bool)
	for i, v := range volumes {
		name := at(field, i) + ".Name"
		if !refers(v.Name) {
			c.LabelName(name, v.Name)
		}
		c.unique(name, seen, v.Name)
		out = append(out, *v.DeepCopy())
	}
	return out
}

// hostAliases checks and copies lines of /etc/hosts.
func (c *check) hostAliases(field string, aliases []corev1.HostAlias) []corev1.HostAlias {
	var out []corev1.HostAlias
	seen := make(map[string]bool)
	for i, a := range aliases {
		if a.IP == "" {
			c.Required(at(field, i)+".IP", "give the address that the names stand for")
		}
		c.unique(at(field, i)+".IP", seen, a.IP)
		out = append(out, *a.DeepCopy())
	}
	return out
}

// placement checks where pods run. Of values that are references nothing is
// known.
func (c *check) placement(field string, p millrace.Placement) {
	known := p.Clone()
	for key, value := range known.NodeSelector {
		if refers(value) {
			known.NodeSelector[key] = ""
		}
	}
	for i, t := range known.Tolerations {
		if refers(t.Value) && t.Operator != corev1.TolerationOpExists {
			known.Tolerations[i].Value = ""
		}
	}
	known.Check(&c.Problems, field)
	c.placedOn = append(c.placedOn, p.Nodes...)
}
