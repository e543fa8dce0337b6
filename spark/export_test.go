package spark

// ShellQuote is tested against a real shell.
var ShellQuote = shellQuote

// Reasons are those of the defaults.
func Reasons() []string {
	out := []string{timeoutReason.why}
	for _, table := range []map[string]reason{defaultReasons, shuffleReasons} {
		for _, r := range table {
			out = append(out, r.why)
		}
	}
	return out
}

// OwnField is where a field of the view of an object stands in it.
var OwnField = ownField

// ApacheView writes an application of Apache's operator as one of Kubeflow's.
var ApacheView = apacheView

// RunShell is what a SQL job becomes, for a target that takes one.
func RunShell(j *Job) *Job {
	out := clone(j)
	out.runShell()
	return out
}
