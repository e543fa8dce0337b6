package workflow

// Variable is a value that Argo knows while a workflow runs, by its name:
// "tasks.extract.outputs.parameters.rows". Most are made by a method
// (Task.Output, Input.Variable) or are constants of this package, so that the
// compiler finds a wrong one; the conversion Variable("workflow.labels.team") is
// the door to the rest.
//
// Every value is a text to Argo, numbers too, unless its comment says otherwise.
// The comments also say where Argo knows it.
// Source: Argo Workflows, variables.
type Variable string

// The variables of the run, which every step may use.
const (
	// RunName, RunNamespace and RunUID are those of the Workflow.
	RunName      Variable = "workflow.name"
	RunNamespace Variable = "workflow.namespace"
	RunUID       Variable = "workflow.uid"
	// RunServiceAccount is the name of the service account of the run.
	RunServiceAccount Variable = "workflow.serviceAccountName"
	// RunPriority is the priority of the run. Argo knows it only where the
	// workflow has one.
	RunPriority Variable = "workflow.priority"
	// RunParameters, RunLabels and RunAnnotations are all of them in one JSON
	// document: the parameters a list of objects with name and value, the others
	// an object.
	RunParameters  Variable = "workflow.parameters.json"
	RunLabels      Variable = "workflow.labels.json"
	RunAnnotations Variable = "workflow.annotations.json"
	// MainEntrypoint is the name of the template with which the run started,
	// also inside of the templates of others.
	MainEntrypoint Variable = "workflow.mainEntrypoint"
	// RunDuration is how long the run takes, in seconds with a fraction. It is
	// for exit handlers, hooks and metrics: earlier it is the time up to then.
	RunDuration Variable = "workflow.duration"
)

// The variables of a run that ends, for exit handlers, the hooks of a run, and
// what lies in them.
const (
	// RunStatus is "Succeeded", "Failed" or "Error", and in hooks also
	// "Pending" or "Running".
	RunStatus Variable = "workflow.status"
	// RunFailures is a JSON list of what failed: objects with displayName,
	// message, templateName, phase, podName and finishedAt. Argo has quoted it
	// once more, so that the reference to it may stand between quotes.
	RunFailures Variable = "workflow.failures"
)

// The variables of where a step stands.
const (
	// Item is the item of the innermost loop, for tasks with a Loop and what
	// lies in them. Of an item that is a map, Field is one of its values, and
	// Item itself is a JSON object, which conditions and computations can't use.
	Item Variable = "item"
	// TaskName is the name of the task around, for the steps of tasks. Where
	// those are in Steps, Argo's name is steps.name.
	TaskName Variable = "tasks.name"
	// NodeName is the full name of the node in the run: "run.extract(0)".
	NodeName Variable = "node.name"
	// PodName is the name of the pod, for containers, scripts and resources.
	PodName Variable = "pod.name"
)

// The variables of a step with a Retry, for its condition and its texts.
const (
	// Retries is how often the step has been tried again: "0" at first.
	Retries Variable = "retries"
	// LastRetryExitCode is the exit code of the last try, "-1" where there is
	// none, and "0" at first.
	LastRetryExitCode Variable = "lastRetry.exitCode"
	// LastRetryStatus is "Failed" or "Error", and empty at first.
	LastRetryStatus Variable = "lastRetry.status"
	// LastRetryDuration is how long the last try took, in seconds.
	LastRetryDuration Variable = "lastRetry.duration"
	// LastRetryMessage is what Argo says about the last try.
	LastRetryMessage Variable = "lastRetry.message"
)

// The variables of the step itself that emits a metric.
const (
	// MetricStatus is how the step ended: "Succeeded", "Failed", "Error".
	MetricStatus Variable = "status"
	// MetricDuration is how long the step took, in seconds.
	MetricDuration Variable = "duration"
	// MetricExitCode is the exit code of the step.
	MetricExitCode Variable = "exitCode"
	// MetricResult is what the step wrote to its standard output.
	MetricResult Variable = "outputs.result"
	// MetricCPU and MetricMemory are what the step used, in seconds of one core
	// and seconds of 100 MiB.
	MetricCPU    Variable = "resourcesDuration.cpu"
	MetricMemory Variable = "resourcesDuration.memory"
)

// The names of a CronWorkflow, for the When and the stop condition of a Cron:
// see CronLast.
const (
	CronName      Variable = "cronworkflow.name"
	CronNamespace Variable = "cronworkflow.namespace"
)

// The variables of an HTTP step, for the condition on which it has succeeded.
// The functions that convert texts don't work there.
const (
	// ResponseStatus is the status code, a number.
	ResponseStatus Variable = "response.statusCode"
	// ResponseBody is the body.
	ResponseBody Variable = "response.body"
)

// CreationTime is when the run was created, in UTC. The format is empty for RFC
// 3339, "s" for the seconds since 1970, or a letter of strftime for one part
// of it: Y m d H M S for the numbers, B b A a for names, y I p Z z L.
func CreationTime(format string) Variable {
	if format == "" {
		format = "RFC3339"
	}
	return "workflow.creationTimestamp." + Variable(format)
}

// RunLabel is the value of one of the labels of the run.
func RunLabel(key string) Variable { return "workflow.labels." + Variable(key) }

// RunAnnotation is the value of one of the annotations of the run.
func RunAnnotation(key string) Variable { return "workflow.annotations." + Variable(key) }

// RunOutput is an output parameter that some step has put out for the whole
// run, under a global name.
func RunOutput(name string) Variable { return "workflow.outputs.parameters." + Variable(name) }

// RunArtifact is an output artifact that some step has put out for the whole
// run, under a global name, as the source of an input.
func RunArtifact(name string) From { return From("workflow.outputs.artifacts." + name) }

// MetricOutput is an output parameter of the step itself that emits a metric.
func MetricOutput(name string) Variable { return "outputs.parameters." + Variable(name) }

// Ref returns the reference that stands for the value in a text: "{{item}}".
func (v Variable) Ref() string { return "{{" + string(v) + "}}" }

// JSON returns a reference to the value written as a JSON string, with its
// quotes: for programs and documents, in which no value can be more than a
// string. Whatever Argo would read in the value arrives as it is.
func (v Variable) JSON() string { return "{{=" + jsonTerm(exprVariable(string(v))) + "}}" }

// Field returns a value of an item that is a map, or of one of Argo's maps.
func (v Variable) Field(name string) Variable { return v + "." + Variable(name) }

// Variable is the parameter as the tasks of the run know it.
func (p Parameter) Variable() Variable { return Variable(parameterPrefix + p.Name) }

// Variable is the input artifact inside of the definition that has it, as the
// source of one of another task: From(a.Variable()).
func (a Artifact) Variable() Variable { return Variable("inputs.artifacts." + a.Name) }

// Output is the output parameter of that name.
//
// Of a task with a Loop it is a JSON list with the value of each item, which
// another Loop can go Over. A task that was skipped has an empty one.
func (t *Task) Output(name string) Variable { return t.variable("outputs.parameters." + name) }

// OutputList is, of a task with a Loop, a JSON list with an object of all output
// parameters for each item. It is for texts: expressions don't know it.
func (t *Task) OutputList() Variable { return t.variable("outputs.parameters") }

// Result is what a script, a container or an HTTP step wrote to its standard
// output. Of a task with a Loop it is a JSON list of them.
func (t *Task) Result() Variable { return t.variable("outputs.result") }

// ExitCode is the exit code of a script or container.
func (t *Task) ExitCode() Variable { return t.variable("exitCode") }

// Status is how the task ended: "Succeeded", "Failed", "Error", "Skipped" or
// "Omitted", and "Running" for one that has become a daemon.
func (t *Task) Status() Variable { return t.variable("status") }

// ID is the id of the task's node in the run.
func (t *Task) ID() Variable { return t.variable("id") }

// IP is the address of the pod of a daemon.
func (t *Task) IP() Variable { return t.variable("ip") }

// HostNode is the name of the Kubernetes node on which the task's pod ran.
func (t *Task) HostNode() Variable { return t.variable("hostNodeName") }

// StartedAt is when the task started, in RFC 3339.
func (t *Task) StartedAt() Variable { return t.variable("startedAt") }

// FinishedAt is when the task ended, in RFC 3339.
func (t *Task) FinishedAt() Variable { return t.variable("finishedAt") }

// Artifact is the output artifact of that name, as the source of an input of
// another task.
func (t *Task) Artifact(name string) From { return From(t.variable("outputs.artifacts." + name)) }

func (t *Task) variable(rest string) Variable {
	if t == nil {
		return ""
	}
	return Variable("tasks." + t.Name + "." + rest)
}
