package kafka

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// JVM is how the JVM of a component is started, beside its heap.
type JVM struct {
	// Options are its -XX options by their names: "MaxGCPauseMillis": "50",
	// "UseZGC": "true". They take the place of all the options that Kafka's
	// start script has of itself, of G1 among them.
	//
	// None means those of the script.
	//
	// Rendered as jvmOptions.-XX.
	Options map[string]string

	// Properties are Java's system properties. Neither name nor value may hold
	// a space, since Strimzi puts them on a command line as they are.
	//
	// Rendered as jvmOptions.javaSystemProperties.
	Properties map[string]string

	// GCLogging has the garbage collector write a log to the pod's output.
	//
	// False means none, which is Strimzi's default too.
	//
	// Rendered as jvmOptions.gcLoggingEnabled.
	GCLogging bool
}

// heap returns what a field says of a JVM's heap, nil for nothing. Strimzi takes
// only whole numbers with the suffixes m and g here.
func heap(p *millrace.Problems, field string, size millrace.Bytes) *strimziv1.JVMOptions {
	switch {
	case size == 0:
		return nil
	case size < 0 || size%millrace.MiB != 0:
		p.Invalid(field, size, "the JVM is given whole MiB", "round it")
		return nil
	}
	text := fmt.Sprintf("%dm", size/millrace.MiB)
	if size%millrace.GiB == 0 {
		text = fmt.Sprintf("%dg", size/millrace.GiB)
	}
	// A heap that grows would ask for pages while the node is under load.
	return &strimziv1.JVMOptions{Xms: new(text), Xmx: new(text)}
}

// make writes the options beside those of the heap, nil for nothing. path is
// where they stand in the manifest, for faults.
func (j JVM) make(of origins, path, field string, heap *strimziv1.JVMOptions) *strimziv1.JVMOptions {
	if len(j.Options) == 0 && len(j.Properties) == 0 && !j.GCLogging {
		return heap
	}
	if heap == nil {
		heap = &strimziv1.JVMOptions{}
	}
	if len(j.Options) > 0 {
		of.add(path+".-XX", field+".Options")
		heap.XX = maps.Clone(j.Options)
	}
	for i, name := range slices.Sorted(maps.Keys(j.Properties)) {
		of.add(fmt.Sprintf("%s.javaSystemProperties[%d]", path, i), field+".Properties["+name+"]")
		heap.JavaSystemProperties = append(heap.JavaSystemProperties, strimziv1.SystemProperty{Name: new(name), Value: new(j.Properties[name])})
	}
	if j.GCLogging {
		heap.GCLoggingEnabled = new(true)
	}
	return heap
}

const heapRule = "kafka/heap"

var (
	// heapPattern is what the JVM, and Strimzi's schema, take as a size.
	heapPattern = regexp.MustCompile(`^([0-9]{1,12})([mMgG]?)$`)
	optionName  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)
)

// The options that say a heap by the share of the memory.
const (
	maxHeapShare     = "MaxRAMPercentage"
	initialHeapShare = "InitialRAMPercentage"
)

// jvm reports options with which a JVM doesn't start, or not for long in a
// container of these resources.
// Source: Strimzi, JvmOptionUtils.java.
func (f *faults) jvm(path string, o *strimziv1.JVMOptions, r *corev1.ResourceRequirements) {
	if o == nil {
		return
	}
	least, most := f.heapSize(path+".-Xms", o.Xms), f.heapSize(path+".-Xmx", o.Xmx)
	if least > most && most > 0 {
		f.add(heapRule, millrace.RuleInvalid, path+".-Xms", fmt.Sprintf("%s is more than -Xmx, %s, and the JVM doesn't start", *o.Xms, *o.Xmx), "make them equal")
	}
	if memory, ok := memoryLimit(r); ok && most >= memory.Value() && most > 0 {
		f.add(heapRule, millrace.RuleInvalid, path+".-Xmx", fmt.Sprintf("%s of heap in a container with %s of memory, which needs some of it for more than the heap", *o.Xmx, &memory),
			"use about half of the memory")
	}
	for _, name := range slices.Sorted(maps.Keys(o.XX)) {
		if !optionName.MatchString(name) || strings.ContainsAny(o.XX[name], " \t\n") {
			f.add("kafka/jvm", millrace.RuleInvalid, at(path+".-XX", name), fmt.Sprintf("%q: the JVM has no such option", name+"="+o.XX[name]),
				`write the bare name, and the value without spaces: "UseZGC": "true"`)
		}
	}
	for i, property := range o.JavaSystemProperties {
		at := fmt.Sprintf("%s.javaSystemProperties[%d]", path, i)
		switch name, value := deref(property.Name), deref(property.Value); {
		case name == "":
			f.add("kafka/jvm", millrace.RuleRequired, at+".name", "is required", "name the property")
		case strings.ContainsAny(name, " \t\n=") || strings.ContainsAny(value, " \t\n"):
			f.add("kafka/jvm", millrace.RuleInvalid, at, fmt.Sprintf("%q: Strimzi puts it on a command line as it is, where a space ends it", name+"="+value), "leave out the spaces")
		}
	}
}

// heapSize reads a size of the heap in bytes, zero for none.
func (f *faults) heapSize(path string, size *string) int64 {
	if size == nil {
		return 0
	}
	n, ok := heapBytes(*size)
	if !ok {
		f.add(heapRule, millrace.RuleInvalid, path, fmt.Sprintf("%q: it is no size of a heap", *size), `use a whole number with m or g, such as "4g"; Gi is for Kubernetes`)
	}
	return n
}

func heapBytes(size string) (int64, bool) {
	m := heapPattern.FindStringSubmatch(size)
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	switch {
	case err != nil:
		return 0, false
	case strings.EqualFold(m[2], "g"):
		n *= int64(millrace.GiB)
	case strings.EqualFold(m[2], "m"):
		n *= int64(millrace.MiB)
	}
	return n, true
}

// memoryLimit is what a container is killed at.
func memoryLimit(r *corev1.ResourceRequirements) (resource.Quantity, bool) {
	if r == nil {
		return resource.Quantity{}, false
	}
	q, ok := r.Limits[corev1.ResourceMemory]
	return q, ok && q.Sign() > 0
}
