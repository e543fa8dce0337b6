package workflow

// DAG is a step made of tasks, each of which starts when those have ended that
// it waits for.
//
// Rendered as a template with dag.
type DAG struct {
	Tasks []*Task
	// Target names the tasks that have to succeed, separated by spaces. Empty
	// means those that no other waits for.
	Target string
	// FailFast is whether no task starts any more after one has failed. Nil
	// means true.
	FailFast *bool
}

// Steps is a step made of groups of tasks, which run one group after the
// other; the tasks of a group run at the same time.
//
// Rendered as a template with steps.
type Steps [][]*Task

// TemplateRef is a step that is a template of another WorkflowTemplate or
// ClusterWorkflowTemplate, in the cluster or in the same bundle.
type TemplateRef struct {
	// Name is that of the WorkflowTemplate.
	Name string
	// Template is the one of its templates.
	Template string
	// ClusterWide says that it is a ClusterWorkflowTemplate.
	ClusterWide bool
}
