package spark

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark/apachev1"
)

// stated is a setting that a field of the spec states, as the operator hands it
// to spark-submit.
type stated struct {
	key, at, value string
	// loses says that sparkConf comes later, and wins.
	loses bool
}

// stated returns what the fields say in Spark's settings.
// Source: Spark operator v2.5.1, submission.go, the order of optionFuncs.
func (a application) stated() []stated {
	out := []stated{
		{"spark.submit.deployMode", a.path("mode"), string(a.Mode), false},
		{"spark.kubernetes.container.image", a.path("image"), deref(a.Image), true},
		{"spark.kubernetes.driver.container.image", a.path("image"), deref(a.Image), false},
		{"spark.kubernetes.executor.container.image", a.path("image"), deref(a.Image), false},
		{"spark.kubernetes.container.image.pullPolicy", a.path("imagePullPolicy"), deref(a.ImagePullPolicy), true},
		{"spark.kubernetes.container.image.pullSecrets", a.path("imagePullSecrets"), strings.Join(a.ImagePullSecrets, ","), true},
		{"spark.kubernetes.memoryOverheadFactor", a.path("memoryOverheadFactor"), deref(a.MemoryOverheadFactor), true},
		{"spark.kubernetes.driver.master", a.path("driver.kubernetesMaster"), deref(a.Driver.KubernetesMaster), false},
		{"spark.kubernetes.driver.pod.name", a.path("driver.podName"), deref(a.Driver.PodName), false},
		{"spark.executor.instances", a.path("executor.instances"), whole(a.Executor.Instances), false},
		{"spark.kubernetes.executor.deleteOnTermination", a.path("executor.deleteOnTermination"), truth(a.Executor.DeleteOnTermination), false},
	}
	for _, r := range roles {
		out = append(out, a.statedOf(r)...)
	}
	if d := a.DynamicAllocation; d != nil && d.Enabled {
		at := a.path("dynamicAllocation") + "."
		out = append(out,
			stated{"spark.dynamicAllocation.enabled", at + "enabled", "true", false},
			stated{keyMinExecutors, at + "minExecutors", whole(d.MinExecutors), false},
			stated{keyInitialExecutors, at + "initialExecutors", whole(d.InitialExecutors), false},
			stated{keyMaxExecutors, at + "maxExecutors", whole(d.MaxExecutors), false},
			// The operator writes it whether or not the field is set.
			stated{keyShuffleTracking, at + "shuffleTrackingEnabled", strconv.FormatBool(d.ShuffleTrackingEnabled == nil || *d.ShuffleTrackingEnabled), false},
		)
	}
	out = append(out, statedMap("spark.hadoop.", a.path("hadoopConf"), a.HadoopConf)...)
	return append(out, statedMap("spark.kubernetes.node.selector.", a.path("nodeSelector"), a.NodeSelector)...)
}

const (
	keyMinExecutors     = "spark.dynamicAllocation.minExecutors"
	keyInitialExecutors = "spark.dynamicAllocation.initialExecutors"
	keyMaxExecutors     = "spark.dynamicAllocation.maxExecutors"
	keyShuffleTracking  = "spark.dynamicAllocation.shuffleTracking.enabled"
)

func (a application) statedOf(r role) []stated {
	pod := r.pod(a.SparkApplicationSpec)
	name, at := string(r), a.path(string(r))+"."
	request, options := a.Driver.CoreRequest, a.Driver.JavaOptions
	if r == executorRole {
		request, options = a.Executor.CoreRequest, a.Executor.JavaOptions
	}
	kubernetes := "spark.kubernetes." + name + "."
	out := []stated{
		{"spark." + name + ".cores", at + "cores", whole(pod.Cores), false},
		{"spark." + name + ".memory", at + "memory", deref(pod.Memory), false},
		{"spark." + name + ".memoryOverhead", at + "memoryOverhead", deref(pod.MemoryOverhead), false},
		{"spark." + name + ".extraJavaOptions", at + "javaOptions", deref(options), false},
		{kubernetes + "request.cores", at + "coreRequest", deref(request), false},
		{kubernetes + "limit.cores", at + "coreLimit", deref(pod.CoreLimit), false},
		{kubernetes + "container.image", at + "image", deref(pod.Image), false},
		{"spark.kubernetes.authenticate." + name + ".serviceAccountName", at + "serviceAccount", deref(pod.ServiceAccount), false},
	}
	env := "spark.executorEnv."
	if r == driverRole {
		env = "spark.kubernetes.driverEnv."
		out = append(out, statedMap(kubernetes+"service.label.", at+"serviceLabels", a.Driver.ServiceLabels)...)
		out = append(out, statedMap(kubernetes+"service.annotation.", at+"serviceAnnotations", a.Driver.ServiceAnnotations)...)
	}
	out = append(out, statedMap(env, at+"envVars", pod.EnvVars)...)
	out = append(out, statedMap(kubernetes+"label.", at+"labels", pod.Labels)...)
	return append(out, statedMap(kubernetes+"annotation.", at+"annotations", pod.Annotations)...)
}

// statedMap is what a map states, each key behind a prefix.
func statedMap(prefix, at string, values map[string]string) []stated {
	var out []stated
	for key, value := range values {
		out = append(out, stated{prefix + key, at + "[" + key + "]", value, false})
	}
	return out
}

func whole(n *int32) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(int(*n))
}

func truth(b *bool) string {
	if b == nil {
		return ""
	}
	return strconv.FormatBool(*b)
}

// checkConfOverride reports settings that a field states with another value,
// but for those that the operator refuses. Apache's operator has no such fields.
func checkConfOverride(pass *millrace.Pass) {
	a, ok := applicationOf(pass)
	if _, apache := pass.Object.(*apachev1.SparkApplication); !ok || apache {
		return
	}
	found := make(map[string]string)
	for _, s := range a.stated() {
		conf, ok := a.SparkConf[s.key]
		s.at = ownField(pass.Object, s.at)
		switch {
		case connected(pass) && (s.key == "spark.submit.deployMode" || strings.HasSuffix(s.key, "container.image")): // no field says so
		case !ok || s.value == "" || conf == s.value || slices.Contains(deniedInConf, s.key):
		case s.loses:
			found[s.key] = fmt.Sprintf("it wins over %s, which is %s", s.at, quoted(s.value))
		default:
			found[s.key] = fmt.Sprintf("%s wins over it, with %s", s.at, quoted(s.value))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(found)) {
		pass.Report(a.confPath(key), found[key])
	}
}

// effective returns the value of a setting that Spark gets, and where it comes
// from; empty where it is not set.
func (a application) effective(key string) (value, at string) {
	value, at = a.SparkConf[key], a.confPath(key)
	for _, s := range a.stated() {
		if s.key == key && s.value != "" && !(s.loses && value != "") {
			value, at = s.value, s.at
		}
	}
	return value, at
}

// dynamic reports whether dynamic allocation is on.
func (a application) dynamic() bool {
	on, _ := a.effective("spark.dynamicAllocation.enabled")
	return on == "true"
}
