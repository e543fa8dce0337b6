package kafka_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime/debug"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/yaml"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/policy"
)

// victims are valid nouns, a small one and a large one of each kind, at which
// random changes begin.
var victims = map[string]func() millrace.Builder{
	"Cluster":     func() millrace.Builder { return smallCluster() },
	"BrokerPool":  func() millrace.Builder { return smallPool() },
	"Topic":       func() millrace.Builder { return smallTopic() },
	"User":        func() millrace.Builder { return smallUser() },
	"Rebalance":   func() millrace.Builder { return smallRebalance() },
	"Consumer":    func() millrace.Builder { return smallConsumer() },
	"Connect":     func() millrace.Builder { return smallConnect() },
	"Connector":   func() millrace.Builder { return smallConnector() },
	"MirrorMaker": func() millrace.Builder { return smallMirror() },
	"Bridge":      func() millrace.Builder { return smallBridge() },
	"large Cluster": func() millrace.Builder {
		return with(smallCluster(), func(c *kafka.Cluster) {
			c.Namespace, c.Listeners = "kafka", []kafka.Listener{
				{Name: "tls", Port: 9093, Auth: kafka.MutualTLS},
				{Name: "external", Port: 9094, Type: kafka.LoadBalancer, Auth: kafka.SCRAM, Brokers: []kafka.BrokerAccess{{ID: 0, AdvertisedHost: "b0.company.com"}}},
			}
			c.Quotas = kafka.ClientQuotas{Produce: millrace.MiB}
			c.CruiseControl.Capacity = kafka.Capacity{Inbound: 100 * millrace.MiB, Outbound: 100 * millrace.MiB, Overrides: []kafka.CapacityOverride{{Brokers: []int{0}, CPU: 4}}}
			c.Config = map[string]string{"num.network.threads": "8"}
		})
	},
	"large User": func() millrace.Builder {
		return with(smallUser(), func(u *kafka.User) {
			u.Access = []kafka.Access{kafka.Produce{Topics: []string{"orders"}}, kafka.Consume{Topics: []string{"a*"}, Group: "g"}}
		})
	},
}

// forProduction are rules of severity error for what works, and shouldn't be:
// Build leaves them to the policy.
var forProduction = []string{"kafka/topic-replicas", "kafka/replication-factor", "kafka/connect-replication", "kafka/unknown-topic-config",
	"kafka/maintenance-window"}

// vandalized makes a noun, always the same one for a seed: most have a few
// changes, so that some of them are valid, and a few have many.
func vandalized(name string, seed uint64) (b millrace.Builder, foreign bool) {
	r := vandal{Rand: rand.New(rand.NewPCG(seed, uint64(len(name))))}
	b = victims[name]()
	changes := 1 + r.IntN(4)
	if seed%10 == 0 {
		changes = 80
	}
	for range changes {
		r.change(reflect.ValueOf(b).Elem())
	}
	return b, r.foreign
}

// manifests are what a builder renders, and its mistakes.
func manifests(b millrace.Builder) (millrace.Parts, []byte, error) {
	parts, err := b.Build()
	if err != nil {
		return parts, nil, err
	}
	var out []byte
	for _, o := range parts.Objects {
		if out, err = yaml.Append(append(out, "---\n"...), o); err != nil {
			return parts, nil, fmt.Errorf("what is built can't be written: %w", err)
		}
	}
	return parts, out, nil
}

// TestRandomNouns changes fields of every noun at random. Build must not panic
// or change the noun, must make the same twice, and share no memory; each of
// its findings is complete and said once; and what it makes is what the API
// server takes and the operator doesn't refuse.
func TestRandomNouns(t *testing.T) {
	const seeds = 200
	for name := range victims {
		t.Run(name, func(t *testing.T) {
			right := 0
			for seed := range uint64(seeds) {
				t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
					if survives(t, name, seed) {
						right++
					}
				})
			}
			if right < seeds/10 {
				t.Errorf("%d of %d were built", right, seeds)
			}
		})
	}
}

// survives is one noun of TestRandomNouns; it tells whether it was built.
func survives(t *testing.T, name string, seed uint64) bool {
	t.Helper()
	b, foreign := vandalized(name, seed)
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("panic: %v\n%s", p, debug.Stack())
		}
		if t.Failed() {
			t.Logf("it is:\n%s", changed(name, seed))
		}
	}()
	first, firstText, firstErr := manifests(b)
	if firstErr != nil {
		complete(t, firstErr)
	} else {
		spoil(&first)
	}
	_, secondText, secondErr := manifests(b)
	if fmt.Sprint(firstErr) != fmt.Sprint(secondErr) {
		t.Errorf("first %v\nthen %v", firstErr, secondErr)
	}
	if !bytes.Equal(firstText, secondText) {
		t.Errorf("another manifest, once the first one was changed:\n%s", cmp.Diff(string(firstText), string(secondText)))
	}
	if fresh, _ := vandalized(name, seed); !reflect.DeepEqual(fresh, b) {
		if diff := cmp.Diff(fresh, b, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("Build changed it:\n%s", diff)
		}
	}
	if firstErr != nil {
		return false
	}
	accepted(t, b, foreign)
	return true
}

// changed tells how a noun differs from the valid one.
func changed(name string, seed uint64) string {
	b, _ := vandalized(name, seed)
	return cmp.Diff(victims[name](), b, cmpopts.EquateNaNs())
}

// complete wants findings that say all of it, and once.
func complete(t *testing.T, err error) {
	t.Helper()
	seen := map[millrace.Finding]bool{}
	for _, f := range findings(t, err) {
		if f.Rule == "" || f.Field == "" || f.Detail == "" || f.Fix == "" || f.Object.Kind == "" {
			t.Errorf("not complete: %+v", f)
		}
		if seen[f] {
			t.Errorf("said twice: %v", f)
		}
		seen[f] = true
	}
}

// accepted wants that the API server and the operator take what is built.
func accepted(t *testing.T, b millrace.Builder, foreign bool) {
	t.Helper()
	bundle, err := millrace.Build(b)
	if err != nil {
		t.Errorf("it builds, and no bundle can be made of it: %v", err)
		return
	}
	if !foreign {
		for _, f := range policy.Schema().Check(bundle).Findings {
			t.Errorf("the API server refuses it: %v", f)
		}
	}
	for _, o := range bundle.Objects() {
		alone := build(t, millrace.Parts{Objects: []millrace.Object{o}})
		for _, rule := range kafka.Rules() {
			if rule.Severity == millrace.Error && !slices.Contains(forProduction, rule.ID) {
				rule.Check(&millrace.Pass{Object: alone.Objects()[0], Bundle: alone, Shared: map[any]any{}, Report: func(field, detail string) {
					t.Errorf("%s refuses it: %s: %s", rule.ID, field, detail)
				}})
			}
		}
	}
}
