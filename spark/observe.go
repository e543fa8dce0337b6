package spark

import (
	"strconv"

	"github.com/millrace/millrace"
)

// Observe says what can be seen of a job while it runs and afterwards.
//
// Zero writes nothing down.
type Observe struct {
	// EventLog is what the history server reads.
	EventLog EventLog
	// UI is the driver's web page.
	UI UI
	// Metrics are what Prometheus can read off the pods: PrometheusServlet or
	// JMXExporter.
	//
	// Nil has none.
	Metrics Metrics
	// Lineage tells which data was made of which.
	Lineage OpenLineage
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
	// Compress writes the log compressed, which makes it about ten times
	// smaller.
	//
	// Nil means true, Spark's own default since 4.0.
	//
	// Rendered as spark.eventLog.compress in spec.sparkConf.
	// Source: Spark configuration, spark.eventLog.compress.
	Compress *bool
}

// UI is the driver's web page, which holds what it shows in the driver's
// heap.
type UI struct {
	// Port is where it listens in the driver's pod.
	//
	// Zero means Spark's 4040. From 1024 to 65535. Spark names it "spark-ui"
	// among the pod's ports.
	//
	// Rendered as spark.ui.port in spec.sparkConf.
	Port int32
	// RetainedJobs is how many jobs it remembers. Zero means Spark's 1000.
	//
	// Rendered as spark.ui.retainedJobs in spec.sparkConf.
	// Source: Spark configuration, Spark UI; so for those below.
	RetainedJobs int32
	// RetainedStages is how many stages it remembers. Zero means Spark's
	// 1000.
	//
	// Rendered as spark.ui.retainedStages in spec.sparkConf.
	RetainedStages int32
	// RetainedQueries is how many SQL queries it remembers, whose plans can
	// be large. Zero means Spark's 1000.
	//
	// Rendered as spark.sql.ui.retainedExecutions in spec.sparkConf.
	RetainedQueries int32
}

const (
	defaultUIPort = 4040
	keyUIPort     = "spark.ui.port"
	minPort       = 1024
	maxPort       = 65535
)

// uiPort returns where the driver's web page listens.
func (j *Job) uiPort() int32 {
	if j.Observe.UI.Port != 0 {
		return j.Observe.UI.Port
	}
	for _, conf := range []map[string]string{j.Conf, j.Base.SparkConf} {
		if n, err := strconv.ParseInt(conf[keyUIPort], 10, 32); err == nil && n > 0 {
			return int32(n)
		}
	}
	return defaultUIPort
}

func (o Observe) check(c partCheck) {
	if dir := o.EventLog.Dir; dir != "" {
		checkURL(c.Problems, c.field("EventLog.Dir"), dir)
	}
	if size := o.EventLog.MaxFileSize; size != 0 {
		checkSize(c.Problems, c.field("EventLog.MaxFileSize"), size, minRollSize)
	}
	if o.EventLog.Dir == "" && o.EventLog != (EventLog{}) {
		c.Required(c.field("EventLog.Dir"), "say where the log lies, or leave the other fields of EventLog out")
	}
	u := o.UI
	c.counts(countField{"UI.RetainedJobs", u.RetainedJobs}, countField{"UI.RetainedStages", u.RetainedStages}, countField{"UI.RetainedQueries", u.RetainedQueries})
	if u.Port != 0 && (u.Port < minPort || u.Port > maxPort) {
		c.Invalid(c.field("UI.Port"), u.Port, "not a port that the pod's user may open", "use one from 1024 to 65535")
	}
}

func (o Observe) settings(s *settings) {
	s.count("UI.Port", keyUIPort, o.UI.Port)
	s.count("UI.RetainedJobs", "spark.ui.retainedJobs", o.UI.RetainedJobs)
	s.count("UI.RetainedStages", "spark.ui.retainedStages", o.UI.RetainedStages)
	s.count("UI.RetainedQueries", "spark.sql.ui.retainedExecutions", o.UI.RetainedQueries)
	if o.EventLog.Dir == "" {
		return
	}
	if o.EventLog.Compress == nil {
		s.fallback("spark.eventLog.compress", "true")
	}
	s.flag("EventLog.Compress", "spark.eventLog.compress", o.EventLog.Compress)
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
