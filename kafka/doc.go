// Package kafka makes Kafka clusters, pools of their nodes, topics, users, and
// what moves records in, out and about, as Strimzi runs them.
//
//	Cluster      Kafka, a KafkaNodePool for each of its pools, and the
//	             ConfigMaps of its metrics
//	BrokerPool   KafkaNodePool
//	Topic        KafkaTopic
//	User         KafkaUser
//	Connect      KafkaConnect, and the rights to read secrets
//	Connector    KafkaConnector
//	MirrorMaker  KafkaMirrorMaker2
//	Rebalance    KafkaRebalance
//	Bridge       KafkaBridge
//	Consumer     Deployment, PodDisruptionBudget, and KEDA's ScaledObject
//
// Those of Strimzi's are of kafka.strimzi.io/v1, which Strimzi has since 0.49, and
// which is all that it has since 1.0. Clusters are in KRaft mode.
//
//	cluster := &kafka.Cluster{
//		Name: "data-platform-kafka", Namespace: "kafka",
//		Listeners: []kafka.Listener{{Name: "tls", Port: 9093, Auth: kafka.MutualTLS}},
//		Pools: []kafka.BrokerPool{
//			{Volumes: []kafka.Volume{{Size: 500 * millrace.GiB, Class: "premium-ssd"}}},
//			{Roles: []kafka.Role{kafka.Controller},
//				Volumes: []kafka.Volume{{Size: 50 * millrace.GiB, Class: "premium-ssd"}}},
//		},
//	}
//	topic := &kafka.Topic{Name: "orders-events-v2", Namespace: "kafka", Cluster: cluster.Name,
//		Partitions: 24, Retention: 7 * 24 * time.Hour, Compression: kafka.LZ4}
//
//	user := &kafka.User{Name: "orders-etl", Namespace: "kafka", Cluster: cluster.Name,
//		Access: []kafka.Access{kafka.Consume{Topics: []string{topic.Name}, Group: "orders-etl"}}}
//
//	bundle, err := millrace.Build(cluster, topic, user)
//
// # Zero values
//
// A zero field is a production default, or left to Kafka and Strimzi; its
// comment says which, and why. Without a word of its own the cluster above has
// three brokers and three controllers, apart in zones and on hosts, three
// replicas of which two must be in sync, no topics by accident, ACLs, disks
// that outlive their pods, Cruise Control that fills and empties brokers as
// they come and go, operators for topics and users, metrics of the brokers and
// of their consumers' lag.
//
// A field of a builder wins over a default, and so does Base, which is
// Strimzi's own spec. What a field and Base both set is a conflict.
//
// # Checks
//
// Build reports what the operator would refuse, and also what it would drop
// or ignore in silence: settings of brokers that it manages itself, pools and
// topics without a cluster. Rules has what works but shouldn't be in
// production; rules look at loaded manifests as well.
//
// Plan compares two bundles: what restarts brokers, what the operators refuse,
// what they ignore, and what costs records. Pods and References say what the
// operator makes of an object and what it needs beside it.
//
// # Yesterday's manifests
//
// Upgrade takes what was written for ZooKeeper, or for an API version before
// v1, and returns today's objects with a list of what changed, and of what
// needs a decision. The rule kafka/version finds such manifests.
//
// docs/kafka.md is the guide: listeners, users, sizing, storage, changes, and
// where each field of Strimzi's is.
//
// # Files
//
//	cluster.go, listener.go,
//	pool.go, topic.go, user.go       the builders
//	connect*.go, connector.go,
//	mirrormaker.go                   the builders around Connect
//	storage.go, resources.go, jvm.go,
//	podtemplate.go, probe.go,
//	nodeids.go, tiered.go, workers.go,
//	connection.go, converter.go,
//	secret.go                        their parts
//	access.go, acl.go                what users may do, and Kafka's rules for it
//	*_build.go, making.go,
//	mirrormaker_*.go                 what they make: fields over Base, and what
//	                                 is left filled in
//	values.go, meta.go, settings.go  how fields become those of specs, metadata
//	                                 and settings
//	held.go                          what fields of interface types hold
//	fault.go, *_faults.go            what operators refuse or ignore in an object
//	assembly.go, listener_pools.go   … and in a cluster with its pools
//	origin.go, path.go               which field a path of a manifest is from
//	versions.go                      which Strimzi runs which Kafka
//	log.go                           how brokers keep records
//	brokerconfig.go, topicconfig.go  what Kafka and Strimzi take as settings
//	managedkeys.go                   settings that Strimzi manages itself
//	bridge*.go                       Kafka over HTTP
//	consumer*.go                     what reads topics
//	scaler*.go                       how many of it there are
//	trigger.go, scaledobject.go      what KEDA checks
//	cruisecontrol*.go, goal.go,
//	entityoperator.go, exporter.go,
//	component.go                     what stands beside the brokers
//	rebalance*.go                    the builder of rebalances
//	metrics*.go, regex.go            how metrics are exported
//	listener*.go, authorization*.go,
//	certificates*.go, quotas*.go,
//	maintenance.go, quartz.go        who reaches the brokers, and what they may do
//	loggers.go                       what components write into their logs
//	scheduling.go                    where pods run, and how far apart
//	defaults.go                      what zero means, and why
//	pods*.go                         Pods: what Strimzi makes of an object
//	references.go                    References: what an object needs by name
//	rules*.go                        rules for production
//	rules_view.go                    what rules look at beside the object itself
//	plan.go, plan_*.go               Plan: what a change does to what is there
//	upgrade.go                       Upgrade, for manifests of older versions
//	upgrade_part.go, unknown.go      how it keeps account of every value
//	upgrade_*.go                     what it does to each kind
//	strimziv1/                       Strimzi's types, generated from its CRDs
//	kedav1alpha1/                    KEDA's types, generated from its CRDs
package kafka
