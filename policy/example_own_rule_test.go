package policy_test

import (
	"fmt"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
)

// A program's own rule looks at pods, whatever object they come from: here at
// those of a SparkApplication and of a Deployment.
func ExampleProfile_With() {
	const manifests = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: data}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: main, image: "api:1.0"}]}
---
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: {name: etl, namespace: data}
spec:
  type: Scala
  mode: cluster
  image: etl:1.0
  sparkVersion: 3.5.1
  mainApplicationFile: local:///etl.jar
  driver: {labels: {team: sales}}
  executor: {}
`
	bundle, err := millrace.LoadReader("manifests.yaml", strings.NewReader(manifests))
	if err != nil {
		panic(err)
	}
	team := millrace.Rule{
		ID: "company/team", Severity: millrace.Error, Summary: "Every pod has a team.", Fix: "set the label team",
		Check: func(pass *millrace.Pass) {
			for _, pod := range pass.Pods {
				if pod.Template.Labels["team"] == "" {
					pass.Report(pod.Field("metadata.labels"), "nobody is asked about the pod")
				}
			}
		},
	}
	report := new(policy.Profile).With(team).Check(bundle)
	for _, f := range report.Findings {
		fmt.Println(f)
	}
	// Output:
	// manifests.yaml:8: error: Deployment data/api: spec.template.metadata.labels: nobody is asked about the pod; set the label team [company/team]
	// manifests.yaml:21: error: SparkApplication data/etl: spec.executor.template.metadata.labels: nobody is asked about the pod; set the label team [company/team]
}

// What the cluster has already needs no declaration in the bundle.
func ExampleProfile_Existing() {
	const manifest = `
apiVersion: batch/v1
kind: Job
metadata: {name: load, namespace: data}
spec:
  template:
    spec:
      restartPolicy: Never
      serviceAccountName: loader
      containers:
      - name: main
        image: loader:1.0
        envFrom: [{secretRef: {name: warehouse}}]
`
	bundle, err := millrace.LoadReader("load.yaml", strings.NewReader(manifest))
	if err != nil {
		panic(err)
	}
	report := policy.Production().
		Only("reference/undeclared").
		Existing(millrace.Ref{Kind: "ServiceAccount", Namespace: "data", Name: "loader"}).
		Check(bundle)
	for _, f := range report.Findings {
		fmt.Println(f.Field, f.Detail)
	}
	// Output:
	// spec.template.spec.containers[0].envFrom[0].secretRef.name Secret data/warehouse is declared nowhere in the bundle
}

// A waiver names the object that it is for; the finding stays in the report.
func ExampleProfile_Waive() {
	const manifest = `
apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata: {name: events, namespace: kafka}
spec: {kafka: {listeners: [{name: plain, port: 9092, type: internal, tls: false}]}}
`
	bundle, err := millrace.LoadReader("kafka.yaml", strings.NewReader(manifest))
	if err != nil {
		panic(err)
	}
	report := policy.Production().
		Only("kafka/plain-listener").
		Waive("kafka/plain-listener", "only the metrics sidecar uses it", millrace.Ref{Kind: "Kafka", Namespace: "kafka", Name: "events"}).
		Check(bundle)
	fmt.Print(report)
	// Output:
	// kafka.yaml:5: warning: Kafka kafka/events: spec.kafka.listeners[0].tls: the listener "plain" is not encrypted; set tls: true, and move clients to that listener [kafka/plain-listener] (waived: only the metrics sidecar uses it)
	// production: 0 errors, 0 warnings, 0 notes, 1 waived
}
