package picture

// Graph is a picture before it is drawn. Its fields may be changed before
// Mermaid, DOT or SVG is called; these may be called at the same time.
type Graph struct {
	// Title is the workflow's name. Of sets it from metadata.name, or
	// generateName and a star.
	Title string
	// Notes are lines below the title: the phase of the run, the schedule of a
	// CronWorkflow, and what the picture can't show.
	Notes []string
	// Direction is the way of the edges. Zero is TopDown.
	Direction Direction
	// Groups hold nodes and other groups. An outer group stands before those
	// that it holds.
	Groups []Group
	// Nodes are what runs, in the order of the workflow.
	Nodes []Node
	// Edges join nodes and groups that lie in the same group.
	Edges []Edge
}

// Direction is the way of a picture's edges.
type Direction int

const (
	// TopDown draws what comes later below.
	TopDown Direction = iota
	// LeftToRight draws what comes later to the right.
	LeftToRight
)

// Node is one thing that runs: a task, a step, a hook.
type Node struct {
	// ID is unique among nodes and groups: letters, digits and underscores.
	ID string
	// Group is the ID of the group that holds the node. Empty at the outside.
	Group string
	// Name is the task's.
	Name string
	// Text is what stands below the name.
	Text
}

// Group is a frame around nodes: a DAG, steps, a loop, an exit handler.
type Group struct {
	// ID is unique among nodes and groups: letters, digits and underscores.
	ID string
	// Group is the ID of the group that holds this one. Empty at the outside.
	Group string
	// Name is the task's. Empty for a Parallel group that only saves edges.
	Name string
	// Parallel groups hold what may run at the same time.
	Parallel bool
	// Text is what stands beside the name.
	Text
}

// Text is what a picture says about a node or a group beside its name. What
// comes from the workflow is one line, and clipped.
type Text struct {
	// Kind is the kind of work: "container", "script", "DAG", "suspend",
	// "apply SparkApplication". The template stands before it where it has
	// another name than the task.
	Kind string
	// Details are loops, conditions and tries: "×3", "when x == 1", "2nd try".
	Details []string
	// Phase is empty without a status, and for what has not begun.
	Phase Phase
	// Took is the time from start to finish: "2m3s", or "since 15:04:05 UTC"
	// for what runs.
	Took string
	// Message is what Argo says of what failed or waits.
	Message string
}

// Edge leads from what comes first to what comes after.
type Edge struct {
	// From and To are the IDs of nodes or groups.
	From, To string
	// Label is the result that is waited for, where it is not success:
	// "Failed". Empty for most.
	Label string
	// Dashed edges are not taken in every good run: those to hooks and exit
	// handlers, and those that wait for another result than success.
	Dashed bool
}

// Phase is how far a node is.
type Phase string

// The phases of Argo's nodes.
const (
	Pending   Phase = "Pending"
	Running   Phase = "Running"
	Succeeded Phase = "Succeeded"
	Skipped   Phase = "Skipped"
	Omitted   Phase = "Omitted"
	Failed    Phase = "Failed"
	Error     Phase = "Error"
)

// glyph tells phases apart without colours.
func (p Phase) glyph() string {
	switch p {
	case Pending:
		return "○"
	case Running:
		return "▶"
	case Succeeded:
		return "✓"
	case Skipped:
		return "»"
	case Omitted:
		return "–"
	case Failed:
		return "✗"
	case Error:
		return "!"
	}
	return ""
}

// lines are the text in the order in which a picture shows it.
func (t Text) lines() []string {
	var out []string
	if t.Kind != "" {
		out = append(out, t.Kind)
	}
	out = append(out, t.Details...)
	if t.Phase != "" {
		line := string(t.Phase)
		if g := t.Phase.glyph(); g != "" {
			line = g + " " + line
		}
		if t.Took != "" {
			line += " · " + t.Took
		}
		out = append(out, line)
	}
	if t.Message != "" {
		out = append(out, t.Message)
	}
	return out
}
