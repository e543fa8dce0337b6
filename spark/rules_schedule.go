package spark

import (
	"slices"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace"
)

func checkConcurrencyPolicy(pass *millrace.Pass) {
	if s, ok := scheduledIn(pass.Object); ok && !slices.Contains(policies, s.Spec.ConcurrencyPolicy) {
		pass.Report("spec.concurrencyPolicy", "it is "+orUnset(string(s.Spec.ConcurrencyPolicy))+": one run starts, and never another")
	}
}

func checkScheduleRule(pass *millrace.Pass) {
	s, ok := scheduledIn(pass.Object)
	if !ok {
		return
	}
	report := func(field, value, why, fix string) {
		if why != "" && !strings.Contains(value, "{{") {
			pass.Suggest(field, quoted(value)+": "+why, fix)
		}
	}
	why, fix := unscheduled(s.Spec.Schedule)
	report("spec.schedule", s.Spec.Schedule, why, fix)
	zone := s.Spec.TimeZone
	why, fix = unknownZone(zone)
	if own, twice := zoneOf(s.Spec.Schedule); why == "" && twice && zone != "" && own != zone {
		why, fix = "the schedule begins with another zone, which the operator takes instead", "leave one of the two out"
	}
	report("spec.timeZone", zone, why, fix)
	for _, limit := range []struct {
		field string
		value *int32
	}{
		{"spec.successfulRunHistoryLimit", s.Spec.SuccessfulRunHistoryLimit}, {"spec.failedRunHistoryLimit", s.Spec.FailedRunHistoryLimit},
	} {
		if deref(limit.value) < 0 {
			pass.Suggest(limit.field, "it is below zero, on which the operator panics", "use 0 to keep none")
		}
	}
}

func checkSuspended(pass *millrace.Pass) {
	app, ok := applicationOf(pass)
	if !ok {
		return
	}
	if deref(app.Suspend) {
		pass.Report(app.path("suspend"), "the application doesn't start")
	}
	if s, ok := scheduledIn(pass.Object); ok && deref(s.Spec.Suspend) {
		pass.Report("spec.suspend", "the schedule starts no run")
	}
}

func checkAlwaysRestart(pass *millrace.Pass) {
	app, ok := applicationOf(pass)
	if !ok || app.RestartPolicy.Type != v1beta2.RestartPolicyAlways {
		return
	}
	at := app.path("restartPolicy.type")
	s, scheduled := scheduledIn(pass.Object)
	switch {
	case scheduled && s.Spec.ConcurrencyPolicy == v1beta2.ConcurrencyAllow:
		pass.Report(at, "each run stays, beside those before it")
	case scheduled && s.Spec.ConcurrencyPolicy != v1beta2.ConcurrencyReplace:
		pass.Report(at, "the first run never ends, and no other starts")
	case pass.Inside:
		pass.Report(at, "what makes it waits for ever")
	}
	if app.TimeToLiveSeconds != nil {
		pass.Report(app.path("timeToLiveSeconds"), "it counts from an end that never comes")
	}
}

func checkTimeToLive(pass *millrace.Pass) {
	// A schedule counts what it keeps, and a workflow has a time to live itself.
	app, ok := applicationOf(pass)
	if _, scheduled := scheduledIn(pass.Object); !ok || scheduled || pass.Inside {
		return
	}
	if app.TimeToLiveSeconds == nil && app.RestartPolicy.Type != v1beta2.RestartPolicyAlways {
		pass.Report(app.path("timeToLiveSeconds"), "it is not set, and the application stays for ever")
	}
}
