package spark_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// check runs the rules over a bundle and returns "rule field: detail".
func check(bundle *millrace.Bundle) []string {
	var out []string
	for _, o := range bundle.Objects() {
		for _, rule := range spark.Rules() {
			rule.Check(&millrace.Pass{Object: o, Bundle: bundle, Pods: spark.Pods(o), Report: func(field, detail string) {
				out = append(out, rule.ID+" "+field+": "+detail)
			}})
		}
	}
	return out
}

// without leaves out the findings of a rule that has a test of its own.
func without(rule string, found []string) []string {
	return slices.DeleteFunc(found, func(s string) bool { return strings.HasPrefix(s, rule+" ") })
}

// good is an application that no rule finds anything in.
func good(t *testing.T) *v1beta2.SparkApplication {
	t.Helper()
	app, err := ordersDaily().SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	return app
}

func bundleOf(t *testing.T, o millrace.Object, nodes ...millrace.NodeShape) *millrace.Bundle {
	t.Helper()
	bundle, err := millrace.Build(millrace.Parts{Objects: []millrace.Object{o}, Nodes: nodes})
	if err != nil {
		t.Fatal(err)
	}
	return bundle
}

func taintedPool() millrace.NodeShape {
	return millrace.NodeShape{
		Pool:   "spark-executor-pool",
		Labels: map[string]string{"workload": "spark-executor", "team": "data-platform"},
		Taints: []corev1.Taint{{Key: "workload", Value: "spark-executor", Effect: corev1.TaintEffectNoSchedule}},
	}
}

func TestRuleDocumentation(t *testing.T) {
	id := regexp.MustCompile(`^spark/[a-z][a-z-]*[a-z]$`)
	seen := map[string]bool{}
	for _, r := range spark.Rules() {
		if !id.MatchString(r.ID) || seen[r.ID] {
			t.Errorf("%q is no id, or is there twice", r.ID)
		}
		seen[r.ID] = true
		if r.Summary == "" || r.Reason == "" || r.Fix == "" || r.Source == "" || r.Check == nil {
			t.Errorf("%s lacks its documentation", r.ID)
		}
	}
	if len(seen) < 56 {
		t.Errorf("%d rules", len(seen))
	}
}

func TestRules(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(*v1beta2.SparkApplicationSpec)
		want []string // "rule field"
	}{
		"nothing": {func(*v1beta2.SparkApplicationSpec) {}, nil},

		"no guards": {func(s *v1beta2.SparkApplicationSpec) { s.Driver.Annotations, s.Executor.Annotations = nil, nil }, []string{
			"spark/eviction-guard spec.driver.annotations[cluster-autoscaler.kubernetes.io/safe-to-evict]",
			"spark/eviction-guard spec.executor.annotations[cluster-autoscaler.kubernetes.io/safe-to-evict]",
		}},
		"one guard": {func(s *v1beta2.SparkApplicationSpec) { delete(s.Executor.Annotations, millrace.DoNotDisrupt) }, []string{
			"spark/eviction-guard spec.executor.annotations[karpenter.sh/do-not-disrupt]",
		}},
		"guards that say the opposite": {func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Annotations = map[string]string{millrace.SafeToEvict: "true", millrace.DoNotDisrupt: "false"}
		}, []string{
			"spark/eviction-guard spec.executor.annotations[cluster-autoscaler.kubernetes.io/safe-to-evict]",
			"spark/eviction-guard spec.executor.annotations[karpenter.sh/do-not-disrupt]",
		}},
		"guards for a while": {func(s *v1beta2.SparkApplicationSpec) { s.Executor.Annotations[millrace.DoNotDisrupt] = "30m" }, nil},
		"guards in the template": {func(s *v1beta2.SparkApplicationSpec) {
			s.Driver.Annotations, s.Driver.Template.Annotations = nil, millrace.EvictionGuards()
		}, nil},
		"guards in the settings": {func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Annotations = nil
			for key, value := range millrace.EvictionGuards() {
				s.SparkConf["spark.kubernetes.executor.annotation."+key] = value
			}
		}, nil},
		"the field goes before the template": {func(s *v1beta2.SparkApplicationSpec) {
			s.Driver.Template.Annotations = millrace.EvictionGuards()
			s.Driver.Annotations[millrace.SafeToEvict] = "true"
		}, []string{"spark/eviction-guard spec.driver.annotations[cluster-autoscaler.kubernetes.io/safe-to-evict]"}},

		"no priority": {func(s *v1beta2.SparkApplicationSpec) { s.Driver.Template.Spec.PriorityClassName = "" }, []string{"spark/driver-priority-class spec.driver.template.spec.priorityClassName"}},
		"no template": {func(s *v1beta2.SparkApplicationSpec) { s.Driver.Template = nil }, []string{"spark/driver-priority-class spec.driver.template.spec.priorityClassName"}},
		"priority in the field": {func(s *v1beta2.SparkApplicationSpec) {
			s.Driver.Template, s.Driver.PriorityClassName = nil, new("high")
		}, nil},

		"driver that asks for spot": {func(s *v1beta2.SparkApplicationSpec) {
			s.Driver.Template.Spec.NodeSelector["eks.amazonaws.com/capacityType"] = "SPOT"
		}, []string{"spark/driver-on-spot spec.driver.template.spec.nodeSelector[eks.amazonaws.com/capacityType]"}},
		"driver that tolerates spot": {func(s *v1beta2.SparkApplicationSpec) {
			s.Driver.Tolerations = []corev1.Toleration{{Key: "cloud.google.com/gke-spot", Value: "true"}}
		}, []string{"spark/driver-on-spot spec.driver.tolerations[0]"}},
		"driver that tolerates spot, and isn't on it": {func(s *v1beta2.SparkApplicationSpec) {
			s.Driver.Tolerations = []corev1.Toleration{{Key: "karpenter.sh/capacity-type", Operator: corev1.TolerationOpExists}}
			s.Driver.Template.Spec.NodeSelector["karpenter.sh/capacity-type"] = "on-demand"
		}, nil},
		"executors on spot": {func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Tolerations = []corev1.Toleration{{Key: "cloud.google.com/gke-spot", Value: "true"}}
			s.Executor.Template.Spec.NodeSelector["cloud.google.com/gke-spot"] = "true"
			s.Executor.Template.Spec.TerminationGracePeriodSeconds = new(int64(15))
		}, nil},

		"no account":      {func(s *v1beta2.SparkApplicationSpec) { s.Driver.ServiceAccount = nil }, []string{"spark/driver-service-account spec.driver.serviceAccount"}},
		"default account": {func(s *v1beta2.SparkApplicationSpec) { s.Driver.ServiceAccount = new("default") }, []string{"spark/driver-service-account spec.driver.serviceAccount"}},
		"account in the template": {func(s *v1beta2.SparkApplicationSpec) {
			s.Driver.ServiceAccount = nil
			s.Driver.Template.Spec.ServiceAccountName = "spark"
		}, nil},
		"account in the template, by its older name": {func(s *v1beta2.SparkApplicationSpec) {
			s.Driver.ServiceAccount = nil
			s.Driver.Template.Spec.DeprecatedServiceAccount = "spark"
		}, nil},
		"account in the settings": {func(s *v1beta2.SparkApplicationSpec) {
			s.Driver.ServiceAccount = nil
			s.SparkConf["spark.kubernetes.authenticate.driver.serviceAccountName"] = "spark"
		}, []string{"spark/conf-denied spec.sparkConf[spark.kubernetes.authenticate.driver.serviceAccountName]"}},

		"no pool":        {func(s *v1beta2.SparkApplicationSpec) { s.Executor.Template = nil }, []string{"spark/executor-pool spec.executor.template.spec.nodeSelector"}},
		"no tolerations": {func(s *v1beta2.SparkApplicationSpec) { s.Executor.Template.Spec.Tolerations = nil }, []string{"spark/executor-pool spec.executor.template.spec.tolerations"}},
		"no tolerations, of a class of GKE": {func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Template.Spec.Tolerations = nil
			s.Executor.Template.Spec.NodeSelector = map[string]string{"cloud.google.com/compute-class": "spark"}
		}, nil},
		"no selector": {func(s *v1beta2.SparkApplicationSpec) { s.Executor.Template.Spec.NodeSelector = nil }, []string{"spark/executor-pool spec.executor.template.spec.nodeSelector"}},
		"pool in the fields": {func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.NodeSelector, s.Executor.Tolerations = s.Executor.Template.Spec.NodeSelector, s.Executor.Template.Spec.Tolerations
			s.Executor.Template = nil
		}, nil},
		"selector in the settings": {func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Template.Spec.NodeSelector = nil
			s.SparkConf["spark.kubernetes.executor.node.selector.workload"] = "spark-executor"
		}, nil},
		"selector of both roles": {func(s *v1beta2.SparkApplicationSpec) {
			s.NodeSelector, s.Executor.Template.Spec.NodeSelector = s.Executor.Template.Spec.NodeSelector, nil
		}, nil},
		"affinity for a selector": {func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Template.Spec.NodeSelector = nil
			s.Executor.Template.Spec.Affinity = &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{}}}
		}, nil},

		"small heap": {func(s *v1beta2.SparkApplicationSpec) { s.Executor.Memory = new("512m") }, []string{"spark/executor-memory spec.executor.memory"}},
		"small heap in settings": {func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Memory, s.SparkConf["spark.executor.memory"] = nil, "512m"
		}, []string{"spark/executor-memory spec.sparkConf[spark.executor.memory]"}},
		"no size":        {func(s *v1beta2.SparkApplicationSpec) { s.Executor.Memory = new("8Gi") }, []string{"spark/memory-format spec.executor.memory"}},
		"a size to come": {func(s *v1beta2.SparkApplicationSpec) { s.Executor.Memory = new("{{inputs.parameters.memory}}") }, nil},
		"small overhead": {func(s *v1beta2.SparkApplicationSpec) { s.Executor.MemoryOverhead = new("1g") }, []string{"spark/executor-memory spec.executor.memoryOverhead"}},
		"enough for the JVM": {func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.MemoryOverhead, s.Type, s.MainApplicationFile, s.MainClass = new("1g"), "Scala", new("local:///etl.jar"), new("com.company.Etl")
		}, nil},
		"small overhead in settings": {func(s *v1beta2.SparkApplicationSpec) { s.SparkConf["spark.executor.memoryOverhead"] = "1g" }, []string{"spark/executor-memory spec.sparkConf[spark.executor.memoryOverhead]"}},
		"small factor":               {func(s *v1beta2.SparkApplicationSpec) { s.MemoryOverheadFactor = new("0.1") }, []string{"spark/executor-memory spec.memoryOverheadFactor"}},
		"small factor in settings":   {func(s *v1beta2.SparkApplicationSpec) { s.SparkConf["spark.executor.memoryOverheadFactor"] = "0.1" }, []string{"spark/executor-memory spec.sparkConf[spark.executor.memoryOverheadFactor]"}},
		"large overhead":             {func(s *v1beta2.SparkApplicationSpec) { s.Executor.MemoryOverhead = new("4g") }, nil},
		"limit below the request":    {func(s *v1beta2.SparkApplicationSpec) { s.Executor.MemoryLimit = new("8Gi") }, []string{"spark/executor-memory spec.executor.memoryLimit"}},
		"limit as Spark spells it":   {func(s *v1beta2.SparkApplicationSpec) { s.Executor.MemoryLimit = new("8g") }, []string{"spark/executor-memory spec.executor.memoryLimit"}},
		"limit above the request":    {func(s *v1beta2.SparkApplicationSpec) { s.Executor.MemoryLimit = new("12Gi") }, nil},

		"no threshold": {func(s *v1beta2.SparkApplicationSpec) { delete(s.SparkConf, "spark.sql.autoBroadcastJoinThreshold") }, []string{"spark/broadcast-threshold spec.sparkConf[spark.sql.autoBroadcastJoinThreshold]"}},
		"no settings": {func(s *v1beta2.SparkApplicationSpec) { s.SparkConf = nil }, []string{
			"spark/broadcast-threshold spec.sparkConf[spark.sql.autoBroadcastJoinThreshold]", "spark/shuffle-loss spec.sparkConf[spark.decommission.enabled]",
			"spark/event-log spec.sparkConf[spark.eventLog.enabled]"}},
		"huge threshold": {func(s *v1beta2.SparkApplicationSpec) { s.SparkConf["spark.sql.autoBroadcastJoinThreshold"] = "1g" }, []string{"spark/broadcast-threshold spec.sparkConf[spark.sql.autoBroadcastJoinThreshold]"}},
		"huge threshold in bytes": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkConf["spark.sql.autoBroadcastJoinThreshold"] = "1073741824"
		}, []string{"spark/broadcast-threshold spec.sparkConf[spark.sql.autoBroadcastJoinThreshold]"}},
		"huge measured threshold": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkConf["spark.sql.adaptive.autoBroadcastJoinThreshold"] = "1g"
		}, []string{"spark/broadcast-threshold spec.sparkConf[spark.sql.adaptive.autoBroadcastJoinThreshold]"}},
		"no threshold of a size": {func(s *v1beta2.SparkApplicationSpec) { s.SparkConf["spark.sql.autoBroadcastJoinThreshold"] = "off" }, []string{"spark/broadcast-threshold spec.sparkConf[spark.sql.autoBroadcastJoinThreshold]"}},
		"a bounded threshold": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkConf["spark.sql.autoBroadcastJoinThreshold"] = "10485760"
		}, nil},

		"no decommissioning": {func(s *v1beta2.SparkApplicationSpec) { delete(s.SparkConf, "spark.decommission.enabled") }, []string{"spark/shuffle-loss spec.sparkConf[spark.decommission.enabled]"}},
		"no migration": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkConf["spark.storage.decommission.shuffleBlocks.enabled"] = "false"
		}, []string{"spark/shuffle-loss spec.sparkConf[spark.decommission.enabled]"}},
		"Magnet": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkConf["spark.shuffle.push.enabled"] = "true"
			delete(s.SparkConf, "spark.decommission.enabled")
		}, []string{"spark/shuffle-loss spec.sparkConf[spark.decommission.enabled]", "spark/push-shuffle spec.sparkConf[spark.shuffle.push.enabled]"}},
		"a remote service": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkConf["spark.decommission.enabled"] = "false"
			s.SparkConf["spark.shuffle.manager"] = "com.company.shuffle.Manager"
		}, nil},
		"the manager as it is": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkConf["spark.decommission.enabled"] = "false"
			s.SparkConf["spark.shuffle.manager"] = "sort"
		}, []string{"spark/shuffle-loss spec.sparkConf[spark.decommission.enabled]"}},
		"reused volumes": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkConf["spark.decommission.enabled"] = "false"
			s.SparkConf["spark.shuffle.sort.io.plugin.class"] = "org.apache.spark.shuffle.KubernetesLocalDiskShuffleDataIO"
		}, nil},
		"reused volumes, where Spark finds nothing again": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkConf["spark.shuffle.sort.io.plugin.class"] = "org.apache.spark.shuffle.KubernetesLocalDiskShuffleDataIO"
			s.SparkConf["spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1.mount.path"] = "/var/data/spark-local-dir-1"
		}, []string{"spark/shuffle-loss spec.sparkConf[spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1.mount.path]"}},
		"reused volumes, where Spark looks": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkConf["spark.shuffle.sort.io.plugin.class"] = "org.apache.spark.shuffle.KubernetesLocalDiskShuffleDataIO"
			s.SparkConf["spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1.mount.path"] = "/data/spark-x/executor-x"
		}, nil},

		"latest":                   {func(s *v1beta2.SparkApplicationSpec) { s.Image = new("company-registry/spark-etl:latest") }, []string{"spark/latest-tag spec.image"}},
		"no tag":                   {func(s *v1beta2.SparkApplicationSpec) { s.Image = new("registry:5000/spark-etl") }, []string{"spark/latest-tag spec.image"}},
		"a role's image":           {func(s *v1beta2.SparkApplicationSpec) { s.Driver.Image, s.Executor.Image = new("a"), new("a:latest") }, []string{"spark/latest-tag spec.driver.image", "spark/latest-tag spec.executor.image"}},
		"an image in the settings": {func(s *v1beta2.SparkApplicationSpec) { s.SparkConf["spark.kubernetes.container.image"] = "a" }, []string{"spark/latest-tag spec.sparkConf[spark.kubernetes.container.image]", "spark/conf-denied spec.sparkConf[spark.kubernetes.container.image]"}},
		"a digest":                 {func(s *v1beta2.SparkApplicationSpec) { s.Image = new("spark-etl@sha256:abc") }, nil},
		"latest with a digest":     {func(s *v1beta2.SparkApplicationSpec) { s.Image = new("spark-etl:latest@sha256:abc") }, nil},
		"a tag to come":            {func(s *v1beta2.SparkApplicationSpec) { s.Image = new("spark-etl:{{workflow.parameters.tag}}") }, nil},
		"an image to come":         {func(s *v1beta2.SparkApplicationSpec) { s.Image = new("{{workflow.parameters.image}}") }, nil},

		"no intervals": {func(s *v1beta2.SparkApplicationSpec) {
			s.RestartPolicy = v1beta2.RestartPolicy{Type: "OnFailure", OnFailureRetries: new(int32(1)), OnSubmissionFailureRetries: new(int32(1))}
		}, []string{
			"spark/restart-intervals spec.restartPolicy.onFailureRetryInterval", "spark/restart-intervals spec.restartPolicy.onSubmissionFailureRetryInterval"}},
		"no retries": {func(s *v1beta2.SparkApplicationSpec) {
			s.RestartPolicy.OnFailureRetries, s.RestartPolicy.OnSubmissionFailureRetries = nil, nil
		}, []string{"spark/restart-intervals spec.restartPolicy.onFailureRetries", "spark/restart-intervals spec.restartPolicy.onSubmissionFailureRetries"}},
		"tolerations that are settings": {func(s *v1beta2.SparkApplicationSpec) { s.SparkConf["spark.kubernetes.executor.tolerations"] = "[]" }, []string{"spark/ignored-conf spec.sparkConf[spark.kubernetes.executor.tolerations]"}},
		"a slip":                        {func(s *v1beta2.SparkApplicationSpec) { s.SparkConf["spark.kubernetes.alocation.batch.size"] = "9" }, []string{"spark/ignored-conf spec.sparkConf[spark.kubernetes.alocation.batch.size]"}},
		"a shuffle service of YARN":     {func(s *v1beta2.SparkApplicationSpec) { s.SparkConf["spark.shuffle.service.enabled"] = "true" }, []string{"spark/external-shuffle spec.sparkConf[spark.shuffle.service.enabled]"}},
		"a slip elsewhere":              {func(s *v1beta2.SparkApplicationSpec) { s.SparkConf["spark.sql.shuffle.partition"] = "9" }, []string{"spark/ignored-conf spec.sparkConf[spark.sql.shuffle.partition]"}},
		"settings that Spark has": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkConf["spark.kubernetes.executor.label.tier"] = "data"
			s.SparkConf["spark.company.x"] = "y"
		}, nil},
		"a setting of a later Spark": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkVersion, s.SparkConf["spark.kubernetes.allocation.recoveryMode.enabled"] = "4.2.0", "true"
		}, nil},

		"allocation without end": {func(s *v1beta2.SparkApplicationSpec) {
			s.DynamicAllocation = &v1beta2.DynamicAllocation{Enabled: true}
		}, []string{"spark/allocation-bound spec.dynamicAllocation.maxExecutors"}},
		"allocation without end in settings": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkConf["spark.dynamicAllocation.enabled"] = "true"
		}, []string{"spark/allocation-bound spec.sparkConf[spark.dynamicAllocation.maxExecutors]"}},
		"a bound": {func(s *v1beta2.SparkApplicationSpec) {
			s.DynamicAllocation = &v1beta2.DynamicAllocation{Enabled: true, MaxExecutors: new(int32(9))}
		}, nil},
		"a bound in settings": {func(s *v1beta2.SparkApplicationSpec) {
			s.DynamicAllocation = &v1beta2.DynamicAllocation{Enabled: true}
			s.SparkConf["spark.dynamicAllocation.maxExecutors"] = "9"
		}, nil},
		"no allocation": {func(s *v1beta2.SparkApplicationSpec) { s.DynamicAllocation = &v1beta2.DynamicAllocation{} }, nil},

		"secrets": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkConf["spark.hadoop.fs.s3a.secret.key"] = "x"
			s.HadoopConf = map[string]string{"fs.azure.account.key.store.dfs.core.windows.net": "x"}
			s.Driver.Template.Spec.Containers[0].Env = []corev1.EnvVar{{Name: "DB_PASSWORD", Value: "x"}}
			s.Executor.EnvVars = map[string]string{"AWS_SECRET_ACCESS_KEY": "x"}
			s.Arguments = []string{"--date=today", "--db-password=x"}
			s.Driver.JavaOptions = new("-Dx=y -Djavax.net.ssl.keyStorePassword=x")
			s.SparkConf["spark.executor.extraJavaOptions"] = "-Djavax.net.ssl.trustStorePassword=x"
			s.Executor.Sidecars = []corev1.Container{{Args: []string{"--password", "x"}}}
			s.Executor.InitContainers = []corev1.Container{{Env: []corev1.EnvVar{{Name: "API_KEY", Value: "x"}}}}
		}, []string{
			"spark/plaintext-secret spec.arguments[1]",
			"spark/plaintext-secret spec.driver.javaOptions",
			"spark/plaintext-secret spec.driver.template.spec.containers[0].env[0].value",
			"spark/plaintext-secret spec.executor.envVars[AWS_SECRET_ACCESS_KEY]",
			"spark/plaintext-secret spec.executor.initContainers[0].env[0].value",
			"spark/plaintext-secret spec.executor.sidecars[0].args[1]",
			"spark/plaintext-secret spec.hadoopConf[fs.azure.account.key.store.dfs.core.windows.net]",
			"spark/plaintext-secret spec.sparkConf[spark.executor.extraJavaOptions]",
			"spark/plaintext-secret spec.sparkConf[spark.hadoop.fs.s3a.secret.key]",
		}},
		"no secrets": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkConf["spark.kubernetes.driver.secretKeyRef.KEY"] = "s3:key"
			s.HadoopConf = map[string]string{"fs.s3a.server-side-encryption.key": "arn:aws:kms:x", "fs.s3a.secret.key": "${env.KEY}"}
			s.Driver.Template.Spec.Containers[0].Env = []corev1.EnvVar{
				{Name: "DB_PASSWORD", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{Key: "password"}}},
				{Name: "DB_PASSWORD_FILE", Value: "/run/secrets/db"}, {Name: "AWS_SESSION_TOKEN", Value: "{{inputs.parameters.token}}"},
			}
		}, nil},

		"never":     {func(s *v1beta2.SparkApplicationSpec) { s.RestartPolicy = v1beta2.RestartPolicy{Type: "Never"} }, nil},
		"no policy": {func(s *v1beta2.SparkApplicationSpec) { s.RestartPolicy = v1beta2.RestartPolicy{} }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			app := good(t)
			tc.edit(&app.Spec)
			if diff := cmp.Diff(tc.want, ids(without("spark/webhook-fields", check(bundleOf(t, app))))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			// The same template in a schedule has the same findings.
			scheduled := &v1beta2.ScheduledSparkApplication{
				TypeMeta:   metav1.TypeMeta{APIVersion: "sparkoperator.k8s.io/v1beta2", Kind: "ScheduledSparkApplication"},
				ObjectMeta: metav1.ObjectMeta{Name: "daily"},
				Spec: v1beta2.ScheduledSparkApplicationSpec{
					Schedule: "@daily", ConcurrencyPolicy: v1beta2.ConcurrencyForbid, Template: app.Spec,
				},
			}
			var want []string
			for _, s := range tc.want {
				want = append(want, strings.Replace(s, " spec.", " spec.template.", 1))
			}
			if diff := cmp.Diff(want, ids(without("spark/webhook-fields", check(bundleOf(t, scheduled))))); diff != "" {
				t.Errorf("findings in a schedule (-want +got):\n%s", diff)
			}
		})
	}
}

func ids(found []string) []string {
	var out []string
	for _, s := range found {
		id, _, _ := strings.Cut(s, ": ")
		out = append(out, id)
	}
	return out
}

// Where the executors ask for a pool that has a taint, placement/no-pool names
// the taint, and the rule needn't ask for any toleration.
func TestExecutorPoolAgainstNodes(t *testing.T) {
	const found = "spark/executor-pool spec.executor.template.spec.tolerations"
	open := taintedPool()
	open.Taints = nil
	for name, tc := range map[string]struct {
		pools    []millrace.NodeShape
		selector map[string]string
		want     []string
	}{
		"the pool has a taint":          {[]millrace.NodeShape{{Pool: "other"}, taintedPool()}, map[string]string{"workload": "spark-executor"}, nil},
		"it has none":                   {[]millrace.NodeShape{open}, map[string]string{"workload": "spark-executor"}, []string{found}},
		"one of two has none":           {[]millrace.NodeShape{taintedPool(), open}, map[string]string{"workload": "spark-executor"}, []string{found}},
		"another pool is asked for":     {[]millrace.NodeShape{taintedPool()}, map[string]string{"workload": "spark"}, []string{found}},
		"no pool is asked for":          {[]millrace.NodeShape{taintedPool()}, map[string]string{"topology.kubernetes.io/zone": "eu-west-1a"}, []string{found}},
		"there is no pool to look at":   {nil, map[string]string{"workload": "spark-executor"}, []string{found}},
		"its tolerations aren't enough": {[]millrace.NodeShape{taintedPool()}, map[string]string{"workload": "spark-executor"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			app := good(t)
			pod := &app.Spec.Executor.Template.Spec
			pod.NodeSelector = tc.selector
			if pod.Tolerations = nil; name == "its tolerations aren't enough" {
				pod.Tolerations = []corev1.Toleration{{Key: "other", Operator: corev1.TolerationOpExists}}
			}
			if diff := cmp.Diff(tc.want, ids(check(bundleOf(t, app, tc.pools...)))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// The rules pass over what isn't theirs, and stand an empty spec and a pass
// without a bundle.
func TestRulesNeverPanic(t *testing.T) {
	for _, o := range []millrace.Object{
		&corev1.Pod{}, (*v1beta2.SparkApplication)(nil), (*v1beta2.ScheduledSparkApplication)(nil), &v1beta2.SparkApplication{}, nil,
	} {
		for _, rule := range spark.Rules() {
			found := 0
			rule.Check(&millrace.Pass{Object: o, Report: func(string, string) { found++ }})
			if _, own := o.(*v1beta2.SparkApplication); !own && found > 0 {
				t.Errorf("%s found something in a %T", rule.ID, o)
			}
		}
	}
}

func TestRulesChangeNothing(t *testing.T) {
	app := good(t)
	app.Spec.NodeSelector = map[string]string{"a": "b"}
	before := app.DeepCopy()
	check(bundleOf(t, app, taintedPool()))
	if diff := cmp.Diff(before, app); diff != "" {
		t.Errorf("a rule changed its object:\n%s", diff)
	}
}

// The article's own manifest breaks what the article itself asks for.
func TestArticleManifest(t *testing.T) {
	app := &v1beta2.SparkApplication{
		TypeMeta:   metav1.TypeMeta{APIVersion: "sparkoperator.k8s.io/v1beta2", Kind: "SparkApplication"},
		ObjectMeta: metav1.ObjectMeta{Name: "etl-job", Namespace: "data-platform"},
		Spec: v1beta2.SparkApplicationSpec{
			Type: "Scala", Mode: "cluster", Image: new("company-registry/spark-etl:latest"), MainClass: new("com.company.etl.ExtractOrders"),
			Driver:   v1beta2.DriverSpec{SparkPodSpec: v1beta2.SparkPodSpec{Cores: new(int32(2)), Memory: new("4g"), ServiceAccount: new("spark-executor")}},
			Executor: v1beta2.ExecutorSpec{SparkPodSpec: v1beta2.SparkPodSpec{Cores: new(int32(4)), Memory: new("8g")}, Instances: new(int32(8))},
		},
	}
	var rules []string
	for _, s := range check(bundleOf(t, app)) {
		id, _, _ := strings.Cut(s, " ")
		rules = append(rules, id)
	}
	want := []string{"spark/eviction-guard", "spark/driver-priority-class", "spark/executor-pool", "spark/broadcast-threshold", "spark/shuffle-loss", "spark/latest-tag",
		"spark/time-to-live", "spark/event-log"}
	if diff := cmp.Diff(want, slices.Compact(rules)); diff != "" {
		t.Error(fmt.Sprint("rules (-want +got):\n", diff))
	}
}
