package kafka

import "github.com/millrace/millrace/internal/kafkaconf"

// component is what a configuration of Strimzi's is for.
type component = kafkaconf.Component

const (
	brokerComponent         = kafkaconf.BrokerConfig
	connectComponent        = kafkaconf.ConnectConfig
	connectorComponent      = kafkaconf.ConnectorConfig
	mirrorComponent         = kafkaconf.MirrorConfig
	bridgeComponent         = kafkaconf.BridgeConfig
	bridgeAdminComponent    = kafkaconf.BridgeAdmin
	bridgeConsumerComponent = kafkaconf.BridgeConsumer
	bridgeProducerComponent = kafkaconf.BridgeProducer
	bridgeTLSComponent      = kafkaconf.BridgeTLS
	cruiseControlComponent  = kafkaconf.CruiseControlConfig
	listenerAuthComponent   = kafkaconf.ListenerAuth
)

// managedInstead is what to do about a setting that Strimzi manages; what has
// no entry has a field of its component.
var managedInstead = map[component]string{
	brokerComponent:         "use the field of the cluster that is for it, or leave it out",
	bridgeAdminComponent:    useConnection,
	bridgeConsumerComponent: useConnection,
	bridgeProducerComponent: useConnection,
	listenerAuthComponent:   "use brokerCertChainAndKey (the field Certificate), or leave it out",
}

const (
	useField      = "use the field that is for it, or leave it out"
	useConnection = "use the fields for the bootstrap servers, TLS and authentication, or leave it out"
)

// managedKey says why a setting of a component has no effect, and what to do
// instead; empty where Strimzi lets it through. Strimzi drops the others from
// the configuration, and says so in its own log only.
func managedKey(of component, key string) (why, fix string) {
	prefix, drops := of.Drops(key)
	if !drops {
		return "", ""
	}
	fix = useField
	if instead, ok := managedInstead[of]; ok {
		fix = instead
	}
	if prefix == key {
		return "Strimzi sets it itself, and drops this one without a word", fix
	}
	return "Strimzi manages the settings " + prefix + "* itself, and drops this one without a word", fix
}
