package spark

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/millrace/millrace/spark/apachev1"
)

// fromApache returns the job of an application of Apache's operator, where
// nearly everything is a setting. Those that the fields of a Job write as
// settings again become fields; what a Job would write into a pod template
// stays a setting. It takes the application for itself.
func fromApache(app *apachev1.SparkApplication) (*Job, error) {
	if app.Spec == nil {
		app.Spec = new(apachev1.ApplicationSpec)
	}
	original, base := app.DeepCopy(), app.Spec
	s := submitReader{conf: maps.Clone(base.SparkConf)}
	spec := &v1beta2.SparkApplicationSpec{SparkVersion: base.RuntimeVersions.SparkVersion}
	field, main, language := apacheMain(base)
	spec.Type, spec.MainApplicationFile = v1beta2.SparkApplicationType(language), main
	if main != nil {
		switch field {
		case "jars":
			base.Jars = nil
		case "pyFiles":
			base.PyFiles = nil
		default:
			base.SparkRFiles = nil
		}
	} else if deref(base.MainClass) != "" {
		spec.MainApplicationFile = new(noMain)
	}
	takeSaid(&spec.MainClass, &base.MainClass)
	takeSaid(&spec.ProxyUser, &base.ProxyUser)
	take(&spec.Arguments, &base.DriverArgs)
	base.RuntimeVersions.SparkVersion = ""
	for r, from := range map[role]**apachev1.BaseApplicationTemplateSpec{driverRole: &base.DriverSpec, executorRole: &base.ExecutorSpec} {
		if t := *from; templateIn(t) {
			r.pod(spec).Template = t.PodTemplateSpec
			*from = nil
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s.conf)) {
		if key == keyJars && field == "jars" {
			s.readJars(spec, deref(main))
		} else if !s.readSetting(spec, key) {
			put(&spec.SparkConf, key, s.conf[key])
		}
	}
	base.SparkConf = nil
	r := applicationReader{spec: spec, job: jobOf(app.ObjectMeta)}
	r.read()
	r.job.Base, r.job.Target = *spec, ApacheOperator{Base: *base}
	job := r.job.scheduled(func(j *Job) bool {
		again, err := j.ApacheApplication()
		return err == nil && equality.Semantic.DeepEqual(original, again)
	})
	_, err := job.ApacheApplication()
	return job, err
}

// takeSaid moves a text, unless it is the empty one, which no setting can say.
func takeSaid(dst, src **string) {
	if deref(*src) != "" {
		take(dst, src)
	}
}

// readJars moves the jars beside the main one, which goes after them again.
func (s *submitReader) readJars(spec *v1beta2.SparkApplicationSpec, main string) {
	all := s.conf[keyJars]
	more, ok := strings.CutSuffix(all, ","+main)
	s.conf[keyJars] = more
	if !ok || main == "" || !s.readSetting(spec, keyJars) {
		put(&spec.SparkConf, keyJars, all)
	}
}

// readSetting moves a setting into the spec if a Job writes it as a setting
// again, in the very same way.
func (s *submitReader) readSetting(spec *v1beta2.SparkApplicationSpec, key string) bool {
	if _, list := specLists[key]; list && strings.ContainsAny(s.conf[key], " \t") || strings.Contains(key, ".podTemplate") {
		return false
	}
	if s.readPodFamily(spec, key, "label.", "annotation.") || s.readHadoop(spec, key) {
		return true
	}
	return s.exact(key) && s.readSpec(spec, key)
}

// exact reports whether the number, or what says how executors come and go, is
// spelled as Spark is told it again. Of the latter all are, or none.
func (s *submitReader) exact(key string) bool {
	if _, number := specNumbers[key]; number {
		return wholeText(s.conf[key])
	}
	if !strings.HasPrefix(key, allocationPrefix) {
		return true
	}
	for _, name := range []string{"minExecutors", "initialExecutors", "maxExecutors"} {
		if n, said := s.conf[allocationPrefix+name]; said && !wholeText(n) {
			return false
		}
	}
	tracking := s.conf[allocationPrefix+"shuffleTracking.enabled"]
	timeout, said := s.conf[allocationPrefix+"shuffleTracking.timeout"]
	ms, _ := strings.CutSuffix(timeout, "ms")
	return (tracking == "true" || tracking == "false") && (!said || wholeText(ms) && ms != timeout)
}

// wholeText reports whether a text is a number as it is usually written.
func wholeText(s string) bool {
	n, err := strconv.ParseInt(s, 10, 32)
	return err == nil && strconv.FormatInt(n, 10) == s
}
