package spark_test

import (
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// A command from a wiki page becomes a job: what Spark ignores in it is taken
// for what it means, and said.
func ExampleParseSubmit() {
	words, err := spark.SplitCommand(`spark-submit \
	  --master k8s://https://k8s-api.internal:6443 --deploy-mode cluster \
	  --name etl-orders-daily --queue etl \
	  --conf spark.kubernetes.container.image=company-registry/spark:3.5.1-python3.11 \
	  --conf spark.kubernetes.serviceAccountName=spark-executor \
	  --conf spark.executor.memory=8g \
	  local:///opt/spark/work-dir/jobs/orders_daily.py --date=2026-01-31`)
	if err != nil {
		log.Fatal(err)
	}
	job, findings, err := spark.ParseSubmit(words)
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range findings {
		fmt.Printf("%s %s: %s\n", f.Severity, f.Field, f.Detail)
	}
	fmt.Println(job.Name, job.Version, job.Driver.ServiceAccount, job.Executor.Memory, job.Args)
	// Output:
	// warning --queue: YARN has queues; it is left out
	// warning --conf spark.kubernetes.serviceAccountName: Spark has no such setting, and ignores it without a word; it is taken for what it means
	// info Version: the command doesn't name Spark's version, 3.5.1 is read off the image's tag
	// etl-orders-daily 3.5.1 spark-executor 8Gi [--date=2026-01-31]
}

// A manifest becomes a job that renders as it was, until NoDefaults is taken
// away.
func ExampleFromApplication() {
	bundle, err := millrace.LoadReader("stdin", strings.NewReader(`
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: {name: spark-pi, namespace: data-platform}
spec:
  type: Scala
  mode: cluster
  image: company-registry/spark:3.5.1
  mainClass: org.apache.spark.examples.SparkPi
  mainApplicationFile: local:///opt/spark/examples/jars/spark-examples.jar
  sparkVersion: 3.5.1
  driver: {cores: 1, memory: 512m, serviceAccount: spark}
  executor: {instances: 2, memory: 4g, tolerations: [{key: workload, operator: Exists}]}
`))
	if err != nil {
		log.Fatal(err)
	}
	job, err := spark.FromApplication(bundle.Objects()[0])
	if err != nil {
		log.Fatal(err)
	}
	job.Executor.Memory = 16 * millrace.GiB
	if bundle, err = millrace.Build(job); err != nil {
		log.Fatal(err)
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		log.Fatal(err)
	}
	// Output:
	// apiVersion: sparkoperator.k8s.io/v1beta2
	// kind: SparkApplication
	// metadata:
	//   name: spark-pi
	//   namespace: data-platform
	// spec:
	//   type: Scala
	//   sparkVersion: 3.5.1
	//   mode: cluster
	//   image: company-registry/spark:3.5.1
	//   mainClass: org.apache.spark.examples.SparkPi
	//   mainApplicationFile: local:///opt/spark/examples/jars/spark-examples.jar
	//   driver:
	//     cores: 1
	//     memory: 512m
	//     serviceAccount: spark
	//   executor:
	//     memory: 16g
	//     tolerations:
	//     - key: workload
	//       operator: Exists
	//     instances: 2
}
