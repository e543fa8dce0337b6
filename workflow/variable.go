package workflow

// Variable is a value that Argo knows while a workflow runs, by its name:
// "tasks.extract.outputs.parameters.rows". Most are made by a method
// (Task.Output, Input.Variable) or are constants of this package, so that the
// compiler finds a wrong one; the conversion Variable("workflow.labels.team") is
// the door to the rest.
type Variable string

// The variables that every task of a run may use, unless they say otherwise.
const (
	// Item is the item of the innermost loop, for tasks with a Loop and what
	// lies in them. Of an item that is a map, Field is one of its values.
	Item Variable = "item"

	// RunName, RunNamespace and RunUID are those of the Workflow.
	RunName      Variable = "workflow.name"
	RunNamespace Variable = "workflow.namespace"
	RunUID       Variable = "workflow.uid"
)

// Ref returns the reference that stands for the value in a text: "{{item}}".
func (v Variable) Ref() string { return "{{" + string(v) + "}}" }

// JSON returns a reference to the value written as a JSON string, with its
// quotes: for programs and documents, in which no value can be more than a string.
func (v Variable) JSON() string { return "{{=toJson(" + exprVariable(string(v)) + ")}}" }

// Field returns a value of an item that is a map, or of one of Argo's maps.
func (v Variable) Field(name string) Variable { return v + "." + Variable(name) }

// Output is the output parameter of that name.
func (t *Task) Output(name string) Variable { return t.variable("outputs.parameters." + name) }

// Result is what a script or container wrote to its standard output.
func (t *Task) Result() Variable { return t.variable("outputs.result") }

// Artifact is the output artifact of that name, as the source of an input of
// another task.
func (t *Task) Artifact(name string) From { return From(t.variable("outputs.artifacts." + name)) }

func (t *Task) variable(rest string) Variable {
	if t == nil {
		return ""
	}
	return Variable("tasks." + t.Name + "." + rest)
}
