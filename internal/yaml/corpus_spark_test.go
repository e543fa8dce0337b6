package yaml_test

import (
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// sparkApplication is a full SparkApplication, about 4.8 KB of JSON.
func sparkApplication() *v1beta2.SparkApplication {
	return &v1beta2.SparkApplication{
		TypeMeta: metav1.TypeMeta{APIVersion: "sparkoperator.k8s.io/v1beta2", Kind: "SparkApplication"},
		ObjectMeta: metav1.ObjectMeta{
			Name: "extract-orders", Namespace: "data-platform",
			Labels: map[string]string{
				"app.kubernetes.io/name": "extract-orders", "app.kubernetes.io/version": "3.5.1",
				"team": "data-platform", "tier": "batch",
			},
			Annotations: map[string]string{"millrace.dev/content-hash": "0e5f5a21", "millrace.dev/attempt": "1"},
		},
		Spec: v1beta2.SparkApplicationSpec{
			Type: v1beta2.SparkApplicationTypeScala, SparkVersion: "3.5.1", Mode: v1beta2.DeployModeCluster,
			Image: new("company-registry/spark-etl:3.5.1"), ImagePullPolicy: new("IfNotPresent"),
			ImagePullSecrets: []string{"company-registry"},
			MainClass:        new("com.company.etl.ExtractOrders"), MainApplicationFile: new("local:///opt/spark/jobs/etl.jar"),
			Arguments: []string{"--date={{workflow.parameters.date}}", "--source=s3a://raw/orders", "--partitions", "200", "--dry-run", "no"},
			SparkConf: map[string]string{
				"spark.sql.adaptive.enabled":                                   "true",
				"spark.sql.adaptive.coalescePartitions.enabled":                "true",
				"spark.sql.adaptive.skewJoin.enabled":                          "true",
				"spark.sql.shuffle.partitions":                                 "400",
				"spark.sql.files.maxPartitionBytes":                            "134217728",
				"spark.serializer":                                             "org.apache.spark.serializer.KryoSerializer",
				"spark.kubernetes.allocation.batch.size":                       "10",
				"spark.kubernetes.executor.deleteOnTermination":                "true",
				"spark.decommission.enabled":                                   "true",
				"spark.storage.decommission.shuffleBlocks.enabled":             "true",
				"spark.hadoop.fs.s3a.aws.credentials.provider":                 "com.amazonaws.auth.WebIdentityTokenCredentialsProvider",
				"spark.hadoop.fs.s3a.connection.maximum":                       "200",
				"spark.hadoop.fs.s3a.fast.upload":                              "true",
				"spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version": "2",
				"spark.network.timeout":                                        "300s",
				"spark.executor.heartbeatInterval":                             "30s",
				"spark.memory.fraction":                                        "0.7",
				"spark.speculation":                                            "false",
			},
			HadoopConf: map[string]string{"fs.s3a.endpoint": "s3.eu-central-1.amazonaws.com", "fs.s3a.path.style.access": "true"},
			Volumes: []corev1.Volume{
				{Name: "spark-local-dir-1", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{SizeLimit: new(resource.MustParse("100Gi"))}}},
				{Name: "config", VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{
					LocalObjectReference: corev1.LocalObjectReference{Name: "etl-config"}, DefaultMode: new(int32(0o644))}}},
				{Name: "scratch", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}},
			},
			Driver: v1beta2.DriverSpec{
				SparkPodSpec: sparkPod(2, "4g", "driver"), CoreRequest: new("2"), PriorityClassName: new("batch-high"),
				JavaOptions: new("-XX:+UseG1GC -XX:+ExitOnOutOfMemoryError -Dlog4j.configurationFile=/etc/spark/log4j2.properties"),
			},
			Executor: v1beta2.ExecutorSpec{
				SparkPodSpec: sparkPod(4, "8g", "executor"), CoreRequest: new("3500m"), Instances: new(int32(8)),
				JavaOptions: new("-XX:+UseG1GC -XX:InitiatingHeapOccupancyPercent=35"), DeleteOnTermination: new(true),
			},
			RestartPolicy: v1beta2.RestartPolicy{Type: v1beta2.RestartPolicyOnFailure,
				OnFailureRetries: new(int32(3)), OnFailureRetryInterval: new(int64(30)),
				OnSubmissionFailureRetries: new(int32(0)), OnSubmissionFailureRetryInterval: new(int64(20))},
			TimeToLiveSeconds: new(int64(86400)),
			Monitoring: &v1beta2.MonitoringSpec{ExposeDriverMetrics: true, ExposeExecutorMetrics: true,
				Prometheus: &v1beta2.PrometheusSpec{JmxExporterJar: "/prometheus/jmx_prometheus_javaagent.jar", Port: new(int32(8090))}},
			DynamicAllocation: &v1beta2.DynamicAllocation{Enabled: true, InitialExecutors: new(int32(2)), MinExecutors: new(int32(0)), MaxExecutors: new(int32(16))},
		},
	}
}

func sparkPod(cores int32, memory, role string) v1beta2.SparkPodSpec {
	return v1beta2.SparkPodSpec{
		Cores: &cores, CoreLimit: new("4000m"), Memory: &memory, MemoryOverhead: new("1g"),
		ServiceAccount: new("spark-" + role), Labels: map[string]string{"role": role, "version": "3.5.1"},
		Annotations:                   map[string]string{"karpenter.sh/do-not-disrupt": "true"},
		NodeSelector:                  map[string]string{"cloud.google.com/gke-nodepool": "spark-executor-pool"},
		Tolerations:                   []corev1.Toleration{{Key: "workload", Operator: corev1.TolerationOpEqual, Value: "spark", Effect: corev1.TaintEffectNoSchedule}},
		VolumeMounts:                  []corev1.VolumeMount{{Name: "spark-local-dir-1", MountPath: "/tmp/spark"}, {Name: "config", MountPath: "/etc/spark", ReadOnly: true}},
		TerminationGracePeriodSeconds: new(int64(0)),
		Env: []corev1.EnvVar{
			{Name: "AWS_REGION", Value: "eu-central-1"}, {Name: "DRY_RUN", Value: "no"}, {Name: "EMPTY"},
			{Name: "POD_IP", ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: "status.podIP"}}},
			{Name: "DB_PASSWORD", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
				LocalObjectReference: corev1.LocalObjectReference{Name: "orders-db"}, Key: "password", Optional: new(false)}}},
		},
		SecurityContext: &corev1.SecurityContext{RunAsNonRoot: new(true), RunAsUser: new(int64(185)), AllowPrivilegeEscalation: new(false),
			Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}}, SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault}},
		Affinity: &corev1.Affinity{PodAntiAffinity: &corev1.PodAntiAffinity{
			PreferredDuringSchedulingIgnoredDuringExecution: []corev1.WeightedPodAffinityTerm{{Weight: 100, PodAffinityTerm: corev1.PodAffinityTerm{
				TopologyKey: "kubernetes.io/hostname", LabelSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"role": role}}}}}}},
		Template: &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{
			Name: "spark-kubernetes-" + role, Resources: corev1.ResourceRequirements{
				Requests: corev1.ResourceList{"ephemeral-storage": resource.MustParse("20Gi")},
				Limits:   corev1.ResourceList{"ephemeral-storage": resource.MustParse("100Gi"), "memory": resource.MustParse("10Gi")},
			}}}}},
	}
}
