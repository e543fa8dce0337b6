package kafka

import (
	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// making is a Kafka object on its way. The parts of a cluster say in it what
// they mean: first what the user's fields say, which is then laid over Base,
// and what is filled in where neither says anything.
type making struct {
	*millrace.Problems
	cluster *Cluster

	fields strimziv1.KafkaSpec
	filled strimziv1.KafkaSpec
	// config are the settings of the brokers.
	config *settings
	// origins tells which field of the builder a path of the manifest is from.
	origins origins
	// beside are the objects that the cluster needs beside its own, such as
	// the config maps that its metrics are made by.
	beside []millrace.Object
}

// part is one concern of a cluster. It reports what its own fields can't mean;
// what the operator makes of the whole is for faults.
type part interface{ make(m *making) }

// parts are the concerns of a cluster, in the order of its fields.
func (c *Cluster) parts() []part {
	return []part{listeners(c.Listeners), c.Authorization, c.Replication, c.Log, quotas{c.Quotas}, c.Spread,
		c.TieredStorage, c.EntityOperator, c.CruiseControl, c.Exporter, c.Certificates,
		windows(c.MaintenanceWindows)}
}

// owner names the object whose settings are being made, for the names of what
// stands beside it.
type owner struct {
	kind, name, namespace string
}
