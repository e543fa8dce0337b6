package kafkabroker_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// intent is something that a user may do, and a client that does it.
type intent struct {
	name string
	do   string
	// access are the rights, with names that nobody else has.
	access func(n string) []kafka.Access
	// with are the names for the client, and topics those that are there.
	with   func(n string) map[string]string
	topics func(n string) []string
	// compacted are more topics that are there, as Connect wants them.
	compacted func(n string) []string
	// signs are how a client that lacks an operation fails, where it isn't told
	// why: by "operation kind".
	signs map[string]string
	// drop narrows down the operations that the intent is tried without; nil
	// means each.
	drop func(op, resource string) bool
}

func one(n string) []string { return []string{"t-" + n} }

func two(n string) []string { return []string{"t-" + n, "o-" + n} }

func consume(n string) []kafka.Access {
	return []kafka.Access{kafka.Consume{Topics: one(n), Group: "g-" + n}}
}

func stream(exactly bool) func(n string) []kafka.Access {
	return func(n string) []kafka.Access {
		return []kafka.Access{kafka.Stream{Application: "app-" + n, Inputs: []string{"t-" + n}, Outputs: []string{"o-" + n}, ExactlyOnce: exactly}}
	}
}

func connect(exactly bool) func(n string) []kafka.Access {
	return func(n string) []kafka.Access {
		return []kafka.Access{
			kafka.RunConnect{Group: "w-" + n, ConfigTopic: "config-" + n, OffsetTopic: "offset-" + n, StatusTopic: "status-" + n, ExactlyOnce: exactly},
			kafka.Produce{Topics: one(n)},
		}
	}
}

func with(pairs ...string) func(n string) map[string]string {
	return func(n string) map[string]string {
		out := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			out[pairs[i]] = strings.ReplaceAll(pairs[i+1], "%", n)
		}
		return out
	}
}

var worker = [...]string{"group", "w-%", "config", "config-%", "offset", "offset-%", "status", "status-%", "topic", "t-%"}

// purge is how an application ends that can't delete what it has repartitioned,
// and so runs on while the topic grows; and how one ends by the newer protocol
// whose topics the broker doesn't make.
var purge = map[string]string{"Delete topic": "an empty repartition topic", "Create topic": "it has no topics of its own"}

// inVain is how long, in milliseconds, is waited for what must not happen and
// is told by nothing else. What does happen takes a second.
const inVain = "6000"

// first are the operations of a worker that comes for the first time.
func first(op, resource string) bool {
	return op != string(kafka.OpDescribeConfigs) && !strings.HasPrefix(resource, "t-") && !(op == string(kafka.OpRead) && strings.HasPrefix(resource, "offset-"))
}

func intents() []intent {
	return []intent{
		{name: "produce", do: "produce", topics: one, with: with("topic", "t-%"),
			access: func(n string) []kafka.Access { return []kafka.Access{kafka.Produce{Topics: one(n)}} }},
		{name: "produce by prefix and address", do: "produce", topics: one, with: with("topic", "t-%"),
			access: func(n string) []kafka.Access {
				return []kafka.Access{kafka.Produce{Topics: []string{"t-" + n[:len(n)-1] + "*"}, Hosts: []string{"127.0.0.1"}}}
			}},
		{name: "consume", do: "consume", topics: one, with: with("topic", "t-%", "group", "g-%"), access: consume},
		{name: "consume by prefix", do: "consume", topics: one, with: with("topic", "t-%", "group", "g-%"),
			access: func(n string) []kafka.Access {
				return []kafka.Access{kafka.Consume{Topics: []string{"t-" + n, "t-*"}, Group: "g-*"}}
			}},
		{name: "consume by the newer protocol", do: "consume", topics: one, with: with("topic", "t-%", "group", "g-%", "protocol", "consumer"), access: consume},
		{name: "consume in a share group", do: "share", topics: one, with: with("topic", "t-%", "group", "g-%"), access: consume},
		{name: "transact", do: "transact", topics: one, with: with("topic", "t-%", "transactionalId", "x-%-1"),
			access: func(n string) []kafka.Access {
				return []kafka.Access{kafka.Transact{TransactionalID: "x-" + n + "-*", Topics: one(n)}}
			}},
		{name: "copy in transactions", do: "copy", topics: two, with: with("topic", "t-%", "to", "o-%", "group", "g-%", "transactionalId", "x-%"),
			access: func(n string) []kafka.Access {
				return append(consume(n), kafka.Transact{TransactionalID: "x-" + n, Topics: []string{"o-" + n}})
			}},
		{name: "stream", do: "stream", topics: two, access: stream(false), signs: purge,
			with: with("topic", "t-%", "to", "o-%", "application", "app-%", "guarantee", "at_least_once")},
		{name: "stream exactly once", do: "stream", topics: two, access: stream(true), signs: purge,
			with: with("topic", "t-%", "to", "o-%", "application", "app-%", "guarantee", "exactly_once_v2")},
		{name: "stream by the newer protocol", do: "stream", topics: two, access: stream(true), signs: purge,
			with: with("topic", "t-%", "to", "o-%", "application", "app-%", "guarantee", "exactly_once_v2", "protocol", "streams")},
		{name: "connect", do: "connect", topics: one, access: connect(false), with: with(worker[:]...), drop: first},
		{name: "connect again", do: "connect", topics: one, access: connect(false), with: with(append(worker[:], "filled", "offset-%")...),
			compacted: func(n string) []string { return []string{"offset-" + n} },
			drop: func(op, resource string) bool {
				return op == string(kafka.OpRead) && strings.HasPrefix(resource, "offset-")
			}},
		{name: "connect exactly once", do: "connect", topics: one, access: connect(true), with: with(append(worker[:], "exactlyOnce", "true")...),
			drop: func(_, resource string) bool {
				return strings.HasPrefix(resource, "w-") || strings.HasPrefix(resource, "connect-cluster-")
			}},
	}
}

// accessCases runs each intent with all of its rules, and once without each
// operation of each rule.
func accessCases(t *testing.T) []labCase {
	var out []labCase
	for i, in := range intents() {
		n := fmt.Sprintf("%da", i)
		whole := in.user(t, n)
		out = append(out, in.labCase(in.name, n, whole, works))
		for rule, acl := range whole.Spec.Authorization.ACLs {
			for op := range acl.Operations {
				n := fmt.Sprintf("%d-%d-%da", i, rule, op)
				less := in.user(t, n)
				acl := &less.Spec.Authorization.ACLs[rule]
				operation, resource := string(acl.Operations[op]), *acl.Resource.Name
				if in.drop != nil && !in.drop(operation, resource) {
					continue
				}
				acl.Operations = slices.Delete(acl.Operations, op, op+1)
				check := refused()
				if sign := in.signs[operation+" "+string(acl.Resource.Type)]; sign != "" {
					check = refused(sign)
				}
				c := in.labCase(fmt.Sprintf("%s without %s of the %s %s", in.name, operation, acl.Resource.Type, resource), n, less, check)
				switch {
				case in.do == "connect":
					c.because(n, "authoriz")
				case in.do == "stream" && operation == string(kafka.OpDelete):
					c.With["purge"] = inVain
				case in.do == "stream" && operation == string(kafka.OpCreate):
					c.With["count"] = inVain
				}
				c.late = in.do == "connect" && operation == string(kafka.OpRead)
				out = append(out, c)
			}
		}
	}
	return out
}

func (in intent) user(t *testing.T, n string) *strimziv1.KafkaUser {
	t.Helper()
	return user(t, "u-"+n, in.access(n)...)
}

func (in intent) labCase(id, n string, manifest *strimziv1.KafkaUser, check func(*testing.T, result)) labCase {
	c := labCase{ID: id, Do: in.do, Manifest: manifest, With: in.with(n), topics: in.topics(n), check: check}
	if in.compacted != nil {
		c.compacted = in.compacted(n)
	}
	return c
}

func user(t *testing.T, name string, access ...kafka.Access) *strimziv1.KafkaUser {
	t.Helper()
	made, err := (&kafka.User{Name: name, Cluster: "events", Auth: kafka.SCRAM, Access: access}).KafkaUser()
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// promiseCases are what no intent promises.
func promiseCases(t *testing.T) []labCase {
	produce := kafka.Produce{Topics: []string{"p-orders"}}
	read := kafka.Consume{Topics: []string{"p-orders"}, Group: "p-group"}
	all := []kafka.Access{produce, read, kafka.Transact{TransactionalID: "p-x-*", Topics: []string{"p-orders"}}}
	topics := []string{"p-orders", "p-other"}
	var out []labCase
	add := func(id, do string, check func(*testing.T, result), pairs []string, access ...kafka.Access) {
		out = append(out, labCase{ID: id, Do: do, Manifest: user(t, fmt.Sprintf("p-%d", len(out)), access...), With: with(pairs...)(""), topics: topics, check: check})
	}
	add("who may nothing can't write", "produce", refused(), []string{"topic", "p-orders"})
	add("who writes can't read", "consume", refused(), []string{"topic", "p-orders", "group", "p-group"}, produce)
	add("who reads can't write", "produce", refused(), []string{"topic", "p-orders"}, read)
	add("no other topic is written", "produce", refused(), []string{"topic", "p-other"}, all...)
	add("no other topic is read", "consume", refused(), []string{"topic", "p-other", "group", "p-group"}, all...)
	add("no other group is joined", "consume", refused(), []string{"topic", "p-orders", "group", "p-group-2"}, all...)
	add("no other transactional id is used", "transact", refused(), []string{"topic", "p-orders", "transactionalId", "p-y"}, all...)
	add("who writes makes no topics", "create", refused(), []string{"topic", "p-new"}, all...)
	add("no other address", "produce", refused(), []string{"topic", "p-orders"}, kafka.Produce{Topics: []string{"p-orders"}, Hosts: []string{"127.0.0.2"}})
	add("an ACL allows", "create", works, []string{"topic", "p-new-1"}, kafka.ACL{Topic: "p-new-*", Operations: []kafka.Operation{kafka.OpCreate}})
	add("on the cluster too", "create", works, []string{"topic", "p-made"}, kafka.ACL{Cluster: true, Operations: []kafka.Operation{kafka.OpCreate}})
	add("what is denied isn't allowed", "produce", refused(), []string{"topic", "p-orders"}, produce,
		kafka.ACL{Topic: "p-*", Operations: []kafka.Operation{kafka.OpWrite}, Deny: true})
	for _, look := range [...]bool{true, false} {
		n := fmt.Sprintf("p%da", len(out))
		manifest := user(t, "u-"+n, connect(false)(n)...)
		c := labCase{ID: "a worker that can't look takes any topic", Do: "connect", Manifest: manifest, With: with(worker[:]...)(n),
			topics: []string{"t-" + n, "config-" + n}, check: works}
		if look {
			c.ID = "a worker wants a compacted topic"
			c.because("config-"+n, "cleanup.policy=compact")
		} else {
			for i := range manifest.Spec.Authorization.ACLs {
				acl := &manifest.Spec.Authorization.ACLs[i]
				acl.Operations = slices.DeleteFunc(acl.Operations, func(op strimziv1.ACLOperation) bool { return op == strimziv1.ACLOperationDescribeConfigs })
			}
		}
		out = append(out, c)
	}
	add("everything", "transact", works, []string{"topic", "p-orders", "transactionalId", "p-z"}, kafka.Transact{TransactionalID: "*", Topics: []string{"*"}})
	return out
}
