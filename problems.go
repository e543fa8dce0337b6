package millrace

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/validate/content"
)

// Problems collects the mistakes of one builder, so that all of them are
// reported at once. It is for those who write builders: make one with the
// builder's Ref, call its methods for what is wrong, return its Err.
//
// Fields are named as the user wrote them: "Driver.Memory", "Tasks[2].After[0]".
// The zero value reports under an empty Ref. Not safe for concurrent use.
type Problems struct {
	// Object is whom the mistakes belong to.
	Object Ref

	found []Finding
	// nested are the findings of builders inside of this one, as they made them,
	// by their places among those found.
	nested map[int]Finding
}

// Add reports a mistake under a rule of the builder's own or one of the
// Rule… constants.
func (p *Problems) Add(rule, field, detail, fix string) {
	p.found = append(p.found, Finding{Rule: rule, Object: p.Object, Field: field, Detail: detail, Fix: fix})
}

// Required reports an empty field that must be set.
func (p *Problems) Required(field, fix string) {
	p.Add(RuleRequired, field, "is required", fix)
}

// Invalid reports a value that the field can't take.
func (p *Problems) Invalid(field string, value any, why, fix string) {
	p.Add(RuleInvalid, field, fmt.Sprintf("%s: %s", quote(value), why), fix)
}

// Conflict reports two settings that exclude each other.
func (p *Problems) Conflict(field, detail, fix string) {
	p.Add(RuleConflict, field, detail, fix)
}

// Unsupported reports what the target or provider can't express.
func (p *Problems) Unsupported(field, detail, fix string) {
	p.Add(RuleUnsupported, field, detail, fix)
}

// Name checks the name of an object: a DNS subdomain of at most 253
// characters. An empty one is reported as required.
func (p *Problems) Name(field, name string) {
	switch {
	case name == "":
		p.Required(field, "give it a name")
	case len(content.IsDNS1123Subdomain(name)) > 0:
		p.Invalid(field, name, "not a DNS name", "use at most 253 lower-case letters, digits, '-' and '.', with a letter or digit at both ends")
	}
}

// LabelName checks a name that Kubernetes also uses as a label or a host
// name: at most 63 lower-case letters, digits and dashes.
func (p *Problems) LabelName(field, name string) {
	switch {
	case name == "":
		p.Required(field, "give it a name")
	case len(content.IsDNS1123Label(name)) > 0:
		p.Invalid(field, name, "not a DNS label", "use at most 63 lower-case letters, digits and '-', with a letter or digit at both ends")
	}
}

// Namespace checks a namespace; an empty one is left to the caller.
func (p *Problems) Namespace(field, namespace string) {
	if namespace != "" {
		p.LabelName(field, namespace)
	}
}

// Labels checks the keys and values of labels or of a node selector.
func (p *Problems) Labels(field string, labels map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		at := field + "[" + key + "]"
		p.LabelKey(at, key)
		p.LabelValue(at, labels[key])
	}
}

// LabelKey checks the key of a label or a taint.
func (p *Problems) LabelKey(field, key string) {
	if len(content.IsLabelKey(key)) > 0 {
		p.Invalid(field, key, "not a label key", labelKeyFix)
	}
}

// LabelValue checks the value of a label or a taint; it may be empty.
func (p *Problems) LabelValue(field, value string) {
	if len(content.IsLabelValue(value)) > 0 {
		p.Invalid(field, value, "not a label value", "use at most 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends")
	}
}

// Annotations checks the keys of annotations; their values are free.
func (p *Problems) Annotations(field string, annotations map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(annotations)) {
		if len(content.IsLabelKey(strings.ToLower(key))) > 0 {
			p.Invalid(field+"["+key+"]", key, "not an annotation key", labelKeyFix)
		}
	}
}

const labelKeyFix = "use an optional DNS name and '/', then at most 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends"

// Nested takes over the mistakes of a builder that lies inside this one at
// field: they are reported under this builder's name, with field before
// their own.
func (p *Problems) Nested(field string, err error) {
	for _, f := range findingsIn(err, p.Object) {
		if p.nested == nil {
			p.nested = make(map[int]Finding)
		}
		p.nested[len(p.found)] = f
		f.Object = p.Object
		f.Field = joinField(field, f.Field)
		p.found = append(p.found, f)
	}
}

// Err returns a *BuildError with everything that was reported, or nil.
func (p *Problems) Err() error {
	if len(p.found) == 0 {
		return nil
	}
	return &BuildError{Findings: slices.Clone(p.found), nested: maps.Clone(p.nested)}
}

// joinField joins two parts of a field's path.
func joinField(outer, inner string) string {
	if outer == "" || inner == "" || strings.HasPrefix(inner, "[") {
		return outer + inner
	}
	return outer + "." + inner
}

// quote writes a value as a finding shows it: strings quoted, and cut where
// they are too long to be read on a line.
func quote(value any) string {
	const most = 80
	s, ok := value.(string)
	if !ok {
		return fmt.Sprint(value)
	}
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
