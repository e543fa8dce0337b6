// Package terraform has Terraform itself read the files of node pools: fmt,
// validate and plan, without a network and without the clouds' providers, whose
// places are taken by providers with the same schemas (internal/tfschema). It is
// a module of its own, so that millrace itself does not depend on that.
//
// The tests need terraform, or tofu, on the PATH, and are skipped without.
//
// Command facts makes the schemas.
package terraform
