package spark

import "github.com/millrace/millrace"

// resourceRules are about CPU, memory and the number of executors.
func resourceRules() []millrace.Rule {
	return nil
}
