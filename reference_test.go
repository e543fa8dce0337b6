package millrace_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// An executor whose first variable and memory stand elsewhere in its object.
func ExamplePod_Field() {
	p := millrace.Pod{
		Path: "spec.executor.template",
		Fields: map[string]string{
			"spec.containers[0].env[0]":                    "spec.executor.env[0]",
			"spec.containers[0].resources.requests.memory": "spec.executor.memory",
		},
	}
	fmt.Println(p.Field("spec.containers[0].env[0].valueFrom.secretKeyRef"))
	fmt.Println(p.Field("spec.containers[0].resources.requests.memory"))
	fmt.Println(p.Field("spec.containers[0].env[1].name"))
	// Output:
	// spec.executor.env[0].valueFrom.secretKeyRef
	// spec.executor.memory
	// spec.executor.template.spec.containers[0].env[1].name
}

func TestPodField(t *testing.T) {
	p := millrace.Pod{Path: "spec.template", Fields: map[string]string{
		"spec": "spec.pod",
		"metadata.labels[app.kubernetes.io/name]":             "spec.appName",
		"spec.containers[0].resources.requests.memory":        "spec.memory",
		"spec.containers[0].resources.limits[nvidia.com/gpu]": "spec.gpus",
		"spec.nodeSelector[disk]":                             "spec.conf[node.selector.disk]",
		"spec.volumes[1]":                                     "spec.disks[0]",
	}}
	for path, want := range map[string]string{
		"":                      "spec.template",
		"metadata.labels[team]": "spec.template.metadata.labels[team]",
		"metadata.labels[app.kubernetes.io/name]": "spec.appName",
		"spec":               "spec.pod",
		"spec.containers[0]": "spec.pod.containers[0]",
		"spec.containers[0].resources.requests.memory":        "spec.memory",
		"spec.containers[0].resources.requests[memory]":       "spec.memory",
		"spec.containers[0].resources.limits[nvidia.com/gpu]": "spec.gpus",
		"spec.nodeSelector.disk":                              "spec.conf[node.selector.disk]",
		"spec.nodeSelector":                                   "spec.pod.nodeSelector",
		"spec.volumes[1].emptyDir.sizeLimit":                  "spec.disks[0].emptyDir.sizeLimit",
		"spec.volumes[10]":                                    "spec.pod.volumes[10]",
		"]":                                                   "spec.template.]",
	} {
		if got := p.Field(path); got != want {
			t.Errorf("Field(%q) = %q, want %q", path, got, want)
		}
	}
}

func ExamplePod_References() {
	p := millrace.Pod{
		Namespace: "etl",
		Path:      "spec.template",
		Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
			ServiceAccountName: "loader",
			Containers: []corev1.Container{{
				Name: "main",
				Env: []corev1.EnvVar{{Name: "PASSWORD", ValueFrom: &corev1.EnvVarSource{
					SecretKeyRef: &corev1.SecretKeySelector{
						LocalObjectReference: corev1.LocalObjectReference{Name: "warehouse"}, Key: "password"},
				}}},
			}},
		}},
	}
	for _, r := range p.References() {
		fmt.Println(r.Kind, r.Namespace, r.Name, r.Key, r.Field)
	}
	// Output:
	// ServiceAccount etl loader  spec.template.spec.serviceAccountName
	// Secret etl warehouse password spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef.name
}

func ExampleReference_Known() {
	fmt.Println(millrace.Reference{Kind: "Secret", Name: "warehouse"}.Known())
	fmt.Println(millrace.Reference{Kind: "Secret", Name: "{{inputs.parameters.secret}}"}.Known())
	// Output:
	// true
	// false
}

func TestPodReferences(t *testing.T) {
	local := func(name string) *corev1.LocalObjectReference { return &corev1.LocalObjectReference{Name: name} }
	secret := func(name string) corev1.LocalObjectReference { return *local(name) }
	volume := func(source corev1.VolumeSource) corev1.PodSpec {
		return corev1.PodSpec{Volumes: []corev1.Volume{{Name: "v", VolumeSource: source}}}
	}
	for name, tc := range map[string]struct {
		spec corev1.PodSpec
		want []string // kind name/key field
	}{
		"nothing": {},
		"account, by its old name": {corev1.PodSpec{DeprecatedServiceAccount: "sa"},
			[]string{"ServiceAccount n/sa spec.serviceAccount"}},
		"account": {corev1.PodSpec{ServiceAccountName: "sa", DeprecatedServiceAccount: "sa"},
			[]string{"ServiceAccount n/sa spec.serviceAccountName"}},
		"pull secrets and priority": {corev1.PodSpec{PriorityClassName: "high", ImagePullSecrets: []corev1.LocalObjectReference{secret("a"), {}, secret("b")}},
			[]string{"Secret n/a spec.imagePullSecrets[0].name", "Secret n/b spec.imagePullSecrets[2].name", "PriorityClass high spec.priorityClassName"}},
		"what a workflow fills in": {corev1.PodSpec{ServiceAccountName: "{{inputs.parameters.sa}}"}, nil},
		"secret": {volume(corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "s", Optional: new(true)}}),
			[]string{"Secret n/s? spec.volumes[0].secret.secretName"}},
		"two entries": {volume(corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "s", Items: []corev1.KeyToPath{{Key: "a"}, {Key: "b"}}}}),
			[]string{"Secret n/s#a spec.volumes[0].secret.secretName", "Secret n/s#b spec.volumes[0].secret.secretName"}},
		"config map": {volume(corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: secret("c"), Items: []corev1.KeyToPath{{Key: "a"}}}}),
			[]string{"ConfigMap n/c#a spec.volumes[0].configMap.name"}},
		"claim": {volume(corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "data"}}),
			[]string{"PersistentVolumeClaim n/data spec.volumes[0].persistentVolumeClaim.claimName"}},
		"ephemeral claim": {volume(corev1.VolumeSource{Ephemeral: &corev1.EphemeralVolumeSource{VolumeClaimTemplate: &corev1.PersistentVolumeClaimTemplate{
			Spec: corev1.PersistentVolumeClaimSpec{StorageClassName: new("ssd"), DataSource: &corev1.TypedLocalObjectReference{Kind: "PersistentVolumeClaim", Name: "base"}}}}}),
			[]string{"StorageClass ssd spec.volumes[0].ephemeral.volumeClaimTemplate.spec.storageClassName",
				"PersistentVolumeClaim n/base spec.volumes[0].ephemeral.volumeClaimTemplate.spec.dataSource.name"}},
		"snapshot of a claim": {volume(corev1.VolumeSource{Ephemeral: &corev1.EphemeralVolumeSource{VolumeClaimTemplate: &corev1.PersistentVolumeClaimTemplate{
			Spec: corev1.PersistentVolumeClaimSpec{DataSource: &corev1.TypedLocalObjectReference{APIGroup: new("snapshot.storage.k8s.io"), Kind: "VolumeSnapshot", Name: "base"}}}}}), nil},
		"projected": {volume(corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{Sources: []corev1.VolumeProjection{
			{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{}},
			{Secret: &corev1.SecretProjection{LocalObjectReference: secret("s")}},
			{ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: secret("c"), Optional: new(false)}},
		}}}), []string{"Secret n/s spec.volumes[0].projected.sources[1].secret.name", "ConfigMap n/c spec.volumes[0].projected.sources[2].configMap.name"}},
		"csi":        {volume(corev1.VolumeSource{CSI: &corev1.CSIVolumeSource{NodePublishSecretRef: local("s")}}), []string{"Secret n/s spec.volumes[0].csi.nodePublishSecretRef.name"}},
		"azure file": {volume(corev1.VolumeSource{AzureFile: &corev1.AzureFileVolumeSource{SecretName: "s"}}), []string{"Secret n/s spec.volumes[0].azureFile.secretName"}},
		"ceph":       {volume(corev1.VolumeSource{CephFS: &corev1.CephFSVolumeSource{SecretRef: local("s")}}), []string{"Secret n/s spec.volumes[0].cephfs.secretRef.name"}},
		"cinder":     {volume(corev1.VolumeSource{Cinder: &corev1.CinderVolumeSource{SecretRef: local("s")}}), []string{"Secret n/s spec.volumes[0].cinder.secretRef.name"}},
		"flex":       {volume(corev1.VolumeSource{FlexVolume: &corev1.FlexVolumeSource{SecretRef: local("s")}}), []string{"Secret n/s spec.volumes[0].flexVolume.secretRef.name"}},
		"iscsi":      {volume(corev1.VolumeSource{ISCSI: &corev1.ISCSIVolumeSource{SecretRef: local("s")}}), []string{"Secret n/s spec.volumes[0].iscsi.secretRef.name"}},
		"rbd":        {volume(corev1.VolumeSource{RBD: &corev1.RBDVolumeSource{SecretRef: local("s")}}), []string{"Secret n/s spec.volumes[0].rbd.secretRef.name"}},
		"scale io":   {volume(corev1.VolumeSource{ScaleIO: &corev1.ScaleIOVolumeSource{SecretRef: local("s")}}), []string{"Secret n/s spec.volumes[0].scaleIO.secretRef.name"}},
		"storage os": {volume(corev1.VolumeSource{StorageOS: &corev1.StorageOSVolumeSource{SecretRef: local("s")}}), []string{"Secret n/s spec.volumes[0].storageos.secretRef.name"}},
		"environment": {corev1.PodSpec{
			Containers: []corev1.Container{{Env: []corev1.EnvVar{
				{Name: "A", Value: "a"},
				{Name: "B", ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.name"}}},
				{Name: "C", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{LocalObjectReference: secret("s"), Key: "k", Optional: new(true)}}},
				{Name: "D", ValueFrom: &corev1.EnvVarSource{ConfigMapKeyRef: &corev1.ConfigMapKeySelector{LocalObjectReference: secret("c"), Key: "{{inputs.parameters.key}}"}}},
			}}},
			InitContainers: []corev1.Container{{EnvFrom: []corev1.EnvFromSource{
				{SecretRef: &corev1.SecretEnvSource{LocalObjectReference: secret("s")}},
				{ConfigMapRef: &corev1.ConfigMapEnvSource{LocalObjectReference: secret("c"), Optional: new(true)}},
			}, Env: []corev1.EnvVar{
				{Name: "D", ValueFrom: &corev1.EnvVarSource{ConfigMapKeyRef: &corev1.ConfigMapKeySelector{LocalObjectReference: secret("c"), Key: "k"}}},
			}}},
		}, []string{
			"Secret n/s spec.initContainers[0].envFrom[0].secretRef.name",
			"ConfigMap n/c? spec.initContainers[0].envFrom[1].configMapRef.name",
			"ConfigMap n/c#k spec.initContainers[0].env[0].valueFrom.configMapKeyRef.name",
			"Secret n/s#k? spec.containers[0].env[2].valueFrom.secretKeyRef.name",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			p := millrace.Pod{Namespace: "n", Template: corev1.PodTemplateSpec{Spec: tc.spec}}
			if diff := cmp.Diff(tc.want, referenceLines(p.References())); diff != "" {
				t.Errorf("references (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPodReferencesOfClaims(t *testing.T) {
	p := millrace.Pod{
		Claims: []corev1.PersistentVolumeClaim{{}, {Spec: corev1.PersistentVolumeClaimSpec{StorageClassName: new("ssd")}}},
		Shared: []corev1.PersistentVolumeClaim{{Spec: corev1.PersistentVolumeClaimSpec{StorageClassName: new("hdd")}}},
		Fields: map[string]string{"claims": "spec.volumeClaimTemplates", "shared": "spec.disks"},
	}
	want := []string{
		"StorageClass ssd spec.volumeClaimTemplates[1].spec.storageClassName",
		"StorageClass hdd spec.disks[0].spec.storageClassName",
	}
	if diff := cmp.Diff(want, referenceLines(p.References())); diff != "" {
		t.Errorf("references (-want +got):\n%s", diff)
	}
}

// referenceLines writes references as "Kind namespace/name#key? field".
func referenceLines(refs []millrace.Reference) []string {
	var out []string
	for _, r := range refs {
		line := r.Kind + " "
		if r.Namespace != "" {
			line += r.Namespace + "/"
		}
		line += r.Name
		if r.Key != "" {
			line += "#" + r.Key
		}
		if r.Optional {
			line += "?"
		}
		out = append(out, line+" "+r.Field)
	}
	return out
}
