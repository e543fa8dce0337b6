package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
)

const listeners = `
apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata:
  name: a
  namespace: kafka
  annotations:
    waive.millrace.github.io/kafka.plain-listener: only the metrics sidecar uses it
    waive.millrace.github.io/kafka.plain-listeners: a typo
    waive.millrace.github.io/kafka.rack-awareness: " "
spec: {kafka: {listeners: [{name: plain, port: 9092, type: internal, tls: false}]}}
---
apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata: {name: b, namespace: kafka}
spec: {kafka: {listeners: [{name: plain, port: 9092, type: internal, tls: false}]}}
`

// waivers returns each finding with its reason.
func waivers(r *policy.Report) []string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, f.Object.Name+" "+f.Rule+" "+f.Waived)
	}
	return out
}

func TestWaiveByAnnotation(t *testing.T) {
	b, err := millrace.LoadReader("x.yaml", strings.NewReader(listeners))
	if err != nil {
		t.Fatal(err)
	}
	r := policy.Production().Only("kafka/plain-listener", "kafka/rack-awareness").Check(b)
	want := []string{
		"a policy/profile ", // a typo
		"a policy/profile ", // no reason
		"a kafka/plain-listener only the metrics sidecar uses it",
		"a kafka/rack-awareness ",
		"b kafka/plain-listener ",
		"b kafka/rack-awareness ",
	}
	if diff := cmp.Diff(want, waivers(r)); diff != "" {
		t.Errorf("findings (-want +got):\n%s\n%s", diff, r)
	}
	for i, line := range []int{9, 10} {
		if f := r.Findings[i]; f.Line != line || !strings.HasPrefix(f.Field, "metadata.annotations[waive.millrace.github.io/") {
			t.Errorf("finding %d: %s", i, f)
		}
	}
	// A profile without a rule has no quarrel with its waiver.
	if r := policy.Schema().Check(b); r.Count(millrace.Error) != 2 {
		t.Errorf("the schema profile:\n%s", r)
	}
}

func TestWaiveObjects(t *testing.T) {
	b, err := millrace.LoadReader("x.yaml", strings.NewReader(strings.ReplaceAll(listeners, policy.WaiveAnnotation, "x/")))
	if err != nil {
		t.Fatal(err)
	}
	r := policy.Production().Only("kafka/plain-listener").
		Waive("kafka/plain-listener", "it is on its way out", millrace.Ref{Kind: "Kafka", Namespace: "kafka", Name: "b"}).Check(b)
	if diff := cmp.Diff([]string{"a kafka/plain-listener ", "b kafka/plain-listener it is on its way out"}, waivers(r)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestRulesWithoutCheck(t *testing.T) {
	b := build(t, standalone(job()))
	r := policy.Production().With(millrace.Rule{ID: "company/x"}, millrace.Rule{Check: func(*millrace.Pass) {}}).Check(b)
	if r.Count(millrace.Error) != 2 || r.Findings[0].Rule != policy.RuleProfile {
		t.Errorf("rules that can't be checked:\n%s", r)
	}
}
