package spark

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/spot"
	"github.com/millrace/millrace/spark/apachev1"
)

const (
	// leastHeap leaves room for one task: Spark reserves 300 MiB and gives
	// 60% of the rest to execution and storage.
	// Source: Spark, tuning, "Memory Management Overview".
	leastHeap = millrace.GiB
	// mostBroadcast bounds a table that is estimated from files and several
	// times as large in memory.
	mostBroadcast = 64 * millrace.MiB
)

// checkEvictionGuards looks at standalone clusters as well, which no job of
// theirs outlives.
func checkEvictionGuards(pass *millrace.Pass) {
	if _, ok := pass.Object.(*apachev1.SparkCluster); ok {
		for _, p := range podsOf(pass) {
			checkEvictionGuard(p, p.Field("metadata"), pass.Report)
		}
		return
	}
	podRule(checkEvictionGuard, driverRole, executorRole)(pass)
}

func checkEvictionGuard(p millrace.Pod, at string, report func(field, detail string)) {
	guards := p.Template.Annotations
	if guards[millrace.SafeToEvict] == "" && guards[millrace.DoNotDisrupt] == "" {
		report(at+".annotations["+millrace.SafeToEvict+"]", fmt.Sprintf(
			"neither it nor %s is set, so that Cluster Autoscaler may evict the %s, and Karpenter disrupt its node", millrace.DoNotDisrupt, p.Role))
		return
	}
	if v := guards[millrace.SafeToEvict]; v != "false" {
		report(at+".annotations["+millrace.SafeToEvict+"]",
			fmt.Sprintf("it is %s, so that Cluster Autoscaler may evict the %s", orUnset(v), p.Role))
	}
	v := guards[millrace.DoNotDisrupt]
	// Karpenter takes a duration as well, for which it holds back.
	if d, err := time.ParseDuration(v); v != "true" && (err != nil || d <= 0) {
		report(at+".annotations["+millrace.DoNotDisrupt+"]",
			fmt.Sprintf("it is %s, so that Karpenter may disrupt the %s's node", orUnset(v), p.Role))
	}
}

func orUnset(v string) string {
	if v == "" {
		return "not set"
	}
	return quoted(v)
}

func checkDriverPriority(pass *millrace.Pass) {
	executors := ""
	for _, p := range podsOf(pass) {
		if roleOf(p) == executorRole {
			executors = p.Template.Spec.PriorityClassName
		}
	}
	podRule(func(p millrace.Pod, at string, report func(field, detail string)) {
		class := p.Template.Spec.PriorityClassName
		if class == "" {
			report(at+".template.spec.priorityClassName", "the "+p.Role+" has the priority of every other pod")
			return
		}
		own, known := priorityOf(pass.Bundle, class)
		others, both := priorityOf(pass.Bundle, executors)
		if known && both && own < others {
			report(p.Field("spec.priorityClassName"), fmt.Sprintf("%s has the value %d, below the %d of the executors' %s, which push the %s out", class, own, others, executors, p.Role))
		}
	}, driverRole)(pass)
}

// priorityOf returns the value of a priority class of the bundle.
func priorityOf(b *millrace.Bundle, class string) (int32, bool) {
	if b == nil {
		return 0, false
	}
	o, _ := b.Find(schema.GroupKind{Group: schedulingv1.GroupName, Kind: "PriorityClass"}, "", class)
	c, ok := o.(*schedulingv1.PriorityClass)
	if !ok {
		return 0, false
	}
	return c.Value, true
}

func checkDriverOnSpot(p millrace.Pod, _ string, report func(field, detail string)) {
	if at, how := spot.Asked(p); how != "" {
		report(at, "the "+p.Role+" "+how)
	}
}

func checkServiceAccount(p millrace.Pod, at string, report func(field, detail string)) {
	if sa := first(p.Template.Spec.ServiceAccountName, p.Template.Spec.DeprecatedServiceAccount); sa == "" || sa == "default" {
		report(at+".serviceAccount", "the "+p.Role+" uses the namespace's default account")
	}
}

func checkExecutorMemory(a application, report func(field, detail string)) {
	m, err := a.memory(executorRole)
	if err != nil {
		return // spark/memory-format says so
	}
	if m.heap.Size < leastHeap {
		report(first(m.heap.Field, a.path("executor.memory")), fmt.Sprintf("the heap of %s is below %s", m.heap.Size, leastHeap))
	}
	if m.overhead.Size < m.usual {
		report(first(m.overhead.Field, a.path("executor.memoryOverhead")),
			fmt.Sprintf("it leaves %s beside a heap of %s, and Spark's own for %s is %s", m.overhead.Size, m.heap.Size, a.runs(), m.usual))
	}
	if limit := deref(a.Executor.MemoryLimit); limit != "" {
		if most, ok := parseMemoryLimit(limit); ok && most < m.total() {
			report(a.path("executor.memoryLimit"), fmt.Sprintf("%s is below what the pod requests, %s", limit, m.total()))
		}
	}
}

func checkBroadcast(a application, report func(field, detail string)) {
	static, ok := a.SparkConf[keyStaticBroadcast]
	if !ok {
		report(a.confPath(keyStaticBroadcast), "it is not set, and Spark broadcasts tables by its estimate of their size")
	} else {
		checkThreshold(a, keyStaticBroadcast, static, report)
	}
	if measured, ok := a.SparkConf[keyMeasuredBroadcast]; ok {
		checkThreshold(a, keyMeasuredBroadcast, measured, report)
	}
}

func checkThreshold(a application, key, value string, report func(field, detail string)) {
	if strings.HasPrefix(value, "-") || strings.Contains(value, "{{") {
		return
	}
	size, ok := parseSize(value, "b")
	if !ok {
		report(a.confPath(key), quoted(value)+" is not a size such as 10m")
	} else if size > mostBroadcast {
		report(a.confPath(key), fmt.Sprintf("%s is more than %s, held by every executor", size, mostBroadcast))
	}
}

func checkShuffleLoss(a application, report func(field, detail string)) {
	conf := a.SparkConf
	switch {
	case a.remoteShuffle():
		return
	case conf[keyShuffleDataIO] == localDiskDataIO:
		a.checkReusedVolumes(report)
		return
	case conf[keyDecommission] == "true" && conf[keyBlockMigration] == "true" && conf[keyShuffleBlocks] != "false":
		return
	}
	report(a.confPath(keyDecommission), "shuffle data goes with its executor: no decommissioning, no reused volumes, no remote shuffle service")
}

// reusedPath is where Spark finds shuffle data again; see reusedVolumePath.
var reusedPath = regexp.MustCompile(`/spark-[^/]*/[^/]+/*$`)

// checkReusedVolumes reports local directories in which Spark doesn't look for
// the shuffle data of lost executors.
func (a application) checkReusedVolumes(report func(field, detail string)) {
	const prefix, suffix = "spark.kubernetes.executor.volumes.persistentVolumeClaim." + scratchPrefix, ".mount.path"
	for _, key := range slices.Sorted(maps.Keys(a.SparkConf)) {
		path := a.SparkConf[key]
		if strings.HasPrefix(key, prefix) && strings.HasSuffix(key, suffix) && !reusedPath.MatchString(path) && !strings.Contains(path, "{{") {
			report(a.confPath(key), fmt.Sprintf("Spark finds no shuffle data again under %s; mount it at a path such as %s", path, reusedVolumePath))
		}
	}
}

func checkLatestTag(pass *millrace.Pass) {
	images := make(map[string]string)
	if a, ok := applicationOf(pass); ok {
		images = a.images()
	}
	switch pass.Object.(type) {
	case *v1alpha1.SparkConnect, *apachev1.SparkCluster:
		// The templates' own go before the field, or are what the operator makes
		// of the settings.
		for _, p := range podsOf(pass) {
			r := roleOf(p)
			if i := ownIndex(r, p.Template.Spec.Containers); i >= 0 && p.Template.Spec.Containers[i].Image != "" {
				images[p.Field(fmt.Sprintf("spec.containers[%d].image", i))] = p.Template.Spec.Containers[i].Image
			}
		}
	}
	for _, field := range slices.Sorted(maps.Keys(images)) {
		image := images[field]
		name, digest, _ := strings.Cut(image, "@")
		tag := ""
		if i := strings.LastIndex(name, ":"); i > strings.LastIndex(name, "/") {
			tag = name[i+1:]
		}
		if digest == "" && (tag == "latest" || tag == "" && !strings.Contains(image, "{{")) {
			pass.Report(field, quoted(image)+" names no version")
		}
	}
}

func checkRestart(a application, report func(field, detail string)) {
	p := a.RestartPolicy
	if p.Type == "" || p.Type == v1beta2.RestartPolicyNever {
		return
	}
	missing := func(absent bool, field, detail string) {
		if absent {
			report(a.path("restartPolicy", field), detail)
		}
	}
	const stuck = "it is not set, and the application stays FAILING for ever where the operator's webhook doesn't run"
	missing(deref(p.OnFailureRetryInterval) < 1, "onFailureRetryInterval", stuck)
	missing(deref(p.OnSubmissionFailureRetryInterval) < 1, "onSubmissionFailureRetryInterval", stuck)
	if p.Type == v1beta2.RestartPolicyOnFailure {
		missing(p.OnFailureRetries == nil, "onFailureRetries", "it is not set, and the operator never retries")
		missing(p.OnSubmissionFailureRetries == nil, "onSubmissionFailureRetries", "it is not set, and the operator never retries")
	}
}
