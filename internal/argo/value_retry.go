package argo

import (
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// retry checks a retry strategy. Others complete it if partial is set. That a
// limit is missing is for package workflow to say.
// Source: Argo Workflows v3.7.14, workflow/controller/operator.go,
// processNodeRetries.
func (f *fields) retry(path string, r *wfv1.RetryStrategy, partial bool) {
	f.number(RuleRetry, path, ".limit", r.Limit, 0, "nothing is tried a second time")
	if hasTag(string(r.RetryPolicy)) {
		f.report(RuleRetry, path+".retryPolicy", "write the word", "validation reads it before anything is filled in")
	}
	oneOf(f, RuleRetry, path, ".retryPolicy", r.RetryPolicy, wfv1.RetryPolicyAlways, wfv1.RetryPolicyOnFailure, wfv1.RetryPolicyOnError, wfv1.RetryPolicyOnTransientError)
	if r.Backoff == nil {
		return
	}
	if r.Limit == nil && !partial {
		f.report(RuleRetry, path+".backoff", "set limit beside it", "there is no limit, and without one Argo doesn't wait between retries")
	}
	f.backoff(path+".backoff", r.Backoff, partial)
}

func (f *fields) backoff(path string, b *wfv1.Backoff, partial bool) {
	if b.Duration == "" && !partial {
		f.report(RuleRetry, path+".duration", "say how long to wait at first", "it is not set: the first retry ends the task as an error")
	}
	const never = "it is %s: it never waits"
	wait, ok := f.seconds(RuleRetry, path, ".duration", b.Duration)
	if ok && wait == 0 {
		f.report(RuleRetry, path+".duration", aDuration, never, b.Duration)
	}
	if most, capped := f.seconds(RuleRetry, path, ".cap", b.Cap); capped && most == 0 {
		f.report(RuleRetry, path+".cap", aDuration, never, b.Cap)
	} else if capped {
		wait = min(wait, most)
	}
	f.number(RuleRetry, path, ".factor", b.Factor, 1, "Argo ignores it, and every wait is as long as the first")
	whole, limited := f.seconds(RuleRetry, path, ".maxDuration", b.MaxDuration)
	if ok && limited && whole <= wait {
		f.report(RuleRetry, path+".maxDuration", "make it longer than all tries and waits together", "it is %s from the start of the first try, and the first wait is %s: nothing is ever tried again", whole, wait)
	}
}

// setRetry checks how the processes of a container set are started again.
func (f *fields) setRetry(path string, r *wfv1.ContainerSetRetryStrategy) {
	f.number(RuleRetry, path, ".retries", r.Retries, 1, "Argo takes it for the number of all tries, runs nothing, and reports success")
	if r.Retries == nil {
		f.report(RuleRetry, path+".retries", "say how often", "it is not set: nothing is retried")
	}
	if r.Duration != "" && !hasTag(r.Duration) {
		if d, err := time.ParseDuration(r.Duration); err != nil || d < 0 {
			f.report(RuleRetry, path+".duration", `write it with a unit, as "10s"`, "%s is no duration", shown(r.Duration))
		}
	}
}
