package workflow_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// contained builds a pipeline of one container.
func contained(step workflow.Container) (*corev1.Container, error) {
	step.Image, step.Command = "company-registry/notify:1.4.0", []string{"notify"}
	w, err := (&workflow.Template{Name: "notify", ServiceAccount: "etl", Tasks: []*workflow.Task{{Name: "notify", Step: step}}}).WorkflowTemplate()
	if err != nil {
		return nil, err
	}
	return w.GetTemplateByName("notify").Container, nil
}

// amounts writes resources as people do.
func amounts(r corev1.ResourceRequirements) map[string]string {
	out := map[string]string{}
	for what, list := range map[string]corev1.ResourceList{"request": r.Requests, "limit": r.Limits} {
		for name, q := range list {
			out[string(name)+" "+what] = q.String()
		}
	}
	return out
}

// TestContainerResources: a default never makes a container that the API
// server refuses, because it asks for more than it may use.
func TestContainerResources(t *testing.T) {
	cpu := func(s string) corev1.ResourceList {
		return corev1.ResourceList{corev1.ResourceCPU: resource.MustParse(s)}
	}
	mem := func(s string) corev1.ResourceList {
		return corev1.ResourceList{corev1.ResourceMemory: resource.MustParse(s)}
	}
	for name, tc := range map[string]struct {
		step workflow.Container
		base corev1.ResourceRequirements
		want map[string]string
	}{
		"nothing":        {want: map[string]string{"cpu request": "500m", "memory request": "1Gi", "memory limit": "1Gi"}},
		"fields":         {step: workflow.Container{CPU: resource.MustParse("2"), Memory: 2 * millrace.GiB}, want: map[string]string{"cpu request": "2", "memory request": "2Gi", "memory limit": "2Gi"}},
		"memory limit":   {base: corev1.ResourceRequirements{Limits: mem("512Mi")}, want: map[string]string{"cpu request": "500m", "memory limit": "512Mi"}},
		"cpu limit":      {base: corev1.ResourceRequirements{Limits: cpu("250m")}, want: map[string]string{"cpu limit": "250m", "memory request": "1Gi", "memory limit": "1Gi"}},
		"memory request": {base: corev1.ResourceRequirements{Requests: mem("4Gi")}, want: map[string]string{"cpu request": "500m", "memory request": "4Gi"}},
	} {
		t.Run(name, func(t *testing.T) {
			tc.step.Base.Resources = tc.base
			got, err := contained(tc.step)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, amounts(got.Resources)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	_, err := contained(workflow.Container{CPU: resource.MustParse("2"), Base: corev1.Container{Resources: corev1.ResourceRequirements{Limits: cpu("1")}}})
	built, _ := errors.AsType[*millrace.BuildError](err)
	if built == nil || !has(built.Findings, "Tasks[0].Step.Base.Resources.Limits[cpu]", millrace.RuleConflict) {
		t.Errorf("asks for more than it may use: %v", err)
	}
}

// TestContainerSecurity: the defaults give way where they would contradict.
func TestContainerSecurity(t *testing.T) {
	for name, tc := range map[string]struct {
		base, want corev1.SecurityContext
	}{
		"nothing":    {want: corev1.SecurityContext{AllowPrivilegeEscalation: new(false)}},
		"privileged": {base: corev1.SecurityContext{Privileged: new(true)}, want: corev1.SecurityContext{Privileged: new(true)}},
		"unprivileged": {base: corev1.SecurityContext{Privileged: new(false)},
			want: corev1.SecurityContext{Privileged: new(false), AllowPrivilegeEscalation: new(false)}},
		"root": {base: corev1.SecurityContext{RunAsUser: new(int64(0))},
			want: corev1.SecurityContext{RunAsUser: new(int64(0)), RunAsNonRoot: new(false), AllowPrivilegeEscalation: new(false)}},
		"another user": {base: corev1.SecurityContext{RunAsUser: new(int64(185))},
			want: corev1.SecurityContext{RunAsUser: new(int64(185)), AllowPrivilegeEscalation: new(false)}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := contained(workflow.Container{Base: corev1.Container{SecurityContext: &tc.base}})
			if err != nil {
				t.Fatal(err)
			}
			tc.want.Capabilities = &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}}
			if diff := cmp.Diff(&tc.want, got.SecurityContext); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
