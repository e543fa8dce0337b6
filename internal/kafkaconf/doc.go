// Package kafkaconf knows Kafka's settings: which there are of brokers,
// topics, Connect workers, connectors and clients in which version, what
// values they take, and which of them change without a restart.
//
//	setting, ok := kafkaconf.Lookup(kafkaconf.Topic, "retention.ms")
//	fault, bad := kafkaconf.Check(kafkaconf.Broker, "log.retention.hours", "7d")
//
// settings.txt is the table, made by cmd/confgen from the definitions
// (ConfigDef) of Kafka's own classes in 4.0, 4.1, 4.2 and 4.3. Later versions
// are judged as 4.3.
//
// To make the table again, fetch the jars kafka_2.13, connect-runtime and
// connect-mirror of each version with what they need into a directory (Maven's
// dependency:copy-dependencies does), and run, with Java 17 or later,
//
//	make kafkaconf KAFKA_JARS="4.0=DIR 4.1=DIR 4.2=DIR 4.3=DIR"
//
//	table.go    the table as it is read
//	setting.go  Setting: what one version says about a key
//	check.go    Check: what is wrong with a key or its value, and what to do
//	value.go    values, judged as Kafka's parser and validators do
//	java.go     how Java reads numbers and words
//	reset.go    auto.offset.reset, which may be a duration
//	whole.go    configurations as a whole: what settings say about each other,
//	topic.go,   of topics
//	broker.go   and of brokers
//	strimzi.go  values that Strimzi refuses, and Kafka wouldn't
//	managed.go  settings that Strimzi manages itself
//	removed.go  what is gone since Kafka 3, and what to use instead
//
// # What is not judged
//
// Class names are: only a running Kafka knows its class path. These validators
// are not ported, and their keys take any text: of brokers
// controller.quorum.voters and controller.quorum.bootstrap.servers, which
// Strimzi sets; of Connect workers the algorithms that their Java must have
// (inter.worker.key.generation.algorithm, inter.worker.signature.algorithm,
// inter.worker.verification.algorithms) and response.http.headers.config; of
// connectors the *.plugin.version ranges and the regular expression
// topics.regex.
package kafkaconf
