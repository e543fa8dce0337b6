package spark

// Tuning says how the work is divided, and when a part of it is tried again.
//
// Zero leaves all of it to Spark.
type Tuning struct {
	// ShufflePartitions is into how many parts joins and aggregations divide
	// their data; adaptive execution joins small ones together again.
	//
	// Zero means Spark's 200. At least 1.
	//
	// Rendered as spark.sql.shuffle.partitions in spec.sparkConf.
	// Source: Spark, SQL performance tuning.
	ShufflePartitions int32
}

func (t Tuning) check(c partCheck) {
	if t.ShufflePartitions < 0 {
		c.Invalid(c.field("ShufflePartitions"), t.ShufflePartitions, "less than one", "use at least 1")
	}
}

func (t Tuning) settings(s *settings) {
	if n := t.ShufflePartitions; n != 0 {
		s.set("ShufflePartitions", "spark.sql.shuffle.partitions", decimal(n))
	}
}

func (t Tuning) pod(role, *podParts) {}
