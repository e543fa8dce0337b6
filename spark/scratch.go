package spark

// Scratch is where executors keep shuffle data and what doesn't fit into
// memory.
type Scratch interface{ part }
