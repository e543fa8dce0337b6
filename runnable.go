package millrace

// Runnable is a custom resource that runs once and ends, as a workflow's task
// creates it and waits for it. spark.Job makes one; so can any type that
// implements workflow.Runner.
type Runnable struct {
	// Object is what the task creates. Its name is the task's to give and
	// must be empty.
	Object Object
	// Succeeded is the condition that ends the task well, in the grammar of
	// Argo's successCondition: label-selector requirements over the fields of
	// the object, all of which must hold.
	Succeeded string
	// Failed is the condition that ends the task badly, in the same grammar;
	// any one of its requirements is enough.
	Failed string
	// NameBudget is the longest name that the object may have; zero means 63.
	NameBudget int
	// PlacedOn are the node pools that its pods are placed on, as Parts.PlacedOn
	// has them. Nil means that none is known.
	PlacedOn []NodeShape
}
