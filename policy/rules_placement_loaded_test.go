package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
)

// fromYAML loads a bundle, whose findings are at lines of x.yaml.
func fromYAML(t *testing.T, text string) *millrace.Bundle {
	t.Helper()
	b, err := millrace.LoadReader("x.yaml", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const loadedPools = `
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: {name: spark}
spec:
  template:
    metadata:
      labels:
        workload: spark-executor
    spec:
      nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: default}
      requirements:
      - {key: topology.kubernetes.io/zone, operator: In, values: [eu-west-1a, eu-west-1b]}
      - {key: karpenter.k8s.aws/instance-cpu, operator: Gte, values: ["8"]}
      taints:
      - {key: workload, value: spark-executor, effect: NoSchedule}
      startupTaints:
      - {key: node.cilium.io/agent-not-ready, effect: NoExecute}
---
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: {name: etl, namespace: data}
spec:
  type: Scala
  sparkVersion: 3.5.1
  image: registry/etl:1.0
  mainApplicationFile: local:///opt/etl.jar
  driver:
    nodeSelector:
      workload: spark-executor
  executor:
    nodeSelector:
      workload: spark-exec
    template:
      spec:
        tolerations:
        - {key: workload, operator: Equal, value: spark-executor}
---
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {name: daily, namespace: data}
spec:
  serviceAccountName: argo
  templates:
  - name: extract
    resource:
      action: create
      manifest: |
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata: {name: "{{workflow.name}}-extract"}
        spec:
          type: Scala
          sparkVersion: 3.5.1
          mainApplicationFile: local:///opt/etl.jar
          driver: {}
          executor:
            nodeSelector:
              topology.kubernetes.io/zone: eu-west-1a
            tolerations:
            - {key: other, operator: Exists}
            - {key: workload, operator: Exists}
`

// Pools and pods that were loaded are held against each other as composed ones
// are, and findings have the line of what is wrong.
func TestPlacementOfLoaded(t *testing.T) {
	want := []string{
		`x.yaml:28 placement/no-pool spec.driver.template.spec.tolerations: no pool takes the pod "driver": pool spark has the taint workload=spark-executor:NoSchedule, which isn't tolerated`,
		`x.yaml:33 placement/no-pool spec.executor.nodeSelector[workload]: no pool takes the pod "executor": pool spark has workload=spark-executor, not spark-exec`,
		`x.yaml:62 placement/leak spec.templates[0].resource.manifest.spec.executor.tolerations[1]: nothing ties the pod "executor" to pool spark, whose taint is tolerated: any node without a taint is as open`,
	}
	if diff := cmp.Diff(want, placementFindings(fromYAML(t, loadedPools))); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	pool, pods, _ := strings.Cut(loadedPools, "---\n")
	if found := placementFindings(fromYAML(t, pods)); len(found) > 0 {
		t.Errorf("findings without a pool:\n%s", strings.Join(found, "\n"))
	}
	// The same pool, beside a shape of it that somebody brought along.
	open := millrace.NodeShape{Pool: "spark", Labels: map[string]string{"karpenter.sh/nodepool": "spark", "workload": "spark-exec"}}
	app := build(t, fromYAML(t, pool), millrace.Parts{Nodes: []millrace.NodeShape{open}}, millrace.Parts{Objects: []millrace.Object{placed(selecting(map[string]string{"workload": "spark-executor"}))}})
	want = []string{`placement/no-pool spec.template.spec.nodeSelector[workload]: no pool takes the pod: pool spark has workload=spark-exec, not spark-executor`}
	if diff := cmp.Diff(want, placementFindings(app)); diff != "" {
		t.Errorf("the pool counts twice (-want +got):\n%s", diff)
	}
}

const kafkaOnPool = `
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: {name: brokers}
spec:
  template:
    metadata:
      labels: {workload: kafka}
    spec:
      nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: default}
      requirements:
      - {key: topology.kubernetes.io/zone, operator: In, values: [a, b, c]}
      taints:
      - {key: workload, value: kafka, effect: NoSchedule}
      expireAfter: 168h
      terminationGracePeriod: 1h
---
apiVersion: kafka.strimzi.io/v1
kind: KafkaNodePool
metadata:
  name: controller
  namespace: kafka
  labels: {strimzi.io/cluster: events}
spec:
  replicas: 3
  roles: [controller]
  storage: {type: jbod, volumes: [{id: 0, type: persistent-claim, size: 10Gi}]}
  template:
    pod:
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
            - matchExpressions:
              - {key: topology.kubernetes.io/zone, operator: NotIn, values: [a]}
              - {key: workload, operator: In, values: [kafkas]}
      tolerations:
      - {key: workload, operator: Exists}
---
apiVersion: kafka.strimzi.io/v1
kind: KafkaNodePool
metadata:
  name: broker
  namespace: kafka
  labels: {strimzi.io/cluster: events}
spec:
  replicas: 3
  roles: [broker]
  storage: {type: jbod, volumes: [{id: 0, type: persistent-claim, size: 10Gi}]}
  template:
    pod:
      metadata:
        annotations: {karpenter.sh/do-not-disrupt: "true"}
      tolerations:
      - {key: workload, operator: Exists}
`

// Brokers that Strimzi makes of a pool are held against the nodes too.
func TestPlacementOfKafka(t *testing.T) {
	want := []string{
		"x.yaml:15 placement/expiry spec.template.spec.expireAfter: nodes that came together expire together, after 168h; the guarded pods of KafkaNodePool kafka/broker stay on them for the grace period of 1h and are then killed all at once",
		"x.yaml:55 placement/leak spec.template.pod.tolerations[0]: nothing ties the pod to pool brokers, whose taint is tolerated: any node without a taint is as open",
		"x.yaml:36 placement/no-pool spec.template.pod.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[1]: no pool takes the pod: pool brokers has workload=kafka, not kafkas",
	}
	if diff := cmp.Diff(want, placementFindings(fromYAML(t, kafkaOnPool))); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

const workflowOnPool = `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: daily, namespace: data}
spec:
  entrypoint: all
  nodeSelector:
    workload: sparks
  templates:
  - name: all
    steps:
    - - {name: a, template: a}
      - {name: b, template: b}
      - {name: c, template: c}
      - {name: d, template: d}
      - {name: e, template: e}
  - {name: a, container: {image: "busybox:1.36"}}
  - {name: b, container: {image: "busybox:1.36"}}
  - {name: c, container: {image: "busybox:1.36"}, nodeSelector: {workload: "{{inputs.parameters.pool}}"}}
  - {name: d, container: {image: "busybox:1.36"}}
  - name: e
    container: {image: "busybox:1.36"}
    nodeSelector: {workload: spark}
    tolerations: [{key: workload, operator: Exists}]
`

// What stands once in a workflow is one finding for all of its pods.
func TestPlacementOfWorkflow(t *testing.T) {
	for n, pods := range []string{`"a", "b" and "d"`, `"z0", "a", "b" and 1 more`, `"z1", "z0", "a" and 2 more`} {
		text := workflowOnPool
		for i := range n {
			text = strings.Replace(text, "  templates:\n", fmt.Sprintf("  templates:\n  - {name: z%d, container: {image: \"busybox:1.36\"}}\n", i), 1)
			text = strings.Replace(text, "    - - {", fmt.Sprintf("    - - {name: z%d, template: z%d}\n      - {", i, i), 1)
		}
		b := fromYAML(t, text)
		want := []string{"x.yaml:8 placement/no-pool spec.nodeSelector[workload]: no pool takes the pods " + pods +
			": pool spark has workload=spark, not sparks, and has the taint workload=spark:NoSchedule, which isn't tolerated"}
		if diff := cmp.Diff(want, placementFindings(build(t, b, millrace.Parts{Nodes: []millrace.NodeShape{tainted("spark", "spark")}}))); diff != "" {
			t.Errorf("%d further templates (-want +got):\n%s", n, diff)
		}
	}
}
