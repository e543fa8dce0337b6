package spark_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace"
)

// TestNetworkPolicies lays policies over the article's job.
func TestNetworkPolicies(t *testing.T) {
	among := func(numbers ...int32) (out []networkingv1.NetworkPolicyPort) {
		for _, n := range numbers {
			out = append(out, networkingv1.NetworkPolicyPort{Port: new(intstr.FromInt32(n))})
		}
		return out
	}
	// lets is a policy that lets the pods of one application reach each other.
	lets := func(selector metav1.LabelSelector, ports ...networkingv1.NetworkPolicyPort) *networkingv1.NetworkPolicy {
		peers := []networkingv1.NetworkPolicyPeer{{PodSelector: &selector}}
		return &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Name: "spark", Namespace: "data-platform"}, Spec: networkingv1.NetworkPolicySpec{
			PodSelector: selector,
			PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress},
			Ingress:     []networkingv1.NetworkPolicyIngressRule{{From: peers, Ports: ports}},
			Egress:      []networkingv1.NetworkPolicyEgressRule{{To: peers, Ports: ports}},
		}}
	}
	spark := metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "spark-app-selector", Operator: metav1.LabelSelectorOpExists}}}
	const random = "on a random port, as nobody sets spark.blockManager.port (not let out by NetworkPolicy deny-all"
	for name, tc := range map[string]struct {
		policies []*networkingv1.NetworkPolicy
		conf     map[string]string
		want     []string
	}{
		"none":                 {},
		"of another namespace": {policies: []*networkingv1.NetworkPolicy{denyAll("web")}},
		"nothing is let through": {policies: []*networkingv1.NetworkPolicy{denyAll("data-platform")}, want: []string{
			"spec.driver: the driver may not reach the executor " + random + ")",
			"spec.executor: the executor may not reach the driver on port 7078 (not let out by NetworkPolicy deny-all), " +
				"the driver on port 7079 (not let out by NetworkPolicy deny-all), the executor " + random + ")",
		}},
		"all ports": {policies: []*networkingv1.NetworkPolicy{denyAll("data-platform"), lets(spark)}},
		"Spark's ports, and one is at random": {policies: []*networkingv1.NetworkPolicy{denyAll("data-platform"), lets(spark, among(7078, 7079)...)}, want: []string{
			"spec.driver: the driver may not reach the executor " + random + ", spark)", "spec.executor: the executor may not reach the executor " + random + ", spark)",
		}},
		"Spark's ports": {policies: []*networkingv1.NetworkPolicy{denyAll("data-platform"), lets(spark, among(7078, 7079)...)}, conf: map[string]string{"spark.blockManager.port": "7079"}},
		"ports of one's own": {policies: []*networkingv1.NetworkPolicy{denyAll("data-platform"), lets(spark, among(7000, 7001, 7002)...)},
			conf: map[string]string{"spark.driver.port": "7000", "spark.driver.blockManager.port": "7001", "spark.blockManager.port": "7002"}},
		"nothing is let in": {policies: []*networkingv1.NetworkPolicy{
			{ObjectMeta: metav1.ObjectMeta{Name: "driver", Namespace: "data-platform"}, Spec: networkingv1.NetworkPolicySpec{PodSelector: metav1.LabelSelector{MatchLabels: map[string]string{"spark-role": "driver"}}}}},
			want: []string{
				"spec.executor: the executor may not reach the driver on port 7078 (not let in by NetworkPolicy driver), the driver on port 7079 (not let in by NetworkPolicy driver)",
			}},
		// Whether these are the pods of that run, nobody knows.
		"a run's own label": {policies: []*networkingv1.NetworkPolicy{denyAll("data-platform"), lets(metav1.LabelSelector{MatchLabels: map[string]string{"spark-app-selector": "spark-1"}})}},
	} {
		job := ordersDaily()
		job.Conf = maps.Clone(job.Conf)
		for key, value := range tc.conf {
			if job.Conf == nil {
				job.Conf = map[string]string{}
			}
			job.Conf[key] = value
		}
		parts := millrace.Parts{}
		for _, p := range tc.policies {
			parts.Objects = append(parts.Objects, p)
		}
		bundle, err := millrace.Build(job, parts)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, line := range check(bundle) {
			if rest, ok := strings.CutPrefix(line, "spark/network-policy "); ok {
				got = append(got, rest)
			}
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
