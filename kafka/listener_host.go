package kafka

import (
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// hosts checks that there are hosts where they are needed, and that each of
// them is one.
func (c *listenerCheck) hosts() {
	const first, template = confPath + ".bootstrap.host", confPath + ".hostTemplate"
	b := bootstrapOptions(c.conf)
	if oneOf(c.of.Type, TLSRoute, Ingress) {
		if deref(b.Host) == "" {
			c.required(first, fmt.Sprintf("a listener of type %s needs the host that clients connect to first", c.of.Type))
		}
		if deref(c.conf.HostTemplate) == "" && len(brokerHosts(c.conf)) == 0 {
			c.required(template, `each broker needs a host: "broker-{nodeId}.example.com"`)
		}
	}
	c.host(first, b.Host, c.bootstrap())
	for i := range c.conf.Brokers {
		b := &c.conf.Brokers[i]
		c.host(fmt.Sprintf("%s.brokers[%d].host", confPath, i), b.Host, c.broker(b))
	}
	c.template(template, c.conf.HostTemplate)
	c.template(confPath+".advertisedHostTemplate", c.conf.AdvertisedHostTemplate)
	c.portTemplate(confPath+".advertisedPortTemplate", c.conf.AdvertisedPortTemplate)
	c.perBroker()
	for i, name := range b.AlternativeNames {
		if _, err := netip.ParseAddr(name); err != nil && !isHost(strings.TrimPrefix(name, "*.")) {
			c.invalid(fmt.Sprintf("%s.bootstrap.alternativeNames[%d]", confPath, i), name, "a certificate can't have such a name", "use a DNS name or an address")
		}
	}
}

// perBroker checks the labels and annotations that each broker gets.
func (c *listenerCheck) perBroker() {
	const labels, annotations = confPath + ".perBrokerLabelsTemplate", confPath + ".perBrokerAnnotationsTemplate"
	for _, key := range slices.Sorted(maps.Keys(c.conf.PerBrokerLabelsTemplate)) {
		template := c.conf.PerBrokerLabelsTemplate[key]
		value := firstBroker.Replace(template)
		if c.placeholders(at(labels, key), template, nodeID, nodePodName) && len(validation.IsValidLabelValue(value)) > 0 {
			c.invalid(at(labels, key), template, "it makes no value of a label", "use letters, digits, '-', '_', '.' and the placeholders")
		}
	}
	for _, key := range slices.Sorted(maps.Keys(c.conf.PerBrokerAnnotationsTemplate)) {
		c.placeholders(at(annotations, key), c.conf.PerBrokerAnnotationsTemplate[key], nodeID, nodePodName)
	}
}

// brokerHosts returns the brokers that have a host of their own.
func brokerHosts(c *strimziv1.ListenerConfiguration) map[int64]bool {
	out := map[int64]bool{}
	for _, b := range c.Brokers {
		if deref(b.Host) != "" {
			out[b.Broker] = true
		}
	}
	return out
}

// host checks a host, and that it leads to one place only.
func (c *listenerCheck) host(path string, host *string, whose string) {
	if deref(host) == "" || !oneOf(c.of.Type, Route, TLSRoute, Ingress) {
		return
	}
	if !isHost(*host) {
		c.invalid(path, *host, "it is no name of a host", "use lower-case letters, digits, '-' and '.'")
		return
	}
	if other, ok := c.seen.hosts[*host]; ok {
		c.add(millrace.RuleDuplicate, path, fmt.Sprintf("%s has %s too, and clients come to one of the two only", other, *host), "give each a host of its own")
		return
	}
	c.seen.hosts[*host] = whose
}

func isHost(name string) bool { return len(validation.IsDNS1123Subdomain(name)) == 0 }

// The placeholders that Strimzi fills in.
// Source: Strimzi, CRD kafkas.kafka.strimzi.io.
const (
	nodeID      = "{nodeId}"
	nodePodName = "{nodePodName}"
)

// firstBroker fills in what a template makes of one.
var firstBroker = strings.NewReplacer(nodeID, "0", nodePodName, "broker-0")

// template checks a host with placeholders.
func (c *listenerCheck) template(path string, template *string) {
	if deref(template) == "" || !c.placeholders(path, *template, nodeID, nodePodName) {
		return
	}
	if host := firstBroker.Replace(*template); !isHost(host) {
		c.invalid(path, *template, fmt.Sprintf("it makes %q, which is no name of a host", host), "use lower-case letters, digits, '-', '.' and the placeholders")
	}
}

// placeholder is what looks like one: annotations may hold JSON as well.
var placeholder = regexp.MustCompile(`\{\w*\}`)

// placeholders reports those that Strimzi leaves as they are.
func (c *listenerCheck) placeholders(path, template string, known ...string) bool {
	for _, p := range placeholder.FindAllString(template, -1) {
		if !slices.Contains(known, p) {
			c.invalid(path, template, "Strimzi doesn't know "+p, "use "+strings.Join(known, " or "))
			return false
		}
	}
	return true
}

// sum is what Strimzi can calculate, once the parentheses are gone.
var (
	sum         = regexp.MustCompile(`^\s*(\d+|\x00)(\s*[-+*]\s*(\d+|\x00))*\s*$`)
	parentheses = regexp.MustCompile(`\(([^()]*)\)`)
)

// portTemplate checks the sum that an advertised port is.
// Source: Strimzi, proposal 135.
func (c *listenerCheck) portTemplate(path string, template *string) {
	if template == nil || !c.placeholders(path, *template, nodeID) {
		return
	}
	const number = "\x00"
	rest := strings.ReplaceAll(*template, nodeID, number)
	for {
		in := parentheses.FindStringSubmatchIndex(rest)
		if in == nil || !sum.MatchString(rest[in[2]:in[3]]) {
			break
		}
		rest = rest[:in[0]] + number + rest[in[1]:]
	}
	if !sum.MatchString(rest) {
		c.invalid(path, *template, "it is no sum of numbers", `use one such as "9000 + {nodeId}"`)
	}
}

// gateways checks what a TLSRoute belongs to.
func (c *listenerCheck) gateways() {
	if !oneOf(c.of.Type, TLSRoute) {
		return
	}
	const refs = confPath + ".parentRefs"
	if len(c.conf.ParentRefs) == 0 {
		c.required(refs, "name the Gateway that the routes belong to")
	}
	for i, ref := range c.conf.ParentRefs {
		at := fmt.Sprintf("%s[%d]", refs, i)
		if deref(ref.Name) == "" {
			c.required(at+".name", "name the Gateway")
		}
		c.portNumber(at+".port", ref.Port)
	}
}
