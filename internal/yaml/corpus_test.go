package yaml_test

import (
	"time"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// corpus returns fresh objects, by name, that between them use every type the
// writer knows.
func corpus() map[string]any {
	return map[string]any{
		"SparkApplication": sparkApplication(),
		"Workflow":         workflowDAG(3),
		"WorkflowTemplate": workflowSteps(),
		"Deployment":       deployment(),
		"ConfigMap":        configMap(),
		"Secret": &corev1.Secret{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"},
			Data: map[string][]byte{"true": {0xb6, 0xbb, 0x9e}, "empty": {}, "a": []byte("hello\n")}, Immutable: new(false)},
		"NetworkPolicy": networkPolicy(),
		"CronJob":       cronJob(),
		"CRD":           customResourceDefinition(),
		"PodTemplate": &corev1.PodTemplate{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "PodTemplate"},
			Template: corev1.PodTemplateSpec{Spec: podSpec()}},
		"ControllerRevision": &appsv1.ControllerRevision{TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: "ControllerRevision"},
			Data: runtime.RawExtension{Raw: []byte(`{"z": null, "a": {"e": {}, "l": [], "n": 12345678901234567890, "f": 1E5}}`)}, Revision: 1},
		"Event": &corev1.Event{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Event"},
			EventTime:      metav1.NewMicroTime(time.Date(2026, 11, 23, 4, 5, 6, 789000, time.FixedZone("", 3600))),
			FirstTimestamp: metav1.NewTime(time.Date(2026, 11, 23, 4, 5, 6, 0, time.FixedZone("", 3600)))},
	}
}

func deployment() *appsv1.Deployment {
	return &appsv1.Deployment{
		TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"},
		ObjectMeta: metav1.ObjectMeta{Name: "etl", Namespace: "data", Generation: 3,
			OwnerReferences: []metav1.OwnerReference{{APIVersion: "v1", Kind: "ConfigMap", Name: "x", UID: "0128", Controller: new(true)}},
			ManagedFields:   []metav1.ManagedFieldsEntry{{Manager: "m", FieldsV1: metav1.NewFieldsV1(`{"f:spec":{"f:replicas":{}}}`)}}},
		Spec: appsv1.DeploymentSpec{
			Replicas: new(int32(0)),
			Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": "etl", "on": "yes"}},
			Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": "etl"}}, Spec: podSpec()},
			Strategy: appsv1.DeploymentStrategy{RollingUpdate: &appsv1.RollingUpdateDeployment{
				MaxSurge: new(intstr.FromString("25%")), MaxUnavailable: new(intstr.FromInt32(0))}},
		},
		Status: appsv1.DeploymentStatus{Replicas: 3, Conditions: []appsv1.DeploymentCondition{{Type: "Available"}}},
	}
}

func podSpec() corev1.PodSpec {
	return corev1.PodSpec{
		Containers: []corev1.Container{{
			Name: "main", Image: "busybox", Args: []string{"", "-c", "echo \"hi\"; exit 0", "*", "{{x}}", "a: b"},
			Ports:         []corev1.ContainerPort{{ContainerPort: 8080}},
			LivenessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/", Port: intstr.FromString("http")}}},
			Resources: corev1.ResourceRequirements{Limits: corev1.ResourceList{"cpu": resource.MustParse("1"),
				"memory": resource.MustParse("1.5Gi"), "nvidia.com/gpu": resource.MustParse("1e3")}},
		}},
		Volumes: []corev1.Volume{
			{Name: "tmp", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}},
			{Name: "all", VolumeSource: corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{}}},
		},
		TopologySpreadConstraints: []corev1.TopologySpreadConstraint{{MaxSkew: 1, TopologyKey: "zone", WhenUnsatisfiable: "DoNotSchedule"}},
		SecurityContext:           &corev1.PodSecurityContext{},
		NodeSelector:              map[string]string{"pool": "1", "spot": "true", "1": "x"},
		Overhead:                  corev1.ResourceList{},
		ActiveDeadlineSeconds:     new(int64(604800000)),
	}
}

func configMap() *corev1.ConfigMap {
	return &corev1.ConfigMap{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
		ObjectMeta: metav1.ObjectMeta{Name: "scripts"},
		Data: map[string]string{
			"run.sh": "#!/bin/sh\nset -eu\n\nfor f in *; do\n\techo \"$f\"\ndone\n", "Makefile": "all:\n\tgo build ./...  \n\n",
			"indented": "  two\nnone", "crlf": "a\r\nb\r\n", "noeol": "a\nb", "many": "a\n\n\n", "blank": "\n", "no": "off",
			"sep": "---\n...\n--- a\n", "tab-first": "\tx\n y\n", "late": "\n\n   x\ny", "ls": "a\u2028b\nc",
		},
		BinaryData: map[string][]byte{"bin": {0, 1, 2, 0xff}},
	}
}

func networkPolicy() *networkingv1.NetworkPolicy {
	return &networkingv1.NetworkPolicy{
		TypeMeta: metav1.TypeMeta{APIVersion: "networking.k8s.io/v1", Kind: "NetworkPolicy"},
		Spec: networkingv1.NetworkPolicySpec{
			PodSelector: metav1.LabelSelector{},
			Ingress:     []networkingv1.NetworkPolicyIngressRule{{}, {From: []networkingv1.NetworkPolicyPeer{{PodSelector: &metav1.LabelSelector{}}}}},
			Egress: []networkingv1.NetworkPolicyEgressRule{{Ports: []networkingv1.NetworkPolicyPort{{Port: new(intstr.FromInt32(53))}},
				To: []networkingv1.NetworkPolicyPeer{{IPBlock: &networkingv1.IPBlock{CIDR: "10.0.0.0/8", Except: []string{"10.1.0.0/16"}}}}}},
		},
	}
}

func cronJob() *batchv1.CronJob {
	return &batchv1.CronJob{
		TypeMeta: metav1.TypeMeta{APIVersion: "batch/v1", Kind: "CronJob"},
		Spec: batchv1.CronJobSpec{Schedule: "*/5 * * * *", Suspend: new(false),
			JobTemplate: batchv1.JobTemplateSpec{Spec: batchv1.JobSpec{BackoffLimit: new(int32(0)), Template: corev1.PodTemplateSpec{Spec: podSpec()}}}},
	}
}

func customResourceDefinition() *apiextensionsv1.CustomResourceDefinition {
	return &apiextensionsv1.CustomResourceDefinition{
		TypeMeta: metav1.TypeMeta{APIVersion: "apiextensions.k8s.io/v1", Kind: "CustomResourceDefinition"},
		Spec: apiextensionsv1.CustomResourceDefinitionSpec{Versions: []apiextensionsv1.CustomResourceDefinitionVersion{{
			Name: "v1", Schema: &apiextensionsv1.CustomResourceValidation{OpenAPIV3Schema: &apiextensionsv1.JSONSchemaProps{
				Type: "object", Default: &apiextensionsv1.JSON{Raw: []byte(`{"b":null,"a":{}}`)},
				Properties: map[string]apiextensionsv1.JSONSchemaProps{
					"y": {Type: "number", Maximum: new(1e21), Minimum: new(-0.5), Enum: []apiextensionsv1.JSON{{Raw: []byte(`"no"`)}, {Raw: []byte("1")}}},
					"n": {Type: "string", Nullable: true},
				},
				AdditionalProperties: &apiextensionsv1.JSONSchemaPropsOrBool{Allows: true},
			}}}}},
	}
}
