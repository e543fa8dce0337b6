package kafka_test

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// FuzzPool wants every pool that Build accepts to pass the rules on what the
// operator refuses, and every finding to be complete.
func FuzzPool(f *testing.F) {
	f.Add("broker", "[0, 10-19]", "4g", "/mnt/a", "A", "100Gi")
	f.Add("a.b", "[-1]", "4Gi", "/mnt/../etc", "A=B", "much")
	f.Add("", "[99999999999]", "", "/mnt", "", "-1")
	f.Add("x", " ", "0m", "/mnt:/x", "a b", "1e3")
	f.Fuzz(func(t *testing.T, name, ids, heap, path, variable, size string) {
		pool := &kafka.BrokerPool{
			Name: name, Cluster: "events", Annotations: map[string]string{"strimzi.io/next-node-ids": ids},
			Pod: kafka.PodTemplate{
				Env:    []corev1.EnvVar{{Name: variable}},
				Mounts: []kafka.Mount{{Name: "a", Path: path, Source: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}},
			},
			Base: strimziv1.KafkaNodePoolSpec{
				JVMOptions: &strimziv1.JVMOptions{Xmx: new(heap)},
				Storage: strimziv1.Storage{Type: strimziv1.StorageTypeJBOD, Volumes: []strimziv1.StorageVolume{
					{ID: new(int64(0)), Type: strimziv1.StorageVolumeTypePersistentClaim, Size: new(size), Class: new("fast")}}},
			},
		}
		made, err := pool.KafkaNodePool()
		if err != nil {
			for _, f := range findings(t, err) {
				if f.Rule == "" || f.Field == "" || f.Detail == "" || f.Fix == "" {
					t.Errorf("a finding is not complete: %+v", f)
				}
			}
			return
		}
		for _, finding := range check(t, build(t, millrace.Parts{Objects: []millrace.Object{made}})) {
			id, _, _ := strings.Cut(finding, " ")
			switch id {
			case "kafka/pool", "kafka/storage", "kafka/heap", "kafka/jvm", "kafka/template", "kafka/node-ids", "kafka/resources":
				t.Errorf("Build lets through what a rule finds: %s", finding)
			}
		}
	})
}
