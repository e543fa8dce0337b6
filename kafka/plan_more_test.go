package kafka_test

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// TestPlanOfComposed compares typed objects with loaded ones, which are the
// same, and a composition with nothing.
func TestPlanOfComposed(t *testing.T) {
	composed, err := millrace.Build(fullCluster(), smallTopic())
	if err != nil {
		t.Fatal(err)
	}
	loose := composed.Convert(func(o millrace.Object) millrace.Object {
		data, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		u := new(unstructured.Unstructured)
		if err := u.UnmarshalJSON(data); err != nil {
			t.Fatal(err)
		}
		return u
	})
	for name, pair := range map[string][2]*millrace.Bundle{"same": {composed, loose}, "new": {nil, composed}, "none": {nil, nil}} {
		if changes, err := kafka.Plan(pair[0], pair[1]); err != nil || len(changes) > 0 {
			t.Errorf("%s: %v, %v", name, changes, err)
		}
	}
	changes, err := kafka.Plan(composed, nil)
	if want := 1 + len(fullCluster().Pools) + 1; err != nil || len(changes) != want {
		t.Errorf("%d changes, want %d: %v, %v", len(changes), want, changes, err)
	}
}

// TestPlanErr has what must not pass, and what may.
func TestPlanErr(t *testing.T) {
	plan := func(before, after string) kafka.Changes {
		changes, err := kafka.Plan(planBundle(t, before), planBundle(t, after))
		if err != nil {
			t.Fatal(err)
		}
		return changes
	}
	bad := plan(topicOf("{partitions: 6, config: {preallocate: true}}"), topicOf("{partitions: 3, config: {retention.ms: 5}}"))
	got, ok := errors.AsType[*kafka.PlanError](bad.Err())
	if !ok || len(bad) != 3 || len(got.Changes) != 2 {
		t.Fatalf("%v of %v", bad.Err(), bad)
	}
	const want = "plan: KafkaTopic kafka/orders: spec.config[retention.ms]: unset -> 5: destroys: records beyond the new retention are deleted, within minutes; keep it, or see that nobody needs those records\n" +
		"plan: KafkaTopic kafka/orders: spec.partitions: 6 -> 3: refused: partitions can't become fewer: the topic turns NotSupported; keep them, or make a new topic"
	if diff := cmp.Diff(want, got.Error()); diff != "" {
		t.Error(diff)
	}
	for name, tc := range map[string]struct {
		changes kafka.Changes
		rolls   bool
	}{
		"none":    {nil, false},
		"applied": {plan(topicOf("{}"), topicOf("{partitions: 6}")), false},
		"pool":    {plan(poolOf("{}"), poolOf("{resources: {}}")), true},
		"cluster": {plan(kafkaOf("{}"), kafkaOf("{kafka: {image: x}}")), true},
		"workers": {plan(planned("KafkaConnect", "c", "{}"), planned("KafkaConnect", "c", "{image: x}")), false},
	} {
		if err := tc.changes.Err(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if tc.changes.RollsBrokers() != tc.rolls {
			t.Errorf("%s: brokers restart: %v, want %v", name, !tc.rolls, tc.rolls)
		}
	}
}

// TestPlanMissesNothing changes each leaf of each golden manifest alone: the
// plan must speak of it, both ways.
func TestPlanMissesNothing(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	leaves := 0
	for _, file := range files {
		loaded, err := millrace.Load(file)
		if err != nil {
			continue // what Load refuses is no manifest
		}
		for _, o := range loaded.Objects() {
			u, ok := o.(*unstructured.Unstructured)
			if !ok || u.GroupVersionKind().Group != "kafka.strimzi.io" {
				continue
			}
			eachLeaf(u.Object["spec"], func(path string, set func(any), was any) {
				leaves++
				before := u.DeepCopy()
				if on, ok := was.(bool); ok {
					set(!on)
				} else {
					set("another")
				}
				after := u.DeepCopy()
				set(was)
				for _, pair := range [][2]*unstructured.Unstructured{{before, after}, {after, before}} {
					old, _ := millrace.Build(millrace.Parts{Objects: []millrace.Object{pair[0]}})
					next, _ := millrace.Build(millrace.Parts{Objects: []millrace.Object{pair[1]}})
					changes, err := kafka.Plan(old, next)
					if err != nil || len(changes) == 0 {
						t.Errorf("%s: %s %s: %v, %v", file, u.GetName(), path, changes, err)
					}
				}
			})
		}
	}
	if leaves < 100 {
		t.Errorf("only %d leaves", leaves)
	}
}

// eachLeaf calls f for each value that is no map or list.
func eachLeaf(v any, f func(path string, set func(any), was any)) { walkLeaves("spec", v, nil, f) }

func walkLeaves(path string, v any, set func(any), f func(string, func(any), any)) {
	switch v := v.(type) {
	case map[string]any:
		for key, item := range v {
			walkLeaves(path+"."+key, item, func(to any) { v[key] = to }, f)
		}
	case []any:
		for i, item := range v {
			walkLeaves(path+"[]", item, func(to any) { v[i] = to }, f)
		}
	default:
		f(path, set, v)
	}
}
