package policy_test

import (
	"strings"
	"testing"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
)

func TestPlaintextSecrets(t *testing.T) {
	checkManifests(t, policy.Production().Only("secrets/plaintext-env", "secrets/plaintext-config", "spark/plaintext-secret", "kafka/plaintext-secret"), map[string]manifests{
		"environment and arguments": {deployment + `
      initContainers:
      - name: migrate
        command: [migrate, --db-password, hunter2]
      containers:
      - name: main
        command: [serve]
        args:
        - --api-key=hunter2
        - --url=postgresql://api:hunter2@db/orders
        env:
        - {name: HOST, value: db}
        - name: DB_PASSWORD
          value: hunter2
`, []string{
			"16 secrets/plaintext-env Deployment data/api spec.template.spec.containers[0].args[0]: it gives --api-key",
			"17 secrets/plaintext-env Deployment data/api spec.template.spec.containers[0].args[1]: it holds a password in a URL",
			"21 secrets/plaintext-env Deployment data/api spec.template.spec.containers[0].env[1].value: DB_PASSWORD is written out",
			"11 secrets/plaintext-env Deployment data/api spec.template.spec.initContainers[0].command[2]: it gives --db-password",
		}},
		"from a secret": {deployment + `
      containers:
      - name: main
        command: [migrate, --db-password, $(DB_PASSWORD)]
        env:
        - {name: HOST, value: db}
        - name: DB_PASSWORD
          valueFrom: {secretKeyRef: {name: db, key: password}}
`, nil},
		"task of a workflow": {`
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {name: w, namespace: data}
spec:
  entrypoint: main
  templates:
  - name: main
    inputs: {parameters: [{name: password}]}
    container:
      image: a:1
      args: ["--password={{inputs.parameters.password}}", --api-key=hunter2]
      env:
      - {name: DB_PASSWORD, value: hunter2}
`, []string{
			"11 secrets/plaintext-env WorkflowTemplate data/w spec.templates[0].container.args[1]: it gives --api-key",
			"13 secrets/plaintext-env WorkflowTemplate data/w spec.templates[0].container.env[0].value: DB_PASSWORD is written out",
		}},
		"config map": {`
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: data}
data:
  DB_HOST: db
  DB_PASSWORD: hunter2
  app.properties: |
    url=jdbc:x
    password=hunter2
`, []string{
			"6 secrets/plaintext-config ConfigMap data/settings data[DB_PASSWORD]: DB_PASSWORD is written out",
			"7 secrets/plaintext-config ConfigMap data/settings data[app.properties]: app.properties sets password in line 2",
		}},
		"harmless config map": {`
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: data}
data:
  app.properties: |
    url=jdbc:x
    password=${DB_PASSWORD}
`, nil},
		"Spark's own rule": {`
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: {name: etl, namespace: data}
spec:
  type: Scala
  mode: cluster
  sparkVersion: 3.5.1
  mainApplicationFile: local:///etl.jar
  driver:
    env: [{name: DB_PASSWORD, value: hunter2}]
    sidecars:
    - name: proxy
      args: ["--password=hunter2"]
  executor: {}
`, []string{
			"10 spark/plaintext-secret SparkApplication data/etl spec.driver.env[0].value: DB_PASSWORD is written out",
			"13 spark/plaintext-secret SparkApplication data/etl spec.driver.sidecars[0].args[0]: it gives --password",
		}},
		"connector": {`
apiVersion: kafka.strimzi.io/v1
kind: KafkaConnector
metadata: {name: orders, namespace: kafka, labels: {strimzi.io/cluster: connect}}
spec:
  class: io.debezium.connector.postgresql.PostgresConnector
  tasksMax: 1
  config:
    database.hostname: db
    database.password: hunter2
`, []string{"9 kafka/plaintext-secret KafkaConnector kafka/orders spec.config[database.password]: database.password is written out"}},
		"connector with a provider": {`
apiVersion: kafka.strimzi.io/v1
kind: KafkaConnector
metadata: {name: orders, namespace: kafka, labels: {strimzi.io/cluster: connect}}
spec:
  class: io.debezium.connector.postgresql.PostgresConnector
  tasksMax: 1
  config:
    database.password: ${secrets:kafka/db:password}
`, nil},
	})
}

// A report never shows what it found.
func TestPlaintextSecretsStayOut(t *testing.T) {
	b := loadText(t, `
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: data}
spec:
  containers:
  - name: main
    image: a:1
    args: [--password, hunter2, --token=x, "https://u:hunter2@h/"]
    env: [{name: API_KEY, value: hunter2}]
`)
	r := policy.Production().Check(b)
	if r.Count(millrace.Error) > 0 || len(r.Findings) < 3 {
		t.Errorf("the report holds other findings than those of the rule:\n%s", r)
	}
	if strings.Contains(r.String(), "hunter2") {
		t.Errorf("the report shows the secret:\n%s", r)
	}
}
