package spark

import "github.com/millrace/millrace"

// storageRules are about shuffle data, scratch space and schedulers.
func storageRules() []millrace.Rule {
	return nil
}
