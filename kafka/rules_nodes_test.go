package kafka_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// TestNodeRules plants faults in the nodes of a cluster of loaded objects.
func TestNodeRules(t *testing.T) {
	heap := func(least, most string) func(*composition) {
		return func(c *composition) {
			c.brokers.Spec.JVMOptions = &strimziv1.JVMOptions{}
			if least != "" {
				c.brokers.Spec.JVMOptions.Xms = new(least)
			}
			if most != "" {
				c.brokers.Spec.JVMOptions.Xmx = new(most)
			}
		}
	}
	budget := func(n int64) func(*composition) {
		return func(c *composition) {
			c.kafka.Spec.Kafka.Template = &strimziv1.KafkaClusterTemplate{PodDisruptionBudget: &strimziv1.PodDisruptionBudgetTemplate{MaxUnavailable: new(n)}}
		}
	}
	version := func(v, metadata string) func(*composition) {
		return func(c *composition) {
			c.kafka.Spec.Kafka.Version, c.kafka.Spec.Kafka.MetadataVersion = new(v), new(metadata)
		}
	}
	const versions, operators = "kafka/version events: spec.kafka.version", "kafka/version-operators events: spec.kafka.version"
	for name, tc := range map[string]struct {
		change func(*composition)
		want   []string
	}{
		"version of the newest":     {version("4.3.1", "4.3-IV0"), nil},
		"version dropped":           {version("4.1.2", "4.1-IV1"), []string{operators}},
		"version to come":           {version("4.3.2", "4.3-IV0"), []string{operators}},
		"line to come":              {version("4.4.0", "4.4"), []string{operators}},
		"version of no release":     {version("4.1.3", "4.1-IV1"), []string{versions}},
		"version no version":        {version("latest", "4.3-IV0"), []string{versions}},
		"metadata of no release":    {version("4.3.0", "4.2-IV2"), []string{"kafka/metadata-version events: spec.kafka.metadataVersion", "kafka/version events: spec.kafka.metadataVersion"}},
		"metadata behind":           {version("4.3.0", "4.2-IV1"), []string{"kafka/metadata-version events: spec.kafka.metadataVersion"}},
		"metadata by the full name": {version("4.3.0", "4.3.0"), nil},
		"disks of old metadata": {func(c *composition) {
			c.kafka.Spec.Kafka.MetadataVersion = new("3.7-IV1")
			c.brokers.Spec.Storage.Volumes = append(c.brokers.Spec.Storage.Volumes, strimziv1.StorageVolume{ID: new(int64(1)), Type: "persistent-claim", Size: new("1Ti"), Class: new("fast")})
		}, []string{"kafka/storage brokers: spec.storage.volumes"}},
		"disks of new metadata": {func(c *composition) {
			c.kafka.Spec.Kafka.MetadataVersion = new("3.7-IV2")
			c.brokers.Spec.Storage.Volumes = append(c.brokers.Spec.Storage.Volumes, strimziv1.StorageVolume{ID: new(int64(1)), Type: "persistent-claim", Size: new("1Ti"), Class: new("fast")})
		}, nil},

		"image of some version": {func(c *composition) { c.kafka.Spec.Kafka.Image = new("registry/kafka:own") }, []string{"kafka/image-version events: spec.kafka.version"}},
		"image of a version": {func(c *composition) {
			c.kafka.Spec.Kafka.Image, c.kafka.Spec.Kafka.Version = new("registry/kafka:own"), new("4.3.1")
		}, nil},

		"heap fixed":       {heap("4g", "4096m"), nil},
		"heap that grows":  {heap("1g", "4g"), []string{"kafka/page-cache brokers: spec.jvmOptions.-Xms"}},
		"heap that starts": {heap("", "4g"), []string{"kafka/page-cache brokers: spec.jvmOptions.-Xms"}},
		"heap without end": {heap("4g", ""), []string{"kafka/page-cache brokers: spec.jvmOptions.-Xms"}},
		"heap that starts by a share": {func(c *composition) {
			c.brokers.Spec.JVMOptions = &strimziv1.JVMOptions{XX: map[string]string{"InitialRAMPercentage": "50"}}
		}, []string{"kafka/page-cache brokers: spec.jvmOptions.-XX[InitialRAMPercentage]"}},
		"heap of most":     {heap("5g", "5g"), []string{"kafka/page-cache brokers: spec.jvmOptions.-Xmx"}},
		"heap of all":      {heap("8g", "8g"), []string{"kafka/heap brokers: spec.jvmOptions.-Xmx"}},
		"heap in Gi":       {heap("4Gi", "4Gi"), []string{"kafka/heap brokers: spec.jvmOptions.-Xms", "kafka/heap brokers: spec.jvmOptions.-Xmx"}},
		"heap upside down": {heap("4g", "2g"), []string{"kafka/heap brokers: spec.jvmOptions.-Xms", "kafka/page-cache brokers: spec.jvmOptions.-Xms"}},
		"heap of a share": {func(c *composition) {
			c.brokers.Spec.JVMOptions = &strimziv1.JVMOptions{XX: map[string]string{"MaxRAMPercentage": "60"}}
		}, []string{"kafka/page-cache brokers: spec.jvmOptions.-XX[MaxRAMPercentage]"}},
		"heap of half": {func(c *composition) {
			c.brokers.Spec.JVMOptions = &strimziv1.JVMOptions{XX: map[string]string{"MaxRAMPercentage": "50"}}
		}, nil},
		"heap of the Kafka": {func(c *composition) {
			c.kafka.Spec.Kafka.JVMOptions = &strimziv1.JVMOptions{Xms: new("6g"), Xmx: new("6g")}
		}, []string{"kafka/page-cache brokers: spec.jvmOptions.-Xmx"}},
		"heap of controllers": {func(c *composition) {
			c.controllers.Spec.JVMOptions = &strimziv1.JVMOptions{Xms: new("6g"), Xmx: new("6g")}
		}, nil},
		"heap of controllers, most": {func(c *composition) {
			c.controllers.Spec.JVMOptions = &strimziv1.JVMOptions{Xms: new("7g"), Xmx: new("7g")}
		}, []string{"kafka/page-cache controllers: spec.jvmOptions.-Xmx"}},
		"options": {func(c *composition) {
			c.brokers.Spec.JVMOptions = &strimziv1.JVMOptions{XX: map[string]string{"UseZGC": "true", "-XX:+UseG1GC": "true", "Flags": "a b"},
				JavaSystemProperties: []strimziv1.SystemProperty{{Name: new("a"), Value: new("b")}, {Value: new("b")}, {Name: new("a"), Value: new("b c")}}}
		}, []string{"kafka/jvm brokers: spec.jvmOptions.-XX[-XX:+UseG1GC]", "kafka/jvm brokers: spec.jvmOptions.-XX[Flags]",
			"kafka/jvm brokers: spec.jvmOptions.javaSystemProperties[1].name", "kafka/jvm brokers: spec.jvmOptions.javaSystemProperties[2]"}},

		"no memory":        {func(c *composition) { c.brokers.Spec.Resources = nil }, []string{"kafka/memory brokers: spec.resources"}},
		"memory unlimited": {func(c *composition) { c.brokers.Spec.Resources.Limits = nil }, []string{"kafka/memory brokers: spec.resources.limits[memory]"}},
		"memory by limit":  {func(c *composition) { c.brokers.Spec.Resources.Requests = nil }, nil},
		"memory shared":    {func(c *composition) { c.brokers.Spec.Resources.Requests = quantities("4Gi", "2") }, []string{"kafka/memory brokers: spec.resources.requests[memory]"}},
		"CPU limited":      {func(c *composition) { c.brokers.Spec.Resources.Limits = quantities("8Gi", "4") }, []string{"kafka/cpu-limit brokers: spec.resources.limits[cpu]"}},
		"CPU below nothing": {func(c *composition) { c.brokers.Spec.Resources.Requests[corev1.ResourceCPU] = resource.MustParse("0") },
			[]string{"kafka/resources brokers: spec.resources.requests[cpu]"}},
		"limit below": {func(c *composition) { c.brokers.Spec.Resources.Limits = quantities("4Gi", "") }, []string{"kafka/resources brokers: spec.resources.limits[memory]"}},

		"one disk": {func(c *composition) {
			c.brokers.Spec.Storage = strimziv1.Storage{Type: strimziv1.StorageTypePersistentClaim, Size: new("1Ti"), Class: new("fast")}
		}, []string{"kafka/storage-jbod brokers: spec.storage.type"}},
		"disks that stay": {func(c *composition) { c.class.AllowVolumeExpansion = new(false) },
			[]string{"kafka/storage-expansion brokers: spec.storage.volumes[0].class", "kafka/storage-expansion controllers: spec.storage.volumes[0].class"}},
		"disks of a file server": {func(c *composition) { c.class.Provisioner = "efs.csi.aws.com" },
			[]string{"kafka/file-storage brokers: spec.storage.volumes[0].class", "kafka/file-storage controllers: spec.storage.volumes[0].class"}},
		"storage without type": {func(c *composition) { c.brokers.Spec.Storage = strimziv1.Storage{} }, []string{"kafka/storage brokers: spec.storage", "kafka/storage-class brokers: spec.storage.class"}},
		"disks of one number": {func(c *composition) {
			v := c.brokers.Spec.Storage.Volumes[0]
			v.KRaftMetadata = strimziv1.KRaftMetadataShared
			c.brokers.Spec.Storage.Volumes = []strimziv1.StorageVolume{v, v}
		}, []string{"kafka/storage brokers: spec.storage.volumes[1].id", "kafka/storage brokers: spec.storage.volumes[1].kraftMetadata"}},
		"size of nothing": {func(c *composition) { c.brokers.Spec.Storage.Volumes[0].Size = new("0Gi") }, []string{"kafka/storage brokers: spec.storage.volumes[0].size"}},
		"list beside a disk": {func(c *composition) {
			c.brokers.Spec.Storage.Type, c.brokers.Spec.Storage.Size, c.brokers.Spec.Storage.Class = "persistent-claim", new("1Ti"), new("fast")
		}, []string{"kafka/storage brokers: spec.storage.volumes", "kafka/storage-jbod brokers: spec.storage.type"}},
		"no type of disk":  {func(c *composition) { c.brokers.Spec.Storage.Volumes[0].Type = "tape" }, []string{"kafka/storage brokers: spec.storage.volumes[0].type"}},
		"size of the list": {func(c *composition) { c.brokers.Spec.Storage.Size = new("1Ti") }, []string{"kafka/storage brokers: spec.storage.size"}},
		"list of no disks": {func(c *composition) { c.brokers.Spec.Storage.Volumes = nil }, []string{"kafka/storage brokers: spec.storage.volumes"}},

		"roles in one": {func(c *composition) {
			c.brokers.Spec.Roles = []strimziv1.ProcessRole{"broker", "controller"}
			c.controllers.Spec.Replicas = 2
		}, []string{"kafka/separate-roles brokers: spec.roles"}},
		"no role":      {func(c *composition) { c.controllers.Spec.Roles = nil }, []string{"kafka/pool controllers: spec.roles", "kafka/pool events: metadata.name"}},
		"role unknown": {func(c *composition) { c.controllers.Spec.Roles = []strimziv1.ProcessRole{"zookeeper"} }, []string{"kafka/pool controllers: spec.roles[0]"}},
		"role twice": {func(c *composition) { c.brokers.Spec.Roles = []strimziv1.ProcessRole{"broker", "broker"} },
			[]string{"kafka/pool brokers: spec.roles[1]"}},
		"fewer than none": {func(c *composition) { c.brokers.Spec.Replicas = -1 }, []string{"kafka/pool brokers: spec.replicas", "kafka/pool events: metadata.name", "kafka/topic-replicas orders: spec.replicas"}},

		"budget of one":  {budget(1), nil},
		"budget of none": {budget(0), []string{"kafka/disruption-budget events: spec.kafka.template.podDisruptionBudget.maxUnavailable"}},
		"budget of two":  {budget(2), []string{"kafka/disruption-budget events: spec.kafka.template.podDisruptionBudget.maxUnavailable"}},

		"numbers": {func(c *composition) {
			c.brokers.Annotations = map[string]string{"strimzi.io/next-node-ids": "[0, 10-19, 5 - 3]", "strimzi.io/remove-node-ids": "[]"}
		}, nil},
		"numbers no list": {func(c *composition) { c.brokers.Annotations = map[string]string{"strimzi.io/next-node-ids": "0-9"} }, []string{"kafka/node-ids brokers: metadata.annotations[strimzi.io/next-node-ids]"}},
		"numbers no numbers": {func(c *composition) {
			c.brokers.Annotations = map[string]string{"strimzi.io/remove-node-ids": "[3000000000]"}
		}, []string{"kafka/node-ids brokers: metadata.annotations[strimzi.io/remove-node-ids]"}},

		"rack of the environment, told": {func(c *composition) {
			c.kafka.Spec.Kafka.Rack = &strimziv1.Rack{Type: strimziv1.RackTypeEnvironmentVariable, EnvVarName: new("ZONE")}
			c.brokers.Spec.Template.KafkaContainer = &strimziv1.ContainerTemplate{Env: []strimziv1.ContainerEnvVar{{Name: new("ZONE"), Value: new("a")}}}
		}, nil},
		"rack of the environment, told by the Kafka": {func(c *composition) {
			c.kafka.Spec.Kafka.Rack = &strimziv1.Rack{Type: strimziv1.RackTypeEnvironmentVariable, EnvVarName: new("ZONE")}
			c.kafka.Spec.Kafka.Template = &strimziv1.KafkaClusterTemplate{KafkaContainer: &strimziv1.ContainerTemplate{Env: []strimziv1.ContainerEnvVar{{Name: new("ZONE"), Value: new("a")}}}}
		}, nil},

		"tiered topic": {func(c *composition) { c.topic.Spec.Config["remote.storage.enable"] = true }, []string{"kafka/tiered-storage orders: spec.config[remote.storage.enable]"}},
		"tiered topic of a tiered cluster": {func(c *composition) {
			c.topic.Spec.Config["remote.storage.enable"] = true
			c.kafka.Spec.Kafka.TieredStorage = &strimziv1.TieredStorage{Type: "custom", RemoteStorageManager: &strimziv1.RemoteStorageManager{ClassName: new("a.B"), ClassPath: new("/opt/b/*")}}
		}, nil},
		"tiered by nothing": {func(c *composition) { c.kafka.Spec.Kafka.TieredStorage = &strimziv1.TieredStorage{Type: "custom"} }, []string{"kafka/tiered-storage events: spec.kafka.tieredStorage.remoteStorageManager"}},
		"tiered by halves": {func(c *composition) {
			c.kafka.Spec.Kafka.TieredStorage = &strimziv1.TieredStorage{Type: "s3", RemoteStorageManager: &strimziv1.RemoteStorageManager{Config: map[string]string{"a": "b\nc"}}}
		}, []string{"kafka/tiered-storage events: spec.kafka.tieredStorage.remoteStorageManager.className", "kafka/tiered-storage events: spec.kafka.tieredStorage.remoteStorageManager.classPath",
			"kafka/tiered-storage events: spec.kafka.tieredStorage.remoteStorageManager.config[a]", "kafka/tiered-storage events: spec.kafka.tieredStorage.type"}},
		"tiered on two brokers": {func(c *composition) {
			c.kafka.Spec.Kafka.TieredStorage = &strimziv1.TieredStorage{Type: "custom", RemoteStorageManager: &strimziv1.RemoteStorageManager{ClassName: new("a.B"), ClassPath: new("/opt/b/*")}}
			c.kafka.Spec.Kafka.Config = strimziv1.JSONMap{"auto.create.topics.enable": false, "default.replication.factor": 3, "min.insync.replicas": 2}
			c.brokers.Spec.Replicas = 2
		}, []string{"kafka/replication-brokers events: spec.kafka.config[default.replication.factor]", "kafka/replication-brokers events: spec.kafka.config[offsets.topic.replication.factor]",
			"kafka/replication-brokers events: spec.kafka.config[rlmm.config.remote.log.metadata.topic.replication.factor]", "kafka/replication-brokers events: spec.kafka.config[transaction.state.log.replication.factor]", "kafka/topic-replicas orders: spec.replicas"}},

		"replicas no number": {func(c *composition) { c.kafka.Spec.Kafka.Config["offsets.topic.replication.factor"] = "three" },
			[]string{"kafka/broker-config events: spec.kafka.config[offsets.topic.replication.factor]"}},
		"no replicas": {func(c *composition) {
			c.kafka.Spec.Kafka.Config["rlmm.config.remote.log.metadata.topic.replication.factor"] = "none"
		},
			[]string{"kafka/replication-brokers events: spec.kafka.config[rlmm.config.remote.log.metadata.topic.replication.factor]"}},
	} {
		t.Run(name, func(t *testing.T) { finds(t, tc.change, tc.want) })
	}
}

// TestTemplateFaults plants faults in the template of a pool.
func TestTemplateFaults(t *testing.T) {
	secret := func(name string) strimziv1.AdditionalVolume {
		return strimziv1.AdditionalVolume{Name: new(name), Secret: &corev1.SecretVolumeSource{SecretName: "s"}}
	}
	mount := func(name, path string) corev1.VolumeMount { return corev1.VolumeMount{Name: name, MountPath: path} }
	for name, tc := range map[string]struct {
		volumes []strimziv1.AdditionalVolume
		mounts  []corev1.VolumeMount
		env     []strimziv1.ContainerEnvVar
		want    []string
	}{
		"good":            {[]strimziv1.AdditionalVolume{secret("a")}, []corev1.VolumeMount{mount("a", "/mnt/a"), mount("data-0", "/mnt/b"), mount("strimzi-tmp", "/mnt/c")}, []strimziv1.ContainerEnvVar{{Name: new("A"), Value: new("")}}, nil},
		"names":           {[]strimziv1.AdditionalVolume{secret("a_b"), secret("x"), secret("x"), secret("ready-files"), {}}, nil, nil, []string{"pod.volumes[0].name", "pod.volumes[2].name", "pod.volumes[3].name", "pod.volumes[4].name"}},
		"two sources":     {[]strimziv1.AdditionalVolume{{Name: new("a"), Secret: &corev1.SecretVolumeSource{}, EmptyDir: &corev1.EmptyDirVolumeSource{}}}, nil, nil, []string{"pod.volumes[0]"}},
		"paths":           {[]strimziv1.AdditionalVolume{secret("a")}, []corev1.VolumeMount{mount("a", "/opt/a"), mount("a", "/mnt/../opt"), mount("a", ""), mount("a", "/mnt/a"), mount("a", "/mnt/a/")}, nil, []string{"kafkaContainer.volumeMounts[0].mountPath", "kafkaContainer.volumeMounts[1].mountPath", "kafkaContainer.volumeMounts[2].mountPath", "kafkaContainer.volumeMounts[4].mountPath"}},
		"of no name":      {[]strimziv1.AdditionalVolume{secret("a")}, []corev1.VolumeMount{mount("", "/mnt/a")}, nil, []string{"kafkaContainer.volumeMounts[0].name"}},
		"of no volume":    {[]strimziv1.AdditionalVolume{secret("a")}, []corev1.VolumeMount{mount("b", "/mnt/a")}, nil, []string{"kafkaContainer.volumeMounts[0].name"}},
		"variables":       {nil, nil, []strimziv1.ContainerEnvVar{{Name: new("A")}, {Name: new("A")}, {}, {Name: new("a=b")}}, []string{"kafkaContainer.env[1].name", "kafkaContainer.env[2].name", "kafkaContainer.env[3].name"}},
		"variables' keys": {nil, nil, []strimziv1.ContainerEnvVar{{Name: new("A"), ValueFrom: &strimziv1.ContainerEnvVarSource{}}, {Name: new("B"), Value: new("b"), ValueFrom: &strimziv1.ContainerEnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{}}}}, []string{"kafkaContainer.env[0].valueFrom", "kafkaContainer.env[1].valueFrom"}},
	} {
		t.Run(name, func(t *testing.T) {
			var want []string
			for _, path := range tc.want {
				want = append(want, "kafka/template brokers: spec.template."+path)
			}
			finds(t, func(c *composition) {
				c.brokers.Spec.Template.Pod.Volumes = tc.volumes
				c.brokers.Spec.Template.KafkaContainer = &strimziv1.ContainerTemplate{VolumeMounts: tc.mounts, Env: tc.env}
			}, want)
		})
	}
}

// TestPlaceRules gives a cluster nodes to run on.
func TestPlaceRules(t *testing.T) {
	zones := func(label string, in ...string) millrace.NodeShape {
		return millrace.NodeShape{Pool: "kafka", Labels: map[string]string{"workload": label},
			Requirements: []corev1.NodeSelectorRequirement{{Key: "topology.kubernetes.io/zone", Operator: corev1.NodeSelectorOpIn, Values: in}}}
	}
	tied := func(c *composition) {
		for _, pool := range []*strimziv1.KafkaNodePool{c.brokers, c.controllers} {
			pool.Spec.Template.Pod.Affinity = &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{
				NodeSelectorTerms: []corev1.NodeSelectorTerm{{MatchExpressions: []corev1.NodeSelectorRequirement{{Key: "workload", Operator: corev1.NodeSelectorOpIn, Values: []string{"kafka"}}}}}}}}
		}
	}
	untied := []string{"kafka/dedicated-nodes brokers: spec.template.pod.affinity", "kafka/dedicated-nodes controllers: spec.template.pod.affinity"}
	for name, tc := range map[string]struct {
		nodes  []millrace.NodeShape
		change func(*composition)
		want   []string
	}{
		"three zones":           {[]millrace.NodeShape{zones("kafka", "a", "b", "c")}, tied, nil},
		"three pools":           {[]millrace.NodeShape{zones("kafka", "a"), zones("kafka", "b"), {Labels: map[string]string{"workload": "kafka", "topology.kubernetes.io/zone": "c"}}}, tied, nil},
		"two zones":             {[]millrace.NodeShape{zones("kafka", "a", "b")}, tied, []string{"kafka/zones events: spec.kafka.rack.topologyKey"}},
		"third one for others":  {[]millrace.NodeShape{zones("kafka", "a", "b"), zones("batch", "c")}, tied, []string{"kafka/zones events: spec.kafka.rack.topologyKey"}},
		"zones left open":       {[]millrace.NodeShape{zones("kafka", "a"), {Labels: map[string]string{"workload": "kafka"}}}, tied, nil},
		"nodes for nobody":      {[]millrace.NodeShape{zones("batch", "a")}, tied, nil},
		"nodes that are shared": {[]millrace.NodeShape{zones("batch", "a", "b", "c")}, func(*composition) {}, untied},
		"nodes kept for others": {[]millrace.NodeShape{{Pool: "batch", Taints: []corev1.Taint{{Key: "batch", Effect: corev1.TaintEffectNoSchedule}}}}, func(*composition) {}, nil},
		"no nodes that we know": {nil, func(*composition) {}, nil},
	} {
		t.Run(name, func(t *testing.T) { finds(t, tc.change, tc.want, tc.nodes...) })
	}
}

// TestTopicsAcross goes through topics beside each other, and beside clusters.
func TestTopicsAcross(t *testing.T) {
	topic := func(namespace, object, name string) *strimziv1.KafkaTopic {
		return loadedTopic(func(topic *strimziv1.KafkaTopic) {
			topic.Namespace, topic.Name = namespace, object
			if name != "" {
				topic.Spec.TopicName = new(name)
			}
		})
	}
	watching := func(namespace string) *strimziv1.Kafka {
		return loadedKafka(func(k *strimziv1.Kafka) {
			if namespace != "" {
				k.Spec.EntityOperator.TopicOperator.WatchedNamespace = new(namespace)
			}
		})
	}
	for name, tc := range map[string]struct {
		objects []millrace.Object
		want    []string
	}{
		"two topics":            {[]millrace.Object{topic("kafka", "a", ""), topic("kafka", "b", "")}, nil},
		"one topic twice":       {[]millrace.Object{topic("kafka", "a", ""), topic("kafka", "b", "a")}, []string{"kafka/topic-duplicate b: spec.topicName"}},
		"one topic three times": {[]millrace.Object{topic("kafka", "a", "x"), topic("kafka", "b", "x"), topic("kafka", "x", "")}, []string{"kafka/topic-duplicate b: spec.topicName", "kafka/topic-duplicate x: metadata.name"}},
		"in two namespaces": {[]millrace.Object{watching("team"), topic("kafka", "a", ""), topic("team", "a", "")},
			[]string{"kafka/topic-duplicate a: metadata.name", "kafka/topic-unwatched a: metadata.namespace"}},
		"dots and underscores": {[]millrace.Object{topic("kafka", "a.b", ""), topic("kafka", "c", "a_b")}, []string{"kafka/topic-duplicate c: spec.topicName"}},
		"not managed": {[]millrace.Object{topic("kafka", "a", ""), with(topic("kafka", "b", "a"), func(t *strimziv1.KafkaTopic) {
			t.Annotations = map[string]string{"strimzi.io/managed": "false"}
		})}, nil},
		"other clusters": {[]millrace.Object{topic("kafka", "a", ""), topic("other", "a", ""), with(topic("kafka", "b", "a"), func(t *strimziv1.KafkaTopic) {
			t.Labels = map[string]string{"strimzi.io/cluster": "other"}
		})}, nil},
		"no cluster": {[]millrace.Object{topic("kafka", "a", ""), with(topic("kafka", "b", "a"), func(t *strimziv1.KafkaTopic) { t.Labels = nil })}, []string{"kafka/topic-cluster-label b: metadata.labels[strimzi.io/cluster]"}},

		"watched":           {[]millrace.Object{watching(""), topic("kafka", "a", "")}, nil},
		"watched elsewhere": {[]millrace.Object{watching("team"), topic("kafka", "a", ""), topic("team", "b", "")}, []string{"kafka/topic-unwatched a: metadata.namespace"}},
		"not watched, not managed": {[]millrace.Object{watching(""), with(topic("team", "a", ""), func(t *strimziv1.KafkaTopic) {
			t.Annotations = map[string]string{"strimzi.io/managed": "false"}
		})}, nil},
		"not watched": {[]millrace.Object{watching(""), topic("team", "a", "")}, []string{"kafka/topic-unwatched a: metadata.namespace"}},
		"no operator": {[]millrace.Object{loadedKafka(func(k *strimziv1.Kafka) { k.Spec.EntityOperator.TopicOperator = nil }), topic("kafka", "a", "")},
			[]string{"kafka/topic-unwatched a: metadata.labels[strimzi.io/cluster]"}},
		"no operators": {[]millrace.Object{loadedKafka(func(k *strimziv1.Kafka) { k.Spec.EntityOperator = nil }), topic("kafka", "a", "")},
			[]string{"kafka/topic-unwatched a: metadata.labels[strimzi.io/cluster]"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, check(t, build(t, millrace.Parts{Objects: tc.objects}))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
