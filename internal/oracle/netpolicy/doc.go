// Package netpolicy holds what millrace says of NetworkPolicies against
// Cyclonus, the tool with which the networks of Kubernetes are tested for
// conformance. It is a module of its own, so that millrace itself does not
// depend on it.
package netpolicy
