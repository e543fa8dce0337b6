package spark

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// specTexts are the settings that the operator has a field of text for.
var specTexts = map[string]func(*v1beta2.SparkApplicationSpec) **string{
	proxyUser:                          func(s *v1beta2.SparkApplicationSpec) **string { return &s.ProxyUser },
	"spark.kubernetes.container.image": func(s *v1beta2.SparkApplicationSpec) **string { return &s.Image },
	"spark.kubernetes.container.image.pullPolicy":               func(s *v1beta2.SparkApplicationSpec) **string { return &s.ImagePullPolicy },
	"spark.kubernetes.driver.container.image":                   func(s *v1beta2.SparkApplicationSpec) **string { return &s.Driver.Image },
	"spark.kubernetes.driver.master":                            func(s *v1beta2.SparkApplicationSpec) **string { return &s.Driver.KubernetesMaster },
	"spark.kubernetes.driver.pod.name":                          func(s *v1beta2.SparkApplicationSpec) **string { return &s.Driver.PodName },
	"spark.kubernetes.authenticate.driver.serviceAccountName":   func(s *v1beta2.SparkApplicationSpec) **string { return &s.Driver.ServiceAccount },
	"spark.driver.memory":                                       func(s *v1beta2.SparkApplicationSpec) **string { return &s.Driver.Memory },
	"spark.driver.memoryOverhead":                               func(s *v1beta2.SparkApplicationSpec) **string { return &s.Driver.MemoryOverhead },
	"spark.driver.extraJavaOptions":                             func(s *v1beta2.SparkApplicationSpec) **string { return &s.Driver.JavaOptions },
	"spark.kubernetes.driver.request.cores":                     func(s *v1beta2.SparkApplicationSpec) **string { return &s.Driver.CoreRequest },
	"spark.kubernetes.driver.limit.cores":                       func(s *v1beta2.SparkApplicationSpec) **string { return &s.Driver.CoreLimit },
	"spark.kubernetes.driver.scheduler.name":                    func(s *v1beta2.SparkApplicationSpec) **string { return &s.Driver.SchedulerName },
	"spark.kubernetes.executor.container.image":                 func(s *v1beta2.SparkApplicationSpec) **string { return &s.Executor.Image },
	"spark.kubernetes.authenticate.executor.serviceAccountName": func(s *v1beta2.SparkApplicationSpec) **string { return &s.Executor.ServiceAccount },
	"spark.executor.memory":                                     func(s *v1beta2.SparkApplicationSpec) **string { return &s.Executor.Memory },
	"spark.executor.memoryOverhead":                             func(s *v1beta2.SparkApplicationSpec) **string { return &s.Executor.MemoryOverhead },
	"spark.executor.extraJavaOptions":                           func(s *v1beta2.SparkApplicationSpec) **string { return &s.Executor.JavaOptions },
	"spark.kubernetes.executor.request.cores":                   func(s *v1beta2.SparkApplicationSpec) **string { return &s.Executor.CoreRequest },
	"spark.kubernetes.executor.limit.cores":                     func(s *v1beta2.SparkApplicationSpec) **string { return &s.Executor.CoreLimit },
	"spark.kubernetes.executor.scheduler.name":                  func(s *v1beta2.SparkApplicationSpec) **string { return &s.Executor.SchedulerName },
}

// specLists are the settings that it has a list for.
var specLists = map[string]func(*v1beta2.SparkApplicationSpec) *[]string{
	"spark.kubernetes.container.image.pullSecrets": func(s *v1beta2.SparkApplicationSpec) *[]string { return &s.ImagePullSecrets },
	"spark.jars":              func(s *v1beta2.SparkApplicationSpec) *[]string { return &s.Deps.Jars },
	"spark.files":             func(s *v1beta2.SparkApplicationSpec) *[]string { return &s.Deps.Files },
	"spark.submit.pyFiles":    func(s *v1beta2.SparkApplicationSpec) *[]string { return &s.Deps.PyFiles },
	"spark.archives":          func(s *v1beta2.SparkApplicationSpec) *[]string { return &s.Deps.Archives },
	"spark.jars.packages":     func(s *v1beta2.SparkApplicationSpec) *[]string { return &s.Deps.Packages },
	"spark.jars.excludes":     func(s *v1beta2.SparkApplicationSpec) *[]string { return &s.Deps.ExcludePackages },
	"spark.jars.repositories": func(s *v1beta2.SparkApplicationSpec) *[]string { return &s.Deps.Repositories },
}

// specNumbers are the settings that it has a number for.
var specNumbers = map[string]func(*v1beta2.SparkApplicationSpec) **int32{
	"spark.driver.cores":       func(s *v1beta2.SparkApplicationSpec) **int32 { return &s.Driver.Cores },
	"spark.executor.cores":     func(s *v1beta2.SparkApplicationSpec) **int32 { return &s.Executor.Cores },
	"spark.executor.instances": func(s *v1beta2.SparkApplicationSpec) **int32 { return &s.Executor.Instances },
}

// readSpec moves a setting into the field of the spec that says the same.
func (s *submitReader) readSpec(spec *v1beta2.SparkApplicationSpec, key string) bool {
	value := s.conf[key]
	if field, ok := specTexts[key]; ok {
		*field(spec) = &value
		return true
	}
	if field, ok := specLists[key]; ok {
		for item := range strings.SplitSeq(value, ",") {
			if item = strings.TrimSpace(item); item != "" {
				*field(spec) = append(*field(spec), item)
			}
		}
		return true
	}
	if field, ok := specNumbers[key]; ok {
		if n, err := strconv.ParseInt(value, 10, 32); err == nil {
			*field(spec) = new(int32(n))
			return true
		}
	}
	if strings.HasSuffix(key, ".podTemplateFile") || strings.HasSuffix(key, ".podTemplateContainerName") {
		r := driverRole
		if strings.Contains(key, ".executor.") {
			r = executorRole
		}
		s.note(millrace.Error, millrace.RuleUnsupported, "--conf "+key, quoted(value)+" is not read, and left out", "put the template into Base."+r.field()+".Template, or what it says into the fields of "+r.field())
		return true
	}
	return s.readAllocation(spec, key)
}

const allocationPrefix = "spark.dynamicAllocation."

// readAllocation moves the numbers of dynamic allocation where it is on.
func (s *submitReader) readAllocation(spec *v1beta2.SparkApplicationSpec, key string) bool {
	rest, ok := strings.CutPrefix(key, allocationPrefix)
	if !ok || s.conf[allocationPrefix+"enabled"] != "true" {
		return false
	}
	if spec.DynamicAllocation == nil {
		spec.DynamicAllocation = &v1beta2.DynamicAllocation{Enabled: true}
	}
	d := spec.DynamicAllocation
	number := func(field **int32) bool {
		n, err := strconv.ParseInt(s.conf[key], 10, 32)
		if err == nil {
			*field = new(int32(n))
		}
		return err == nil
	}
	switch rest {
	case "enabled":
		return true
	case "minExecutors":
		return number(&d.MinExecutors)
	case "initialExecutors":
		return number(&d.InitialExecutors)
	case "maxExecutors":
		return number(&d.MaxExecutors)
	case "shuffleTracking.enabled":
		on, err := strconv.ParseBool(s.conf[key])
		d.ShuffleTrackingEnabled = &on
		return err == nil
	case "shuffleTracking.timeout":
		ms, err := strconv.ParseInt(strings.TrimSuffix(s.conf[key], "ms"), 10, 64)
		if err != nil || !strings.HasSuffix(s.conf[key], "ms") {
			return false
		}
		d.ShuffleTrackingTimeout = &ms
		return true
	}
	return false
}

// families are the settings whose names end in a name of the user's.
var families = map[string]func(spec *v1beta2.SparkApplicationSpec, r role, name, value string){
	"label.": func(spec *v1beta2.SparkApplicationSpec, r role, name, value string) {
		put(&r.pod(spec).Labels, name, value)
	},
	"annotation.": func(spec *v1beta2.SparkApplicationSpec, r role, name, value string) {
		put(&r.pod(spec).Annotations, name, value)
	},
	"node.selector.": func(spec *v1beta2.SparkApplicationSpec, r role, name, value string) {
		put(&templateOf(spec, r).Spec.NodeSelector, name, value)
	},
	"secretKeyRef.": func(spec *v1beta2.SparkApplicationSpec, r role, name, value string) {
		secret, key, _ := strings.Cut(value, ":")
		addEnv(spec, r, corev1.EnvVar{Name: name, ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: secret}, Key: key,
		}}})
	},
	"secrets.": func(spec *v1beta2.SparkApplicationSpec, r role, name, value string) {
		t := templateOf(spec, r)
		t.Spec.Volumes = append(t.Spec.Volumes, corev1.Volume{Name: name + "-volume", VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: name}}})
		c := &t.Spec.Containers[0]
		c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: name + "-volume", MountPath: value})
	},
}

// readFamily moves a setting of a family into the spec or its pod templates.
func (s *submitReader) readFamily(spec *v1beta2.SparkApplicationSpec, key string) bool {
	value := s.conf[key]
	if s.readPodFamily(spec, key, slices.Collect(maps.Keys(families))...) || s.readHadoop(spec, key) {
		return true
	}
	if name, ok := strings.CutPrefix(key, "spark.kubernetes.driverEnv."); ok && name != "" {
		addEnv(spec, driverRole, corev1.EnvVar{Name: name, Value: value})
		return true
	}
	if name, ok := strings.CutPrefix(key, "spark.executorEnv."); ok && name != "" {
		addEnv(spec, executorRole, corev1.EnvVar{Name: name, Value: value})
		return true
	}
	if name, ok := strings.CutPrefix(key, "spark.kubernetes.node.selector."); ok && name != "" {
		for _, r := range roles {
			if _, own := s.conf["spark.kubernetes."+string(r)+".node.selector."+name]; !own {
				put(&templateOf(spec, r).Spec.NodeSelector, name, value)
			}
		}
		return true
	}
	return false
}

// readPodFamily moves a setting of some of the families that each role has.
func (s *submitReader) readPodFamily(spec *v1beta2.SparkApplicationSpec, key string, names ...string) bool {
	for _, r := range roles {
		for _, family := range names {
			if name, ok := strings.CutPrefix(key, "spark.kubernetes."+string(r)+"."+family); ok && name != "" {
				families[family](spec, r, name, s.conf[key])
				return true
			}
		}
	}
	return false
}

func (s *submitReader) readHadoop(spec *v1beta2.SparkApplicationSpec, key string) bool {
	name, ok := strings.CutPrefix(key, hadoopPrefix)
	if !ok || name == "" {
		return false
	}
	put(&spec.HadoopConf, name, s.conf[key])
	return true
}

// templateOf returns the pod template of a role, with Spark's container in it.
func templateOf(spec *v1beta2.SparkApplicationSpec, r role) *corev1.PodTemplateSpec {
	pod := r.pod(spec)
	if pod.Template == nil {
		pod.Template = &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: r.container()}}}}
	}
	return pod.Template
}

func addEnv(spec *v1beta2.SparkApplicationSpec, r role, e corev1.EnvVar) {
	c := &templateOf(spec, r).Spec.Containers[0]
	c.Env = append(c.Env, e)
}
