package workflow

// Loop is what a task is repeated over. The types of this package implement
// it, and no others can: Items, Over and Sequence.
type Loop interface {
	loop(c *check, field string, to *invocation)
}

// Items are the items themselves: texts, numbers, truth values, or maps of them.
//
// Rendered as withItems.
type Items []any

// Over is a list that is known only when the workflow runs: a reference to a
// JSON list, such as the Result of a task.
//
// Rendered as withParam.
type Over string

// Sequence is a row of numbers.
//
// Rendered as withSequence.
type Sequence struct {
	// Start is the first number, or a reference to it. Empty means 0.
	Start string
	// End is the last number, Count how many there are; one of them is set.
	End, Count string
	// Format is a format of Go's fmt for each number: "node-%02d". Empty means
	// "%d".
	Format string
}
