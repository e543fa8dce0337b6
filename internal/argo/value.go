package argo

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace/internal/closest"
)

// values checks what stands alone: each value against what Argo reads there.
func (c *checker) values() {
	f := &fields{checker: c, conditions: make(map[string]parsed)}
	f.cron()
	f.workflow()
	c.templates(f.template)
	f.size()
}

// fields looks at each field for itself, and at the fields of one template
// together.
type fields struct {
	*checker
	// volumes are those of the workflow and its claims, by their names.
	volumes map[string]bool
	// conditions are those that were read already.
	conditions map[string]parsed
	// tokenSaid is set when it was said that the workflow's pods lack a token.
	tokenSaid bool
}

// alone reports whether the workflow is run as it is. Templates that others
// refer to run with the volumes and accounts of these others.
func (f *fields) alone() bool {
	return f.Kind == "Workflow" || f.Kind == "CronWorkflow"
}

// defaults are the templateDefaults, which complete every template; an empty
// template if there are none.
func (f *fields) defaults() *wfv1.Template {
	if f.Spec.TemplateDefaults == nil {
		return &wfv1.Template{}
	}
	return f.Spec.TemplateDefaults
}

// nameAtRunTime puts a word in the place of what a template is given before it
// runs, for names that may hold it.
func nameAtRunTime(name string) string {
	return putForTags(name, func(tag string) string {
		if substituted(tag) && nameTag.MatchString(tag) {
			return "x"
		}
		return tag
	})
}

// nameTag matches expressions, and references to one value that a template is
// given: not to lists, nor to what is only known later.
var nameTag = regexp.MustCompile(`^{{(=|\s*(inputs\.parameters\.\w|pod\.|retries|lastRetry\.|` +
	`workflow\.((parameters|labels|annotations)\.([^j}]|j[^s}])|name|uid|mainEntrypoint|serviceAccountName|status|priority)))`)

// shown shows a value in a message. It leaves the end of long ones out.
func shown(value string) string {
	const most = 60
	if len(value) > most {
		value = strings.ToValidUTF8(value[:most], "") + "…"
	}
	return strconv.Quote(value)
}

// oneOf reports a word that is none of the known ones. None is fine.
func oneOf[T ~string](f *fields, rule, path, field string, value T, known ...T) {
	text := string(value)
	if value == "" || hasTag(text) || slices.Contains(known, value) {
		return
	}
	words := make([]string, len(known))
	for i, k := range known {
		words[i] = string(k)
	}
	fix := "use one of " + strings.Join(words, ", ")
	if near, ok := closest.Name(text, slices.Values(words)); ok {
		fix = "write " + near
	}
	f.report(rule, path+field, fix, "Argo knows no %s", shown(text))
}

const aDuration = `write seconds as "30", or a duration as "1m30s"`

// seconds reads a duration as Argo does that takes seconds for granted. It
// reports one that Argo can't read, or that is negative; none is not ok.
func (f *fields) seconds(rule, path, field, value string) (d time.Duration, ok bool) {
	if value == "" || hasTag(value) {
		return 0, false
	}
	d, err := wfv1.ParseStringToDuration(value)
	switch {
	case err != nil:
		f.report(rule, path+field, aDuration, "%s is no duration", shown(value))
	case d < 0:
		f.report(rule, path+field, aDuration, "%s is negative", shown(value))
	default:
		return d, true
	}
	return 0, false
}

// duration reports a duration that Argo can't read that wants a unit, or that
// is negative. None is fine.
func (f *fields) duration(rule, path, field, value string) {
	if value == "" || hasTag(value) {
		return
	}
	const fix = `write it with a unit, as "90s" or "1h30m"`
	d, err := time.ParseDuration(value)
	_, number := strconv.Atoi(value)
	switch {
	case number == nil:
		f.report(rule, path+field, fix, "%s has no unit", shown(value))
	case err != nil:
		f.report(rule, path+field, fix, "%s is no duration", shown(value))
	case d < 0:
		f.report(rule, path+field, fix, "%s is negative", shown(value))
	}
}

// number reads a number that may be a text. It reports one that Argo can't
// read, and one below the least.
func (f *fields) number(rule, path, field string, value *intstr.IntOrString, least int, why string) {
	if value == nil || value.Type == intstr.String && hasTag(value.StrVal) {
		return
	}
	n := int(value.IntVal)
	if value.Type == intstr.String {
		var err error
		if n, err = strconv.Atoi(value.StrVal); err != nil {
			f.report(rule, path+field, "write a whole number", "%s is no whole number", shown(value.StrVal))
			return
		}
	}
	if n < least {
		f.report(rule, path+field, fmt.Sprintf("use %d or more", least), "it is %d: %s", n, why)
	}
}

// atLeast reports a number that is set and below the least.
func atLeast[N int32 | int64](f *fields, rule, path, field string, value *N, least N, why string) {
	if value != nil && *value < least {
		f.report(rule, path+field, fmt.Sprintf("use %d or more, or take it out", least), "it is %d: %s", *value, why)
	}
}
