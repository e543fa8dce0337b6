package policy

import (
	"slices"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/workflow"
)

// podsOf returns the pods that an object makes, whatever its kind.
func podsOf(_ *millrace.Bundle, o millrace.Object) []millrace.Pod {
	return slices.Concat(spark.Pods(o), workflow.Pods(o), builtinPods(o))
}
