package builtin_test

import "testing"

const rbac = "rbac.authorization.k8s.io/v1"

func TestRoles(t *testing.T) {
	run(t, rbac, "Role", []wrong{
		{`rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]`, nil},
		{"rules: [{}, {nonResourceURLs: [/a], verbs: [get]}]", []string{"rules[0].apiGroups required", "rules[0].resources required", "rules[0].verbs required", "rules[1].nonResourceURLs invalid"}},
	})
	run(t, rbac, "ClusterRole", []wrong{
		{"rules: [{nonResourceURLs: [/a], verbs: [get]}]", nil},
		{"rules: [{nonResourceURLs: [/a], verbs: [get], resources: [pods]}]\naggregationRule: {}", []string{"aggregationRule.clusterRoleSelectors required", "rules[0].nonResourceURLs invalid"}},
		{"aggregationRule: {clusterRoleSelectors: [{matchExpressions: [{key: a, operator: x}]}]}",
			[]string{"aggregationRule.clusterRoleSelectors[0] invalid", "aggregationRule.clusterRoleSelectors[0].matchExpressions[0].operator invalid"}},
	})
}

func TestBindings(t *testing.T) {
	run(t, rbac, "RoleBinding", []wrong{
		{"roleRef: {kind: Role, name: a}\nsubjects: [{kind: ServiceAccount, name: a}, {kind: User, name: A b}]", nil},
		{"roleRef: {kind: x, name: a/b, apiGroup: z}\nsubjects: [{}, {kind: ServiceAccount, name: A, apiGroup: x}, {kind: Group, apiGroup: x}]",
			[]string{
				"roleRef.apiGroup enum", "roleRef.kind enum", "roleRef.name invalid", "subjects[0].kind enum", "subjects[0].name required",
				"subjects[1].apiGroup invalid", "subjects[1].name invalid", "subjects[2].apiGroup enum", "subjects[2].name required",
			}},
	})
	run(t, rbac, "ClusterRoleBinding", []wrong{
		{"roleRef: {kind: Role}\nsubjects: [{kind: ServiceAccount, name: a}]", []string{"roleRef.kind enum", "roleRef.name required", "subjects[0].namespace required"}},
	})
}

func TestNetworkPolicy(t *testing.T) {
	run(t, "networking.k8s.io/v1", "NetworkPolicy", []wrong{
		{"spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80, endPort: 90}]}]}", nil},
		{"spec: {podSelector: {matchLabels: {a b: c}}, policyTypes: [x]}", []string{"spec.podSelector.matchLabels invalid", "spec.policyTypes[0] enum"}},
		{"spec: {policyTypes: [Ingress, Egress, Ingress]}", []string{"spec.policyTypes bounds"}},
		{"spec: {ingress: [{ports: [{port: a--b}, {port: 0, protocol: x}, {endPort: 1}, {port: a, endPort: 1}, {port: 80, endPort: 79}]}]}",
			[]string{
				"spec.ingress[0].ports[0].port invalid", "spec.ingress[0].ports[1].port invalid", "spec.ingress[0].ports[1].protocol enum",
				"spec.ingress[0].ports[2].endPort forbidden", "spec.ingress[0].ports[3].endPort forbidden", "spec.ingress[0].ports[4].endPort bounds",
			}},
		{"spec: {egress: [{to: [{}, {podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}, {ipBlock: {}}, {ipBlock: {cidr: 10.0.0.1/8, except: [11.0.0.0/16, 10.0.0.0/8, x]}}]}]}",
			[]string{
				"spec.egress[0].to[0] required", "spec.egress[0].to[1] forbidden", "spec.egress[0].to[2].ipBlock.cidr required", "spec.egress[0].to[3].ipBlock.cidr invalid",
				"spec.egress[0].to[3].ipBlock.except[0] invalid", "spec.egress[0].to[3].ipBlock.except[1] invalid", "spec.egress[0].to[3].ipBlock.except[2] invalid",
			}},
	})
}

func TestIngress(t *testing.T) {
	const backend = "backend: {service: {name: a, port: {number: 80}}}"
	run(t, "networking.k8s.io/v1", "Ingress", []wrong{
		{"spec: {rules: [{host: '*.a.b', http: {paths: [{path: /, pathType: Prefix, " + backend + "}]}}]}", nil},
		{"spec: {}", []string{"spec invalid"}},
		{"metadata: {name: a, annotations: {kubernetes.io/ingress.class: x}}\nspec: {ingressClassName: A, defaultBackend: {}}",
			[]string{"metadata.annotations[kubernetes.io/ingress.class] invalid", "spec.defaultBackend invalid", "spec.ingressClassName invalid"}},
		{"spec: {rules: [{host: 10.0.0.1}, {host: '*'}, {host: A, http: {}}], tls: [{hosts: ['a.*'], secretName: A}]}",
			[]string{"spec.rules[0].host invalid", "spec.rules[1].host invalid", "spec.rules[2].host invalid", "spec.rules[2].http.paths required", "spec.tls[0].hosts[0] invalid", "spec.tls[0].secretName invalid"}},
		{"spec: {rules: [{http: {paths: [{path: /, " + backend + "}, {path: a//b, pathType: Exact, " + backend + "}, {path: a, pathType: ImplementationSpecific, " + backend + "}, {pathType: x, " + backend + "}]}}]}",
			[]string{
				"spec.rules[0].http.paths[0].pathType required", "spec.rules[0].http.paths[1].path invalid", "spec.rules[0].http.paths[1].path invalid",
				"spec.rules[0].http.paths[2].path invalid", "spec.rules[0].http.paths[3].pathType enum",
			}},
		{"spec: {defaultBackend: {service: {name: A, port: {name: a--b}}}}", []string{"spec.defaultBackend.service.name invalid", "spec.defaultBackend.service.port.name invalid"}},
		{"spec: {defaultBackend: {service: {port: {number: 70000}}}}", []string{"spec.defaultBackend.service.name required", "spec.defaultBackend.service.port.number invalid"}},
		{"spec: {defaultBackend: {service: {name: a}}}", []string{"spec.defaultBackend required"}},
		{"spec: {defaultBackend: {service: {name: a, port: {name: a, number: 1}}}}", []string{"spec.defaultBackend invalid"}},
		{"spec: {defaultBackend: {service: {name: a}, resource: {kind: a, name: b}}}", []string{"spec.defaultBackend invalid"}},
		{"spec: {defaultBackend: {resource: {apiGroup: A_B, kind: a/b}}}", []string{"spec.defaultBackend.resource.apiGroup invalid", "spec.defaultBackend.resource.kind invalid", "spec.defaultBackend.resource.name required"}},
	})
}
