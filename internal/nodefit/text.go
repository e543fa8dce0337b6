package nodefit

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
)

// Amounts writes what pods request, or what a node has.
func Amounts(list corev1.ResourceList) string {
	out := fmt.Sprintf("%s CPU, %s of memory", list.Cpu(), gib(list.Memory()))
	if disk, ok := list[corev1.ResourceEphemeralStorage]; ok {
		out += fmt.Sprintf(", %s of disk", gib(&disk))
	}
	return out
}

func gib(q *resource.Quantity) string { return GiB(q.Value()) }

// GiB writes a number of bytes in the unit in which people know their nodes.
func GiB(n int64) string {
	if n > 0 && n < int64(millrace.GiB) {
		return fmt.Sprintf("%.4gMi", float64(n)/float64(millrace.MiB))
	}
	return fmt.Sprintf("%.4gGi", float64(n)/float64(millrace.GiB))
}

// Times says how often pods fit: "once", "3 times".
func Times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// Percent writes a share as people say it.
func Percent(of float64) string { return fmt.Sprintf("%.0f%%", 100*of) }

// Plural counts things: "1 node", "3 nodes".
func Plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Bound says of how many nodes a pool has for the nodes that pods take, from
// least to most; most is zero where nothing bounds the pods.
func Bound(least, most int, shape millrace.NodeShape) string {
	nodes := Plural(least, "node")
	switch {
	case most == 0:
		nodes += " at the least"
	case most != least:
		nodes = fmt.Sprintf("%d to %s", least, Plural(most, "node"))
	}
	switch needed := max(least, most); {
	case shape.Max == 0 && shape.MaxPerZone > 0:
		nodes += fmt.Sprintf("; the pool may have %d in each zone", shape.MaxPerZone)
		if needed > shape.MaxPerZone {
			nodes += fmt.Sprintf(", which takes %s", Plural((needed+shape.MaxPerZone-1)/shape.MaxPerZone, "zone"))
		}
	case shape.Max == 0:
		nodes += "; how many the pool may have is not known"
	case needed > shape.Max:
		nodes += fmt.Sprintf(", and the pool may have %d only", shape.Max)
	default:
		nodes += fmt.Sprintf(" of the %d that the pool may have", shape.Max)
		if shape.MaxPerZone > 0 {
			nodes += fmt.Sprintf(", %d in each zone", shape.MaxPerZone)
		}
	}
	return nodes
}
