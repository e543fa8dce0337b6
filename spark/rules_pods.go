package spark

import "github.com/millrace/millrace"

// podRules are about what reaches the pods.
func podRules() []millrace.Rule {
	return nil
}
