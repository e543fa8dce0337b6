package kafka_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace/kafka/strimziv1"
)

// specOf is the loaded cluster with what a manifest says of spec.
func specOf(t *testing.T, spec string) *strimziv1.Kafka {
	t.Helper()
	return loadedKafka(func(k *strimziv1.Kafka) {
		if strings.Contains(spec, "listeners:") {
			k.Spec.Kafka.Listeners = nil // Items would be laid over those that are there.
		}
		if err := yaml.Unmarshal([]byte(spec), &k.Spec); err != nil {
			t.Fatal(err)
		}
	})
}

// TestAccessRules gives each rule manifests that pass and that don't.
func TestAccessRules(t *testing.T) {
	const tls = "{name: tls, port: 9093, type: internal, tls: true, authentication: {type: tls}}"
	const scram = "{name: scram, port: 9094, type: internal, tls: true, authentication: {type: scram-sha-512}}"
	kafka := func(more string) string { return "kafka: {" + more + "}" }
	listeners := func(l ...string) string { return "listeners: [" + strings.Join(l, ", ") + "]" }
	for name, tc := range map[string]struct {
		rule, spec string
		want       []string
	}{
		"authenticated": {"kafka/listener-auth", kafka(listeners(tls, scram, "{name: c, port: 9095, type: internal, tls: true, authentication: {type: custom, sasl: true}}")), nil},
		"custom by TLS": {"kafka/listener-auth", kafka(listeners("{name: a, port: 9093, type: internal, tls: true, authentication: {type: custom, listenerConfig: {ssl.client.auth: required}}}",
			"{name: b, port: 9094, type: internal, tls: true, authentication: {type: custom, listenerConfig: {ssl.client.auth: requested}}}")),
			[]string{"spec.kafka.listeners[1].authentication"}},
		"unauthenticated": {"kafka/listener-auth", kafka(listeners(tls, "{name: a, port: 9094, type: internal, tls: true}", "{name: b, port: 9095, type: cluster-ip, tls: true}")),
			[]string{"spec.kafka.listeners[1].authentication", "spec.kafka.listeners[2].authentication"}},
		"bounded outside":          {"kafka/listener-auth", kafka(listeners("{name: a, port: 9094, type: loadbalancer, tls: true, configuration: {loadBalancerSourceRanges: [10.0.0.0/8]}}")), []string{"spec.kafka.listeners[0].authentication"}},
		"open outside is no news":  {"kafka/listener-auth", kafka(listeners("{name: a, port: 9094, type: loadbalancer, tls: true}")), nil},
		"open":                     {"kafka/open-listener", kafka(listeners("{name: a, port: 9094, type: loadbalancer, tls: true}", "{name: b, port: 9095, type: nodeport, tls: true}", tls)), []string{"spec.kafka.listeners[0].authentication", "spec.kafka.listeners[1].authentication"}},
		"open to some":             {"kafka/open-listener", kafka(listeners("{name: a, port: 9094, type: loadbalancer, tls: true, configuration: {loadBalancerSourceRanges: [10.0.0.0/8]}}", "{name: b, port: 9095, type: nodeport, tls: true, networkPolicyPeers: [{ipBlock: {cidr: 10.0.0.0/8}}]}")), nil},
		"open to those with names": {"kafka/open-listener", kafka(listeners("{name: a, port: 9094, type: route, tls: true, authentication: {type: scram-sha-512}}", "{name: b, port: 9095, type: internal, tls: true}")), nil},
		"ingress":                  {"kafka/ingress-listener", kafka(listeners(tls, "{name: a, port: 9094, type: ingress, tls: true}")), []string{"spec.kafka.listeners[1].type"}},
		"no ingress":               {"kafka/ingress-listener", kafka(listeners(tls, "{name: a, port: 9094, type: tlsroute, tls: true}")), nil},
		"no authorization":         {"kafka/authorization", kafka("authorization: null"), []string{"spec.kafka.authorization"}},
		"authorization":            {"kafka/authorization", kafka("authorization: {type: simple}"), nil},
		"nobody to authorize":      {"kafka/authorization", kafka("authorization: null, " + listeners("{name: a, port: 9094, type: internal, tls: true}")), nil},

		"authorizer":                {"kafka/authorizer", kafka("authorization: {type: simple, superUsers: ['CN=admin', 'CN=a,O=b']}"), nil},
		"custom authorizer":         {"kafka/authorizer", kafka("authorization: {type: custom, authorizerClass: a.B, supportsAdminApi: false}"), nil},
		"custom without a class":    {"kafka/authorizer", kafka("authorization: {type: custom, authorizerClass: null}"), []string{"spec.kafka.authorization.authorizerClass"}},
		"simple with a class":       {"kafka/authorizer", kafka("authorization: {type: simple, authorizerClass: a.B, supportsAdminApi: true}"), []string{"spec.kafka.authorization.authorizerClass", "spec.kafka.authorization.supportsAdminApi"}},
		"unknown authorizer":        {"kafka/authorizer", kafka("authorization: {type: opa}"), []string{"spec.kafka.authorization.type"}},
		"super users misspelt":      {"kafka/authorizer", kafka("authorization: {type: simple, superUsers: ['User:CN=a', '', 'CN=a;CN=b', 'cn=a', 'CN=a, O=b', 'CN = a', 'CN=a']}"), under("spec.kafka.authorization.superUsers", "[0]", "[1]", "[2]", "[3]", "[4]", "[5]")},
		"super users by TLS alone":  {"kafka/authorizer", kafka("authorization: {type: simple, superUsers: [admin]}, " + listeners(tls)), []string{"spec.kafka.authorization.superUsers[0]"}},
		"super users by SCRAM":      {"kafka/authorizer", kafka("authorization: {type: simple, superUsers: [admin, CN=admin]}, " + listeners(scram)), []string{"spec.kafka.authorization.superUsers[1]"}},
		"super users by both":       {"kafka/authorizer", kafka("authorization: {type: simple, superUsers: [admin, CN=admin]}, " + listeners(scram, tls)), nil},
		"super users, own names":    {"kafka/authorizer", kafka("config: {principal.builder.class: a.B}, authorization: {type: simple, superUsers: [admin]}"), nil},
		"super users of anybody":    {"kafka/authorizer", kafka("authorization: {type: simple, superUsers: [ANONYMOUS]}, " + listeners(tls, "{name: a, port: 9094, type: internal, tls: true}")), nil},
		"super users, custom names": {"kafka/authorizer", kafka("authorization: {type: simple, superUsers: [admin, CN=a]}, " + listeners("{name: c, port: 9095, type: internal, tls: true, authentication: {type: custom, sasl: true}}")), nil},

		"authorities":       {"kafka/ca", "{clusterCa: {validityDays: 90}, clientsCa: {generateCertificateAuthority: false, renewalDays: 364}}", nil},
		"renewal too early": {"kafka/ca", "{clusterCa: {renewalDays: 365}, clientsCa: {validityDays: 30}}", []string{"spec.clientsCa.validityDays", "spec.clusterCa.renewalDays"}},
		"renewal of both":   {"kafka/ca", "{clusterCa: {validityDays: 10, renewalDays: 10}}", []string{"spec.clusterCa.renewalDays"}},
		"no days":           {"kafka/ca", "{clusterCa: {validityDays: 0, renewalDays: -1}}", []string{"spec.clusterCa.renewalDays", "spec.clusterCa.validityDays"}},
		"policy of one's own": {"kafka/ca", "{clusterCa: {generateCertificateAuthority: false, certificateExpirationPolicy: replace-key}, clientsCa: {certificateExpirationPolicy: renew}}",
			[]string{"spec.clientsCa.certificateExpirationPolicy", "spec.clusterCa.certificateExpirationPolicy"}},
		"policy": {"kafka/ca", "{clusterCa: {generateCertificateAuthority: true, certificateExpirationPolicy: replace-key}}", nil},

		"windows":             {"kafka/maintenance-window", "{maintenanceTimeWindows: ['* * 0-1 ? * SUN,WED', '* 0-29 3 * * ?']}", nil},
		"no window":           {"kafka/maintenance-window", "{maintenanceTimeWindows: ['0 3 * * 0']}", []string{"spec.maintenanceTimeWindows[0]"}},
		"a window never":      {"kafka/maintenance-window", "{maintenanceTimeWindows: ['* * 0-1 30 2 ?', '* * 3 ? * SUN']}", []string{"spec.maintenanceTimeWindows[0]"}},
		"a window over":       {"kafka/maintenance-window", "{maintenanceTimeWindows: ['* * 0-1 ? * SUN 2020']}", []string{"spec.maintenanceTimeWindows[0]"}},
		"a window for a year": {"kafka/maintenance-window", "{maintenanceTimeWindows: ['* * 0-1 ? * SUN 2027']}", []string{"spec.maintenanceTimeWindows"}},
		"a year among others": {"kafka/maintenance-window", "{maintenanceTimeWindows: ['* * 0-1 ? * SUN 2027', '* * 3 ? * SUN']}", nil},
		"a second":            {"kafka/maintenance-window", "{maintenanceTimeWindows: ['0 0 3 ? * SUN']}", []string{"spec.maintenanceTimeWindows[0]"}},
		"a minute":            {"kafka/maintenance-window", "{maintenanceTimeWindows: ['* 0,30 3 ? * SUN']}", []string{"spec.maintenanceTimeWindows[0]"}},
		"two minutes":         {"kafka/maintenance-window", "{maintenanceTimeWindows: ['* 0-1 3 ? * SUN']}", nil},
		"once a quarter":      {"kafka/maintenance-window", "{maintenanceTimeWindows: ['* * 3 1 1/3 ?']}", []string{"spec.maintenanceTimeWindows"}},
		"a quarter is fine":   {"kafka/maintenance-window", "{clusterCa: {renewalDays: 100}, clientsCa: {renewalDays: 92}, maintenanceTimeWindows: ['* * 3 1 1/3 ?']}", nil},
		"quarters beside it":  {"kafka/maintenance-window", "{maintenanceTimeWindows: ['* * 3 1 1/3 ?', '* * 3 ? * MON#2']}", []string{"spec.maintenanceTimeWindows"}},
		"weeks beside it":     {"kafka/maintenance-window", "{maintenanceTimeWindows: ['* * 3 1 1/3 ?', '* * 3 ? * MON']}", nil},

		"client quotas":   {"kafka/quotas", kafka("quotas: {type: kafka, producerByteRate: 0, consumerByteRate: 1, requestPercentage: 200, controllerMutationRate: 0.5}"), nil},
		"broker quotas":   {"kafka/quotas", kafka("quotas: {type: strimzi, producerByteRate: 1, minAvailableBytesPerVolume: 0, excludedPrincipals: ['User:CN=a', 'User:a']}"), nil},
		"both limits":     {"kafka/quotas", kafka("quotas: {type: strimzi, minAvailableBytesPerVolume: 5, minAvailableRatioPerVolume: 0.1}"), []string{"spec.kafka.quotas.minAvailableRatioPerVolume"}},
		"all of the disk": {"kafka/quotas", kafka("quotas: {type: strimzi, minAvailableRatioPerVolume: 1}"), []string{"spec.kafka.quotas.minAvailableRatioPerVolume"}},
		"nobody looks":    {"kafka/quotas", kafka("config: {client.quota.callback.static.storage.check-interval: 0}, quotas: {type: strimzi, minAvailableBytesPerVolume: 5}"), []string{"spec.kafka.quotas.minAvailableBytesPerVolume"}},
		"somebody looks":  {"kafka/quotas", kafka("config: {client.quota.callback.static.storage.check-interval: 5}, quotas: {type: strimzi, minAvailableBytesPerVolume: 5}"), nil},
		"fields of kafka": {"kafka/quotas", kafka("quotas: {type: strimzi, requestPercentage: 5, controllerMutationRate: 1}"), under("spec.kafka.quotas", ".controllerMutationRate", ".requestPercentage")},
		"fields of strimzi": {"kafka/quotas", kafka("quotas: {type: kafka, minAvailableBytesPerVolume: 5, minAvailableRatioPerVolume: 0.1, excludedPrincipals: [a]}"),
			under("spec.kafka.quotas", ".excludedPrincipals", ".minAvailableBytesPerVolume", ".minAvailableRatioPerVolume")},
		"plugin by hand":      {"kafka/quotas", kafka("config: {client.quota.callback.class: a.B}, quotas: {type: kafka}"), []string{"spec.kafka.config[client.quota.callback.class]"}},
		"plugin of one's own": {"kafka/quotas", kafka("config: {client.quota.callback.class: a.B}"), nil},
		"excluded misspelt":   {"kafka/quotas", kafka("quotas: {type: strimzi, excludedPrincipals: [CN=a, 'User:', 'User:b']}"), under("spec.kafka.quotas.excludedPrincipals", "[0]", "[1]")},
		"unknown plugin":      {"kafka/quotas", kafka("quotas: {type: static}"), []string{"spec.kafka.quotas.type"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := reports(t, tc.rule, specOf(t, tc.spec))
			slices.Sort(tc.want)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.rule, diff)
			}
		})
	}
}
