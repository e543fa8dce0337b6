package spark

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/millrace/millrace"
)

// unsaid tells why spark-submit can't say a field, and what to do; the longest
// beginning of the field's path counts.
var unsaid = map[string]struct{ why, fix string }{
	"Base": {"spark-submit has no setting for it", "leave it out, or put it into Base.Driver.Template or Base.Executor.Template"},

	"Base.Driver.MemoryLimit":   {"Spark makes the limit the request, whatever a template says", "set Driver.MemoryOverhead, which raises both"},
	"Base.Executor.MemoryLimit": {"Spark makes the limit the request, whatever a template says", "set Executor.MemoryOverhead, which raises both"},
	"Base.Driver.GPU":           {"it has no name or no quantity, and asks for nothing", "name the resource, as nvidia.com/gpu, and how many"},
	"Base.Executor.GPU":         {"it has no name or no quantity, and asks for nothing", "name the resource, as nvidia.com/gpu, and how many"},
	"Base.Driver.ServiceLabels": {"Spark has a setting for it since " + serviceLabelsSince, "leave it out, or use a later Spark"},
	"Base.Volumes":              {"nothing mounts it", "leave it out, or mount it"},
	"Base.Driver.VolumeMounts":  {"Base.Volumes has no such volume", "add it, or use Driver.Volumes"},
	"Base.Executor.VolumeMounts": {
		"Base.Volumes has no such volume", "add it, or use Executor.Volumes"},

	"Base.SparkConfigMap": {"Spark mounts a config map of its own in its place", "leave it out: spark-submit hands on the files in its own SPARK_CONF_DIR"},
	"Base.Monitoring":     {"without both files in the image it needs a config map, which spark-submit doesn't make", "set Prometheus.ConfigFile and MetricsPropertiesFile, or use Observe"},

	"Base.BatchScheduler":        {"spark-submit makes no pod group", "use Scheduler"},
	"Base.BatchSchedulerOptions": {"spark-submit makes no pod group", "use Scheduler"},

	"Base.SparkUIOptions":       {"spark-submit makes no Service and no Ingress", "leave it out, and make them yourself"},
	"Base.DriverIngressOptions": {"spark-submit makes no Service and no Ingress", "leave it out, and make them yourself"},

	"Base.RestartPolicy":     onceOnly,
	"Base.FailureRetries":    onceOnly,
	"Base.RetryInterval":     onceOnly,
	"Base.TimeToLiveSeconds": onceOnly,
	"Base.Suspend":           onceOnly,
}

var onceOnly = struct{ why, fix string }{"spark-submit runs a job once, now, and leaves nothing behind to delete", "leave it out, or use spark.SparkOperator{}"}

// report names the fields that are left.
func (w *submission) report(p *millrace.Problems) {
	for _, at := range leftover(reflect.ValueOf(*w.spec), "Base") {
		beginning := "Base"
		for field := range unsaid {
			if len(field) > len(beginning) && strings.HasPrefix(at, field) && !inName(at, len(field)) {
				beginning = field
			}
		}
		p.Unsupported(at, unsaid[beginning].why, unsaid[beginning].fix)
	}
}

// inName reports whether a path goes on within a name.
func inName(path string, i int) bool { return i < len(path) && path[i] != '.' && path[i] != '[' }

// leftover returns the Go paths of what is set in v.
func leftover(v reflect.Value, at string) []string {
	switch {
	case unset(v):
		return nil
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		var out []string
		for i := range v.Len() {
			out = append(out, fmt.Sprintf("%s[%d]", at, i))
		}
		return out
	case v.Kind() != reflect.Struct:
		return []string{at}
	}
	var out []string
	for i := range v.NumField() {
		field := at + "." + v.Type().Field(i).Name
		if v.Type().Field(i).Anonymous {
			field = at
		}
		out = append(out, leftover(v.Field(i), field)...)
	}
	return out
}
