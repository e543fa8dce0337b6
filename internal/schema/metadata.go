package schema

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// metadata is the schema of ObjectMeta, which no CRD has: the server decodes
// it into a Go struct, where null is as good as nothing.
var metadata = func() *node {
	text := &node{types: tString, nullable: true, maxProps: -1}
	whole := &node{types: tInteger, nullable: true, maxProps: -1, number: &numberRule{bits: 64}}
	truth := &node{types: tBoolean, nullable: true, maxProps: -1}
	moment := &node{types: tString, nullable: true, maxProps: -1, text: &textRule{format: strict, min: -1, max: -1}}
	words := &node{types: tObject, nullable: true, maxProps: -1, extra: text}
	list := func(items *node) *node {
		return &node{types: tArray, nullable: true, maxProps: -1, items: items}
	}
	object := func(fields map[string]*node) *node {
		n := &node{types: tObject, nullable: true, maxProps: -1, props: map[string]field{}}
		for name, f := range fields {
			n.props[name] = field{node: f}
		}
		n.table = newFieldTable(n.props)
		return n
	}
	return object(map[string]*node{
		"name": text, "generateName": text, "namespace": text, "selfLink": text, "uid": text, "resourceVersion": text,
		"generation": whole, "deletionGracePeriodSeconds": whole,
		"creationTimestamp": moment, "deletionTimestamp": moment,
		"labels": words, "annotations": words, "finalizers": list(text),
		"ownerReferences": list(object(map[string]*node{
			"apiVersion": text, "kind": text, "name": text, "uid": text, "controller": truth, "blockOwnerDeletion": truth,
		})),
		"managedFields": list(&node{types: tObject, nullable: true, preserve: true, maxProps: -1}),
	})
}()

// maxAnnotations is the size of all annotations together, of apimachinery's
// TotalAnnotationSizeLimitB.
const maxAnnotations = 256 << 10

// checkMetadata holds names, labels and the like to their forms. Types are the
// schema's to check: what has the wrong one is passed over.
func (s *Schema) checkMetadata(c *checker, value any) {
	m, ok := value.(map[string]any)
	if !ok && value != nil {
		return
	}
	c.push(step{key: "metadata"})
	defer c.pop()
	name, _ := m["name"].(string)
	generate, _ := m["generateName"].(string)
	switch {
	case name != "":
		c.malformed("name", name, s.names.holds(name, false), s.names.String())
	case generate == "" && (m["name"] == nil || m["name"] == "") && !s.nameless:
		c.missing("name")
	}
	if generate != "" {
		ok := s.names.holds(generate, true) && (name != "" || s.names.holds(made(generate), false))
		c.malformed("generateName", generate, ok, "the beginning of "+s.names.String())
	}
	if namespace, _ := m["namespace"].(string); s.namespaced && namespace != "" {
		c.malformed("namespace", namespace, dnsLabel(namespace), Label.String())
	}
	if s.generation {
		n, _ := m["generation"].(int64)
		f, _ := m["generation"].(float64)
		if n < 0 || f < 0 {
			c.reportAt("generation", RuleBounds, "is "+show(m["generation"])+", must be at least 0", "leave it out: the server counts")
		}
	}
	c.checkLabels(m)
	c.checkOwners(m)
	c.checkFinalizers(m, s.strict)
}

// CheckMetadata is the part of Check about metadata, of an object that is a Go
// struct.
func (s *Schema) CheckMetadata(o metav1.Object, report func(Problem)) {
	texts := func(in map[string]string) map[string]any {
		out := make(map[string]any, len(in))
		for k, v := range in {
			out[k] = v
		}
		return out
	}
	var owners, finalizers []any
	for _, ref := range o.GetOwnerReferences() {
		owner := map[string]any{"apiVersion": ref.APIVersion, "kind": ref.Kind, "name": ref.Name, "uid": string(ref.UID)}
		for name, set := range map[string]*bool{"controller": ref.Controller, "blockOwnerDeletion": ref.BlockOwnerDeletion} {
			if set != nil {
				owner[name] = *set
			}
		}
		owners = append(owners, owner)
	}
	for _, f := range o.GetFinalizers() {
		finalizers = append(finalizers, f)
	}
	c := checkers.Get().(*checker)
	defer c.release()
	s.checkMetadata(c, map[string]any{
		"name": o.GetName(), "generateName": o.GetGenerateName(), "namespace": o.GetNamespace(), "generation": o.GetGeneration(),
		"labels": texts(o.GetLabels()), "annotations": texts(o.GetAnnotations()), "ownerReferences": owners, "finalizers": finalizers,
	})
	c.deliver(report)
}

func (c *checker) malformed(name, value string, ok bool, want string) {
	if !ok {
		c.reportAt(name, RuleMetadata, "is "+show(value)+", must be "+want, "write it so")
	}
}

const qualified = "letters, digits, '-', '_' and '.', at most 63, after a DNS name and '/' if you like"

func (c *checker) checkLabels(m map[string]any) {
	labels, _ := m["labels"].(map[string]any)
	for key, value := range labels {
		if !qualifiedName(key, false) {
			c.malformed("labels", key, false, "a label key: "+qualified)
		}
		if v, _ := value.(string); !labelValue(v) {
			c.malformed("labels", v, false, "a label value: letters, digits, '-', '_' and '.', at most 63")
		}
	}
	annotations, _ := m["annotations"].(map[string]any)
	size := 0
	for key, value := range annotations {
		v, _ := value.(string)
		size += len(key) + len(v)
		if !qualifiedName(key, true) {
			c.malformed("annotations", key, false, "an annotation key: "+qualified)
		}
	}
	if size > maxAnnotations {
		c.push(step{key: "annotations"})
		c.tooMany(size, maxAnnotations, "bytes")
		c.pop()
	}
}

func (c *checker) checkOwners(m map[string]any) {
	owners, _ := m["ownerReferences"].([]any)
	controllers := 0
	for i, item := range owners {
		owner, ok := item.(map[string]any)
		if !ok && item != nil || again(owners[:i], owner) {
			continue
		}
		c.push(step{key: "ownerReferences"})
		c.push(step{index: i + 1})
		for _, name := range [...]string{"apiVersion", "kind", "name", "uid"} {
			if v := owner[name]; v == nil || v == "" {
				c.missing(name)
			}
		}
		if v, _ := owner["apiVersion"].(string); v != "" {
			_, version, slash := strings.Cut(v, "/")
			c.malformed("apiVersion", v, strings.Count(v, "/") <= 1 && (!slash || version != ""), "a group and a version")
			if (v == "v1" || v == "/v1") && owner["kind"] == "Event" {
				c.report(RuleMetadata, "is an Event", "name an owner that lasts")
			}
		}
		if owner["controller"] == true {
			controllers++
		}
		c.pop()
		c.pop()
	}
	if controllers > 1 {
		c.reportAt("ownerReferences", RuleMetadata, "has more than one controller", "keep one")
	}
}

// again tells whether an owner is among those before it. The server drops such
// a one.
func again(before []any, owner map[string]any) bool {
	for _, item := range before {
		b, ok := item.(map[string]any)
		if !ok && item != nil {
			continue
		}
		equal := true
		for _, name := range [...]string{"uid", "name", "kind", "apiVersion", "controller", "blockOwnerDeletion"} {
			v, w := owner[name], b[name]
			equal = equal && (same(v, w, false, 0) || (v == nil || v == "") && (w == nil || w == ""))
		}
		if equal {
			return true
		}
	}
	return false
}

// checkFinalizers holds finalizers to their form. Those of Kubernetes' own
// kinds, strict, have a domain, but for the server's.
func (c *checker) checkFinalizers(m map[string]any, strict bool) {
	finalizers, _ := m["finalizers"].([]any)
	orphan, foreground := false, false
	for i, item := range finalizers {
		f, ok := item.(string)
		if !ok && item != nil {
			continue
		}
		if strict && !strings.Contains(f, "/") && f != "kubernetes" && f != "orphan" && f != "foregroundDeletion" {
			c.push(step{key: "finalizers"})
			c.push(step{index: i + 1})
			c.report(RuleMetadata, "is "+show(f)+", must have a domain", "write example.com/"+f)
			c.pop()
			c.pop()
		}
		c.malformed("finalizers", f, qualifiedName(f, false), "a finalizer: "+qualified)
		orphan = orphan || f == "orphan"
		foreground = foreground || f == "foregroundDeletion"
	}
	if orphan && foreground {
		c.reportAt("finalizers", RuleMetadata, "has both orphan and foregroundDeletion", "keep one of them")
	}
}

// checkReplicas holds the field that the scale subresource reads to what it
// can be: a whole number of 32 bits that isn't negative.
func (s *Schema) checkReplicas(c *checker, obj map[string]any) {
	if len(s.replicas) == 0 {
		return
	}
	var v any = obj
	for i, name := range s.replicas {
		m, ok := v.(map[string]any)
		if !ok {
			if v != nil || i == 0 {
				c.replicas(s.replicas, v)
			}
			return
		}
		if v, ok = m[name]; !ok || v == nil {
			return
		}
	}
	if n, ok := v.(int64); !ok || n < 0 || n != int64(int32(n)) {
		c.replicas(s.replicas, v)
	}
}

func (c *checker) replicas(path []string, v any) {
	c.reportAt(strings.Join(path, "."), RuleBounds, "is "+show(v)+", must be a whole number from 0 to 2147483647", "write such a number, without a point")
}
