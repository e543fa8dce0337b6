package spark

import "github.com/millrace/millrace"

// Observe says what can be seen of a job while it runs and afterwards.
//
// Zero writes nothing down.
type Observe struct {
	// EventLog is what the history server reads.
	EventLog EventLog
}

// EventLog is what the history server reads.
type EventLog struct {
	// Dir is where the log lies: "s3a://data-platform-logs/spark-events/".
	//
	// Zero writes no event log.
	//
	// Rendered as spark.eventLog.enabled, .dir and .rolling in spec.sparkConf.
	Dir string
	// MaxFileSize is the size at which the log goes on in a new file.
	//
	// Zero means 128 MiB. At least 10 MiB, in whole MiB.
	//
	// Rendered as spark.eventLog.rolling.maxFileSize in spec.sparkConf.
	// Source: Spark configuration, spark.eventLog.rolling.maxFileSize.
	MaxFileSize millrace.Bytes
}

func (o Observe) check(c partCheck) {
	if dir := o.EventLog.Dir; dir != "" {
		checkURL(c.Problems, c.field("EventLog.Dir"), dir)
	}
	if size := o.EventLog.MaxFileSize; size != 0 {
		checkSize(c.Problems, c.field("EventLog.MaxFileSize"), size, minRollSize)
		if o.EventLog.Dir == "" {
			c.Required(c.field("EventLog.Dir"), "say where the log lies, or leave MaxFileSize out")
		}
	}
}

func (o Observe) settings(s *settings) {
	if o.EventLog.Dir == "" {
		return
	}
	s.set("EventLog.Dir", "spark.eventLog.enabled", "true")
	s.set("EventLog.Dir", "spark.eventLog.dir", o.EventLog.Dir)
	s.fallback("spark.eventLog.rolling.enabled", "true")
	if size := o.EventLog.MaxFileSize; size != 0 {
		s.set("EventLog.MaxFileSize", "spark.eventLog.rolling.maxFileSize", size.JVM())
	} else {
		s.fallback("spark.eventLog.rolling.maxFileSize", rollSize.JVM())
	}
}

func (o Observe) pod(role, *podParts) {}
