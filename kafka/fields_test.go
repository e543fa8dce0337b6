package kafka_test

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// values are valid values for fields whose type alone doesn't tell one.
var values = map[string]any{
	"Cluster.Spread.Variable":                            "RACK",
	"Cluster.MaxUnavailable":                             new(0),
	"BrokerPool.NextIDs":                                 []kafka.NodeIDs{{First: 7}},
	"BrokerPool.RemoveIDs":                               []kafka.NodeIDs{{First: 7, Last: 5}},
	"BrokerPool.RemoveIDs[0].First":                      4,
	"BrokerPool.Pod.ContainerSecurity":                   &corev1.SecurityContext{ReadOnlyRootFilesystem: new(true)},
	"BrokerPool.Pod.Env":                                 []corev1.EnvVar{{Name: "RACK", Value: "a"}, {Name: "B"}},
	"BrokerPool.Pod.Env[0].ValueFrom":                    &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: "zone"}, Key: "zone"}},
	"BrokerPool.Pod.Mounts":                              []kafka.Mount{{Name: "a", Path: "/mnt/a", Source: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}},
	"BrokerPool.Pod.Mounts[0].Path":                      "/mnt/b",
	"BrokerPool.Pod.Mounts[0].Source":                    corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}},
	"Cluster.Version":                                    "4.2.1",
	"Cluster.MetadataVersion":                            "4.2-IV1",
	"Cluster.Replication.Factor":                         2,
	"Cluster.Replication.MinInSync":                      1,
	"Cluster.Log.Cleanup":                                kafka.CompactDelete,
	"Cluster.Log.Compression":                            kafka.ZSTD,
	"Cluster.Log.TimestampType":                          kafka.LogAppendTime,
	"Cluster.Log.CompressionLevel":                       new(3),
	"Topic.CompressionLevel":                             new(3),
	"Cluster.Log.SegmentBytes":                           64 * millrace.MiB,
	"Cluster.Base":                                       strimziv1.KafkaSpec{MaintenanceTimeWindows: []string{"* * 0-1 ? * SUN"}},
	"Cluster.Listeners[0].Name":                          "internal",
	"Cluster.Listeners[0].Port":                          9192,
	"Cluster.Listeners[0].Type":                          kafka.LoadBalancer,
	"Cluster.Listeners[0].Auth":                          kafka.SCRAM,
	"Cluster.Listeners[0].Peers":                         []networkingv1.NetworkPolicyPeer{{IPBlock: &networkingv1.IPBlock{CIDR: "10.0.0.0/8"}}},
	"Cluster.Listeners[0].Custom":                        &kafka.CustomAuth{Config: map[string]string{"ssl.client.auth": "required"}},
	"Cluster.Listeners[0].Hosts.Broker":                  "b-{nodeId}.company.com",
	"Cluster.Listeners[0].Advertise.Port":                "9000 + {nodeId}",
	"Cluster.Listeners[0].Service.TrafficPolicy":         corev1.ServiceExternalTrafficPolicyLocal,
	"Cluster.Listeners[0].Service.IPFamilyPolicy":        corev1.IPFamilyPolicyPreferDualStack,
	"Cluster.Listeners[0].Service.IPFamilies":            []corev1.IPFamily{corev1.IPv6Protocol},
	"Cluster.Listeners[0].Service.ExternalIPs":           []string{"10.0.0.1"},
	"Cluster.Listeners[0].Service.AddressType":           corev1.NodeInternalIP,
	"Cluster.Listeners[0].Service.Balancer.IP":           "10.0.0.1",
	"Cluster.Listeners[0].Service.Balancer.SourceRanges": []string{"10.0.0.0/8"},
	"Cluster.Listeners[0].Brokers":                       []kafka.BrokerAccess{{ID: 1}},
	"Cluster.Listeners[0].Gateways":                      []kafka.Gateway{{Name: "edge"}},
	"Cluster.Quotas":                                     kafka.ClientQuotas{Produce: millrace.MiB},
	"Cluster.Certificates.Cluster.ValidityDays":          90,
	"Cluster.Certificates.Clients.ValidityDays":          90,
	"Cluster.Certificates.Cluster.Expiration":            kafka.ReplaceKey,
	"Cluster.Certificates.Clients.Expiration":            kafka.ReplaceKey,
	"Cluster.MaintenanceWindows":                         []string{"* * 0-1 ? * SUN"},
	"Cluster.Listeners[0].Base":                          strimziv1.Listener{Configuration: &strimziv1.ListenerConfiguration{MaxConnections: new(int64(100))}},
	"BrokerPool.Roles":                                   []kafka.Role{kafka.Controller},
	"BrokerPool.Volumes[0].Size":                         7 * millrace.GiB,
	"BrokerPool.Placement.Tolerations":                   []corev1.Toleration{{Operator: corev1.TolerationOpExists}},
	"BrokerPool.Placement.Affinity":                      &corev1.Affinity{PodAffinity: &corev1.PodAffinity{}},
	"BrokerPool.Heap":                                    2 * millrace.GiB,
	"BrokerPool.Base":                                    strimziv1.KafkaNodePoolSpec{JVMOptions: &strimziv1.JVMOptions{GCLoggingEnabled: new(true)}},
	"Topic.Cleanup":                                      kafka.Compact,
	"Topic.Compression":                                  kafka.GZIP,
	"Topic.TimestampType":                                kafka.LogAppendTime,
	"Topic.Replicas":                                     5,
	"Topic.MinInSync":                                    3,
	"Topic.Segment.Bytes":                                64 * millrace.MiB,
	"Topic.Config":                                       map[string]string{"preallocate": "true"},
	"Topic.Base":                                         strimziv1.KafkaTopicSpec{Config: strimziv1.JSONMap{"flush.ms": int64(5)}},
	"Topic.Compaction.DirtyRatio":                        0.25,
	"User.Auth":                                          kafka.SCRAM,
	"User.Password":                                      kafka.SecretKey{Name: "etl", Key: "password"},
	"User.Access":                                        []kafka.Access{kafka.Produce{Topics: []string{"orders"}}},
	"User.Base":                                          strimziv1.KafkaUserSpec{Quotas: &strimziv1.KafkaUserQuotas{RequestPercentage: new(int64(5))}},
	"BrokerPool.Placement.NodeSelector":                  map[string]string{"workload": "kafka"},
	"BrokerPool.Placement.Annotations":                   map[string]string{"company.com/note": "x"},
	"Cluster.Pools[0].Volumes[0].Size":                   7 * millrace.GiB,
	"Cluster.Pools[0].Roles":                             []kafka.Role{kafka.Broker, kafka.Controller},
	"Cluster.Pools[0].Replicas":                          new(4),
	"BrokerPool.Replicas":                                new(4),
	"Cluster.Pools[0].Heap":                              2 * millrace.GiB,
	"Cluster.Pools[0].Base":                              strimziv1.KafkaNodePoolSpec{JVMOptions: &strimziv1.JVMOptions{GCLoggingEnabled: new(true)}},
	"Cluster.Pools[0].Placement.Affinity":                &corev1.Affinity{PodAffinity: &corev1.PodAffinity{}},

	"Cluster.EntityOperator.Topics.Heap":           128 * millrace.MiB,
	"Cluster.EntityOperator.Users.Heap":            128 * millrace.MiB,
	"Cluster.EntityOperator.Users.SecretPrefix":    "kafka-",
	"Cluster.Exporter.LogLevel":                    "debug",
	"Cluster.CruiseControl.Goals":                  []kafka.Goal{kafka.RackAwareGoal, kafka.ReplicaCapacityGoal, kafka.DiskCapacityGoal, kafka.CPUCapacityGoal, kafka.ReplicaDistributionGoal},
	"Cluster.CruiseControl.DefaultGoals":           []kafka.Goal{kafka.RackAwareGoal, kafka.ReplicaCapacityGoal, kafka.DiskCapacityGoal, kafka.CPUCapacityGoal},
	"Cluster.CruiseControl.HardGoals":              []kafka.Goal{kafka.RackAwareGoal},
	"Cluster.CruiseControl.DetectionGoals":         []kafka.Goal{kafka.DiskCapacityGoal},
	"Cluster.CruiseControl.Capacity.Overrides":     []kafka.CapacityOverride{{Brokers: []int{0}, CPU: 4}},
	"Cluster.CruiseControl.MetricsTopic.Replicas":  2,
	"Cluster.CruiseControl.MetricsTopic.MinInSync": 2,
	"Cluster.CruiseControl.APIUsers":               kafka.SecretKey{Name: "users", Key: "users.txt"},
	"Rebalance.Mode":                               kafka.FullRebalance,
	"Rebalance.Brokers":                            []int{3, 4},
	"Rebalance.Goals":                              []kafka.Goal{kafka.RackAwareGoal},
	"Rebalance.Strategies":                         []kafka.MovementStrategy{kafka.SmallReplicasFirst},
	"Rebalance.Disks":                              []kafka.BrokerDisks{{Broker: 0, Disks: []int{1}}},
	"Rebalance.Action":                             kafka.Approve,
	"Rebalance.Base":                               strimziv1.KafkaRebalanceSpec{ExcludedTopics: new("a.*")},
}

// prepared are what a cluster needs for a field to mean something.
var prepared = map[string]func(*kafka.Cluster){
	"Cluster.Listeners[0].Hosts.Bootstrap":               ofType(kafka.Route),
	"Cluster.Listeners[0].Hosts.Broker":                  ofType(kafka.Route),
	"Cluster.Listeners[0].Service.Class":                 ofType(kafka.LoadBalancer),
	"Cluster.Listeners[0].Service.Labels":                ofType(kafka.LoadBalancer),
	"Cluster.Listeners[0].Service.Annotations":           ofType(kafka.LoadBalancer),
	"Cluster.Listeners[0].Service.BrokerLabels":          ofType(kafka.LoadBalancer),
	"Cluster.Listeners[0].Service.BrokerAnnotations":     ofType(kafka.LoadBalancer),
	"Cluster.Listeners[0].Service.TrafficPolicy":         ofType(kafka.LoadBalancer),
	"Cluster.Listeners[0].Service.IPFamilyPolicy":        ofType(kafka.LoadBalancer),
	"Cluster.Listeners[0].Service.IPFamilies":            ofType(kafka.LoadBalancer),
	"Cluster.Listeners[0].Service.PublishNotReady":       ofType(kafka.LoadBalancer),
	"Cluster.Listeners[0].Service.NodePort":              ofType(kafka.NodePort),
	"Cluster.Listeners[0].Service.ExternalIPs":           ofType(kafka.NodePort),
	"Cluster.Listeners[0].Service.AddressType":           ofType(kafka.NodePort),
	"Cluster.Listeners[0].Service.Balancer.IP":           ofType(kafka.LoadBalancer),
	"Cluster.Listeners[0].Service.Balancer.SourceRanges": ofType(kafka.LoadBalancer),
	"Cluster.Listeners[0].Service.Balancer.Finalizers":   ofType(kafka.LoadBalancer),
	"Cluster.Listeners[0].Service.Balancer.NoBootstrap":  ofType(kafka.LoadBalancer),
	"Cluster.Listeners[0].Service.Balancer.NoNodePorts":  ofType(kafka.LoadBalancer),
	"Cluster.Listeners[0].Certificate.Certificate":       func(c *kafka.Cluster) { c.Listeners[0].Certificate.Secret = "tls" },
	"Cluster.Listeners[0].Certificate.Key":               func(c *kafka.Cluster) { c.Listeners[0].Certificate.Secret = "tls" },
	"Cluster.Authorization.Open":                         func(c *kafka.Cluster) { c.Listeners[0].Auth = kafka.MutualTLS },
	"Cluster.Authorization.AdminAPI":                     func(c *kafka.Cluster) { c.Authorization.Class = "com.company.Authorizer" },
}

func ofType(t kafka.ListenerType) func(*kafka.Cluster) {
	return func(c *kafka.Cluster) { c.Listeners[0].Type = t }
}

// refused are the fields that mean nothing on their own: Build must name them.
var refused = []string{"Cluster.Listeners[0].Gateways", "Cluster.Pools[0].Namespace", "Cluster.Pools[0].Cluster",
	"Cluster.CruiseControl.Goals", "Rebalance.Brokers", "Rebalance.Disks",
	"Cluster.Pools[0].Spread.Variable", "BrokerPool.Spread.Variable", "Consumer.Spread.Variable",
	"Cluster.TieredStorage.Class", "Cluster.TieredStorage.ClassPath", "Cluster.TieredStorage.Config",
	"Cluster.Log.CompressionLevel", "Topic.CompressionLevel", "Topic.Tiered.LocalRetention", "Topic.Tiered.LocalRetentionBytes", "Topic.Tiered.ReadOnly",
	"User.ValidityDays", "User.RenewalDays", "User.Password"}

// plain is a disk without a class, which would rule out an ephemeral one.
func plain() []kafka.Volume { return []kafka.Volume{{Size: 100 * millrace.GiB}} }

// TestEveryFieldCounts sets each exported field of each builder alone, and
// wants the output to change.
func TestEveryFieldCounts(t *testing.T) {
	builders := map[string]func() millrace.Builder{
		"Cluster": func() millrace.Builder {
			return with(smallCluster(), func(c *kafka.Cluster) {
				c.Listeners = []kafka.Listener{{Name: "tls", Port: 9093}}
				c.Pools[0].Volumes = plain()
				c.Pools[0].Pod.Env = []corev1.EnvVar{{Name: "RACK"}}
			})
		},
		"BrokerPool": func() millrace.Builder {
			return with(smallPool(), func(b *kafka.BrokerPool) {
				b.Volumes, b.RemoveIDs = plain(), []kafka.NodeIDs{{First: 9, Last: 5}}
				b.Pod.Mounts = []kafka.Mount{{Name: "ca", Path: "/mnt/ca", Source: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "ca"}}}}
			})
		},
		"Topic":     func() millrace.Builder { return smallTopic() },
		"User":      func() millrace.Builder { return smallUser() },
		"Rebalance": func() millrace.Builder { return smallRebalance() },
	}
	everyFieldCounts(t, builders)
}

// everyFieldCounts sets each exported field of each builder alone.
func everyFieldCounts(t *testing.T, builders map[string]func() millrace.Builder) {
	t.Helper()
	for name, builder := range builders {
		var paths []string
		leaves(reflect.ValueOf(builder()).Elem(), name, func(path string, _ reflect.Value) { paths = append(paths, path) })
		for _, path := range paths {
			t.Run(path, func(t *testing.T) {
				b := builder()
				if also, ok := beside[path]; ok {
					also(b)
				}
				if also, ok := prepared[path]; ok {
					also(b.(*kafka.Cluster))
				}
				if also, ok := connectBeside[path]; ok {
					also(b)
				}
				before := render(t, b)
				leaves(reflect.ValueOf(b).Elem(), name, func(at string, v reflect.Value) {
					if at == path {
						set(t, at, v)
					}
				})
				_, field, _ := strings.Cut(path, ".")
				parts, err := b.Build()
				if slices.Contains(refused, path) || slices.Contains(connectRefused, path) {
					if !slices.ContainsFunc(findings(t, err), func(f millrace.Finding) bool { return strings.HasPrefix(f.Field, field) }) {
						t.Errorf("no finding names the field: %v", err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if after := render(t, parts); bytes.Equal(before, after) {
					t.Error("nothing renders the field")
				}
			})
		}
	}
}

// leaves calls f for every field that is to be set alone: it goes into the
// structs of this module, but for Base, and into the first item of lists of
// them.
func leaves(v reflect.Value, path string, f func(string, reflect.Value)) {
	for i := range v.NumField() {
		field, at := v.Field(i), path+"."+v.Type().Field(i).Name
		_, whole := values[at]
		switch {
		case whole, strings.HasSuffix(at, ".Base"):
			f(at, field)
		case field.Kind() == reflect.Struct && strings.HasPrefix(field.Type().PkgPath(), "github.com/millrace/"):
			leaves(field, at, f)
		case field.Kind() == reflect.Slice && field.Type().Elem().Kind() == reflect.Struct && field.Len() > 0:
			leaves(field.Index(0), at+"[0]", f)
		default:
			f(at, field)
		}
	}
}

// set gives a field a value that it doesn't have yet.
func set(t *testing.T, path string, v reflect.Value) {
	t.Helper()
	for _, table := range []map[string]any{connectValues, consumerValues, bridgeValues, values} {
		if value, ok := table[path]; ok {
			v.Set(reflect.ValueOf(value))
			return
		}
	}
	if rest, ok := strings.CutPrefix(path, "Cluster.Pools[0]."); ok {
		if value, ok := values["BrokerPool."+rest]; ok {
			v.Set(reflect.ValueOf(value))
			return
		}
	}
	// Placements and templates of pods are the same wherever they are.
	for _, part := range [...]string{".Placement.", ".Pod."} {
		if i := strings.LastIndex(path, part); i >= 0 && strings.HasPrefix(path, "Cluster.") {
			if value, ok := values["BrokerPool"+path[i:]]; ok {
				v.Set(reflect.ValueOf(value))
				return
			}
		}
	}
	switch field := v.Addr().Interface().(type) {
	case *string:
		*field = "other"
	case *int:
		*field = 3
		if strings.HasSuffix(path, "Partitions") {
			*field = 7
		}
	case *float64:
		*field = 1.5
	case *bool:
		*field = true
	case *time.Duration:
		*field = time.Hour
	case *millrace.Bytes:
		*field = millrace.GiB
	case **time.Duration:
		*field = new(time.Minute)
	case **corev1.SecurityContext:
		*field = &corev1.SecurityContext{RunAsNonRoot: new(true)}
	case *[]millrace.NodeShape:
		*field = []millrace.NodeShape{{Pool: "brokers"}}
	case *[]corev1.EnvVar:
		*field = []corev1.EnvVar{{Name: "MODE", Value: "fast"}}
	case *[]kafka.Mount:
		*field = []kafka.Mount{{Name: "a", Path: "/mnt/a", Source: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}}
	case **corev1.PodSecurityContext:
		*field = &corev1.PodSecurityContext{RunAsNonRoot: new(true)}
	case *kafka.Metrics:
		*field = kafka.JMX{}
	case *map[string]string:
		*field = map[string]string{"key": "value"}
	case *[]string:
		*field = []string{"admin"}
	default:
		t.Fatalf("no value for %s of type %s: add one to the table", path, v.Type())
	}
}
