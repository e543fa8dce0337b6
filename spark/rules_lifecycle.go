package spark

import "github.com/millrace/millrace"

// lifecycleRules are about names, schedules, restarts and what remains of a job.
func lifecycleRules() []millrace.Rule {
	return nil
}
