package spark

import (
	"fmt"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/nodefit"
)

const (
	// explainWidth is how wide the text gets, but for names that are wider.
	explainWidth = 96
	// explainIndent is where the reasons of a pod's sizes begin.
	explainIndent = 23
)

// String says it in text of at most about a hundred columns.
func (e *Explanation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: a driver and %s, %d tasks at once in each\n\n", first(e.Name, "the job"), e.executors(), e.Executor.TaskSlots)
	e.Driver.explain(&b, "driver")
	e.Executor.explain(&b, "executor")
	together := "together: " + nodefit.Amounts(e.Min)
	if e.MinExecutors != e.MaxExecutors {
		together += " at the least, and "
		if e.Max == nil {
			together += "without a bound at the most"
		} else {
			together += nodefit.Amounts(e.Max) + " at the most"
		}
	}
	b.WriteString(together + "\n")
	for _, f := range e.Nodes {
		b.WriteString("\n")
		e.explainNodes(&b, f)
	}
	if len(e.Defaults) > 0 {
		b.WriteString("\nwhat the job doesn't say, and why it is so\n")
		explainDefaults(&b, e.Defaults)
	}
	return b.String()
}

func (e *Explanation) executors() string {
	switch {
	case e.MinExecutors == e.MaxExecutors:
		return plural(e.MaxExecutors, "executor")
	case e.MaxExecutors == 0:
		return fmt.Sprintf("%d or more executors", e.MinExecutors)
	}
	return fmt.Sprintf("%d to %d executors", e.MinExecutors, e.MaxExecutors)
}

func plural(n int, what string) string { return nodefit.Plural(n, what) }

// explain writes what a pod's memory is made of, and its CPU.
func (s PodSize) explain(b *strings.Builder, name string) {
	line := func(what string, value, why string) {
		fmt.Fprintf(b, "  %-10s %-9s %s\n", what, value, why)
	}
	limit := "the request is the limit"
	if s.MemoryLimit != s.Memory {
		limit = "the limit is " + s.MemoryLimit.String()
	}
	fmt.Fprintf(b, "%s\n", name)
	line("memory", s.Memory.String(), limit)
	for _, part := range []struct {
		name string
		MemoryPart
	}{{"heap", s.Heap}, {"overhead", s.Overhead}, {"off-heap", s.OffHeap}, {"Python", s.Python}} {
		if part.Size == 0 && part.Field == "" {
			continue
		}
		why, field := part.Why, part.Field
		if field != "" {
			why += ": "
		}
		if len(why)+len(field) > explainWidth-explainIndent {
			field = "\n" + strings.Repeat(" ", explainIndent) + field
		}
		line("  "+part.name, part.Size.String(), strings.ReplaceAll(why+field, " \n", "\n"))
	}
	throttled := "no limit"
	if !s.CPULimit.IsZero() {
		throttled = "throttled at " + s.CPULimit.String()
	}
	line("CPU", s.CPU.String(), first(s.CPUField, "Spark's default")+", "+throttled)
	if s.Scratch > 0 {
		line("scratch", s.Scratch.String(), "the volumes for shuffle data and spill")
	}
	if len(s.Requests) > 0 && (s.Requests.Memory().Value() != int64(s.Memory) || s.Requests.Cpu().Cmp(s.CPU) != 0) {
		line("pod", "", "with what runs beside Spark it requests "+nodefit.Amounts(s.Requests))
	}
	b.WriteString("\n")
}

// explainNodes writes how the executors fit on the nodes of a pool.
func (e *Explanation) explainNodes(b *strings.Builder, f NodeFit) {
	switch {
	case !f.Refusal.Empty():
		fmt.Fprintf(b, "pool %s: not for the executors\n", f.Pool)
		for _, m := range f.Refusal.Labels {
			fmt.Fprintf(b, "  it %s\n", m)
		}
		for _, t := range f.Refusal.Taints {
			fmt.Fprintf(b, "  its taint %s isn't tolerated\n", t.ToString())
		}
		return
	case f.Allocatable.Cpu().IsZero() || f.Allocatable.Memory().IsZero():
		fmt.Fprintf(b, "pool %s: the size of its nodes is not known\n", f.Pool)
		return
	}
	line := func(what, format string, args ...any) {
		fmt.Fprintf(b, "  %-10s %s\n", what, fmt.Sprintf(format, args...))
	}
	fmt.Fprintf(b, "pool %s\n", f.Pool)
	told := " for pods"
	if f.Formula != "" {
		told += ", an estimate by the formula of " + f.Formula
	}
	line("node", "%s%s", nodefit.Amounts(f.Allocatable), told)
	line("agents", "take about %s", nodefit.Amounts(f.Agents))
	if f.PerNode == 0 {
		line("fits", "no executor, which requests %s", nodefit.Amounts(e.Executor.Requests))
		return
	}
	by := fmt.Sprintf("%d by CPU, %d by memory", f.ByCPU, f.ByMemory)
	if f.ByDisk >= 0 {
		by += fmt.Sprintf(", %d by disk", f.ByDisk)
	}
	if f.ByPods >= 0 {
		by += fmt.Sprintf(", %d by number of pods", f.ByPods)
	}
	line("fits", "%s: %s", plural(f.PerNode, "executor"), by)
	line("unused", "%s of the CPU and %s of the memory, on a full node", nodefit.Percent(f.CPUUnused), nodefit.Percent(f.MemoryUnused))
	if f.Better != nil {
		line("better", "%s", f.Better)
	}
	line("in all", "%s", nodefit.Bound(f.NodesMin, f.NodesMax, millrace.NodeShape{Max: f.Nodes, MaxPerZone: f.NodesPerZone}))
}

// explainDefaults writes each reason once, with all that rests on it.
func explainDefaults(b *strings.Builder, defaults []Default) {
	type group struct{ lines []string }
	groups := make(map[[2]string]*group)
	var order [][2]string
	for _, d := range defaults {
		key := [2]string{d.Reason, d.Source}
		if groups[key] == nil {
			groups[key] = &group{}
			order = append(order, key)
		}
		g := groups[key]
		line := strings.TrimPrefix(d.Field, "spec.") + ": " + d.Value
		if rest, ok := strings.CutPrefix(line, "executor."); ok {
			both := false
			for i := range g.lines {
				if g.lines[i] == "driver."+rest {
					g.lines[i], both = "driver, executor: "+rest, true
				}
			}
			if both {
				continue
			}
		}
		g.lines = append(g.lines, line)
	}
	for _, key := range order {
		for _, line := range groups[key].lines {
			fmt.Fprintf(b, "  %s\n", line)
		}
		wrap(b, "      ", first(key[0], "no reason is known"))
		if key[1] != "" {
			wrap(b, "      ", "("+key[1]+")")
		}
	}
}

// wrap writes a text in lines.
func wrap(b *strings.Builder, indent, text string) {
	line := indent
	for word := range strings.FieldsSeq(text) {
		if len(line)+len(word) > explainWidth && line != indent {
			b.WriteString(strings.TrimRight(line, " ") + "\n")
			line = indent
		}
		line += word + " "
	}
	b.WriteString(strings.TrimRight(line, " ") + "\n")
}
