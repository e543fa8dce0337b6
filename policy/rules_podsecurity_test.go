package policy_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
)

const (
	restrictedNamespace = `
apiVersion: v1
kind: Namespace
metadata:
  name: data
  labels:
    pod-security.kubernetes.io/enforce: restricted
---
`
	hardened = `
      securityContext:
        runAsNonRoot: true
        seccompProfile: {type: RuntimeDefault}
      containers:
      - name: main
        image: api:1.0
        securityContext:
          allowPrivilegeEscalation: false
          capabilities: {drop: [ALL]}
`
	deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: data}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:`
)

func TestPodSecurity(t *testing.T) {
	checkManifests(t, policy.Production().Only("pod-security/label", "pod-security/enforced", "pod-security/baseline", "pod-security/restricted"), map[string]manifests{
		"hardened":                {deployment + hardened, nil},
		"hardened and restricted": {restrictedNamespace + deployment + hardened, nil},
		"refused": {restrictedNamespace + deployment + `
      securityContext:
        runAsNonRoot: true
        seccompProfile: {type: RuntimeDefault}
      containers:
      - name: main
        image: api:1.0
`, []string{`21 pod-security/enforced Deployment data/api spec.template.spec.containers[0]: its pods are refused: the namespace data enforces restricted:latest: ` +
			`allowPrivilegeEscalation != false (container "main" must set securityContext.allowPrivilegeEscalation=false), ` +
			`unrestricted capabilities (container "main" must set securityContext.capabilities.drop=["ALL"])`}},
		"an old version of the level": {`
apiVersion: v1
kind: Namespace
metadata:
  name: data
  labels: {pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/enforce-version: v1.30}
---` + deployment + `
      containers:
      - name: main
        image: api:1.0
        livenessProbe: {httpGet: {host: example.com, port: 80}}
`, nil},
		"the latest version of the level": {`
apiVersion: v1
kind: Namespace
metadata:
  name: data
  labels: {pod-security.kubernetes.io/enforce: baseline}
---` + deployment + `
      containers:
      - name: main
        image: api:1.0
        livenessProbe: {httpGet: {host: example.com, port: 80}}
`, []string{`16 pod-security/enforced Deployment data/api spec.template.spec.containers[0]: its pods are refused: the namespace data enforces baseline:latest: ` +
			`probe or lifecycle host (container "main" uses probe or lifecycle host "example.com")`}},
		"a level that is none": {`
apiVersion: v1
kind: Namespace
metadata:
  name: data
  labels:
    pod-security.kubernetes.io/enforce: strict
    pod-security.kubernetes.io/warn-version: "1.30"
---` + deployment + hardened, []string{
			`6 pod-security/label Namespace data metadata.labels[pod-security.kubernetes.io/enforce]: "strict" must be one of privileged, baseline, restricted`,
			`7 pod-security/label Namespace data metadata.labels[pod-security.kubernetes.io/warn-version]: "1.30" must be "latest" or "v1.x"`,
		}},
		"beyond baseline": {`
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: data}
spec:
  containers:
  - name: main
    image: agent:1.0
  volumes:
  - name: logs
    hostPath: {path: /var/log}
`, []string{`9 pod-security/baseline Pod data/agent spec.volumes[0]: the pod goes beyond baseline: hostPath volumes (volume "logs")`}},
		"beyond baseline in two ways": {`
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: data}
spec:
  hostNetwork: true
  containers:
  - name: main
    image: agent:1.0
    securityContext: {privileged: true}
`, []string{`4 pod-security/baseline Pod data/agent spec: the pod goes beyond baseline: host namespaces (hostNetwork=true), ` +
			`privileged (container "main" must not set securityContext.privileged=true)`}},
		"beyond baseline in two containers": {`
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: data}
spec:
  containers:
  - {name: a, image: a:1.0, securityContext: {privileged: true}}
  - {name: b, image: b:1.0, ports: [{containerPort: 80, hostPort: 80}]}
`, []string{`4 pod-security/baseline Pod data/agent spec: the pod goes beyond baseline: hostPort (container "b" uses hostPort 80), ` +
			`privileged (container "a" must not set securityContext.privileged=true)`}},
		"privileged where that is wanted": {`
apiVersion: v1
kind: Namespace
metadata:
  name: data
  labels: {pod-security.kubernetes.io/enforce: privileged}
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: data}
spec:
  hostNetwork: true
  containers:
  - name: main
    image: agent:1.0
`, nil},
		"beyond restricted": {`
apiVersion: batch/v1
kind: CronJob
metadata: {name: tidy, namespace: data}
spec:
  schedule: "@daily"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - name: main
            image: tidy:1.0
`, []string{`12 pod-security/restricted CronJob data/tidy spec.jobTemplate.spec.template.spec.containers[0]: the pod goes beyond restricted: ` +
			`allowPrivilegeEscalation != false (container "main" must set securityContext.allowPrivilegeEscalation=false), ` +
			`unrestricted capabilities (container "main" must set securityContext.capabilities.drop=["ALL"]), ` +
			`runAsNonRoot != true (pod or container "main" must set securityContext.runAsNonRoot=true), ` +
			`seccompProfile (pod or container "main" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")`}},
	})
}

// What an operator may fill in is no violation of the object that it reads.
func TestPodSecurityOfOperatorsPods(t *testing.T) {
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "data", Labels: map[string]string{"pod-security.kubernetes.io/enforce": "restricted"}}}
	elsewhere := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "elsewhere"}}
	pod := func(change func(*corev1.PodSpec)) []string {
		spec := corev1.PodSpec{Containers: []corev1.Container{{Name: "main"}}}
		change(&spec)
		b := build(t, millrace.Parts{Objects: []millrace.Object{namespace, elsewhere}})
		var out []string
		for _, rule := range policy.Production().Rules() {
			if rule.ID == "pod-security/enforced" || rule.ID == "pod-security/restricted" {
				rule.Check(&millrace.Pass{Object: namespace, Bundle: b, Report: func(field, _ string) { out = append(out, rule.ID+" "+field) },
					Pods: []millrace.Pod{
						{Namespace: "data", Role: "executor", Path: "spec.executor", Template: corev1.PodTemplateSpec{Spec: spec}},
						{Namespace: "elsewhere", Path: "spec.driver", Template: corev1.PodTemplateSpec{Spec: spec}},
					}})
			}
		}
		return out
	}
	if got := pod(func(*corev1.PodSpec) {}); got != nil {
		t.Errorf("an operator's pod that says nothing: %q", got)
	}
	for name, change := range map[string]func(*corev1.PodSpec){
		"root": func(s *corev1.PodSpec) { s.SecurityContext = &corev1.PodSecurityContext{RunAsNonRoot: new(false)} },
		"capabilities": func(s *corev1.PodSpec) {
			s.Containers[0].SecurityContext = &corev1.SecurityContext{Capabilities: &corev1.Capabilities{Add: []corev1.Capability{"SYS_ADMIN"}}}
		},
		"host": func(s *corev1.PodSpec) { s.HostPID = true },
	} {
		if got := pod(change); len(got) != 1 {
			t.Errorf("%s: %q, want one finding of pod-security/enforced", name, got)
		}
	}
}
