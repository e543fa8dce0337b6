package spark

// Store is an object store that a job reads and writes.
type Store interface{ part }
