package main

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// TestPlatform renders the platform and reads it back: production has nothing
// to say of either, and they are the same for the operators.
func TestPlatform(t *testing.T) {
	dir := t.TempDir()
	if err := run(dir); err != nil {
		t.Fatal(err)
	}
	composed, err := compose()
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := millrace.Load(filepath.Join(dir, "kafka"), filepath.Join(dir, "_cluster"))
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string]*millrace.Bundle{"composed": composed, "loaded": loaded.WithNodes(composed.Nodes()...)} {
		if report := profile().Check(b); len(report.Findings) > 0 {
			t.Errorf("%s:\n%s", name, report)
		}
	}
	if changes, err := kafka.Plan(loaded, composed); err != nil || len(changes) > 0 {
		t.Errorf("%v, %v", changes, err)
	}
	got := map[string]int{}
	for _, o := range loaded.Objects() {
		got[o.GetObjectKind().GroupVersionKind().Kind]++
	}
	want := map[string]int{"Namespace": 1, "StorageClass": 1, "Kafka": 1, "KafkaNodePool": 2, "KafkaTopic": 2, "KafkaUser": 3, "KafkaConnect": 1, "KafkaConnector": 1,
		"Role": 1, "RoleBinding": 1, "Deployment": 1, "PodDisruptionBudget": 1, "ScaledObject": 1, "TriggerAuthentication": 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
}
