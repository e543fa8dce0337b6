package schema

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sync"
)

// rule is a CEL rule of a CRD, ported to Go. The server's rules are texts; two
// of the same text are one rule here.
type rule struct {
	// ID is stable: "strimzi/rack-topology-key".
	ID string

	// Digest is that of the CEL text, see Digest, so that a new version of the
	// rule can't pass for the ported one.
	Digest string

	// Detail says what is wrong where the rule is broken, Fix what to do.
	Detail, Fix string

	// holds tells whether a value of the right type keeps the rule. Where the
	// CEL text runs into an error, it doesn't. It takes any other value too,
	// without a panic; its answer is then not used.
	holds func(any) bool
}

// transitions are the digests of rules that compare with the object before,
// which say nothing about a new object: NodePools don't change between static
// and dynamic, nor the group and kind of their class, and a ComputeClass doesn't
// change whether it is in the mode of Autopilot.
var transitions = []string{"ba3785a73a84", "941736dc91ef", "54871a1cded8", "d7525c28da06", "f4f4adcfb233"}

// rules are all ported rules, by id.
var rules = sync.OnceValue(func() map[string]*rule {
	out := map[string]*rule{}
	for _, list := range [][]rule{strimziRules, karpenterRules, kedaRules, classRules, selectorRules, argoRules, computeClassRules} {
		for i := range list {
			out[list[i].ID] = &list[i]
		}
	}
	return out
})

// Rule describes a rule, for the table of all rules: what is wrong where it is
// broken, and what to do.
type Rule struct{ ID, Detail, Fix string }

// General returns the rules that are no kind's own. What to do depends on the
// field, and stands in the problem.
func General() []Rule {
	return []Rule{
		{RuleRequired, "a field that must be set is missing", "set it"},
		{RuleUnknown, "a field that the object doesn't have: the server refuses it, or drops it without a word", "correct the name, or take it out"},
		{RuleType, "a value of another type than the field's", "write one of the right type"},
		{RuleEnum, "a value that is none of those that the field takes", "use one of them"},
		{RulePattern, "a text that the field's pattern doesn't match", "write it as the pattern demands"},
		{RuleFormat, "a text that isn't of the field's format: a duration, a quantity, a time", "write it in that format"},
		{RuleBounds, "a number, or the length of a text or list, that is too small or too large", "stay within the bounds"},
		{RuleDuplicate, "an item that is there twice", "take one of them out, or rename it"},
		{RuleOneOf, "none, or more than one, of fields that exclude each other", "keep one of them"},
		{RuleMetadata, "a name, label, annotation, owner or finalizer that no object can have", "correct it"},
		{RuleKind, "another kind or version than the schema's", "correct apiVersion and kind"},
		{RuleInvalid, "a value that Kubernetes refuses for its own kinds, by itself or beside others", "correct it"},
		{RuleForbidden, "a field that must not be set here", "take it out"},
		{RuleRemoved, "a version of a kind that no server has any more", "move to the version that is named"},
		{RuleTooMany, "more problems than are listed", "mend the others first"},
	}
}

// Rules returns the rules ported from CEL, sorted by id.
func Rules() []Rule {
	var out []Rule
	for _, r := range rules() {
		out = append(out, Rule{r.ID, r.Detail, r.Fix})
	}
	slices.SortFunc(out, func(a, b Rule) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return out
}

// RuleOf returns the id of the rule that stands for a CEL text, empty for a
// text that needs none, and false for one that isn't ported.
func RuleOf(text string) (id string, ok bool) {
	digest := Digest(text)
	if slices.Contains(transitions, digest) {
		return "", true
	}
	for _, r := range rules() {
		if r.Digest == digest {
			return r.ID, true
		}
	}
	return "", false
}

// Digest tells CEL texts apart.
func Digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}

// The words of CEL that the rules use. A null is as good as nothing: the
// server drops it before.

func has(v any, name string) bool {
	m, _ := v.(map[string]any)
	return m[name] != nil
}

func hasAny(v any, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return has(v, name) })
}

// text is the string of that name, "" without one.
func text(v any, name string) string {
	m, _ := v.(map[string]any)
	s, _ := m[name].(string)
	return s
}

func object(v any, name string) map[string]any {
	m, _ := v.(map[string]any)
	out, _ := m[name].(map[string]any)
	return out
}

func items(v any, name string) []any {
	m, _ := v.(map[string]any)
	out, _ := m[name].([]any)
	return out
}

// whole is the integer of that name, and false without one. A number that came
// with a point is none: CEL runs into an error there.
func whole(v any, name string) (int64, bool) {
	m, _ := v.(map[string]any)
	switch n := m[name].(type) {
	case int64:
		return n, true
	case int:
		return int64(n), true
	case int32:
		return int64(n), true
	}
	return 0, false
}

// less compares two integers.
func less(v any, one, other string) bool {
	a, ok := whole(v, one)
	b, also := whole(v, other)
	return ok && also && a < b
}

// all tells whether each item of a list does.
func all(does func(any) bool) func(any) bool {
	return func(v any) bool {
		list, _ := v.([]any)
		for _, item := range list {
			if !does(item) {
				return false
			}
		}
		return true
	}
}

func exists(does func(any) bool) func(any) bool {
	return func(v any) bool {
		list, _ := v.([]any)
		return slices.ContainsFunc(list, does)
	}
}

func not(does func(any) bool) func(any) bool {
	return func(v any) bool { return !does(v) }
}

// allKeys tells whether each key of a map does.
func allKeys(does func(string) bool) func(any) bool {
	return func(v any) bool {
		m, _ := v.(map[string]any)
		for k, value := range m {
			if value != nil && !does(k) {
				return false
			}
		}
		return true
	}
}

// never is what no key of a map may be.
func never(word string) func(any) bool {
	return allKeys(func(k string) bool { return k != word })
}
