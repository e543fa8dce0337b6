package workflow

// Exit is the name of the hook that runs when what it belongs to has ended.
const Exit = "exit"

// Hook is what else happens when a task or a run reaches a state.
type Hook struct {
	// When is the condition that starts it. Required but for Exit.
	When Expression
	// Step is what it does.
	Step Step
	// Arguments are the values of the inputs of a Definition.
	Arguments map[string]string
}
