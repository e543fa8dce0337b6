package spark

import (
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/yaml"
)

// scriptDir is where a Submit's files lie.
const scriptDir = "scripts"

// besideFile is a file that a script hands to Spark in a setting.
type besideFile struct {
	setting string
	suffix  string // of its name, behind the job's
	object  any
}

// files returns the script and its pod templates, and reports what
// spark-submit has no way to say.
func (t Submit) files(app *v1beta2.SparkApplication, p *millrace.Problems, beside []besideFile) []millrace.File {
	w := submission{spec: app.Spec.DeepCopy(), conf: make(map[string]string), beside: beside}
	templates := map[role]*corev1.PodTemplateSpec{}
	for _, r := range roles {
		pod := r.pod(w.spec)
		templates[r] = application{w.spec, ""}.template(r)
		pod.Template = nil
	}
	w.take(app)
	for _, at := range leftover(reflect.ValueOf(*w.spec), "Base") {
		p.Unsupported(at, "spark-submit has no setting for it", "leave it out, or put it into Base.Driver.Template or Base.Executor.Template")
	}

	name := path.Join(scriptDir, app.Name)
	files := []millrace.File{{Path: name + ".sh", Data: w.script(app.Name, t.Master), Executable: true}}
	for _, r := range roles {
		pod := &corev1.Pod{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
			ObjectMeta: templates[r].ObjectMeta,
			Spec:       templates[r].Spec,
		}
		data, err := yaml.Append(nil, pod)
		if err != nil {
			p.Invalid(r.field(), "the pod template", err.Error(), "check Base."+r.field()+".Template")
		}
		files = append(files, millrace.File{Path: name + "-" + string(r) + ".yaml", Data: data})
	}
	for _, b := range beside {
		data, err := yaml.Append(nil, b.object)
		if err != nil {
			p.Invalid("Scheduler", b.suffix, err.Error(), "check its amounts")
		}
		files = append(files, millrace.File{Path: name + "-" + b.suffix + ".yaml", Data: data})
	}
	return files
}

// submission is what spark-submit is told. Its spec shrinks as fields are
// taken from it: what remains is what could not be said.
type submission struct {
	spec    *v1beta2.SparkApplicationSpec
	options []string // alternating option and value
	conf    map[string]string
	beside  []besideFile
	main    []string // the file and its arguments
}

// take moves the spec into options and settings, in the order of precedence
// of the operator: settings first, fields over them.
func (w *submission) take(app *v1beta2.SparkApplication) {
	s := w.spec
	w.option("--deploy-mode", string(s.Mode))
	w.option("--name", app.Name)
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
	w.main = append([]string{deref(s.MainApplicationFile)}, s.Arguments...)

	w.set("spark.kubernetes.memoryOverheadFactor", deref(s.MemoryOverheadFactor))
	maps.Copy(w.conf, s.SparkConf)
	for key, value := range s.HadoopConf {
		w.conf["spark.hadoop."+key] = value
	}
	w.set("spark.kubernetes.namespace", app.Namespace)
	w.set("spark.kubernetes.container.image", deref(s.Image))
	w.set("spark.kubernetes.container.image.pullPolicy", deref(s.ImagePullPolicy))
	w.set("spark.kubernetes.container.image.pullSecrets", strings.Join(s.ImagePullSecrets, ","))
	w.each("spark.kubernetes.node.selector.", s.NodeSelector)

	w.takePod(driverRole, app.Labels)
	w.set("spark.kubernetes.driver.request.cores", deref(s.Driver.CoreRequest))
	w.set("spark.driver.extraJavaOptions", deref(s.Driver.JavaOptions))
	w.set("spark.kubernetes.driver.master", deref(s.Driver.KubernetesMaster))
	w.set("spark.kubernetes.driver.pod.name", deref(s.Driver.PodName))
	w.each("spark.kubernetes.driver.service.label.", s.Driver.ServiceLabels)
	w.each("spark.kubernetes.driver.service.annotation.", s.Driver.ServiceAnnotations)

	w.takePod(executorRole, app.Labels)
	w.set("spark.kubernetes.executor.request.cores", deref(s.Executor.CoreRequest))
	w.set("spark.executor.extraJavaOptions", deref(s.Executor.JavaOptions))
	w.number("spark.executor.instances", s.Executor.Instances)
	if d := s.Executor.DeleteOnTermination; d != nil {
		w.set("spark.kubernetes.executor.deleteOnTermination", strconv.FormatBool(*d))
	}
	w.takeAllocation()
	w.taken()
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
	w.set("spark.kubernetes."+name+".scheduler.name", deref(pod.SchedulerName))
	w.each("spark.kubernetes."+name+".label.", labels)
	w.each("spark.kubernetes."+name+".label.", pod.Labels)
	w.each("spark.kubernetes."+name+".annotation.", pod.Annotations)
	w.each("spark.kubernetes."+name+".node.selector.", pod.NodeSelector)
	env := "spark.kubernetes.driverEnv."
	if r == executorRole {
		env = "spark.executorEnv."
	}
	w.each(env, pod.EnvVars)
	for key, ref := range pod.EnvSecretKeyRefs {
		w.set("spark.kubernetes."+name+".secretKeyRef."+key, ref.Name+":"+ref.Key)
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
	if on := a.ShuffleTrackingEnabled; on != nil {
		w.set(prefix+"shuffleTracking.enabled", strconv.FormatBool(*on))
	}
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
	s.DynamicAllocation = nil
	s.Driver.CoreRequest, s.Driver.JavaOptions, s.Driver.KubernetesMaster, s.Driver.PodName = nil, nil, nil, nil
	s.Driver.ServiceLabels, s.Driver.ServiceAnnotations = nil, nil
	s.Executor.CoreRequest, s.Executor.JavaOptions, s.Executor.Instances, s.Executor.DeleteOnTermination = nil, nil, nil, nil
	for _, r := range roles {
		pod := r.pod(s)
		pod.Cores, pod.Memory, pod.MemoryOverhead, pod.CoreLimit = nil, nil, nil, nil
		pod.Image, pod.ServiceAccount, pod.SchedulerName = nil, nil, nil
		pod.Labels, pod.Annotations, pod.NodeSelector = nil, nil, nil
		pod.EnvVars, pod.EnvSecretKeyRefs = nil, nil
	}
}

func (w *submission) option(name, value string) {
	if value != "" {
		w.options = append(w.options, name, value)
	}
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

// script writes the shell script, one option a line.
func (w *submission) script(name, master string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `#!/bin/sh
# Submits the Spark job %s to Kubernetes and waits for its end.
# What follows on the command line goes to the job, after its own arguments.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
exec "${SPARK_HOME:+$SPARK_HOME/bin/}spark-submit" \
`, name)
	line := func(words ...string) { b.WriteString("  " + strings.Join(words, " ") + " \\\n") }
	line("--master", shellQuote(master))
	for pair := range slices.Chunk(w.options, 2) {
		line(pair[0], shellQuote(pair[1]))
	}
	for _, key := range slices.Sorted(maps.Keys(w.conf)) {
		line("--conf", shellQuote(key+"="+w.conf[key]))
	}
	for _, r := range roles {
		prefix := "spark.kubernetes." + string(r)
		line("--conf", fmt.Sprintf(`"%s.podTemplateFile=$here/%s-%s.yaml"`, prefix, name, r))
		line("--conf", prefix+".podTemplateContainerName="+r.container())
	}
	for _, b := range w.beside {
		line("--conf", fmt.Sprintf(`"%s=$here/%s-%s.yaml"`, b.setting, name, b.suffix))
	}
	for _, word := range w.main {
		line(shellQuote(word))
	}
	b.WriteString("  \"$@\"\n")
	return []byte(b.String())
}

// leftover returns the Go paths of what is set in v.
func leftover(v reflect.Value, at string) []string {
	switch {
	case v.IsZero() || (v.Kind() == reflect.Map || v.Kind() == reflect.Slice) && v.Len() == 0:
		return nil
	case v.Kind() != reflect.Struct:
		return []string{at}
	}
	var out []string
	for i := range v.NumField() {
		field := at + "." + v.Type().Field(i).Name
		if v.Type().Field(i).Anonymous {
			field = at
		}
		out = append(out, leftover(v.Field(i), field)...)
	}
	return out
}
