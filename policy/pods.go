package policy

import (
	"slices"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/workflow"
)

// podsOf returns the pods that an object makes, whatever its kind.
func podsOf(b *millrace.Bundle, o millrace.Object) []millrace.Pod {
	return slices.Concat(spark.Pods(o), workflow.Pods(o), kafka.Pods(b, o), builtinPods(o))
}
