package builtin

import (
	"fmt"
	"strconv"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace/internal/schema"
)

// deployment checks a Deployment.
func (c *checker) deployment(o *appsv1.Deployment) {
	s := &o.Spec
	c.enter("spec")
	defer c.leave()
	c.notNegative32("replicas", s.Replicas)
	if c.selector(s.Selector, true) {
		c.keptPods(s.Selector, &s.Template, podOptions{})
	}
	c.deploymentStrategy(&s.Strategy)
	c.notNegative("minReadySeconds", int64(s.MinReadySeconds))
	c.notNegative32("revisionHistoryLimit", s.RevisionHistoryLimit)
	c.notNegative32("progressDeadlineSeconds", s.ProgressDeadlineSeconds)
	const usual = 600 // The server's own deadline.
	deadline := int32(usual)
	if s.ProgressDeadlineSeconds != nil {
		deadline = *s.ProgressDeadlineSeconds
	}
	if deadline <= s.MinReadySeconds {
		c.problem("progressDeadlineSeconds", schema.RuleInvalid, fmt.Sprintf("is %d, not above minReadySeconds, %d", deadline, s.MinReadySeconds), "raise the one or lower the other")
	}
	if o.Annotations[appsv1.DeprecatedRollbackTo] != "" {
		if revision, ok := c.numberIn(o.Annotations, appsv1.DeprecatedRollbackTo); ok {
			c.aside("metadata.annotations["+appsv1.DeprecatedRollbackTo+"]", func(at string) { c.notNegative(at, revision) })
		}
	}
}

// numberIn reads an annotation that older servers had a field for.
func (c *checker) numberIn(annotations map[string]string, key string) (int64, bool) {
	n, err := strconv.ParseInt(annotations[key], 10, 64)
	if err != nil {
		c.aside("metadata.annotations["+key+"]", func(at string) {
			c.problem(at, schema.RuleFormat, "is "+show(annotations[key])+", must be a whole number", takeItOut)
		})
	}
	return n, err == nil
}

// aside reports a problem of a field elsewhere in the object.
func (c *checker) aside(field string, report func(at string)) {
	here := c.path
	c.path = nil
	report(field)
	c.path = here
}

// replicaSet checks a ReplicaSet.
func (c *checker) replicaSet(o *appsv1.ReplicaSet) {
	s := &o.Spec
	c.enter("spec")
	defer c.leave()
	c.notNegative32("replicas", s.Replicas)
	c.notNegative("minReadySeconds", int64(s.MinReadySeconds))
	if c.selector(s.Selector, true) {
		c.keptPods(s.Selector, &s.Template, podOptions{})
	}
}

// selector checks how a workload finds its pods. Where it can't be read, the
// server doesn't look at the template.
func (c *checker) selector(s *metav1.LabelSelector, required bool) (readable bool) {
	if s == nil {
		if required {
			c.required("selector", "select the template's labels")
		}
		return true
	}
	if len(s.MatchLabels)+len(s.MatchExpressions) == 0 {
		c.problem("selector", schema.RuleInvalid, "is empty", "select the template's labels")
	}
	readable = c.labelSelector("selector", s)
	if !readable && required {
		c.problem("selector", schema.RuleInvalid, "can't be read", "mend what is said about its parts")
	}
	return readable
}

// keptPods checks the template of pods that are kept running.
func (c *checker) keptPods(s *metav1.LabelSelector, t *corev1.PodTemplateSpec, opts podOptions) {
	c.enter("template")
	defer c.leave()
	if empty := s != nil && len(s.MatchLabels)+len(s.MatchExpressions) == 0; !empty && !selects(s, t.Labels) {
		c.unselected("metadata.labels")
	}
	c.podTemplate(t, opts)
	c.keepRunning(&t.Spec)
}

func (c *checker) unselected(field string) {
	c.problem(field, schema.RuleInvalid, "is not what the selector selects", "give the template the labels that the selector asks for")
}

// keepRunning reports what pods can't have that are kept running.
func (c *checker) keepRunning(s *corev1.PodSpec) {
	amongOrEmpty(c, "spec.restartPolicy", s.RestartPolicy, corev1.RestartPolicyAlways)
	if s.ActiveDeadlineSeconds != nil {
		c.forbidden("spec.activeDeadlineSeconds", "is set for pods that are kept running", "take it out, or use a Job")
	}
}

func (c *checker) deploymentStrategy(s *appsv1.DeploymentStrategy) {
	switch s.Type {
	case appsv1.RecreateDeploymentStrategyType:
		if s.RollingUpdate != nil {
			c.forbidden("strategy.rollingUpdate", "is set, and the type is Recreate", "take it out, or use RollingUpdate")
		}
		return
	case "", appsv1.RollingUpdateDeploymentStrategyType:
	default:
		c.enum("strategy", string(s.Type), string(appsv1.RecreateDeploymentStrategyType), string(appsv1.RollingUpdateDeploymentStrategyType))
		return
	}
	if s.RollingUpdate == nil {
		return
	}
	c.enter("strategy")
	c.enter("rollingUpdate")
	c.share("maxUnavailable", s.RollingUpdate.MaxUnavailable, true)
	c.share("maxSurge", s.RollingUpdate.MaxSurge, false)
	// The server makes 25% of nothing.
	if none(s.RollingUpdate.MaxUnavailable) && none(s.RollingUpdate.MaxSurge) {
		c.problem("maxUnavailable", schema.RuleInvalid, "is 0, and so is maxSurge, so no pod could be replaced", "raise one of them")
	}
	c.leave()
	c.leave()
}

// share checks a number of pods, or a share of them in percent.
func (c *checker) share(field string, v *intstr.IntOrString, atMostAll bool) {
	if v == nil {
		return
	}
	if v.Type == intstr.Int {
		c.notNegative(field, int64(v.IntVal))
		return
	}
	if c.held(field, v.StrVal, validation.IsValidPercent(v.StrVal), "be a number of pods, or a share of them such as 25%") && atMostAll && amount(v) > 100 {
		c.bounds(field, v.StrVal, "at most 100%")
	}
}

// amount is the number of pods or of percent.
func amount(v *intstr.IntOrString) int {
	if v.Type == intstr.String && len(validation.IsValidPercent(v.StrVal)) == 0 {
		n, _ := strconv.Atoi(v.StrVal[:len(v.StrVal)-1]) // One that is too long is the largest, which is too much.
		return n
	}
	return v.IntValue()
}

func none(v *intstr.IntOrString) bool { return v != nil && amount(v) == 0 }
