package builtin_test

import (
	"strings"
	"testing"

	"github.com/millrace/millrace/internal/schema"
)

func TestNamespace(t *testing.T) {
	run(t, "v1", "Namespace", []wrong{
		{"spec: {finalizers: [kubernetes, example.com/a]}", nil},
		{"spec: {finalizers: [a]}", []string{"spec.finalizers invalid"}},
	})
}

func TestConfigMap(t *testing.T) {
	run(t, "v1", "ConfigMap", []wrong{
		{"data: {a.b_c-D: x}", nil},
		{`data: {a b: x, "..": x}`, []string{"data[..] invalid", "data[a b] invalid"}},
		{"data: {a: x}\nbinaryData: {a: aGVsbG8=, /: ''}", []string{"binaryData[/] invalid", "data[a] invalid"}},
	})
}

func TestSecret(t *testing.T) {
	run(t, "v1", "Secret", []wrong{
		{"type: example.com/x\ndata: {a: ''}", nil},
		{"stringData: {a b: x}\ndata: {a b: '', c d: ''}", []string{"data[c d] invalid", "stringData[a b] invalid"}},
		{"type: kubernetes.io/tls\nstringData: {tls.crt: x}", []string{"data[tls.key] required"}},
		{"type: kubernetes.io/basic-auth", []string{"data[password] required", "data[username] required"}},
		{"type: kubernetes.io/basic-auth\nstringData: {username: ''}", nil},
		{"type: kubernetes.io/ssh-auth\nstringData: {ssh-privatekey: ''}", []string{"stringData[ssh-privatekey] required"}},
		{"type: kubernetes.io/dockercfg", []string{"data[.dockercfg] required"}},
		{"type: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: '[]'}", []string{"stringData[.dockerconfigjson] invalid"}},
		{"type: kubernetes.io/service-account-token", []string{"metadata.annotations[kubernetes.io/service-account.name] required"}},
	})
}

func TestPersistentVolumeClaim(t *testing.T) {
	run(t, "v1", "PersistentVolumeClaim", []wrong{
		{"spec: {}", []string{"spec.accessModes required", "spec.resources.requests[storage] required"}},
		{"spec: {accessModes: [ReadWriteOncePod, ReadWriteMany, x], resources: {requests: {storage: 0}}}",
			[]string{"spec.accessModes enum", "spec.accessModes forbidden", "spec.resources.requests[storage] bounds"}},
		{"spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, storageClassName: A, volumeAttributesClassName: B, volumeMode: x, selector: {matchLabels: {a b: c}}}",
			[]string{"spec.selector.matchLabels invalid", "spec.storageClassName invalid", "spec.volumeAttributesClassName invalid", "spec.volumeMode enum"}},
		{"spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, dataSource: {kind: Other, apiGroup: a.b, name: a}}", nil}, // which the server drops
		{"spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, dataSourceRef: {kind: Other}}",
			[]string{"spec.dataSourceRef invalid", "spec.dataSourceRef.name required"}},
		{"spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, dataSource: {kind: PersistentVolumeClaim, name: a}, dataSourceRef: {apiGroup: A_B, name: b}}",
			[]string{"spec invalid", "spec.dataSourceRef.apiGroup invalid", "spec.dataSourceRef.kind required"}},
	})
}

func TestResourceQuota(t *testing.T) {
	run(t, "v1", "ResourceQuota", []wrong{
		{"spec: {hard: {requests.cpu: 500m, count/pods: 1, hugepages-2Mi: 1Mi}}", nil},
		{"spec: {hard: {x: 1, a b: 1, pods: 1.5, example.com/gpu: 500m, cpu: -1}}",
			[]string{"spec.hard[a b] invalid", "spec.hard[cpu] bounds", "spec.hard[example.com/gpu] invalid", "spec.hard[pods] invalid", "spec.hard[x] invalid"}},
		{"spec: {hard: {services: 1}, scopes: [x, BestEffort, NotBestEffort]}", []string{"spec.scopes invalid", "spec.scopes invalid", "spec.scopes invalid", "spec.scopes invalid"}},
		{"spec: {scopeSelector: {matchExpressions: [{scopeName: x, operator: z}, {scopeName: BestEffort, operator: In}, {scopeName: PriorityClass, operator: Exists, values: [a]}]}}",
			[]string{
				"spec.scopeSelector.matchExpressions[0].operator invalid", "spec.scopeSelector.matchExpressions[0].scopeName invalid",
				"spec.scopeSelector.matchExpressions[1].operator invalid", "spec.scopeSelector.matchExpressions[1].values required",
				"spec.scopeSelector.matchExpressions[2].values invalid",
			}},
		{"spec: {hard: {cpu: 1}, scopeSelector: {matchExpressions: [{scopeName: Terminating, operator: Exists}, {scopeName: NotTerminating, operator: Exists}]}}",
			[]string{"spec.scopeSelector.matchExpressions invalid"}},
	})
}

func TestLimitRange(t *testing.T) {
	run(t, "v1", "LimitRange", []wrong{
		{"spec: {limits: [{type: Container, max: {cpu: 2}, min: {cpu: 1}, default: {cpu: 2}, defaultRequest: {cpu: 1}, maxLimitRequestRatio: {cpu: 2}}]}", nil},
		{"spec: {limits: [{type: Container, max: {cpu: 2}, min: {cpu: 3}, default: {cpu: 4}, defaultRequest: {cpu: 5}}]}",
			[]string{"spec.limits[0].defaultRequest[cpu] invalid", "spec.limits[0].defaultRequest[cpu] invalid", "spec.limits[0].default[cpu] invalid", "spec.limits[0].min[cpu] invalid"}},
		{"spec: {limits: [{type: Pod, default: {cpu: 1}}, {type: Pod, max: {x: 1, kubernetes.io/x: 1}}]}",
			[]string{"spec.limits[0].default forbidden", "spec.limits[1].max[x] invalid", "spec.limits[1].type duplicate"}},
		{"spec: {limits: [{type: PersistentVolumeClaim}, {type: x, max: {storage: 1}}]}", []string{"spec.limits[0].max required", "spec.limits[1].type invalid"}},
		{"spec: {limits: [{type: Container, max: {cpu: 2}, min: {cpu: 1}, maxLimitRequestRatio: {cpu: 3, memory: 500m}}]}",
			[]string{"spec.limits[0].maxLimitRequestRatio[cpu] invalid", "spec.limits[0].maxLimitRequestRatio[memory] invalid"}},
		{"spec: {limits: [{type: Container, max: {example.com/gpu: 2}, defaultRequest: {example.com/gpu: 1}}]}", []string{"spec.limits[0].defaultRequest[example.com/gpu] invalid"}},
	})
}

// What is in a Secret stands in no problem.
func TestSecretsStaySecret(t *testing.T) {
	kind, tree := read(t, "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: hunter2!, b: 271828}\nstringData: {c: 271828, d: true, e: [hunter2]}\ntype: kubernetes.io/dockercfg")
	n := 0
	kind.Check(tree, func(p schema.Problem) {
		if n++; strings.Contains(p.String(), "hunter2") || strings.Contains(p.String(), "271828") {
			t.Errorf("a problem tells the secret: %v", p)
		}
	})
	if n != 5 {
		t.Errorf("%d problems, want 5", n)
	}
}
