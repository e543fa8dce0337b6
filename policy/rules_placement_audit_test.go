package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/millrace/millrace/policy"
)

// nodePool is a NodePool with a taint of its own, with requirements and further
// lines of its spec.
func nodePool(name, requirements string, spec ...string) string {
	return fmt.Sprintf(`
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: {name: %[1]s}
spec:
  %[3]s
  template:
    metadata: {labels: {workload: %[1]s}}
    spec:
      nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: default}
      taints: [{key: workload, value: %[1]s, effect: NoSchedule}]
      requirements: [%[2]s]
---`, name, requirements, strings.Join(spec, "\n  "))
}

const (
	amd64    = "{key: kubernetes.io/arch, operator: In, values: [amd64]}"
	arm64    = "{key: kubernetes.io/arch, operator: In, values: [arm64]}"
	onDemand = "{key: karpenter.sh/capacity-type, operator: In, values: [on-demand]}"
	anySpot  = "{key: karpenter.sh/capacity-type, operator: In, values: [spot, on-demand]}"
)

// onPool is a pod's spec that runs on a pool, in one line.
func onPool(pool string, more ...string) string {
	return fmt.Sprintf("{nodeSelector: {workload: %s}, tolerations: [{key: workload, operator: Exists}], containers: [{name: a, image: a:1}]%s}",
		pool, strings.Join(append([]string{""}, more...), ", "))
}

// aJob is a Job with annotations and a pod.
func aJob(annotations, spec string, more ...string) string {
	return fmt.Sprintf(`
apiVersion: batch/v1
kind: Job
metadata: {name: etl, namespace: data}
spec:
  %s
  template:
    metadata: {annotations: {%s}}
    spec: %s
---`, strings.Join(more, "\n  "), annotations, spec)
}

func aSet(spec string) string {
	return fmt.Sprintf(`
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: data}
spec:
  serviceName: db
  replicas: 3
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: %s
  volumeClaimTemplates: [{metadata: {name: data}}]
---`, spec)
}

func sparkApp(driver, executor string, conf ...string) string {
	return fmt.Sprintf(`
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: {name: etl, namespace: data}
spec:
  type: Scala
  sparkVersion: 3.5.1
  image: registry/etl:1.0
  mainApplicationFile: local:///opt/etl.jar
  sparkConf: {%s}
  driver: {%s}
  executor: {%s}
---`, strings.Join(conf, ", "), driver, executor)
}

func sparkOn(pool string) string {
	return fmt.Sprintf("template: {spec: {nodeSelector: {workload: %s}, tolerations: [{key: workload, operator: Exists}]}}", pool)
}

func workflowWith(template string) string {
	return `
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {name: daily, namespace: data}
spec:
  entrypoint: main
  nodeSelector: {workload: etl}
  tolerations: [{key: workload, operator: Exists}]
  templates:
` + template + "\n---"
}

// checkAudit holds cases against one rule.
func checkAudit(t *testing.T, rule string, cases map[string]manifests) {
	t.Helper()
	for name, tc := range cases {
		for i, w := range tc.want {
			at, rest, _ := strings.Cut(w, " ")
			tc.want[i] = at + " placement/" + rule + " " + rest
		}
		cases[name] = tc
	}
	checkManifests(t, policy.Production().Only("placement/"+rule), cases)
}

func TestOnSpot(t *testing.T) {
	const placed = "spec.template.spec.nodeSelector[workload]: the pod may land on spot nodes, of pool etl"
	resource := func(manifest string) string {
		return workflowWith("  - name: main\n    resource: {action: create, manifest: '" + manifest + "'}\n  - name: work\n    container: {image: a}")
	}
	checkAudit(t, "on-spot", map[string]manifests{
		"on demand":                {nodePool("etl", onDemand) + aSet(onPool("etl")) + sparkApp(sparkOn("etl"), sparkOn("etl")), nil},
		"pods that can start over": {nodePool("etl", anySpot) + aJob("", onPool("etl")), nil},
		"executors":                {nodePool("etl", anySpot) + nodePool("drivers", onDemand) + sparkApp(sparkOn("drivers"), sparkOn("etl")), nil},
		"no pool":                  {aSet(onPool("etl")), nil},
		"another pool":             {nodePool("other", anySpot) + aSet(onPool("etl")), nil},
		"asks for on demand": {nodePool("etl", anySpot) + aSet(onPool("etl", "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: karpenter.sh/capacity-type, operator: NotIn, values: [spot]}]}]}}}")),
			nil},
		"a pod with disks":               {nodePool("etl", anySpot) + aSet(onPool("etl")), []string{"22 StatefulSet data/db " + placed}},
		"a pool that says nothing of it": {nodePool("etl", amd64) + aSet(onPool("etl")), []string{"22 StatefulSet data/db " + placed}},
		"a driver": {nodePool("etl", anySpot) + sparkApp(sparkOn("etl"), sparkOn("etl")), []string{
			`22 SparkApplication data/etl spec.driver.template.spec.nodeSelector[workload]: the pod "driver" may land on spot nodes, of pool etl`}},
		"a driver that says so": {nodePool("etl", anySpot) + sparkApp("template: {spec: {nodeSelector: {karpenter.sh/capacity-type: spot, workload: etl}, tolerations: [{key: workload, operator: Exists}]}}", sparkOn("etl")), nil},
		"a driver that goes anywhere": {strings.ReplaceAll(nodePool("etl", anySpot), "NoSchedule", "PreferNoSchedule") + sparkApp("", sparkOn("etl")), []string{
			`22 SparkApplication data/etl spec.driver.template.spec.nodeSelector: the pod "driver" may land on spot nodes, of pool etl`}},
		"a step that waits": {nodePool("etl", anySpot) + resource(`{"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "x"}, "spec": {"template": {"spec": {"containers": [{"name": "a", "image": "a"}]}}}}`), []string{
			`18 WorkflowTemplate data/daily spec.nodeSelector[workload]: the pod "main" may land on spot nodes, of pool etl`}},
		"a step that only makes": {nodePool("etl", anySpot) + resource(`{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}}`), nil},
		"a controller": {nodePool("etl", anySpot) + `
apiVersion: kafka.strimzi.io/v1
kind: KafkaNodePool
metadata: {name: controller, namespace: kafka, labels: {strimzi.io/cluster: events}}
spec:
  replicas: 3
  roles: [controller]
  storage: {type: ephemeral}
  template: {pod: {tolerations: [{key: workload, operator: Exists}]}}
`, []string{"20 KafkaNodePool kafka/controller spec.template.pod.affinity: the pod may land on spot nodes, of pool etl"}},
	})
}

func TestArchitecture(t *testing.T) {
	const placed = "spec.template.spec.nodeSelector[workload]: the pod may land on "
	family := func(names string) string {
		return "{key: karpenter.k8s.aws/instance-family, operator: In, values: [" + names + "]}"
	}
	both := "22 StatefulSet data/db " + placed + "amd64 and on arm64 nodes: pool etl leaves the architecture open"
	checkAudit(t, "architecture", map[string]manifests{
		"one architecture":         {nodePool("etl", amd64) + aSet(onPool("etl")), nil},
		"a pool of its own on Arm": {nodePool("etl", arm64) + aSet(onPool("etl")), nil},
		"known by its families":    {nodePool("etl", family("r6i, m5")) + aSet(onPool("etl")), nil},
		"the pod says so":          {nodePool("etl", "") + aSet(strings.Replace(onPool("etl"), "nodeSelector: {", "nodeSelector: {kubernetes.io/arch: arm64, ", 1)), nil},
		"an image of an operator":  {nodePool("etl", "") + aSet(strings.Replace(onPool("etl"), ", image: a:1", "", 1)), nil},
		"left open":                {nodePool("etl", "") + aSet(onPool("etl")), []string{both}},
		"any of two":               {nodePool("etl", strings.Replace(amd64, "amd64", "amd64, arm64", 1)) + aSet(onPool("etl")), []string{both}},
		"families of both":         {nodePool("etl", family("r6i, r6g")) + aSet(onPool("etl")), []string{both}},
		"two pools": {nodePool("etl", amd64) + strings.Replace(nodePool("etl-arm", arm64), "{workload: etl-arm}", "{workload: etl}", 1) + aSet(onPool("etl")), []string{
			"34 StatefulSet data/db " + placed + "amd64 nodes, of pool etl, and on arm64 nodes, of pool etl-arm"}},
		"Arm, untied": {nodePool("etl", arm64) + aSet(strings.Replace(onPool("etl"), "nodeSelector: {workload: etl}, ", "", 1)), []string{
			"22 StatefulSet data/db spec.template.spec.nodeSelector: the pod may land on arm64 nodes, of pool etl, without asking for them"}},
	})
}

func TestExclusive(t *testing.T) {
	job := aJob("", onPool("etl"))
	second := func(requirements string, spec ...string) string {
		return strings.Replace(nodePool("spot", requirements, spec...), "{workload: spot}", "{workload: etl}", 1)
	}
	const found = "NodePool spot has the same weight, %d, and takes pods of Job data/etl too: it is tried first, as its name comes later in the alphabet"
	checkAudit(t, "exclusive", map[string]manifests{
		"one pool": {nodePool("etl", amd64) + nodePool("spot", amd64) + job, nil},
		"a weight": {nodePool("etl", amd64) + second(amd64, "weight: 10") + job, nil},
		"no pods":  {nodePool("etl", amd64) + second(amd64), nil},
		"static":   {nodePool("etl", amd64) + second(amd64, "replicas: 3") + job, nil},
		"pods of one zone": {nodePool("etl", "{key: topology.kubernetes.io/zone, operator: In, values: [a]}") + second("{key: topology.kubernetes.io/zone, operator: In, values: [b]}") +
			aJob("", strings.Replace(onPool("etl"), "{workload", "{topology.kubernetes.io/zone: a, workload", 1)), nil},
		"spread over both": {nodePool("etl", amd64+", {key: spread, operator: In, values: ['1']}") + second(amd64+", {key: spread, operator: In, values: ['2', '3']}") +
			aJob("", strings.TrimSuffix(onPool("etl"), "}")+", topologySpreadConstraints: [{topologyKey: spread, maxSkew: 1, whenUnsatisfiable: DoNotSchedule}]}"), nil},
		"spread over other labels": {nodePool("etl", amd64+", {key: spread, operator: In, values: ['1', '2']}") + second(amd64+", {key: spread, operator: In, values: ['2', '3']}") +
			aJob("", strings.TrimSuffix(onPool("etl"), "}")+", topologySpreadConstraints: [{topologyKey: spread, maxSkew: 1, whenUnsatisfiable: DoNotSchedule}]}"), []string{"4 NodePool etl spec.weight: " + fmt.Sprintf(found, 0)}},
		"the same":        {nodePool("etl", amd64) + second(amd64) + job, []string{"4 NodePool etl spec.weight: " + fmt.Sprintf(found, 0)}},
		"the same number": {nodePool("etl", amd64, "weight: 7") + second(amd64, "weight: 7") + job, []string{"5 NodePool etl spec.weight: " + fmt.Sprintf(found, 7)}},
	})
}
