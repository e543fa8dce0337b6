package kafka

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/millrace/millrace/kafka/strimziv1"
)

const (
	topicACL       = strimziv1.ACLResourceTypeTopic
	groupACL       = strimziv1.ACLResourceTypeGroup
	transactionACL = strimziv1.ACLResourceTypeTransactionalID
	clusterACL     = strimziv1.ACLResourceTypeCluster

	// anyHost and anyName are Kafka's own signs for all of them.
	anyHost = "*"
	anyName = "*"
)

// aclKinds are the kinds of things that rules are about, in their order.
var aclKinds = [...]strimziv1.ACLResourceType{topicACL, groupACL, transactionACL, clusterACL}

// aclOperations are the operations that Kafka ever asks for on a kind of thing;
// a rule with another one does nothing. All goes with each.
// Source: Apache Kafka 4.3, AclEntry.supportedOperations.
var aclOperations = map[strimziv1.ACLResourceType][]Operation{
	topicACL:       {OpRead, OpWrite, OpCreate, OpDelete, OpAlter, OpDescribe, OpAlterConfigs, OpDescribeConfigs},
	groupACL:       {OpRead, OpDelete, OpDescribe, OpAlterConfigs, OpDescribeConfigs},
	transactionACL: {OpWrite, OpDescribe},
	clusterACL:     {OpCreate, OpAlter, OpDescribe, OpClusterAction, OpAlterConfigs, OpDescribeConfigs, OpIdempotentWrite},
}

// operations is the order in which operations are written.
var operations = [...]Operation{OpRead, OpWrite, OpCreate, OpDelete, OpAlter, OpDescribe, OpClusterAction, OpAlterConfigs, OpDescribeConfigs,
	OpIdempotentWrite, OpAll}

// opSet is a set of operations, a bit each.
type opSet uint16

func setOf(ops ...Operation) opSet {
	var s opSet
	for _, op := range ops {
		if i := slices.Index(operations[:], op); i >= 0 {
			s |= 1 << i
		}
	}
	return s
}

// implied returns the operations with all that they allow besides.
// Source: Apache Kafka 4.3, StandardAuthorizerData.
func (s opSet) implied() opSet {
	if s&setOf(OpAll) != 0 {
		return 1<<len(operations) - 1
	}
	if s&setOf(OpRead, OpWrite, OpDelete, OpAlter) != 0 {
		s |= setOf(OpDescribe)
	}
	if s&setOf(OpAlterConfigs) != 0 {
		s |= setOf(OpDescribeConfigs)
	}
	return s
}

// minimal returns the operations without those that follow from others.
func (s opSet) minimal() opSet {
	out := s
	for _, op := range operations {
		if bit := setOf(op); s&bit != 0 && (s&^bit).implied()&bit != 0 {
			out &^= bit
		}
	}
	return out
}

func (s opSet) list() []strimziv1.ACLOperation {
	var out []strimziv1.ACLOperation
	for _, op := range operations {
		if s&setOf(op) != 0 {
			out = append(out, strimziv1.ACLOperation(op))
		}
	}
	return out
}

func setOfRule(rule *strimziv1.ACLRule) opSet {
	var s opSet
	for _, op := range rule.Operations {
		s |= setOf(Operation(op))
	}
	return s
}

// operationFault says why an operation does nothing to a kind of thing.
func operationFault(kind strimziv1.ACLResourceType, op strimziv1.ACLOperation) (why, fix string) {
	known := aclOperations[kind]
	if known == nil || Operation(op) == OpAll || slices.Contains(known, Operation(op)) {
		return "", ""
	}
	names := make([]string, len(known))
	for i := range known {
		names[i] = string(known[i])
	}
	return fmt.Sprintf("Kafka never asks for it on a %s", kind), "use " + strings.Join(names, ", ") + " or All"
}

// nameFault says why nothing ever has a name, or one that begins so.
func nameFault(kind strimziv1.ACLResourceType, name string, prefix bool) (why, fix string) {
	switch {
	case name == anyName && !prefix:
	case kind == topicACL && (len(name) > longestTopicName || !topicLetters(name)):
		return "no topic is called so", "use at most 249 letters, digits, '.', '_' and '-', a prefix with * at its end, or * alone"
	case strings.Contains(name, "*"):
		return "a * stands for the rest of a name only at its end", "use a prefix with * at its end, * alone, or Base"
	case strings.ContainsFunc(name, unicode.IsControl) || !utf8.ValidString(name):
		return "a name is one line of text", "remove what is not printable"
	}
	return "", ""
}

// topicLetters reports whether Kafka takes all letters of a topic's name.
func topicLetters(name string) bool {
	return strings.IndexFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '_' || r == '-')
	}) < 0
}

// hostFault says why no client ever comes from a host: Kafka compares it with
// the address of the client, letter by letter.
// Source: Apache Kafka 4.3, StandardAuthorizerData.findResult.
func hostFault(host string) (why, fix string) {
	if host == anyHost {
		return "", ""
	}
	if addr, err := netip.ParseAddr(host); err != nil || addr.Zone() != "" {
		return "Kafka compares it with the client's address, and knows neither names nor networks", "use addresses, or leave it out"
	}
	return "", ""
}

// brokerHost writes an address as Java does, which doesn't shorten those of
// IPv6: a rule for ::1 would never match.
func brokerHost(host string) string {
	addr, err := netip.ParseAddr(host)
	switch {
	case err != nil:
		return host
	case addr.Unmap().Is4():
		return addr.Unmap().String()
	}
	b := addr.As16()
	groups := make([]string, 0, len(b)/2)
	for i := 0; i < len(b); i += 2 {
		groups = append(groups, fmt.Sprintf("%x", uint16(b[i])<<8|uint16(b[i+1])))
	}
	return strings.Join(groups, ":")
}
