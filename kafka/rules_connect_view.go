package kafka

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// client is one way in which an object reaches Kafka; path is that of what
// holds bootstrapServers, tls and authentication.
type client struct {
	path string
	reach
}

// clientsOf returns the ways in which an object reaches Kafka.
func clientsOf(o millrace.Object) []client {
	switch o := o.(type) {
	case *strimziv1.KafkaConnect:
		return []client{{"spec", reach{o.Spec.BootstrapServers, o.Spec.TLS, o.Spec.Authentication}}}
	case *strimziv1.KafkaBridge:
		return []client{{"spec", reach{o.Spec.BootstrapServers, o.Spec.TLS, o.Spec.Authentication}}}
	case *strimziv1.KafkaMirrorMaker2:
		t := &o.Spec.Target
		out := []client{{"spec.target", reach{t.BootstrapServers, t.TLS, t.Authentication}}}
		for i := range o.Spec.Mirrors {
			s := &o.Spec.Mirrors[i].Source
			out = append(out, client{fmt.Sprintf("spec.mirrors[%d].source", i), reach{s.BootstrapServers, s.TLS, s.Authentication}})
		}
		return out
	}
	return nil
}

// serversOf returns addresses in one form, whichever way they are written:
// sorted, and those of Strimzi's services with their namespace.
func serversOf(namespace, servers string) string {
	var out []string
	for server := range strings.SplitSeq(servers, ",") {
		server = strings.ToLower(strings.TrimSpace(server))
		if name, in, port, ok := bootstrapOf(namespace, server); ok {
			server = fmt.Sprintf("%s.%s:%d", name, in, port)
		}
		out = append(out, server)
	}
	slices.Sort(out)
	return strings.Join(out, ",")
}

// bootstrapOf reads the address of a cluster of Strimzi's.
func bootstrapOf(namespace, server string) (cluster, in string, port int, ok bool) {
	host, number, _ := strings.Cut(strings.TrimSpace(server), ":")
	service, rest, _ := strings.Cut(host, ".")
	cluster, ok = strings.CutSuffix(service, bootstrapSuffix)
	if own, _, _ := strings.Cut(rest, "."); own != "" {
		namespace = own
	}
	port, err := strconv.Atoi(number)
	return cluster, namespace, port, ok && err == nil
}

// kafkaOf returns the cluster of the bundle that a client reaches, and the port
// of the listener.
func kafkaOf(b *millrace.Bundle, namespace, servers string) (k *strimziv1.Kafka, port int, ok bool) {
	server, _, _ := strings.Cut(servers, ",")
	name, in, port, ok := bootstrapOf(namespace, server)
	if !ok {
		return nil, 0, false
	}
	found, _ := b.Find(kafkaKind, in, name)
	k, ok = found.(*strimziv1.Kafka)
	return k, port, ok
}

// connectOf returns the KafkaConnect that a connector's label names.
func connectOf(b *millrace.Bundle, o *strimziv1.KafkaConnector) (*strimziv1.KafkaConnect, bool) {
	name := o.Labels[clusterLabel]
	if name == "" {
		return nil, false
	}
	found, _ := b.Find(connectKind, o.Namespace, name)
	connect, ok := found.(*strimziv1.KafkaConnect)
	return connect, ok
}
