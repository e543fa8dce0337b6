package millracetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/jsonpath"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"
)

// resourceBody is a resource template: it does something to a real object of
// the cluster, and waits for its conditions.
type resourceBody struct {
	key     objectKey
	success labels.Requirements
	failure labels.Requirements
}

func (b *resourceBody) advance(*node) {}

// act does what the template says, once its pod runs.
func (b *resourceBody) act(n *node) {
	n.phase = running
	if err := b.do(n); err != nil {
		phase := failed
		if _, ok := errors.AsType[templateError](err); ok {
			phase = errored
		}
		n.finish(phase, err.Error())
		return
	}
	if b.key == (objectKey{}) || len(b.success) == 0 && len(b.failure) == 0 {
		if message, ok := n.run.scripted("Pod", n.name, n.task); ok {
			n.finish(failed, message)
			return
		}
		b.succeed(n)
		return
	}
	n.run.waiting[b.key] = append(n.run.waiting[b.key], n)
	b.look(n)
}

// templateError is a mistake in a template, which the controller finds before
// a pod runs.
type templateError struct{ error }

func exitCode(format string, args ...any) error {
	return fmt.Errorf("Error (exit code 1): "+format, args...)
}

func (b *resourceBody) do(n *node) error {
	r := n.template.Resource
	flags := make([]string, len(r.Flags))
	for i, f := range r.Flags {
		var err error
		if flags[i], err = n.scope.substitute(f); err != nil {
			return templateError{err}
		}
	}
	for condition, into := range map[string]*labels.Requirements{r.SuccessCondition: &b.success, r.FailureCondition: &b.failure} {
		if err := parseCondition(condition, n.scope, into); err != nil {
			return err
		}
	}
	if r.Manifest == "" {
		if r.Action != "delete" {
			return templateError{fmt.Errorf("millracetest does not simulate the action %q without a manifest", r.Action)}
		}
		return n.run.deleteByFlags(flags)
	}
	for _, f := range flags {
		if f != "--server-side" && f != "--force-conflicts" && !strings.HasPrefix(f, "--validate") && !strings.HasPrefix(f, "--field-manager") {
			return templateError{fmt.Errorf("millracetest does not simulate the flag %q", f)}
		}
	}
	manifest, err := n.scope.substitute(r.Manifest)
	if err != nil {
		return templateError{err}
	}
	u := new(unstructured.Unstructured)
	if err := yaml.Unmarshal([]byte(manifest), &u.Object); err != nil {
		return exitCode("the manifest can't be read: %v", err)
	}
	if u.GetKind() == "" || u.GetAPIVersion() == "" {
		return exitCode("the manifest has no apiVersion or no kind")
	}
	if u.GetNamespace() == "" {
		u.SetNamespace(n.run.key.namespace)
	}
	if r.SetOwnerReference {
		u.SetOwnerReferences(append(u.GetOwnerReferences(), metav1.OwnerReference{APIVersion: "argoproj.io/v1alpha1", Kind: "Workflow",
			Name: n.run.key.name, UID: n.run.uid, Controller: new(true), BlockOwnerDeletion: new(true)}))
	}
	if u.GetName() == "" && u.GetGenerateName() != "" && r.Action == "create" {
		u.SetName(fmt.Sprintf("%s%05d", u.GetGenerateName(), len(n.run.store.all())))
		u.SetGenerateName("")
	}
	if u.GetName() == "" {
		return exitCode("resource name may not be empty")
	}
	b.key = keyOf(u)
	n.run.madeBy[b.key] = n.task
	return n.run.act(r.Action, u)
}

func parseCondition(condition string, s scope, into *labels.Requirements) error {
	if condition == "" {
		return nil
	}
	condition, err := s.substitute(condition)
	if err != nil {
		return templateError{err}
	}
	selector, err := labels.Parse(condition)
	if err != nil {
		return exitCode("condition '%s' failed to parse: %v", condition, err)
	}
	*into, _ = selector.Requirements()
	return nil
}

// act does to an object what kubectl would.
func (r *run) act(action string, u *object) error {
	ctx, owner := context.Background(), client.FieldOwner("kubectl")
	server := func(err error) error {
		if err == nil {
			return nil
		}
		return exitCode("Error from server (%s): %v", apierrors.ReasonForError(err), err)
	}
	patch := func() error {
		data, err := json.Marshal(u.Object)
		if err != nil {
			return err
		}
		return r.store.client.Patch(ctx, u.DeepCopy(), client.RawPatch(types.MergePatchType, data), owner)
	}
	switch action {
	case "create":
		return server(r.store.client.Create(ctx, u.DeepCopy(), owner))
	case "apply":
		if r.store.current(keyOf(u)) == nil {
			return server(r.store.client.Create(ctx, u.DeepCopy(), owner))
		}
		return server(patch())
	case "patch", "replace":
		return server(patch())
	case "get":
		if r.store.current(keyOf(u)) == nil {
			return exitCode("Error from server (NotFound): %s %q not found", u.GetKind(), u.GetName())
		}
		return nil
	case "delete":
		return server(client.IgnoreNotFound(r.store.client.Delete(ctx, u.DeepCopy())))
	default:
		return templateError{fmt.Errorf("millracetest does not simulate the action %q", action)}
	}
}

// deleteByFlags deletes objects of one kind, by label or name.
func (r *run) deleteByFlags(flags []string) error {
	namespace, selector, name := r.key.namespace, "", ""
	var kind schema.GroupVersionKind
	for _, f := range flags {
		flag, value, _ := strings.Cut(f, "=")
		switch {
		case flag == "--selector" || flag == "-l":
			selector = value
		case flag == "--namespace" || flag == "-n":
			namespace = value
		case flag == "--wait" || flag == "--ignore-not-found" || flag == "--timeout" || flag == "--cascade":
		case !strings.HasPrefix(f, "-") && kind.Kind == "":
			argument, rest, _ := strings.Cut(f, "/")
			name = rest
			parts := strings.SplitN(argument, ".", 3)
			kind.Kind = parts[0]
			if len(parts) == 3 {
				kind.Version, kind.Group = parts[1], parts[2]
			}
		case !strings.HasPrefix(f, "-") && name == "":
			name = f
		default:
			return templateError{fmt.Errorf("millracetest does not simulate the flag %q", f)}
		}
	}
	if kind.Kind == "" || selector == "" && name == "" {
		return exitCode("resource(s) were provided, but no name was specified")
	}
	match, err := labels.Parse(selector)
	if err != nil {
		return exitCode("%v", err)
	}
	for _, u := range r.store.all() {
		gvk := u.GroupVersionKind()
		if !strings.EqualFold(gvk.Kind, kind.Kind) || kind.Version != "" && gvk.Group != kind.Group || u.GetNamespace() != namespace {
			continue
		}
		if name != "" && u.GetName() != name || selector != "" && !match.Matches(labels.Set(u.GetLabels())) {
			continue
		}
		if err := client.IgnoreNotFound(r.store.client.Delete(context.Background(), u.DeepCopy())); err != nil {
			return exitCode("%v", err)
		}
	}
	return nil
}

// look holds the conditions against the object, as the executor does: any
// requirement of failure fails, all of success succeed.
func (b *resourceBody) look(n *node) {
	if n.done() {
		return
	}
	live := n.run.store.current(b.key)
	if live == nil {
		n.finish(failed, exitCode("The resource has been deleted while its status was still being checked. Will not be retried: %s not found", b.key).Error())
		return
	}
	content := objectLabels(live.Object)
	for _, req := range b.failure {
		if req.Matches(content) {
			n.finish(failed, exitCode("failure condition '%v' evaluated true", req).Error())
			return
		}
	}
	for _, req := range b.success {
		if !req.Matches(content) {
			return
		}
	}
	b.succeed(n)
}

// succeed ends the node well, and takes its outputs from the object.
func (b *resourceBody) succeed(n *node) {
	for _, p := range n.template.Outputs.Parameters {
		switch {
		case p.Value != nil:
			n.outputs[p.Name] = string(*p.Value)
		case p.ValueFrom != nil && p.ValueFrom.JSONPath != "" && b.key != (objectKey{}):
			value, err := jsonPath(n.run.store.current(b.key), p.ValueFrom.JSONPath)
			if err != nil {
				n.finish(failed, exitCode("outputs.parameters.%s: %v", p.Name, err).Error())
				return
			}
			n.outputs[p.Name] = value
		default:
			n.finish(errored, fmt.Sprintf("millracetest simulates outputs.parameters.%s of a resource with jsonPath only", p.Name))
			return
		}
	}
	n.finish(succeeded, "")
}

func jsonPath(u *object, path string) (string, error) {
	if u == nil {
		return "", fmt.Errorf("the object is gone")
	}
	p := jsonpath.New("output")
	if err := p.Parse(path); err != nil {
		return "", err
	}
	var b strings.Builder
	if err := p.Execute(&b, u.Object); err != nil {
		return "", err
	}
	return b.String(), nil
}

// objectLabels lets requirements on labels look at the fields of an object:
// the keys are paths, in which lists have numbers.
type objectLabels map[string]any

// Lookup returns the value at a path as a string.
func (o objectLabels) Lookup(path string) (string, bool) {
	var at any = map[string]any(o)
	for part := range strings.SplitSeq(path, ".") {
		switch v := at.(type) {
		case map[string]any:
			next, ok := v[part]
			if !ok {
				return "", false
			}
			at = next
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(v) {
				return "", false
			}
			at = v[i]
		default:
			return "", false
		}
	}
	value, err := asText(at)
	return value, err == nil
}

// Has reports whether there is something at a path.
func (o objectLabels) Has(path string) bool { _, ok := o.Lookup(path); return ok }

// Get returns the value at a path, or nothing.
func (o objectLabels) Get(path string) string { v, _ := o.Lookup(path); return v }
