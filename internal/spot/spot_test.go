package spot_test

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/spot"
)

const capacity = "karpenter.sh/capacity-type"

func TestAsked(t *testing.T) {
	for name, tc := range map[string]struct {
		spec corev1.PodSpec
		want string
	}{
		"nothing":           {corev1.PodSpec{}, ""},
		"on demand":         {corev1.PodSpec{NodeSelector: map[string]string{capacity: "on-demand"}}, ""},
		"spot":              {corev1.PodSpec{NodeSelector: map[string]string{capacity: "spot"}}, "spec.nodeSelector[" + capacity + "]"},
		"a taint":           {corev1.PodSpec{Tolerations: []corev1.Toleration{{Key: "x"}, {Key: capacity, Value: "spot"}}}, "spec.tolerations[1]"},
		"any taint of it":   {corev1.PodSpec{Tolerations: []corev1.Toleration{{Key: capacity, Operator: corev1.TolerationOpExists}}}, "spec.tolerations[0]"},
		"another taint":     {corev1.PodSpec{Tolerations: []corev1.Toleration{{Key: capacity, Value: "reserved"}}}, ""},
		"a taint elsewhere": {corev1.PodSpec{NodeSelector: map[string]string{capacity: "on-demand"}, Tolerations: []corev1.Toleration{{Key: capacity, Value: "spot"}}}, ""},
	} {
		at, how := spot.Asked(millrace.Pod{Template: corev1.PodTemplateSpec{Spec: tc.spec}})
		if at != tc.want || (how == "") != (at == "") {
			t.Errorf("%s: %q, %q, want %q", name, at, how, tc.want)
		}
	}
}

func TestNotice(t *testing.T) {
	for key, want := range map[string]time.Duration{
		capacity: 0, "eks.amazonaws.com/capacityType": 2 * time.Minute, "cloud.google.com/gke-spot": 15 * time.Second,
		"kubernetes.azure.com/scalesetpriority": 30 * time.Second, "team": 0,
	} {
		spec := corev1.PodSpec{Tolerations: []corev1.Toleration{{Key: key, Operator: corev1.TolerationOpExists}}}
		if got := spot.Notice(millrace.Pod{Template: corev1.PodTemplateSpec{Spec: spec}}); got != want {
			t.Errorf("%s: %s, want %s", key, got, want)
		}
	}
}

func TestNodes(t *testing.T) {
	labels := func(of ...string) millrace.NodeShape {
		s := millrace.NodeShape{Labels: map[string]string{}}
		for i := 0; i < len(of); i += 2 {
			s.Labels[of[i]] = of[i+1]
		}
		return s
	}
	either := labels("karpenter.sh/nodepool", "etl")
	either.Requirements = []corev1.NodeSelectorRequirement{{Key: capacity, Operator: corev1.NodeSelectorOpIn, Values: []string{"spot", "on-demand"}}}
	never := either.Clone()
	never.Requirements[0] = corev1.NodeSelectorRequirement{Key: capacity, Operator: corev1.NodeSelectorOpNotIn, Values: []string{"spot"}}
	for name, tc := range map[string]struct {
		pool millrace.NodeShape
		want bool
	}{
		"Karpenter, unknown": {labels("karpenter.sh/nodepool", "other"), false},
		"no pool":            {millrace.NodeShape{}, false},
		"Karpenter, open":    {labels("karpenter.sh/nodepool", "etl"), true},
		"either":             {either, true},
		"never":              {never, false},
		"on demand":          {labels("karpenter.sh/nodepool", "etl", capacity, "on-demand"), false},
		"GKE":                {labels("cloud.google.com/gke-nodepool", "etl"), false},
		"GKE, spot":          {labels("cloud.google.com/gke-nodepool", "etl", "cloud.google.com/gke-spot", "true"), true},
		"GKE, no spot":       {labels("cloud.google.com/gke-nodepool", "etl", "cloud.google.com/gke-spot", "false"), false},
		"EKS":                {labels("eks.amazonaws.com/capacityType", "SPOT"), true},
		"EKS, on demand":     {labels("eks.amazonaws.com/capacityType", "ON_DEMAND"), false},
		"AKS":                {labels("kubernetes.azure.com/scalesetpriority", "spot"), true},
	} {
		before := tc.pool.Clone()
		nodes, ok := spot.Nodes(tc.pool, tc.pool.Labels["karpenter.sh/nodepool"] == "etl")
		if ok != tc.want {
			t.Errorf("%s: %v", name, ok)
		}
		if len(tc.pool.Requirements) != len(before.Requirements) {
			t.Errorf("%s: the pool changed", name)
		}
		if ok && nodes.Refuses(millrace.Placement{NodeSelector: map[string]string{capacity: "on-demand"}}).Empty() && tc.pool.Labels["karpenter.sh/nodepool"] != "" {
			t.Errorf("%s: the spot nodes are on demand too", name)
		}
	}
}
