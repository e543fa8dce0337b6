package cluster

import (
	"strings"
	"testing"
)

func TestHint(t *testing.T) {
	for _, test := range []struct{ kind, resource, reason, message, want string }{
		{"SparkApplication", "", "FAILED", "driver container failed with ExitCode: 137, Reason: OOMKilled", "Driver.Memory"},
		{"Workflow", "SparkApplication", "Failed", "driver container failed with ExitCode: 137, Reason: OOMKilled", "Driver.Memory"},
		{"Workflow", "", "Failed", "main: OOMKilled (exit code 137)", "memory of the task"},
		{"SparkApplication", "", "FAILED", "driver container failed with ExitCode: 1, Reason: Error", "log of the driver"},
		{"SparkApplication", "", "FAILED", "driver container failed with ExitCode: 101, Reason: Error", "main class"},
		{"SparkApplication", "", "FAILED", `failed to submit spark application: failed to run spark-submit: pods "x" is forbidden: exceeded quota: q`, "ResourceQuota"},
		{"SparkApplication", "", "FAILED", "failed to submit spark application: failed to run spark-submit: what?", "spark-submit refused"},
		{"KafkaTopic", "", "ResourceConflict", "managed by", "another KafkaTopic"},
		{"Workflow", "", ReasonDeleted, "", "who deletes"},
		{"Workflow", "", "Failed", "no idea", ""},
		{"KafkaTopic", "", "Failed", "driver pod not found", ""},
	} {
		got := hint(test.kind, test.resource, test.reason, test.message)
		if test.want == "" && got != "" || !strings.Contains(got, test.want) {
			t.Errorf("%s %s %q: got %q", test.kind, test.reason, test.message, got)
		}
	}
}

// TestHintsAreReachable finds hints that an earlier, more general one hides.
func TestHintsAreReachable(t *testing.T) {
	for _, h := range hints {
		kind := h.kind
		if kind == "" {
			kind = "Workflow"
		}
		if got := hint(kind, "", "Failed", h.text); got != h.fix {
			t.Errorf("%s %q: got %q", kind, h.text, got)
		}
		if strings.HasSuffix(h.fix, ".") || h.fix == "" {
			t.Errorf("%q: the fix is to go after a semicolon: %q", h.text, h.fix)
		}
	}
}
