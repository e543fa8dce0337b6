package pooltest

import (
	"strings"

	"github.com/millrace/millrace/nodepool"
)

// Given is what a user put into a pool in words of his own: its name, labels
// and taints, tags and scopes.
func Given(p *nodepool.Pool) map[string]string {
	workload := p.Workload
	if workload == "" {
		workload = p.Name
	}
	out := map[string]string{"name": p.Name, "label workload": workload}
	if !p.Shared {
		out["taint workload"] = workload
	}
	add := func(what string, m map[string]string) {
		for k, v := range m {
			out[what+" "+k] = v
		}
	}
	add("label", p.Labels)
	for _, t := range append(p.Taints[:len(p.Taints):len(p.Taints)], p.StartupTaints...) {
		out["taint "+t.Key] = t.Value
	}
	switch provider := p.Provider.(type) {
	case nodepool.GKE:
		add("tag", provider.ResourceLabels)
		for _, scope := range provider.OAuthScopes {
			out["scope "+scope] = ""
		}
	case nodepool.EKS:
		add("tag", provider.Tags)
	case nodepool.AKS:
		add("tag", provider.Tags)
		out["name"] = provider.PoolName
	}
	return out
}

// added are those that pools have of their capacity, and by default.
var added = []string{
	"taint cloud.google.com/gke-spot", "scope https://www.googleapis.com/auth/cloud-platform",
	"taint karpenter.sh/capacity-type",
	"label kubernetes.azure.com/scalesetpriority", "taint kubernetes.azure.com/scalesetpriority",
}

// Written is the same of what Terraform, or HCL, made of the pool's resource:
// its attributes as JSON has them.
func Written(resource map[string]any) map[string]string {
	out := map[string]string{}
	node := resource
	switch blocks := resource["node_config"].(type) { // GKE
	case []any:
		node = blocks[0].(map[string]any)
	case map[string]any:
		node = blocks
	}
	for what, name := range map[string]string{"labels": "label", "node_labels": "label", "resource_labels": "tag", "tags": "tag"} {
		m, _ := node[what].(map[string]any)
		for k, v := range m {
			out[name+" "+k] = text(v)
		}
	}
	for _, t := range list(node["taint"]) {
		t := t.(map[string]any)
		out["taint "+text(t["key"])] = text(t["value"])
	}
	for _, t := range list(node["node_taints"]) { // AKS
		pair, _, _ := strings.Cut(text(t), ":")
		key, value, _ := strings.Cut(pair, "=")
		out["taint "+key] = value
	}
	for _, scope := range list(node["oauth_scopes"]) {
		out["scope "+text(scope)] = ""
	}
	if out["name"] = text(resource["name"]); resource["node_group_name"] != nil {
		out["name"] = text(resource["node_group_name"])
	}
	for _, key := range added {
		delete(out, key)
	}
	return out
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}
