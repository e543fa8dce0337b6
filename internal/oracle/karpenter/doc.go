// Package karpenter holds which pods millrace says that a node pool takes, and
// which NodePools are wrong, against Karpenter's own code, which decides it in a
// cluster. It is a module of its own, so that millrace itself does not depend on
// that code.
package karpenter
