// Package builtin checks Kubernetes' own kinds as the API server does that
// creates them: what its CRD-like schema can't say, such as a selector that
// doesn't match its template, a request above its limit, a port named twice.
//
// The rules are written anew in Go over the typed objects of k8s.io/api, and
// held against k8s.io/kubernetes' own validation in internal/oracle/builtin.
// They look at an object as a user writes it; where the server fills a field
// in before it validates, an empty one is as good as the default.
//
//	kinds.go     which kinds there are, and their rules
//	checker.go   paths and texts
package builtin
