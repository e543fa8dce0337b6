package spark

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	helpers "k8s.io/component-helpers/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark/apachev1"
)

// PodResources is what the pods of an application request of the cluster, as
// Spark and the operator work it out.
type PodResources struct {
	// Driver is the driver's pod. Of a SparkConnect it is the server's, which
	// has what its template says and nothing of Spark's.
	Driver PodSize
	// Executor is the pod of each executor.
	Executor PodSize
	// MinExecutors and MaxExecutors are how many executors there are at the
	// least and at the most; equal without dynamic allocation. MaxExecutors is
	// zero where nothing bounds them.
	MinExecutors, MaxExecutors int
	// Min is what all pods request together with the fewest executors, Max with
	// the most. Max is nil where nothing bounds them.
	Min, Max corev1.ResourceList
}

// PodSize is the size of one pod.
type PodSize struct {
	// Heap, Overhead, OffHeap and Python are the parts of the memory of Spark's
	// own container. A part that isn't there has the size zero.
	Heap, Overhead, OffHeap, Python MemoryPart
	// Memory is their sum, which the container requests.
	Memory millrace.Bytes
	// MemoryLimit is where the kernel kills it: the same, unless the operator's
	// memoryLimit says otherwise.
	MemoryLimit millrace.Bytes
	// CPU is what the container requests.
	CPU resource.Quantity
	// CPUField is the path of what says so in the manifest. Empty is Spark
	// itself.
	CPUField string
	// CPULimit is where it is throttled; zero is never.
	CPULimit resource.Quantity
	// TaskSlots is how many tasks an executor runs at once: its cores divided
	// by those of a task. Zero for the driver.
	TaskSlots int
	// Scratch is the room for shuffle data and spill, as far as volumes bound
	// it. Zero is unknown: Spark's own directory has no bound.
	Scratch millrace.Bytes
	// Requests and Limits are those of the whole pod, with its init containers
	// and sidecars.
	Requests, Limits corev1.ResourceList
}

// MemoryPart is a part of a pod's memory, and why it is so large.
type MemoryPart struct {
	// Size is zero where the part isn't there.
	Size millrace.Bytes
	// Field is the path of what says so in the manifest:
	// "spec.executor.memoryOverhead", "spec.sparkConf[spark.memory.offHeap.size]".
	// Empty is Spark itself.
	Field string
	// Why says how it comes about, in a few words: "40% of the heap, Spark's
	// factor for Python".
	Why string
}

// PodResources checks the job and returns what its pods request. A job that is
// a task's, and has no name, may ask as well.
//
// The error is what is wrong with the job, or names a setting that a workflow
// is yet to fill in.
func (j *Job) PodResources() (PodResources, error) {
	app, p := j.compose(j.surroundings())
	if err := p.Err(); err != nil {
		return PodResources{}, err
	}
	r, err := Resources(app)
	r.inFieldsOf(j.Target)
	return r, err
}

// inFieldsOf names the fields of what the target makes.
func (r *PodResources) inFieldsOf(t Target) {
	if _, ok := t.(ApacheOperator); !ok {
		return
	}
	for _, size := range []*PodSize{&r.Driver, &r.Executor} {
		for _, at := range []*string{&size.Heap.Field, &size.Overhead.Field, &size.OffHeap.Field, &size.Python.Field, &size.CPUField} {
			*at = ownField((*apachev1.SparkApplication)(nil), *at)
		}
	}
}

// surroundings is where a job that says nothing else is looked at: one without
// a name is that of a task.
func (j *Job) surroundings() surroundings {
	if j != nil && j.Name == "" {
		return inTask
	}
	return alone
}

// Resources returns what the pods of a SparkApplication of either operator, a
// ScheduledSparkApplication or a SparkConnect request. It computes as Spark
// does: the heap, the overhead, and for executors off-heap memory and the
// Python processes.
//
// The error names a setting that is no size or number, or an object that is none
// of these, or isn't written as its API has it.
func Resources(o millrace.Object) (PodResources, error) {
	o, err := typed(o)
	if err != nil {
		return PodResources{}, fmt.Errorf("spark resources: %w", err)
	}
	app, ok := applicationIn(o)
	if !ok {
		return PodResources{}, fmt.Errorf("spark resources: %T: want a SparkApplication, a ScheduledSparkApplication or a SparkConnect", o)
	}
	return app.resources(Pods(o))
}

// resources returns what the pods of the application request.
func (a application) resources(pods []millrace.Pod) (PodResources, error) {
	var out PodResources
	for _, pod := range pods {
		r := roleOf(pod)
		size, err := a.size(r, pod, pod.Role == string(serverRole))
		if err != nil {
			return PodResources{}, err
		}
		if r == driverRole {
			out.Driver = size
			continue
		}
		out.Executor, out.MinExecutors, out.MaxExecutors = size, pod.Min, pod.Max
	}
	out.Min = out.sum(out.MinExecutors)
	if out.MaxExecutors > 0 {
		out.Max = out.sum(out.MaxExecutors)
	}
	return out, nil
}

// sum is what the driver and n executors request.
func (r PodResources) sum(n int) corev1.ResourceList {
	out := r.Driver.Requests.DeepCopy()
	if out == nil {
		out = corev1.ResourceList{}
	}
	for name, q := range r.Executor.Requests {
		q = q.DeepCopy()
		q.Mul(int64(n))
		all := out[name]
		all.Add(q)
		out[name] = all
	}
	return out
}

// size returns the size of a role's pod. With plain it is that of the pod's
// template.
func (a application) size(r role, pod millrace.Pod, plain bool) (PodSize, error) {
	var s PodSize
	at := own(pod, r)
	c := &pod.Template.Spec.Containers[at]
	if !plain {
		m, err := a.memory(r)
		if err != nil {
			return s, err
		}
		s.CPUField = a.cpuField(r)
		s.Heap, s.Overhead, s.OffHeap, s.Python, s.Memory = m.heap, m.overhead, m.offHeap, m.python, m.total()
		if !pod.Whole {
			return s, fmt.Errorf("spark resources: a request or a limit of the %s is no quantity", r)
		}
		if err := a.slots(r, &s); err != nil {
			return s, err
		}
	} else {
		s.Memory = millrace.Bytes(c.Resources.Requests.Memory().Value())
	}
	s.MemoryLimit = millrace.Bytes(c.Resources.Limits.Memory().Value())
	s.CPU, s.CPULimit = *c.Resources.Requests.Cpu(), *c.Resources.Limits.Cpu()
	s.Scratch = scratchSize(pod)
	of := &corev1.Pod{Spec: pod.Template.Spec}
	s.Requests = helpers.PodRequests(of, helpers.PodResourcesOptions{})
	s.Limits = helpers.PodLimits(of, helpers.PodResourcesOptions{})
	return s, nil
}

// own is the place of Spark's container in a pod that Pods returned.
func own(pod millrace.Pod, r role) int {
	return max(slices.IndexFunc(pod.Template.Spec.Containers, func(c corev1.Container) bool { return c.Name == r.container() }), 0)
}

// keyTaskCPUs is how many cores a task takes.
const keyTaskCPUs = "spark.task.cpus"

func (a application) slots(r role, s *PodSize) error {
	cores, _, err := a.cores(r)
	if err != nil || r == driverRole {
		return err
	}
	each, err := wholeNumber(keyTaskCPUs, first(a.SparkConf[keyTaskCPUs], "1"))
	if err != nil {
		return err
	}
	s.TaskSlots = cores / each
	return nil
}

// cpuField returns where a role's request of CPU is said; empty where it isn't.
func (a application) cpuField(r role) string {
	request, at := a.setting(r.coreRequest(a.SparkApplicationSpec), a.path(string(r), "coreRequest"), "spark.kubernetes."+string(r)+".request.cores")
	if request != "" {
		return at
	}
	if key := r.key(".cores"); r.pod(a.SparkApplicationSpec).Cores == nil {
		if a.SparkConf[key] == "" {
			return ""
		}
		return a.confPath(key)
	}
	return a.path(string(r), "cores")
}

// cores returns the cores of a role, and where they stand.
func (a application) cores(r role) (int, string, error) {
	text := ""
	if n := r.pod(a.SparkApplicationSpec).Cores; n != nil {
		text = strconv.Itoa(int(*n))
	}
	key := r.key(".cores")
	text, at := a.setting(&text, a.path(string(r), "cores"), key)
	n, err := wholeNumber(key, first(text, sparkCores))
	return n, at, err
}

// wholeNumber reads a number that must be at least one.
func wholeNumber(key, value string) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(value))
	if err != nil || n < 1 {
		return 0, fmt.Errorf("spark resources: %s: %q: not a whole number of at least 1", key, value)
	}
	return n, nil
}

// scratchSize adds up the bounds of the volumes that are Spark's local
// directories.
func scratchSize(pod millrace.Pod) millrace.Bytes {
	var sum millrace.Bytes
	add := func(name string, q resource.Quantity) {
		if strings.HasPrefix(name, scratchPrefix) {
			sum += millrace.Bytes(q.Value())
		}
	}
	for _, v := range pod.Template.Spec.Volumes {
		switch {
		case v.EmptyDir != nil && v.EmptyDir.SizeLimit != nil:
			add(v.Name, *v.EmptyDir.SizeLimit)
		case v.Ephemeral != nil && v.Ephemeral.VolumeClaimTemplate != nil:
			add(v.Name, *v.Ephemeral.VolumeClaimTemplate.Spec.Resources.Requests.Storage())
		}
	}
	for _, c := range pod.Claims {
		add(c.Name, *c.Spec.Resources.Requests.Storage())
	}
	return sum
}
