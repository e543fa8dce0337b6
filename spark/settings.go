package spark

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/millrace/millrace"
)

// part is one of the values that a Job is made of beside its pods: its Tuning,
// what it Observes, each of its Stores, its Scheduler, its executors' Scratch.
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
	all := []placed{{"Tuning", j.Tuning}, {"Observe", j.Observe}}
	if !notAValue(j.Executor.Scratch) {
		all = append(all, placed{"Executor.Scratch", j.Executor.Scratch})
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

// checkParts reports what is wrong with each part.
func (j *Job) checkParts(p *millrace.Problems, v version, language Language) {
	pointer := func(field string, value any) {
		if value != nil && notAValue(value) {
			p.Invalid(field, fmt.Sprintf("%T", value), "a pointer", "use the value itself")
		}
	}
	pointer("Executor.Scratch", j.Executor.Scratch)
	pointer("Scheduler", j.Scheduler)
	for i, store := range j.Stores {
		field := fmt.Sprintf("Stores[%d]", i)
		if store == nil {
			p.Required(field, "it is nil: leave it out")
		}
		pointer(field, store)
	}
	for _, part := range j.parts() {
		part.check(partCheck{Problems: p, at: part.at, job: j, version: v, language: language})
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
}

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
	s.own[key] = setting{value, field}
}

// fallback writes a setting that Conf may override.
func (s *settings) fallback(key, value string) { s.defaults[key] = value }

// settings returns what the job's own fields say in Spark's settings.
func (j *Job) settings(v version) *settings {
	s := &settings{
		version: v, dynamic: j.Executor.DynamicAllocation != (DynamicAllocation{}), target: j.Target,
		own: make(map[string]setting), defaults: make(map[string]string),
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
	s.at = "Shuffle"
	needed, defaults := shuffleConf(j.Shuffle, v, s.dynamic)
	for key, value := range needed {
		s.set("", key, value)
	}
	if j.Shuffle != nil {
		maps.Copy(s.defaults, defaults)
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

// lay puts the settings that fields govern into Spark's settings, and reports
// those that Conf holds as well.
func (s *settings) lay(p *millrace.Problems, conf *map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(s.own)) {
		own := s.own[key]
		if _, twice := (*conf)[key]; twice {
			p.Conflict("Conf["+key+"]", "the field "+own.field+" governs this setting", "leave one of the two out")
			continue
		}
		put(conf, key, own.value)
	}
}
