package policy_test

import (
	"testing"

	"github.com/millrace/millrace/policy"
)

func TestPodsOfCustomResources(t *testing.T) {
	checkManifests(t, policy.Production().Only("pod/refused"), map[string]manifests{
		"Spark": {`
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: {name: etl, namespace: data}
spec:
  type: Scala
  mode: cluster
  sparkVersion: 3.5.1
  image: etl:1.0
  mainApplicationFile: local:///etl.jar
  driver:
    tolerations: [{key: spark, operator: Exists, value: "yes"}]
    env: [{name: "a=b", value: x}]
  executor:
    template:
      spec:
        containers:
        - name: spark-kubernetes-executor
          resources: {requests: {ephemeral-storage: 2Gi}, limits: {ephemeral-storage: 1Gi}}
          volumeMounts: [{name: scratch, mountPath: /scratch}]
        volumes: [{name: scratch, emptyDir: {}, hostPath: {path: /mnt}}]
`, []string{
			`12 pod/refused SparkApplication data/etl spec.driver.env[0].name: it is "a=b", must be the name of a variable: printable ASCII without '='`,
			`11 pod/refused SparkApplication data/etl spec.driver.tolerations[0].operator: it is Exists, and a value is set`,
			`18 pod/refused SparkApplication data/etl spec.executor.template.spec.containers[0].resources.requests: it has 2Gi ephemeral-storage, above the limit of 1Gi`,
			`20 pod/refused SparkApplication data/etl spec.executor.template.spec.volumes[0].hostPath: it is set beside emptyDir`,
		}},
		"Argo": {`
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {name: etl, namespace: data}
spec:
  tolerations: [{key: a b}]
  templates:
  - name: one
    container:
      image: "{{inputs.parameters.image}}"
      ports: [{containerPort: 99999}]
      env: [{name: "{{inputs.parameters.name}}", value: x}]
  - name: two
    script: {image: a, source: x, livenessProbe: {httpGet: {port: 80}, exec: {command: [a]}}}
`, []string{
			`10 pod/refused WorkflowTemplate data/etl spec.templates[0].container.ports[0].containerPort: it is 99999, must be a port from 1 to 65535`,
			`13 pod/refused WorkflowTemplate data/etl spec.templates[1].script.livenessProbe.httpGet: it is set beside exec`,
			`5 pod/refused WorkflowTemplate data/etl spec.tolerations[0].key: it is "a b", must be letters, digits, '-', '_' and '.', at most 63, after a DNS name and '/' if you like`,
		}},
		"Kubernetes' own kinds have the schema": {`
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: data}
spec: {containers: [{name: main, image: a, ports: [{containerPort: 99999}]}]}
`, nil},
	})
}

// What two rules could say of Spark's own container, one of them does.
func TestSparkContainerIsSaidOnce(t *testing.T) {
	checkManifests(t, policy.Production().Only("pod/refused", "spark/cpu-limit", "spark/cores", "schema/bounds"), map[string]manifests{
		"CPU": {`
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: {name: etl, namespace: data}
spec:
  type: Scala
  mode: cluster
  sparkVersion: 3.5.1
  image: etl:1.0
  mainApplicationFile: local:///etl.jar
  driver:
    cores: 1
    coreLimit: 500m
  executor:
    cores: 0
    template:
      spec:
        containers:
        - name: spark-kubernetes-executor
        - name: logs
          image: logs:1.0
          resources: {requests: {cpu: "2"}, limits: {cpu: "1"}}
`, []string{
			`12 spark/cpu-limit SparkApplication data/etl spec.driver.coreLimit: the limit 500m is below the request 1`,
			`14 schema/bounds SparkApplication data/etl spec.executor.cores: is 0, must be at least 1`,
			`21 pod/refused SparkApplication data/etl spec.executor.template.spec.containers[1].resources.requests: it has 2 cpu, above the limit of 1`,
		}},
		"CPU of a server": {`
apiVersion: sparkoperator.k8s.io/v1alpha1
kind: SparkConnect
metadata: {name: queries, namespace: data}
spec:
  sparkVersion: 4.0.1
  image: spark:4.0.1
  server:
    template:
      spec:
        containers:
        - name: spark-kubernetes-driver
          resources: {requests: {cpu: "2"}, limits: {cpu: "1"}}
  executor: {cores: 1, instances: 1, memory: 1g}
`, []string{
			`12 spark/cpu-limit SparkConnect data/queries spec.server.template.spec.containers[0].resources.limits.cpu: the limit 1 is below the request 2`,
		}},
	})
}
