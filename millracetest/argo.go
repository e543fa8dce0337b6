package millracetest

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

// How long Argo takes, on the virtual clock.
const (
	argoReacts = time.Second
	podStarts  = 5 * time.Second
	podRuns    = time.Minute
)

// The phases of nodes.
const (
	pending   = "Pending"
	running   = "Running"
	succeeded = "Succeeded"
	failed    = "Failed"
	errored   = "Error"
	skipped   = "Skipped"
	omitted   = "Omitted"
)

const argoGroup = "argoproj.io"

// argo plays Argo Workflows' controller and executor.
type argo struct {
	*environment
	runs map[types.UID]*run
	// waiting are the nodes that wait for a condition of an object.
	waiting map[objectKey][]*node
}

func newArgo(e *environment) *argo {
	return &argo{environment: e, runs: make(map[types.UID]*run), waiting: make(map[objectKey][]*node)}
}

func (a *argo) changed(c change) {
	if c.object.GroupVersionKind().GroupKind() == (schema.GroupKind{Group: argoGroup, Kind: "Workflow"}) {
		a.workflow(c)
	}
	for _, n := range slices.Clone(a.waiting[keyOf(c.object)]) {
		n.body.(*resourceBody).look(n)
		n.run.advance()
	}
}

func (a *argo) workflow(c change) {
	uid := c.object.GetUID()
	r, ok := a.runs[uid]
	switch {
	case c.kind == watch.Deleted:
		delete(a.runs, uid)
		if ok {
			r.forget()
		}
	case ok:
		r.follow(c.object)
	case c.object.GetLabels()["workflows.argoproj.io/completed"] == "true" || yes(c.object, "spec", "suspend"):
	default:
		r := &run{argo: a, key: keyOf(c.object), uid: uid, object: c.object}
		a.runs[uid] = r
		a.after(argoReacts, r.key, r.start)
	}
}

// run is one workflow on its way.
type run struct {
	*argo
	key    objectKey
	uid    types.UID
	object *object // as it was last seen
	spec   *argoSpec

	root, exit        *node
	nodes             []*node
	globals           scope
	phase, message    string
	started, finished string
	shutdown          string
	gone              bool
}

func (r *run) start() {
	live := r.store.current(r.key)
	if live == nil || live.GetUID() != r.uid || r.phase != "" {
		return
	}
	r.object = live
	r.started, r.phase = r.stamp(), running
	if err := r.resolve(); err != nil {
		r.end(failed, "invalid spec: "+err.Error())
		return
	}
	t := r.spec.template(r.spec.Entrypoint)
	if t == nil {
		r.end(failed, fmt.Sprintf("invalid spec: spec.entrypoint: there is no template %q", r.spec.Entrypoint))
		return
	}
	r.root = r.node(nodeSpec{name: r.key.name, display: r.key.name, template: t, scope: r.globals})
	r.advance()
}

// resolve reads the spec, and the template that it refers to.
func (r *run) resolve() error {
	content, _ := r.object.Object["spec"].(map[string]any)
	spec, err := parseSpec(content)
	if err != nil {
		return err
	}
	if ref := spec.WorkflowTemplateRef; ref != nil {
		base, err := r.template(*ref)
		if err != nil {
			return err
		}
		spec = spec.over(base)
	}
	r.spec, r.shutdown = spec, spec.Shutdown
	if d := spec.TemplateDefaults; d != nil {
		for _, t := range spec.Templates {
			if t.RetryStrategy == nil {
				t.RetryStrategy = d.RetryStrategy
			}
		}
	}
	r.globals = scope{
		"workflow.name": r.key.name, "workflow.namespace": r.key.namespace, "workflow.uid": string(r.uid),
		"workflow.serviceAccountName": text(r.object, "spec", "serviceAccountName"), "workflow.mainEntrypoint": spec.Entrypoint,
		"workflow.creationTimestamp": r.object.GetCreationTimestamp().UTC().Format(time.RFC3339),
	}
	all := make([]map[string]string, 0, len(spec.Arguments.Parameters))
	for _, p := range spec.Arguments.Parameters {
		value := p.Value
		if value == nil {
			value = p.Default
		}
		if value == nil {
			return fmt.Errorf("spec.arguments.%s.value is required", p.Name)
		}
		r.globals["workflow.parameters."+p.Name] = string(*value)
		all = append(all, map[string]string{"name": p.Name, "value": string(*value)})
	}
	list, err := json.Marshal(all)
	r.globals["workflow.parameters"] = string(list)
	for key, value := range r.object.GetLabels() {
		r.globals["workflow.labels."+key] = value
	}
	for key, value := range r.object.GetAnnotations() {
		r.globals["workflow.annotations."+key] = value
	}
	return err
}

// template reads a WorkflowTemplate, or a ClusterWorkflowTemplate.
func (r *run) template(ref argoTemplateRef) (*argoSpec, error) {
	key := objectKey{schema.GroupKind{Group: argoGroup, Kind: "WorkflowTemplate"}, r.key.namespace, ref.Name}
	if ref.ClusterScope {
		key = objectKey{schema.GroupKind{Group: argoGroup, Kind: "ClusterWorkflowTemplate"}, "", ref.Name}
	}
	live := r.store.current(key)
	if live == nil {
		return nil, fmt.Errorf("%ss.argoproj.io %q not found", strings.ToLower(key.kind.Kind), ref.Name)
	}
	content, _ := live.Object["spec"].(map[string]any)
	spec, err := parseSpec(content)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", key.kind.Kind, ref.Name, err)
	}
	return spec, nil
}

// follow reacts to changes of the workflow by others: only shutdown matters
// to one that runs.
func (r *run) follow(live *object) {
	r.object = live
	shutdown := text(live, "spec", "shutdown")
	if shutdown == "" || shutdown == r.shutdown || r.phase != running {
		return
	}
	r.shutdown = shutdown
	for _, n := range slices.Clone(r.nodes) {
		if !n.done() && !n.exit {
			n.finish(failed, "workflow shutdown with strategy:  "+shutdown)
		}
	}
	r.advance()
}

// advance takes every step that is possible now, and writes the status.
func (r *run) advance() {
	if r.gone || r.root == nil || r.phase != running {
		return
	}
	for before := -1; before != r.progress(); {
		before = r.progress()
		r.root.advance()
		if r.exit != nil {
			r.exit.advance()
		}
		if r.root.done() {
			r.afterRoot()
		}
	}
	if r.phase == running {
		r.write()
	}
}

// progress is a number that grows with every step.
func (r *run) progress() int {
	n := len(r.nodes)
	for _, node := range r.nodes {
		n += node.steps
	}
	return n
}

// afterRoot runs the exit handler, if there is one, and then ends.
func (r *run) afterRoot() {
	if r.phase != running {
		return
	}
	phase, message := r.root.phase, r.root.message
	if r.shutdown != "" && phase != succeeded {
		message = fmt.Sprintf("Stopped with strategy '%s'", r.shutdown)
	}
	handler := argoHook{Template: r.spec.OnExit}
	if h, ok := r.spec.Hooks["exit"]; ok {
		handler = h
	}
	if r.exit == nil && r.shutdown != "Terminate" && (handler.Template != "" || handler.TemplateRef != nil) {
		s := r.globals.with(scope{"workflow.status": phase, "workflow.failures": r.failures(), "workflow.duration": "0"})
		t, err := r.find(handler.Template, handler.TemplateRef, nil)
		if err != nil {
			r.end(errored, err.Error())
			return
		}
		name := r.key.name + ".onExit"
		r.exit = r.node(nodeSpec{name: name, display: name, template: t, arguments: handler.Arguments, outer: s, scope: s, exit: true})
	}
	switch {
	case r.exit == nil || r.exit.phase == succeeded || r.exit.phase == skipped:
		if r.exit == nil || r.exit.done() {
			r.end(phase, message)
		}
	case r.exit.done():
		r.end(r.exit.phase, r.exit.message)
	}
}

// failures is what workflow.failures holds.
func (r *run) failures() string {
	out := []map[string]string{}
	for _, n := range r.nodes {
		if n.phase == failed || n.phase == errored {
			out = append(out, map[string]string{"displayName": n.display, "message": n.message, "templateName": n.template.Name,
				"phase": n.phase, "podName": n.id, "finishedAt": n.finished})
		}
	}
	data, err := json.Marshal(out)
	if err != nil {
		return "[]"
	}
	return string(data)
}

func (r *run) end(phase, message string) {
	r.phase, r.message, r.finished = phase, message, r.stamp()
	r.write()
	r.forget()
}

// forget stops waiting for anything.
func (r *run) forget() {
	r.gone = true
	for key, nodes := range r.waiting {
		nodes = slices.DeleteFunc(nodes, func(n *node) bool { return n.run == r })
		if r.waiting[key] = nodes; len(nodes) == 0 {
			delete(r.waiting, key)
		}
	}
}

// find returns the template that a task names.
func (r *run) find(name string, ref *argoTemplateRef, inline *argoTemplate) (*argoTemplate, error) {
	spec := r.spec
	switch {
	case inline != nil:
		return inline, nil
	case ref != nil:
		var err error
		if spec, err = r.template(*ref); err != nil {
			return nil, err
		}
		name = ref.Template
	}
	if t := spec.template(name); t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("template %q not found", name)
}

// room reports whether the workflow's parallelism lets another pod start.
func (r *run) room() bool {
	if r.spec.Parallelism == nil {
		return true
	}
	pods := 0
	for _, n := range r.nodes {
		if n.pod() && !n.done() {
			pods++
		}
	}
	return pods < *r.spec.Parallelism
}

// id is how the controller names a node.
func (r *run) id(name string) string {
	if name == r.key.name {
		return name
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // a hash never fails
	return fmt.Sprintf("%s-%d", r.key.name, h.Sum32())
}

// write puts the status into the workflow, as the controller writes it.
func (r *run) write() {
	done, all := 0, 0
	nodes := make(map[string]any, len(r.nodes))
	for _, n := range r.nodes {
		nodes[n.id] = n.status()
		if n.pod() || n.typ == "Suspend" || n.typ == "HTTP" || n.typ == "Plugin" {
			all++
			if n.phase == succeeded || n.phase == skipped || n.phase == omitted {
				done++
			}
		}
	}
	status := map[string]any{"phase": r.phase, "startedAt": r.started, "progress": fmt.Sprintf("%d/%d", done, all)}
	if len(nodes) > 0 {
		status["nodes"] = nodes
	}
	if r.message != "" {
		status["message"] = r.message
	}
	completed := r.phase != running
	if completed {
		status["finishedAt"] = r.finished
		status["conditions"] = []any{map[string]any{"type": "Completed", "status": "True"}}
	}
	r.troubled(r.store.change(r.key, func(u *object) {
		u.Object["status"] = status
		labels := u.GetLabels()
		if labels == nil {
			labels = make(map[string]string)
		}
		labels["workflows.argoproj.io/phase"] = r.phase
		if completed {
			labels["workflows.argoproj.io/completed"] = "true"
		}
		u.SetLabels(labels)
	}))
}
