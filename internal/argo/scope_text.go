package argo

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// strings checks every text of a value against its scope.
func (r *resolver) strings(at *place, s *scope, v any) {
	r.walker.visit = func(at *place, kind textKind, text string) { r.text(at, s, kind, text) }
	r.walker.walk(at, plainText, reflect.ValueOf(v))
}

func (r *resolver) text(at *place, s *scope, kind textKind, text string) {
	tagged := hasTag(text)
	if kind == plainText && !tagged {
		return
	}
	if tagged {
		if bad := r.tags(at, s, text); bad {
			return
		}
	}
	switch kind {
	case wholeTag:
		if !tagged {
			r.simpleTag(at, s, strings.TrimSpace(text))
		}
	case anyExpr:
		r.fieldExpression(at, s, text, false)
	case boolExpr:
		r.fieldExpression(at, s, text, true)
	case retryExpr:
		r.fieldExpression(at, &scope{tmpl: s.tmpl, retries: true, asker: anyone, only: []string{"retries", "lastRetry"}}, text, true)
	case dataExpr:
		r.fieldExpression(at, s.knowing("data"), text, false)
	case httpExpr:
		r.fieldExpression(at, s.knowing("request", "response"), text, true)
	case condition:
		r.condition(at, text, s.cron)
	case listText:
		r.jsonList(at, text)
	default:
	}
}

// knowing is the scope with some more words.
func (s *scope) knowing(words ...string) *scope {
	more := *s
	more.extra = append(slices.Clone(s.extra), words...)
	return &more
}

// tags checks the tags of a text, and reports whether one of them is broken
// in a way that leaves nothing to judge of the rest.
func (r *resolver) tags(at *place, s *scope, text string) (broken bool) {
	for from := 0; ; {
		t, ok := nextTag(text, from)
		if !ok {
			return broken
		}
		from = t.end
		if t.open {
			return r.openTag(at, s, t) || broken
		}
		if e, ok := t.expression(); ok {
			broken = r.expression(at, s, e) || broken
			continue
		}
		inner := strings.TrimSpace(t.text)
		switch i := strings.LastIndex(inner, "{{"); {
		case i >= 0: // {{inputs.parameters.{{item}}}}: what comes of it is not known
			r.simpleTag(at, s, strings.TrimSpace(inner[i+2:]))
			if strings.ContainsFunc(inner[:i], notInTag) || strings.Count(text[t.start:], "{{") > strings.Count(text[t.start:], "}}") {
				return r.openTag(at, s, t) || broken
			}
		case strings.HasPrefix(inner, "="):
			r.report(RuleExpression, at.String(), "write {{= without a space between", "{{%s}} is no expression, and stays as it is", t.text)
		default:
			r.simpleTag(at, s, inner)
		}
	}
}

// notInTag: what no tag has, and so stands behind one that was not closed.
func notInTag(c rune) bool { return c != '.' && c != '[' && c != ']' && !isWordRune(c) }

// openTag reports a tag without an end. Argo takes all that follows in the JSON
// of a template or task for it, and refuses the workflow where it finds no end
// at all.
func (r *resolver) openTag(at *place, s *scope, t tag) bool {
	word := strings.TrimSpace(t.text)
	if end := strings.IndexFunc(word, func(c rune) bool { return !isWordRune(c) }); end > 0 {
		word = word[:end]
	}
	if !Root(word) && !strings.HasPrefix(t.text, "=") && !s.loose && (s.graph == nil || s.asker == anyone) {
		return false // of another template language
	}
	r.report(RuleReference, at.String(), "close it with }}", "a tag begins here that never ends: {{%s", shorten(t.text))
	return true
}

func shorten(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

// simpleTag resolves what stands between the braces.
func (r *resolver) simpleTag(at *place, s *scope, text string) {
	parts := strings.Split(text, ".")
	alone := len(parts) == 1 && text != "item" && text != "retries"
	if Root(parts[0]) && !alone {
		if bad := r.reference(s, parts, false); !bad.none() {
			r.report(RuleReference, at.String(), bad.fix, "{{%s}} resolves to nothing: %s", text, bad.detail)
		}
		return
	}
	switch root := s.misspelt(text); {
	case slices.Contains(s.extra, parts[0]):
	case root != "":
		r.report(RuleReference, at.String(), "did you mean "+root+"?", "{{%s}} is nothing that Argo resolves", text)
	case s.loop != nil && !s.own:
		r.report(RuleReference, at.String(), "hand it in where there is no loop", "{{%s}} is nothing that Argo resolves, and a task with a loop must not have such a tag", text)
	case s.cron:
		r.report(RuleReference, at.String(), "use cronworkflow.", "{{%s}} is not known to a CronWorkflow", text)
	}
}

// jsonList checks that a text can be a JSON list, whatever its tags stand for.
func (r *resolver) jsonList(at *place, text string) {
	for _, candidate := range []string{"[]", "1", "a", `"a"`} {
		filled, n := replaceTags(text, func(int, tag) string { return candidate })
		var items []wfv1.Item
		if json.Unmarshal([]byte(filled), &items) == nil {
			return
		}
		if n == 0 {
			break
		}
	}
	r.report(RuleExpression, at.String(), "a JSON list, or a tag that becomes one", "%s is no JSON list", quoted(text))
}
