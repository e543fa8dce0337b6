package policy

import (
	"strings"

	"github.com/millrace/millrace/internal/schema"
)

// filledIn reports whether a problem is of a value that a workflow fills in,
// or may be gone once it has. Such a value can be judged only then.
func filledIn(tree map[string]any, p schema.Problem) bool {
	if strings.Contains(p.Path, "{{") || p.Rule == schema.RuleMetadata && strings.Contains(p.Detail, "{{") {
		return true
	}
	at := lookup(tree, p.Path)
	if text, ok := at.(string); ok {
		return strings.Contains(text, "{{") || p.Rule == schema.RuleInvalid && mayBeNamed(tree, text)
	}
	if p.Rule != schema.RuleInvalid && p.Rule != schema.RuleForbidden {
		return false
	}
	if template, ok := strings.CutSuffix(p.Path, "template.metadata.labels"); ok && placeholder(lookup(tree, template+"selector")) {
		return true // the selector may yet match
	}
	return placeholder(at)
}

// placeholder reports whether a value has a part that a workflow fills in.
func placeholder(v any) bool {
	return anyText(v, func(_, text string) bool { return strings.Contains(text, "{{") })
}

// mayBeNamed reports whether something may get this name, which is asked for
// elsewhere: a volume of the name "{{…}}".
func mayBeNamed(tree any, name string) bool {
	return anyText(tree, func(key, text string) bool {
		return key == "name" && strings.Contains(text, "{{") && mayBecome(text, name)
	})
}

// mayBecome reports whether a text can be another one once it is filled in.
func mayBecome(text, other string) bool {
	first, text, _ := strings.Cut(text, "{{")
	other, ok := strings.CutPrefix(other, first)
	for ok && text != "" {
		_, text, _ = strings.Cut(text, "}}")
		var literal string
		if literal, text, ok = strings.Cut(text, "{{"); !ok {
			return strings.HasSuffix(other, literal)
		}
		_, other, ok = strings.Cut(other, literal)
	}
	return ok
}

// some reports whether one of the texts in a value is such a one. The key is
// that of the field it stands in, empty for an item and for a key itself.
func anyText(v any, is func(key, text string) bool) bool {
	switch v := v.(type) {
	case map[string]any:
		for k, value := range v {
			text, ok := value.(string)
			if ok && is(k, text) || is("", k) || anyText(value, is) {
				return true
			}
		}
	case []any:
		for _, item := range v {
			if anyText(item, is) {
				return true
			}
		}
	case string:
		return is("", v)
	}
	return false
}
