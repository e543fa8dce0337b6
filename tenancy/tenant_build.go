package tenancy

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
)

// Build checks the tenant and returns its namespace with all that is in it. The
// error is a *millrace.BuildError with every mistake. Build changes nothing and
// keeps no memory in common with the tenant.
func (t *Tenant) Build() (millrace.Parts, error) {
	problems := millrace.Problems{Object: millrace.Ref{Kind: "tenancy.Tenant"}}
	if t == nil {
		problems.Required("", "the tenant is nil: leave it out")
		return millrace.Parts{}, problems.Err()
	}
	problems.Object.Name = t.Name
	quota := t.check(&problems)
	if err := problems.Err(); err != nil {
		return millrace.Parts{}, err
	}
	out := []millrace.Object{t.namespace(quota)}
	if !quota.Unlimited {
		out = append(out, t.resourceQuota(quota))
	}
	out = append(out, t.limitRange())
	out = append(out, t.accounts()...)
	out = append(out, t.policies()...)
	if t.hasQueue() {
		out = append(out, t.Queue.objects(t, quota)...)
	}
	return millrace.Parts{Objects: out}, nil
}

// check reports what is wrong, and returns the quota that holds.
func (t *Tenant) check(problems *millrace.Problems) Quota {
	problems.LabelName("Name", t.Name)
	if strings.HasPrefix(t.Name, "kube-") || t.Name == metav1.NamespaceDefault {
		problems.Invalid("Name", t.Name, "is a namespace of the cluster's own", "give the team one of its own")
	}
	checkMeta(problems, "Labels", t.Labels, "Annotations", t.Annotations)
	checkMeta(problems, "NamespaceLabels", t.NamespaceLabels, "NamespaceAnnotations", t.NamespaceAnnotations)
	t.checkNamespace(problems)
	t.PodSecurity.check(problems)
	t.Access.check(problems)
	t.Network.check(problems)
	quota := t.checkQuota(problems)
	if t.Queue != nil && !t.hasQueue() {
		problems.Required("Queue", "it is nil: leave it out")
	}
	if t.hasQueue() {
		t.Queue.check(t, quota, problems)
	}
	return quota
}

func checkMeta(problems *millrace.Problems, labelsAt string, labels map[string]string, annotationsAt string, annotations map[string]string) {
	problems.Labels(labelsAt, labels)
	problems.Annotations(annotationsAt, annotations)
}

// checkNamespace reports labels of the namespace that fields say, or that
// Labels says as well.
func (t *Tenant) checkNamespace(problems *millrace.Problems) {
	for _, of := range []struct {
		field  string
		labels map[string]string
	}{{"Labels", t.Labels}, {"NamespaceLabels", t.NamespaceLabels}} {
		for _, key := range slices.Sorted(maps.Keys(of.labels)) {
			at := of.field + "[" + key + "]"
			switch {
			case strings.HasPrefix(key, podSecurityPrefix):
				problems.Conflict(at, "PodSecurity says it", "set PodSecurity")
			case key == corev1.LabelMetadataName:
				problems.Conflict(at, "the API server sets it to the name", "leave it out")
			case key == clusterQueueLabel:
				problems.Conflict(at, "Queue says it", "set Queue")
			}
		}
	}
	twice(problems, "NamespaceLabels", t.NamespaceLabels, "Labels", t.Labels)
	twice(problems, "NamespaceAnnotations", t.NamespaceAnnotations, "Annotations", t.Annotations)
	for _, of := range []struct {
		field   string
		account Account
	}{{"Driver", t.Access.Driver}, {"Executor", t.Access.Executor}, {"Workflow", t.Access.Workflow}} {
		twice(problems, "Access."+of.field+".Annotations", of.account.Annotations, "Annotations", t.Annotations)
	}
}

// twice reports keys of a field that one for all objects has, too.
func twice(problems *millrace.Problems, field string, own map[string]string, allField string, all map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(own)) {
		if _, ok := all[key]; ok {
			problems.Conflict(field+"["+key+"]", allField+" has it, too", "set it in one place")
		}
	}
}

const podSecurityPrefix = "pod-security.kubernetes.io/"

// levels are the standards, the laxest first.
var levels = []Level{Privileged, Baseline, Restricted}

var securityVersion = regexp.MustCompile(`^v1\.(0|[1-9][0-9]*)$`)

func (s PodSecurity) check(problems *millrace.Problems) {
	known := true
	for _, of := range []struct {
		field string
		level Level
	}{{"PodSecurity.Enforce", s.Enforce}, {"PodSecurity.Warn", s.Warn}} {
		if of.level != "" && !slices.Contains(levels, of.level) {
			problems.Invalid(of.field, string(of.level), "unknown level", "use tenancy.Restricted, Baseline or Privileged")
			known = false
		}
	}
	if known && slices.Index(levels, s.warn()) < slices.Index(levels, s.enforce()) {
		problems.Conflict("PodSecurity.Warn", "what goes beyond it is refused already", "leave it out, or make it stricter than Enforce")
	}
	if s.Version != "" && s.Version != "latest" && !securityVersion.MatchString(s.Version) {
		problems.Invalid("PodSecurity.Version", s.Version, "not a version of Kubernetes", `use "latest" or "v1.34"`)
	}
}

func (s PodSecurity) enforce() Level { return orDefault(s.Enforce, defaultLevel) }
func (s PodSecurity) warn() Level    { return orDefault(s.Warn, defaultLevel) }

func (s PodSecurity) labels() map[string]string {
	out := map[string]string{podSecurityPrefix + "enforce": string(s.enforce())}
	out[podSecurityPrefix+"audit"] = string(s.warn())
	out[podSecurityPrefix+"warn"] = string(s.warn())
	for _, mode := range []string{"enforce", "audit", "warn"} {
		out[podSecurityPrefix+mode+"-version"] = orDefault(s.Version, "latest")
	}
	return out
}

// meta is the metadata of an object of the tenant.
func (t *Tenant) meta(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: name, Namespace: t.Name, Labels: maps.Clone(t.Labels), Annotations: maps.Clone(t.Annotations)}
}

func (t *Tenant) namespace(quota Quota) *corev1.Namespace {
	ns := &corev1.Namespace{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"}, ObjectMeta: t.meta(t.Name)}
	ns.Namespace = ""
	add(&ns.Labels, t.NamespaceLabels)
	add(&ns.Labels, t.PodSecurity.labels())
	add(&ns.Annotations, t.NamespaceAnnotations)
	if t.hasQueue() {
		t.Queue.mark(ns, quota)
	}
	return ns
}

// add puts all of a map into another one.
func add(to *map[string]string, from map[string]string) {
	if len(from) > 0 && *to == nil {
		*to = make(map[string]string, len(from))
	}
	maps.Copy(*to, from)
}
