package kafka

import (
	"fmt"
	"slices"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/closest"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// unknownClusterRule is on names of clusters that the composition itself makes
// look wrong. What it has no cluster for at all belongs to one elsewhere.
func unknownClusterRule() millrace.Rule {
	return millrace.Rule{
		ID: "kafka/unknown-cluster", Severity: millrace.Warning,
		Summary: "What names a cluster beside the clusters of a composition names one of them.",
		Reason:  "No operator looks at an object whose label strimzi.io/cluster names a cluster that isn't there, or is in another namespace: it does nothing, and most kinds have no status that says so.",
		Fix:     "correct the name or the namespace; waive the rule for what belongs to a cluster elsewhere",
		Source:  "Strimzi, Labels.STRIMZI_CLUSTER_LABEL; strimzi-kafka-operator#8676, #3484",
		Check:   checkUnknownCluster,
	}
}

func checkUnknownCluster(pass *millrace.Pass) {
	o := pass.Object
	of := kafkaKind
	switch o := o.(type) {
	case *strimziv1.KafkaTopic:
		if unmanaged(o) {
			return
		}
	case *strimziv1.KafkaNodePool, *strimziv1.KafkaUser, *strimziv1.KafkaRebalance:
	case *strimziv1.KafkaConnector:
		of = connectKind
	default:
		return
	}
	name := o.GetLabels()[clusterLabel]
	if name == "" || isFilledIn(name) {
		return
	}
	if _, ok := clusterOf(pass.Bundle, o); ok && of == kafkaKind {
		return
	}
	if _, ok := pass.Bundle.Find(of, o.GetNamespace(), name); ok {
		return
	}
	var beside []string
	for _, found := range pass.Bundle.OfKind(of) {
		switch {
		case found.GetNamespace() == o.GetNamespace():
			beside = append(beside, found.GetName())
		case found.GetName() == name:
			// Of topics kafka/topic-unwatched says it.
			if _, topic := o.(*strimziv1.KafkaTopic); !topic {
				pass.Report("metadata.namespace", fmt.Sprintf("the %s %s is in the namespace %s", of.Kind, name, found.GetNamespace()))
			}
			return
		}
	}
	if len(beside) == 0 {
		return
	}
	slices.Sort(beside)
	path, detail := at("metadata.labels", clusterLabel), fmt.Sprintf("there is no %s %s beside it", of.Kind, name)
	if meant, ok := closest.Name(name, slices.Values(beside)); ok {
		pass.Suggest(path, detail, "did you mean "+meant+"?")
		return
	}
	pass.Report(path, fmt.Sprintf("%s, only %s", detail, beside[0]))
}
