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

// sidecar is a container as workflows have them: one field more.
type sidecar struct {
	corev1.Container `json:",inline"`

	Mirror bool `json:"mirror,omitempty"`
}

type group struct {
	Sidecars []sidecar      `json:"sidecars,omitempty" patchStrategy:"merge" patchMergeKey:"name"`
	Pod      corev1.PodSpec `json:"pod,omitempty"`
}

func TestUnderAndOver(t *testing.T) {
	side := func(name, image string, mirror bool) sidecar {
		return sidecar{Container: container(name, image), Mirror: mirror}
	}
	dst := func() *group {
		return &group{
			Sidecars: []sidecar{side("a", "a:1", false), side("b", "", true)},
			Pod: corev1.PodSpec{
				NodeSelector: map[string]string{"x": "1", "y": "1"},
				Tolerations:  []corev1.Toleration{{Key: "a"}},
				Containers:   []corev1.Container{container("main", "m:1", corev1.EnvVar{Name: "A", Value: "1"})},
			},
		}
	}
	src := func() *group {
		return &group{
			Sidecars: []sidecar{side("c", "c:2", false), side("b", "b:2", true)},
			Pod: corev1.PodSpec{
				NodeSelector:      map[string]string{"y": "2", "z": "2"},
				Tolerations:       []corev1.Toleration{{Key: "b"}},
				Containers:        []corev1.Container{container("main", "m:2", corev1.EnvVar{Name: "B", Value: "2"}, corev1.EnvVar{Name: "A", Value: "2"})},
				PriorityClassName: "high",
			},
		}
	}
	for name, tc := range map[string]struct {
		lay     func(dst, src *group) map[string]string
		want    group
		origins map[string]string
	}{
		"under": {overlay.Under[group], group{
			Sidecars: []sidecar{side("a", "a:1", false), side("b", "b:2", true), side("c", "c:2", false)},
			Pod: corev1.PodSpec{
				NodeSelector:      map[string]string{"x": "1", "y": "1", "z": "2"},
				Tolerations:       []corev1.Toleration{{Key: "a"}},
				Containers:        []corev1.Container{container("main", "m:1", corev1.EnvVar{Name: "A", Value: "1"}, corev1.EnvVar{Name: "B", Value: "2"})},
				PriorityClassName: "high",
			},
		}, map[string]string{
			"sidecars[1].image":        "sidecars[1].image",
			"sidecars[2]":              "sidecars[0]",
			"pod.nodeSelector[z]":      "pod.nodeSelector[z]",
			"pod.containers[0].env[1]": "pod.containers[0].env[0]",
			"pod.priorityClassName":    "pod.priorityClassName",
		}},
		"over": {overlay.Over[group], group{
			Sidecars: []sidecar{side("a", "a:1", false), side("b", "b:2", true), side("c", "c:2", false)},
			Pod: corev1.PodSpec{
				NodeSelector:      map[string]string{"x": "1", "y": "2", "z": "2"},
				Tolerations:       []corev1.Toleration{{Key: "b"}},
				Containers:        []corev1.Container{container("main", "m:2", corev1.EnvVar{Name: "A", Value: "2"}, corev1.EnvVar{Name: "B", Value: "2"})},
				PriorityClassName: "high",
			},
		}, map[string]string{
			"sidecars[1].image":              "sidecars[1].image",
			"sidecars[1].mirror":             "sidecars[1].mirror",
			"sidecars[2]":                    "sidecars[0]",
			"pod.nodeSelector[y]":            "pod.nodeSelector[y]",
			"pod.nodeSelector[z]":            "pod.nodeSelector[z]",
			"pod.tolerations":                "pod.tolerations",
			"pod.containers[0].image":        "pod.containers[0].image",
			"pod.containers[0].env[0].value": "pod.containers[0].env[1].value",
			"pod.containers[0].env[1]":       "pod.containers[0].env[0]",
			"pod.priorityClassName":          "pod.priorityClassName",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got := dst()
			origins := tc.lay(got, src())
			if diff := cmp.Diff(tc.want, *got); diff != "" {
				t.Errorf("laid (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.origins, origins); diff != "" {
				t.Errorf("origins (-want +got):\n%s", diff)
			}
		})
	}
}
