package builtin_test

import (
	"context"
	gojson "encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-logr/logr"
	apiequality "k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/operation"
	"k8s.io/apimachinery/pkg/api/validate/content"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metavalidation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	core "k8s.io/kubernetes/pkg/apis/core"
	corevalidation "k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/pkg/capabilities"
	"sigs.k8s.io/json"
)

// verdict is what the server says: where it would refuse the object, and why.
type verdict struct {
	types   map[string]string // what can't be decoded
	unknown map[string]string // fields that there are none of
	values  map[string]string // what it validates, once all is decoded
	panics  bool              // its code doesn't come back from that
}

func newVerdict() verdict {
	return verdict{types: map[string]string{}, unknown: map[string]string{}, values: map[string]string{}}
}

// all is where the server complains, of whatever.
func (v verdict) all() map[string]string {
	out := maps.Clone(v.types)
	maps.Copy(out, v.unknown)
	maps.Copy(out, v.values)
	return out
}

// create runs what the server runs when a user creates the object with strict
// field validation: apiserver's createHandler and Store.Create. Where the
// server stops at the first of these that complains, create goes on, to hear
// of everything; but it validates only what it can decode.
func create(tb testing.TB, gvk schema.GroupVersionKind, tree map[string]any) (v verdict) {
	tb.Helper()
	v = newVerdict()
	apiVersion, kind := gvk.ToAPIVersionAndKind()
	if tree["apiVersion"] != apiVersion {
		v.types["apiVersion"] = "another version"
	}
	if tree["kind"] != kind {
		v.types["kind"] = "another kind"
	}
	if len(v.types) > 0 {
		return v
	}
	obj, err := decode(tree)
	if err != nil && obj == nil {
		bad := undecodable(tree)
		if len(bad) == 0 {
			tb.Fatalf("it can't be decoded, but all of its parts can: %v", err)
		}
		if obj, err = decode(without(tree, "", bad).(map[string]any)); obj == nil {
			tb.Fatalf("even without %v: %v", bad, err)
		}
		for path, why := range bad {
			if len(bad) == 1 || !strings.Contains(why, unreadNumber) {
				v.types[coarse(gvk, plain(path))] = why
			}
		}
	}
	if strict, ok := runtime.AsStrictDecodingError(err); ok {
		for _, err := range strict.Errors() {
			var at json.FieldError
			if !errors.As(err, &at) {
				tb.Fatalf("an error of strict decoding without a path: %v", err)
			}
			v.unknown[coarse(gvk, plain(at.FieldPath()))] = err.Error()
		}
	}
	if len(v.types) > 0 {
		return v
	}
	defer func() { v.panics = recover() != nil }()
	for _, err := range validate(gvk, obj) {
		if path, ok := respell(gvk, tree, plain(err.Field)); ok && err.Detail != withoutAccount {
			v.values[path] = err.Error()
		}
	}
	return v
}

// decode is what the server does with the body of a request: strictly to its
// version, with defaults, and to the form that it validates. The object is nil
// where that is not to be had; with an error for unknown fields there is one.
func decode(tree map[string]any) (runtime.Object, error) {
	body, err := gojson.Marshal(tree)
	if err != nil {
		return nil, err
	}
	info, _ := runtime.SerializerInfoForMediaType(legacyscheme.Codecs.SupportedMediaTypes(), runtime.ContentTypeJSON)
	obj, _, err := legacyscheme.Codecs.DecoderToVersion(info.StrictSerializer, runtime.InternalGroupVersioner).Decode(body, nil, nil)
	if err != nil && !runtime.IsStrictDecodingError(err) {
		return nil, err
	}
	return obj, err
}

// undecodable returns each part of an object that the server can't decode, as
// the server itself names only the first one, and that not always. It decodes
// each part alone, with nothing but its parents around it.
func undecodable(tree map[string]any) map[string]string {
	out := map[string]string{}
	var walk func(v any, path string, wrap func(any) any)
	try := func(v any, path string, wrap func(any) any) {
		part := v
		switch v.(type) {
		case map[string]any:
			part = map[string]any{}
		case []any:
			part = []any{}
		}
		whole := wrap(part).(map[string]any)
		whole["apiVersion"], whole["kind"] = tree["apiVersion"], tree["kind"]
		obj, err := decode(whole)
		switch {
		case err == nil:
			walk(v, path, wrap)
		case obj == nil:
			out[path] = err.Error()
		}
	}
	walk = func(v any, path string, wrap func(any) any) {
		switch v := v.(type) {
		case map[string]any:
			for k, value := range v {
				if path != "" || k != "apiVersion" && k != "kind" {
					try(value, join(path, k), func(x any) any { return wrap(map[string]any{k: x}) })
				}
			}
		case []any:
			for i, value := range v {
				try(value, path+"["+strconv.Itoa(i)+"]", func(x any) any {
					list := make([]any, i+1)
					list[i] = x
					return wrap(list)
				})
			}
		}
	}
	walk(tree, "", func(x any) any { return x })
	return out
}

// without copies a value but for some paths below it; items become null.
func without(v any, path string, some map[string]string) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, value := range v {
			if at := join(path, k); some[at] == "" {
				out[k] = without(value, at, some)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, value := range v {
			if at := path + "[" + strconv.Itoa(i) + "]"; some[at] == "" {
				out[i] = without(value, at, some)
			}
		}
		return out
	}
	return v
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// validate is rest.BeforeCreate and what the handlers do before it. An object
// without a namespace goes to that of the request.
func validate(gvk schema.GroupVersionKind, obj runtime.Object) field.ErrorList {
	strategy := strategies[gvk]
	o, err := meta.Accessor(obj)
	if err != nil {
		return field.ErrorList{field.InternalError(nil, err)}
	}
	rest.WipeObjectMetaSystemFields(o)
	o.SetManagedFields(nil) // the server makes its own
	kept := dedup(o)
	if !strategy.NamespaceScoped() {
		o.SetNamespace("")
	} else if o.GetNamespace() == "" {
		o.SetNamespace("default")
	}
	rest.FillObjectMetaSystemFields(o)
	generated := o.GetName() == "" && o.GetGenerateName() != ""
	if generated {
		o.SetName(strategy.GenerateName(o.GetGenerateName()))
	}
	ctx := klog.NewContext(context.Background(), logr.Discard())
	ctx = request.WithNamespace(ctx, o.GetNamespace())
	plural, _ := meta.UnsafeGuessKindToResource(gvk)
	ctx = request.WithRequestInfo(ctx, &request.RequestInfo{
		IsResourceRequest: true, Verb: "create",
		APIGroup: gvk.Group, APIVersion: gvk.Version, Resource: plural.Resource, Namespace: o.GetNamespace(),
	})
	var errs field.ErrorList
	if s, ok := obj.(*core.Service); ok {
		errs = append(errs, families(s)...)
	}
	capabilities.Setup(true, 0) // as every distribution sets up its server
	strategy.PrepareForCreate(ctx, obj)
	errs = append(errs, strategy.Validate(ctx, obj)...)
	errs = append(errs, apivalidation.ValidateObjectMetaAccessor(o, strategy.NamespaceScoped(), segment, field.NewPath("metadata"))...)
	if s, ok := strategy.(rest.DeclarativeValidationStrategy); ok {
		errs = s.ValidateDeclaratively(ctx, obj, nil, errs, operation.Create, s.DeclarativeValidationConfig(ctx, obj, nil))
	}
	if gvk.Kind == "Namespace" {
		// The server has made a label of the name; what is wrong with that is no
		// news.
		labels := o.GetLabels()
		delete(labels, "kubernetes.io/metadata.name")
		if len(metavalidation.ValidateLabels(labels, nil)) == 0 {
			errs = slices.DeleteFunc(errs, func(err *field.Error) bool { return err.Field == "metadata.labels" })
		}
	}
	return tidy(errs, kept, generated)
}

// segment is the name rule that BeforeCreate holds every kind to.
func segment(name string, prefix bool) []string {
	if prefix {
		return content.IsPathSegmentPrefix(name)
	}
	return content.IsPathSegmentName(name)
}

// tidy gives errors of owners the places that the user gave them, and those of
// a name that the server made to the prefix that it made it of.
func tidy(errs field.ErrorList, owners []int, generated bool) field.ErrorList {
	var out field.ErrorList
	for _, err := range errs {
		if err.Field == "metadata.name" && generated {
			err.Field = "metadata.generateName"
		}
		if rest, ok := strings.CutPrefix(err.Field, "metadata.ownerReferences["); ok {
			number, rest, _ := strings.Cut(rest, "]")
			if i, err2 := strconv.Atoi(number); err2 == nil {
				err.Field = fmt.Sprintf("metadata.ownerReferences[%d]%s", owners[i], rest)
			}
		}
		out = append(out, err)
	}
	return out
}

// dedup is dedupOwnerReferences of the server's handlers. It returns where the
// owners that stay were.
func dedup(o metav1.Object) []int {
	var refs []metav1.OwnerReference
	var kept []int
next:
	for i, ref := range o.GetOwnerReferences() {
		for _, before := range refs {
			if apiequality.Semantic.DeepEqual(before, ref) {
				continue next
			}
		}
		refs, kept = append(refs, ref), append(kept, i)
	}
	o.SetOwnerReferences(refs)
	return kept
}

// nodePorts is initNodePorts of a Service's storage, in a cluster where all
// numbers that a port can have are free.
func nodePorts(s *core.Service) field.ErrorList {
	if s.Spec.Type != core.ServiceTypeNodePort && s.Spec.Type != core.ServiceTypeLoadBalancer {
		return nil
	}
	var errs field.ErrorList
	taken, first := map[int32]bool{}, map[int32]int32{}
	take := func(i int, n int32) {
		if n < 1 || n > 65535 || taken[n] {
			errs = append(errs, field.Invalid(field.NewPath("spec", "ports").Index(i).Child("nodePort"), n, "not to be had"))
		}
		taken[n] = true
	}
	for i, p := range s.Spec.Ports {
		n := p.NodePort
		if first[p.Port] == 0 {
			for _, q := range s.Spec.Ports {
				if n == 0 && q.Port == p.Port {
					n = q.NodePort
				}
			}
			if n != 0 {
				take(i, n)
				first[p.Port] = n
			}
		} else if n != 0 && n != first[p.Port] {
			take(i, n)
		}
	}
	return errs
}

// families is what a Service's storage does before it validates, in a cluster
// that has both families of addresses: normalizeClusterIPs and
// initIPFamilyFields, as far as these don't ask what addresses there are.
func families(s *core.Service) field.ErrorList {
	if s.Spec.ClusterIP != "" && len(s.Spec.ClusterIPs) == 0 {
		s.Spec.ClusterIPs = []string{s.Spec.ClusterIP}
	}
	if s.Spec.Type == core.ServiceTypeExternalName {
		return nil
	}
	headless := s.Spec.ClusterIP == core.ClusterIPNone && len(s.Spec.Selector) == 0
	if s.Spec.IPFamilyPolicy == nil {
		policy := core.IPFamilyPolicySingleStack
		if headless {
			policy = core.IPFamilyPolicyRequireDualStack
		}
		s.Spec.IPFamilyPolicy = &policy
	}
	errs := append(nodePorts(s), corevalidation.ValidateServiceClusterIPsRelatedFields(s, nil)...)
	if s.Spec.Type == core.ServiceTypeLoadBalancer && s.Spec.ExternalTrafficPolicy == core.ServiceExternalTrafficPolicyLocal && s.Spec.HealthCheckNodePort == 0 {
		s.Spec.HealthCheckNodePort = 30000
	}
	if *s.Spec.IPFamilyPolicy == core.IPFamilyPolicySingleStack && (len(s.Spec.ClusterIPs) == 2 || len(s.Spec.IPFamilies) == 2) {
		errs = append(errs, field.Invalid(field.NewPath("spec", "ipFamilyPolicy"), s.Spec.IPFamilyPolicy, "two addresses or families"))
	}
	return errs
}
