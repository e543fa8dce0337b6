package kafka

import (
	"math"
	"slices"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Quotas keep one client from taking what all need, and disks from filling up:
// ClientQuotas or BrokerQuotas. The two exclude each other, since brokers have
// one plugin for them.
//
// None means Kafka's own plugin without limits of its own: the quotas of users
// hold. BrokerQuotas would guard the disks as well, and are no default because
// they do away with the quotas of users.
type Quotas interface {
	// plugin returns what stands in the spec.
	plugin(p *millrace.Problems, field string) *strimziv1.QuotasPlugin
}

// ClientQuotas are what each client may take that has no quota of its own, for
// each broker, by Kafka's own plugin. Zero fields are no limit.
//
// Rendered as spec.kafka.quotas of type kafka.
// Source: Strimzi, con-choosing-a-quota-plugin.
type ClientQuotas struct {
	// Produce and Consume are how much a client may write and read in a second.
	//
	// Rendered as producerByteRate and consumerByteRate.
	Produce, Consume millrace.Bytes

	// RequestPercent is how much of the time of a broker's threads a client may
	// take, in percent of one thread: 200 is two threads.
	//
	// Rendered as requestPercentage.
	RequestPercent int

	// Mutations is how many partitions a client may make and delete in a
	// second.
	//
	// Rendered as controllerMutationRate.
	Mutations float64
}

// BrokerQuotas are what all clients together may take of each broker, by
// Strimzi's plugin. Zero fields are no limit. Users' own quotas do nothing
// beside it.
//
// Rendered as spec.kafka.quotas of type strimzi.
// Source: Strimzi, con-choosing-a-quota-plugin.
type BrokerQuotas struct {
	// Produce and Consume are how much clients may write and read in a second.
	//
	// Rendered as producerByteRate and consumerByteRate.
	Produce, Consume millrace.Bytes

	// MinFree stops producers while a disk of any broker has no more free than
	// this. A broker whose disk is full stops, and doesn't come up again.
	//
	// Rendered as minAvailableBytesPerVolume.
	MinFree millrace.Bytes

	// MinFreeRatio is MinFree as a part of each disk, 0.05 for a twentieth.
	// Less than 1.
	//
	// Rendered as minAvailableRatioPerVolume.
	MinFreeRatio float64

	// Excluded are clients without a limit, as Kafka writes their names, with
	// "User:" before them: "User:CN=admin", "User:admin". Brokers and Cruise
	// Control have none in any case.
	//
	// Rendered as excludedPrincipals.
	Excluded []string
}

// quotas are those of a cluster.
type quotas struct{ Quotas }

// quotaFields are the fields that what is below spec.kafka.quotas is from.
var quotaFields = []origin{
	{".type", ""},
	{".producerByteRate", ".Produce"},
	{".consumerByteRate", ".Consume"},
	{".requestPercentage", ".RequestPercent"},
	{".controllerMutationRate", ".Mutations"},
	{".minAvailableBytesPerVolume", ".MinFree"},
	{".minAvailableRatioPerVolume", ".MinFreeRatio"},
	{".excludedPrincipals", ".Excluded"},
}

func (q quotas) make(m *making) {
	of, ok := held(m.Problems, "Quotas", q.Quotas)
	if !ok {
		return
	}
	m.fields.Kafka.Quotas = of.plugin(m.Problems, "Quotas")
	m.origins.beside(quotasPath, "Quotas", m.cluster.Base.Kafka.Quotas, quotaFields)
}

func (q ClientQuotas) plugin(p *millrace.Problems, field string) *strimziv1.QuotasPlugin {
	return &strimziv1.QuotasPlugin{
		Type:             strimziv1.QuotasPluginTypeKafka,
		ProducerByteRate: size(p, field+".Produce", q.Produce), ConsumerByteRate: size(p, field+".Consume", q.Consume),
		RequestPercentage:      count(p, field+".RequestPercent", q.RequestPercent, math.MaxInt32),
		ControllerMutationRate: rate(p, field+".Mutations", q.Mutations, math.MaxInt32),
	}
}

func (q BrokerQuotas) plugin(p *millrace.Problems, field string) *strimziv1.QuotasPlugin {
	return &strimziv1.QuotasPlugin{
		Type:             strimziv1.QuotasPluginTypeStrimzi,
		ProducerByteRate: size(p, field+".Produce", q.Produce), ConsumerByteRate: size(p, field+".Consume", q.Consume),
		MinAvailableBytesPerVolume: size(p, field+".MinFree", q.MinFree),
		MinAvailableRatioPerVolume: rate(p, field+".MinFreeRatio", q.MinFreeRatio, 1),
		ExcludedPrincipals:         slices.Clone(q.Excluded),
	}
}
