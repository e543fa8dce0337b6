// Package argo holds what package workflow renders against Argo's own code:
// its validation, and its substitution of variables. It is a module of its
// own, so that millrace itself does not depend on that code.
package argo
