// Package spark holds what package spark tells spark-submit against the code
// by which the Spark operator calls it, and against the webhook that changes
// the pods afterwards. It is a module of its own, so that millrace itself does
// not depend on that code.
//
// That code is not exported. The tests compile the operator's own files, from
// its module, in the places of operator/submit and operator/pods: see
// operator_test.go.
package spark
