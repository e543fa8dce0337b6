package builtin_test

import (
	"strings"
	"testing"
)

func TestPodDisruptionBudget(t *testing.T) {
	run(t, "policy/v1", "PodDisruptionBudget", []wrong{
		{"spec: {maxUnavailable: 25%}", nil},
		{"spec: {minAvailable: 1, maxUnavailable: -1}", []string{"spec invalid", "spec.maxUnavailable bounds"}},
		{"spec: {minAvailable: 101%, unhealthyPodEvictionPolicy: x, selector: {matchExpressions: [{key: a, operator: In}]}}",
			[]string{"spec.minAvailable bounds", "spec.selector.matchExpressions[0].values required", "spec.unhealthyPodEvictionPolicy enum"}},
		{"spec: {minAvailable: half}", []string{"spec.minAvailable invalid"}},
		{"spec: {selector: {matchExpressions: [{key: pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match, operator: x}]}}", nil}, // which the server drops
	})
}

func TestAutoscaler(t *testing.T) {
	const target = "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}"
	metric := func(m string) string { return "spec: {" + target + ", maxReplicas: 2, metrics: [" + m + "]}" }
	run(t, "autoscaling/v2", "HorizontalPodAutoscaler", []wrong{
		{"spec: {" + target + ", maxReplicas: 2}", nil},
		{"spec: {}", []string{"spec.maxReplicas required", "spec.scaleTargetRef.apiVersion invalid", "spec.scaleTargetRef.kind required", "spec.scaleTargetRef.name required"}},
		{"spec: {" + target + ", minReplicas: -1, maxReplicas: -2}", []string{"spec.maxReplicas bounds", "spec.minReplicas bounds"}},
		{"spec: {" + target + ", minReplicas: 3, maxReplicas: 2}", []string{"spec.maxReplicas bounds"}},
		{"spec: {" + target + ", minReplicas: 0, maxReplicas: 2}", []string{"spec.metrics forbidden"}},
		{"spec: {scaleTargetRef: {kind: ReplicationController, name: a}, maxReplicas: 2}", nil},
		{metric("{type: x}"), []string{"spec.metrics[0].type enum"}},
		{metric("{type: Pods}"), []string{"spec.metrics[0].pods required"}},
		{metric("{type: Pods, pods: {metric: {name: a/b}, target: {type: Value, value: 0}}}"),
			[]string{"spec.metrics[0].pods.metric.name invalid", "spec.metrics[0].pods.target.averageValue required", "spec.metrics[0].pods.target.value bounds"}},
		{metric("{type: Resource, resource: {target: {type: Utilization, averageUtilization: 0, averageValue: 1}}, external: {metric: {name: a}, target: {type: Value, value: 1}}}"),
			[]string{"spec.metrics[0].external forbidden"}},
		{metric("{type: Resource, resource: {target: {type: Utilization, averageUtilization: 0, averageValue: 1}}}"),
			[]string{"spec.metrics[0].resource.name required", "spec.metrics[0].resource.target.averageUtilization bounds", "spec.metrics[0].resource.target.averageValue forbidden"}},
		{metric("{type: ContainerResource, containerResource: {name: x, container: A, target: {type: x}}}"),
			[]string{
				"spec.metrics[0].containerResource.container invalid", "spec.metrics[0].containerResource.name invalid",
				"spec.metrics[0].containerResource.target.averageUtilization required", "spec.metrics[0].containerResource.target.type enum",
			}},
		{metric("{type: External, external: {metric: {name: a}, target: {type: Value, value: 1, averageValue: 1}}}"), []string{"spec.metrics[0].external.target.value forbidden"}},
		{metric("{type: Object, object: {describedObject: {kind: Service, name: a}, metric: {name: a}, target: {type: Value}}}"), []string{"spec.metrics[0].object.target.averageValue required"}},
		{"spec: {" + target + ", maxReplicas: 2, behavior: {scaleUp: {policies: []}, scaleDown: {stabilizationWindowSeconds: 4000, selectPolicy: x, tolerance: -1, policies: [{type: x, value: 0, periodSeconds: 2000}]}}}",
			[]string{
				"spec.behavior.scaleDown.policies[0].periodSeconds bounds", "spec.behavior.scaleDown.policies[0].type enum", "spec.behavior.scaleDown.policies[0].value bounds",
				"spec.behavior.scaleDown.selectPolicy enum", "spec.behavior.scaleDown.stabilizationWindowSeconds bounds", "spec.behavior.scaleDown.tolerance bounds",
				"spec.behavior.scaleUp.policies required",
			}},
	})
}

func TestClasses(t *testing.T) {
	run(t, "scheduling.k8s.io/v1", "PriorityClass", []wrong{
		{"value: 1000000000", nil},
		{"value: 1000000001\npreemptionPolicy: x", []string{"preemptionPolicy enum", "value forbidden"}},
		{"metadata: {name: system-x}\npreemptionPolicy: ''", []string{"metadata.name forbidden", "preemptionPolicy required"}},
		{"metadata: {name: system-node-critical}\nvalue: 2000001000", nil},
	})
	run(t, "storage.k8s.io/v1", "StorageClass", []wrong{
		{"provisioner: Example.com/a", nil},
		{"parameters: {'': x}\nreclaimPolicy: x\nvolumeBindingMode: x", []string{"parameters invalid", "provisioner required", "reclaimPolicy enum", "volumeBindingMode enum"}},
		{"provisioner: a b\nallowedTopologies: [{}, {matchLabelExpressions: [{key: a, values: [b, b]}, {key: a}]}, {matchLabelExpressions: [&c {key: c, values: [d]}]}, {matchLabelExpressions: [*c]}]",
			[]string{
				"allowedTopologies[0].matchLabelExpressions required", "allowedTopologies[1].matchLabelExpressions[0].values[1] duplicate",
				"allowedTopologies[1].matchLabelExpressions[1].key duplicate", "allowedTopologies[1].matchLabelExpressions[1].values required",
				"allowedTopologies[3].matchLabelExpressions duplicate", "provisioner invalid",
			}},
	})
	run(t, "networking.k8s.io/v1", "IngressClass", []wrong{
		{"spec: {controller: a.b/c, parameters: {kind: a, name: b}}", nil},
		{"spec: {controller: x, parameters: {apiGroup: A_B, kind: a/b, scope: Namespace}}",
			[]string{"spec.controller invalid", "spec.parameters.apiGroup invalid", "spec.parameters.kind invalid", "spec.parameters.name required", "spec.parameters.namespace required"}},
		{"spec: {controller: a.b/" + strings.Repeat("c", 250) + ", parameters: {kind: a, name: b, namespace: c}}", []string{"spec.controller bounds", "spec.parameters.namespace forbidden"}},
		{"spec: {parameters: {kind: a, name: b, scope: x}}", []string{"spec.controller required", "spec.parameters.scope enum"}},
	})
}
