package spark_test

import (
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
)

// bad is what makes a rule find something in an application that it finds
// nothing in otherwise.
type bad struct {
	edit     func(*v1beta2.SparkApplication)
	schedule func(*v1beta2.ScheduledSparkApplication)
	// beside is what else the composition holds.
	beside millrace.Parts
	// kinds are the objects in which the rule finds it: a SparkApplication of
	// Kubeflow's operator, a ScheduledSparkApplication, a SparkConnect, and a
	// SparkApplication of Apache's.
	kinds string
}

const (
	everywhere = "kubeflow schedule connect apache"
	jobsOnly   = "kubeflow schedule apache"
	kubeflow   = "kubeflow schedule"
)

// inSpec is a bad spec.
func inSpec(kinds string, edit func(*v1beta2.SparkApplicationSpec)) bad {
	return bad{kinds: kinds, edit: func(a *v1beta2.SparkApplication) { edit(&a.Spec) }}
}

// askSpot asks for spot nodes.
func askSpot(t *corev1.PodTemplateSpec) { t.Spec.NodeSelector["karpenter.sh/capacity-type"] = "spot" }

// everyRule has a bad application for each rule.
func everyRule() map[string]bad {
	smallNode := taintedPool()
	smallNode.Max = 1
	smallNode.Allocatable = amounts("14", "28Gi")
	return map[string]bad{
		"spark/eviction-guard": inSpec(everywhere, func(s *v1beta2.SparkApplicationSpec) {
			delete(s.Executor.Annotations, millrace.SafeToEvict)
		}),
		"spark/network-policy":        {kinds: everywhere, beside: millrace.Parts{Objects: []millrace.Object{denyAll("data-platform")}}},
		"spark/rights":                {kinds: everywhere, beside: millrace.Parts{Objects: allowed("spark-executor", rbacv1.PolicyRule{APIGroups: []string{""}, Resources: []string{"pods"}, Verbs: []string{"get"}})}},
		"spark/driver-priority-class": inSpec(everywhere, func(s *v1beta2.SparkApplicationSpec) { s.Driver.Template.Spec.PriorityClassName = "" }),
		"spark/driver-on-spot":        inSpec(everywhere, func(s *v1beta2.SparkApplicationSpec) { askSpot(s.Driver.Template) }),
		"spark/driver-service-account": inSpec(everywhere, func(s *v1beta2.SparkApplicationSpec) {
			s.Driver.ServiceAccount, s.Driver.Template.Spec.ServiceAccountName = nil, ""
		}),
		"spark/executor-pool":       inSpec(everywhere, func(s *v1beta2.SparkApplicationSpec) { s.Executor.Template.Spec.NodeSelector = nil }),
		"spark/executor-memory":     inSpec(everywhere, func(s *v1beta2.SparkApplicationSpec) { s.Executor.Memory = new("512m") }),
		"spark/broadcast-threshold": inSpec(everywhere, with("spark.sql.autoBroadcastJoinThreshold", "1g")),
		"spark/shuffle-loss":        inSpec(everywhere, with("spark.decommission.enabled", "false")),
		"spark/latest-tag":          inSpec(everywhere, func(s *v1beta2.SparkApplicationSpec) { s.Image = new("etl:latest") }),
		"spark/restart-intervals": inSpec(kubeflow, func(s *v1beta2.SparkApplicationSpec) {
			s.RestartPolicy = v1beta2.RestartPolicy{Type: v1beta2.RestartPolicyOnFailure}
		}),
		"spark/ignored-conf":     inSpec(everywhere, with("spark.kubernetes.executor.tolerations", "[]")),
		"spark/allocation-bound": inSpec(everywhere, with("spark.dynamicAllocation.enabled", "true")),
		"spark/plaintext-secret": inSpec(everywhere, with("spark.hadoop.fs.s3a.secret.key", "hunter2-hunter2")),

		"spark/conf-value":        inSpec(everywhere, with("spark.sql.shuffle.partitions", "2k")),
		"spark/conf-since":        inSpec(everywhere, with("spark.kubernetes.executor.useDriverPodIP", "true", "spark.shuffle.unsafe.file.output.buffer", "1m", "spark.kubernetes.pyspark.pythonVersionX", "")),
		"spark/conf-override":     inSpec(kubeflow+" connect", with("spark.executor.cores", "9")),
		"spark/conf-denied":       inSpec(kubeflow, with("spark.master", "k8s://a")),
		"spark/pod-template-conf": inSpec(everywhere, with("spark.kubernetes.executor.podTemplateFile", "/a.yaml")),
		"spark/heartbeat":         inSpec(everywhere, with("spark.executor.heartbeatInterval", "200s")),
		"spark/conf-conflict":     inSpec(everywhere, with("spark.memory.offHeap.size", "1g")),
		"spark/output-committer":  inSpec(everywhere, with("spark.hadoop."+committer, "2")),
		"spark/external-shuffle":  inSpec(everywhere, with("spark.shuffle.service.enabled", "true")),
		"spark/push-shuffle":      inSpec(everywhere, with("spark.shuffle.push.enabled", "true")),
		"spark/remote-shuffle":    inSpec(everywhere, celebornConf("spark.celeborn.master.endpoints", "")),

		"spark/node-waste": {edit: func(a *v1beta2.SparkApplication) { a.Spec.Executor.Memory = new("2g") },
			beside: millrace.Parts{Nodes: []millrace.NodeShape{smallNode}}, kinds: everywhere},
		"spark/cores": inSpec(everywhere, with("spark.task.cpus", "9")),
		"spark/cpu-limit": inSpec(everywhere, func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.CoreLimit = new("1")
		}),
		"spark/memory-format":   inSpec(everywhere, func(s *v1beta2.SparkApplicationSpec) { s.Executor.Memory = new("8Gi") }),
		"spark/overhead-format": inSpec(everywhere, func(s *v1beta2.SparkApplicationSpec) { s.Executor.MemoryOverhead = new("0.2") }),
		"spark/tmpfs": inSpec(jobsOnly, func(s *v1beta2.SparkApplicationSpec) {
			mountScratch(s, "spark-local-dir-1", "/scratch", emptyDir("Memory", "1Gi"))
		}),
		"spark/allocation-order": inSpec(everywhere, with("spark.dynamicAllocation.enabled", "true", "spark.dynamicAllocation.minExecutors", "5", "spark.dynamicAllocation.maxExecutors", "2")),
		"spark/allocation-survival": inSpec(everywhere, with("spark.dynamicAllocation.enabled", "true", "spark.dynamicAllocation.maxExecutors", "2",
			"spark.dynamicAllocation.shuffleTracking.enabled", "false", "spark.decommission.enabled", "false")),
		"spark/api-timeouts": inSpec(everywhere, func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Instances = new(int32(60))
			delete(s.SparkConf, "spark.kubernetes.driver.connectionTimeout")
		}),

		"spark/name":           {edit: func(a *v1beta2.SparkApplication) { a.Name = "1-etl" }, kinds: jobsOnly},
		"spark/scheduled-name": {edit: func(a *v1beta2.SparkApplication) { a.Name = strings.Repeat("a", 44) }, kinds: "schedule"},
		"spark/connect-name":   {edit: func(a *v1beta2.SparkApplication) { a.Name = strings.Repeat("a", 57) }, kinds: "connect"},
		"spark/derived-names":  {edit: func(a *v1beta2.SparkApplication) { a.Name = strings.Repeat("a", 57) }, kinds: "kubeflow"},
		"spark/concurrency-policy": {schedule: func(s *v1beta2.ScheduledSparkApplication) {
			s.Spec.ConcurrencyPolicy = "allow"
		}, kinds: "schedule"},
		"spark/schedule":  {schedule: func(s *v1beta2.ScheduledSparkApplication) { s.Spec.Schedule = "0 6" }, kinds: "schedule"},
		"spark/suspended": inSpec(kubeflow, func(s *v1beta2.SparkApplicationSpec) { s.Suspend = new(true) }),
		"spark/main-class": inSpec(kubeflow, func(s *v1beta2.SparkApplicationSpec) {
			s.Type, s.MainApplicationFile = "Scala", new("local:///etl.jar")
		}),
		"spark/language":       inSpec(kubeflow, func(s *v1beta2.SparkApplicationSpec) { s.Type = "R" }),
		"spark/python-version": inSpec(everywhere, with("spark.kubernetes.pyspark.pythonVersion", "2")),
		"spark/deploy-mode":    inSpec(jobsOnly, func(s *v1beta2.SparkApplicationSpec) { s.Mode = "client" }),
		"spark/always-restart": inSpec(jobsOnly, func(s *v1beta2.SparkApplicationSpec) {
			s.RestartPolicy.Type, s.TimeToLiveSeconds = v1beta2.RestartPolicyAlways, new(int64(60))
		}),
		"spark/time-to-live":   inSpec("kubeflow apache", func(s *v1beta2.SparkApplicationSpec) { s.TimeToLiveSeconds = nil }),
		"spark/legacy-retries": inSpec(kubeflow, func(s *v1beta2.SparkApplicationSpec) { s.FailureRetries = new(int32(3)) }),
		"spark/event-log":      inSpec(everywhere, with("spark.eventLog.dir", "/tmp")),
		"spark/driver-ingress": inSpec(kubeflow, func(s *v1beta2.SparkApplicationSpec) {
			s.DriverIngressOptions = []v1beta2.DriverIngressConfiguration{{}}
		}),
		"spark/packages-at-runtime": inSpec(everywhere, with("spark.jars.packages", "a:b:1")),
		"spark/image-pull": inSpec(everywhere, func(s *v1beta2.SparkApplicationSpec) {
			s.ImagePullPolicy = nil
			s.SparkConf["spark.kubernetes.container.image.pullPolicy"] = "Always"
		}),
		"spark/pending-claim": {edit: func(a *v1beta2.SparkApplication) {
			const claim = "spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1."
			with(claim+"options.claimName", "OnDemand", claim+"options.storageClass", "early", claim+"options.sizeLimit", "1Gi", claim+"mount.path", "/scratch")(&a.Spec)
		}, kinds: everywhere, beside: millrace.Parts{Objects: []millrace.Object{&storagev1.StorageClass{
			TypeMeta: metav1.TypeMeta{APIVersion: "storage.k8s.io/v1", Kind: "StorageClass"}, ObjectMeta: metav1.ObjectMeta{Name: "early"}}}}},

		"spark/template-container": inSpec(everywhere, func(s *v1beta2.SparkApplicationSpec) { s.Executor.Template.Spec.Containers[0].Name = "main" }),
		"spark/template-duplicate": inSpec(everywhere, func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Template.Spec.Containers[0].Resources.Requests = amounts("8", "8Gi")
		}),
		"spark/node-selector-double": inSpec(kubeflow, func(s *v1beta2.SparkApplicationSpec) {
			s.NodeSelector, s.Executor.NodeSelector = map[string]string{"a": "b"}, map[string]string{"c": "d"}
		}),
		"spark/webhook-fields": inSpec(kubeflow, func(s *v1beta2.SparkApplicationSpec) { s.Executor.SchedulerName = new("s") }),
		"spark/decommission-hook": inSpec(everywhere, func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Template.Spec.Containers[0].Lifecycle = &corev1.Lifecycle{}
		}),
		"spark/spot-decommission": inSpec(everywhere, func(s *v1beta2.SparkApplicationSpec) {
			askSpot(s.Executor.Template)
			s.Executor.Template.Spec.TerminationGracePeriodSeconds = new(int64(10))
		}),
		"spark/sidecar": inSpec(everywhere, func(s *v1beta2.SparkApplicationSpec) {
			s.Driver.Template.Labels = map[string]string{"sidecar.istio.io/inject": "true"}
		}),

		"spark/volcano-resources": inSpec(kubeflow, func(s *v1beta2.SparkApplicationSpec) { s.BatchScheduler = new("volcano") }),
		"spark/kueue-dynamic-allocation": {edit: func(a *v1beta2.SparkApplication) {
			a.Labels = map[string]string{"kueue.x-k8s.io/queue-name": "a"}
			with("spark.dynamicAllocation.enabled", "true", "spark.dynamicAllocation.maxExecutors", "2")(&a.Spec)
		}, kinds: kubeflow},
		"spark/scheduler-name": inSpec(everywhere, with("spark.kubernetes.driver.scheduler.name", "volcano")),
		"spark/local-dir": inSpec(everywhere, func(s *v1beta2.SparkApplicationSpec) {
			mountScratch(s, "mine", "/scratch", emptyDir("", "1Gi"))
			s.SparkConf["spark.local.dir"] = "/scratch"
		}),
		"spark/scratch-size": inSpec(everywhere, func(s *v1beta2.SparkApplicationSpec) {
			mountScratch(s, "spark-local-dir-1", "/scratch", emptyDir("", ""))
		}),
		"spark/reuse-claims-dynamic": inSpec(everywhere, with("spark.dynamicAllocation.enabled", "true", "spark.dynamicAllocation.maxExecutors", "2",
			"spark.kubernetes.driver.reusePersistentVolumeClaim", "true", plugin, volumesPlugin)),
	}
}

// denyAll lets nothing into and out of a namespace.
func denyAll(namespace string) *networkingv1.NetworkPolicy {
	return &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Name: "deny-all", Namespace: namespace},
		Spec: networkingv1.NetworkPolicySpec{PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress}}}
}

// allowed lets an account do something.
func allowed(account string, rules ...rbacv1.PolicyRule) []millrace.Object {
	named := metav1.ObjectMeta{Name: account, Namespace: "data-platform"}
	return []millrace.Object{
		&rbacv1.Role{ObjectMeta: named, Rules: rules},
		&rbacv1.RoleBinding{ObjectMeta: named, RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: account},
			Subjects: []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Name: account, Namespace: "data-platform"}}},
	}
}
