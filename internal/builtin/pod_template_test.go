package builtin_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/builtin"
	"github.com/millrace/millrace/internal/schema"
)

// TestPodTemplate: what is missing from a template is a problem if it is the
// whole, and what is wrong with it always is.
func TestPodTemplate(t *testing.T) {
	for _, test := range []struct {
		name, template  string
		whole, standing []string
	}{
		{
			name:     "empty",
			template: `{}`,
			whole:    []string{"spec.containers schema/required"},
		},
		{
			name:     "no names and images",
			template: `{spec: {containers: [{}, {image: a}], initContainers: [{image: a}, {name: b}]}}`,
			whole: []string{
				"spec.containers[0].image schema/required", "spec.containers[0].name schema/required",
				"spec.containers[1].name schema/duplicate", "spec.containers[1].name schema/required",
				"spec.initContainers[0].name schema/duplicate", "spec.initContainers[0].name schema/required",
				"spec.initContainers[1].image schema/required",
			},
		},
		{
			name:     "a probe without how",
			template: `{spec: {containers: [{name: main, image: a, livenessProbe: {periodSeconds: 5}}]}}`,
			whole:    []string{"spec.containers[0].livenessProbe schema/required"},
		},
		{
			name: "halves",
			template: `
spec:
  containers:
  - name: main
    image: a
    env: [{name: A, valueFrom: {secretKeyRef: {key: a}}}]
    ports: [{name: http}]
    livenessProbe: {httpGet: {path: /}}
    readinessProbe: {grpc: {service: a}}
    volumeMounts: [{name: a}, {name: b}]
    volumeDevices: [{name: c}, {name: d}]
    resizePolicy: [{restartPolicy: NotRequired}, {restartPolicy: NotRequired}]
  volumes: [{emptyDir: {}}, {emptyDir: {}}, {name: e, secret: {items: [{key: a}]}}]
  topologySpreadConstraints: [{whenUnsatisfiable: DoNotSchedule}, {whenUnsatisfiable: DoNotSchedule}, {topologyKey: a}]
  affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{preference: {matchExpressions: [{key: a}]}}]}}
`,
			whole: []string{
				"spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].operator schema/invalid",
				"spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight schema/bounds",
				"spec.containers[0].env[0].valueFrom.secretKeyRef.name schema/invalid",
				"spec.containers[0].livenessProbe.httpGet.port schema/invalid",
				"spec.containers[0].ports[0].containerPort schema/required",
				"spec.containers[0].readinessProbe.grpc.port schema/invalid",
				"spec.containers[0].resizePolicy[0].resourceName schema/enum",
				"spec.containers[0].resizePolicy[1] schema/duplicate",
				"spec.containers[0].resizePolicy[1].resourceName schema/enum",
				"spec.containers[0].volumeDevices[0].devicePath schema/invalid",
				"spec.containers[0].volumeDevices[0].devicePath schema/required",
				"spec.containers[0].volumeDevices[0].name schema/invalid",
				"spec.containers[0].volumeDevices[1].devicePath schema/duplicate",
				"spec.containers[0].volumeDevices[1].devicePath schema/invalid",
				"spec.containers[0].volumeDevices[1].devicePath schema/required",
				"spec.containers[0].volumeDevices[1].name schema/invalid",
				"spec.containers[0].volumeMounts[0].mountPath schema/invalid",
				"spec.containers[0].volumeMounts[0].mountPath schema/required",
				"spec.containers[0].volumeMounts[0].name schema/invalid",
				"spec.containers[0].volumeMounts[1].mountPath schema/duplicate",
				"spec.containers[0].volumeMounts[1].mountPath schema/invalid",
				"spec.containers[0].volumeMounts[1].mountPath schema/required",
				"spec.containers[0].volumeMounts[1].name schema/invalid",
				"spec.topologySpreadConstraints[0] schema/duplicate",
				"spec.topologySpreadConstraints[0].maxSkew schema/bounds",
				"spec.topologySpreadConstraints[0].topologyKey schema/required",
				"spec.topologySpreadConstraints[1].maxSkew schema/bounds",
				"spec.topologySpreadConstraints[1].topologyKey schema/required",
				"spec.topologySpreadConstraints[2].maxSkew schema/bounds",
				"spec.topologySpreadConstraints[2].whenUnsatisfiable schema/enum",
				"spec.volumes[0].name schema/required",
				"spec.volumes[1].name schema/required",
				"spec.volumes[2].secret.items[0].path schema/required",
				"spec.volumes[2].secret.secretName schema/required",
			},
		},
		{
			name: "what is elsewhere",
			template: `
metadata: {annotations: {container.apparmor.security.beta.kubernetes.io/other: unconfined}}
spec:
  containers:
  - name: main
    image: a
    env: [{name: A, valueFrom: {fileKeyRef: {volumeName: vars, path: a, key: B}}}]
    resources: {claims: [{name: gpu}]}
    volumeMounts: [{name: data, mountPath: /data}]
    volumeDevices: [{name: disk, devicePath: /dev/x}]
`,
			whole: []string{
				"metadata.annotations[container.apparmor.security.beta.kubernetes.io/other] schema/invalid",
				"spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName schema/invalid",
				"spec.containers[0].resources.claims[0] schema/invalid",
				"spec.containers[0].volumeDevices[0].name schema/invalid",
				"spec.containers[0].volumeMounts[0].name schema/invalid",
			},
		},
		{
			name: "wrong",
			template: `
metadata: {labels: {-: a}}
spec:
  restartPolicy: Sometimes
  hostUsers: false
  hostNetwork: true
  containers:
  - name: MAIN
    ports: [{containerPort: 70000}]
    resources: {requests: {cpu: 4}, limits: {cpu: 2}}
    startupProbe: {successThreshold: 2}
  tolerations: [{key: a, operator: Exists, value: b}]
`,
			whole: []string{
				"metadata.labels schema/invalid", "spec.containers[0].image schema/required", "spec.containers[0].name schema/invalid",
				"spec.containers[0].ports[0].containerPort schema/invalid", "spec.containers[0].resources.requests schema/invalid",
				"spec.containers[0].startupProbe schema/required", "spec.containers[0].startupProbe.successThreshold schema/bounds",
				"spec.hostNetwork schema/forbidden", "spec.restartPolicy schema/enum", "spec.tolerations[0].operator schema/invalid",
			},
			standing: []string{
				"metadata.labels schema/invalid", "spec.containers[0].name schema/invalid",
				"spec.containers[0].ports[0].containerPort schema/invalid", "spec.containers[0].resources.requests schema/invalid",
				"spec.containers[0].startupProbe.successThreshold schema/bounds",
				"spec.hostNetwork schema/forbidden", "spec.restartPolicy schema/enum", "spec.tolerations[0].operator schema/invalid",
			},
		},
	} {
		var template corev1.PodTemplateSpec
		if err := yaml.UnmarshalStrict([]byte(test.template), &template); err != nil {
			t.Fatal(err)
		}
		for whole, want := range map[bool][]string{true: test.whole, false: test.standing} {
			var got []string
			builtin.PodTemplate(&template, whole, func(p schema.Problem) { got = append(got, p.Path+" "+p.Rule) })
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, whole %v:\n%s", test.name, whole, diff)
			}
		}
	}
}
