package workflow_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// TestBadClaims: each mistake is found, and nothing else is.
func TestBadClaims(t *testing.T) {
	base := func(size string) corev1.PersistentVolumeClaim {
		var out corev1.PersistentVolumeClaim
		out.Spec.Resources.Requests = corev1.ResourceList{corev1.ResourceStorage: resource.MustParse(size)}
		return out
	}
	for name, tc := range map[string]struct {
		claims      workflow.Claims
		field, rule string
	}{
		"no name":           {workflow.Claims{{Size: 1}}, "Claims[0].Name", millrace.RuleRequired},
		"name in capitals":  {workflow.Claims{{Name: "Work", Size: 1}}, "Claims[0].Name", millrace.RuleInvalid},
		"two of a name":     {workflow.Claims{{Name: "a", Size: 1}, {Name: "a", Size: 1}}, "Claims[1].Name", millrace.RuleDuplicate},
		"no size":           {workflow.Claims{{Name: "a"}}, "Claims[0].Size", millrace.RuleRequired},
		"negative size":     {workflow.Claims{{Name: "a", Size: -1}}, "Claims[0].Size", millrace.RuleInvalid},
		"no size in Base":   {workflow.Claims{{Name: "a", Base: base("0")}}, "Claims[0].Size", millrace.RuleInvalid},
		"two sizes":         {workflow.Claims{{Name: "a", Size: 1, Base: base("2")}}, "Claims[0].Base.Spec.Resources.Requests[storage]", millrace.RuleConflict},
		"bad storage class": {workflow.Claims{{Name: "a", Size: 1, StorageClass: "A"}}, "Claims[0].StorageClass", millrace.RuleInvalid},
		"bad mode":          {workflow.Claims{{Name: "a", Size: 1, AccessMode: "RWO"}}, "Claims[0].AccessMode", millrace.RuleInvalid},
	} {
		_, err := tc.claims.Render()
		if found := findings(t, err); !has(found, tc.field, tc.rule) || len(found) != 1 {
			t.Errorf("%s: want %s at %s alone, got %v", name, tc.rule, tc.field, err)
		}
	}
}

// TestMounts: what containers can't mount is found.
func TestMounts(t *testing.T) {
	v := corev1.Volume{Name: "v"}
	for name, tc := range map[string]struct {
		mounts      []corev1.VolumeMount
		field, rule string
	}{
		"no volume":     {[]corev1.VolumeMount{workflow.Mount(corev1.Volume{}, "/a")}, "Mounts[0].Name", millrace.RuleRequired},
		"no path":       {[]corev1.VolumeMount{workflow.Claim{Name: "a"}.Mount("")}, "Mounts[0].MountPath", millrace.RuleRequired},
		"colon":         {[]corev1.VolumeMount{workflow.Mount(v, "/a:b")}, "Mounts[0].MountPath", millrace.RuleInvalid},
		"one path":      {[]corev1.VolumeMount{workflow.Mount(v, "/a"), workflow.Claim{Name: "a"}.Mount("/a")}, "Mounts[1].MountPath", millrace.RuleConflict},
		"mount of Base": {[]corev1.VolumeMount{workflow.Mount(v, "/base")}, "Base.VolumeMounts[0].Name", millrace.RuleConflict},
	} {
		_, err := contained(workflow.Container{Mounts: tc.mounts, Base: corev1.Container{VolumeMounts: []corev1.VolumeMount{{Name: "base", MountPath: "/base"}}}})
		if found := findings(t, err); !has(found, "Tasks[0].Step."+tc.field, tc.rule) || len(found) != 1 {
			t.Errorf("%s: want %s at %s alone, got %v", name, tc.rule, tc.field, err)
		}
	}
	got, err := contained(workflow.Container{Mounts: []corev1.VolumeMount{workflow.Mount(v, "/a")}, Base: corev1.Container{VolumeMounts: []corev1.VolumeMount{{Name: "base", MountPath: "/base"}}}})
	if err != nil {
		t.Fatal(err)
	}
	want := []corev1.VolumeMount{{Name: "base", MountPath: "/base"}, {Name: "v", MountPath: "/a"}}
	if diff := cmp.Diff(want, got.VolumeMounts); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestClaimsAreWritable: a new volume belongs to root, and the steps' user gets
// at it by a group; also where a step has a security context of its own.
func TestClaimsAreWritable(t *testing.T) {
	own := &corev1.PodSecurityContext{RunAsUser: new(int64(999))}
	step := workflow.Container{Image: "a:1", Command: []string{"a"}}
	for name, tc := range map[string]struct {
		change func(*workflow.Template)
		group  *int64
	}{
		"claim": {func(p *workflow.Template) { p.Pods.Claims = []workflow.Claim{{Name: "a", Size: 1}} }, new(int64(8737))},
		"Base's claim": {func(p *workflow.Template) {
			p.Base.VolumeClaimTemplates = []corev1.PersistentVolumeClaim{{ObjectMeta: metav1.ObjectMeta{Name: "a"}}}
		}, new(int64(8737))},
		"own group": {func(p *workflow.Template) {
			p.Pods = workflow.RunPods{Claims: []workflow.Claim{{Name: "a", Size: 1}}, SecurityContext: &corev1.PodSecurityContext{FSGroup: new(int64(7))}}
		}, new(int64(7))},
		"no claim": {func(*workflow.Template) {}, nil},
		"plain": {func(p *workflow.Template) {
			p.Plain, p.Pods.Claims = true, []workflow.Claim{{Name: "a", Size: 1}}
			p.Pods.SecurityContext = own
		}, nil},
	} {
		p := &workflow.Template{Name: "p", ServiceAccount: "p", Tasks: []*workflow.Task{
			{Name: "a", Step: step}, {Name: "b", Step: step, Settings: workflow.Settings{Pod: workflow.PodSettings{SecurityContext: own}}},
		}}
		tc.change(p)
		w, err := p.WorkflowTemplate()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(tc.group, w.Spec.SecurityContext.FSGroup); diff != "" {
			t.Errorf("%s: the run's group: -want +got:\n%s", name, diff)
		}
		if got := w.GetTemplateByName("b").SecurityContext.FSGroup; name != "own group" && cmp.Diff(tc.group, got) != "" {
			t.Errorf("%s: the step's group: %v", name, got)
		}
	}
	if own.FSGroup != nil {
		t.Error("the user's security context was changed")
	}
}
