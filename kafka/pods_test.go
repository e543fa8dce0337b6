package kafka_test

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/podtest"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// scattered are the objects of a golden file, and the bundle of all of them.
func scattered(t *testing.T) (*millrace.Bundle, []millrace.Object) {
	t.Helper()
	data, err := os.ReadFile("testdata/scattered.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var objects []millrace.Object
	for doc := range strings.SplitSeq(string(data), "\n---\n") {
		var meta metav1.TypeMeta
		if err := sigsyaml.Unmarshal([]byte(doc), &meta); err != nil {
			t.Fatal(err)
		}
		o, ok := map[string]millrace.Object{
			"Kafka": &strimziv1.Kafka{}, "KafkaNodePool": &strimziv1.KafkaNodePool{}, "KafkaConnect": &strimziv1.KafkaConnect{},
			"KafkaMirrorMaker2": &strimziv1.KafkaMirrorMaker2{}, "KafkaBridge": &strimziv1.KafkaBridge{}, "KafkaUser": &strimziv1.KafkaUser{},
		}[meta.Kind]
		if !ok {
			t.Fatalf("%q is no kind of the file's", meta.Kind)
		}
		if err := sigsyaml.UnmarshalStrict([]byte(doc), o); err != nil {
			t.Fatal(err)
		}
		objects = append(objects, o)
	}
	bundle, err := millrace.Build(millrace.Parts{Objects: objects})
	if err != nil {
		t.Fatal(err)
	}
	return bundle, objects
}

// invented are values of Strimzi's own, and inherited ones those that a pool
// has from its Kafka.
var (
	invented  = []string{"true", "false", "ReadWriteOnce"}
	inherited = append([]string{"registry/kafka:4.3.1", "A", "b", "daily"}, invented...)
)

// The golden file has every value of every pod and where it is written.
func TestPods(t *testing.T) {
	bundle, objects := scattered(t)
	var lines []string
	for _, o := range objects {
		known := invented
		if _, ok := o.(*strimziv1.KafkaNodePool); ok {
			known = inherited
		}
		for _, p := range kafka.Pods(bundle, o) {
			lines = append(lines, podtest.Lines(t, p)...)
			if wrong := podtest.Misplaced(t, o, p, known...); len(wrong) > 0 {
				t.Errorf("%s: not where the field says:\n%s", p.Owner, strings.Join(wrong, "\n"))
			}
		}
	}
	golden(t, "scattered.pods.txt", []byte(strings.Join(lines, "\n")+"\n"))
}

// A pool without its Kafka has what it says itself.
func TestPodsOfLonePool(t *testing.T) {
	_, objects := scattered(t)
	alone, err := millrace.Build(millrace.Parts{Objects: objects[1:2]})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range []*millrace.Bundle{nil, alone} {
		p := kafka.Pods(b, objects[1])[0]
		c := p.Template.Spec.Containers[0]
		if p.Template.Spec.PriorityClassName != "high" || c.Image != "" || c.SecurityContext != nil || p.Template.Spec.InitContainers != nil || p.Claims[0].Labels != nil {
			t.Errorf("%v", podtest.Lines(t, p))
		}
	}
}

func TestPodsOfNothing(t *testing.T) {
	bundle, _ := scattered(t)
	for _, o := range []millrace.Object{nil, (*strimziv1.Kafka)(nil), (*strimziv1.KafkaNodePool)(nil), (*strimziv1.KafkaBridge)(nil),
		&strimziv1.Kafka{Spec: strimziv1.KafkaSpec{EntityOperator: &strimziv1.EntityOperatorSpec{}}}, &strimziv1.KafkaTopic{}, &corev1.Pod{}} {
		if got := kafka.Pods(bundle, o); got != nil {
			t.Errorf("%T: %v", o, got)
		}
	}
}

// unseen are the fields of templates and disks that don't show in pods.
var unseen = map[string]string{
	"StatefulPodTemplate.TmpDirSizeLimit":  "the directory is Strimzi's own",
	"StatefulPodTemplate.TemplatedVolumes": "named after the node",
	"StorageVolume.DeleteClaim":            "what happens after the pod",
	"StorageVolume.KRaftMetadata":          "which disk holds the metadata",
	"KafkaNodePoolSpec.JVMOptions":         "of the JVM",
	"KafkaNodePoolTemplate.PodSet":         "an object beside the pods",
	"KafkaNodePoolTemplate.PerPodService":  "an object beside the pods",
	"KafkaNodePoolTemplate.PerPodRoute":    "an object beside the pods",
	"KafkaNodePoolTemplate.PerPodIngress":  "an object beside the pods",
}

// Every field of a pool shows in its pods, or says above why not.
func TestPodsSeeEveryField(t *testing.T) {
	pool := func() *strimziv1.KafkaNodePool {
		o := &strimziv1.KafkaNodePool{Spec: strimziv1.KafkaNodePoolSpec{Replicas: 1}}
		o.Spec.Storage = strimziv1.Storage{Type: strimziv1.StorageTypeJBOD, Volumes: []strimziv1.StorageVolume{
			{Type: strimziv1.StorageVolumeTypePersistentClaim}, {Type: strimziv1.StorageVolumeTypeEphemeral}}}
		o.Spec.Template = &strimziv1.KafkaNodePoolTemplate{Pod: &strimziv1.StatefulPodTemplate{},
			KafkaContainer: &strimziv1.ContainerTemplate{}, InitContainer: &strimziv1.ContainerTemplate{}, PersistentVolumeClaim: &strimziv1.ResourceTemplate{}}
		return o
	}
	seen := 0
	for name, at := range map[string]func(*strimziv1.KafkaNodePool) any{
		"KafkaNodePoolSpec":     func(o *strimziv1.KafkaNodePool) any { return &o.Spec },
		"KafkaNodePoolTemplate": func(o *strimziv1.KafkaNodePool) any { return o.Spec.Template },
		"StatefulPodTemplate":   func(o *strimziv1.KafkaNodePool) any { return o.Spec.Template.Pod },
		"ContainerTemplate":     func(o *strimziv1.KafkaNodePool) any { return o.Spec.Template.KafkaContainer },
		"InitContainer":         func(o *strimziv1.KafkaNodePool) any { return o.Spec.Template.InitContainer },
		"ResourceTemplate":      func(o *strimziv1.KafkaNodePool) any { return o.Spec.Template.PersistentVolumeClaim },
		"StorageVolume":         func(o *strimziv1.KafkaNodePool) any { return &o.Spec.Storage.Volumes[0] },
		"Ephemeral":             func(o *strimziv1.KafkaNodePool) any { return &o.Spec.Storage.Volumes[1] },
	} {
		typ := reflect.TypeOf(at(pool())).Elem()
		for i := range typ.NumField() {
			field := typ.Name() + "." + typ.Field(i).Name
			of := reflect.ValueOf(at(pool())).Elem().Field(i)
			if name == "Ephemeral" && field != "StorageVolume.SizeLimit" || name == "StorageVolume" && field == "StorageVolume.SizeLimit" {
				continue // of one of the two types
			}
			seen++
			o := pool()
			before := kafka.Pods(nil, o)
			f := reflect.ValueOf(at(o)).Elem().Field(i)
			if podtest.Fill(f); field == "KafkaNodePoolSpec.Roles" {
				f.Set(reflect.ValueOf([]strimziv1.ProcessRole{strimziv1.ProcessRoleBroker}))
			}
			if reflect.DeepEqual(f.Interface(), of.Interface()) {
				t.Errorf("%s: the test doesn't set it", field)
			}
			changed := !reflect.DeepEqual(before, kafka.Pods(nil, o))
			if _, listed := unseen[field]; changed == listed {
				t.Errorf("%s: shows %v, is listed as unseen %v", field, changed, listed)
			}
		}
	}
	if seen < 45 {
		t.Errorf("the test saw %d fields only", seen)
	}
}

func TestReferences(t *testing.T) {
	_, objects := scattered(t)
	ref := func(kind, name, key, field string) millrace.Reference {
		return millrace.Reference{Kind: kind, Namespace: "kafka", Name: name, Key: key, Field: field}
	}
	optional := func(r millrace.Reference) millrace.Reference {
		r.Optional = true
		return r
	}
	for _, tc := range []struct {
		of   millrace.Object
		want []millrace.Reference
	}{
		{objects[0], []millrace.Reference{
			ref("Secret", "listener", "tls.crt", "spec.kafka.listeners[0].configuration.brokerCertChainAndKey.secretName"),
			ref("Secret", "listener", "tls.key", "spec.kafka.listeners[0].configuration.brokerCertChainAndKey.secretName"),
			ref("ConfigMap", "metrics", "kafka.yaml", "spec.kafka.metricsConfig.valueFrom.configMapKeyRef.name"),
			optional(ref("ConfigMap", "logging", "log4j2.properties", "spec.kafka.logging.valueFrom.configMapKeyRef.name")),
			ref("ConfigMap", "logging", "user-operator", "spec.entityOperator.userOperator.logging.valueFrom.configMapKeyRef.name"),
			ref("Secret", "cruise", "users", "spec.cruiseControl.apiUsers.valueFrom.secretKeyRef.name"),
			ref("Secret", "events-cluster-ca-cert", "ca.crt", "spec.clusterCa.generateCertificateAuthority"),
			ref("Secret", "events-cluster-ca", "ca.key", "spec.clusterCa.generateCertificateAuthority"),
		}},
		{objects[1], nil},
		{objects[3], []millrace.Reference{
			ref("Secret", "events-cluster-ca-cert", "", "spec.tls.trustedCertificates[0].secretName"),
			ref("Secret", "proxy", "ca.crt", "spec.tls.trustedCertificates[1].secretName"),
			ref("Secret", "etl", "password", "spec.authentication.passwordSecret.secretName"),
			ref("Secret", "push", "", "spec.build.output.pushSecret"),
		}},
		{objects[4], []millrace.Reference{
			ref("Secret", "mirror", "user.crt", "spec.mirrors[0].source.authentication.certificateAndKey.secretName"),
			ref("Secret", "mirror", "user.key", "spec.mirrors[0].source.authentication.certificateAndKey.secretName"),
			optional(ref("ConfigMap", "offsets", "", "spec.mirrors[0].sourceConnector.alterOffsets.fromConfigMap.name")),
		}},
		{objects[5], []millrace.Reference{
			ref("Secret", "bridge", "tls.crt", "spec.http.tls.certificateAndKey.secretName"),
			ref("Secret", "bridge", "tls.key", "spec.http.tls.certificateAndKey.secretName"),
		}},
		{objects[6], []millrace.Reference{ref("Secret", "etl-password", "password", "spec.authentication.password.valueFrom.secretKeyRef.name")}},
		{&strimziv1.KafkaConnect{Spec: strimziv1.KafkaConnectSpec{Template: &strimziv1.KafkaConnectTemplate{BuildConfig: &strimziv1.BuildConfigTemplate{PullSecret: new("pull")}}}},
			[]millrace.Reference{{Kind: "Secret", Name: "pull", Field: "spec.template.buildConfig.pullSecret"}}},
		{&strimziv1.KafkaConnector{ObjectMeta: meta("orders"), Spec: strimziv1.KafkaConnectorSpec{Config: strimziv1.JSONMap{
			"a": "jdbc://${secrets:databases/orders:user}:${secrets:orders:pass.word}@db", "b": "${configmaps:kafka/hosts:db} ${env:HOME} ${secrets:x} ${secrets:{{x}}:y}", "c": int64(1)}}},
			[]millrace.Reference{
				{Kind: "Secret", Namespace: "databases", Name: "orders", Key: "user", Field: "spec.config[a]"},
				ref("Secret", "orders", "pass.word", "spec.config[a]"),
				ref("ConfigMap", "hosts", "db", "spec.config[b]"),
			}},
		{nil, nil},
		{(*strimziv1.Kafka)(nil), nil},
		{(*strimziv1.KafkaConnect)(nil), nil},
		{&corev1.Pod{}, nil},
	} {
		if diff := cmp.Diff(tc.want, kafka.References(tc.of)); diff != "" {
			t.Errorf("%T (-want +got):\n%s", tc.of, diff)
		}
	}
}

func secretKey(name, key string) *corev1.SecretKeySelector {
	return &corev1.SecretKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: name}, Key: key}
}
