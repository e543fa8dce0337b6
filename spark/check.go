package spark

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
)

const (
	// minMemory is the least heap: Spark refuses to start below about 450 MiB.
	// Source: apache/spark, UnifiedMemoryManager.
	minMemory = 512 * millrace.MiB
	// maxMemory is beyond any machine, and a slip of the unit.
	maxMemory = 64 * millrace.TiB
)

// check reports what is wrong with the job's own fields.
func (j *Job) check(p *millrace.Problems, v version, language Language, where surroundings) {
	j.checkIdentity(p, where)
	v.check(p)
	j.checkCode(p, language)
	j.checkDeps(p)
	j.Placement.Check(p, "Placement")
	d, e := &j.Driver, &j.Executor
	checkPod(p, driverRole, podSizes{d.Cores, d.CoreRequest, d.CoreLimit, d.Memory, d.MemoryOverhead}, d.JavaOptions, j.ownPod(driverRole))
	j.checkAccount(p, driverRole, d.ServiceAccount)
	j.checkAccount(p, executorRole, e.ServiceAccount)
	checkPod(p, executorRole, podSizes{e.Cores, e.CoreRequest, e.CoreLimit, e.Memory, e.MemoryOverhead}, e.JavaOptions, j.ownPod(executorRole))
	j.checkExecutor(p, v, language)
	j.checkParts(p, v, language)
	j.checkConf(p, v, "Conf", j.Conf)
	j.checkConf(p, v, "Base.SparkConf", j.Base.SparkConf)
	checkHadoopConf(p, "HadoopConf", j.HadoopConf)
	checkHadoopConf(p, "Base.HadoopConf", j.Base.HadoopConf)
	j.checkLifecycle(p)
	j.checkTarget(p)
}

// checkAccount checks the service account of a role, which its template may name
// as well: Spark takes one of the two, and which one depends on the role.
func (j *Job) checkAccount(p *millrace.Problems, r role, account string) {
	if account == "" {
		return
	}
	p.Name(r.field()+".ServiceAccount", account)
	if j.Class == connectClass {
		return // whose templates are filled later, and conflict then
	}
	if t := r.pod(&j.Base).Template; t != nil && first(t.Spec.ServiceAccountName, t.Spec.DeprecatedServiceAccount) != "" {
		p.Conflict("Base."+r.field()+".Template.Spec.ServiceAccountName", "the field "+r.field()+".ServiceAccount says it as well", "leave one of the two out")
	}
}

func (j *Job) checkIdentity(p *millrace.Problems, where surroundings) {
	switch {
	case where != alone:
	case j.Name == "":
		p.Required("Name", "give it a name")
	default:
		if len(validation.IsDNS1035Label(j.Name)) > 0 {
			p.Invalid("Name", j.Name, "not a DNS label that starts with a letter", "use at most 63 lower-case letters, digits and '-', a letter first")
		}
	}
	if where == alone {
		p.Namespace("Namespace", j.Namespace)
	}
	p.Labels("Labels", j.Labels)
	p.Annotations("Annotations", j.Annotations)
}

// podSizes are the sizes of a role's pod.
type podSizes struct {
	cores                  int32
	coreRequest, coreLimit string
	memory, overhead       millrace.Bytes
}

func checkPod(p *millrace.Problems, r role, sizes podSizes, javaOptions string, parts podParts) {
	at := r.field() + "."
	if sizes.cores < 0 {
		p.Invalid(at+"Cores", sizes.cores, "less than one", "use at least 1; a part of a CPU goes to CoreRequest")
	}
	checkCPU(p, at+"CoreRequest", sizes.coreRequest)
	checkCPU(p, at+"CoreLimit", sizes.coreLimit)
	if sizes.memory != 0 {
		checkSize(p, at+"Memory", sizes.memory, minMemory)
	}
	if sizes.overhead != 0 {
		checkSize(p, at+"MemoryOverhead", sizes.overhead, millrace.MiB)
	}
	if strings.Contains(javaOptions, "-Xmx") {
		p.Conflict(at+"JavaOptions", "-Xmx is Memory's to set, and Spark refuses it here", "set "+at+"Memory")
	}
	p.Labels(at+"Labels", parts.labels)
	p.Annotations(at+"Annotations", parts.annotations)
	if parts.priorityClass != "" {
		p.Name(at+"PriorityClass", parts.priorityClass)
	}
	parts.placement.Check(p, at+"Placement")
	checkDuration(p, at+"GracePeriod", parts.gracePeriod, time.Second)
	checkEnv(p, at, parts.env, parts.envFrom)
	checkVolumes(p, at+"Volumes", parts.volumes)
}

func checkSize(p *millrace.Problems, field string, size, least millrace.Bytes) {
	switch {
	case size > 0 && size < millrace.KiB:
		p.Invalid(field, size, "so many bytes are too few", "give the unit: "+strconv.FormatInt(int64(size), 10)+" * millrace.GiB")
	case size < least:
		p.Invalid(field, size, "less than "+least.String(), "use at least "+least.String())
	case size > maxMemory:
		p.Invalid(field, size, "more than any machine has", "check the unit: 8 * millrace.GiB")
	case size%millrace.MiB != 0:
		p.Invalid(field, size, "Spark counts whole MiB, and would round it down", "use a multiple of millrace.MiB")
	}
}

func checkCPU(p *millrace.Problems, field, value string) {
	if value == "" {
		return
	}
	if q, err := resource.ParseQuantity(value); err != nil || q.Sign() <= 0 {
		p.Invalid(field, value, "not an amount of CPU", `write it as "3800m" or "4"`)
	}
}

// checkDuration asks for whole units; zero is the default.
func checkDuration(p *millrace.Problems, field string, d, unit time.Duration) {
	if d < 0 || d%unit != 0 {
		p.Invalid(field, d, "not a whole number of "+unit.String(), "use a positive multiple of it")
	}
}

func (j *Job) checkExecutor(p *millrace.Problems, v version, language Language) {
	e := &j.Executor
	if e.Instances < 0 {
		p.Invalid("Executor.Instances", e.Instances, "less than one", "use at least 1")
	}
	if e.OffHeap != 0 {
		checkSize(p, "Executor.OffHeap", e.OffHeap, millrace.MiB)
	}
	if e.PythonMemory != 0 {
		checkSize(p, "Executor.PythonMemory", e.PythonMemory, millrace.MiB)
		if language != Python {
			p.Conflict("Executor.PythonMemory", fmt.Sprintf("the language is %s, and Spark starts no Python", language), "leave it out")
		}
	}
	if b := e.Broadcast.Static; b < 0 || b > maxMemory {
		p.Invalid("Executor.Broadcast.Static", b, "not a size", "leave it out for never")
	}
	if m := e.Broadcast.Measured; m != nil {
		if *m < 0 || *m > maxMemory {
			p.Invalid("Executor.Broadcast.Measured", *m, "not a size", "use zero for never")
		}
		if v.known() && !v.atLeast(measuredSince) {
			p.Unsupported("Executor.Broadcast.Measured", fmt.Sprintf("Spark has it since %s, the job has %s", measuredSince, v), "leave it out")
		}
	}
	a := &e.DynamicAllocation
	if *a == (DynamicAllocation{}) {
		return
	}
	const field = "Executor.DynamicAllocation."
	if e.Instances != 0 {
		p.Conflict("Executor.Instances", "dynamic allocation decides how many there are", "set "+field+"Initial instead")
	}
	checkDuration(p, field+"ShuffleTrackingTimeout", a.ShuffleTrackingTimeout, time.Millisecond)
	checkDuration(p, field+"IdleTimeout", a.IdleTimeout, time.Second)
	if a.ShuffleTracking != nil && *a.ShuffleTracking && remote(j.Shuffle) {
		p.Conflict(field+"ShuffleTracking", "a remote shuffle service holds the shuffle data, and executors need not be kept for it", "leave it out")
	}
	if a.ShuffleTrackingTimeout != 0 && (remote(j.Shuffle) || a.ShuffleTracking != nil && !*a.ShuffleTracking) {
		p.Conflict(field+"ShuffleTrackingTimeout", "shuffle tracking is off", "leave it out")
	}
}

func (j *Job) checkLifecycle(p *millrace.Problems) {
	l := &j.Lifecycle
	const field = "Lifecycle."
	switch l.Restart {
	case "", OnFailure, Always:
	case Never:
		for _, set := range []struct {
			field string
			value bool
		}{
			{"Retries", deref(l.Retries) != 0}, {"SubmissionRetries", deref(l.SubmissionRetries) != 0},
			{"RetryInterval", l.RetryInterval != 0}, {"SubmissionRetryInterval", l.SubmissionRetryInterval != 0},
		} {
			if set.value {
				p.Conflict(field+set.field, "Restart is Never", "leave it out, or use OnFailure")
			}
		}
	default:
		p.Invalid(field+"Restart", string(l.Restart), "no restart policy", "use spark.OnFailure, Never or Always")
	}
	if deref(l.Retries) < 0 {
		p.Invalid(field+"Retries", *l.Retries, "less than zero", "use zero for none")
	}
	if deref(l.SubmissionRetries) < 0 {
		p.Invalid(field+"SubmissionRetries", *l.SubmissionRetries, "less than zero", "use zero for none")
	}
	checkDuration(p, field+"RetryInterval", l.RetryInterval, time.Second)
	checkDuration(p, field+"SubmissionRetryInterval", l.SubmissionRetryInterval, time.Second)
	checkDuration(p, field+"TimeToLive", l.TimeToLive, time.Second)
}
