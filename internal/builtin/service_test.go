package builtin_test

import "testing"

func TestService(t *testing.T) {
	run(t, "v1", "Service", []wrong{
		{"spec: {ports: [{port: 80}]}", nil},
		{"spec: {}", []string{"spec.ports required"}},
		{"spec: {type: x, selector: {a b: c}, ports: [{port: 80}]}", []string{"spec.selector invalid", "spec.type enum"}},
		{"spec: {type: ExternalName}", []string{"spec.externalName required"}},
		{"spec: {type: ExternalName, externalName: A, clusterIP: None, ipFamilies: [IPv4], ipFamilyPolicy: SingleStack}",
			[]string{"spec.clusterIP forbidden", "spec.externalName invalid", "spec.ipFamilies forbidden", "spec.ipFamilyPolicy forbidden"}},
		{"spec: {sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 0}}, ports: [{port: 80}]}", []string{"spec.sessionAffinityConfig.clientIP.timeoutSeconds bounds"}},
		{"spec: {sessionAffinity: x, internalTrafficPolicy: x, trafficDistribution: x, ports: [{port: 80}]}",
			[]string{"spec.internalTrafficPolicy enum", "spec.sessionAffinity enum", "spec.trafficDistribution enum"}},
		{"metadata: {name: a, annotations: {service.kubernetes.io/topology-mode: a, service.kubernetes.io/topology-aware-hints: b}}\nspec: {clusterIP: None}",
			[]string{"metadata.annotations[service.kubernetes.io/topology-mode] invalid"}},
	})
}

func TestServicePorts(t *testing.T) {
	run(t, "v1", "Service", []wrong{
		{"spec: {ports: [{port: 80}, {port: 81}]}", []string{"spec.ports[0].name required", "spec.ports[1].name required"}},
		{"spec: {ports: [{name: a, port: 80}, {name: a, port: 80}]}", []string{"spec.ports[1] duplicate", "spec.ports[1].name duplicate"}},
		{"spec: {ports: [{name: a, port: 80}, {name: b, port: 80, protocol: UDP}]}", nil},
		{"spec: {ports: [{name: A, port: 70000, protocol: x, targetPort: a--b, appProtocol: a b, nodePort: 1}]}",
			[]string{"spec.ports[0].appProtocol invalid", "spec.ports[0].name invalid", "spec.ports[0].nodePort forbidden", "spec.ports[0].port invalid", "spec.ports[0].protocol enum", "spec.ports[0].targetPort invalid"}},
		{"spec: {type: NodePort, ports: [{name: a, port: 80, nodePort: 30000}, {name: b, port: 81, nodePort: 30000, protocol: UDP}, {name: c, port: 82, nodePort: 99999}]}",
			[]string{"spec.ports[1].nodePort duplicate", "spec.ports[2].nodePort invalid"}},
		{"spec: {type: NodePort, ports: [{name: a, port: 80, nodePort: 30000}, {name: b, port: 80, nodePort: 30000, protocol: UDP}]}", nil},
	})
}

func TestServiceFromOutside(t *testing.T) {
	run(t, "v1", "Service", []wrong{
		{"spec: {type: LoadBalancer, loadBalancerClass: example.com/a, allocateLoadBalancerNodePorts: false, loadBalancerSourceRanges: [10.0.0.0/8], externalTrafficPolicy: Local, healthCheckNodePort: 30000, ports: [{port: 80}]}", nil},
		{"spec: {loadBalancerClass: a, allocateLoadBalancerNodePorts: true, loadBalancerSourceRanges: [10.0.0.1/8], externalTrafficPolicy: Local, healthCheckNodePort: 30000, ports: [{port: 80}]}",
			[]string{
				"spec.allocateLoadBalancerNodePorts forbidden", "spec.externalTrafficPolicy forbidden", "spec.healthCheckNodePort forbidden",
				"spec.loadBalancerClass forbidden", "spec.loadBalancerSourceRanges forbidden", "spec.loadBalancerSourceRanges[0] invalid",
			}},
		{"spec: {type: LoadBalancer, loadBalancerClass: a b, externalTrafficPolicy: x, ports: [{port: 80}]}", []string{"spec.externalTrafficPolicy enum", "spec.loadBalancerClass invalid"}},
		{"metadata: {name: a, annotations: {service.beta.kubernetes.io/load-balancer-source-ranges: '10.0.0.0/8,x'}}\nspec: {clusterIP: None}",
			[]string{
				"metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges] forbidden",
				"metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges] invalid",
			}},
		{"spec: {externalIPs: [203.0.113.5, x, 127.0.0.1, 'fe80::1', 0.0.0.0], ports: [{port: 80}]}",
			[]string{"spec.externalIPs[1] invalid", "spec.externalIPs[2] invalid", "spec.externalIPs[3] invalid", "spec.externalIPs[4] invalid"}},
	})
}

func TestServiceAddresses(t *testing.T) {
	run(t, "v1", "Service", []wrong{
		{"spec: {clusterIP: None}", nil},
		{"spec: {clusterIP: 010.0.0.1, ports: [{port: 80}]}", []string{"spec.clusterIP invalid"}},
		{"spec: {type: NodePort, clusterIP: None}", []string{"spec.clusterIP invalid"}},
		{"spec: {clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1, 'fd00::1'], ipFamilies: [IPv4, IPv6], ipFamilyPolicy: PreferDualStack, ports: [{port: 80}]}", nil},
		{"spec: {clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1, 'fd00::1'], ports: [{port: 80}]}", []string{"spec.ipFamilyPolicy invalid"}},
		{"spec: {clusterIP: 10.0.0.2, clusterIPs: [10.0.0.1, 10.0.0.3, 10.0.0.4], ipFamilies: [IPv6, x, IPv6], ipFamilyPolicy: x, ports: [{port: 80}]}",
			[]string{
				"spec.clusterIPs bounds", "spec.clusterIPs invalid", "spec.clusterIPs invalid", "spec.clusterIPs[0] invalid", "spec.clusterIPs[2] invalid",
				"spec.ipFamilies[1] enum", "spec.ipFamilies[2] duplicate", "spec.ipFamilyPolicy enum",
			}},
		{"spec: {clusterIPs: [None, 10.0.0.1], ports: [{port: 80}]}", []string{"spec.clusterIPs invalid", "spec.clusterIPs invalid", "spec.ipFamilyPolicy invalid"}},
	})
}
