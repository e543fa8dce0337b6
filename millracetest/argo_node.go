package millracetest

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// node is one node of a workflow's status, and what runs behind it.
type node struct {
	run      *run
	id       string
	name     string // the full one: "daily.extract-orders"
	display  string
	task     string // whom scripts name; attempts have their task's
	typ      string
	template *argoTemplate
	boundary string
	phase    string
	message  string
	started  string
	finished string
	exit     bool
	attempt  bool
	children []string
	inputs   []argoParameter
	outputs  map[string]string
	scope    scope
	body     body
	steps    int
}

// body is what a node does. It is called until the node is done.
type body interface{ advance(*node) }

// nodeSpec says what a new node is to be.
type nodeSpec struct {
	name, display, task string
	template            *argoTemplate
	arguments           argoArguments
	outer               scope // in which the arguments are written
	scope               scope // what the template sees beside its inputs
	boundary            string
	attempt             bool
	exit                bool
}

// node makes a node and begins it.
func (r *run) node(s nodeSpec) *node {
	n := &node{run: r, id: r.id(s.name), name: s.name, display: s.display, task: s.task, typ: s.template.nodeType(), template: s.template,
		boundary: s.boundary, phase: running, started: r.stamp(), exit: s.exit, attempt: s.attempt, outputs: make(map[string]string)}
	if n.task == "" {
		n.task = n.display
	}
	r.nodes = append(r.nodes, n)
	inputs, err := n.bind(s)
	n.scope = s.scope.with(inputs).with(scope{"node.name": n.name, "pod.name": n.id})
	if err != nil {
		n.finish(errored, err.Error())
		return n
	}
	retried := s.template.RetryStrategy != nil && !s.attempt
	switch t := s.template; {
	case retried:
		n.typ, n.body = "Retry", &retryBody{}
	case t.DAG != nil:
		n.body = &dagBody{nodes: make(map[string]*node)}
	case t.Steps != nil:
		n.body = &stepsBody{}
	case t.Suspend != nil:
		n.suspend()
	case t.Resource != nil:
		n.phase, n.body = pending, &resourceBody{}
		n.later(podStarts, n.body.(*resourceBody).act)
	case t.nodeType() != "Pod" || t.Container != nil || t.Script != nil || t.ContainerSet != nil || t.Data != nil:
		n.phase, n.body = pending, idle{}
		n.later(podStarts, func(n *node) { n.phase = running })
		n.later(podStarts+podRuns, (*node).runPod)
	default:
		n.finish(errored, fmt.Sprintf("template %q has nothing to run", t.Name))
	}
	return n
}

// bind gives the template its inputs.
func (n *node) bind(s nodeSpec) (scope, error) {
	if s.attempt {
		// The task has its inputs already, and they are part of the scope.
		n.inputs = s.arguments.Parameters
		return nil, nil
	}
	given := make(map[string]string)
	for _, p := range s.arguments.Parameters {
		value, err := argument(p, s.outer)
		if err != nil {
			return nil, fmt.Errorf("arguments.parameters.%s: %w", p.Name, err)
		}
		given[p.Name] = value
	}
	out := make(scope)
	for _, p := range s.template.Inputs.Parameters {
		value, ok := given[p.Name]
		switch {
		case ok:
		case p.Value != nil:
			value = string(*p.Value)
		case p.Default != nil:
			value = string(*p.Default)
		default:
			return out, fmt.Errorf("inputs.parameters.%s was not supplied", p.Name)
		}
		value, err := s.scope.substitute(value)
		if err != nil {
			return out, err
		}
		out["inputs.parameters."+p.Name] = value
		v := anyText(value)
		n.inputs = append(n.inputs, argoParameter{Name: p.Name, Value: &v})
	}
	return out, nil
}

func argument(p argoParameter, s scope) (string, error) {
	switch {
	case p.Value != nil:
		return s.substitute(string(*p.Value))
	case p.ValueFrom != nil && p.ValueFrom.Expression != "":
		v, err := s.eval(p.ValueFrom.Expression)
		if err != nil {
			return "", err
		}
		return asText(v)
	default:
		return "", fmt.Errorf("it has no value that millracetest simulates")
	}
}

func (n *node) done() bool {
	return n.phase == succeeded || n.phase == failed || n.phase == errored || n.phase == skipped || n.phase == omitted
}

// pod reports whether the node takes one of the pods that parallelism counts.
func (n *node) pod() bool { return n.typ == "Pod" }

func (n *node) advance() {
	if !n.done() && n.body != nil {
		n.body.advance(n)
	}
}

func (n *node) finish(phase, message string) {
	if n.done() {
		return
	}
	n.phase, n.message, n.finished = phase, message, n.run.stamp()
	n.steps++
}

// later does something to the node after a time, if it is still going on.
func (n *node) later(d time.Duration, do func(*node)) {
	n.run.after(d, n.run.key, func() {
		if n.done() || n.run.gone {
			return
		}
		do(n)
		n.steps++
		n.run.advance()
	})
}

// runPod ends a pod: nothing runs in it, so it succeeds unless the script
// says otherwise.
func (n *node) runPod() {
	if message, ok := n.run.scripted(n.typ, n.name, n.task); ok {
		n.finish(failed, message)
		return
	}
	for _, p := range n.template.Outputs.Parameters {
		switch {
		case p.Value != nil:
			n.outputs[p.Name] = string(*p.Value)
		case p.ValueFrom != nil && p.ValueFrom.Default != nil:
			n.outputs[p.Name] = string(*p.ValueFrom.Default)
		}
	}
	n.finish(succeeded, "")
}

func (n *node) suspend() {
	n.body = idle{}
	if d, err := duration(string(n.template.Suspend.Duration)); err == nil && d > 0 {
		n.later(d, func(n *node) { n.finish(succeeded, "") })
	}
}

// idle is the body of nodes that only timers move.
type idle struct{}

func (idle) advance(*node) {}

// results adds what others can refer to of a task that is done.
func (n *node) results(prefix string, s scope) {
	at := prefix + "." + n.task
	s[at+".status"] = n.phase
	s[at+".id"] = n.id
	for name, value := range n.outputs {
		s[at+".outputs.parameters."+name] = value
	}
	if result, ok := n.outputs["result"]; ok {
		s[at+".outputs.result"] = result
	}
}

// status is the node as the workflow's status shows it.
func (n *node) status() map[string]any {
	out := map[string]any{"id": n.id, "name": n.name, "displayName": n.display, "type": n.typ, "phase": n.phase,
		"startedAt": n.started, "templateScope": "local/" + n.run.key.name}
	for key, value := range map[string]string{"templateName": n.template.Name, "boundaryID": n.boundary, "message": n.message, "finishedAt": n.finished} {
		if value != "" {
			out[key] = value
		}
	}
	if len(n.children) > 0 {
		children := make([]any, len(n.children))
		for i, c := range n.children {
			children[i] = c
		}
		out["children"] = children
	}
	if len(n.inputs) > 0 {
		var parameters []any
		for _, p := range n.inputs {
			parameters = append(parameters, map[string]any{"name": p.Name, "value": string(*p.Value)})
		}
		out["inputs"] = map[string]any{"parameters": parameters}
	}
	if len(n.outputs) > 0 {
		var parameters []any
		for _, name := range slices.Sorted(maps.Keys(n.outputs)) {
			parameters = append(parameters, map[string]any{"name": name, "value": n.outputs[name]})
		}
		out["outputs"] = map[string]any{"parameters": parameters}
	}
	if n.attempt {
		out["nodeFlag"] = map[string]any{"retried": true}
	}
	if n.pod() && n.done() {
		out["taskResultSynced"] = true
	}
	return out
}

// retryBody tries a template again.
type retryBody struct {
	attempts []*node
	waiting  bool
}

func (b *retryBody) advance(n *node) {
	if b.waiting {
		return
	}
	if len(b.attempts) == 0 {
		b.try(n)
		return
	}
	last := b.attempts[len(b.attempts)-1]
	last.advance()
	switch {
	case !last.done():
	case last.phase == succeeded || last.phase == skipped:
		maps.Copy(n.outputs, last.outputs)
		n.finish(last.phase, last.message)
	default:
		b.afterFailure(n, last)
	}
}

// try starts another attempt, if there is room for its pod.
func (b *retryBody) try(n *node) {
	if n.template.nodeType() == "Pod" && !n.run.room() {
		return
	}
	number := len(b.attempts)
	suffix := fmt.Sprintf("(%d)", number)
	attempt := n.run.node(nodeSpec{name: n.name + suffix, display: n.display + suffix, task: n.task, template: n.template,
		arguments: argoArguments{Parameters: n.inputs}, scope: n.scope.with(scope{"retries": fmt.Sprint(number)}),
		boundary: n.boundary, attempt: true, exit: n.exit})
	b.attempts = append(b.attempts, attempt)
	n.children = append(n.children, attempt.id)
}

// afterFailure follows the controller's processNodeRetries.
func (b *retryBody) afterFailure(n *node, last *node) {
	strategy := n.template.RetryStrategy
	policy := strategy.RetryPolicy
	if policy == "" {
		policy = "OnFailure"
		if strategy.Expression != "" {
			policy = "Always"
		}
	}
	if policy != "Always" && !(policy == "OnFailure" && last.phase == failed) && !(policy == "OnError" && last.phase == errored) {
		n.finish(last.phase, last.message)
		return
	}
	if limit := strategy.Limit.integer(math.MaxInt32); len(b.attempts) > limit {
		n.finish(last.phase, "No more retries left")
		return
	}
	if strategy.Expression != "" {
		code := "0"
		if last.phase == failed {
			code = "1"
		}
		again, err := n.scope.with(scope{"lastRetry.message": last.message, "lastRetry.status": last.phase, "lastRetry.exitCode": code,
			"lastRetry.duration": "0", "retries": fmt.Sprint(len(b.attempts) - 1)}).eval(strategy.Expression)
		if err != nil {
			n.finish(errored, err.Error())
			return
		}
		if again != true {
			n.finish(last.phase, "retryStrategy.expression evaluated to false")
			return
		}
	}
	delay, err := strategy.delay(len(b.attempts))
	if err != nil {
		n.finish(errored, err.Error())
		return
	}
	if delay == 0 {
		b.try(n)
		return
	}
	b.waiting = true
	n.later(delay, func(n *node) {
		b.waiting = false
		b.try(n)
	})
}

// delay is how long to wait before the next of so many attempts.
func (r *argoRetry) delay(attempts int) (time.Duration, error) {
	if r.Backoff == nil || r.Limit == nil {
		return 0, nil
	}
	base, err := duration(string(r.Backoff.Duration))
	if err != nil {
		return 0, fmt.Errorf("retryStrategy.backoff.duration: %w", err)
	}
	d := float64(base) * math.Pow(float64(r.Backoff.Factor.integer(1)), float64(attempts-1))
	if most, err := duration(string(r.Backoff.Cap)); err == nil && most > 0 {
		d = min(d, float64(most))
	}
	return time.Duration(d), nil
}

// duration reads Argo's durations: a number of seconds, or Go's.
func duration(s string) (time.Duration, error) {
	var seconds int64
	if err := json.Unmarshal([]byte(s), &seconds); err == nil {
		return time.Duration(seconds) * time.Second, nil
	}
	if strings.HasSuffix(s, "d") {
		s = strings.TrimSuffix(s, "d") + "h"
		d, err := time.ParseDuration(s)
		return 24 * d, err
	}
	return time.ParseDuration(s)
}
