// Package builtin holds internal/builtin against k8s.io/kubernetes' own
// defaults, strategies and validation. It is a module of its own, so that
// millrace itself does not depend on that code.
package builtin
