package kafka

import (
	"math"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Probes are what the kubelet asks a component's pods.
type Probes struct {
	// Liveness restarts a pod that doesn't answer.
	//
	// Rendered as livenessProbe.
	Liveness Probe
	// Readiness takes it out of the services.
	//
	// Rendered as readinessProbe.
	Readiness Probe
}

// make writes the two probes, nil for nothing.
func (pr Probes) make(p *millrace.Problems, field string) (liveness, readiness *strimziv1.Probe) {
	return pr.Liveness.make(p, field+".Liveness"), pr.Readiness.make(p, field+".Readiness")
}

// Probe says how patiently the kubelet asks whether a pod is well. What it
// asks is Strimzi's.
type Probe struct {
	// Delay is how long it waits with the first question. Whole seconds.
	//
	// Nil means Strimzi's 15 seconds; new(time.Duration(0)) asks at once.
	//
	// Rendered as initialDelaySeconds.
	Delay *time.Duration

	// Timeout is how long an answer may take. Whole seconds.
	//
	// Zero means Strimzi's 5 seconds.
	//
	// Rendered as timeoutSeconds.
	Timeout time.Duration

	// Period is the time between two questions. Whole seconds.
	//
	// Zero means Kubernetes' 10 seconds.
	//
	// Rendered as periodSeconds.
	Period time.Duration

	// Failures is how many wrong answers in a row count.
	//
	// Zero means Kubernetes' 3.
	//
	// Rendered as failureThreshold.
	Failures int
}

// make writes the probe, nil for nothing.
func (pr Probe) make(p *millrace.Problems, field string) *strimziv1.Probe {
	out := &strimziv1.Probe{
		InitialDelaySeconds: wholeSeconds(p, field+".Delay", pr.Delay),
		TimeoutSeconds:      secondsOrUnset(p, field+".Timeout", pr.Timeout),
		PeriodSeconds:       secondsOrUnset(p, field+".Period", pr.Period),
		FailureThreshold:    count(p, field+".Failures", pr.Failures, math.MaxInt32),
	}
	if isZero(*out) {
		return nil
	}
	return out
}

// secondsOrUnset is wholeSeconds for a time of which zero is unset.
func secondsOrUnset(p *millrace.Problems, field string, d time.Duration) *int64 {
	if d == 0 {
		return nil
	}
	return wholeSeconds(p, field, &d)
}
