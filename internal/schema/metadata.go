package schema

import "strings"

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
		c.malformed("name", name, subdomain(name), "a DNS name: letters in lower case, digits, '-' and '.', at most 253")
	case generate == "" && (m["name"] == nil || m["name"] == ""):
		c.missing("name")
	}
	if generate != "" {
		c.malformed("generateName", generate, subdomain(prefix(generate)), "the beginning of a DNS name: letters in lower case, digits, '-' and '.'")
	}
	if namespace, _ := m["namespace"].(string); s.namespaced && namespace != "" {
		c.malformed("namespace", namespace, dnsLabel(namespace), "a DNS label: letters in lower case, digits and '-', at most 63")
	}
	c.checkLabels(m)
	c.checkOwners(m)
	c.checkFinalizers(m)
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
		if !ok && item != nil {
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
			if v == "v1" && owner["kind"] == "Event" {
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

func (c *checker) checkFinalizers(m map[string]any) {
	finalizers, _ := m["finalizers"].([]any)
	orphan, foreground := false, false
	for _, item := range finalizers {
		f, ok := item.(string)
		if !ok && item != nil {
			continue
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
