package kafka

import (
	"fmt"
	"maps"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const (
	lowestPort  = 9092
	highestPort = 65535
)

// takenPorts are what the brokers' pods listen on already.
// Source: Strimzi, ListenersValidator.FORBIDDEN_PORTS.
var takenPorts = map[int64]string{9404: "metrics", 9999: "JMX"}

// listenerName is what Strimzi takes as the name of a listener.
// Source: Strimzi, CRD kafkas.kafka.strimzi.io; its documentation says 25
// characters, the schema 11.
var listenerName = regexp.MustCompile(`^[a-z0-9]{1,11}$`)

const listenerRule = "kafka/listener"

// listeners adds what the operator refuses, drops or ignores of the listeners,
// and what makes services, routes and ingresses that Kubernetes refuses.
// Source: Strimzi 1.2.0, ListenersValidator.java.
func (f *faults) listeners(k *strimziv1.Kafka) {
	seen := listenersSeen{names: map[string]int{}, ports: map[int64]int{}, hosts: map[string]string{}, nodePorts: map[int64]string{}}
	for i := range k.Spec.Kafka.Listeners {
		l := &k.Spec.Kafka.Listeners[i]
		c := &listenerCheck{f.below(listenerRule, fmt.Sprintf("spec.kafka.listeners[%d]", i)), l, configurationOf(l), &seen}
		c.name(i)
		if !oneOf(l.Type, Internal) {
			c.serviceName(l, bootstrapLength(k, l))
		}
		c.port(i)
		c.encryption()
		c.authentication()
		c.hosts()
		c.gateways()
		c.types()
		c.addresses()
		c.certificate()
	}
}

// listenersSeen is what must not be twice among the listeners of a cluster, and
// where it was first.
type listenersSeen struct {
	names     map[string]int
	ports     map[int64]int
	hosts     map[string]string
	nodePorts map[int64]string
}

// listenerCheck looks at one listener.
type listenerCheck struct {
	faultsBelow
	of   *strimziv1.Listener
	conf *strimziv1.ListenerConfiguration
	seen *listenersSeen
}

const confPath = ".configuration"

func (c *listenerCheck) name(i int) {
	name := c.of.Name
	switch {
	case name == "":
		c.required(".name", "give it a name")
		return
	case !listenerName.MatchString(name):
		c.invalid(".name", name, "it is no name of a listener", "use 1 to 11 lower-case letters and digits")
	}
	if other, ok := c.seen.names[name]; ok {
		c.add(millrace.RuleDuplicate, ".name", fmt.Sprintf("listener %d of the list has this name too", other), "rename one of the two")
	}
	c.seen.names[name] = i
}

func (c *listenerCheck) port(i int) {
	port := c.of.Port
	use, taken := takenPorts[port]
	switch {
	case port == 0:
		c.required(".port", "give it a port, 9092 or above")
		return
	case port > highestPort:
		c.invalid(".port", port, "there is no such port", "use 9092 to 65535")
	case port < lowestPort:
		c.invalid(".port", port, "Strimzi keeps the ports below 9092", "use 9092 or above")
	case taken:
		c.invalid(".port", port, "it is taken, for "+use, "use another one")
	}
	if other, ok := c.seen.ports[port]; ok {
		c.add(millrace.RuleDuplicate, ".port", fmt.Sprintf("listener %d of the list has this port too", other), "give one of the two another port")
	}
	c.seen.ports[port] = i
}

func (c *listenerCheck) encryption() {
	if c.of.TLS {
		return
	}
	if a := c.of.Authentication; a != nil && a.Type == strimziv1.ListenerAuthenticationTypeTLS {
		c.conflict(".authentication.type", "client certificates need TLS", "turn TLS on, or use SCRAM")
	}
	if c.conf.BrokerCertChainAndKey != nil {
		c.conflict(confPath+".brokerCertChainAndKey", "a certificate needs TLS", "turn TLS on")
	}
	// Strimzi doesn't check it for tlsroute, whose routes look at the name in
	// the TLS handshake as well.
	if oneOf(c.of.Type, Route, TLSRoute, Ingress) {
		c.conflict(".tls", fmt.Sprintf("a listener of type %s needs TLS, by which it tells brokers apart", c.of.Type), "turn TLS on")
	}
}

// authentication checks what Strimzi takes of a custom one, and that nothing is
// set up for another one.
// Source: Strimzi 1.2.0, KafkaListenerAuthenticationCustom.FORBIDDEN_PREFIXES,
// KafkaBrokerConfigurationBuilder.configureAuthentication.
func (c *listenerCheck) authentication() {
	a := c.of.Authentication
	if a == nil {
		return
	}
	const config, kind = ".authentication.listenerConfig", ".authentication.type"
	switch a.Type {
	case strimziv1.ListenerAuthenticationTypeTLS, strimziv1.ListenerAuthenticationTypeSCRAMSHA512, strimziv1.ListenerAuthenticationTypeCustom:
	case "oauth":
		c.add(millrace.RuleUnsupported, kind, "Strimzi's API version v1 has no such type",
			"use type custom with SASL (the field Custom), and the settings of OAuth: sasl.enabled.mechanisms OAUTHBEARER, its login module and callback handler")
		return
	default:
		c.invalid(kind, string(a.Type), "Strimzi doesn't know it", "use tls, scram-sha-512 or custom")
		return
	}
	if a.Type != strimziv1.ListenerAuthenticationTypeCustom {
		if len(a.ListenerConfig) > 0 {
			c.conflict(config, fmt.Sprintf("authentication of type %s ignores it", a.Type), "use type custom, or leave it out")
		}
		if a.SASL != nil {
			c.conflict(".authentication.sasl", fmt.Sprintf("authentication of type %s ignores it", a.Type), "use type custom, or leave it out")
		}
		return
	}
	for _, key := range slices.Sorted(maps.Keys(a.ListenerConfig)) {
		why, fix := managedKey(listenerAuthComponent, key)
		switch _, ok := configText(a.ListenerConfig[key]); {
		case why != "":
			c.add(millrace.RuleUnsupported, at(config, key), why, fix)
		case strings.HasPrefix(strings.ToLower(key), "listener.name."):
			c.add(millrace.RuleInvalid, at(config, key), "Strimzi writes listener.name.<name>-<port>. before it once more", "leave the prefix out")
		case !ok:
			c.invalid(at(config, key), fmt.Sprint(a.ListenerConfig[key]), "it is neither a string, a number, a boolean nor a list", "write the value as one string")
		}
	}
	if mechanisms, _ := configText(a.ListenerConfig["sasl.enabled.mechanisms"]); deref(a.SASL) && strings.TrimSpace(mechanisms) == "" {
		c.required(at(config, "sasl.enabled.mechanisms"), `name the mechanisms, such as "OAUTHBEARER": Strimzi's own list is empty, so that nobody can log in`)
	}
}

func (c *listenerCheck) certificate() {
	k := c.conf.BrokerCertChainAndKey
	if k == nil {
		return
	}
	for _, part := range [...]struct{ field, value string }{{"secretName", k.SecretName}, {"certificate", k.Certificate}, {"key", k.Key}} {
		if part.value == "" {
			c.required(confPath+".brokerCertChainAndKey."+part.field, "a certificate of one's own needs all three: secret, certificate and key")
		}
	}
}

// addresses checks what is written as an address, or as a number of a port.
func (c *listenerCheck) addresses() {
	for i, block := range c.conf.LoadBalancerSourceRanges {
		if _, _, err := net.ParseCIDR(strings.TrimSpace(block)); err != nil {
			c.invalid(fmt.Sprintf("%s.loadBalancerSourceRanges[%d]", confPath, i), block, "it is no block of addresses", `write it as "10.0.0.0/8"`)
		}
	}
	b := bootstrapOptions(c.conf)
	const first = confPath + ".bootstrap"
	c.nodePort(first+".nodePort", b.NodePort, c.bootstrap())
	c.ip(first+".loadBalancerIP", b.LoadBalancerIP)
	c.ips(first+".externalIPs", b.ExternalIPs)
	ids := map[int64]int{}
	for i := range c.conf.Brokers {
		b := &c.conf.Brokers[i]
		at := fmt.Sprintf("%s.brokers[%d]", confPath, i)
		if other, ok := ids[b.Broker]; ok {
			c.add(millrace.RuleDuplicate, at+".broker", fmt.Sprintf("item %d of the list is for broker %d too, and Strimzi takes that one", other, b.Broker), "join the two")
		} else {
			ids[b.Broker] = i
		}
		if b.Broker < 0 {
			c.invalid(at+".broker", b.Broker, "there is no such node", "use 0 or more")
		}
		c.nodePort(at+".nodePort", b.NodePort, c.broker(b))
		c.ip(at+".loadBalancerIP", b.LoadBalancerIP)
		c.ips(at+".externalIPs", b.ExternalIPs)
		c.portNumber(at+".advertisedPort", b.AdvertisedPort)
	}
	if families := c.conf.IPFamilies; len(families) > 1 && c.conf.IPFamilyPolicy == "SingleStack" {
		c.conflict(confPath+".ipFamilies", fmt.Sprintf("there are %d, and the policy SingleStack is for one", len(families)), "leave one of them, or use PreferDualStack")
	}
}

// bootstrap and broker say whose something is that must not be twice.
func (c *listenerCheck) bootstrap() string {
	return fmt.Sprintf("the bootstrap of listener %q", c.of.Name)
}

func (c *listenerCheck) broker(b *strimziv1.ListenerBroker) string {
	return fmt.Sprintf("broker %d of listener %q", b.Broker, c.of.Name)
}

func (c *listenerCheck) nodePort(path string, port *int64, whose string) {
	if port == nil || !c.portNumber(path, port) {
		return
	}
	if other, ok := c.seen.nodePorts[*port]; ok {
		c.add(millrace.RuleDuplicate, path, fmt.Sprintf("%s has the node port %d too, and Kubernetes gives it to one service only", other, *port), "give one of the two another port")
		return
	}
	c.seen.nodePorts[*port] = whose
}

func (c *listenerCheck) portNumber(path string, port *int64) bool {
	ok := port == nil || *port >= 1 && *port <= highestPort
	if !ok {
		c.invalid(path, *port, "there is no such port", "use 1 to 65535, or leave it out")
	}
	return ok
}

func (c *listenerCheck) ips(path string, ips []string) {
	for i := range ips {
		c.ip(fmt.Sprintf("%s[%d]", path, i), &ips[i])
	}
}

func (c *listenerCheck) ip(path string, ip *string) {
	if ip == nil {
		return
	}
	if _, err := netip.ParseAddr(*ip); err != nil {
		c.invalid(path, *ip, "it is no address", `write it as "10.0.0.1"`)
	}
}

func oneOf(t strimziv1.ListenerType, types ...ListenerType) bool {
	return slices.Contains(types, ListenerType(t))
}
