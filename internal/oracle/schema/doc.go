// Package schema holds internal/schema against the API server's own code. It
// is a module of its own, so that millrace itself does not depend on that code.
package schema
