package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/policy"
)

// TestExpiry puts a guarded StatefulSet of three on nodes that expire.
func TestExpiry(t *testing.T) {
	const found = "placement/expiry spec.template.spec.expireAfter: nodes that came together expire together, after %s; " +
		"the guarded pods of StatefulSet data/db stay on them for the grace period of %s and are then killed all at once"
	for name, tc := range map[string]struct {
		edit func(*nodepool.Pool, *appsv1.StatefulSet)
		want string
	}{
		"as pools are": {func(*nodepool.Pool, *appsv1.StatefulSet) {}, fmt.Sprintf(found, "720h", "24h")},
		"the default":  {func(p *nodepool.Pool, _ *appsv1.StatefulSet) { p.Disruption.Grace = 3600e9 }, fmt.Sprintf(found, "720h", "1h")},
		"never":        {func(p *nodepool.Pool, _ *appsv1.StatefulSet) { p.Lifetime = nodepool.Forever }, ""},
		"no grace":     {func(p *nodepool.Pool, _ *appsv1.StatefulSet) { p.Disruption.Grace = nodepool.Forever }, ""},
		"no guard":     {func(_ *nodepool.Pool, s *appsv1.StatefulSet) { s.Spec.Template.Annotations = nil }, ""},
		"a short guard": {func(_ *nodepool.Pool, s *appsv1.StatefulSet) {
			s.Spec.Template.Annotations[millrace.DoNotDisrupt] = "30m"
		}, ""},
		"no disks":    {func(_ *nodepool.Pool, s *appsv1.StatefulSet) { s.Spec.VolumeClaimTemplates = nil }, ""},
		"one replica": {func(_ *nodepool.Pool, s *appsv1.StatefulSet) { s.Spec.Replicas = new(int32(1)) }, ""},
		"another pool": {func(_ *nodepool.Pool, s *appsv1.StatefulSet) {
			s.Spec.Template.Spec.Tolerations = nil
			s.Spec.Template.Spec.NodeSelector = nil
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			pool := &nodepool.Pool{Name: "db", Machine: "r6i.4xlarge", Max: 9, Provider: nodepool.Karpenter{NodeClass: nodepool.NodeClass{Name: "default"}}}
			set := &appsv1.StatefulSet{ObjectMeta: metav1.ObjectMeta{Name: "db", Namespace: "data"}}
			p := pool.Placement()
			set.Spec.Template = corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Annotations: p.Annotations}, Spec: corev1.PodSpec{NodeSelector: p.NodeSelector, Tolerations: p.Tolerations}}
			set.Spec.Replicas = new(int32(3))
			set.Spec.VolumeClaimTemplates = []corev1.PersistentVolumeClaim{{ObjectMeta: metav1.ObjectMeta{Name: "data"}}}
			tc.edit(pool, set)
			var want []string
			if tc.want != "" {
				want = append(want, tc.want)
			}
			// Executors have disks of their own as well, and end.
			etl := standalone(job())
			etl.Placement = p
			const disk = "spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1."
			etl.Conf = map[string]string{disk + "mount.path": "/data", disk + "options.claimName": "OnDemand", disk + "options.storageClass": "gp3", disk + "options.sizeLimit": "10Gi"}
			got := placementFindings(build(t, pool, etl, millrace.Parts{Objects: []millrace.Object{set}}))
			if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// A pool that says nothing of its lifetime has that of the CRD.
func TestExpiryOfLoaded(t *testing.T) {
	for class, want := range map[string]string{
		"group: karpenter.k8s.aws, kind: EC2NodeClass": "after 720h;",
		"group: eks.amazonaws.com, kind: NodeClass":    "after 336h;",
	} {
		pools := strings.Replace(loadedPools, "group: karpenter.k8s.aws, kind: EC2NodeClass", class, 1)
		b := fromYAML(t, strings.Replace(pools, "      taints:", "      terminationGracePeriod: 1h\n      taints:", 1))
		set := &appsv1.StatefulSet{ObjectMeta: metav1.ObjectMeta{Name: "db", Namespace: "data"}}
		set.Spec.Template = placed(selecting(nil, corev1.Toleration{Operator: corev1.TolerationOpExists})).Spec.Template
		set.Spec.Template.Annotations = millrace.EvictionGuards()
		set.Spec.Replicas, set.Spec.VolumeClaimTemplates = new(int32(2)), make([]corev1.PersistentVolumeClaim, 1)
		report := policy.Production().Only("placement/expiry").Check(build(t, b, millrace.Parts{Objects: []millrace.Object{set}}))
		if len(report.Findings) != 1 || report.Findings[0].Line != 10 || !strings.Contains(report.Findings[0].Detail, want) {
			t.Errorf("%s: findings: %+v", class, report.Findings)
		}
	}
}
