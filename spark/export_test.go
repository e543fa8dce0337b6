package spark

// ShellQuote is tested against a real shell.
var ShellQuote = shellQuote

// RunShell is what a SQL job becomes, for a target that takes one.
func RunShell(j *Job) *Job {
	out := clone(j)
	out.runShell()
	return out
}
