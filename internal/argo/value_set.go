package argo

import (
	"regexp"
	"slices"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// setName is what Argo lets a container of a set be called.
var setName = regexp.MustCompile(`^[a-zA-Z0-9][-a-zA-Z0-9]*$`)

// containerSet checks a container set.
// Source: Argo Workflows v3.7.14, ContainerSetTemplate.Validate.
func (f *fields) containerSet(path string, t *wfv1.Template) {
	set, at0 := t.ContainerSet, path+".containerSet"
	f.setRetry(at0+".retryStrategy", set.RetryStrategy)
	if len(set.Containers) == 0 {
		f.report(RuleValue, at0+".containers", "add a container", "it is empty")
		return
	}
	index := make(map[string]int, len(set.Containers))
	for i := range set.Containers {
		field := at(at0+".containers", i)
		name := set.Containers[i].Name
		_, taken := index[name]
		switch {
		case name == "":
			f.report(RuleValue, field+".name", "name the container", "it is not set")
		case name == "init" || name == "wait":
			f.report(RuleValue, field+".name", "rename it", "%s is Argo's own container in every pod", quoted(name))
		case taken:
			f.report(RuleValue, field+".name", "rename it", "another container of the set is called %s", quoted(name))
		case !atRunTime(name) && !setName.MatchString(name):
			f.report(RuleValue, field+".name", "use letters, digits and '-'", "Argo can't take the name %s", quoted(name))
		}
		if !taken {
			index[name] = i
		}
	}
	if _, ok := index["main"]; !ok && (len(t.Inputs.Artifacts) > 0 || t.Outputs.HasOutputs()) {
		f.report(RuleValue, at0+".containers", `name one of them "main"`, `none is called "main", which has the inputs and outputs of the template`)
	}
	f.setOrder(at0, set.Containers, index)
}

// setOrder checks what the containers wait for.
func (f *fields) setOrder(path string, containers []wfv1.ContainerNode, index map[string]int) {
	needs := make([][]int, len(containers))
	for i := range containers {
		for j, name := range containers[i].Dependencies {
			if other, ok := index[name]; ok {
				needs[i] = append(needs[i], other)
				continue
			}
			if !atRunTime(name) {
				f.report(RuleValue, at(at(path+".containers", i)+".dependencies", j), "name one of the set", "there is no container %s in the set", quoted(name))
			}
		}
	}
	for _, i := range inCycle(needs) {
		f.report(RuleValue, at(path+".containers", i)+".dependencies", "take one of the dependencies out", "%s waits for itself, by way of its dependencies", quoted(containers[i].Name))
	}
}

// inCycle returns one node of each circle of a graph.
func inCycle(needs [][]int) []int {
	const open, closed = 1, 2
	state := make([]int, len(needs))
	var found []int
	type frame struct{ node, next int }
	for root := range needs {
		stack := []frame{{node: root}}
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			if top.next == 0 && state[top.node] != 0 {
				stack = stack[:len(stack)-1]
				continue
			}
			state[top.node] = open
			if top.next == len(needs[top.node]) {
				state[top.node] = closed
				stack = stack[:len(stack)-1]
				continue
			}
			next := needs[top.node][top.next]
			top.next++
			switch state[next] {
			case open:
				found = append(found, next)
			case 0:
				stack = append(stack, frame{node: next})
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
