package kafka_test

import (
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// TestTemplateOfComponents gives each component that Strimzi runs a good and a
// bad template of its pods.
func TestTemplateOfComponents(t *testing.T) {
	template := func(path string) kafka.PodTemplate {
		return kafka.PodTemplate{
			Env:    []corev1.EnvVar{{Name: "MODE", Value: "fast"}},
			Mounts: []kafka.Mount{{Name: "plugin", Path: path, Source: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "plugin"}}}},
		}
	}
	for name, tc := range map[string]struct {
		builder          func(kafka.PodTemplate) millrace.Builder
		field, container string
	}{
		"pool": {func(p kafka.PodTemplate) millrace.Builder {
			return with(smallPool(), func(b *kafka.BrokerPool) { b.Pod = p })
		}, "Pod.", "kafkaContainer"},
		"connect": {func(p kafka.PodTemplate) millrace.Builder {
			return with(smallConnect(), func(c *kafka.Connect) { c.Workers.Pod = p })
		}, "Workers.Pod.", "connectContainer"},
		"mirror": {func(p kafka.PodTemplate) millrace.Builder {
			return with(smallMirror(), func(m *kafka.MirrorMaker) { m.Workers.Pod = p })
		}, "Workers.Pod.", "connectContainer"},
		"bridge": {func(p kafka.PodTemplate) millrace.Builder {
			return with(smallBridge(), func(b *kafka.Bridge) { b.Pod = p })
		}, "Pod.", "bridgeContainer"},
	} {
		t.Run(name, func(t *testing.T) {
			want := "    " + tc.container + ":\n      env:\n      - name: MODE\n        value: fast\n      volumeMounts:\n      - name: plugin\n        mountPath: /mnt/plugin\n"
			if got := string(render(t, tc.builder(template("/mnt/plugin")))); !strings.Contains(got, want) {
				t.Errorf("no %q in\n%s", want, got)
			}
			if got := mistakes(t, tc.builder(template("/opt/plugin"))); !slices.Equal(got, []string{invalid + " " + tc.field + "Mounts[0].Path"}) {
				t.Errorf("mistakes: %q", got)
			}
			twice := template("/mnt/plugin")
			twice.Mounts[0].Name = "strimzi-tmp"
			if got := mistakes(t, tc.builder(twice)); !slices.Equal(got, []string{duplicate + " " + tc.field + "Mounts[0].Name"}) {
				t.Errorf("a volume of Strimzi's: %q", got)
			}
		})
	}
}

// TestTemplateOfConsumer: its pods aren't Strimzi's, and take more.
func TestTemplateOfConsumer(t *testing.T) {
	consumer := func(change func(*kafka.Consumer)) *kafka.Consumer { return with(smallConsumer(), change) }
	got := string(render(t, consumer(func(c *kafka.Consumer) {
		c.Pod.TmpSize, c.Pod.ContainerSecurity = 64*millrace.MiB, &corev1.SecurityContext{RunAsUser: new(int64(1000))}
		c.Pod.Mounts = []kafka.Mount{{Name: "a", Path: "/opt/a", Source: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}}
		c.Pod.Env = []corev1.EnvVar{{Name: "NODE", ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: "spec.nodeName"}}}}
	})))
	for _, want := range []string{"sizeLimit: 64Mi", "runAsUser: 1000", "mountPath: /opt/a", "fieldPath: spec.nodeName"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	bad := consumer(func(c *kafka.Consumer) {
		c.WritableRoot, c.Pod.TmpSize, c.Pod.ContainerSecurity = true, millrace.MiB, &corev1.SecurityContext{ReadOnlyRootFilesystem: new(true)}
		c.Pod.Env, c.Spread.Variable = []corev1.EnvVar{{}}, "ZONE"
	})
	want := []string{conflict + " Pod.ContainerSecurity.ReadOnlyRootFilesystem", conflict + " Pod.TmpSize", conflict + " Spread.Variable", required + " Pod.Env[0].Name"}
	found := mistakes(t, bad)
	slices.Sort(found)
	if !slices.Equal(found, want) {
		t.Errorf("mistakes: %q, want %q", found, want)
	}
}
