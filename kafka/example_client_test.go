package kafka_test

import (
	"fmt"

	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace/kafka"
)

// showLogin prints how a bridge reaches its brokers.
func showLogin(to kafka.Connection) {
	bridge, err := (&kafka.Bridge{Name: "web", Namespace: "kafka", Kafka: to}).KafkaBridge()
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := yaml.Marshal(map[string]any{"bootstrapServers": bridge.Spec.BootstrapServers, "tls": bridge.Spec.TLS, "authentication": bridge.Spec.Authentication})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(text))
}

// Brokers that Strimzi doesn't run: their addresses, the authority that signed
// their certificates, and a certificate of the client's, as cert-manager makes
// it.
func ExampleClientCertificate() {
	showLogin(kafka.Connection{
		Servers: []string{"kafka.company.com:9094"},
		Trusted: []kafka.Trusted{{Secret: "company-ca", Certificate: "ca.crt"}},
		Login:   kafka.ClientCertificate{Secret: "web-client", Certificate: "tls.crt", Key: "tls.key"},
	})
	// Output:
	// authentication:
	//   certificateAndKey:
	//     certificate: tls.crt
	//     key: tls.key
	//     secretName: web-client
	//   type: tls
	// bootstrapServers: kafka.company.com:9094
	// tls:
	//   trustedCertificates:
	//   - certificate: ca.crt
	//     secretName: company-ca
}

// A cloud provider's brokers take the identity of the workload: settings of
// Kafka's client, and no secret at all.
func ExampleCustomLogin() {
	showLogin(kafka.Connection{
		Servers: []string{"b-1.events.kafka.eu-central-1.amazonaws.com:9098"},
		Login: kafka.CustomLogin{Config: map[string]string{
			"sasl.mechanism":                     "AWS_MSK_IAM",
			"sasl.jaas.config":                   "software.amazon.msk.auth.iam.IAMLoginModule required;",
			"sasl.client.callback.handler.class": "software.amazon.msk.auth.iam.IAMClientCallbackHandler",
		}},
	})
	// Output:
	// authentication:
	//   config:
	//     sasl.client.callback.handler.class: software.amazon.msk.auth.iam.IAMClientCallbackHandler
	//     sasl.jaas.config: software.amazon.msk.auth.iam.IAMLoginModule required;
	//     sasl.mechanism: AWS_MSK_IAM
	//   sasl: true
	//   type: custom
	// bootstrapServers: b-1.events.kafka.eu-central-1.amazonaws.com:9098
	// tls: {}
}

// The bridge itself speaks HTTPS, with a certificate that cert-manager made.
func ExampleBridgeTLS() {
	bridge, err := (&kafka.Bridge{Name: "web", Namespace: "kafka", Kafka: kafka.Connection{Cluster: "events", User: "web"},
		HTTP: kafka.BridgeHTTP{Port: 8443, TLS: kafka.BridgeTLS{Secret: "web-tls"}}}).KafkaBridge()
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := yaml.Marshal(bridge.Spec.HTTP)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(text))
	// Output:
	// port: 8443
	// tls:
	//   certificateAndKey:
	//     certificate: tls.crt
	//     key: tls.key
	//     secretName: web-tls
}
