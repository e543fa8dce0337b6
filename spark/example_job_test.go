package spark_test

import (
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// A job for the Spark operator, on a dedicated pool of nodes. In a program
// the placement comes from nodepool.Pool's Placement method.
func ExampleJob() {
	job := &spark.Job{
		Name:      "etl-orders-daily",
		Namespace: "data-platform",
		Image:     "company-registry/spark-etl:3.5.1",
		Version:   "3.5.1",
		Main:      "local:///opt/spark/jobs/etl.jar",
		Class:     "com.company.etl.ExtractOrders",
		Args:      []string{"--date=2026-01-31"},
		Driver:    spark.Driver{Cores: 2, Memory: 4 * millrace.GiB, ServiceAccount: "spark-executor", PriorityClass: "high-priority"},
		Executor:  spark.Executor{Cores: 4, Memory: 8 * millrace.GiB, Instances: 8},
		Placement: millrace.Placement{
			NodeSelector: map[string]string{"workload": "spark-executor"},
			Tolerations: []corev1.Toleration{{
				Key: "workload", Operator: corev1.TolerationOpEqual, Value: "spark-executor", Effect: corev1.TaintEffectNoSchedule,
			}},
		},
	}
	bundle, err := millrace.Build(job)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: sparkoperator.k8s.io/v1beta2
	// kind: SparkApplication
	// metadata:
	//   name: etl-orders-daily
	//   namespace: data-platform
	// spec:
	//   type: Scala
	//   sparkVersion: 3.5.1
	//   mode: cluster
	//   image: company-registry/spark-etl:3.5.1
	//   imagePullPolicy: IfNotPresent
	//   mainClass: com.company.etl.ExtractOrders
	//   mainApplicationFile: local:///opt/spark/jobs/etl.jar
	//   arguments:
	//   - --date=2026-01-31
	//   sparkConf:
	//     spark.decommission.enabled: "true"
	//     spark.kubernetes.allocation.batch.size: "20"
	//     spark.kubernetes.driver.connectionTimeout: "60000"
	//     spark.kubernetes.driver.requestTimeout: "60000"
	//     spark.kubernetes.submission.connectionTimeout: "60000"
	//     spark.kubernetes.submission.requestTimeout: "60000"
	//     spark.scheduler.maxRetainedRemovedDecommissionExecutors: "20"
	//     spark.sql.adaptive.autoBroadcastJoinThreshold: 10m
	//     spark.sql.autoBroadcastJoinThreshold: "-1"
	//     spark.stage.ignoreDecommissionFetchFailure: "true"
	//     spark.storage.decommission.enabled: "true"
	//     spark.storage.decommission.rddBlocks.enabled: "true"
	//     spark.storage.decommission.shuffleBlocks.enabled: "true"
	//   driver:
	//     template:
	//       spec:
	//         containers:
	//         - name: spark-kubernetes-driver
	//           securityContext:
	//             capabilities:
	//               drop:
	//               - ALL
	//             allowPrivilegeEscalation: false
	//         nodeSelector:
	//           workload: spark-executor
	//         securityContext:
	//           runAsUser: 185
	//           runAsNonRoot: true
	//           fsGroup: 185
	//           seccompProfile:
	//             type: RuntimeDefault
	//         tolerations:
	//         - key: workload
	//           operator: Equal
	//           value: spark-executor
	//           effect: NoSchedule
	//         priorityClassName: high-priority
	//     cores: 2
	//     memory: 4g
	//     annotations:
	//       cluster-autoscaler.kubernetes.io/safe-to-evict: "false"
	//       karpenter.sh/do-not-disrupt: "true"
	//     serviceAccount: spark-executor
	//   executor:
	//     template:
	//       spec:
	//         containers:
	//         - name: spark-kubernetes-executor
	//           securityContext:
	//             capabilities:
	//               drop:
	//               - ALL
	//             allowPrivilegeEscalation: false
	//         terminationGracePeriodSeconds: 60
	//         nodeSelector:
	//           workload: spark-executor
	//         securityContext:
	//           runAsUser: 185
	//           runAsNonRoot: true
	//           fsGroup: 185
	//           seccompProfile:
	//             type: RuntimeDefault
	//         tolerations:
	//         - key: workload
	//           operator: Equal
	//           value: spark-executor
	//           effect: NoSchedule
	//     cores: 4
	//     memory: 8g
	//     annotations:
	//       cluster-autoscaler.kubernetes.io/safe-to-evict: "false"
	//       karpenter.sh/do-not-disrupt: "true"
	//     instances: 8
	//   restartPolicy:
	//     type: OnFailure
	//     onSubmissionFailureRetries: 5
	//     onFailureRetries: 3
	//     onSubmissionFailureRetryInterval: 20
	//     onFailureRetryInterval: 30
	//   timeToLiveSeconds: 86400
}

// Every mistake comes back at once, each with its field, its rule and what
// to do.
func ExampleJob_Build_mistakes() {
	job := &spark.Job{
		Name:     "etl-orders-daily",
		Image:    "company-registry/spark-etl:3.5.1",
		Version:  "3.5.1",
		Main:     "local:///opt/spark/jobs/etl.jar",
		Executor: spark.Executor{Cores: 4, CoreLimit: "2", Memory: 8},
		Conf: map[string]string{
			"spark.executor.memory":                 "8g",
			"spark.kubernetes.executor.tolerations": `[{"key":"workload","operator":"Exists"}]`,
		},
	}
	_, err := job.Build()
	fmt.Println(err)
	// Output:
	// build: 5 mistakes:
	//   spark.Job etl-orders-daily: Executor.Memory: 8: so many bytes are too few; give the unit: 8 * millrace.GiB [build/invalid]
	//   spark.Job etl-orders-daily: Conf[spark.executor.memory]: the field Executor.Memory governs this setting, and overrides it without a word; set Executor.Memory instead [build/conflict]
	//   spark.Job etl-orders-daily: Conf[spark.kubernetes.executor.tolerations]: Spark has no such setting, and ignores it without a word; use Executor.Placement.Tolerations, or Placement.Tolerations for both roles [build/unknown]
	//   spark.Job etl-orders-daily: Class: is required; name the main class, such as "com.company.etl.ExtractOrders" [build/required]
	//   spark.Job etl-orders-daily: Executor.CoreLimit: the limit 2 is below the request 4, which the API server refuses; raise CoreLimit, or lower CoreRequest [build/conflict]
}

// The operator's own types come back, for programs that go on with them.
func ExampleJob_SparkApplication() {
	job := &spark.Job{
		Name:    "report",
		Image:   "company-registry/spark:4.1.2",
		Version: "4.1.2",
		Main:    "local:///opt/spark/jobs/report.py",
	}
	app, err := job.SparkApplication()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(app.Spec.Type, *app.Spec.Executor.Cores, *app.Spec.Executor.Memory, *app.Spec.Executor.Instances)
	fmt.Println(app.Spec.RestartPolicy.Type, *app.Spec.RestartPolicy.OnFailureRetries)
	// Output:
	// Python 2 4g 2
	// OnFailure 3
}

// A workflow's task runs a job without a name, whose text may refer to
// parameters.
func ExampleJob_Runnable() {
	job := &spark.Job{
		Image:   "company-registry/spark-etl:3.5.1",
		Version: "3.5.1",
		Main:    "local:///opt/spark/jobs/etl.jar",
		Class:   "com.company.etl.ExtractOrders",
		Args:    []string{"--date={{workflow.parameters.date}}"},
	}
	task, err := job.Runnable("data-platform")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(task.Succeeded)
	fmt.Println(task.Failed)
	fmt.Println("names of up to", task.NameBudget, "characters")
	// Output:
	// status.applicationState.state == COMPLETED
	// status.applicationState.state == FAILED
	// names of up to 56 characters
}
