package kafka

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// accessList gathers the rules that a user's intents come to.
type accessList struct {
	problems *millrace.Problems
	rules    map[aclPlace]opSet
}

func (in Produce) access(l *accessList, at string) {
	hosts := l.hosts(at+".Hosts", in.Hosts)
	l.topics(at+".Topics", in.Topics, "name the topics that are written to", hosts, OpWrite)
}

func (in Consume) access(l *accessList, at string) {
	hosts := l.hosts(at+".Hosts", in.Hosts)
	l.topics(at+".Topics", in.Topics, "name the topics that are read", hosts, OpRead)
	l.allow(at+".Group", groupACL, in.Group, "name the consumer group", hosts, OpRead)
}

func (in Transact) access(l *accessList, at string) {
	hosts := l.hosts(at+".Hosts", in.Hosts)
	l.allow(at+".TransactionalID", transactionACL, in.TransactionalID, "name the transactional id of the producers", hosts, OpWrite)
	l.topics(at+".Topics", in.Topics, "name the topics that are written to", hosts, OpWrite)
}

func (in Stream) access(l *accessList, at string) {
	hosts := l.hosts(at+".Hosts", in.Hosts)
	if l.literal(at+".Application", topicACL, in.Application, "set it to the application.id") {
		own := in.Application + "-"
		l.add(aclPlace{kind: groupACL, name: in.Application}, hosts, OpRead)
		l.add(aclPlace{kind: topicACL, name: own, prefix: true}, hosts, OpCreate, OpDelete, OpRead, OpWrite)
		if in.ExactlyOnce {
			l.add(aclPlace{kind: transactionACL, name: own, prefix: true}, hosts, OpWrite)
		}
	}
	l.topics(at+".Inputs", in.Inputs, "name the topics that are read", hosts, OpRead)
	for i, topic := range in.Outputs {
		l.allow(fmt.Sprintf("%s.Outputs[%d]", at, i), topicACL, topic, "leave it out", hosts, OpWrite)
	}
}

func (in RunConnect) access(l *accessList, at string) {
	hosts := l.hosts(at+".Hosts", in.Hosts)
	if l.literal(at+".Group", groupACL, in.Group, "set it to the workers' group.id") {
		l.add(aclPlace{kind: groupACL, name: in.Group}, hosts, OpRead)
		if in.ExactlyOnce {
			l.add(aclPlace{kind: transactionACL, name: "connect-cluster-" + in.Group}, hosts, OpWrite)
			l.add(aclPlace{kind: transactionACL, name: in.Group + "-", prefix: true}, hosts, OpWrite)
		}
	}
	for _, topic := range [...][2]string{{"ConfigTopic", in.ConfigTopic}, {"OffsetTopic", in.OffsetTopic}, {"StatusTopic", in.StatusTopic}} {
		if l.literal(at+"."+topic[0], topicACL, topic[1], "set it to what the workers' configuration says") {
			l.add(aclPlace{kind: topicACL, name: topic[1]}, hosts, OpCreate, OpDescribeConfigs, OpRead, OpWrite)
		}
	}
}

func (in ACL) access(l *accessList, at string) {
	var places []aclPlace
	for _, thing := range [...]struct {
		field, name string
		kind        strimziv1.ACLResourceType
	}{{"Topic", in.Topic, topicACL}, {"Group", in.Group, groupACL}, {"TransactionalID", in.TransactionalID, transactionACL}} {
		if thing.name != "" {
			place, _ := l.place(at+"."+thing.field, thing.kind, thing.name, "")
			places = append(places, place)
		}
	}
	if in.Cluster {
		places = append(places, aclPlace{kind: clusterACL})
	}
	switch {
	case len(places) == 0:
		l.problems.Required(at, "set Topic, Group, TransactionalID or Cluster")
		return
	case len(places) > 1:
		l.problems.Conflict(at, "one rule is about one thing, and several are set", "write a kafka.ACL for each")
		return
	case len(in.Operations) == 0:
		l.problems.Required(at+".Operations", "say what is allowed")
	}
	for i, op := range in.Operations {
		if why, fix := operationFault(places[0].kind, strimziv1.ACLOperation(op)); why != "" {
			l.problems.Invalid(fmt.Sprintf("%s.Operations[%d]", at, i), string(op), why, fix)
		}
	}
	places[0].deny = in.Deny
	l.add(places[0], l.hosts(at+".Hosts", in.Hosts), in.Operations...)
}

// topics allows operations on topics, of which there must be one.
func (l *accessList) topics(at string, topics []string, fix string, hosts []string, ops ...Operation) {
	if len(topics) == 0 {
		l.problems.Required(at, fix)
	}
	for i, topic := range topics {
		l.allow(fmt.Sprintf("%s[%d]", at, i), topicACL, topic, "leave it out", hosts, ops...)
	}
}

// allow allows operations on what a name of the user's stands for.
func (l *accessList) allow(at string, kind strimziv1.ACLResourceType, name, fix string, hosts []string, ops ...Operation) {
	if place, ok := l.place(at, kind, name, fix); ok {
		l.add(place, hosts, ops...)
	}
}

// literal checks a name that can't be a prefix.
func (l *accessList) literal(at string, kind strimziv1.ACLResourceType, name, fix string) bool {
	if strings.HasSuffix(name, "*") {
		l.problems.Invalid(at, name, "it is one name, and no prefix", "leave the * out")
		return false
	}
	_, ok := l.place(at, kind, name, fix)
	return ok
}

// place reads a name: one that ends with * is a prefix, but for * alone, which
// Kafka itself takes for all.
func (l *accessList) place(at string, kind strimziv1.ACLResourceType, name, fix string) (aclPlace, bool) {
	if name == "" {
		l.problems.Required(at, fix)
		return aclPlace{}, false
	}
	place := aclPlace{kind: kind, name: name}
	if before, ok := strings.CutSuffix(name, "*"); ok && before != "" {
		place.name, place.prefix = before, true
	}
	if why, fix := nameFault(kind, place.name, place.prefix); why != "" {
		l.problems.Invalid(at, name, why, fix)
		return aclPlace{}, false
	}
	return place, true
}

// hosts checks addresses, and returns them as brokers write them.
func (l *accessList) hosts(at string, hosts []string) []string {
	if len(hosts) == 0 {
		return []string{anyHost}
	}
	var out []string
	for i, host := range hosts {
		if why, fix := hostFault(host); why != "" {
			l.problems.Invalid(fmt.Sprintf("%s[%d]", at, i), host, why, fix)
			continue
		}
		out = append(out, brokerHost(host))
	}
	return out
}

// add adds operations to what there is already at a place.
func (l *accessList) add(place aclPlace, hosts []string, ops ...Operation) {
	if l.rules == nil {
		l.rules = map[aclPlace]opSet{}
	}
	for _, host := range hosts {
		place.host = host
		for _, op := range ops {
			l.rules[place] |= setOf(op)
		}
	}
}

// acls returns the rules in the order of their places, without operations that
// follow from another rule. Only what allows follows: Kafka forbids what is
// written, and nothing else.
func (l *accessList) acls() []strimziv1.ACLRule {
	var out []strimziv1.ACLRule
	for _, place := range slices.SortedFunc(maps.Keys(l.rules), aclPlace.compare) {
		ops := l.rules[place]
		if !place.deny {
			ops = ops.minimal()
			for other, more := range l.rules {
				if other != place && !other.deny && other.covers(place) {
					ops &^= more.implied()
				}
			}
		}
		if ops != 0 {
			out = append(out, place.rule(ops))
		}
	}
	return out
}

// aclPlace is what a rule is about, and for whom.
type aclPlace struct {
	kind   strimziv1.ACLResourceType
	name   string
	prefix bool
	deny   bool
	host   string
}

// covers reports whether whatever a rule at another place matches is matched by
// one at this place too.
func (a aclPlace) covers(b aclPlace) bool {
	switch {
	case a.kind != b.kind || a.host != anyHost && a.host != b.host:
		return false
	case a.kind == clusterACL || !a.prefix && a.name == anyName:
		return true
	case a.prefix:
		return strings.HasPrefix(b.name, a.name)
	}
	return !b.prefix && a.name == b.name
}

// compare orders by kind, name, and what is left.
func (a aclPlace) compare(b aclPlace) int {
	return cmp.Or(
		cmp.Compare(slices.Index(aclKinds[:], a.kind), slices.Index(aclKinds[:], b.kind)),
		cmp.Compare(a.name, b.name),
		compareBool(a.prefix, b.prefix),
		compareBool(b.deny, a.deny), // What is forbidden comes first.
		cmp.Compare(a.host, b.host),
	)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// rule writes it down, without what is Strimzi's default.
func (a aclPlace) rule(ops opSet) strimziv1.ACLRule {
	out := strimziv1.ACLRule{Resource: strimziv1.ACLRuleResource{Type: a.kind}, Operations: ops.list()}
	if a.kind != clusterACL {
		out.Resource.Name = new(a.name)
	}
	if a.prefix {
		out.Resource.PatternType = strimziv1.ACLPatternTypePrefix
	}
	if a.deny {
		out.Type = strimziv1.ACLRuleTypeDeny
	}
	if a.host != anyHost {
		out.Host = new(a.host)
	}
	return out
}

// placeOf reads a rule.
func placeOf(rule *strimziv1.ACLRule) aclPlace {
	place := aclPlace{kind: rule.Resource.Type, name: deref(rule.Resource.Name), host: anyHost,
		prefix: rule.Resource.PatternType == strimziv1.ACLPatternTypePrefix, deny: rule.Type == strimziv1.ACLRuleTypeDeny}
	if place.kind == clusterACL {
		place.name, place.prefix = "", false // Strimzi doesn't read them.
	}
	if rule.Host != nil {
		place.host = *rule.Host
	}
	return place
}
