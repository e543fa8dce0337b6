package spark

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/spot"
)

func checkTemplateContainer(a application, report func(field, detail string)) {
	for _, r := range roles {
		containers := a.template(r).Spec.Containers
		named := slices.ContainsFunc(containers, func(c corev1.Container) bool { return c.Name == r.container() })
		if len(containers) > 0 && !named {
			report(a.path(string(r), "template.spec.containers[0].name"), fmt.Sprintf("Spark takes %s for its own container: none is called %s", quoted(containers[0].Name), r.container()))
		}
	}
}

func checkTemplateDuplicate(pass *millrace.Pass) {
	app, ok := applicationOf(pass)
	if !ok {
		return
	}
	for _, pod := range podsOf(pass) {
		r, spec := roleOf(pod), &pod.Template.Spec
		twice(spec.Tolerations, func(i int, t corev1.Toleration) {
			pass.Report(pod.Field(fmt.Sprintf("spec.tolerations[%d]", i)), fmt.Sprintf("the %s tolerates %s=%s twice", pod.Role, t.Key, t.Value))
		}, func(t corev1.Toleration) corev1.Toleration { t.TolerationSeconds = nil; return t })
		twice(spec.Volumes, func(i int, v corev1.Volume) {
			pass.Report(pod.Field(fmt.Sprintf("spec.volumes[%d]", i)), fmt.Sprintf("the %s has two volumes %s", pod.Role, v.Name))
		}, func(v corev1.Volume) string { return v.Name })
		at := ownIndex(r, spec.Containers)
		if at < 0 {
			continue
		}
		own := &spec.Containers[at]
		twice(own.VolumeMounts, func(i int, m corev1.VolumeMount) {
			pass.Report(pod.Field(fmt.Sprintf("spec.containers[%d].volumeMounts[%d]", at, i)), fmt.Sprintf("the %s mounts two volumes at %s", pod.Role, m.MountPath))
		}, func(m corev1.VolumeMount) string { return m.MountPath })
		twice(own.Env, func(i int, e corev1.EnvVar) {
			pass.Report(pod.Field(fmt.Sprintf("spec.containers[%d].env[%d]", at, i)), fmt.Sprintf("the %s has two variables %s", pod.Role, e.Name))
		}, func(e corev1.EnvVar) string { return e.Name })
		if pod.Role != string(serverRole) { // which is of its template alone
			app.checkOverwritten(r, connected(pass), pass.Report)
		}
	}
}

// twice calls visit for what a list holds under a key a second time.
func twice[T any, K comparable](list []T, visit func(int, T), key func(T) K) {
	seen := make(map[K]bool)
	for i, v := range list {
		if k := key(v); seen[k] {
			visit(i, v)
		} else {
			seen[k] = true
		}
	}
}

// checkOverwritten reports what Spark overwrites in a template, but for the image
// where the operator takes it from there.
func (a application) checkOverwritten(r role, takesImage bool, report func(field, detail string)) {
	containers := a.template(r).Spec.Containers
	i := ownIndex(r, containers)
	if i < 0 {
		return
	}
	c, at := &containers[i], a.path(string(r), fmt.Sprintf("template.spec.containers[%d]", i))
	if c.Image != "" && !takesImage {
		report(at+".image", "Spark puts the application's image in its place")
	}
	var lost []string
	for _, list := range []struct {
		name string
		set  corev1.ResourceList
	}{{"requests", c.Resources.Requests}, {"limits", c.Resources.Limits}} {
		for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
			if _, ok := list.set[name]; ok && (name == corev1.ResourceMemory || list.name == "requests") {
				lost = append(lost, list.name+"."+string(name))
			}
		}
	}
	if len(lost) > 0 {
		report(at+".resources", "Spark puts what memory, cores and overhead make in the place of "+strings.Join(lost, ", "))
	}
}

func checkNodeSelectorDouble(a application, report func(field, detail string)) {
	for _, r := range roles {
		if len(a.NodeSelector) > 0 && len(r.pod(a.SparkApplicationSpec).NodeSelector) > 0 {
			report(a.path(string(r), "nodeSelector"), "nodeSelector of the application is set as well")
		}
	}
}

// webhookFields are the fields of a role that only the webhook carries, by their
// names in Go and in the manifest. Those without a counterpart in a template are
// not among them: memoryLimit and gpu, whose resources Spark sets.
var webhookFields = []struct{ goName, name string }{
	{"NodeSelector", "nodeSelector"}, {"Tolerations", "tolerations"}, {"Affinity", "affinity"}, {"PriorityClassName", "priorityClassName"},
	{"SchedulerName", "schedulerName"}, {"SecurityContext", "securityContext"}, {"PodSecurityContext", "podSecurityContext"},
	{"TerminationGracePeriodSeconds", "terminationGracePeriodSeconds"}, {"Env", "env"}, {"EnvFrom", "envFrom"},
	{"ConfigMaps", "configMaps"}, {"InitContainers", "initContainers"}, {"Sidecars", "sidecars"}, {"Ports", "ports"},
	{"HostNetwork", "hostNetwork"}, {"HostAliases", "hostAliases"}, {"DNSConfig", "dnsConfig"}, {"ShareProcessNamespace", "shareProcessNamespace"},
	{"Lifecycle", "lifecycle"},
}

func checkWebhookCarried(a application, report func(field, detail string)) {
	const why = "only the operator's webhook carries it to the pods"
	for _, m := range []struct{ at, name string }{{"sparkConfigMap", deref(a.SparkConfigMap)}, {"hadoopConfigMap", deref(a.HadoopConfigMap)}} {
		if m.name != "" {
			report(a.path(m.at), why)
		}
	}
	for _, r := range roles {
		v := reflect.ValueOf(&a.Driver).Elem()
		if r == executorRole {
			v = reflect.ValueOf(&a.Executor).Elem()
		}
		for _, f := range webhookFields {
			if f.name == "nodeSelector" && len(a.NodeSelector) > 0 || f.name == "lifecycle" && r == executorRole && a.SparkConf[keyDecommission] == "true" {
				continue // spark/node-selector-double or spark/decommission-hook say so
			}
			if field := v.FieldByName(f.goName); field.IsValid() && !emptyValue(field) {
				report(a.path(string(r), f.name), why)
			}
		}
		for i, m := range r.pod(a.SparkApplicationSpec).VolumeMounts {
			if !strings.HasPrefix(m.Name, scratchPrefix) {
				report(a.path(string(r), fmt.Sprintf("volumeMounts[%d]", i)), why)
			}
		}
	}
}

// emptyValue reports whether a field is unset, or a list of nothing.
func emptyValue(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	}
	return v.IsZero()
}

func checkDecommissionHook(a application, report func(field, detail string)) {
	if a.SparkConf[keyDecommission] != "true" {
		return
	}
	if a.Executor.Lifecycle != nil {
		report(a.path("executor.lifecycle"), "it takes the place of Spark's hook, and executors end without moving their blocks")
	}
	containers := a.template(executorRole).Spec.Containers
	if i := ownIndex(executorRole, containers); i >= 0 && containers[i].Lifecycle != nil {
		report(a.path("executor", fmt.Sprintf("template.spec.containers[%d].lifecycle", i)), "Spark's hook takes its place")
	}
}

// leastSpotGrace leaves time to move blocks away.
// Source: EMR on EKS best practices, node decommission (60 to 120 s).
const leastSpotGrace = 60

func checkSpotDecommission(pass *millrace.Pass) {
	app, ok := applicationOf(pass)
	if !ok {
		return
	}
	conf := app.SparkConf
	if app.remoteShuffle() || conf[keyShuffleDataIO] == localDiskDataIO {
		return
	}
	podRule(func(pod millrace.Pod, _ string, report func(field, detail string)) {
		at, how := spot.Asked(pod)
		pool := spotPool(pass.Bundle, pod)
		if how == "" && pool.Spot {
			at, how = pod.Field("spec.nodeSelector"), "may run on the spot nodes of pool "+pool.Pool
		}
		switch {
		case how == "":
			return
		case conf[keyDecommission] != "true" || conf[keyBlockMigration] != "true":
			report(at, "an executor "+how+", which go at any time, and its shuffle data goes with them")
			return
		}
		grace := int64(corev1.DefaultTerminationGracePeriodSeconds)
		if s := pod.Template.Spec.TerminationGracePeriodSeconds; s != nil {
			grace = *s
		}
		notice, nodes := pool.Notice, "the spot nodes of pool "+pool.Pool
		if !pool.Spot {
			notice, nodes = spot.Notice(pod), "spot nodes of this cloud"
		}
		switch notice := int64(notice / time.Second); {
		case notice > 0 && grace > notice:
			report(pod.Field("spec.terminationGracePeriodSeconds"), fmt.Sprintf("of the %d s, pods on %s get %d", grace, nodes, notice))
		case grace < leastSpotGrace && (notice == 0 || grace < notice):
			report(pod.Field("spec.terminationGracePeriodSeconds"), fmt.Sprintf("%d s are too short to move blocks away from a node that goes", grace))
		}
	}, executorRole)(pass)
}

// spotPool returns the pool with the shortest notice of those that the pod may
// run on and that have spot nodes; the zero shape if there is none.
func spotPool(b *millrace.Bundle, pod millrace.Pod) (out millrace.NodeShape) {
	placement := pod.Placement()
	if b == nil || !placement.Tied() {
		return out
	}
	for _, n := range b.Nodes() {
		if n.Spot && (!out.Spot || n.Notice < out.Notice) && n.Refuses(placement).Empty() {
			out = n
		}
	}
	return out
}

// remoteShuffle reports whether another shuffle than Spark's own is set.
func (a application) remoteShuffle() bool {
	switch a.SparkConf[keyShuffleManager] {
	case "", "sort", "tungsten-sort", "org.apache.spark.shuffle.sort.SortShuffleManager":
		return false
	}
	return true
}

// istioInject turns Istio's proxy on or off, as a label or, of old, as an
// annotation.
const istioInject = "sidecar.istio.io/inject"

func checkSidecar(pass *millrace.Pass) {
	app, ok := applicationOf(pass)
	if !ok {
		return
	}
	for _, pod := range podsOf(pass) {
		r, meta, spec := roleOf(pod), &pod.Template.ObjectMeta, &pod.Template.Spec
		inject := first(meta.Labels[istioInject], meta.Annotations[istioInject])
		switch {
		case inject == "true":
			pass.Report(pod.Field("metadata.labels["+istioInject+"]"), "Istio puts its proxy into the "+pod.Role)
		case inject == "" && meshed(pass.Bundle, pod.Namespace):
			pass.Report(app.path(string(r), "labels["+istioInject+"]"), fmt.Sprintf("it is not set, and Istio puts its proxy into every pod of the namespace, the %s too", pod.Role))
		}
		if role(pod.Role) != driverRole {
			continue // the driver deletes its executors, whatever runs beside them, and a server doesn't end
		}
		own := ownContainer(r, spec.Containers)
		for i := range spec.Containers {
			if c := &spec.Containers[i]; c != own {
				pass.Report(pod.Field(fmt.Sprintf("spec.containers[%d]", i)), quoted(c.Name)+" runs on when the driver has ended, and keeps its pod")
			}
		}
	}
}

// meshed reports whether a namespace of the bundle has Istio put its proxy into
// every pod.
func meshed(b *millrace.Bundle, namespace string) bool {
	if b == nil || namespace == "" {
		return false
	}
	n, ok := b.Find(schema.GroupKind{Kind: "Namespace"}, "", namespace)
	return ok && n.GetLabels()["istio-injection"] == "enabled"
}
