package spark

import (
	"fmt"
	"maps"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace/spark/apachev1"
)

// versionMark is what Apache's operator fills in in the name of an image.
// Source: Apache Spark Kubernetes Operator 1.0.0, SparkAppSubmissionWorker.java.
const versionMark = "{{SPARK_VERSION}}"

// apacheView writes an application of Apache's operator as one of Kubeflow's, so
// that one reading of Spark holds for both. Where a field of it stands in the
// object itself, apacheField tells.
func apacheView(app *apachev1.SparkApplication) *v1beta2.SparkApplicationSpec {
	spec := deref(app.Spec)
	s := &v1beta2.SparkApplicationSpec{
		SparkVersion: spec.RuntimeVersions.SparkVersion, Mode: v1beta2.DeployModeCluster, ProxyUser: spec.ProxyUser,
		MainClass: spec.MainClass, Arguments: spec.DriverArgs, SparkConf: spec.SparkConf,
	}
	if spec.DeploymentMode == apachev1.DeploymentModeClientMode {
		s.Mode = v1beta2.DeployModeClient
	}
	var language Language
	_, s.MainApplicationFile, language = apacheMain(&spec)
	s.Type = v1beta2.SparkApplicationType(language)
	const image = "spark.kubernetes.container.image"
	if v := s.SparkConf[image]; strings.Contains(v, versionMark) {
		s.SparkConf = maps.Clone(s.SparkConf)
		s.SparkConf[image] = strings.ReplaceAll(v, versionMark, s.SparkVersion)
	}
	if t := spec.DriverSpec; t != nil {
		s.Driver.Template = t.PodTemplateSpec
	}
	if t := spec.ExecutorSpec; t != nil {
		s.Executor.Template = t.PodTemplateSpec
	}
	if s.SparkConf["spark.executor.instances"] == "" {
		s.Executor.Instances = new(int32(defaultInstances)) // no default of the operator's goes before Spark's
	}
	viewLifecycle(s, deref(spec.ApplicationTolerations))
	return s
}

// viewLifecycle fills in what the operator does where its spec doesn't say.
// Source: Apache Spark Kubernetes Operator 1.0.0, RestartConfig.java.
func viewLifecycle(s *v1beta2.SparkApplicationSpec, t apachev1.ApplicationTolerations) {
	if ms := t.TTLAfterStopMillis; ms != nil && *ms >= 0 {
		s.TimeToLiveSeconds = new(*ms / 1000)
	}
	r := deref(t.RestartConfig)
	policy := v1beta2.RestartPolicyType(r.RestartPolicy)
	switch r.RestartPolicy {
	case "":
		policy = v1beta2.RestartPolicyNever
	case apachev1.RestartPolicyOnInfrastructureFailure:
		policy = v1beta2.RestartPolicyOnFailure
	}
	number := func(values ...*int64) int64 {
		for _, v := range values {
			if v != nil {
				return *v
			}
		}
		return 0
	}
	// The operator's own numbers, and at least the second that Kubeflow's asks for.
	attempts, pause := new(int64(3)), new(int64(30000))
	failures := number(r.MaxRestartOnFailure, r.MaxRestartAttempts, attempts)
	submissions := number(r.MaxRestartOnSchedulingFailure, r.MaxRestartOnFailure, r.MaxRestartAttempts, attempts)
	s.RestartPolicy = v1beta2.RestartPolicy{
		Type:                             policy,
		OnFailureRetries:                 new(int32(min(failures, endless))),
		OnFailureRetryInterval:           new(max(number(r.RestartBackoffMillisForFailure, r.RestartBackoffMillis, pause)/1000, 1)),
		OnSubmissionFailureRetries:       new(int32(min(submissions, endless))),
		OnSubmissionFailureRetryInterval: new(max(number(r.RestartBackoffMillisForSchedulingFailure, r.RestartBackoffMillis, pause)/1000, 1)),
	}
}

// apacheMain returns what the driver runs, the field where that stands, and the
// language, as the operator tells it.
// Source: Apache Spark Kubernetes Operator 1.0.0, SparkAppSubmissionWorker.java.
func apacheMain(s *apachev1.ApplicationSpec) (field string, file *string, language Language) {
	switch {
	case deref(s.Jars) != "":
		return "jars", s.Jars, Scala
	case deref(s.PyFiles) != "":
		return "pyFiles", s.PyFiles, Python
	case deref(s.SparkRFiles) != "":
		return "sparkRFiles", s.SparkRFiles, R
	}
	return "jars", nil, Scala
}

// apacheFields are the fields of Kubeflow's spec, with what stands for each in
// Apache's.
var apacheFields = apacheFieldTable()

func apacheFieldTable() map[string]string {
	out := map[string]string{
		"sparkVersion":         "runtimeVersions.sparkVersion",
		"mode":                 "deploymentMode",
		"arguments":            "driverArgs",
		"timeToLiveSeconds":    "applicationTolerations.ttlAfterStopMillis",
		"restartPolicy":        "applicationTolerations.restartConfig",
		"restartPolicy.type":   "applicationTolerations.restartConfig.restartPolicy",
		"image":                "sparkConf[spark.kubernetes.container.image]",
		"imagePullPolicy":      "sparkConf[spark.kubernetes.container.image.pullPolicy]",
		"imagePullSecrets":     "sparkConf[spark.kubernetes.container.image.pullSecrets]",
		"memoryOverheadFactor": "sparkConf[spark.kubernetes.memoryOverheadFactor]",
		"batchScheduler":       "sparkConf[spark.kubernetes.scheduler.name]",
		"hadoopConf":           "sparkConf[spark.hadoop.%s]",
		"nodeSelector":         "sparkConf[spark.kubernetes.node.selector.%s]",

		"restartPolicy.onFailureRetries":                 "applicationTolerations.restartConfig.maxRestartOnFailure",
		"restartPolicy.onFailureRetryInterval":           "applicationTolerations.restartConfig.restartBackoffMillis",
		"restartPolicy.onSubmissionFailureRetries":       "applicationTolerations.restartConfig.maxRestartOnSchedulingFailure",
		"restartPolicy.onSubmissionFailureRetryInterval": "applicationTolerations.restartConfig.restartBackoffMillisForSchedulingFailure",
	}
	for field, key := range map[string]string{
		"dynamicAllocation": "enabled", "dynamicAllocation.enabled": "enabled", "dynamicAllocation.minExecutors": "minExecutors",
		"dynamicAllocation.initialExecutors": "initialExecutors", "dynamicAllocation.maxExecutors": "maxExecutors",
		"dynamicAllocation.shuffleTrackingEnabled": "shuffleTracking.enabled", "dynamicAllocation.shuffleTrackingTimeout": "shuffleTracking.timeout",
	} {
		out[field] = "sparkConf[spark.dynamicAllocation." + key + "]"
	}
	for option, field := range map[string]string{
		"--jars": "jars", "--packages": "packages", "--exclude-packages": "excludePackages", "--repositories": "repositories",
		"--py-files": "pyFiles", "--files": "files", "--archives": "archives",
	} {
		out["deps."+field] = "sparkConf[" + optionSettings[option] + "]"
	}
	for _, r := range roles {
		r.apacheFields(out)
	}
	return out
}

// apacheFields adds the fields of a role.
func (r role) apacheFields(out map[string]string) {
	name, own := string(r), string(r)+"Spec"
	template := own + ".podTemplateSpec"
	out[name], out[name+".template"] = own, template
	env := "spark.kubernetes.driverEnv."
	if r == executorRole {
		env = "spark.executorEnv."
	}
	for field, key := range map[string]string{
		"cores": "spark.%s.cores", "memory": "spark.%s.memory", "memoryOverhead": "spark.%s.memoryOverhead", "javaOptions": "spark.%s.extraJavaOptions",
		"coreRequest": "spark.kubernetes.%s.request.cores", "coreLimit": "spark.kubernetes.%s.limit.cores", "image": "spark.kubernetes.%s.container.image",
		"serviceAccount": "spark.kubernetes.authenticate.%s.serviceAccountName", "schedulerName": "spark.kubernetes.%s.scheduler.name",
		"podName": "spark.kubernetes.%s.pod.name", "kubernetesMaster": "spark.kubernetes.%s.master",
		"instances": "spark.%s.instances", "deleteOnTermination": "spark.kubernetes.%s.deleteOnTermination",
	} {
		out[name+"."+field] = "sparkConf[" + fmt.Sprintf(key, name) + "]"
	}
	out[name+".envVars"] = "sparkConf[" + env + "%s]"
	for field, key := range map[string]string{
		"labels": "label", "annotations": "annotation", "serviceLabels": "service.label", "serviceAnnotations": "service.annotation", "envSecretKeyRefs": "secretKeyRef",
	} {
		out[name+"."+field] = "sparkConf[spark.kubernetes." + name + "." + key + ".%s]"
	}
	for field, in := range map[string]string{
		"nodeSelector": "nodeSelector", "tolerations": "tolerations", "affinity": "affinity", "priorityClassName": "priorityClassName",
		"podSecurityContext": "securityContext", "terminationGracePeriodSeconds": "terminationGracePeriodSeconds", "hostNetwork": "hostNetwork",
		"dnsConfig": "dnsConfig", "hostAliases": "hostAliases", "shareProcessNamespace": "shareProcessNamespace",
		"initContainers": "initContainers", "sidecars": "containers", "env": "containers", "envFrom": "containers", "ports": "containers",
		"volumeMounts": "containers", "lifecycle": "containers", "securityContext": "containers", "memoryLimit": "containers", "gpu": "containers",
	} {
		out[name+"."+field] = template + ".spec." + in
	}
}
