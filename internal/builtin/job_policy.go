package builtin

import (
	"slices"
	"strconv"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/internal/schema"
)

// The sizes of a Job's policies.
// Source: Kubernetes 1.37, pkg/apis/batch/validation.
const (
	maxPolicyRules = 20
	maxExitCodes   = 255
	maxConditions  = 20
	maxIndexText   = 64 << 10
)

// podFailurePolicy checks what follows when pods fail.
func (c *checker) podFailurePolicy(s *batchv1.JobSpec) {
	rules := s.PodFailurePolicy.Rules
	c.enter("podFailurePolicy")
	c.atMost("rules", len(rules), maxPolicyRules, "rules")
	c.enter("rules")
	for i := range rules {
		r := &rules[i]
		c.item(i)
		switch r.Action {
		case "":
			c.required("action", "use FailJob, FailIndex, Ignore or Count")
		case batchv1.PodFailurePolicyActionFailIndex:
			if s.BackoffLimitPerIndex == nil {
				c.problem("action", schema.RuleInvalid, "is FailIndex without a backoffLimitPerIndex", "set it, or use FailJob")
			}
		default:
			among(c, "action", r.Action, batchv1.PodFailurePolicyActionCount, batchv1.PodFailurePolicyActionFailIndex, batchv1.PodFailurePolicyActionFailJob, batchv1.PodFailurePolicyActionIgnore)
		}
		switch codes, conditions := r.OnExitCodes != nil, len(r.OnPodConditions) > 0; {
		case codes && conditions:
			c.problem("", schema.RuleInvalid, "has both onExitCodes and onPodConditions", "make two rules of it")
		case !codes && !conditions:
			c.problem("", schema.RuleInvalid, "has neither onExitCodes nor onPodConditions", "set one of them")
		}
		if r.OnExitCodes != nil {
			c.enter("onExitCodes")
			c.exitCodes(r.OnExitCodes, &s.Template.Spec)
			c.leave()
		}
		c.podConditions(r.OnPodConditions)
		c.leave()
	}
	c.leave()
	c.leave()
}

func (c *checker) exitCodes(e *batchv1.PodFailurePolicyOnExitCodesRequirement, s *corev1.PodSpec) {
	if e.Operator == "" {
		c.required("operator", "use In or NotIn")
	} else {
		among(c, "operator", e.Operator, batchv1.PodFailurePolicyOnExitCodesOpIn, batchv1.PodFailurePolicyOnExitCodesOpNotIn)
	}
	if name := e.ContainerName; name != nil {
		named := func(c corev1.Container) bool { return c.Name == *name }
		if !slices.ContainsFunc(s.Containers, named) && !slices.ContainsFunc(s.InitContainers, named) {
			c.problem("containerName", schema.RuleInvalid, "is "+show(*name)+", which is no container of the template", "name one")
		}
	}
	if len(e.Values) == 0 {
		c.problem("values", schema.RuleInvalid, "is empty", "write the exit codes")
	}
	c.atMost("values", len(e.Values), maxExitCodes, "codes")
	if !slices.IsSorted(e.Values) {
		c.problem("values", schema.RuleInvalid, "is not in order", "sort them, the smallest first")
	}
	var seen set[int32]
	c.enter("values")
	for i, code := range e.Values {
		c.item(i)
		if code == 0 && e.Operator == batchv1.PodFailurePolicyOnExitCodesOpIn {
			c.problem("", schema.RuleInvalid, "is 0, which is no failure", takeItOut)
		}
		if !seen.addNew(code) {
			c.duplicate("", code)
		}
		c.leave()
	}
	c.leave()
}

func (c *checker) podConditions(conditions []batchv1.PodFailurePolicyOnPodConditionsPattern) {
	c.atMost("onPodConditions", len(conditions), maxConditions, "conditions")
	each(c, "onPodConditions", conditions, func(o *batchv1.PodFailurePolicyOnPodConditionsPattern) {
		c.labelKey("type", string(o.Type))
		amongOrEmpty(c, "status", o.Status, corev1.ConditionFalse, corev1.ConditionTrue, corev1.ConditionUnknown)
	})
}

// successPolicy checks which indexes are enough.
func (c *checker) successPolicy(s *batchv1.JobSpec) {
	rules := s.SuccessPolicy.Rules
	c.enter("successPolicy")
	if len(rules) == 0 {
		c.required("rules", "add a rule")
	}
	c.atMost("rules", len(rules), maxPolicyRules, "rules")
	each(c, "rules", rules, func(r *batchv1.SuccessPolicyRule) { c.successRule(r, s.Completions) })
	c.leave()
}

func (c *checker) successRule(r *batchv1.SuccessPolicyRule, completions *int32) {
	if r.SucceededCount == nil && r.SucceededIndexes == nil {
		c.missing("", "has neither succeededCount nor succeededIndexes", "set one of them")
	}
	if completions == nil {
		return // Which is reported.
	}
	total := int32(0)
	if text := r.SucceededIndexes; text != nil {
		if n := len(*text); n > maxIndexText {
			c.bounds("succeededIndexes", *text, "at most 65536 characters long")
		}
		var must string
		if total, must = countIndexes(*text, *completions); must != "" {
			c.invalid("succeededIndexes", *text, must, `write it as in "1,3-5,7"`)
		}
	}
	if count := r.SucceededCount; count != nil {
		c.notNegative("succeededCount", int64(*count))
		if *count > *completions {
			c.bounds("succeededCount", *count, "at most the completions, "+show(*completions))
		}
		if r.SucceededIndexes != nil && *count > total {
			c.bounds("succeededCount", *count, "at most the number of succeededIndexes, "+show(total))
		}
	}
}

// countIndexes counts what "1,3-5,7" stands for, or tells what it must be.
func countIndexes(text string, completions int32) (total int32, must string) {
	if text == "" {
		return 0, ""
	}
	last, first := 0, true
	for part := range strings.SplitSeq(text, ",") {
		from, to, ranged := strings.Cut(part, "-")
		x, err := strconv.Atoi(from)
		y := x
		if err == nil && ranged {
			y, err = strconv.Atoi(to)
		}
		switch {
		case err != nil:
			return 0, "be numbers, and ranges of them"
		case x >= int(completions) || y >= int(completions):
			return 0, "be below the completions, " + show(completions)
		case ranged && x >= y || !first && last >= x:
			return 0, "rise"
		}
		total += int32(y) - int32(x) + 1
		last, first = y, false
	}
	return total, ""
}
