package kafka_test

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// withListener is the smallest cluster with one listener.
func withListener(l kafka.Listener) *kafka.Cluster {
	l.Name, l.Port = "one", 9094
	return with(smallCluster(), func(c *kafka.Cluster) { c.Listeners = []kafka.Listener{l} })
}

// TestEveryListenerFieldCounts sets each field alone of what stands in lists, and
// behind pointers and interfaces, and wants the output to change.
func TestEveryListenerFieldCounts(t *testing.T) {
	values := map[string]any{
		"BrokerAccess.LoadBalancerIP": "10.0.0.1",
		"BrokerAccess.ExternalIPs":    []string{"10.0.0.1"},
		"ClientQuotas.RequestPercent": 50,
		"BrokerQuotas.MinFreeRatio":   0.1,
		"BrokerQuotas.Excluded":       []string{"User:CN=a"},
		"CustomAuth.Config":           map[string]string{"ssl.client.auth": "required"},
		"CustomAuth.SASL":             true,
		"ServerCertificate.Secret":    "other",
		"Balancer.IP":                 "10.0.0.1",
		"Authority.Expiration":        kafka.ReplaceKey,
		"Gateway.Name":                "other",
	}
	types := map[string]kafka.ListenerType{"Host": kafka.Route, "NodePort": kafka.NodePort, "ExternalIPs": kafka.NodePort}
	for name, tc := range map[string]struct {
		of      any
		builder func(of any, field string) millrace.Builder
	}{
		"BrokerAccess": {&kafka.BrokerAccess{ID: 1, AdvertisedHost: "a"}, func(of any, field string) millrace.Builder {
			l := kafka.Listener{Type: kafka.LoadBalancer, Brokers: []kafka.BrokerAccess{*of.(*kafka.BrokerAccess)}}
			if t, ok := types[field]; ok {
				l.Type = t
			}
			return withListener(l)
		}},
		"Gateway": {&kafka.Gateway{Name: "edge"}, func(of any, _ string) millrace.Builder {
			return withListener(kafka.Listener{Type: kafka.TLSRoute, Hosts: kafka.Hosts{Bootstrap: "a", Broker: "b-{nodeId}"}, Gateways: []kafka.Gateway{*of.(*kafka.Gateway)}})
		}},
		"CustomAuth": {&kafka.CustomAuth{Config: map[string]string{"sasl.enabled.mechanisms": "PLAIN"}}, func(of any, _ string) millrace.Builder {
			return withListener(kafka.Listener{Custom: of.(*kafka.CustomAuth)})
		}},
		"ClientQuotas": {&kafka.ClientQuotas{}, func(of any, _ string) millrace.Builder {
			return with(smallCluster(), func(c *kafka.Cluster) { c.Quotas = *of.(*kafka.ClientQuotas) })
		}},
		"BrokerQuotas": {&kafka.BrokerQuotas{}, func(of any, _ string) millrace.Builder {
			return with(smallCluster(), func(c *kafka.Cluster) { c.Quotas = *of.(*kafka.BrokerQuotas) })
		}},
	} {
		leaves(reflect.ValueOf(tc.of).Elem(), name, func(path string, _ reflect.Value) {
			t.Run(path, func(t *testing.T) {
				_, field, _ := strings.Cut(path, ".")
				before := render(t, tc.builder(tc.of, field))
				of := reflect.New(reflect.TypeOf(tc.of).Elem())
				of.Elem().Set(reflect.ValueOf(tc.of).Elem())
				leaves(of.Elem(), name, func(at string, v reflect.Value) {
					switch value, ok := values[at]; {
					case at != path:
					case ok:
						v.Set(reflect.ValueOf(value))
					default:
						set(t, at, v)
					}
				})
				if bytes.Equal(before, render(t, tc.builder(of.Interface(), field))) {
					t.Error("nothing renders the field")
				}
			})
		})
	}
}

// TestZeroesOfAccess: what Strimzi takes for true where nothing is said must
// be there where it is false, and a limit of zero is a limit.
func TestZeroesOfAccess(t *testing.T) {
	for name, tc := range map[string]struct {
		cluster *kafka.Cluster
		want    []string
	}{
		"an authority of one's own": {with(smallCluster(), func(c *kafka.Cluster) {
			c.Certificates = kafka.Certificates{Cluster: kafka.Authority{Own: true}, Clients: kafka.Authority{KeepSecrets: true}}
		}), []string{"clusterCa:\n    generateCertificateAuthority: false\n", "clientsCa:\n    generateSecretOwnerReference: false\n"}},
		"load balancers": {withListener(kafka.Listener{Type: kafka.LoadBalancer, Service: kafka.Service{Balancer: kafka.Balancer{NoBootstrap: true, NoNodePorts: true}}}),
			[]string{"createBootstrapService: false\n", "allocateLoadBalancerNodePorts: false\n"}},
		"a plain listener": {withListener(kafka.Listener{Plaintext: true}), []string{"tls: false\n"}},
		"the first broker": {withListener(kafka.Listener{Type: kafka.LoadBalancer, Brokers: []kafka.BrokerAccess{{AdvertisedHost: "a"}}}), []string{"- broker: 0\n"}},
		"what Base says": {with(withListener(kafka.Listener{Type: kafka.LoadBalancer}), func(c *kafka.Cluster) {
			c.Listeners[0].Base = strimziv1.Listener{
				Authentication: &strimziv1.ListenerAuthentication{Type: strimziv1.ListenerAuthenticationTypeCustom, SASL: new(false)},
				Configuration:  &strimziv1.ListenerConfiguration{PublishNotReadyAddresses: new(false), MaxConnections: new(int64(0)), MaxConnectionCreationRate: new(int64(0))},
			}
			c.Base.Kafka.Quotas = &strimziv1.QuotasPlugin{Type: strimziv1.QuotasPluginTypeKafka, ProducerByteRate: new(int64(0)), ControllerMutationRate: new(0.0), RequestPercentage: new(int64(0))}
			c.Base.Kafka.Authorization = &strimziv1.KafkaAuthorization{Type: strimziv1.KafkaAuthorizationTypeCustom, AuthorizerClass: new("a.B"), SupportsAdminAPI: new(false)}
		}), []string{"sasl: false\n", "publishNotReadyAddresses: false\n", "maxConnections: 0\n", "maxConnectionCreationRate: 0\n", "producerByteRate: 0\n",
			"controllerMutationRate: 0", "requestPercentage: 0\n", "supportsAdminApi: false\n"}},
		"no bytes free": {with(smallCluster(), func(c *kafka.Cluster) {
			c.Base.Kafka.Quotas = &strimziv1.QuotasPlugin{Type: strimziv1.QuotasPluginTypeStrimzi, MinAvailableBytesPerVolume: new(int64(0))}
		}), []string{"minAvailableBytesPerVolume: 0\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := string(render(t, tc.cluster))
			for _, want := range tc.want {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in\n%s", want, got)
				}
			}
		})
	}
}

// TestAuthorization goes through what a cluster has by itself, and what its
// fields say.
func TestAuthorization(t *testing.T) {
	simple := &strimziv1.KafkaAuthorization{Type: strimziv1.KafkaAuthorizationTypeSimple}
	for name, tc := range map[string]struct {
		listeners []kafka.Listener
		of        kafka.Authorization
		base      *strimziv1.KafkaAuthorization
		want      *strimziv1.KafkaAuthorization
	}{
		"by default":            {nil, kafka.Authorization{}, nil, simple},
		"one listener knows":    {[]kafka.Listener{{Name: "a", Port: 9092}, {Name: "b", Port: 9093, Auth: kafka.SCRAM}}, kafka.Authorization{}, nil, simple},
		"custom, by SASL":       {[]kafka.Listener{{Name: "a", Port: 9092, Custom: &kafka.CustomAuth{SASL: true, Config: map[string]string{"sasl.enabled.mechanisms": "PLAIN"}}}}, kafka.Authorization{}, nil, simple},
		"custom that asks none": {[]kafka.Listener{{Name: "a", Port: 9092, Custom: &kafka.CustomAuth{}}}, kafka.Authorization{}, nil, nil},
		"none knows":            {[]kafka.Listener{{Name: "a", Port: 9092}}, kafka.Authorization{}, nil, nil},
		"none knows, super users": {[]kafka.Listener{{Name: "a", Port: 9092}}, kafka.Authorization{SuperUsers: []string{"ANONYMOUS"}}, nil,
			&strimziv1.KafkaAuthorization{Type: strimziv1.KafkaAuthorizationTypeSimple, SuperUsers: []string{"ANONYMOUS"}}},
		"open": {nil, kafka.Authorization{Open: true}, nil, nil},
		"a class": {nil, kafka.Authorization{Class: "a.B", AdminAPI: true, SuperUsers: []string{"CN=a"}}, nil,
			&strimziv1.KafkaAuthorization{Type: strimziv1.KafkaAuthorizationTypeCustom, AuthorizerClass: new("a.B"), SupportsAdminAPI: new(true), SuperUsers: []string{"CN=a"}}},
		"of Base": {nil, kafka.Authorization{}, &strimziv1.KafkaAuthorization{Type: strimziv1.KafkaAuthorizationTypeCustom, AuthorizerClass: new("a.B")},
			&strimziv1.KafkaAuthorization{Type: strimziv1.KafkaAuthorizationTypeCustom, AuthorizerClass: new("a.B")}},
		"beside Base": {nil, kafka.Authorization{SuperUsers: []string{"CN=a"}}, &strimziv1.KafkaAuthorization{Type: strimziv1.KafkaAuthorizationTypeCustom, AuthorizerClass: new("a.B")},
			&strimziv1.KafkaAuthorization{Type: strimziv1.KafkaAuthorizationTypeCustom, AuthorizerClass: new("a.B"), SuperUsers: []string{"CN=a"}}},
	} {
		t.Run(name, func(t *testing.T) {
			k, err := with(smallCluster(), func(c *kafka.Cluster) {
				c.Listeners, c.Authorization, c.Base.Kafka.Authorization = tc.listeners, tc.of, tc.base
			}).Kafka()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, k.Spec.Kafka.Authorization); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestAccessMistakes: what the operator refuses is told in the words of the
// fields that it is from, or of Base where that says it.
func TestAccessMistakes(t *testing.T) {
	listener := func(l kafka.Listener) func(*kafka.Cluster) {
		return func(c *kafka.Cluster) { l.Name, l.Port = "one", 9094; c.Listeners = []kafka.Listener{l} }
	}
	authority := func(a kafka.Authority) func(*kafka.Cluster) {
		return func(c *kafka.Cluster) { c.Certificates.Clients = a }
	}
	quotas := func(q kafka.Quotas) func(*kafka.Cluster) { return func(c *kafka.Cluster) { c.Quotas = q } }
	base := func(text string) strimziv1.Listener {
		var out strimziv1.Listener
		if err := yaml.UnmarshalStrict([]byte(text), &out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	for name, tc := range map[string]struct {
		change func(*kafka.Cluster)
		want   []string
	}{
		"services of none": {listener(kafka.Listener{Service: kafka.Service{Class: "a", Labels: map[string]string{"a": "b"}, Balancer: kafka.Balancer{NoBootstrap: true, Finalizers: []string{"a/b"}}}}),
			[]string{conflict + " Listeners[0].Service.Class", conflict + " Listeners[0].Service.Balancer.Finalizers", conflict + " Listeners[0].Service.Balancer.NoBootstrap", conflict + " Listeners[0].Service.Labels"}},
		"services of Base": {listener(kafka.Listener{Base: base("{configuration: {class: a, bootstrap: {nodePort: 31000}}}")}),
			[]string{conflict + " Listeners[0].Base.Configuration.Class", conflict + " Listeners[0].Base.Configuration.Bootstrap.NodePort"}},
		"both say it": {listener(kafka.Listener{Type: kafka.LoadBalancer, Service: kafka.Service{Class: "a"}, Base: base("{configuration: {class: b}}")}), []string{conflict + " Listeners[0].Base.Configuration.Class"}},
		"brokers": {listener(kafka.Listener{Type: kafka.NodePort, Brokers: []kafka.BrokerAccess{{ID: -1, NodePort: 70000, LoadBalancerIP: "x", ExternalIPs: []string{"y"}, Labels: map[string]string{"a b": "c"}}}}),
			[]string{invalid + " Listeners[0].Brokers[0].Labels[a b]", conflict + " Listeners[0].Brokers[0].LoadBalancerIP", invalid + " Listeners[0].Brokers[0].ID", invalid + " Listeners[0].Brokers[0].NodePort",
				invalid + " Listeners[0].Brokers[0].LoadBalancerIP", invalid + " Listeners[0].Brokers[0].ExternalIPs[0]"}},
		"gateways": {listener(kafka.Listener{Type: kafka.TLSRoute, Hosts: kafka.Hosts{Bootstrap: "a", Broker: "b-{nodeId}"}, Gateways: []kafka.Gateway{{Section: "a", Port: -1}}}),
			[]string{required + " Listeners[0].Gateways[0].Name", invalid + " Listeners[0].Gateways[0].Port"}},
		"too few hosts": {listener(kafka.Listener{Type: kafka.TLSRoute, Hosts: kafka.Hosts{Bootstrap: "a"}, Brokers: []kafka.BrokerAccess{{ID: 0, Host: "b"}}, Gateways: []kafka.Gateway{{Name: "edge"}}}),
			[]string{required + " Listeners[0].Hosts.Broker"}},
		"metadata": {listener(kafka.Listener{Type: kafka.LoadBalancer, Service: kafka.Service{Labels: map[string]string{"a": "b c"}, Annotations: map[string]string{"a b": ""},
			BrokerLabels: map[string]string{"a b": ""}, BrokerAnnotations: map[string]string{"a b": "{x}"}}}),
			[]string{invalid + " Listeners[0].Service.Labels[a]", invalid + " Listeners[0].Service.Annotations[a b]", invalid + " Listeners[0].Service.BrokerAnnotations[a b]",
				invalid + " Listeners[0].Service.BrokerLabels[a b]", invalid + " Listeners[0].Service.BrokerAnnotations[a b]"}},
		"connections":            {listener(kafka.Listener{Connections: kafka.Connections{Max: -1, Rate: -2}}), []string{invalid + " Listeners[0].Connections.Max", invalid + " Listeners[0].Connections.Rate"}},
		"half a certificate":     {listener(kafka.Listener{Certificate: kafka.ServerCertificate{Key: "a"}}), []string{required + " Listeners[0].Certificate.Secret"}},
		"a certificate in plain": {listener(kafka.Listener{Plaintext: true, Certificate: kafka.ServerCertificate{Secret: "a"}}), []string{conflict + " Listeners[0].Certificate"}},
		"custom": {listener(kafka.Listener{Custom: &kafka.CustomAuth{SASL: true, Config: map[string]string{"ssl.keystore.type": "PEM"}}}),
			[]string{unsupported + " Listeners[0].Custom.Config[ssl.keystore.type]", required + " Listeners[0].Custom.Config[sasl.enabled.mechanisms]"}},
		"custom of Base": {listener(kafka.Listener{Base: base("{authentication: {type: custom, listenerConfig: {ssl.keystore.type: PEM}}}")}), []string{unsupported + " Listeners[0].Base.Authentication.ListenerConfig[ssl.keystore.type]"}},
		"listeners of Base": {func(c *kafka.Cluster) {
			c.Base.Kafka.Listeners = []strimziv1.Listener{base("{name: one, port: 80, type: internal}")}
		}, []string{invalid + " Base.Kafka.Listeners[0].Port"}},
		"no class": {func(c *kafka.Cluster) { c.Authorization.AdminAPI = true }, []string{required + " Authorization.Class"}},
		"open and not": {func(c *kafka.Cluster) {
			c.Authorization.Open = true
			c.Base.Kafka.Authorization = &strimziv1.KafkaAuthorization{}
		}, []string{conflict + " Base.Kafka.Authorization", invalid + " Base.Kafka.Authorization.Type"}},
		"renewed at once":      {authority(kafka.Authority{ValidityDays: 20}), []string{conflict + " Certificates.Clients.ValidityDays"}},
		"renewed before":       {authority(kafka.Authority{ValidityDays: 20, RenewalDays: 21}), []string{conflict + " Certificates.Clients.RenewalDays"}},
		"no days":              {authority(kafka.Authority{ValidityDays: -1}), []string{invalid + " Certificates.Clients.ValidityDays"}},
		"one's own, by policy": {authority(kafka.Authority{Own: true, Expiration: kafka.ReplaceKey}), []string{conflict + " Certificates.Clients.Expiration"}},
		"no policy":            {authority(kafka.Authority{Expiration: "never"}), []string{invalid + " Certificates.Clients.Expiration"}},
		"windows":              {func(c *kafka.Cluster) { c.MaintenanceWindows = []string{"* * 0-1 ? * SUN", "0 3 * * 0"} }, []string{invalid + " MaintenanceWindows[1]"}},
		"windows of Base":      {func(c *kafka.Cluster) { c.Base.MaintenanceTimeWindows = []string{"* * 0-1 30 2 ?"} }, []string{invalid + " Base.MaintenanceTimeWindows[0]"}},
		"client quotas":        {quotas(kafka.ClientQuotas{Produce: 5, Consume: -1, RequestPercent: -1, Mutations: -0.5}), []string{invalid + " Quotas.Produce", invalid + " Quotas.Consume", invalid + " Quotas.RequestPercent", invalid + " Quotas.Mutations"}},
		"broker quotas": {quotas(kafka.BrokerQuotas{MinFree: millrace.GiB, MinFreeRatio: 1, Excluded: []string{"CN=a"}}),
			[]string{conflict + " Quotas.MinFreeRatio", invalid + " Quotas.MinFreeRatio", invalid + " Quotas.Excluded[0]"}},
		"quotas of a nil pointer": {quotas((*kafka.ClientQuotas)(nil)), []string{required + " Quotas"}},
		"quotas and a plugin": {func(c *kafka.Cluster) {
			c.Quotas, c.Config = kafka.ClientQuotas{}, map[string]string{"client.quota.callback.class": "a.B"}
		}, []string{conflict + " Config[client.quota.callback.class]"}},
		"quotas over Base": {func(c *kafka.Cluster) {
			c.Quotas, c.Base.Kafka.Quotas = kafka.BrokerQuotas{MinFree: millrace.GiB}, &strimziv1.QuotasPlugin{RequestPercentage: new(int64(5))}
		}, []string{conflict + " Base.Kafka.Quotas.RequestPercentage"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, mistakes(t, with(smallCluster(), tc.change))); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestListenerFieldsAreNamed sets what an internal listener can't have, and
// what no listener can, and wants each field to be named.
func TestListenerFieldsAreNamed(t *testing.T) {
	c := withListener(kafka.Listener{
		Hosts:     kafka.Hosts{Bootstrap: "a", Broker: "b-{nodeId}", AlternativeNames: []string{"a b"}},
		Advertise: kafka.Advertise{Host: "a b", Port: "a"},
		Service: kafka.Service{Class: "a", Labels: map[string]string{"a": "b"}, Annotations: map[string]string{"a": "b"},
			BrokerLabels: map[string]string{"a": "b"}, BrokerAnnotations: map[string]string{"a": "b"},
			TrafficPolicy: corev1.ServiceExternalTrafficPolicyLocal, IPFamilyPolicy: corev1.IPFamilyPolicySingleStack, IPFamilies: []corev1.IPFamily{corev1.IPv4Protocol},
			PublishNotReady: true, NodePort: 31000, ExternalIPs: []string{"10.0.0.1"}, AddressType: corev1.NodeHostName,
			Balancer: kafka.Balancer{IP: "10.0.0.1", SourceRanges: []string{"10.0.0.0/8"}, Finalizers: []string{"a/b"}, NoBootstrap: true, NoNodePorts: true}},
		Gateways: []kafka.Gateway{{Name: "edge"}},
	})
	c.Listeners = append(c.Listeners, kafka.Listener{Name: "two", Port: 9095, Type: kafka.NodePort, Service: kafka.Service{DNSDomain: true}})
	var got []string
	_, err := c.Build()
	for _, f := range findings(t, err) {
		got = append(got, f.Field)
	}
	want := under("Listeners[0].", "Advertise.Host", "Advertise.Port", "Gateways", "Hosts.AlternativeNames[0]", "Hosts.Bootstrap", "Hosts.Broker",
		"Service.AddressType", "Service.Annotations", "Service.Balancer.Finalizers", "Service.Balancer.IP", "Service.Balancer.NoBootstrap", "Service.Balancer.NoNodePorts",
		"Service.Balancer.SourceRanges", "Service.BrokerAnnotations", "Service.BrokerLabels", "Service.Class", "Service.ExternalIPs", "Service.IPFamilies", "Service.IPFamilyPolicy",
		"Service.Labels", "Service.NodePort", "Service.PublishNotReady", "Service.TrafficPolicy")
	want = append(want, "Listeners[1].Service.DNSDomain")
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

// TestOwnAuthority: a cluster says which secrets must be there.
func TestOwnAuthority(t *testing.T) {
	k, err := with(withListener(kafka.Listener{Certificate: kafka.ServerCertificate{Secret: "tls"}}), func(c *kafka.Cluster) { c.Certificates.Cluster.Own = true }).Kafka()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range kafka.References(k) {
		got = append(got, r.Name+" "+r.Key)
	}
	want := []string{"tls tls.crt", "tls tls.key", "events-cluster-ca-cert ca.crt", "events-cluster-ca ca.key"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
