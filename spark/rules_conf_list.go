package spark

import "github.com/millrace/millrace"

// confRules are about what Spark's settings may hold.
func confRules() []millrace.Rule {
	return nil
}
