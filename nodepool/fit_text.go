package nodepool

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/nodefit"
)

// String says it in a few lines of text.
func (f Fit) String() string {
	var b strings.Builder
	line := func(indent, what, format string, args ...any) {
		fmt.Fprintf(&b, "%-12s%s\n", indent+what, fmt.Sprintf(format, args...))
	}
	fmt.Fprintf(&b, "pool %s\n", f.Pool)
	node := nodefit.Amounts(f.Allocatable) + " for pods"
	if pods, ok := f.Allocatable[corev1.ResourcePods]; ok {
		node += fmt.Sprintf(", of which there are %s at most", &pods)
	}
	if f.Formula != "" {
		node += ", an estimate by the formula of " + f.Formula
	}
	line("  ", "node", "%s", node)
	if len(f.Agents) > 0 {
		line("  ", "agents", "take about %s", nodefit.Amounts(f.Agents))
	}
	for _, p := range f.Pods {
		b.WriteString("\n")
		p.write(line)
	}
	if len(f.Pods) > 0 {
		b.WriteString("\n")
		line("  ", "in all", "%s", nodefit.Bound(f.NodesMin, f.NodesMax, millrace.NodeShape{Max: f.Nodes, MaxPerZone: f.NodesPerZone}))
	}
	return b.String()
}

// write says how one sort of pod fits.
func (p PodFit) write(line func(indent, what, format string, args ...any)) {
	name := p.Role
	if name == "" {
		name = "pod"
	}
	if !p.Refusal.Empty() {
		line("  ", name, "not on this pool:")
		for _, m := range p.Refusal.Labels {
			line("    ", "", "it %s", m)
		}
		for _, t := range p.Refusal.Taints {
			line("    ", "", "its taint %s isn't tolerated", t.ToString())
		}
		return
	}
	line("  ", name, "requests %s", nodefit.Amounts(p.Requests))
	switch {
	case p.BoundBy == "":
		line("    ", "fits", "any number of times, as it requests nothing")
		return
	case p.PerNode == 0:
		line("    ", "fits", "on no node, by its %s", words[p.BoundBy])
		return
	}
	var by []string
	for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory, corev1.ResourceEphemeralStorage, corev1.ResourcePods} {
		if n, ok := p.By[name]; ok {
			by = append(by, fmt.Sprintf("%d by %s", n, words[name]))
		}
	}
	line("    ", "fits", "%d on a node: %s", p.PerNode, strings.Join(by, ", "))
	line("    ", "unused", "%s of the CPU and %s of the memory of a full node: %s",
		nodefit.Percent(p.CPUUnused), nodefit.Percent(p.MemoryUnused), nodefit.Amounts(p.Unused))
	if p.Better != nil {
		line("    ", "better", "%s", p.Better)
	}
}

// words are what people call the resources.
var words = map[corev1.ResourceName]string{
	corev1.ResourceCPU: "CPU", corev1.ResourceMemory: "memory", corev1.ResourceEphemeralStorage: "disk", corev1.ResourcePods: "number of pods",
}

// String says what to request and what comes of it.
func (b BetterRequest) String() string {
	var what []string
	if cpu, ok := b.Requests[corev1.ResourceCPU]; ok {
		what = append(what, fmt.Sprintf("%s of CPU", &cpu))
	}
	if memory, ok := b.Requests[corev1.ResourceMemory]; ok {
		what = append(what, fmt.Sprintf("%s of memory", &memory))
	}
	return fmt.Sprintf("request %s: %d on a node, %s of the CPU and %s of the memory unused",
		strings.Join(what, " and "), b.PerNode, nodefit.Percent(b.CPUUnused), nodefit.Percent(b.MemoryUnused))
}
