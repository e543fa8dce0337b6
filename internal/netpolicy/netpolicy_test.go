package netpolicy_test

import (
	"net/netip"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/netpolicy"
)

const policy = `
metadata: {name: driver, namespace: etl}
spec:
  podSelector: {matchLabels: {spark-role: driver}}
  policyTypes: [Ingress, Egress]
  ingress:
  - from: [{podSelector: {matchExpressions: [{key: spark-app-selector, operator: Exists}]}}]
    ports: [{port: 7078}, {port: 7079}]
  - from: [{namespaceSelector: {matchLabels: {team: observability}}}]
    ports: [{port: ui}]
  egress:
  - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}]
    ports: [{port: 53, protocol: UDP}]
  - to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]
    ports: [{port: 443}]
`

func TestVerdicts(t *testing.T) {
	var p networkingv1.NetworkPolicy
	if err := yaml.UnmarshalStrict([]byte(policy), &p); err != nil {
		t.Fatal(err)
	}
	set := netpolicy.NewSet([]*networkingv1.NetworkPolicy{&p})
	pod := func(namespace string, labels map[string]string, open ...string) netpolicy.Endpoint {
		return netpolicy.Endpoint{Namespace: namespace, Labels: labels, Open: open}
	}
	driver := pod("etl", map[string]string{"spark-role": "driver"}, "spark-app-selector")
	driver.Ports = []corev1.ContainerPort{{Name: "ui", ContainerPort: 4040}}
	executor := pod("etl", map[string]string{"spark-role": "executor"}, "spark-app-selector")
	watcher := pod("prometheus", nil)
	told := watcher
	told.NamespaceLabels = map[string]string{"team": "observability"}
	other := watcher
	other.NamespaceLabels = map[string]string{}
	outside := func(address string) netpolicy.Endpoint {
		if address == "" {
			return netpolicy.Endpoint{}
		}
		return netpolicy.Endpoint{Address: netip.MustParseAddr(address)}
	}
	for name, tc := range map[string]struct {
		from, to netpolicy.Endpoint
		port     netpolicy.Port
		want     netpolicy.Verdict
	}{
		"executor to driver":            {executor, driver, netpolicy.Port{Number: 7078}, netpolicy.Allowed},
		"another port":                  {executor, driver, netpolicy.Port{Number: 7080}, netpolicy.Denied},
		"a port that the run chooses":   {executor, driver, netpolicy.Port{}, netpolicy.Unsure},
		"a stranger":                    {pod("etl", nil), driver, netpolicy.Port{Number: 7078}, netpolicy.Denied},
		"one of another namespace":      {pod("web", nil, "spark-app-selector"), driver, netpolicy.Port{Number: 7078}, netpolicy.Denied},
		"nobody isolates the executors": {driver, pod("web", nil), netpolicy.Port{Number: 8080}, netpolicy.Denied},
		"executors reach all":           {executor, pod("web", nil), netpolicy.Port{Number: 8080}, netpolicy.Allowed},
		"a label of the namespace":      {told, driver, netpolicy.Port{Number: 4040}, netpolicy.Allowed},
		"it lacks the label":            {other, driver, netpolicy.Port{Number: 4040}, netpolicy.Denied},
		"its labels aren't known":       {watcher, driver, netpolicy.Port{Number: 4040}, netpolicy.Unsure},
		"the name of another port":      {told, driver, netpolicy.Port{Number: 7078}, netpolicy.Denied},
		"DNS":                           {driver, pod("kube-system", map[string]string{"k8s-app": "kube-dns"}), netpolicy.Port{Number: 53, Protocol: "UDP"}, netpolicy.Allowed},
		"DNS by TCP":                    {driver, pod("kube-system", map[string]string{"k8s-app": "kube-dns"}), netpolicy.Port{Number: 53}, netpolicy.Denied},
		"any server":                    {driver, outside(""), netpolicy.Port{Number: 443}, netpolicy.Unsure},
		"a server":                      {driver, outside("192.0.2.1"), netpolicy.Port{Number: 443}, netpolicy.Allowed},
		"metadata":                      {driver, outside("169.254.169.254"), netpolicy.Port{Number: 443}, netpolicy.Denied},
		"a pod in a block":              {driver, pod("web", nil), netpolicy.Port{Number: 443}, netpolicy.Unsure},
	} {
		if got := set.Allows(tc.from, tc.to, tc.port); got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
	if side := set.Egress(driver, outside(""), netpolicy.Port{Number: 80}); len(side.By) != 1 || side.By[0].Name != "driver" {
		t.Errorf("it is %v that isolates the driver", side.By)
	}
}

// TestOpenLabels holds what is said of labels whose values aren't known to what
// holds for every value.
func TestOpenLabels(t *testing.T) {
	for operator, want := range map[metav1.LabelSelectorOperator]netpolicy.Verdict{
		metav1.LabelSelectorOpIn: netpolicy.Unsure, metav1.LabelSelectorOpNotIn: netpolicy.Unsure,
		metav1.LabelSelectorOpExists: netpolicy.Allowed, metav1.LabelSelectorOpDoesNotExist: netpolicy.Denied,
	} {
		r := metav1.LabelSelectorRequirement{Key: "run", Operator: operator}
		if want == netpolicy.Unsure {
			r.Values = []string{"a"}
		}
		p := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "etl"}}
		p.Spec.Ingress = []networkingv1.NetworkPolicyIngressRule{{From: []networkingv1.NetworkPolicyPeer{{PodSelector: &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{r}}}}}}
		from := netpolicy.Endpoint{Namespace: "etl", Open: []string{"run"}}
		got := netpolicy.NewSet([]*networkingv1.NetworkPolicy{p}).Ingress(from, netpolicy.Endpoint{Namespace: "etl"}, netpolicy.Port{Number: 1}).Verdict
		if got != want {
			t.Errorf("%s: %s, want %s", operator, got, want)
		}
		p.Spec.PodSelector = metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{r}}
		p.Spec.Ingress = nil
		got = netpolicy.NewSet([]*networkingv1.NetworkPolicy{p}).Ingress(netpolicy.Endpoint{}, from, netpolicy.Port{Number: 1}).Verdict
		if isolates := map[netpolicy.Verdict]netpolicy.Verdict{netpolicy.Unsure: netpolicy.Unsure, netpolicy.Allowed: netpolicy.Denied, netpolicy.Denied: netpolicy.Allowed}; got != isolates[want] {
			t.Errorf("isolated by %s: %s, want %s", operator, got, isolates[want])
		}
	}
}

// TestNotIn: a label that isn't there is none of the values.
func TestNotIn(t *testing.T) {
	p := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "etl"}}
	p.Spec.Ingress = []networkingv1.NetworkPolicyIngressRule{{From: []networkingv1.NetworkPolicyPeer{{PodSelector: &metav1.LabelSelector{
		MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "run", Operator: metav1.LabelSelectorOpNotIn, Values: []string{"a"}}}}}}}}
	set := netpolicy.NewSet([]*networkingv1.NetworkPolicy{p})
	for value, want := range map[string]netpolicy.Verdict{"": netpolicy.Allowed, "a": netpolicy.Denied, "b": netpolicy.Allowed} {
		from := netpolicy.Endpoint{Namespace: "etl"}
		if value != "" {
			from.Labels = map[string]string{"run": value}
		}
		if got := set.Allows(from, netpolicy.Endpoint{Namespace: "etl"}, netpolicy.Port{Number: 1}); got != want {
			t.Errorf("run=%s: %s, want %s", value, got, want)
		}
	}
}

// TestSelecting holds policies that are found by their label against the same
// ones with a selector that isn't looked up.
func TestSelecting(t *testing.T) {
	var byLabel, byAll []*networkingv1.NetworkPolicy
	for name, selector := range map[string]map[string]string{
		"all": {}, "driver": {"role": "driver"}, "executor": {"role": "executor"}, "app": {"app": "etl"},
		"both": {"role": "driver", "app": "etl"}, "other": {"role": "driver", "app": "web"},
	} {
		p := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "etl"}}
		q := p.DeepCopy()
		for key, value := range selector {
			metav1.AddLabelToSelector(&p.Spec.PodSelector, key, value)
			q.Spec.PodSelector.MatchExpressions = append(q.Spec.PodSelector.MatchExpressions, metav1.LabelSelectorRequirement{Key: key, Operator: "In", Values: []string{value}})
		}
		byLabel, byAll = append(byLabel, p), append(byAll, q)
	}
	names := func(s netpolicy.Side) (out []string) {
		for _, p := range s.By {
			out = append(out, p.Name)
		}
		return out
	}
	for pod, want := range map[*netpolicy.Endpoint]int{
		{Namespace: "etl"}: 1,
		{Namespace: "web", Labels: map[string]string{"role": "driver"}}:                           0,
		{Namespace: "etl", Labels: map[string]string{"role": "driver"}}:                           2,
		{Namespace: "etl", Labels: map[string]string{"role": "driver", "app": "etl"}}:             4,
		{Namespace: "etl", Labels: map[string]string{"role": "driver"}, Open: []string{"app"}}:    5,
		{Namespace: "etl", Open: []string{"app", "role"}}:                                         6,
		{Namespace: "etl", Labels: map[string]string{"role": "executor"}, Open: []string{"role"}}: 3,
	} {
		got := netpolicy.NewSet(byLabel).Ingress(netpolicy.Endpoint{}, *pod, netpolicy.Port{Number: 1})
		all := netpolicy.NewSet(byAll).Ingress(netpolicy.Endpoint{}, *pod, netpolicy.Port{Number: 1})
		if len(got.By) != want || got.Verdict != all.Verdict || !slices.Equal(names(got), names(all)) {
			t.Errorf("%+v: %s by %v, want %d, %s by %v", *pod, got.Verdict, names(got), want, all.Verdict, names(all))
		}
	}
}

// TestPorts are the ways to write which ports are let through.
func TestPorts(t *testing.T) {
	for ports, want := range map[string][4]netpolicy.Verdict{ // of 99, 100, 110 and 111
		"[]":                          {netpolicy.Allowed, netpolicy.Allowed, netpolicy.Allowed, netpolicy.Allowed},
		"[{}]":                        {netpolicy.Allowed, netpolicy.Allowed, netpolicy.Allowed, netpolicy.Allowed},
		"[{protocol: UDP}]":           {},
		"[{port: 100, endPort: 110}]": {netpolicy.Denied, netpolicy.Allowed, netpolicy.Allowed, netpolicy.Denied},
		"[{port: 100}, {port: 111}]":  {netpolicy.Denied, netpolicy.Allowed, netpolicy.Denied, netpolicy.Allowed},
		"[{port: b}]":                 {netpolicy.Denied, netpolicy.Denied, netpolicy.Allowed, netpolicy.Denied},
		"[{port: b, protocol: UDP}, {port: none}]": {},
	} {
		var p networkingv1.NetworkPolicy
		text := "{metadata: {name: a, namespace: etl}, spec: {egress: [{ports: " + ports + "}]}}"
		if err := yaml.UnmarshalStrict([]byte(text), &p); err != nil {
			t.Fatal(err)
		}
		to := netpolicy.Endpoint{Namespace: "web", Ports: []corev1.ContainerPort{{Name: "a", ContainerPort: 99}, {Name: "b", ContainerPort: 110}}}
		for i, n := range []int32{99, 100, 110, 111} {
			if got := netpolicy.NewSet([]*networkingv1.NetworkPolicy{&p}).Egress(netpolicy.Endpoint{Namespace: "etl"}, to, netpolicy.Port{Number: n}).Verdict; got != want[i] {
				t.Errorf("%s, port %d: %s, want %s", ports, n, got, want[i])
			}
		}
	}
}

// TestBlocks: of an address that isn't known only a block that holds all of
// them says something.
func TestBlocks(t *testing.T) {
	for block, want := range map[string]netpolicy.Verdict{
		"{cidr: 0.0.0.0/0}": netpolicy.Allowed, "{cidr: '::/0'}": netpolicy.Allowed,
		"{cidr: 0.0.0.0/0, except: [10.0.0.0/8]}": netpolicy.Unsure, "{cidr: 10.0.0.0/8}": netpolicy.Unsure,
		"{cidr: nonsense}": netpolicy.Denied,
	} {
		var p networkingv1.NetworkPolicy
		if err := yaml.UnmarshalStrict([]byte("{metadata: {name: a, namespace: etl}, spec: {egress: [{to: [{ipBlock: "+block+"}]}]}}"), &p); err != nil {
			t.Fatal(err)
		}
		if got := netpolicy.NewSet([]*networkingv1.NetworkPolicy{&p}).Egress(netpolicy.Endpoint{Namespace: "etl"}, netpolicy.Endpoint{}, netpolicy.Port{Number: 443}).Verdict; got != want {
			t.Errorf("%s: %s, want %s", block, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	var side netpolicy.Side
	for i, want := range []string{"NetworkPolicy d", "NetworkPolicy c, d", "NetworkPolicy b, c, d", "NetworkPolicy a, b, c, 1 more"} {
		side.By = append(side.By, &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Name: string(rune('d' - i))}})
		if got := side.Names(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
