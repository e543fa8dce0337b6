package picture

import (
	"fmt"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// Loops are drawn item by item while they are short. Of longer ones, those
// items are drawn that somebody looks for.
const (
	mostItems   = 12
	mostNotable = 8
)

// loop draws a loop that has begun.
func (d *drawing) loop(c call, p place, items []*wfv1.NodeStatus) string {
	t, _ := d.template(c, p.scope)
	text := d.text(c, t)
	state := d.byNode[p.node]
	if state == nil || state.Type != wfv1.NodeTypeTaskGroup {
		state = &wfv1.NodeStatus{Phase: together(items)}
	}
	text.is(state, nil)
	text.Message = ""
	for i, detail := range text.Details {
		if detail == oneLine(c.loop, mostText) {
			text.Details[i] = fmt.Sprintf("×%d: %s", len(items), counts(items))
		}
	}
	shown, rest := notable(items, len(d.g.Nodes) >= mostNodes)
	if len(shown) == 0 {
		return d.node(Node{Group: p.group, Name: c.name, Text: text})
	}
	id := d.group(Group{Group: p.group, Name: c.name, Parallel: true, Text: text})
	for _, item := range shown {
		one := c
		one.loop, one.when, one.eitherWay, one.item = "", "", false, true
		one.name = c.name + strings.TrimPrefix(item.Name, p.node)
		at := p
		at.group, at.node, at.depth = id, item.Name, p.depth+1
		d.call(one, at)
	}
	if len(rest) > 0 {
		more := Text{Phase: Phase(rest[0].Phase)}
		for _, item := range rest {
			if item.Phase != rest[0].Phase {
				more = Text{Details: []string{counts(rest)}}
				break
			}
		}
		d.node(Node{Group: id, Name: fmt.Sprintf("%d more", len(rest)), Text: more})
	}
	return id
}

// notable divides the items of a loop into those that are drawn and the rest.
func notable(items []*wfv1.NodeStatus, full bool) (shown, rest []*wfv1.NodeStatus) {
	if full {
		return nil, items
	}
	if len(items) <= mostItems {
		return items, nil
	}
	take := make(map[*wfv1.NodeStatus]bool)
	for _, phase := range []wfv1.NodePhase{wfv1.NodeFailed, wfv1.NodeError, wfv1.NodeRunning} {
		for _, item := range items {
			if item.Phase == phase && len(take) < mostNotable {
				take[item] = true
			}
		}
	}
	for _, item := range items {
		if take[item] {
			shown = append(shown, item)
		} else {
			rest = append(rest, item)
		}
	}
	return shown, rest
}

// phaseOrder is the order in which phases are counted.
var phaseOrder = [...]wfv1.NodePhase{wfv1.NodeSucceeded, wfv1.NodeRunning, wfv1.NodePending, wfv1.NodeFailed, wfv1.NodeError, wfv1.NodeSkipped, wfv1.NodeOmitted, ""}

// counts says how many items are in which phase.
func counts(items []*wfv1.NodeStatus) string {
	n := make(map[wfv1.NodePhase]int)
	for _, item := range items {
		n[item.Phase]++
	}
	var parts []string
	for _, phase := range phaseOrder {
		switch {
		case n[phase] == 0:
		case phase == "":
			parts = append(parts, fmt.Sprintf("%d waiting", n[phase]))
		default:
			parts = append(parts, fmt.Sprintf("%d %s", n[phase], strings.ToLower(string(phase))))
		}
	}
	return strings.Join(parts, ", ")
}

// together is the phase of a loop whose own node has none.
func together(items []*wfv1.NodeStatus) wfv1.NodePhase {
	has := make(map[wfv1.NodePhase]bool)
	for _, item := range items {
		has[item.Phase] = true
	}
	for _, phase := range []wfv1.NodePhase{wfv1.NodeRunning, wfv1.NodePending, wfv1.NodeError, wfv1.NodeFailed, wfv1.NodeSucceeded} {
		if has[phase] {
			return phase
		}
	}
	return items[0].Phase
}
