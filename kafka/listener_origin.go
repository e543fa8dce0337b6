package kafka

import "fmt"

// listenerFields are the fields of a Listener that what is below a path of the
// manifest is from.
var listenerFields = []origin{
	{".name", ".Name"},
	{".port", ".Port"},
	{".type", ".Type"},
	{".configuration.bootstrap.host", ".Hosts.Bootstrap"},
	{".configuration.hostTemplate", ".Hosts.Broker"},
	{".configuration.bootstrap.alternativeNames", ".Hosts.AlternativeNames"},
	{".configuration.advertisedHostTemplate", ".Advertise.Host"},
	{".configuration.advertisedPortTemplate", ".Advertise.Port"},
	{".configuration.class", ".Service.Class"},
	{".configuration.bootstrap.labels", ".Service.Labels"},
	{".configuration.bootstrap.annotations", ".Service.Annotations"},
	{".configuration.perBrokerLabelsTemplate", ".Service.BrokerLabels"},
	{".configuration.perBrokerAnnotationsTemplate", ".Service.BrokerAnnotations"},
	{".configuration.externalTrafficPolicy", ".Service.TrafficPolicy"},
	{".configuration.ipFamilyPolicy", ".Service.IPFamilyPolicy"},
	{".configuration.ipFamilies", ".Service.IPFamilies"},
	{".configuration.publishNotReadyAddresses", ".Service.PublishNotReady"},
	{".configuration.useServiceDnsDomain", ".Service.DNSDomain"},
	{".configuration.bootstrap.nodePort", ".Service.NodePort"},
	{".configuration.bootstrap.externalIPs", ".Service.ExternalIPs"},
	{".configuration.preferredNodePortAddressType", ".Service.AddressType"},
	{".configuration.bootstrap.loadBalancerIP", ".Service.Balancer.IP"},
	{".configuration.loadBalancerSourceRanges", ".Service.Balancer.SourceRanges"},
	{".configuration.finalizers", ".Service.Balancer.Finalizers"},
	{".configuration.createBootstrapService", ".Service.Balancer.NoBootstrap"},
	{".configuration.allocateLoadBalancerNodePorts", ".Service.Balancer.NoNodePorts"},
	{".configuration.brokers", ".Brokers"},
	{".configuration.parentRefs", ".Gateways"},
	{".configuration.brokerCertChainAndKey", ".Certificate"},
	{".configuration.brokerCertChainAndKey.secretName", ".Certificate.Secret"},
}

// trace tells which fields what is in the manifest is from.
func (w *listenerMaking) trace() {
	w.origins.add(w.path, w.field+".Base")
	w.origins.add(w.path+".tls", w.field+".Plaintext")
	fields := listenerFields
	for i := range w.of.Brokers {
		fields = append(fields, origin{fmt.Sprintf(".configuration.brokers[%d].broker", i), fmt.Sprintf(".Brokers[%d].ID", i)})
	}
	for i := range w.of.Gateways {
		fields = append(fields, origin{fmt.Sprintf(".configuration.parentRefs[%d].sectionName", i), fmt.Sprintf(".Gateways[%d].Section", i)})
	}
	auth := ".Auth"
	if w.of.Custom != nil {
		auth = ".Custom"
		fields = append(fields, origin{".authentication.listenerConfig", ".Custom.Config"})
	}
	fields = append(fields, origin{".authentication", auth}, origin{".authentication.type", auth})
	w.origins.beside(w.path, w.field, w.of.Base, fields)
}
