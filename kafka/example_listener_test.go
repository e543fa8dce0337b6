package kafka_test

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// exampleNodes are the pools of the examples.
func exampleNodes() []kafka.BrokerPool {
	return []kafka.BrokerPool{
		{Volumes: []kafka.Volume{{Size: 500 * millrace.GiB, Class: "premium-ssd"}}},
		{Roles: []kafka.Role{kafka.Controller}, Volumes: []kafka.Volume{{Size: 50 * millrace.GiB, Class: "premium-ssd"}}},
	}
}

// showSpec prints a part of a cluster's spec.
func showSpec(cluster *kafka.Cluster, part func(*strimziv1.KafkaSpec) any) {
	k, err := cluster.Kafka()
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := yaml.Marshal(part(&k.Spec))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(text))
}

func firstListener(spec *strimziv1.KafkaSpec) any { return spec.Kafka.Listeners[0] }

// Clients outside of Kubernetes come by load balancers, from the company's own
// network; external-dns gives each broker a name.
func ExampleListener() {
	showSpec(&kafka.Cluster{Name: "events", Pools: exampleNodes(), Listeners: []kafka.Listener{{
		Name: "external", Port: 9094, Type: kafka.LoadBalancer, Auth: kafka.SCRAM,
		Peers: []networkingv1.NetworkPolicyPeer{{IPBlock: &networkingv1.IPBlock{CIDR: "10.0.0.0/8"}}},
		Service: kafka.Service{
			Annotations:       map[string]string{"external-dns.alpha.kubernetes.io/hostname": "kafka.company.com"},
			BrokerAnnotations: map[string]string{"external-dns.alpha.kubernetes.io/hostname": "kafka-{nodeId}.company.com"},
			TrafficPolicy:     corev1.ServiceExternalTrafficPolicyLocal,
			Balancer:          kafka.Balancer{SourceRanges: []string{"10.0.0.0/8"}},
		},
		Advertise:   kafka.Advertise{Host: "kafka-{nodeId}.company.com"},
		Certificate: kafka.ServerCertificate{Secret: "kafka-company-com"},
		Connections: kafka.Connections{Max: 2000},
	}}}, firstListener)
	// Output:
	// authentication:
	//   type: scram-sha-512
	// configuration:
	//   advertisedHostTemplate: kafka-{nodeId}.company.com
	//   bootstrap:
	//     annotations:
	//       external-dns.alpha.kubernetes.io/hostname: kafka.company.com
	//   brokerCertChainAndKey:
	//     certificate: tls.crt
	//     key: tls.key
	//     secretName: kafka-company-com
	//   externalTrafficPolicy: Local
	//   loadBalancerSourceRanges:
	//   - 10.0.0.0/8
	//   maxConnections: 2000
	//   perBrokerAnnotationsTemplate:
	//     external-dns.alpha.kubernetes.io/hostname: kafka-{nodeId}.company.com
	// name: external
	// networkPolicyPeers:
	// - ipBlock:
	//     cidr: 10.0.0.0/8
	// port: 9094
	// tls: true
	// type: loadbalancer
}

// Brokers behind a Gateway are told apart by their names.
func ExampleGateway() {
	showSpec(&kafka.Cluster{Name: "events", Pools: exampleNodes(), Listeners: []kafka.Listener{{
		Name: "gateway", Port: 9094, Type: kafka.TLSRoute, Auth: kafka.MutualTLS,
		Hosts:     kafka.Hosts{Bootstrap: "kafka.company.com", Broker: "kafka-{nodeId}.company.com"},
		Advertise: kafka.Advertise{Port: "443"},
		Gateways:  []kafka.Gateway{{Name: "edge", Namespace: "gateways", Section: "kafka"}},
	}}}, firstListener)
	// Output:
	// authentication:
	//   type: tls
	// configuration:
	//   advertisedPortTemplate: "443"
	//   bootstrap:
	//     host: kafka.company.com
	//   hostTemplate: kafka-{nodeId}.company.com
	//   parentRefs:
	//   - name: edge
	//     namespace: gateways
	//     sectionName: kafka
	// name: gateway
	// port: 9094
	// tls: true
	// type: tlsroute
}

// OAuth is a custom authentication since Strimzi's API version v1.
func ExampleCustomAuth() {
	showSpec(&kafka.Cluster{Name: "events", Pools: exampleNodes(), Listeners: []kafka.Listener{{
		Name: "oauth", Port: 9095,
		Custom: &kafka.CustomAuth{SASL: true, Config: map[string]string{
			"sasl.enabled.mechanisms":                        "OAUTHBEARER",
			"oauthbearer.sasl.server.callback.handler.class": "io.strimzi.kafka.oauth.server.JaasServerOauthValidatorCallbackHandler",
			"oauthbearer.sasl.jaas.config":                   `org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required oauth.jwks.endpoint.uri="https://sso.company.com/jwks";`,
			"connections.max.reauth.ms":                      "3600000",
		}},
	}}}, firstListener)
	// Output:
	// authentication:
	//   listenerConfig:
	//     connections.max.reauth.ms: "3600000"
	//     oauthbearer.sasl.jaas.config: org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule
	//       required oauth.jwks.endpoint.uri="https://sso.company.com/jwks";
	//     oauthbearer.sasl.server.callback.handler.class: io.strimzi.kafka.oauth.server.JaasServerOauthValidatorCallbackHandler
	//     sasl.enabled.mechanisms: OAUTHBEARER
	//   sasl: true
	//   type: custom
	// name: oauth
	// port: 9095
	// tls: true
	// type: internal
}

// A cluster that knows its clients has Kafka's authorizer by itself; super
// users may do everything in spite of it.
func ExampleAuthorization() {
	showSpec(&kafka.Cluster{Name: "events", Pools: exampleNodes(), Authorization: kafka.Authorization{SuperUsers: []string{"CN=admin"}}},
		func(spec *strimziv1.KafkaSpec) any { return spec.Kafka.Authorization })
	// Output:
	// superUsers:
	// - CN=admin
	// type: simple
}

// The company's own authority signs the brokers' certificates; what is renewed
// is renewed on Sundays between midnight and two o'clock.
func ExampleCertificates() {
	showSpec(&kafka.Cluster{
		Name: "events", Pools: exampleNodes(),
		Certificates: kafka.Certificates{
			Cluster: kafka.Authority{Own: true},
			Clients: kafka.Authority{ValidityDays: 730, RenewalDays: 60},
		},
		MaintenanceWindows: []string{"* * 0-1 ? * SUN"},
	}, func(spec *strimziv1.KafkaSpec) any {
		return []any{spec.ClusterCA, spec.ClientsCA, spec.MaintenanceTimeWindows}
	})
	// Output:
	// - generateCertificateAuthority: false
	// - renewalDays: 60
	//   validityDays: 730
	// - - '* * 0-1 ? * SUN'
}

// No client takes more than 20 MiB in a second from a broker.
func ExampleClientQuotas() {
	showSpec(&kafka.Cluster{Name: "events", Pools: exampleNodes(), Quotas: kafka.ClientQuotas{Consume: 20 * millrace.MiB, Mutations: 0.5}},
		func(spec *strimziv1.KafkaSpec) any { return spec.Kafka.Quotas })
	// Output:
	// consumerByteRate: 20971520
	// controllerMutationRate: 0.5
	// type: kafka
}

// Producers wait while a disk has less than a tenth left.
func ExampleBrokerQuotas() {
	showSpec(&kafka.Cluster{Name: "events", Pools: exampleNodes(), Quotas: kafka.BrokerQuotas{MinFreeRatio: 0.1, Excluded: []string{"User:CN=admin"}}},
		func(spec *strimziv1.KafkaSpec) any { return spec.Kafka.Quotas })
	// Output:
	// excludedPrincipals:
	// - User:CN=admin
	// minAvailableRatioPerVolume: 0.1
	// type: strimzi
}
