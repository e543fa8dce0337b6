// Package argo says what Argo Workflows would refuse in a workflow, or take for
// something else than was meant: what the validation of Argo 3.7 finds, and
// what it misses and the controller or the executor trip over at run time.
//
// Check takes time linear in the size of the workflow. It needs no cluster:
// templates of other objects are looked up among those that it is given.
//
// # Files
//
//	check.go  Check, Problem, and what the checks have in common
package argo
