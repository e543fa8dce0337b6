package policy_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
)

const (
	dnd      = "karpenter.sh/do-not-disrupt: "
	safe     = "cluster-autoscaler.kubernetes.io/safe-to-evict: "
	atDND    = "spec.template.metadata.annotations[karpenter.sh/do-not-disrupt]: "
	atSafe   = "spec.template.metadata.annotations[cluster-autoscaler.kubernetes.io/safe-to-evict]: "
	whenIdle = "disruption: {consolidationPolicy: WhenEmpty, consolidateAfter: 5m}"
)

func TestEvictionGuard(t *testing.T) {
	pool := func(spec ...string) string { return nodePool("etl", amd64, spec...) }
	unguarded := "19 Job data/etl " + atDND + "the pod has no guard, and Karpenter evicts pods of pool etl to save nodes"
	ignored := func(value string) []string {
		return []string{"19 Job data/etl " + atDND + `"` + value + `" of the pod is no guard: Karpenter knows "true" and durations such as "30m", and ignores all else`}
	}
	checkAudit(t, "eviction-guard", map[string]manifests{
		"both guards":                   {pool() + aJob(dnd+`"true", `+safe+`"false"`, onPool("etl")), nil},
		"for a time":                    {pool() + aJob(dnd+`30m`, onPool("etl")), nil},
		"a parameter":                   {pool() + aJob(dnd+`"{{x}}"`, onPool("etl")), nil},
		"deliberately none":             {pool() + aJob(safe+`"true"`, onPool("etl")), nil},
		"empty nodes only":              {pool(whenIdle) + aJob("", onPool("etl")), nil},
		"never":                         {pool("disruption: {consolidateAfter: Never}") + aJob("", onPool("etl")), nil},
		"static":                        {pool("replicas: 2") + aJob("", onPool("etl")), nil},
		"no pools":                      {aJob(dnd+`"yes"`, onPool("etl")), nil},
		"another pool":                  {nodePool("other", amd64) + aJob("", onPool("etl")), nil},
		"pods that stay":                {pool() + aSet(onPool("etl")), nil},
		"Spark's are another rule's":    {pool() + sparkApp(sparkOn("etl")+`, annotations: {karpenter.sh/do-not-disrupt: "yes"}`, sparkOn("etl")), nil},
		"no guard":                      {pool() + aJob("", onPool("etl")), []string{unguarded}},
		"switched off":                  {pool() + aJob(dnd+`"false"`, onPool("etl")), []string{unguarded}},
		"Balanced":                      {pool("disruption: {consolidationPolicy: Balanced, consolidateAfter: 1h}") + aJob("", onPool("etl")), []string{unguarded}},
		"Cluster Autoscaler's alone":    {pool() + aJob(safe+`"false"`, onPool("etl")), []string{"19 Job data/etl " + atDND + "the pod is guarded by cluster-autoscaler.kubernetes.io/safe-to-evict alone, which Karpenter ignores: it makes the nodes of pool etl"}},
		"yes":                           {pool() + aJob(dnd+`"yes"`, onPool("etl")), ignored("yes")},
		"True":                          {pool() + aJob(dnd+`"True"`, onPool("etl")), ignored("True")},
		"a day":                         {pool() + aJob(dnd+`"1d"`, onPool("etl")), ignored("1d")},
		"no time":                       {pool() + aJob(dnd+`0s`, onPool("etl")), ignored("0s")},
		"Cluster Autoscaler ignores it": {pool() + aJob(safe+`"no"`, onPool("etl")), []string{"19 Job data/etl " + atSafe + `"no" of the pod is no guard: Cluster Autoscaler knows "true" and "false", and ignores all else`}},
		"a step that waits": {pool() + workflowWith("  - name: main\n    container: {image: a}"), []string{
			`21 WorkflowTemplate data/daily spec.templates[0].metadata.annotations[karpenter.sh/do-not-disrupt]: the pod "main" has no guard, and Karpenter evicts pods of pool etl to save nodes`}},
	})
}

// Where Cluster Autoscaler makes the nodes its own guard counts.
func TestEvictionGuardOfOthers(t *testing.T) {
	gke := tainted("etl", "etl")
	delete(gke.Labels, "karpenter.sh/nodepool")
	for annotations, want := range map[string][]string{
		"":               nil,
		dnd + `"true"`:   {atSafe + "the pod is guarded by karpenter.sh/do-not-disrupt alone, which Cluster Autoscaler ignores: it makes the nodes of pool etl"},
		safe + `"false"`: nil,
	} {
		b := build(t, loadText(t, aJob(annotations, onPool("etl"))), millrace.Parts{Nodes: []millrace.NodeShape{gke}})
		var got []string
		for _, f := range policy.Production().Only("placement/eviction-guard").Check(b).Findings {
			got = append(got, f.Field+": "+f.Detail)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", annotations, diff)
		}
	}
}
