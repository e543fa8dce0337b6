package policy_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterv1"
	"github.com/millrace/millrace/policy"
)

// placementFindings returns what the rules placement/… find, as
// "file:line rule field: detail".
func placementFindings(b *millrace.Bundle) []string {
	out := []string{}
	for _, f := range policy.Production().Only("placement/no-pool", "placement/leak", "placement/expiry").Check(b).Findings {
		at := ""
		if f.File != "" {
			at = fmt.Sprintf("%s:%d ", f.File, f.Line)
		}
		out = append(out, fmt.Sprintf("%s%s %s: %s", at, f.Rule, f.Field, f.Detail))
	}
	return out
}

func placed(p millrace.Placement) *appsv1.Deployment {
	d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: "api", Namespace: "data"}}
	d.Spec.Template.Spec = corev1.PodSpec{NodeSelector: p.NodeSelector, Tolerations: p.Tolerations, Affinity: p.Affinity}
	return d
}

// tainted is a pool whose nodes have the label and the taint workload.
func tainted(name, workload string) millrace.NodeShape {
	return millrace.NodeShape{
		Pool:   name,
		Labels: map[string]string{"workload": workload, "karpenter.sh/nodepool": name},
		Taints: []corev1.Taint{{Key: "workload", Value: workload, Effect: corev1.TaintEffectNoSchedule}},
	}
}

func selecting(selector map[string]string, tolerations ...corev1.Toleration) millrace.Placement {
	return millrace.Placement{NodeSelector: selector, Tolerations: tolerations}
}

func affine(terms ...corev1.NodeSelectorTerm) millrace.Placement {
	return millrace.Placement{Affinity: &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{
		RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{NodeSelectorTerms: terms}}}}
}

func term(key string, operator corev1.NodeSelectorOperator, values ...string) corev1.NodeSelectorTerm {
	return corev1.NodeSelectorTerm{MatchExpressions: []corev1.NodeSelectorRequirement{{Key: key, Operator: operator, Values: values}}}
}

func with(p millrace.Placement, tolerations ...corev1.Toleration) millrace.Placement {
	p.Tolerations = tolerations
	return p
}

// TestPlacement holds pods against four pools: one for Spark in two zones, one
// for Kafka, one that is shared, and a second one of Spark's that has no taint.
func TestPlacement(t *testing.T) {
	const (
		selector = "spec.template.spec.nodeSelector"
		required = "spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"
		zone     = corev1.LabelTopologyZone
	)
	spark, brokers := tainted("spark-pool", "spark-executor"), tainted("kafka-pool", "kafka")
	spark.Requirements = []corev1.NodeSelectorRequirement{
		{Key: zone, Operator: "In", Values: []string{"a", "b"}},
		{Key: "karpenter.k8s.aws/instance-cpu", Operator: "Gt", Values: []string{"7"}},
	}
	shared := millrace.NodeShape{Pool: "general", Labels: map[string]string{"karpenter.sh/nodepool": "general"}}
	open := millrace.NodeShape{Pool: "spark-open", Labels: map[string]string{"workload": "spark-executor"}}
	gpu := tainted("gpu", "gpu")
	gpu.Taints[0].Effect = corev1.TaintEffectPreferNoSchedule
	arm := tainted("arm", "arm")
	arm.Labels["cloud.google.com/gke-nodepool"], arm.Labels[corev1.LabelArchStable] = "arm", "arm64"
	arm.Taints = []corev1.Taint{{Key: corev1.LabelArchStable, Value: "arm64", Effect: corev1.TaintEffectNoSchedule}}
	three := []millrace.NodeShape{spark, brokers, shared}
	tolerates := corev1.Toleration{Key: "workload", Value: "spark-executor", Effect: corev1.TaintEffectNoSchedule}
	workload := func(value string) map[string]string { return map[string]string{"workload": value} }

	for name, tc := range map[string]struct {
		pools     []millrace.NodeShape
		placement millrace.Placement
		want      []string
	}{
		// Nothing to say.
		"no placement":                {three, millrace.Placement{}, nil},
		"no pools":                    {nil, selecting(workload("flink"), tolerates), nil},
		"selector and toleration":     {three, selecting(workload("spark-executor"), tolerates), nil},
		"affinity and toleration":     {three, with(affine(term("workload", "In", "spark-executor")), tolerates), nil},
		"the name of the pool":        {three, selecting(map[string]string{"karpenter.sh/nodepool": "spark-pool"}, tolerates), nil},
		"the shared pool":             {three, selecting(map[string]string{"karpenter.sh/nodepool": "general"}), nil},
		"a zone of another pool":      {three, selecting(map[string]string{zone: "c"}), nil},
		"any other than the pool's":   {three, affine(term("workload", "NotIn", "spark-executor")), nil},
		"no label of any pool":        {three, affine(term("workload", "DoesNotExist")), nil},
		"only one term is wrong":      {three, with(affine(term("workload", "In", "flink"), term("workload", "Exists")), tolerates), nil},
		"one term leads elsewhere":    {three, affine(term("workload", "In", "flink"), term(zone, "In", "c")), nil},
		"a node by its name":          {three, affine(corev1.NodeSelectorTerm{MatchFields: term("metadata.name", "In", "node-7").MatchExpressions}), nil},
		"more CPUs":                   {three, with(affine(corev1.NodeSelectorTerm{MatchExpressions: append(term("workload", "Exists").MatchExpressions, term("karpenter.k8s.aws/instance-cpu", "Gt", "15").MatchExpressions...)}), tolerates), nil},
		"a parameter decides":         {three, selecting(workload("{{workflow.parameters.pool}}")), nil},
		"a parameter of the taint":    {three, selecting(workload("spark-executor"), corev1.Toleration{Key: "workload", Value: "{{=1}}"}), nil},
		"tolerates everything":        {three, selecting(nil, corev1.Toleration{Operator: corev1.TolerationOpExists}), nil},
		"tolerates what is elsewhere": {three, selecting(nil, corev1.Toleration{Key: "workload", Value: "flink"}), nil},
		"a taint that only prefers":   {[]millrace.NodeShape{gpu, shared}, selecting(nil, corev1.Toleration{Key: "workload", Value: "gpu"}), nil},
		"spot is no pool":             {[]millrace.NodeShape{{Pool: "spot", Taints: []corev1.Taint{{Key: "karpenter.sh/capacity-type", Value: "spot", Effect: "NoSchedule"}}}, shared}, selecting(nil, corev1.Toleration{Key: "karpenter.sh/capacity-type", Operator: "Exists"}), nil},
		"two pools of one workload":   {[]millrace.NodeShape{spark, tainted("spark-spot", "spark-executor"), shared}, selecting(workload("spark-executor"), tolerates), nil},
		"GKE tolerates Arm":           {[]millrace.NodeShape{arm}, selecting(map[string]string{"workload": "arm", corev1.LabelArchStable: "arm64"}), nil},

		// Nobody takes them.
		"a misspelt value": {three, selecting(workload("spark-exec"), tolerates), []string{
			"placement/no-pool " + selector + "[workload]: no pool takes the pod: pool spark-pool has workload=spark-executor, not spark-exec"}},
		"a misspelt value of another": {three, selecting(workload("kafkas"), tolerates), []string{
			"placement/no-pool " + selector + "[workload]: no pool takes the pod: pool kafka-pool has workload=kafka, not kafkas, and has the taint workload=kafka:NoSchedule, which isn't tolerated"}},
		"a workload of no pool": {[]millrace.NodeShape{shared, brokers, spark}, selecting(workload("beam"), tolerates), []string{
			"placement/no-pool " + selector + "[workload]: no pool takes the pod: pool spark-pool has workload=spark-executor, not beam"}},
		"a label of no pool": {three, selecting(map[string]string{"disk": "nvme"}), []string{
			"placement/no-pool " + selector + "[disk]: no pool takes the pod: pool general has no label disk"}},
		"one label of two": {three, selecting(map[string]string{"workload": "spark-executor", "disk": "nvme"}, tolerates), []string{
			"placement/no-pool " + selector + "[disk]: no pool takes the pod: pool spark-pool has no label disk"}},
		"a pool that isn't there": {three, selecting(map[string]string{"karpenter.sh/nodepool": "spark"}, tolerates), []string{
			"placement/no-pool " + selector + "[karpenter.sh/nodepool]: no pool takes the pod: pool spark-pool has karpenter.sh/nodepool=spark-pool, not spark"}},
		"a zone that the pool isn't in": {three, selecting(map[string]string{"workload": "spark-executor", zone: "c"}, tolerates), []string{
			"placement/no-pool " + selector + "[" + zone + "]: no pool takes the pod: pool spark-pool has " + zone + " one of a, b, where the pod asks for " + zone + "=c"}},
		"fewer CPUs than one pool's, not than another's": {three, with(affine(corev1.NodeSelectorTerm{MatchExpressions: append(term("workload", "Exists").MatchExpressions, term("karpenter.k8s.aws/instance-cpu", "Lt", "8").MatchExpressions...)}), tolerates, corev1.Toleration{Key: "workload", Value: "kafka"}), nil},
		"no toleration": {three, selecting(workload("spark-executor")), []string{
			"placement/no-pool spec.template.spec.tolerations: no pool takes the pod: pool spark-pool has the taint workload=spark-executor:NoSchedule, which isn't tolerated"}},
		"another effect": {three, selecting(workload("spark-executor"), corev1.Toleration{Key: "workload", Operator: "Exists", Effect: "NoExecute"}), []string{
			"placement/no-pool spec.template.spec.tolerations: no pool takes the pod: pool spark-pool has the taint workload=spark-executor:NoSchedule, which isn't tolerated"}},
		"all terms are wrong": {three, with(affine(term("workload", "In", "flink", "beam"), term("tier", "Exists")), tolerates), []string{
			"placement/no-pool " + required + ".nodeSelectorTerms[0].matchExpressions[0]: no pool takes the pod: pool spark-pool has workload=spark-executor, where the pod asks for workload one of flink, beam"}},
		"only empty terms": {three, affine(corev1.NodeSelectorTerm{}), []string{
			"placement/no-pool " + required + ": no pool takes the pod: pool general has no node for an affinity that has only empty terms"}},
		"Arm without saying so": {[]millrace.NodeShape{arm}, selecting(workload("arm")), []string{
			"placement/no-pool spec.template.spec.tolerations: no pool takes the pod: pool arm has the taint kubernetes.io/arch=arm64:NoSchedule, which isn't tolerated"}},

		// Others take them too.
		"toleration only": {three, selecting(nil, tolerates), []string{
			"placement/leak spec.template.spec.tolerations[0]: nothing ties the pod to pool spark-pool, whose taint is tolerated: pool general is as open"}},
		"the second toleration": {three, selecting(nil, corev1.Toleration{Key: "node.kubernetes.io/not-ready", Operator: "Exists"}, tolerates), []string{
			"placement/leak spec.template.spec.tolerations[1]: nothing ties the pod to pool spark-pool, whose taint is tolerated: pool general is as open"}},
		"a zone is no tie": {three, selecting(map[string]string{zone: "a"}, tolerates), []string{
			"placement/leak spec.template.spec.tolerations[0]: nothing ties the pod to pool spark-pool, whose taint is tolerated: pool general is as open"}},
		"no other pool": {three[:2], selecting(nil, tolerates), []string{
			"placement/leak spec.template.spec.tolerations[0]: nothing ties the pod to pool spark-pool, whose taint is tolerated: any node without a taint is as open"}},
		"a second pool without the taint": {[]millrace.NodeShape{spark, open, brokers}, selecting(workload("spark-executor"), tolerates), []string{
			"placement/leak " + selector + "[workload]: pool spark-pool is meant for the pod, and pool spark-open, which has no such taint, is as open"}},
		"the same by affinity": {[]millrace.NodeShape{spark, open, brokers}, with(affine(term("workload", "Exists")), tolerates), []string{
			"placement/leak " + required + ".nodeSelectorTerms[0].matchExpressions[0]: pool spark-pool is meant for the pod, and pool spark-open, which has no such taint, is as open"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := build(t, millrace.Parts{Objects: []millrace.Object{placed(tc.placement)}, Nodes: tc.pools})
			if tc.want == nil {
				tc.want = []string{}
			}
			if diff := cmp.Diff(tc.want, placementFindings(b)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// What a pool's own Placement sends there is no finding, whatever provider the
// pool has and whatever kind the pods are of.
func TestPlacementOfPools(t *testing.T) {
	providers := map[string]nodepool.Provider{
		"GKE":       nodepool.GKE{Cluster: "main", Location: "europe-west1"},
		"Karpenter": nodepool.Karpenter{NodeClass: nodepool.NodeClass{Name: "default"}, Requirements: []karpenterv1.NodeSelectorRequirementWithMinValues{{Key: "karpenter.k8s.aws/instance-cpu", Operator: "Gt", Values: []string{"7"}}}},
	}
	for name, provider := range providers {
		t.Run(name, func(t *testing.T) {
			large, small, zones := "n2-highmem-16", "n2-standard-8", []string{"europe-west1-b", "europe-west1-c"}
			if name == "Karpenter" {
				large, small, zones = "r7i.4xlarge", "m7i.2xlarge", []string{"eu-west-1a", "eu-west-1b"}
			}
			steady := &nodepool.Pool{Name: "etl", Workload: "spark", Machine: large, Max: 9, Zones: zones, Provider: provider}
			cheap := &nodepool.Pool{Name: "etl-spot", Workload: "spark", Machine: large, Max: 9, Capacity: nodepool.Spot, Provider: provider}
			general := &nodepool.Pool{Name: "general", Machine: small, Max: 9, Shared: true, Provider: provider}
			// Brokers must not go all at once.
			brokers := &nodepool.Pool{Name: "brokers", Machine: large, Max: 9, Provider: provider}
			if name == "Karpenter" {
				brokers.Lifetime = nodepool.Forever
			}
			disks := []kafka.Volume{{Size: 100 * millrace.GiB, Class: "gp3"}}
			cluster := &kafka.Cluster{Name: "events", Namespace: "kafka", Pools: []kafka.BrokerPool{
				{Roles: []kafka.Role{kafka.Broker}, Volumes: disks, Placement: brokers.Placement()},
				{Roles: []kafka.Role{kafka.Controller}, Volumes: disks, Placement: brokers.Placement()},
			}}
			builders := []millrace.Builder{steady, cheap, general, brokers, cluster}
			for i, pool := range []*nodepool.Pool{steady, cheap, general} {
				j, w, d := standalone(job()), inWorkflow(job()), placed(pool.Placement())
				j.Name, j.Placement = fmt.Sprintf("etl-%d", i), pool.Placement()
				w.Name = fmt.Sprintf("daily-%d", i)
				d.Name = j.Name
				embedded := job()
				embedded.Placement = pool.Placement()
				w.Tasks[0].Run = embedded
				builders = append(builders, j, w, millrace.Parts{Objects: []millrace.Object{d}})
			}
			if found := placementFindings(build(t, builders...)); len(found) > 0 {
				t.Errorf("findings:\n%s", strings.Join(found, "\n"))
			}
		})
	}
}

// Some pods land where they are put, or wherever they are let.
func TestPlacementPassesOver(t *testing.T) {
	p := selecting(nil, corev1.Toleration{Key: "workload", Operator: "Exists"})
	everywhere := &appsv1.DaemonSet{ObjectMeta: metav1.ObjectMeta{Name: "logs", Namespace: "data"}}
	everywhere.Spec.Template.Spec = placed(p).Spec.Template.Spec
	bound := placed(p)
	bound.Spec.Template.Spec.NodeName = "node-7"
	named := placed(with(affine(corev1.NodeSelectorTerm{MatchFields: term("metadata.name", "In", "node-7").MatchExpressions}), p.Tolerations...))
	named.Name = "named"
	b := build(t, millrace.Parts{Objects: []millrace.Object{everywhere, bound, named}, Nodes: []millrace.NodeShape{tainted("spark", "spark")}})
	if found := placementFindings(b); len(found) > 0 {
		t.Errorf("findings:\n%s", strings.Join(found, "\n"))
	}
}

// A pod that asks for a device tolerates its taint, by the API server, and
// runs nowhere else, by the scheduler.
func TestPlacementOfDevices(t *testing.T) {
	const device = "aws.amazon.com/neuron"
	pool := millrace.NodeShape{Pool: "neuron", Labels: map[string]string{"workload": "ml"}, Taints: []corev1.Taint{{Key: device, Effect: corev1.TaintEffectNoSchedule}}}
	toleration := corev1.Toleration{Key: device, Operator: corev1.TolerationOpExists}
	for name, tc := range map[string]struct {
		placement millrace.Placement
		list      corev1.ResourceList
		want      []string
	}{
		"no device":              {selecting(map[string]string{"workload": "ml"}), nil, []string{"placement/no-pool spec.template.spec.tolerations: no pool takes the pod: pool neuron has the taint " + device + ":NoSchedule, which isn't tolerated"}},
		"a device":               {selecting(map[string]string{"workload": "ml"}), corev1.ResourceList{device: resource.MustParse("1")}, []string{}},
		"a toleration only":      {selecting(nil, toleration), corev1.ResourceList{"cpu": resource.MustParse("1")}, []string{"placement/leak spec.template.spec.tolerations[0]: nothing ties the pod to pool neuron, whose taint is tolerated: any node without a taint is as open"}},
		"a toleration, a device": {selecting(nil, toleration), corev1.ResourceList{device: resource.MustParse("1")}, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			d := placed(tc.placement)
			d.Spec.Template.Spec.Containers = []corev1.Container{{Name: "a"}, {Name: "b", Resources: corev1.ResourceRequirements{Limits: tc.list}}}
			b := build(t, millrace.Parts{Objects: []millrace.Object{d}, Nodes: []millrace.NodeShape{pool}})
			if diff := cmp.Diff(tc.want, placementFindings(b)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// Executors without a selector, and those without a toleration, are one
// mistake and one finding.
func TestExecutorPoolOnce(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(*millrace.Placement)
		want string
	}{
		"no selector":   {func(p *millrace.Placement) { p.NodeSelector = nil }, "spark/executor-pool"},
		"no toleration": {func(p *millrace.Placement) { p.Tolerations = nil }, "placement/no-pool"},
	} {
		t.Run(name, func(t *testing.T) {
			j := standalone(job())
			j.Executor.Placement = j.Placement.Clone()
			tc.edit(&j.Executor.Placement)
			b := build(t, j, millrace.Parts{Nodes: []millrace.NodeShape{tainted("spark", "spark")}})
			var got []string
			for _, f := range policy.Production().Existing(needed...).Check(b).Findings {
				got = append(got, f.Rule)
			}
			if diff := cmp.Diff([]string{tc.want}, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// BenchmarkPlacement holds the pods of n jobs against ten pools.
func BenchmarkPlacement(b *testing.B) {
	var parts millrace.Parts
	for i := range 10 {
		parts.Nodes = append(parts.Nodes, tainted(fmt.Sprintf("pool-%d", i), fmt.Sprintf("spark-%d", i)))
	}
	for _, n := range []int{10, 100, 1000} {
		builders := []millrace.Builder{parts}
		for i := range n {
			j := standalone(job())
			j.Name = fmt.Sprintf("etl-%d", i)
			workload := fmt.Sprintf("spark-%d", i%10)
			j.Placement = selecting(map[string]string{"workload": workload}, corev1.Toleration{Key: "workload", Value: workload})
			builders = append(builders, j)
		}
		bundle, err := millrace.Build(builders...)
		if err != nil {
			b.Fatal(err)
		}
		rules := policy.Production().Rules()
		rules = slices.DeleteFunc(rules, func(r millrace.Rule) bool { return !strings.HasPrefix(r.ID, "placement/") })
		for name, profile := range map[string]policy.Profile{"no rules": {}, "placement": policy.Profile{}.With(rules...)} {
			b.Run(fmt.Sprintf("%d/%s", n, name), func(b *testing.B) {
				for b.Loop() {
					profile.Check(bundle)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/object")
			})
		}
	}
}
