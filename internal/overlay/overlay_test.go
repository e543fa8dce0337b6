package overlay_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace/internal/overlay"
)

func container(name, image string, env ...corev1.EnvVar) corev1.Container {
	return corev1.Container{Name: name, Image: image, Env: env}
}

func TestLay(t *testing.T) {
	for name, tc := range map[string]struct {
		base, fields corev1.PodSpec
		want         corev1.PodSpec
		conflicts    []string
	}{
		"one side each": {
			base:   corev1.PodSpec{NodeName: "a"},
			fields: corev1.PodSpec{SchedulerName: "b"},
			want:   corev1.PodSpec{NodeName: "a", SchedulerName: "b"},
		},
		"a set zero counts as set": {
			base:      corev1.PodSpec{Priority: new(int32(0))},
			fields:    corev1.PodSpec{Priority: new(int32(7))},
			want:      corev1.PodSpec{Priority: new(int32(0))},
			conflicts: []string{"Priority"},
		},
		"scalar in both": {
			base:      corev1.PodSpec{NodeName: "a"},
			fields:    corev1.PodSpec{NodeName: "b"},
			want:      corev1.PodSpec{NodeName: "a"},
			conflicts: []string{"NodeName"},
		},
		"maps join by key": {
			base:      corev1.PodSpec{NodeSelector: map[string]string{"a": "1", "b": "2"}},
			fields:    corev1.PodSpec{NodeSelector: map[string]string{"b": "3", "c": "4"}},
			want:      corev1.PodSpec{NodeSelector: map[string]string{"a": "1", "b": "2", "c": "4"}},
			conflicts: []string{"NodeSelector[b]"},
		},
		"pointers to structs join": {
			base:   corev1.PodSpec{SecurityContext: &corev1.PodSecurityContext{RunAsUser: new(int64(1))}},
			fields: corev1.PodSpec{SecurityContext: &corev1.PodSecurityContext{FSGroup: new(int64(2))}},
			want:   corev1.PodSpec{SecurityContext: &corev1.PodSecurityContext{RunAsUser: new(int64(1)), FSGroup: new(int64(2))}},
		},
		"containers join by name": {
			base:      corev1.PodSpec{Containers: []corev1.Container{container("main", "a", corev1.EnvVar{Name: "X", Value: "1"})}},
			fields:    corev1.PodSpec{Containers: []corev1.Container{container("side", "c"), container("main", "b", corev1.EnvVar{Name: "Y", Value: "2"})}},
			want:      corev1.PodSpec{Containers: []corev1.Container{container("main", "a", corev1.EnvVar{Name: "X", Value: "1"}, corev1.EnvVar{Name: "Y", Value: "2"}), container("side", "c")}},
			conflicts: []string{"Containers[0].Image"},
		},
		"two items of one key on one side": {
			base:   corev1.PodSpec{Containers: []corev1.Container{container("main", "a")}},
			fields: corev1.PodSpec{Containers: []corev1.Container{container("side", "b"), container("side", "c")}},
			want:   corev1.PodSpec{Containers: []corev1.Container{container("main", "a"), container("side", "b"), container("side", "c")}},
		},
		"other lists are one value": {
			base:      corev1.PodSpec{Tolerations: []corev1.Toleration{{Key: "a"}}},
			fields:    corev1.PodSpec{Tolerations: []corev1.Toleration{{Key: "b"}}},
			want:      corev1.PodSpec{Tolerations: []corev1.Toleration{{Key: "a"}}},
			conflicts: []string{"Tolerations"},
		},
		"conflicts have one order": {
			base:      corev1.PodSpec{NodeSelector: map[string]string{"a": "1", "b": "1", "c": "1", "d": "1", "e": "1", "f": "1"}},
			fields:    corev1.PodSpec{NodeSelector: map[string]string{"a": "1", "b": "1", "c": "1", "d": "1", "e": "1", "f": "1"}},
			want:      corev1.PodSpec{NodeSelector: map[string]string{"a": "1", "b": "1", "c": "1", "d": "1", "e": "1", "f": "1"}},
			conflicts: []string{"NodeSelector[a]", "NodeSelector[b]", "NodeSelector[c]", "NodeSelector[d]", "NodeSelector[e]", "NodeSelector[f]"},
		},
		"quantities are one value": {
			base:      corev1.PodSpec{Overhead: corev1.ResourceList{"cpu": resource.MustParse("1")}},
			fields:    corev1.PodSpec{Overhead: corev1.ResourceList{"cpu": resource.MustParse("2")}},
			want:      corev1.PodSpec{Overhead: corev1.ResourceList{"cpu": resource.MustParse("1")}},
			conflicts: []string{"Overhead[cpu]"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := *tc.base.DeepCopy()
			conflicts := overlay.Lay(&got, tc.fields.DeepCopy())
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("laid over (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.conflicts, conflicts); diff != "" {
				t.Errorf("conflicts (-want +got):\n%s", diff)
			}
			filled := *tc.base.DeepCopy()
			overlay.Fill(&filled, tc.fields.DeepCopy())
			if diff := cmp.Diff(tc.want, filled); diff != "" {
				t.Errorf("filled (-want +got):\n%s", diff)
			}
		})
	}
}
