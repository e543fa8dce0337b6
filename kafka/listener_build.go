package kafka

import (
	"fmt"
	"maps"
	"math"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

func (l listeners) make(m *making) {
	for i := range l {
		w := listenerMaking{making: m, field: fmt.Sprintf("Listeners[%d]", i), path: fmt.Sprintf("spec.kafka.listeners[%d]", i), of: &l[i]}
		m.fields.Kafka.Listeners = append(m.fields.Kafka.Listeners, w.make())
	}
	if len(l)+len(m.cluster.Base.Kafka.Listeners) == 0 {
		m.filled.Kafka.Listeners = []strimziv1.Listener{{Name: defaultListenerName, Port: defaultListenerPort, Type: strimziv1.ListenerTypeInternal, TLS: true,
			Authentication: &strimziv1.ListenerAuthentication{Type: strimziv1.ListenerAuthenticationTypeTLS}}}
	}
}

// listenerMaking is a listener on its way.
type listenerMaking struct {
	*making
	field, path string
	of          *Listener
}

// make lays the fields over Base.
func (w *listenerMaking) make() strimziv1.Listener {
	l := w.of
	out := *l.Base.DeepCopy()
	fields := strimziv1.Listener{Name: l.Name, Port: int64(l.Port), Type: strimziv1.ListenerType(l.Type), Authentication: w.authentication()}
	for i := range l.Peers {
		fields.NetworkPolicyPeers = append(fields.NetworkPolicyPeers, *l.Peers[i].DeepCopy())
	}
	fields.Configuration = w.configuration()
	lay(w.Problems, w.field+".Base", &out, &fields)
	if l.Plaintext && out.TLS {
		w.Conflict(w.field+".Base.TLS", "the field Plaintext says the opposite", "leave one of the two out")
	}
	out.TLS = !l.Plaintext
	if out.Type == "" {
		out.Type = strimziv1.ListenerTypeInternal
	}
	w.trace()
	return out
}

func (w *listenerMaking) authentication() *strimziv1.ListenerAuthentication {
	l := w.of
	if l.Auth != "" && l.Custom != nil {
		w.Conflict(w.field+".Custom", "it takes the place of Auth", "leave one of the two out")
	}
	switch l.Auth {
	case "", MutualTLS, SCRAM, "oauth": // what took its place is told by a fault
	case ExternalTLS, NoCredentials:
		w.Invalid(w.field+".Auth", string(l.Auth), "it is for users only", "use kafka.MutualTLS or kafka.SCRAM, or leave it out")
		return nil
	default:
		w.Invalid(w.field+".Auth", string(l.Auth), "Strimzi doesn't know it", "use kafka.MutualTLS or kafka.SCRAM, or the field Custom")
		return nil
	}
	if l.Auth != "" {
		return &strimziv1.ListenerAuthentication{Type: strimziv1.ListenerAuthenticationType(l.Auth)}
	}
	if l.Custom == nil {
		return nil
	}
	out := &strimziv1.ListenerAuthentication{Type: strimziv1.ListenerAuthenticationTypeCustom}
	if l.Custom.SASL {
		out.SASL = new(true)
	}
	config := newSettings(w.Problems, true)
	config.config(w.field+".Custom.Config", l.Custom.Config)
	if len(config.values) > 0 {
		out.ListenerConfig = config.values
	}
	return out
}

// configuration writes what depends on the type, nil for nothing.
func (w *listenerMaking) configuration() *strimziv1.ListenerConfiguration {
	l, s := w.of, &w.of.Service
	out := strimziv1.ListenerConfiguration{
		HostTemplate:           text(l.Hosts.Broker),
		AdvertisedHostTemplate: text(l.Advertise.Host), AdvertisedPortTemplate: text(l.Advertise.Port),
		Class: text(s.Class), ExternalTrafficPolicy: s.TrafficPolicy,
		PerBrokerLabelsTemplate: maps.Clone(s.BrokerLabels), PerBrokerAnnotationsTemplate: maps.Clone(s.BrokerAnnotations),
		IPFamilyPolicy: s.IPFamilyPolicy, IPFamilies: slices.Clone(s.IPFamilies),
		PreferredNodePortAddressType: s.AddressType,
		LoadBalancerSourceRanges:     slices.Clone(s.Balancer.SourceRanges), Finalizers: slices.Clone(s.Balancer.Finalizers),
		PublishNotReadyAddresses: flag(s.PublishNotReady, true), UseServiceDNSDomain: flag(s.DNSDomain, true),
		CreateBootstrapService: flag(s.Balancer.NoBootstrap, false), AllocateLoadBalancerNodePorts: flag(s.Balancer.NoNodePorts, false),
		MaxConnections:            count(w.Problems, w.field+".Connections.Max", l.Connections.Max, math.MaxInt32),
		MaxConnectionCreationRate: count(w.Problems, w.field+".Connections.Rate", l.Connections.Rate, math.MaxInt32),
		Bootstrap:                 w.bootstrap(),
		BrokerCertChainAndKey:     l.Certificate.make(),
	}
	w.Annotations(w.field+".Service.BrokerAnnotations", s.BrokerAnnotations)
	for _, key := range slices.Sorted(maps.Keys(s.BrokerLabels)) {
		w.LabelKey(w.field+".Service.BrokerLabels["+key+"]", key)
	}
	for i := range l.Brokers {
		out.Brokers = append(out.Brokers, l.Brokers[i].make(w.Problems, fmt.Sprintf("%s.Brokers[%d]", w.field, i)))
	}
	for _, g := range l.Gateways {
		out.ParentRefs = append(out.ParentRefs, strimziv1.ParentReference{Kind: text(g.Kind), Group: text(g.Group), Name: text(g.Name),
			Namespace: text(g.Namespace), SectionName: text(g.Section), Port: port(g.Port)})
	}
	if isZero(out) {
		return nil
	}
	return &out
}

func (w *listenerMaking) bootstrap() *strimziv1.ListenerBootstrap {
	l, s := w.of, &w.of.Service
	w.Labels(w.field+".Service.Labels", s.Labels)
	w.Annotations(w.field+".Service.Annotations", s.Annotations)
	out := strimziv1.ListenerBootstrap{
		AlternativeNames: slices.Clone(l.Hosts.AlternativeNames), Host: text(l.Hosts.Bootstrap), NodePort: port(s.NodePort),
		LoadBalancerIP: text(s.Balancer.IP), Annotations: maps.Clone(s.Annotations), Labels: maps.Clone(s.Labels),
		ExternalIPs: slices.Clone(s.ExternalIPs),
	}
	if isZero(out) {
		return nil
	}
	return &out
}

func (b BrokerAccess) make(p *millrace.Problems, at string) strimziv1.ListenerBroker {
	p.Labels(at+".Labels", b.Labels)
	p.Annotations(at+".Annotations", b.Annotations)
	return strimziv1.ListenerBroker{
		Broker: int64(b.ID), Host: text(b.Host), AdvertisedHost: text(b.AdvertisedHost), AdvertisedPort: port(b.AdvertisedPort),
		NodePort: port(b.NodePort), LoadBalancerIP: text(b.LoadBalancerIP), ExternalIPs: slices.Clone(b.ExternalIPs),
		Labels: maps.Clone(b.Labels), Annotations: maps.Clone(b.Annotations),
	}
}

func (c ServerCertificate) make() *strimziv1.CertAndKeySecretSource {
	if c == (ServerCertificate{}) {
		return nil
	}
	out := strimziv1.CertAndKeySecretSource{SecretName: c.Secret, Certificate: c.Certificate, Key: c.Key}
	if out.Certificate == "" {
		out.Certificate = corev1.TLSCertKey
	}
	if out.Key == "" {
		out.Key = corev1.TLSPrivateKeyKey
	}
	return &out
}

// configurationOf and bootstrapOptions are empty where there is none.
func configurationOf(l *strimziv1.Listener) *strimziv1.ListenerConfiguration {
	if l.Configuration != nil {
		return l.Configuration
	}
	return &strimziv1.ListenerConfiguration{}
}

func bootstrapOptions(c *strimziv1.ListenerConfiguration) *strimziv1.ListenerBootstrap {
	if c.Bootstrap != nil {
		return c.Bootstrap
	}
	return &strimziv1.ListenerBootstrap{}
}

// flag is a field of a spec that a field of a builder turns to a value.
func flag(set, value bool) *bool {
	if !set {
		return nil
	}
	return new(value)
}

// port is a port in a spec; zero is unset.
func port(n int) *int64 {
	if n == 0 {
		return nil
	}
	return new(int64(n))
}
