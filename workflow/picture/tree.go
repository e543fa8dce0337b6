package picture

import (
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// opens reports whether a node holds others, which only the status knows.
func (n *nodes) opens(s *wfv1.NodeStatus) bool {
	return s != nil && (s.Type == wfv1.NodeTypeDAG || s.Type == wfv1.NodeTypeSteps) && len(n.boundary[s.ID]) > 0
}

// tree draws what a node has run, where the template isn't known.
func (d *drawing) tree(parent *wfv1.NodeStatus, p place) {
	drawn := make(map[string]string)
	for _, n := range d.boundary[parent.ID] {
		if !d.task(n) {
			continue
		}
		at := p
		at.node = n.Name
		drawn[n.ID] = d.one(call{name: displayed(n), template: n.TemplateName, ref: n.TemplateRef}, at)
	}
	for _, n := range d.boundary[parent.ID] {
		if drawn[n.ID] == "" {
			continue
		}
		for _, to := range d.next(n, drawn) {
			d.edge(Edge{From: drawn[n.ID], To: drawn[to]})
		}
	}
}

// task reports whether a node is one that a picture shows, and not one of
// Argo's own between them, or a try of one.
func (n *nodes) task(s *wfv1.NodeStatus) bool {
	if s.Type == wfv1.NodeTypeStepGroup || s.Type == wfv1.NodeTypeTaskGroup {
		return false
	}
	of := retryName.FindStringSubmatch(s.Name)
	return of == nil || len(n.retries[of[1]]) == 0
}

// next returns the tasks of the same template that follow on a node, in the
// order in which they are found.
func (n *nodes) next(s *wfv1.NodeStatus, drawn map[string]string) []string {
	var out []string
	seen := map[string]bool{s.ID: true}
	for queue := []string{s.ID}; len(queue) > 0; queue = queue[1:] {
		at := n.byID[queue[0]]
		if at == nil {
			continue
		}
		for _, child := range at.Children {
			switch {
			case seen[child]:
			case drawn[child] != "":
				out = append(out, child)
			default:
				queue = append(queue, child)
			}
			seen[child] = true
		}
	}
	return out
}

// displayed is the name of a node without its parents'.
func displayed(n *wfv1.NodeStatus) string {
	if n.DisplayName != "" {
		return n.DisplayName
	}
	return n.Name[strings.LastIndexByte(n.Name, '.')+1:]
}
