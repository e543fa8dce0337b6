package kafka_test

import (
	"math"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// TestPoolMistakes holds bad pools to what Build says of them: every mistake,
// and no other.
func TestPoolMistakes(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*kafka.BrokerPool)
		want   []string
	}{
		"nothing at all":    {func(b *kafka.BrokerPool) { *b = kafka.BrokerPool{} }, []string{required + " Cluster", required + " Volumes"}},
		"name":              {func(b *kafka.BrokerPool) { b.Name = "a.b" }, []string{invalid + " Name"}},
		"pods too long":     {func(b *kafka.BrokerPool) { b.Name = strings.Repeat("a", 60) }, []string{invalid + " Name"}},
		"role":              {func(b *kafka.BrokerPool) { b.Roles = []kafka.Role{"zookeeper"} }, []string{invalid + " Roles[0]"}},
		"role twice":        {func(b *kafka.BrokerPool) { b.Roles = []kafka.Role{kafka.Broker, kafka.Broker} }, []string{duplicate + " Roles[1]"}},
		"role in Base":      {func(b *kafka.BrokerPool) { b.Base.Roles = []strimziv1.ProcessRole{"zookeeper"} }, []string{invalid + " Base.Roles[0]"}},
		"replicas negative": {func(b *kafka.BrokerPool) { b.Replicas = new(-1) }, []string{invalid + " Replicas"}},
		"replicas absurd":   {func(b *kafka.BrokerPool) { b.Replicas = new(math.MaxInt) }, []string{invalid + " Replicas"}},
		"replicas twice":    {func(b *kafka.BrokerPool) { b.Replicas, b.Base.Replicas = new(0), 3 }, []string{conflict + " Base.Replicas"}},
		"replicas in Base":  {func(b *kafka.BrokerPool) { b.Base.Replicas = -2 }, []string{invalid + " Base.Replicas"}},

		"numbers of nodes": {func(b *kafka.BrokerPool) { b.NextIDs = []kafka.NodeIDs{{First: 1}, {First: -1, Last: 3}} },
			[]string{invalid + " NextIDs[1]", invalid + " NextIDs"}},
		"numbers twice": {func(b *kafka.BrokerPool) {
			b.RemoveIDs, b.Annotations = []kafka.NodeIDs{{First: 1}}, map[string]string{"strimzi.io/remove-node-ids": "[2]"}
		}, []string{conflict + " Annotations[strimzi.io/remove-node-ids]"}},
		"numbers as an annotation": {func(b *kafka.BrokerPool) { b.Annotations = map[string]string{"strimzi.io/next-node-ids": "1-3"} },
			[]string{invalid + " Annotations[strimzi.io/next-node-ids]"}},
		"options": {func(b *kafka.BrokerPool) {
			b.JVM = kafka.JVM{Options: map[string]string{"-XX:+UseZGC": "true"}, Properties: map[string]string{"": "a", "b": "c d"}}
		}, []string{invalid + " JVM.Options[-XX:+UseZGC]", required + " JVM.Properties[].Name", invalid + " JVM.Properties[b]"}},
		"mounts": {func(b *kafka.BrokerPool) {
			b.Pod.Mounts = []kafka.Mount{
				{Name: "a", Path: "/opt/a", Source: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}},
				{Name: "a", Path: "/mnt/a", Source: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}, Secret: &corev1.SecretVolumeSource{SecretName: "s"}}},
				{Path: "/mnt/b", Source: corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/"}}},
				{Name: "c", Path: "/mnt/c"},
			}
		}, []string{unsupported + " Pod.Mounts[2].Source.HostPath", required + " Pod.Mounts[3].Source",
			duplicate + " Pod.Mounts[1].Name", conflict + " Pod.Mounts[1].Source", required + " Pod.Mounts[2].Name", invalid + " Pod.Mounts[0].Path"}},
		"variables": {func(b *kafka.BrokerPool) {
			b.Pod.Env = []corev1.EnvVar{{Name: "A"}, {Name: "A"}, {}, {Name: "B", ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.name"}}}}
		}, []string{unsupported + " Pod.Env[3].ValueFrom", duplicate + " Pod.Env[1].Name", required + " Pod.Env[2].Name", required + " Pod.Env[3].ValueFrom"}},
		"grace too fine": {func(b *kafka.BrokerPool) { b.Pod.GracePeriod = new(time.Millisecond) }, []string{invalid + " Pod.GracePeriod"}},
		"annotations twice": {func(b *kafka.BrokerPool) {
			b.Placement.Annotations, b.Pod.Annotations = millrace.EvictionGuards(), map[string]string{millrace.SafeToEvict: "true"}
		}, []string{conflict + " Pod.Annotations[" + millrace.SafeToEvict + "]"}},
		"tmp": {func(b *kafka.BrokerPool) { b.Pod.TmpSize = 5 }, []string{invalid + " Pod.TmpSize"}},
		"ephemeral and kept": {func(b *kafka.BrokerPool) {
			b.Volumes = []kafka.Volume{{Ephemeral: true, AttributesClass: "gold", Selector: map[string]string{"a": "b"}}}
		}, []string{conflict + " Volumes[0].AttributesClass", conflict + " Volumes[0].Selector"}},
		"disk classes": {func(b *kafka.BrokerPool) {
			b.Volumes[0].AttributesClass, b.Volumes[0].Selector = "Gold!", map[string]string{"a b": ""}
		}, []string{invalid + " Volumes[0].AttributesClass", invalid + " Volumes[0].Selector[a b]"}},

		"disk without a size": {func(b *kafka.BrokerPool) { b.Volumes[0].Size = 0 }, []string{required + " Volumes[0].Size"}},
		"disk below nothing":  {func(b *kafka.BrokerPool) { b.Volumes[0].Size = -1 }, []string{invalid + " Volumes[0].Size"}},
		"disk class":          {func(b *kafka.BrokerPool) { b.Volumes[0].Class = "Fast SSD" }, []string{invalid + " Volumes[0].Class"}},
		"disks of one number": {func(b *kafka.BrokerPool) { b.Volumes = append(b.Volumes, b.Volumes[0]) }, []string{duplicate + " Volumes[1].ID"}},
		"disk of no number":   {func(b *kafka.BrokerPool) { b.Volumes[0].ID = -1 }, []string{invalid + " Volumes[0].ID"}},
		"metadata twice": {func(b *kafka.BrokerPool) {
			b.Volumes = []kafka.Volume{{Size: millrace.GiB, Metadata: true}, {ID: 1, Size: millrace.GiB, Metadata: true}}
		}, []string{conflict + " Volumes[1].Metadata"}},
		"ephemeral of a class": {func(b *kafka.BrokerPool) { b.Volumes[0].Ephemeral, b.Volumes[0].DeleteClaim = true, true }, []string{conflict + " Volumes[0].Class", conflict + " Volumes[0].DeleteClaim"}},
		"storage twice":        {func(b *kafka.BrokerPool) { b.Base.Storage.Type = strimziv1.StorageTypeEphemeral }, []string{conflict + " Base.Storage"}},
		"storage of no type":   {func(b *kafka.BrokerPool) { b.Volumes, b.Base.Storage = nil, strimziv1.Storage{Size: new("1Gi")} }, []string{invalid + " Base.Storage.Type"}},
		"storage of no size": {func(b *kafka.BrokerPool) {
			b.Volumes, b.Base.Storage = nil, strimziv1.Storage{Type: strimziv1.StorageTypePersistentClaim}
		}, []string{required + " Base.Storage.Size"}},
		"storage of no disks": {func(b *kafka.BrokerPool) {
			b.Volumes, b.Base.Storage = nil, strimziv1.Storage{Type: strimziv1.StorageTypeJBOD}
		}, []string{required + " Base.Storage.Volumes"}},
		"storage of bad disks": {func(b *kafka.BrokerPool) {
			b.Volumes, b.Base.Storage = nil, strimziv1.Storage{Type: strimziv1.StorageTypeJBOD, Volumes: []strimziv1.StorageVolume{{Type: strimziv1.StorageVolumeTypePersistentClaim, Size: new("much")}}}
		}, []string{invalid + " Base.Storage.Volumes[0].Size", required + " Base.Storage.Volumes[0].ID"}},

		"memory negative": {func(b *kafka.BrokerPool) { b.Resources.Memory = -millrace.GiB }, []string{invalid + " Resources.Memory"}},
		"CPU negative":    {func(b *kafka.BrokerPool) { b.Resources.CPU = -1 }, []string{invalid + " Resources.CPU"}},
		"CPU no number":   {func(b *kafka.BrokerPool) { b.Resources.CPU = math.NaN() }, []string{invalid + " Resources.CPU"}},
		"CPU absurd":      {func(b *kafka.BrokerPool) { b.Resources.CPULimit = math.Inf(1) }, []string{invalid + " Resources.CPULimit"}},
		"CPU over limit":  {func(b *kafka.BrokerPool) { b.Resources.CPU, b.Resources.CPULimit = 4, 2 }, []string{invalid + " Resources.CPULimit"}},
		"request over limit": {func(b *kafka.BrokerPool) {
			b.Base.Resources = &corev1.ResourceRequirements{
				Requests: corev1.ResourceList{"memory": resource.MustParse("8Gi"), "cpu": resource.MustParse("0")},
				Limits:   corev1.ResourceList{"memory": resource.MustParse("4Gi"), "ephemeral-storage": resource.MustParse("-1")}}
		}, []string{invalid + " Base.Resources.Requests[cpu]", invalid + " Base.Resources.Limits[memory]", invalid + " Base.Resources.Limits[ephemeral-storage]"}},
		"memory twice": {func(b *kafka.BrokerPool) {
			b.Resources.Memory, b.Base.Resources = millrace.GiB, &corev1.ResourceRequirements{Limits: corev1.ResourceList{"memory": resource.MustParse("1Gi")}}
		}, []string{conflict + " Base.Resources.Limits[memory]"}},
		"heap too fine":        {func(b *kafka.BrokerPool) { b.Heap = millrace.GiB + 1 }, []string{invalid + " Heap"}},
		"heap negative":        {func(b *kafka.BrokerPool) { b.Heap = -millrace.GiB }, []string{invalid + " Heap"}},
		"heap over the memory": {func(b *kafka.BrokerPool) { b.Heap = 8 * millrace.GiB }, []string{invalid + " Heap"}},
		"heap twice": {func(b *kafka.BrokerPool) {
			b.Heap, b.Base.JVMOptions = millrace.GiB, &strimziv1.JVMOptions{Xmx: new("1g")}
		},
			[]string{conflict + " Base.JVMOptions.Xmx"}},

		"priority class": {func(b *kafka.BrokerPool) { b.Pod.PriorityClass = "High Priority" }, []string{invalid + " Pod.PriorityClass"}},
		"placement": {func(b *kafka.BrokerPool) {
			b.Placement.NodeSelector = map[string]string{"a": "b c"}
			b.Placement.Tolerations = []corev1.Toleration{{Key: "a", Operator: "NoOp"}}
		}, []string{invalid + " Placement.NodeSelector[a]", invalid + " Placement.Tolerations[0].Operator"}},
		"placement twice": {func(b *kafka.BrokerPool) {
			b.Placement.Tolerations = []corev1.Toleration{{Operator: corev1.TolerationOpExists}}
			b.Base.Template = &strimziv1.KafkaNodePoolTemplate{Pod: &strimziv1.StatefulPodTemplate{Tolerations: []corev1.Toleration{{Key: "a"}}}}
		}, []string{conflict + " Base.Template.Pod.Tolerations"}},
		"spread twice": {func(b *kafka.BrokerPool) {
			b.Spread.Zone = "zone"
			b.Base.Template = &strimziv1.KafkaNodePoolTemplate{Pod: &strimziv1.StatefulPodTemplate{TopologySpreadConstraints: []corev1.TopologySpreadConstraint{{MaxSkew: 2}}}}
		}, []string{conflict + " Base.Template.Pod.TopologySpreadConstraints"}},
		"another cluster's label": {func(b *kafka.BrokerPool) { b.Labels = map[string]string{"strimzi.io/cluster": "other"} }, []string{conflict + " Labels[strimzi.io/cluster]"}},
	} {
		t.Run(name, func(t *testing.T) {
			compare(t, tc.want, mistakes(t, with(smallPool(), tc.change)))
		})
	}
}
