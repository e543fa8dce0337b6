package spark

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace"
)

// part is one of the values that a Job is made of beside its pods: its Tuning,
// what it Observes, each of its Stores, its Shuffle, its Scheduler, the Scratch
// of its pods.
// Whatever a part means stands in its own file, and reaches every target by
// one way: Spark's settings and the pod templates.
type part interface {
	// check reports what is wrong with it.
	check(c partCheck)
	// settings says what it means in Spark's settings.
	settings(s *settings)
	// pod adds what it needs to the pods of a role.
	pod(r role, pod *podParts)
}

// partCheck is what a part is checked against.
type partCheck struct {
	*millrace.Problems
	at       string // the part's field in the Job
	job      *Job
	version  version
	language Language
}

// field is the path of one of the part's own fields.
func (c partCheck) field(name string) string { return c.at + "." + name }

// dynamic reports whether the number of executors follows the work.
func (c partCheck) dynamic() bool { return c.job.dynamic() }

func (j *Job) dynamic() bool {
	base := j.Base.DynamicAllocation
	return j.Executor.DynamicAllocation != (DynamicAllocation{}) || base != nil && base.Enabled
}

// since reports a field that an older Spark doesn't have.
func (c partCheck) since(name, since string) {
	if c.version.known() && !c.version.atLeast(since) {
		c.Unsupported(c.field(name), fmt.Sprintf("Spark has it since %s, the job has %s", since, c.version), "leave it out, or use a later Spark")
	}
}

// placed is a part and the field that holds it.
type placed struct {
	at string
	part
}

// parts returns the parts of a job that are set. A pointer stands for none:
// checkParts reports it.
func (j *Job) parts() []placed {
	all := []placed{{"Tuning", j.Tuning}, {"Observe", j.Observe}, {"Observe.Lineage", j.Observe.Lineage}}
	if !notAValue(j.Observe.Metrics) {
		all = append(all, placed{"Observe.Metrics", j.Observe.Metrics})
	}
	for _, s := range j.scratches() {
		all = append(all, placed{s.field(), s})
	}
	if !notAValue(j.Shuffle) {
		all = append(all, placed{"Shuffle", j.Shuffle})
	}
	if !notAValue(j.Scheduler) {
		all = append(all, placed{"Scheduler", j.Scheduler})
	}
	for i, store := range j.Stores {
		if !notAValue(store) {
			all = append(all, placed{fmt.Sprintf("Stores[%d]", i), store})
		}
	}
	return all
}

// notAValue reports whether an interface holds nothing, or a pointer.
func notAValue(v any) bool {
	return v == nil || reflect.TypeOf(v).Kind() == reflect.Pointer
}

// reportPointer reports a pointer in the place of one of the package's values, and
// whether it is one.
func reportPointer(p *millrace.Problems, field string, value any) bool {
	if value == nil || !notAValue(value) {
		return false
	}
	p.Invalid(field, fmt.Sprintf("%T", value), "a pointer", "use the value itself")
	return true
}

// checkParts reports what is wrong with each part.
func (j *Job) checkParts(p *millrace.Problems, v version, language Language) {
	reportPointer(p, "Driver.Scratch", j.Driver.Scratch)
	reportPointer(p, "Executor.Scratch", j.Executor.Scratch)
	reportPointer(p, "Shuffle", j.Shuffle)
	reportPointer(p, "Scheduler", j.Scheduler)
	reportPointer(p, "Observe.Metrics", j.Observe.Metrics)
	for i, store := range j.Stores {
		field := fmt.Sprintf("Stores[%d]", i)
		if store == nil {
			p.Required(field, "it is nil: leave it out")
		}
		reportPointer(p, field, store)
	}
	j.checkStores(p)
	for _, part := range j.parts() {
		part.check(partCheck{Problems: p, at: part.at, job: j, version: v, language: language})
	}
	j.checkVariables(p)
}

// checkVariables reports variables that parts of the job set, and that are set
// elsewhere as well.
func (j *Job) checkVariables(p *millrace.Problems) {
	for _, r := range roles {
		owner := make(map[string]string)
		for i, e := range j.ownPod(r).env {
			owner[e.Name] = fmt.Sprintf("%s.Env[%d]", r.field(), i)
		}
		for _, part := range j.parts() {
			var pod podParts
			part.pod(r, &pod)
			for _, e := range pod.env {
				if other, said := owner[e.Name]; said {
					p.Conflict(part.at, "it sets the variable "+e.Name+" of the "+string(r)+", and so does "+other, "leave one of the two out")
				}
				owner[e.Name] = part.at
			}
		}
	}
}

// settings collects what a job's fields say in Spark's settings.
type settings struct {
	// What it depends on.
	version version
	dynamic bool
	target  Target

	at string // the part whose turn it is
	// own are the settings that a field governs: Conf can't say them again.
	own map[string]setting
	// defaults go with what the job asks for, and Conf may override them.
	defaults map[string]string
	// with are the parts that the defaults go with.
	with map[string]string
	// lists are settings that hold a list, to which Conf may add.
	lists map[string][]string
	// java are options for the JVM of a role, beside the user's own.
	java map[role][]string
	// clashes are settings about which two fields disagree.
	clashes []clash
}

// clash is a setting about which two fields disagree.
type clash struct{ key, field, other string }

// hadoopPrefix starts the settings that Spark hands on to Hadoop. A part says
// them like all others; they are rendered where HadoopConf is.
const hadoopPrefix = "spark.hadoop."

// setting is a value of Spark's settings and the field that it comes from.
type setting struct{ value, field string }

// set writes a setting that a field governs. The field is one of the part's
// own; empty means the part as a whole.
func (s *settings) set(field, key, value string) {
	switch {
	case s.at == "":
	case field == "":
		field = s.at
	default:
		field = s.at + "." + field
	}
	if other, said := s.own[key]; said {
		if other.value != value {
			s.clashes = append(s.clashes, clash{key, field, other.field})
		}
		return
	}
	s.own[key] = setting{value, field}
}

// hadoop writes one of Hadoop's settings, which a field governs.
func (s *settings) hadoop(field, key, value string) { s.set(field, hadoopPrefix+key, value) }

// add puts a value into a setting that is a list, beside what Conf has there.
func (s *settings) add(key, value string) { s.lists[key] = append(s.lists[key], value) }

// javaOption hands an option to the JVMs of a role, beside the user's own.
func (s *settings) javaOption(r role, option string) { s.java[r] = append(s.java[r], option) }

// fallback writes a setting that Conf may override.
func (s *settings) fallback(key, value string) { s.defaults[key], s.with[key] = value, s.at }

// settings returns what the job's own fields say in Spark's settings.
func (j *Job) settings(v version) *settings {
	s := &settings{
		version: v, dynamic: j.dynamic(), target: j.Target,
		own: make(map[string]setting), defaults: make(map[string]string), with: make(map[string]string),
		lists: make(map[string][]string), java: make(map[role][]string),
	}
	j.Executor.settings(s)
	for _, part := range j.parts() {
		s.at = part.at
		part.settings(s)
	}
	if t, ok := j.Target.(Submit); ok {
		s.at = "Target"
		t.settings(s)
	}
	return s
}

// settings says what the executors' own fields mean.
func (e *Executor) settings(s *settings) {
	if e.Broadcast.Static != 0 {
		s.set("Executor.Broadcast.Static", keyStaticBroadcast, threshold(e.Broadcast.Static))
	}
	if e.Broadcast.Measured != nil {
		s.set("Executor.Broadcast.Measured", keyMeasuredBroadcast, threshold(*e.Broadcast.Measured))
	}
	if e.OffHeap != 0 {
		s.set("Executor.OffHeap", "spark.memory.offHeap.enabled", "true")
		s.set("Executor.OffHeap", "spark.memory.offHeap.size", e.OffHeap.JVM())
	}
	if e.PythonMemory != 0 {
		s.set("Executor.PythonMemory", "spark.executor.pyspark.memory", e.PythonMemory.JVM())
	}
	if e.GracePeriod != 0 && s.version.atLeast(graceSince) {
		s.set("Executor.GracePeriod", keyExecutorGrace, seconds(e.GracePeriod))
	}
	if t := e.DynamicAllocation.IdleTimeout; t != 0 {
		s.set("Executor.DynamicAllocation.IdleTimeout", keyIdleTimeout, seconds(t))
	}
}

// lay puts what fields govern into the spec of the job's own fields, and
// reports what is said twice.
func (s *settings) lay(p *millrace.Problems, spec *v1beta2.SparkApplicationSpec, base map[string]string) {
	twice := func(at, field string) {
		p.Conflict(at, "the field "+field+" governs this setting", "leave one of the two out")
	}
	for _, c := range s.clashes {
		if strings.HasPrefix(c.field, "Stores[") && strings.HasPrefix(c.other, "Stores[") {
			continue // checkStores reports two that are about one place
		}
		p.Conflict(c.field, "the field "+c.other+" sets "+c.key+" to something else", "leave one of the two out")
	}
	for _, key := range slices.Sorted(maps.Keys(s.own)) {
		own := s.own[key]
		if _, said := spec.SparkConf[key]; said {
			twice("Conf["+key+"]", own.field)
			continue
		}
		name, hadoop := strings.CutPrefix(key, hadoopPrefix)
		if !hadoop {
			put(&spec.SparkConf, key, own.value)
			continue
		}
		if _, said := base[key]; said {
			twice("Base.SparkConf["+key+"]", own.field)
		}
		if _, said := spec.HadoopConf[name]; said {
			twice("HadoopConf["+name+"]", own.field)
			continue
		}
		put(&spec.HadoopConf, name, own.value)
	}
	for key, values := range s.lists {
		put(&spec.SparkConf, key, joinMissing(spec.SparkConf[key], ",", values))
	}
	for r, options := range s.java {
		all := joinMissing(deref(*r.javaOptions(spec)), " ", options)
		*r.javaOptions(spec) = &all
	}
}

// joinMissing adds to a list what is not in it.
func joinMissing(list, separator string, values []string) string {
	have := strings.Split(list, separator)
	for _, v := range values {
		if !slices.Contains(have, v) {
			have = append(have, v)
		}
	}
	return strings.Trim(strings.Join(have, separator), separator)
}

// fill puts the defaults into a spec of defaults. Those for Hadoop give way
// to Conf and HadoopConf both, whichever it was that the user wrote.
func (s *settings) fill(defaults, spec *v1beta2.SparkApplicationSpec) {
	for key, value := range s.defaults {
		name, hadoop := strings.CutPrefix(key, hadoopPrefix)
		if !hadoop {
			put(&defaults.SparkConf, key, value)
			continue
		}
		if _, said := spec.SparkConf[key]; !said {
			put(&defaults.HadoopConf, name, value)
		}
	}
}
