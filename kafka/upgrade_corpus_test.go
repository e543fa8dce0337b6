//go:build corpus

package kafka_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// TestUpgradeToday finds nothing to do in Strimzi's own examples of today, but
// for what they leave to their readers.
func TestUpgradeToday(t *testing.T) {
	bundle, _ := millrace.Load(corpus(t, "corpus/strimzi-1.2.0"))
	u, err := kafka.Upgrade(bundle.Objects()...)
	if err != nil {
		t.Error(err)
	}
	if n := len(bundle.Objects()); n < 40 {
		t.Fatalf("the corpus has %d objects only", n)
	}
	if len(u.Objects) != len(bundle.Objects()) {
		t.Fatalf("%d objects of %d", len(u.Objects), len(bundle.Objects()))
	}
	for i, o := range u.Objects {
		if diff := cmp.Diff(treeOf(t, bundle.Objects()[i]), treeOf(t, o)); diff != "" {
			t.Errorf("%s (-was +is):\n%s", millrace.RefOf(o), diff)
		}
	}
	for _, c := range u.Changes {
		t.Error(c)
	}
	for _, d := range u.Decisions {
		t.Error(d)
	}
}
