package spark

import (
	"maps"
	"slices"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace/spark/apachev1"
)

// fromApache returns the job of an application of Apache's operator, where
// nearly everything is a setting. Those that the fields of a Job write as
// settings again become fields; what a Job would write into a pod template
// stays a setting.
func fromApache(app *apachev1.SparkApplication) (*Job, error) {
	if app.Spec == nil {
		app.Spec = new(apachev1.ApplicationSpec)
	}
	base := app.Spec
	s := submitReader{conf: maps.Clone(base.SparkConf)}
	spec := &v1beta2.SparkApplicationSpec{SparkVersion: base.RuntimeVersions.SparkVersion}
	field, main, language := apacheMain(base)
	spec.Type, spec.MainApplicationFile = v1beta2.SparkApplicationType(language), main
	switch field {
	case "jars":
		base.Jars = nil
	case "pyFiles":
		base.PyFiles = nil
	default:
		base.SparkRFiles = nil
	}
	if main == nil && deref(base.MainClass) != "" {
		spec.MainApplicationFile = new(noMain)
	}
	take(&spec.MainClass, &base.MainClass)
	take(&spec.Arguments, &base.DriverArgs)
	take(&spec.ProxyUser, &base.ProxyUser)
	base.RuntimeVersions.SparkVersion = ""
	for r, from := range map[role]**apachev1.BaseApplicationTemplateSpec{driverRole: &base.DriverSpec, executorRole: &base.ExecutorSpec} {
		if t := *from; t != nil {
			r.pod(spec).Template = t.PodTemplateSpec
			*from = nil
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s.conf)) {
		if !s.readSetting(spec, key) {
			put(&spec.SparkConf, key, s.conf[key])
		}
	}
	base.SparkConf = nil
	r := applicationReader{spec: spec, job: jobOf(app.ObjectMeta)}
	r.read()
	r.job.Base, r.job.Target = *spec, ApacheOperator{Base: *base}
	_, err := r.job.ApacheApplication()
	return r.job, err
}

// readSetting moves a setting into the spec if a Job writes it as a setting
// again, in the very same way.
func (s *submitReader) readSetting(spec *v1beta2.SparkApplicationSpec, key string) bool {
	if _, list := specLists[key]; list && strings.ContainsAny(s.conf[key], " \t") || strings.Contains(key, ".podTemplate") {
		return false
	}
	for _, r := range roles {
		for _, family := range []string{"label.", "annotation."} {
			if name, ok := strings.CutPrefix(key, "spark.kubernetes."+string(r)+"."+family); ok && name != "" {
				families[family](spec, r, name, s.conf[key])
				return true
			}
		}
	}
	if name, ok := strings.CutPrefix(key, "spark.hadoop."); ok && name != "" {
		put(&spec.HadoopConf, name, s.conf[key])
		return true
	}
	return s.readSpec(spec, key)
}
