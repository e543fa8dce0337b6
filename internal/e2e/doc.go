// Package e2e brings up a real Kubernetes.
package e2e
