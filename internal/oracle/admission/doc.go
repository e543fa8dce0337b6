// Package admission holds the rules "quota/…" of package policy against the
// admission plugins of k8s.io/kubernetes: LimitRanger, and the evaluators of
// ResourceQuota. It is a module of its own, since that one needs a replace line
// for each of its parts.
package admission
