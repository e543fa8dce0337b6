package policy

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool/karpenterv1"
	"github.com/millrace/millrace/spark/apachev1"
)

// checkGrace holds a pool's termination grace period, and the life of its
// nodes, against the pods that land there.
func checkGrace(pass *millrace.Pass) {
	pool, ok := pass.Object.(*karpenterv1.NodePool)
	if !ok || pool == nil {
		return
	}
	spec := &pool.Spec.Template.Spec
	grace, bounded := durationOf(spec.TerminationGracePeriod)
	whole := lifetime(pool)
	expires, ends := durationOf(&whole)
	var stop, killed, restarted texts
	for _, pod := range podsOn(pass, pool) {
		note := func(to *texts, what string, d time.Duration) {
			to.add(fmt.Sprintf("%s (%s %s)", pod.Owner, what, short(d)))
		}
		if n := pod.Template.Spec.TerminationGracePeriodSeconds; bounded && n != nil && seconds(*n) > grace {
			note(&stop, "grace period", seconds(*n))
		}
		deadline, has := deadlineOf(pod.of.read, pod.Pod)
		guarded := pod.Template.Annotations[millrace.DoNotDisrupt] == "true"
		switch {
		case !has:
		case guarded && bounded && deadline > grace:
			note(&killed, "deadline", deadline)
		case !guarded && ends && deadline > expires:
			note(&restarted, "deadline", deadline)
		}
	}
	const at = "spec.template.spec.terminationGracePeriod"
	if len(stop.list) > 0 {
		pass.Report(at, fmt.Sprintf("nodes wait %s at the most, and pods of %s take longer to stop", short(grace), few(stop.list)))
	}
	if len(killed.list) > 0 {
		pass.Report(at, fmt.Sprintf("nodes wait %s at the most, and guarded pods of %s may run longer, and are then killed", short(grace), few(killed.list)))
	}
	if len(restarted.list) > 0 {
		pass.Report("spec.template.spec.expireAfter", fmt.Sprintf("nodes expire after %s, and pods of %s may run longer without a guard: each node that they begin on evicts them", short(expires), few(restarted.list)))
	}
}

// lifetime is when the nodes of a pool expire, with the default of its CRD: that
// of Karpenter, or of EKS Auto Mode.
func lifetime(pool *karpenterv1.NodePool) string {
	switch spec := &pool.Spec.Template.Spec; {
	case spec.ExpireAfter != nil:
		return *spec.ExpireAfter
	case spec.NodeClassRef.Group == "eks.amazonaws.com":
		return "336h"
	}
	return "720h"
}

// deadlineOf returns how long a pod may run at the most, by itself or as a part
// of its Job.
func deadlineOf(read millrace.Object, pod millrace.Pod) (time.Duration, bool) {
	whole := pod.Template.Spec.ActiveDeadlineSeconds
	var ofJob *int64
	switch o := read.(type) {
	case *batchv1.Job:
		ofJob = o.Spec.ActiveDeadlineSeconds
	case *batchv1.CronJob:
		ofJob = o.Spec.JobTemplate.Spec.ActiveDeadlineSeconds
	}
	switch {
	case whole == nil && ofJob == nil:
		return 0, false
	case whole == nil || ofJob != nil && *ofJob < *whole:
		return seconds(*ofJob), true
	}
	return seconds(*whole), true
}

// checkIdleTimeout holds a pool that evicts pods from nodes that are little
// used against the executors that come and go on it. That it waits for less
// than Spark's default says nodepool/consolidation.
func checkIdleTimeout(pass *millrace.Pass) {
	const usual = time.Minute
	pool, ok := pass.Object.(*karpenterv1.NodePool)
	if !ok || pool == nil || pool.Spec.Disruption == nil || !evicts(pool) {
		return
	}
	after, ok := durationOf(&pool.Spec.Disruption.ConsolidateAfter)
	if !ok || after < usual {
		return
	}
	var owners texts
	for _, pod := range podsOn(pass, pool) {
		if idle := idleTimeout(pod.of.read); pod.Role == "executor" && idle > after {
			owners.add(fmt.Sprintf("%s (%s)", pod.of.owner, short(idle)))
		}
	}
	if len(owners.list) > 0 {
		pass.Report("spec.disruption.consolidateAfter", fmt.Sprintf("nodes that are little used go after %s, and idle executors stay longer: those of %s", short(after), few(owners.list)))
	}
}

// idleTimeout is how long an executor of a job stays when it has nothing to
// do; zero where it stays to the end.
func idleTimeout(o millrace.Object) time.Duration {
	var conf map[string]string
	dynamic := false
	of := func(spec *v1beta2.SparkApplicationSpec) {
		conf, dynamic = spec.SparkConf, spec.DynamicAllocation != nil && spec.DynamicAllocation.Enabled
	}
	switch o := o.(type) {
	case *v1beta2.SparkApplication:
		of(&o.Spec)
	case *v1beta2.ScheduledSparkApplication:
		of(&o.Spec.Template)
	case *apachev1.SparkApplication:
		conf = o.Spec.SparkConf
	}
	if !dynamic && conf["spark.dynamicAllocation.enabled"] != "true" {
		return 0
	}
	return sparkTime(cmp.Or(conf["spark.dynamicAllocation.executorIdleTimeout"], "60s"))
}

// sparkTime reads a time as Spark does, which takes a bare number for seconds
// here; zero if it is none.
// Source: apache/spark, common/network, JavaUtils.timeStringAs.
func sparkTime(text string) time.Duration {
	text = strings.ToLower(strings.TrimSpace(text))
	number := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyz")
	n, err := strconv.ParseInt(number, 10, 64)
	unit, ok := map[string]time.Duration{"us": time.Microsecond, "ms": time.Millisecond, "": time.Second, "s": time.Second,
		"m": time.Minute, "min": time.Minute, "h": time.Hour, "d": 24 * time.Hour}[text[len(number):]]
	if err != nil || !ok || n < 0 || n > int64(1<<62/unit) {
		return 0
	}
	return time.Duration(n) * unit
}

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }

// durationOf reads one of Karpenter's durations; false if there is none, or it
// is Never.
func durationOf(text *string) (time.Duration, bool) {
	if text == nil {
		return 0, false
	}
	d, err := time.ParseDuration(*text)
	return d, err == nil
}

// short writes a duration without zeros at its end: "24h", "1h30m".
func short(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
