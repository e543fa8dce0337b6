package kafka_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// rulesOf returns the rules of a user as lines: "allow topic orders Read,Write",
// a prefix with * at its end, and "@host" where there is one.
func rulesOf(t testing.TB, in ...kafka.Access) []string {
	t.Helper()
	user, err := with(smallUser(), func(u *kafka.User) { u.Access = in }).KafkaUser()
	if err != nil {
		t.Fatal(err)
	}
	if user.Spec.Authorization == nil {
		return nil
	}
	var out []string
	for _, rule := range user.Spec.Authorization.ACLs {
		line := string(rule.Resource.Type)
		if rule.Type != "" {
			line = string(rule.Type) + " " + line
		}
		if rule.Resource.Name != nil {
			line += " " + *rule.Resource.Name
		}
		if rule.Resource.PatternType == strimziv1.ACLPatternTypePrefix {
			line += "…"
		}
		var ops []string
		for _, op := range rule.Operations {
			ops = append(ops, string(op))
		}
		line += " " + strings.Join(ops, ",")
		if rule.Host != nil {
			line += " @" + *rule.Host
		}
		out = append(out, line)
	}
	return out
}

func TestAccess(t *testing.T) {
	orders := []string{"orders"}
	for name, tc := range map[string]struct {
		in   []kafka.Access
		want []string
	}{
		"none":            {nil, nil},
		"produce":         {[]kafka.Access{kafka.Produce{Topics: []string{"orders", "payments-*", "*"}}}, []string{"topic * Write"}},
		"produce to some": {[]kafka.Access{kafka.Produce{Topics: []string{"orders", "payments-*"}}}, []string{"topic orders Write", "topic payments-… Write"}},
		"consume":         {[]kafka.Access{kafka.Consume{Topics: orders, Group: "etl"}}, []string{"topic orders Read", "group etl Read"}},
		"consume by prefix": {[]kafka.Access{kafka.Consume{Topics: []string{"orders-*"}, Group: "etl-*"}},
			[]string{"topic orders-… Read", "group etl-… Read"}},
		"transact": {[]kafka.Access{kafka.Transact{TransactionalID: "etl-*", Topics: orders}}, []string{"topic orders Write", "transactionalId etl-… Write"}},
		"stream": {[]kafka.Access{kafka.Stream{Application: "totals", Inputs: orders, Outputs: []string{"totals"}}},
			[]string{"topic orders Read", "topic totals Write", "topic totals-… Read,Write,Create,Delete", "group totals Read"}},
		"stream exactly once": {[]kafka.Access{kafka.Stream{Application: "totals", Inputs: orders, ExactlyOnce: true}},
			[]string{"topic orders Read", "topic totals-… Read,Write,Create,Delete", "group totals Read", "transactionalId totals-… Write"}},
		"connect": {[]kafka.Access{kafka.RunConnect{Group: "w", ConfigTopic: "c", OffsetTopic: "o", StatusTopic: "s"}},
			[]string{"topic c Read,Write,Create,DescribeConfigs", "topic o Read,Write,Create,DescribeConfigs", "topic s Read,Write,Create,DescribeConfigs", "group w Read"}},
		"connect exactly once": {[]kafka.Access{kafka.RunConnect{Group: "w", ConfigTopic: "c", OffsetTopic: "c", StatusTopic: "c", ExactlyOnce: true}},
			[]string{"topic c Read,Write,Create,DescribeConfigs", "group w Read", "transactionalId connect-cluster-w Write", "transactionalId w-… Write"}},
		"ACLs": {[]kafka.Access{
			kafka.ACL{Cluster: true, Operations: []kafka.Operation{kafka.OpDescribe, kafka.OpAlterConfigs, kafka.OpDescribeConfigs}},
			kafka.ACL{TransactionalID: "x", Operations: []kafka.Operation{kafka.OpDescribe}},
			kafka.ACL{Group: "*", Operations: []kafka.Operation{kafka.OpDescribe, kafka.OpDelete}},
			kafka.ACL{Topic: "a-*", Operations: []kafka.Operation{kafka.OpAll, kafka.OpRead}},
		}, []string{"topic a-… All", "group * Delete", "transactionalId x Describe", "cluster Describe,AlterConfigs"}},

		"twice":              {[]kafka.Access{kafka.Produce{Topics: orders}, kafka.Produce{Topics: orders}, kafka.Transact{TransactionalID: "a", Topics: orders}}, []string{"topic orders Write", "transactionalId a Write"}},
		"together":           {[]kafka.Access{kafka.Produce{Topics: orders}, kafka.Consume{Topics: orders, Group: "a"}}, []string{"topic orders Read,Write", "group a Read"}},
		"by a wider prefix":  {[]kafka.Access{kafka.Produce{Topics: []string{"a-b-*", "a-*", "a-c", "b"}}}, []string{"topic a-… Write", "topic b Write"}},
		"half by a prefix":   {[]kafka.Access{kafka.Produce{Topics: []string{"a-*"}}, kafka.Consume{Topics: []string{"a-b"}, Group: "g"}, kafka.Produce{Topics: []string{"a-b"}}}, []string{"topic a-… Write", "topic a-b Read", "group g Read"}},
		"a prefix is no all": {[]kafka.Access{kafka.Produce{Topics: []string{"a*", "*"}}, kafka.Consume{Topics: []string{"a*"}, Group: "g"}}, []string{"topic * Write", "topic a… Read", "group g Read"}},
		"implied": {[]kafka.Access{kafka.ACL{Topic: "a", Operations: []kafka.Operation{kafka.OpDescribe}}, kafka.Produce{Topics: []string{"a"}}},
			[]string{"topic a Write"}},
		"implied by a wider one": {[]kafka.Access{kafka.ACL{Topic: "a-b", Operations: []kafka.Operation{kafka.OpDescribe, kafka.OpCreate}}, kafka.Produce{Topics: []string{"a-*"}}},
			[]string{"topic a-… Write", "topic a-b Create"}},
		"hosts": {[]kafka.Access{kafka.Produce{Topics: orders, Hosts: []string{"10.0.0.2", "10.0.0.1", "::1", "10.0.0.1"}}},
			[]string{"topic orders Write @0:0:0:0:0:0:0:1", "topic orders Write @10.0.0.1", "topic orders Write @10.0.0.2"}},
		"any host": {[]kafka.Access{kafka.Produce{Topics: orders, Hosts: []string{"10.0.0.2", "*"}}}, []string{"topic orders Write"}},
		"a narrower host": {[]kafka.Access{kafka.Produce{Topics: []string{"a-*"}, Hosts: []string{"10.0.0.2"}}, kafka.Produce{Topics: []string{"a-b"}}},
			[]string{"topic a-… Write @10.0.0.2", "topic a-b Write"}},
		"what is denied stays": {[]kafka.Access{kafka.Produce{Topics: []string{"*"}},
			kafka.ACL{Topic: "a-*", Operations: []kafka.Operation{kafka.OpWrite, kafka.OpDescribe}, Deny: true},
			kafka.ACL{Topic: "a-b", Operations: []kafka.Operation{kafka.OpWrite}, Deny: true}},
			[]string{"topic * Write", "deny topic a-… Write,Describe", "deny topic a-b Write"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, rulesOf(t, tc.in...)); diff != "" {
				t.Errorf("rules (-want +got):\n%s", diff)
			}
			slices.Reverse(tc.in)
			if diff := cmp.Diff(tc.want, rulesOf(t, tc.in...)); diff != "" {
				t.Errorf("rules the other way round (-want +got):\n%s", diff)
			}
		})
	}
}

// allows decides as Kafka does: what is denied is denied, and who may read,
// write, delete or alter may describe.
func allows(rules []strimziv1.ACLRule, kind strimziv1.ACLResourceType, name string, op strimziv1.ACLOperation, host string) bool {
	implies := map[strimziv1.ACLOperation][]strimziv1.ACLOperation{
		"Describe": {"Read", "Write", "Delete", "Alter"}, "DescribeConfigs": {"AlterConfigs"},
	}
	allowed := false
	for _, rule := range rules {
		about := rule.Resource.Name != nil && (*rule.Resource.Name == name || rule.Resource.PatternType != "prefix" && *rule.Resource.Name == "*" ||
			rule.Resource.PatternType == "prefix" && strings.HasPrefix(name, *rule.Resource.Name))
		if rule.Resource.Type != kind || kind != "cluster" && !about || rule.Host != nil && *rule.Host != host {
			continue
		}
		own := slices.Contains(rule.Operations, op) || slices.Contains(rule.Operations, "All")
		switch {
		case rule.Type == "deny" && own:
			return false
		case rule.Type != "deny" && (own || slices.ContainsFunc(implies[op], func(o strimziv1.ACLOperation) bool { return slices.Contains(rule.Operations, o) })):
			allowed = true
		}
	}
	return allowed
}

// TestAccessIsMerged puts random rules together, and wants just what each of
// them allows or denies, and no operation that could be left out.
func TestAccessIsMerged(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	names := []string{"a", "ab", "ab-c", "b", "c"}
	patterns := append([]string{"*", "a*", "ab*", "ab-*", "b*"}, names...)
	hosts := []string{"10.0.0.1", "10.0.0.2"}
	ops := []kafka.Operation{kafka.OpRead, kafka.OpWrite, kafka.OpCreate, kafka.OpDelete, kafka.OpAlter, kafka.OpDescribe, kafka.OpAlterConfigs, kafka.OpDescribeConfigs, kafka.OpAll}
	pick := func() kafka.Access {
		acl := kafka.ACL{Topic: patterns[random.IntN(len(patterns))], Deny: random.IntN(8) == 0}
		for range 1 + random.IntN(3) {
			acl.Operations = append(acl.Operations, ops[random.IntN(len(ops))])
		}
		if random.IntN(3) == 0 {
			acl.Hosts = []string{hosts[random.IntN(len(hosts))]}
		}
		return acl
	}
	made := func(in ...kafka.Access) []strimziv1.ACLRule {
		user, err := with(smallUser(), func(u *kafka.User) { u.Access = in }).KafkaUser()
		if err != nil {
			t.Fatal(err)
		}
		return user.Spec.Authorization.ACLs
	}
	verdicts := func(rules []strimziv1.ACLRule) string {
		var out strings.Builder
		for _, name := range names {
			for _, op := range ops {
				for _, host := range hosts {
					fmt.Fprintf(&out, "%s %s %s %v\n", name, op, host, allows(rules, "topic", name, strimziv1.ACLOperation(op), host))
				}
			}
		}
		return out.String()
	}
	for range 500 {
		var in []kafka.Access
		var single []strimziv1.ACLRule
		for range 1 + random.IntN(5) {
			in = append(in, pick())
			acl := in[len(in)-1].(kafka.ACL)
			rule := made(kafka.ACL{Topic: acl.Topic, Operations: []kafka.Operation{kafka.OpAll}, Hosts: acl.Hosts, Deny: acl.Deny})[0]
			rule.Operations = nil
			for _, op := range acl.Operations {
				rule.Operations = append(rule.Operations, strimziv1.ACLOperation(op))
			}
			single = append(single, rule)
		}
		merged := made(in...)
		if diff := cmp.Diff(verdicts(single), verdicts(merged)); diff != "" {
			t.Fatalf("%+v\nbecomes %+v\n(-each +merged):\n%s", in, merged, diff)
		}
	}
}

// TestEveryAccessFieldCounts takes each field of each intent away, and wants
// other rules, or a mistake that names it.
func TestEveryAccessFieldCounts(t *testing.T) {
	hosts, ops := []string{"10.0.0.1"}, []kafka.Operation{kafka.OpDelete}
	for _, in := range []kafka.Access{
		kafka.Produce{Topics: []string{"a"}, Hosts: hosts},
		kafka.Consume{Topics: []string{"a"}, Group: "g", Hosts: hosts},
		kafka.Transact{TransactionalID: "x", Topics: []string{"a"}, Hosts: hosts},
		kafka.Stream{Application: "s", Inputs: []string{"a"}, Outputs: []string{"b"}, ExactlyOnce: true, Hosts: hosts},
		kafka.RunConnect{Group: "w", ConfigTopic: "c", OffsetTopic: "o", StatusTopic: "t", ExactlyOnce: true, Hosts: hosts},
		kafka.ACL{Topic: "a", Operations: ops, Hosts: hosts, Deny: true},
		kafka.ACL{Group: "a", Operations: ops},
		kafka.ACL{TransactionalID: "a", Operations: []kafka.Operation{kafka.OpWrite}},
		kafka.ACL{Cluster: true, Operations: []kafka.Operation{kafka.OpCreate}},
	} {
		before := rulesOf(t, in)
		for i := range reflect.TypeOf(in).NumField() {
			less := reflect.New(reflect.TypeOf(in)).Elem()
			less.Set(reflect.ValueOf(in))
			if less.Field(i).IsZero() {
				continue
			}
			less.Field(i).SetZero()
			field := less.Type().Field(i).Name
			u := with(smallUser(), func(u *kafka.User) { u.Access = []kafka.Access{less.Interface().(kafka.Access)} })
			if got := mistakes(t, u); got != nil {
				if !slices.ContainsFunc(got, func(m string) bool { return strings.HasPrefix(m, required+" Access[0]") }) {
					t.Errorf("%T without %s: %q", in, field, got)
				}
				continue
			}
			if slices.Equal(before, rulesOf(t, u.Access...)) {
				t.Errorf("%T: nothing renders %s", in, field)
			}
		}
	}
}
