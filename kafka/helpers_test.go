package kafka_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/yaml"
	"github.com/millrace/millrace/kafka"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// disk is a volume for nodes of which nothing else matters.
func disk() []kafka.Volume {
	return []kafka.Volume{{Size: 100 * millrace.GiB, Class: "fast"}}
}

// smallCluster is the smallest valid cluster.
func smallCluster() *kafka.Cluster {
	return &kafka.Cluster{Name: "events", Pools: []kafka.BrokerPool{
		{Volumes: disk()},
		{Roles: []kafka.Role{kafka.Controller}, Volumes: disk()},
	}}
}

// smallPool is the smallest valid pool on its own.
func smallPool() *kafka.BrokerPool {
	return &kafka.BrokerPool{Cluster: "events", Volumes: disk()}
}

// smallTopic is the smallest valid topic.
func smallTopic() *kafka.Topic {
	return &kafka.Topic{Name: "orders", Cluster: "events", Partitions: 6}
}

// smallRebalance is the smallest valid rebalance.
func smallRebalance() *kafka.Rebalance {
	return &kafka.Rebalance{Name: "balance", Cluster: "events"}
}

// smallConsumer is the smallest valid consumer.
func smallConsumer() *kafka.Consumer {
	return &kafka.Consumer{Name: "projector", Namespace: "kafka", Image: "registry.company.com/projector:1.4.2", Topics: []*kafka.Topic{smallTopic()}}
}

// with returns a noun after a change.
func with[T any](noun *T, change func(*T)) *T {
	change(noun)
	return noun
}

// render returns the manifests of a builder.
func render(t testing.TB, b millrace.Builder) []byte {
	t.Helper()
	parts, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	var out []byte
	for i, o := range parts.Objects {
		if i > 0 {
			out = append(out, "---\n"...)
		}
		if out, err = yaml.Append(out, o); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range parts.PlacedOn {
		out = append(out, "# placed on "+n.Pool+"\n"...)
	}
	return out
}

// golden compares with a file of testdata, or writes it with -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// findings returns the mistakes in an error of Build.
func findings(t testing.TB, err error) []millrace.Finding {
	t.Helper()
	if err == nil {
		return nil
	}
	be, ok := errors.AsType[*millrace.BuildError](err)
	if !ok {
		t.Fatalf("the error is a %T: %v", err, err)
	}
	return be.Findings
}

// mistakes returns the findings of Build as "rule field".
func mistakes(t testing.TB, b millrace.Builder) []string {
	t.Helper()
	_, err := b.Build()
	var out []string
	for _, f := range findings(t, err) {
		if f.Detail == "" || f.Fix == "" || f.Object.Kind == "" {
			t.Errorf("a finding lacks a detail, a fix or an object: %+v", f)
		}
		out = append(out, f.Rule+" "+f.Field)
	}
	return out
}

// check applies the rules of the package to a bundle and returns what they
// report as "rule object: field".
func check(t testing.TB, b *millrace.Bundle) []string {
	t.Helper()
	var out []string
	shared := map[any]any{}
	for _, o := range b.Objects() {
		for _, rule := range kafka.Rules() {
			rule.Check(&millrace.Pass{Object: o, Bundle: b, Shared: shared, Report: func(field, detail string) {
				if field == "" || detail == "" {
					t.Errorf("%s reports field %q, detail %q", rule.ID, field, detail)
				}
				out = append(out, fmt.Sprintf("%s %s: %s", rule.ID, o.GetName(), field))
			}})
		}
	}
	slices.Sort(out)
	return out
}

// build puts builders together.
func build(t testing.TB, builders ...millrace.Builder) *millrace.Bundle {
	t.Helper()
	b, err := millrace.Build(builders...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
