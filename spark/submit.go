package spark

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
)

// submission is what spark-submit is told. Its spec shrinks as fields are
// taken from it: what remains is what could not be said.
type submission struct {
	spec    *v1beta2.SparkApplicationSpec
	options []string // alternating option and value
	conf    map[string]string
	main    []string // the file and its arguments
	// templates are the pods' templates, once they are taken.
	templates map[role]*corev1.PodTemplateSpec
}

// take moves the spec into options and settings, in the order of precedence of
// the operator: settings first, fields over them. What stays in the spec has no
// setting: takeTemplates takes the pod templates, and what goes there.
// Source: Spark operator v2.5.1, internal/controller/sparkapplication/submission.go.
func (w *submission) take(app *v1beta2.SparkApplication) {
	s := w.spec
	client := s.Mode == v1beta2.DeployModeClient
	w.takeMonitoring(app)
	w.takeOptions(app.Name)
	w.main = append([]string{deref(s.MainApplicationFile)}, s.Arguments...)

	w.set("spark.kubernetes.namespace", app.Namespace)
	w.set("spark.kubernetes.container.image", deref(s.Image))
	w.set("spark.kubernetes.container.image.pullPolicy", deref(s.ImagePullPolicy))
	w.set("spark.kubernetes.container.image.pullSecrets", strings.Join(s.ImagePullSecrets, ","))
	w.set("spark.kubernetes.pyspark.pythonVersion", deref(s.PythonVersion))
	w.set("spark.kubernetes.memoryOverheadFactor", deref(s.MemoryOverheadFactor))
	maps.Copy(w.conf, s.SparkConf)
	for key, value := range s.HadoopConf {
		w.conf["spark.hadoop."+key] = value
	}
	w.each("spark.kubernetes.node.selector.", s.NodeSelector)

	if client {
		w.takePod(driverRole, nil)
	} else {
		w.takePod(driverRole, app.Labels)
	}
	w.set("spark.kubernetes.driver.request.cores", deref(s.Driver.CoreRequest))
	w.set("spark.driver.extraJavaOptions", deref(s.Driver.JavaOptions))
	w.set("spark.kubernetes.driver.master", deref(s.Driver.KubernetesMaster))
	w.set(keyDriverPod, deref(s.Driver.PodName))
	w.each("spark.kubernetes.driver.service.annotation.", s.Driver.ServiceAnnotations)
	if w.since(serviceLabelsSince) {
		w.each("spark.kubernetes.driver.service.label.", s.Driver.ServiceLabels)
		s.Driver.ServiceLabels = nil
	}

	w.takePod(executorRole, app.Labels)
	w.set("spark.kubernetes.executor.request.cores", deref(s.Executor.CoreRequest))
	w.set("spark.executor.extraJavaOptions", deref(s.Executor.JavaOptions))
	w.number("spark.executor.instances", s.Executor.Instances)
	if d := s.Executor.DeleteOnTermination; d != nil {
		w.set("spark.kubernetes.executor.deleteOnTermination", strconv.FormatBool(*d))
	}
	w.takeAllocation()
	w.taken()
	w.takeVolumes()
}

// The first Sparks with settings that older ones ignore.
const (
	serviceLabelsSince = "3.4" // spark.kubernetes.driver.service.label
	perRoleSince       = "3.3" // node.selector and scheduler.name of driver and executor
)

// since reports whether the application's Spark has a setting. An unknown
// version is a recent one.
func (w *submission) since(version string) bool {
	v := parseVersion(w.spec.SparkVersion)
	return !v.known() || v.atLeast(version)
}

func (w *submission) takeOptions(name string) {
	s := w.spec
	w.option("--deploy-mode", string(s.Mode))
	w.option("--name", name)
	w.option("--class", deref(s.MainClass))
	w.option("--proxy-user", deref(s.ProxyUser))
	for _, list := range []struct {
		option string
		values []string
	}{
		{"--jars", s.Deps.Jars}, {"--packages", s.Deps.Packages}, {"--exclude-packages", s.Deps.ExcludePackages},
		{"--repositories", s.Deps.Repositories}, {"--py-files", s.Deps.PyFiles}, {"--files", s.Deps.Files}, {"--archives", s.Deps.Archives},
	} {
		w.option(list.option, strings.Join(list.values, ","))
	}
}

// takePod takes what both roles have.
func (w *submission) takePod(r role, labels map[string]string) {
	pod, name := r.pod(w.spec), string(r)
	w.number("spark."+name+".cores", pod.Cores)
	w.set("spark."+name+".memory", deref(pod.Memory))
	w.set("spark."+name+".memoryOverhead", deref(pod.MemoryOverhead))
	w.set("spark.kubernetes."+name+".limit.cores", deref(pod.CoreLimit))
	w.set("spark.kubernetes."+name+".container.image", deref(pod.Image))
	w.set("spark.kubernetes.authenticate."+name+".serviceAccountName", deref(pod.ServiceAccount))
	w.each("spark.kubernetes."+name+".label.", labels)
	w.each("spark.kubernetes."+name+".label.", pod.Labels)
	w.each("spark.kubernetes."+name+".annotation.", pod.Annotations)
	if w.since(perRoleSince) {
		w.set("spark.kubernetes."+name+".scheduler.name", deref(pod.SchedulerName))
		w.each("spark.kubernetes."+name+".node.selector.", pod.NodeSelector)
		pod.SchedulerName, pod.NodeSelector = nil, nil
	}
	env := "spark.kubernetes.driverEnv."
	if r == executorRole {
		env = "spark.executorEnv."
	}
	w.each(env, pod.EnvVars)
	for key, ref := range pod.EnvSecretKeyRefs {
		w.set("spark.kubernetes."+name+".secretKeyRef."+key, ref.Name+":"+ref.Key)
	}
	for _, secret := range pod.Secrets {
		w.set("spark.kubernetes."+name+".secrets."+secret.Name, secret.Path)
		if variable, file := secretFile(secret); variable != "" {
			w.set(env+variable, file)
		}
	}
}

func (w *submission) takeAllocation() {
	a := w.spec.DynamicAllocation
	if a == nil || !a.Enabled {
		return
	}
	const prefix = "spark.dynamicAllocation."
	w.set(prefix+"enabled", "true")
	w.number(prefix+"minExecutors", a.MinExecutors)
	w.number(prefix+"initialExecutors", a.InitialExecutors)
	w.number(prefix+"maxExecutors", a.MaxExecutors)
	tracks := !application{w.spec, ""}.remoteShuffle()
	if on := a.ShuffleTrackingEnabled; on != nil {
		tracks = *on
	}
	w.set(prefix+"shuffleTracking.enabled", strconv.FormatBool(tracks))
	if t := a.ShuffleTrackingTimeout; t != nil {
		w.set(prefix+"shuffleTracking.timeout", strconv.FormatInt(*t, 10)+"ms")
	}
}

// taken clears the fields that take has said.
func (w *submission) taken() {
	s := w.spec
	s.Type, s.SparkVersion, s.Mode = "", "", ""
	s.MainClass, s.MainApplicationFile, s.Arguments, s.ProxyUser = nil, nil, nil, nil
	s.Deps = v1beta2.Dependencies{}
	s.SparkConf, s.HadoopConf, s.NodeSelector, s.MemoryOverheadFactor = nil, nil, nil, nil
	s.Image, s.ImagePullPolicy, s.ImagePullSecrets = nil, nil, nil
	s.DynamicAllocation, s.PythonVersion = nil, nil
	if s.RestartPolicy.Type == v1beta2.RestartPolicyNever {
		s.RestartPolicy = v1beta2.RestartPolicy{} // as spark-submit has it
	}
	if !deref(s.Suspend) {
		s.Suspend = nil
	}
	s.Driver.CoreRequest, s.Driver.JavaOptions, s.Driver.KubernetesMaster, s.Driver.PodName = nil, nil, nil, nil
	s.Driver.ServiceAnnotations = nil
	s.Executor.CoreRequest, s.Executor.JavaOptions, s.Executor.Instances, s.Executor.DeleteOnTermination = nil, nil, nil, nil
	for _, r := range roles {
		pod := r.pod(s)
		pod.Cores, pod.Memory, pod.MemoryOverhead, pod.CoreLimit = nil, nil, nil, nil
		pod.Image, pod.ServiceAccount = nil, nil
		pod.Labels, pod.Annotations = nil, nil
		pod.EnvVars, pod.EnvSecretKeyRefs, pod.Secrets = nil, nil, nil
	}
}

func (w *submission) option(name, value string) {
	if value != "" {
		w.options = append(w.options, name, value)
	}
}

// settle moves the options that are short for a setting to the settings, for
// operators that know no options, and returns the rest. Such an operator has
// clusters only.
func (w *submission) settle() (rest map[string]string) {
	rest = make(map[string]string)
	for pair := range slices.Chunk(w.options, 2) {
		if key, ok := optionSettings[pair[0]]; ok && pair[0] != "--deploy-mode" {
			w.conf[key] = pair[1]
			continue
		}
		rest[pair[0]] = pair[1]
	}
	return rest
}

func (w *submission) set(key, value string) {
	if value != "" {
		w.conf[key] = value
	}
}

func (w *submission) number(key string, n *int32) {
	if n != nil {
		w.conf[key] = strconv.Itoa(int(*n))
	}
}

func (w *submission) each(prefix string, values map[string]string) {
	for key, value := range values {
		w.conf[prefix+key] = value
	}
}
