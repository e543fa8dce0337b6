package spark

import "github.com/kubeflow/spark-operator/v2/api/v1beta2"

// ShellQuote is tested against a real shell.
var ShellQuote = shellQuote

// OwnField is where a field of the view of an object stands in it.
var OwnField = ownField

// ApacheView writes an application of Apache's operator as one of Kubeflow's.
var ApacheView = apacheView

// AnyScheduler is one that adds nothing.
type AnyScheduler struct{}

func (AnyScheduler) check(partCheck)                            {}
func (AnyScheduler) settings(*settings)                         {}
func (AnyScheduler) pod(role, *podParts)                        {}
func (AnyScheduler) schedule(*v1beta2.SparkApplication, Target) {}
