package kafka_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// reports applies one rule to a cluster with some brokers and returns what it
// reports, without the path of the listener that is its own.
func reports(t *testing.T, id string, k *strimziv1.Kafka, pools ...*strimziv1.KafkaNodePool) []string {
	t.Helper()
	parts := millrace.Parts{Objects: []millrace.Object{k}}
	for _, pool := range pools {
		parts.Objects = append(parts.Objects, pool)
	}
	b := build(t, parts)
	rules := kafka.Rules()
	i := slices.IndexFunc(rules, func(r millrace.Rule) bool { return r.ID == id })
	if i < 0 {
		t.Fatalf("there is no rule %s", id)
	}
	var out []string
	rules[i].Check(&millrace.Pass{Object: k, Bundle: b, Report: func(field, detail string) { out = append(out, field) }})
	slices.Sort(out)
	return out
}

// under puts one prefix before several paths.
func under(prefix string, paths ...string) []string {
	var out []string
	for _, path := range paths {
		out = append(out, prefix+path)
	}
	return out
}

func listenersOf(listeners ...strimziv1.Listener) *strimziv1.Kafka {
	return loadedKafka(func(k *strimziv1.Kafka) { k.Spec.Kafka.Listeners = listeners })
}

func brokers(n int64) *strimziv1.KafkaNodePool {
	return loadedPool("brokers", strimziv1.ProcessRoleBroker, func(p *strimziv1.KafkaNodePool) { p.Spec.Replicas = n })
}

// everything is a listener with all that any type can have, as
// ListenersValidatorTest gives it to each of them.
func everything(t strimziv1.ListenerType) strimziv1.Listener {
	broker := func(id int64) strimziv1.ListenerBroker {
		return strimziv1.ListenerBroker{Broker: id, AdvertisedHost: new("advertised"), AdvertisedPort: new(int64(9092)), LoadBalancerIP: new("130.211.204.1"),
			NodePort: new(32190 + id), Host: new(fmt.Sprintf("my-host-%d", id)), Annotations: map[string]string{"dns": "value"}, Labels: map[string]string{"label": "value"}}
	}
	return strimziv1.Listener{Name: "one", Port: 9092, Type: t, TLS: true, Configuration: &strimziv1.ListenerConfiguration{
		Class: new("my-ingress"), UseServiceDNSDomain: new(true), ExternalTrafficPolicy: corev1.ServiceExternalTrafficPolicyLocal,
		IPFamilyPolicy: corev1.IPFamilyPolicyRequireDualStack, IPFamilies: []corev1.IPFamily{corev1.IPv4Protocol, corev1.IPv6Protocol},
		PreferredNodePortAddressType: corev1.NodeInternalDNS, LoadBalancerSourceRanges: []string{"10.0.0.0/8", "130.211.204.1/32"},
		AllocateLoadBalancerNodePorts: new(false), Finalizers: []string{"service.kubernetes.io/load-balancer-cleanup"},
		PublishNotReadyAddresses: new(true), HostTemplate: new("host-{nodeId}"), AdvertisedHostTemplate: new("advertised-{nodeId}"),
		ParentRefs: []strimziv1.ParentReference{{Name: new("my-gateway"), SectionName: new("tls-sni")}},
		Bootstrap: &strimziv1.ListenerBootstrap{AlternativeNames: []string{"my-name-1", "my-name-2"}, LoadBalancerIP: new("130.211.204.1"), NodePort: new(int64(32189)),
			Host: new("my-host"), Annotations: map[string]string{"dns": "value"}, Labels: map[string]string{"label": "value"}},
		Brokers: []strimziv1.ListenerBroker{broker(0), broker(1)},
	}}
}

// TestListenerTypes gives each type all that there is for any, as
// ListenersValidatorTest.test…Listener do.
func TestListenerTypes(t *testing.T) {
	hosts := []string{"hostTemplate", "bootstrap.host", "brokers[0].host", "brokers[1].host"}
	nodePorts := []string{"bootstrap.nodePort", "brokers[0].nodePort", "brokers[1].nodePort"}
	ips := []string{"bootstrap.loadBalancerIP", "brokers[0].loadBalancerIP", "brokers[1].loadBalancerIP"}
	metadata := []string{"bootstrap.annotations", "bootstrap.labels", "brokers[0].annotations", "brokers[0].labels", "brokers[1].annotations", "brokers[1].labels"}
	families := []string{"ipFamilyPolicy", "ipFamilies", "publishNotReadyAddresses"}
	balancer := []string{"loadBalancerSourceRanges", "finalizers", "allocateLoadBalancerNodePorts"}
	for kind, want := range map[strimziv1.ListenerType][][]string{
		strimziv1.ListenerTypeInternal: {hosts, nodePorts, ips, metadata, families, balancer,
			{"class", "externalTrafficPolicy", "preferredNodePortAddressType", "parentRefs"}},
		strimziv1.ListenerTypeLoadBalancer: {hosts, {"useServiceDnsDomain", "preferredNodePortAddressType", "parentRefs"}},
		strimziv1.ListenerTypeNodePort:     {hosts, ips, balancer, {"class", "useServiceDnsDomain", "parentRefs"}},
		strimziv1.ListenerTypeRoute: {nodePorts, ips, balancer,
			{"class", "useServiceDnsDomain", "externalTrafficPolicy", "preferredNodePortAddressType", "parentRefs"}},
		strimziv1.ListenerTypeTLSRoute: {nodePorts, ips, balancer,
			{"class", "useServiceDnsDomain", "externalTrafficPolicy", "preferredNodePortAddressType"}},
		strimziv1.ListenerTypeIngress: {nodePorts, ips, balancer,
			{"useServiceDnsDomain", "externalTrafficPolicy", "preferredNodePortAddressType", "parentRefs"}},
		strimziv1.ListenerTypeClusterIP: {hosts, nodePorts, ips, balancer,
			{"class", "externalTrafficPolicy", "preferredNodePortAddressType", "parentRefs"}},
	} {
		t.Run(string(kind), func(t *testing.T) {
			want := under("spec.kafka.listeners[0].configuration.", slices.Concat(want...)...)
			slices.Sort(want)
			if diff := cmp.Diff(want, reports(t, "kafka/listener", listenersOf(everything(kind)), brokers(2))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// readListeners reads listeners as they stand in a manifest. Each is of a port
// of its own, and with TLS, where it doesn't say otherwise.
func readListeners(t *testing.T, text string) []strimziv1.Listener {
	t.Helper()
	var items []map[string]any
	if err := yaml.Unmarshal([]byte(text), &items); err != nil {
		t.Fatal(err)
	}
	out := make([]strimziv1.Listener, len(items))
	for i, item := range items {
		for key, value := range map[string]any{"name": fmt.Sprintf("one%d", i), "port": 9092 + i, "type": "internal", "tls": true} {
			if _, ok := item[key]; !ok {
				item[key] = value
			}
		}
		data, err := yaml.Marshal(item)
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.UnmarshalStrict(data, &out[i]); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// TestListenersValidator are the other tests of Strimzi's ListenersValidatorTest,
// by their names, and what its validator doesn't look at. Strimzi knows the
// numbers of the brokers, and names those without a host; here it is told by
// how many there are.
func TestListenersValidator(t *testing.T) {
	for name, tc := range map[string]struct {
		brokers   int64
		listeners string
		want      []string
	}{
		"ValidateListeners":                {3, "[{port: 9900, tls: false}, {port: 9901, tls: false}]", nil},
		"ValidateThrowsException":          {3, "[{port: 9900}, {port: 9900}]", []string{"[1].port"}},
		"ValidateDuplicatePorts":           {3, "[{port: 9900}, {port: 9901}, {port: 9901}]", []string{"[2].port"}},
		"ValidateForbiddenPortByRange":     {3, "[{port: 9000}, {port: 65536}, {port: -1}]", []string{"[0].port", "[1].port", "[2].port"}},
		"ValidateForbiddenPortByException": {3, "[{port: 9404}, {port: 9999}]", []string{"[0].port", "[1].port"}},
		"ValidateDuplicateNames":           {3, "[{name: a}, {name: b}, {name: a}]", []string{"[2].name"}},
		"InvalidNames":                     {3, "[{name: listener 1}, {name: LISTENER2}, {name: listener12345678901234567890}, {name: ''}]", []string{"[0].name", "[1].name", "[2].name", "[3].name"}},
		"no such type":                     {3, "[{type: external}]", []string{"[0].type"}},
		"TlsAuthOnNonTlsListener":          {3, "[{tls: false, authentication: {type: tls}}]", []string{"[0].authentication.type"}},
		"TlsCustomCertOnNonTlsListener": {3, "[{tls: false, configuration: {brokerCertChainAndKey: {secretName: s, certificate: c, key: k}}}]",
			[]string{"[0].configuration.brokerCertChainAndKey"}},
		"LoadBalancerListenerWithNodePort": {3, "[{type: loadbalancer, tls: false, configuration: {bootstrap: {nodePort: 32189}}}]", nil},
		"RouteListenerWithoutTls":          {3, "[{type: route, tls: false}]", []string{"[0].tls"}},
		"IngressListenerWithoutTls": {2, "[{type: ingress, tls: false, configuration: {bootstrap: {host: boot}, brokers: [{broker: 0, host: a}, {broker: 1, host: b}]}}]",
			[]string{"[0].tls"}},
		"a TLSRoute without TLS": {2, "[{type: tlsroute, tls: false, configuration: {parentRefs: [{name: edge}], hostTemplate: 'b-{nodeId}', bootstrap: {host: boot}}}]", []string{"[0].tls"}},

		"IngressListenerHostNames, nothing":                 {2, "[{type: ingress}]", []string{"[0].configuration.bootstrap.host", "[0].configuration.hostTemplate"}},
		"IngressListenerHostNames, no brokers":              {2, "[{type: ingress, configuration: {}}]", []string{"[0].configuration.bootstrap.host", "[0].configuration.hostTemplate"}},
		"IngressListenerHostNames, no bootstrap":            {2, "[{type: ingress, configuration: {hostTemplate: 'b-{nodeId}'}}]", []string{"[0].configuration.bootstrap.host"}},
		"IngressListenerHostNames, brokers, no host":        {2, "[{type: ingress, configuration: {bootstrap: {}, brokers: [{broker: 0}, {broker: 1}]}}]", []string{"[0].configuration.bootstrap.host", "[0].configuration.hostTemplate"}},
		"IngressListenerHostNames, one of two":              {2, "[{type: ingress, configuration: {bootstrap: {host: boot}, brokers: [{broker: 1, host: b}]}}]", []string{"[0].configuration.hostTemplate"}},
		"IngressListenerHostNames, template":                {2, "[{type: ingress, configuration: {hostTemplate: 'b-{nodeId}', bootstrap: {host: boot}}}]", nil},
		"IngressListenerHostNames, both":                    {2, "[{type: ingress, configuration: {hostTemplate: 'b-{nodeId}', bootstrap: {host: boot}, brokers: [{broker: 1, host: one}]}}]", nil},
		"IngressListenerHostNames, each":                    {2, "[{type: ingress, configuration: {bootstrap: {host: boot}, brokers: [{broker: 0, host: a}, {broker: 1, host: b}]}}]", nil},
		"IngressListenerHostNamesInNodePools, two of three": {3, "[{type: ingress, configuration: {bootstrap: {host: boot}, brokers: [{broker: 1000, host: a}, {broker: 2001, host: b}]}}]", []string{"[0].configuration.hostTemplate"}},
		"IngressListenerHostNamesInNodePools, each":         {3, "[{type: ingress, configuration: {bootstrap: {host: boot}, brokers: [{broker: 1000, host: a}, {broker: 2000, host: c}, {broker: 2001, host: b}]}}]", nil},
		"TlsRouteListenerMissingRequired":                   {2, "[{type: tlsroute}]", []string{"[0].configuration.bootstrap.host", "[0].configuration.hostTemplate", "[0].configuration.parentRefs"}},
		"TlsRouteListenerMissingRequired, empty":            {2, "[{type: tlsroute, configuration: {parentRefs: [{namespace: x}]}}]", []string{"[0].configuration.bootstrap.host", "[0].configuration.hostTemplate", "[0].configuration.parentRefs[0].name"}},
		"TlsRouteListenerHostNamesInNodePools, two":         {3, "[{type: tlsroute, configuration: {parentRefs: [{name: edge}], bootstrap: {host: boot}, brokers: [{broker: 1000, host: a}, {broker: 2001, host: b}]}}]", []string{"[0].configuration.hostTemplate"}},
		"TlsRouteListenerHostNamesInNodePools, each":        {3, "[{type: tlsroute, configuration: {parentRefs: [{name: edge}], bootstrap: {host: boot}, brokers: [{broker: 1000, host: a}, {broker: 2000, host: c}, {broker: 2001, host: b}]}}]", nil},

		"ValidateBrokerCertChainAndKey": {3, "[{configuration: {brokerCertChainAndKey: {secretName: '', certificate: '', key: ''}}}]",
			[]string{"[0].configuration.brokerCertChainAndKey.certificate", "[0].configuration.brokerCertChainAndKey.key", "[0].configuration.brokerCertChainAndKey.secretName"}},
		"MinimalConfiguration": {3, `[{tls: false}, {type: route}, {type: loadbalancer, tls: false}, {type: nodeport, tls: false},
			{type: ingress, configuration: {bootstrap: {host: i}, brokers: [{broker: 0, host: i0}, {broker: 1, host: i1}, {broker: 2, host: i2}]}},
			{type: tlsroute, configuration: {parentRefs: [{name: edge, sectionName: sni}], bootstrap: {host: t}, brokers: [{broker: 0, host: t0}, {broker: 1, host: t1}, {broker: 2, host: t2}]}}]`, nil},
		"ValidateCreateBootstrapService": {3, "[{configuration: {createBootstrapService: false}}, {type: cluster-ip, configuration: {createBootstrapService: false}}, {type: nodeport, configuration: {createBootstrapService: false}}, {type: loadbalancer, configuration: {createBootstrapService: false}}, {configuration: {createBootstrapService: true}}]",
			[]string{"[0].configuration.createBootstrapService", "[1].configuration.createBootstrapService", "[2].configuration.createBootstrapService"}},
		"ValidateBootstrapExternalIPsListenener": {3, `[{type: loadbalancer, configuration: {bootstrap: {externalIPs: [10.0.0.1]}, brokers: [{broker: 0, externalIPs: [10.0.0.2]}]}},
			{configuration: {bootstrap: {externalIPs: [10.0.0.3]}, brokers: [{broker: 1, externalIPs: [10.0.0.4]}]}},
			{type: nodeport, configuration: {bootstrap: {externalIPs: [10.0.0.5]}, brokers: [{broker: 1, externalIPs: [10.0.0.6]}]}}]`,
			[]string{"[0].configuration.bootstrap.externalIPs", "[0].configuration.brokers[0].externalIPs", "[1].configuration.bootstrap.externalIPs", "[1].configuration.brokers[0].externalIPs"}},
		// Strimzi only logs it, since a broker of the number may come.
		"UnusedBrokerIds": {3, "[{type: loadbalancer, configuration: {brokers: [{broker: 0, advertisedHost: a}, {broker: 1874, advertisedHost: b}]}}]", nil},

		"a broker twice":           {3, "[{type: loadbalancer, configuration: {brokers: [{broker: 0, advertisedHost: a}, {broker: 0, advertisedPort: 9000}, {broker: -1}]}}]", []string{"[0].configuration.brokers[1].broker", "[0].configuration.brokers[2].broker"}},
		"a host twice":             {2, "[{type: ingress, configuration: {bootstrap: {host: boot}, brokers: [{broker: 0, host: a}, {broker: 1, host: a}]}}, {type: route, configuration: {bootstrap: {host: boot}}}]", []string{"[0].configuration.brokers[1].host", "[1].configuration.bootstrap.host"}},
		"hosts that are none":      {2, "[{type: route, configuration: {bootstrap: {host: Boot_1, alternativeNames: ['*.company.com', 10.0.0.1, 'fd00::1', 'a b']}, brokers: [{broker: 0, host: 'a/b'}]}}]", []string{"[0].configuration.bootstrap.alternativeNames[3]", "[0].configuration.bootstrap.host", "[0].configuration.brokers[0].host"}},
		"one host for all":         {2, "[{type: route, configuration: {hostTemplate: kafka.company.com}}]", []string{"[0].configuration.hostTemplate"}},
		"one host for one":         {1, "[{type: route, configuration: {hostTemplate: kafka.company.com}}]", nil},
		"unknown placeholders":     {2, "[{type: route, configuration: {hostTemplate: 'b-{nodeIf}', advertisedHostTemplate: '{node', perBrokerLabelsTemplate: {a: '{pod}', b: 'b {nodeId}', c: '{nodePodName}'}, perBrokerAnnotationsTemplate: {a: '{\"id\": {nodeId}}', b: '{broker}'}}}]", []string{"[0].configuration.advertisedHostTemplate", "[0].configuration.hostTemplate", "[0].configuration.perBrokerAnnotationsTemplate[b]", "[0].configuration.perBrokerLabelsTemplate[a]", "[0].configuration.perBrokerLabelsTemplate[b]"}},
		"template that is no host": {2, "[{type: route, configuration: {hostTemplate: 'B_{nodeId}', advertisedHostTemplate: '{nodePodName}.company.com'}}]", []string{"[0].configuration.hostTemplate"}},
		"templates of internal":    {2, "[{configuration: {perBrokerLabelsTemplate: {a: b}, perBrokerAnnotationsTemplate: {b: c}}}]", []string{"[0].configuration.perBrokerAnnotationsTemplate", "[0].configuration.perBrokerLabelsTemplate"}},
		"sums": {2, `[{configuration: {advertisedPortTemplate: '9000'}}, {configuration: {advertisedPortTemplate: '9000 + {nodeId}'}}, {configuration: {advertisedPortTemplate: '9000 + ({nodeId} * (10 - 1))'}},
			{configuration: {advertisedPortTemplate: '900{nodeId}'}}, {configuration: {advertisedPortTemplate: '9000 / {nodeId}'}}, {configuration: {advertisedPortTemplate: '{nodePodName}'}}, {configuration: {advertisedPortTemplate: '(9000'}}, {configuration: {advertisedPortTemplate: ''}}]`,
			[]string{"[3].configuration.advertisedPortTemplate", "[4].configuration.advertisedPortTemplate", "[5].configuration.advertisedPortTemplate", "[6].configuration.advertisedPortTemplate", "[7].configuration.advertisedPortTemplate"}},
		"node ports": {3, "[{type: nodeport, configuration: {bootstrap: {nodePort: 31000}, brokers: [{broker: 0, nodePort: 31000}, {broker: 1, nodePort: 0}, {broker: 2, nodePort: 70000, advertisedPort: 0}]}}, {type: loadbalancer, configuration: {brokers: [{broker: 0, nodePort: 31000}]}}]",
			[]string{"[0].configuration.brokers[0].nodePort", "[0].configuration.brokers[1].nodePort", "[0].configuration.brokers[2].advertisedPort", "[0].configuration.brokers[2].nodePort", "[1].configuration.brokers[0].nodePort"}},
		"addresses": {3, "[{type: loadbalancer, configuration: {loadBalancerSourceRanges: [10.0.0.1, 10.0.0.0/40], bootstrap: {loadBalancerIP: kafka}, ipFamilies: [IPv4, IPv6], ipFamilyPolicy: SingleStack}}, {type: nodeport, configuration: {bootstrap: {externalIPs: [10.0.0]}}}]",
			[]string{"[0].configuration.bootstrap.loadBalancerIP", "[0].configuration.ipFamilies", "[0].configuration.loadBalancerSourceRanges[0]", "[0].configuration.loadBalancerSourceRanges[1]", "[1].configuration.bootstrap.externalIPs[0]"}},
		"no bootstrap service": {3, "[{type: loadbalancer, configuration: {createBootstrapService: false, bootstrap: {nodePort: 31000, loadBalancerIP: 10.0.0.1, annotations: {a: b}, labels: {a: b}, alternativeNames: [kafka]}}}]",
			[]string{"[0].configuration.bootstrap.annotations", "[0].configuration.bootstrap.labels", "[0].configuration.bootstrap.loadBalancerIP", "[0].configuration.bootstrap.nodePort"}},
		"no bootstrap service, and only names of it": {3, "[{type: loadbalancer, configuration: {createBootstrapService: false, bootstrap: {alternativeNames: [kafka]}}}]", nil},
		"parents of another type":                    {3, "[{type: loadbalancer, configuration: {parentRefs: []}}]", []string{"[0].configuration.parentRefs"}},
		"a port of a parent":                         {1, "[{type: tlsroute, configuration: {parentRefs: [{name: edge, port: 0}], hostTemplate: b, bootstrap: {host: boot}}}]", []string{"[0].configuration.parentRefs[0].port"}},

		"custom authentication": {3, "[{authentication: {type: custom, sasl: true, listenerConfig: {sasl.enabled.mechanisms: OAUTHBEARER, ssl.client.auth: requested}}}, {authentication: {type: custom}}]", nil},
		"custom settings that are dropped": {3, "[{authentication: {type: custom, listenerConfig: {SSL.keystore.location: /x, listener.name.one0-9092.ssl.client.auth: required, ssl.truststore.type: {a: b}}}}]",
			[]string{"[0].authentication.listenerConfig[SSL.keystore.location]", "[0].authentication.listenerConfig[listener.name.one0-9092.ssl.client.auth]", "[0].authentication.listenerConfig[ssl.truststore.type]"}},
		"OAuth, and what nobody knows": {3, "[{authentication: {type: oauth}}, {authentication: {type: kerberos}}]", []string{"[0].authentication.type", "[1].authentication.type"}},
		"custom without mechanisms":    {3, "[{authentication: {type: custom, sasl: true}}]", []string{"[0].authentication.listenerConfig[sasl.enabled.mechanisms]"}},
		"settings of no custom one":    {3, "[{authentication: {type: tls, sasl: true, listenerConfig: {a: b}}}]", []string{"[0].authentication.listenerConfig", "[0].authentication.sasl"}},
		"a name of eleven characters":  {3, "[{name: elevenchars, type: loadbalancer}]", nil},
		"and inside":                   {3, "[{name: elevenchars}]", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := reports(t, "kafka/listener", listenersOf(readListeners(t, tc.listeners)...), brokers(tc.brokers))
			if diff := cmp.Diff(under("spec.kafka.listeners", tc.want...), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestServiceNames: a name of a service has at most 63 characters.
func TestServiceNames(t *testing.T) {
	k := listenersOf(readListeners(t, "[{name: external, type: loadbalancer}, {name: internal}]")...)
	k.Name = "a-name-of-thirty-characters-eh"
	pool := loadedPool("brokers-of-the-second-floor", strimziv1.ProcessRoleBroker, func(p *strimziv1.KafkaNodePool) { p.Labels["strimzi.io/cluster"] = k.Name })
	if diff := cmp.Diff([]string{"spec.kafka.listeners[0].name"}, reports(t, "kafka/listener", k, pool)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := reports(t, "kafka/listener", k); got != nil {
		t.Errorf("without pools: %q", got)
	}
}
