package spark

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

func checkVolcanoResources(pass *millrace.Pass) {
	app, ok := applicationOf(pass)
	if !ok || deref(app.BatchScheduler) != volcanoName {
		return
	}
	at := app.path("batchSchedulerOptions", "resources")
	o := app.BatchSchedulerOptions
	if o == nil || len(o.Resources) == 0 {
		pass.Report(at, "it is not set, and the operator counts next to none of the memory")
		return
	}
	for _, pod := range podsOf(pass) {
		if roleOf(pod) != driverRole {
			continue
		}
		// A gang may leave executors out; its driver is the least.
		for name, need := range podRequests(pod) {
			if name != corev1.ResourceCPU && name != corev1.ResourceMemory {
				continue
			}
			if have := o.Resources[name]; have.Cmp(need) < 0 {
				pass.Report(at+"."+string(name), fmt.Sprintf("%s is less than the driver alone requests, %s", have.String(), need.String()))
			}
		}
	}
}

func checkKueue(pass *millrace.Pass) {
	app, ok := applicationOf(pass)
	if !ok || pass.Object.GetLabels()[kueueQueue] == "" {
		return
	}
	const setting = "spark.dynamicAllocation.enabled"
	_, once := pass.Object.(*v1beta2.SparkApplication)
	switch {
	case app.DynamicAllocation != nil && app.DynamicAllocation.Enabled:
		if !once {
			pass.Report(app.path("dynamicAllocation", "enabled"), "the operator doesn't hand the annotations of a schedule on, so that its jobs are never elastic")
		} else if pass.Object.GetAnnotations()[kueueElastic] != "true" {
			pass.Report(app.path("dynamicAllocation", "enabled"), "the job grows and shrinks, and is not elastic")
		}
	case app.SparkConf[setting] == "true":
		pass.Report(app.confPath(setting), "Kueue doesn't see it, and counts executor.instances")
	}
}

func checkSchedulerName(a application, report func(field, detail string)) {
	batch := deref(a.BatchScheduler)
	if batch == "" && a.BatchSchedulerOptions != nil {
		report(a.path("batchSchedulerOptions"), "batchScheduler is not set, and nothing reads them")
	}
	if o := a.BatchSchedulerOptions; o != nil && len(o.Resources) > 0 && batch != "" && batch != volcanoName {
		report(a.path("batchSchedulerOptions", "resources"), "only Volcano's pod groups take them, not those of "+batch)
	}
	for _, r := range roles {
		for _, named := range []struct{ at, name string }{
			{a.path(string(r), "schedulerName"), deref(r.pod(a.SparkApplicationSpec).SchedulerName)},
			{a.path(string(r), "template.spec.schedulerName"), a.template(r).Spec.SchedulerName},
			{a.confPath("spark.kubernetes." + string(r) + ".scheduler.name"), a.SparkConf["spark.kubernetes."+string(r)+".scheduler.name"]},
		} {
			switch {
			case named.name == "":
			case batch == "" && named.name == volcanoName && !a.ownGang(r):
				report(named.at, "batchScheduler is not set, so that every pod is scheduled for itself, and no gang")
			case batch != "" && named.name != batch:
				report(named.at, fmt.Sprintf("it is %s, and batchScheduler is %s", quoted(named.name), quoted(batch)))
			}
		}
	}
	const both = "spark.kubernetes.scheduler.name"
	if name := a.SparkConf[both]; name != "" && batch != "" && name != batch {
		report(a.confPath(both), fmt.Sprintf("it is %s, and batchScheduler is %s", quoted(name), quoted(batch)))
	}
}

// ownGang reports whether Spark itself makes the pod group of a role.
// Source: Spark, running on Kubernetes, "Using Volcano as Customized Scheduler".
func (a application) ownGang(r role) bool {
	return strings.Contains(a.SparkConf["spark.kubernetes."+string(r)+".pod.featureSteps"], "Volcano")
}

// scratchMounts returns the mounts of Spark's own container that Spark takes for
// scratch, each with its volume where that is known.
func scratchMounts(r role, pod millrace.Pod, visit func(m corev1.VolumeMount, v corev1.Volume, at string)) (found bool) {
	spec := &pod.Template.Spec
	own := ownContainer(r, spec.Containers)
	if own == nil {
		return false
	}
	for _, m := range own.VolumeMounts {
		if !strings.HasPrefix(m.Name, scratchPrefix) {
			continue
		}
		found = true
		if i := slices.IndexFunc(spec.Volumes, func(v corev1.Volume) bool { return v.Name == m.Name }); i >= 0 {
			visit(m, spec.Volumes[i], pod.Field(fmt.Sprintf("spec.volumes[%d]", i)))
		}
	}
	return found
}

// ownIndex returns the place of Spark's own container, the first where none has
// the name, and -1 where there is none.
func ownIndex(r role, containers []corev1.Container) int {
	name := r.container()
	if r == masterContainer || r == workerContainer {
		name = string(r)
	}
	i := max(slices.IndexFunc(containers, func(c corev1.Container) bool { return c.Name == name }), 0)
	if i >= len(containers) {
		return -1
	}
	return i
}

// ownContainer returns Spark's own container.
func ownContainer(r role, containers []corev1.Container) *corev1.Container {
	if i := ownIndex(r, containers); i >= 0 {
		return &containers[i]
	}
	return nil
}

func checkLocalDir(pass *millrace.Pass) {
	app, ok := applicationOf(pass)
	if !ok {
		return
	}
	for i, v := range app.Volumes {
		s := v.VolumeSource
		if strings.HasPrefix(v.Name, scratchPrefix) && s.EmptyDir == nil && s.HostPath == nil && s.NFS == nil && s.PersistentVolumeClaim == nil {
			pass.Report(app.path(fmt.Sprintf("volumes[%d]", i)), quoted(v.Name)+" is of a kind that the operator drops without a word")
		}
	}
	const setting = "spark.local.dir"
	for _, pod := range podsOf(pass) {
		r := roleOf(pod)
		found := scratchMounts(r, pod, func(m corev1.VolumeMount, _ corev1.Volume, at string) {
			if m.ReadOnly {
				pass.Report(at, quoted(m.Name)+" is mounted read-only, and Spark writes to it")
			}
		})
		own := ownContainer(r, pod.Template.Spec.Containers)
		if found || own == nil {
			continue
		}
		for dir := range strings.SplitSeq(app.SparkConf[setting], ",") {
			for _, m := range own.VolumeMounts {
				if dir != "" && within(dir, path.Clean(m.MountPath)) {
					pass.Report(app.confPath(setting), fmt.Sprintf("Spark mounts an emptyDir of its own at %s of the %s, so that the volume %s is not used: name it %s1", dir, pod.Role, m.Name, scratchPrefix))
				}
			}
		}
	}
}

func checkScratchBound(pod millrace.Pod, _ string, report func(field, detail string)) {
	own := ownContainer(roleOf(pod), pod.Template.Spec.Containers)
	if own == nil {
		return
	}
	if _, limit := own.Resources.Limits[corev1.ResourceEphemeralStorage]; limit {
		return
	}
	scratchMounts(roleOf(pod), pod, func(_ corev1.VolumeMount, v corev1.Volume, at string) {
		if e := v.EmptyDir; e != nil && e.Medium == corev1.StorageMediumDefault && e.SizeLimit == nil {
			report(at, quoted(v.Name)+" may take the whole disk of the node")
		}
	})
}

func checkReuseDynamic(a application, report func(field, detail string)) {
	if a.SparkConf[keyReusePVC] == "true" && a.SparkConf[keyShuffleDataIO] == localDiskDataIO && a.dynamic() {
		report(a.confPath(keyReusePVC), "executors come and go, and their volumes stay in the zones where they are")
	}
}
