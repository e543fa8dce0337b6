package policy_test

import (
	"strings"
	"testing"

	"github.com/millrace/millrace/policy"
)

const denyEgress = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: etl}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
---
`

const letDNS = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: dns, namespace: etl}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}]
    ports: [{port: 53, protocol: UDP}, {port: 53}]
---
`

const networkPod = `
apiVersion: v1
kind: Pod
metadata: {name: client, namespace: etl, labels: {app: client}}
spec: {containers: [{name: main, image: "a:1"}]}
`

const networkRun = `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: daily, namespace: etl}
spec:
  entrypoint: both
  templates:
  - name: both
    steps: [[{name: one, template: one}, {name: two, template: two}]]
  - {name: one, container: {image: "a:1"}}
  - {name: two, container: {image: "a:1"}}
`

// policyTo is a policy that lets pods out to some addresses.
func policyTo(egress string) string {
	return `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: etl}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [` + egress + `]
---
`
}

func TestNetworkDNS(t *testing.T) {
	const found = "network/dns Pod etl/client spec: the pod may not ask for names: port 53 (UDP) isn't let out by NetworkPolicy "
	checkManifests(t, policy.Production().Only("network/dns"), map[string]manifests{
		"no policies":         {networkPod, nil},
		"nothing goes out":    {denyEgress + networkPod, []string{"10 " + found + "deny"}},
		"names are let out":   {denyEgress + letDNS + networkPod, nil},
		"only what comes in":  {`{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: in, namespace: etl}, spec: {podSelector: {}}}` + "\n---\n" + networkPod, nil},
		"of other pods":       {`{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: in, namespace: etl}, spec: {podSelector: {matchLabels: {app: server}}, policyTypes: [Egress]}}` + "\n---\n" + networkPod, nil},
		"of another space":    {`{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: in, namespace: web}, spec: {podSelector: {}, policyTypes: [Egress]}}` + "\n---\n" + networkPod, nil},
		"only the other way":  {policyTo(`{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 443}]}`) + networkPod, []string{"13 " + found + "out"}},
		"a server of its own": {policyTo(`{to: [{namespaceSelector: {matchLabels: {name: openshift-dns}}}], ports: [{port: 5353, protocol: UDP}]}`) + networkPod, nil},
		"everything goes out": {policyTo(`{}`) + networkPod, nil},
		"a workflow is told once": {denyEgress + networkRun, []string{
			`15 network/dns Workflow etl/daily spec.templates[1]: the pods "one" and "two" may not ask for names: port 53 (UDP) isn't let out by NetworkPolicy deny`}},
	})
}

func TestNetworkAPIServer(t *testing.T) {
	const found = `network/api-server Workflow etl/daily spec.templates[1]: the pods "one" and "two" may not reach the API server: neither port 443 nor 6443 is let out to any address by NetworkPolicy `
	const spark = `
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: {name: etl, namespace: etl}
spec:
  type: Scala
  mode: cluster
  sparkVersion: 3.5.1
  mainApplicationFile: local:///a.jar
  driver: {}
  executor: {}
`
	checkManifests(t, policy.Production().Only("network/api-server"), map[string]manifests{
		"no policies":         {networkRun, nil},
		"a pod that has none": {denyEgress + networkPod, nil},
		"nothing goes out":    {denyEgress + networkRun, []string{"15 " + found + "deny"}},
		"only names":          {denyEgress + letDNS + networkRun, []string{"26 " + found + "deny, dns"}},
		"its addresses":       {policyTo(`{to: [{ipBlock: {cidr: 10.0.0.1/32}}], ports: [{port: 6443}]}`) + networkRun, nil},
		"no such port":        {policyTo(`{to: [{ipBlock: {cidr: 10.0.0.1/32}}], ports: [{port: 8443}]}`) + networkRun, []string{"18 " + found + "out"}},
		"only pods":           {policyTo(`{to: [{namespaceSelector: {}}]}`) + networkRun, []string{"18 " + found + "out"}},
		"everything goes out": {policyTo(`{}`) + networkRun, nil},
		"a driver": {denyEgress + spark, []string{
			`15 network/api-server SparkApplication etl/etl spec.driver.template.spec: the pod "driver" may not reach the API server: neither port 443 nor 6443 is let out to any address by NetworkPolicy deny`}},
	})
}

func TestNetworkMetadata(t *testing.T) {
	checkManifests(t, policy.Production().Only("network/metadata"), map[string]manifests{
		"all addresses":   {policyTo(`{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}`), []string{"7 network/metadata NetworkPolicy etl/out spec.egress[0].to[0].ipBlock: 0.0.0.0/0 holds the metadata server, 169.254.169.254"}},
		"but that one":    {policyTo(`{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]}`), nil},
		"another port":    {policyTo(`{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}`), nil},
		"its own block":   {policyTo(`{to: [{namespaceSelector: {}}, {ipBlock: {cidr: 169.254.0.0/16}}], ports: [{port: 1, endPort: 100}]}`), []string{"7 network/metadata NetworkPolicy etl/out spec.egress[0].to[1].ipBlock: 169.254.0.0/16 holds the metadata server, 169.254.169.254"}},
		"other addresses": {policyTo(`{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}`), nil},
		"everything":      {policyTo(`{}`), []string{`7 network/metadata NetworkPolicy etl/out spec.egress[0]: a rule without "to" is for every address, and holds the metadata server, 169.254.169.254`}},
		"names anywhere":  {policyTo(`{ports: [{port: 53}, {port: 53, protocol: UDP}]}`), nil},
		"pods anywhere":   {policyTo(`{to: [{namespaceSelector: {}}]}`), nil},
		"by its name":     {policyTo(`{to: [{ipBlock: {cidr: 169.254.169.254/32}}], ports: [{port: 80}]}`), nil},
		"no namespace": {strings.Replace(policyTo(`{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}`), ", namespace: etl", "", 1),
			[]string{"7 network/metadata NetworkPolicy out spec.egress[0].to[0].ipBlock: 0.0.0.0/0 holds the metadata server, 169.254.169.254"}},
	})
}
