package workflow

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// none reports whether the retry says nothing.
func (r Retry) none() bool { return reflect.ValueOf(r).IsZero() }

// retry renders the retry of a template: its own, or that of the workflow for
// those that run in a pod.
func (s *scope) retry(t *wfv1.Template, own *Retry) *wfv1.RetryStrategy {
	r := s.template.Retry
	switch {
	case own != nil:
		r = *own
		s.checkRetry(s.field+".Retry", r)
	case !makesPod(t) || s.template.Plain && r.none():
		return nil
	}
	out := r.strategy(s.template.Plain, lost(t, r.Failures))
	if out != nil && !r.When.none() && r.Policy == "" {
		out.Expression = r.When.text()
	}
	return out
}

// lost is the condition on which the pod of a template counts as lost.
func lost(t *wfv1.Template, failures bool) string {
	switch {
	case !makesPod(t):
		return ""
	case t.Resource != nil:
		return lostResourcePod
	case failures:
		return failedContainer
	}
	return lostContainerPod
}

// checkRetry checks what is said of a retry.
func (c *check) checkRetry(field string, r Retry) {
	c.seconds(field+".Backoff", r.Backoff)
	c.seconds(field+".MaxBackoff", r.MaxBackoff)
	c.seconds(field+".MaxDuration", r.MaxDuration)
	if r.MaxBackoff > 0 && r.MaxBackoff < max(r.Backoff, 0) {
		c.Conflict(field+".MaxBackoff", "it is shorter than Backoff", "raise it")
	}
	if r.MaxDuration > 0 && r.MaxDuration < max(r.Backoff, 0) {
		c.Conflict(field+".MaxDuration", "it is over before the first new pod starts", "raise it")
	}
	if r.Limit != nil && (*r.Limit < 0 || int64(*r.Limit) > math.MaxInt32) {
		c.Invalid(field+".Limit", *r.Limit, "it is the number of new pods", "use new(0) for none")
	}
	if r.Factor < 0 || int64(r.Factor) > math.MaxInt32 {
		c.Invalid(field+".Factor", r.Factor, "the times between two pods would shrink below nothing", "leave it zero for 2")
	}
	switch r.Policy {
	case "", RetryAlways, RetryOnFailure, RetryOnError, RetryOnTransientError:
	default:
		c.Invalid(field+".Policy", string(r.Policy), "Argo has no such policy", "use one of the constants")
	}
	r.When.problems(c, field+".When", asCondition)
	if text := r.When.text(); !r.When.none() && !strings.Contains(text, "{{") {
		c.expression(field+".When", text, ofTries)
	}
	if r.Policy != "" && (!r.When.none() || r.Failures) {
		c.Conflict(field+".Policy", "it is in the place of When and Failures", "leave one of them out")
	}
}

// ofTries is the resolver for the condition of a retry, to which Argo gives
// nothing but what it knows of the last try.
// Source: Argo Workflows v3.7.14 workflow/controller/operator.go,
// buildRetryStrategyLocalScope.
func ofTries(v Variable) (Variable, *misuse) {
	if root, _, _ := strings.Cut(string(v), "."); root == "retries" || root == "lastRetry" {
		return v, nil
	}
	return v, &misuse{ruleUnknown, fmt.Sprintf("it refers to %s, and a retry knows of the last try only", v.Ref()), "use Retries and the variables that begin with LastRetry"}
}

// strategy renders the retry for a template whose pod counts as lost when
// lost is true; a plain one says nothing of its own. It is nil where nothing is
// retried.
func (r Retry) strategy(plain bool, lost string) *wfv1.RetryStrategy {
	limit := defaultRetries
	if r.Limit != nil {
		limit = *r.Limit
	}
	if limit <= 0 {
		return nil
	}
	out := &wfv1.RetryStrategy{
		Limit:       new(intstr.FromInt32(int32(min(limit, math.MaxInt32)))),
		RetryPolicy: wfv1.RetryPolicy(r.Policy),
		Backoff:     r.backoff(plain),
	}
	if r.Policy == "" && !plain {
		out.RetryPolicy, out.Expression = wfv1.RetryPolicyAlways, lost
	}
	if r.OtherNode {
		out.Affinity = &wfv1.RetryAffinity{NodeAntiAffinity: &wfv1.RetryNodeAntiAffinity{}}
	}
	return out
}

func (r Retry) backoff(plain bool) *wfv1.Backoff {
	if plain && r.Backoff == 0 && r.MaxBackoff == 0 && r.MaxDuration == 0 && r.Factor == 0 {
		return nil
	}
	// No maxDuration by default: it counts from the start of the first pod, so
	// that a pod lost after a longer run would never be replaced.
	out := &wfv1.Backoff{Duration: orDefault(r.Backoff, defaultBackoff)}
	if factor := r.Factor; factor > 0 || !plain {
		if factor <= 0 {
			factor = backoffFactor
		}
		out.Factor = new(intstr.FromInt32(int32(factor)))
	}
	out.Cap, out.MaxDuration = some(r.MaxBackoff), some(r.MaxDuration)
	return out
}

// some writes a duration that is set.
func some(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return orDefault(d, 0)
}
