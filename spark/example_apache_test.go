package spark_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// The same job for Apache's operator: another target, and nothing else.
func ExampleApacheOperator() {
	bundle, err := millrace.Build(&spark.Job{
		Name:     "sessions",
		Image:    "company-registry/spark-etl:4.1.2",
		Version:  "4.1.2",
		Main:     "local:///opt/spark/jobs/sessions.py",
		Driver:   spark.Driver{ServiceAccount: "spark"},
		Executor: spark.Executor{DynamicAllocation: spark.DynamicAllocation{Min: 2, Max: 20}},
		Target:   spark.ApacheOperator{},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: spark.apache.org/v1
	// kind: SparkApplication
	// metadata:
	//   name: sessions
	// spec:
	//   runtimeVersions:
	//     sparkVersion: 4.1.2
	//   applicationTolerations:
	//     applicationTimeoutConfig:
	//       driverReadyTimeoutMillis: 300000
	//       driverStartTimeoutMillis: 900000
	//       executorStartTimeoutMillis: 900000
	//       forceTerminationGracePeriodMillis: 300000
	//       terminationRequeuePeriodMillis: 2000
	//     instanceConfig:
	//       initExecutors: 2
	//       maxExecutors: 20
	//       minExecutors: 2
	//     resourceRetainPolicy: Never
	//     restartConfig:
	//       maxRestartAttempts: 8
	//       maxRestartOnFailure: 3
	//       maxRestartOnSchedulingFailure: 5
	//       restartBackoffMillis: 30000
	//       restartBackoffMillisForSchedulingFailure: 20000
	//       restartPolicy: OnFailure
	//     ttlAfterStopMillis: 86400000
	//   driverSpec:
	//     podTemplateSpec:
	//       spec:
	//         containers:
	//         - name: spark-kubernetes-driver
	//           securityContext:
	//             capabilities:
	//               drop:
	//               - ALL
	//             allowPrivilegeEscalation: false
	//         securityContext:
	//           runAsUser: 185
	//           runAsNonRoot: true
	//           fsGroup: 185
	//           seccompProfile:
	//             type: RuntimeDefault
	//   executorSpec:
	//     podTemplateSpec:
	//       spec:
	//         containers:
	//         - name: spark-kubernetes-executor
	//           securityContext:
	//             capabilities:
	//               drop:
	//               - ALL
	//             allowPrivilegeEscalation: false
	//         terminationGracePeriodSeconds: 60
	//         securityContext:
	//           runAsUser: 185
	//           runAsNonRoot: true
	//           fsGroup: 185
	//           seccompProfile:
	//             type: RuntimeDefault
	//   pyFiles: local:///opt/spark/jobs/sessions.py
	//   sparkConf:
	//     spark.app.name: sessions
	//     spark.decommission.enabled: "true"
	//     spark.driver.cores: "1"
	//     spark.driver.memory: 2g
	//     spark.dynamicAllocation.enabled: "true"
	//     spark.dynamicAllocation.maxExecutors: "20"
	//     spark.dynamicAllocation.minExecutors: "2"
	//     spark.dynamicAllocation.shuffleTracking.enabled: "true"
	//     spark.executor.cores: "2"
	//     spark.executor.memory: 4g
	//     spark.kubernetes.allocation.batch.size: "20"
	//     spark.kubernetes.authenticate.driver.serviceAccountName: spark
	//     spark.kubernetes.container.image: company-registry/spark-etl:4.1.2
	//     spark.kubernetes.container.image.pullPolicy: IfNotPresent
	//     spark.kubernetes.driver.annotation.cluster-autoscaler.kubernetes.io/safe-to-evict: "false"
	//     spark.kubernetes.driver.annotation.karpenter.sh/do-not-disrupt: "true"
	//     spark.kubernetes.driver.connectionTimeout: "60000"
	//     spark.kubernetes.driver.podTemplateContainerName: spark-kubernetes-driver
	//     spark.kubernetes.driver.requestTimeout: "60000"
	//     spark.kubernetes.executor.annotation.cluster-autoscaler.kubernetes.io/safe-to-evict: "false"
	//     spark.kubernetes.executor.annotation.karpenter.sh/do-not-disrupt: "true"
	//     spark.kubernetes.executor.podTemplateContainerName: spark-kubernetes-executor
	//     spark.kubernetes.executor.terminationGracePeriodSeconds: 60s
	//     spark.scheduler.maxRetainedRemovedDecommissionExecutors: "20"
	//     spark.sql.adaptive.autoBroadcastJoinThreshold: 10m
	//     spark.sql.autoBroadcastJoinThreshold: "-1"
	//     spark.stage.ignoreDecommissionFetchFailure: "true"
	//     spark.storage.decommission.enabled: "true"
	//     spark.storage.decommission.rddBlocks.enabled: "true"
	//     spark.storage.decommission.shuffleBlocks.enabled: "true"
}

// A cluster for notebooks that grows with the CPU that its workers use.
func ExampleCluster() {
	bundle, err := millrace.Build(&spark.Cluster{
		Name:      "notebooks",
		Namespace: "data-platform",
		Image:     "company-registry/spark:4.1.2",
		Version:   "4.1.2",
		Workers:   spark.Workers{Min: 2, Max: 10, TargetCPU: 60, Cores: 4, Memory: 16 * millrace.GiB},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: spark.apache.org/v1
	// kind: SparkCluster
	// metadata:
	//   name: notebooks
	//   namespace: data-platform
	// spec:
	//   clusterTolerations:
	//     instanceConfig:
	//       initWorkers: 2
	//       maxWorkers: 10
	//       minWorkers: 2
	//   runtimeVersions:
	//     sparkVersion: 4.1.2
	//   masterSpec:
	//     statefulSetSpec:
	//       selector:
	//         matchLabels:
	//           spark-role: master
	//           spark.operator/spark-cluster-name: notebooks
	//       template:
	//         metadata:
	//           labels:
	//             spark-role: master
	//             spark.operator/spark-cluster-name: notebooks
	//           annotations:
	//             cluster-autoscaler.kubernetes.io/safe-to-evict: "false"
	//             karpenter.sh/do-not-disrupt: "true"
	//         spec:
	//           containers:
	//           - name: master
	//             env:
	//             - name: SPARK_DAEMON_MEMORY
	//               value: 1g
	//             resources:
	//               limits:
	//                 memory: 1408Mi
	//               requests:
	//                 cpu: "1"
	//                 memory: 1408Mi
	//             imagePullPolicy: IfNotPresent
	//             securityContext:
	//               capabilities:
	//                 drop:
	//                 - ALL
	//               allowPrivilegeEscalation: false
	//           securityContext:
	//             runAsUser: 185
	//             runAsNonRoot: true
	//             fsGroup: 185
	//             seccompProfile:
	//               type: RuntimeDefault
	//       serviceName: notebooks-master-svc
	//   sparkConf:
	//     spark.kubernetes.container.image: company-registry/spark:4.1.2
	//     spark.shuffle.service.enabled: "true"
	//     spark.worker.cleanup.enabled: "true"
	//   workerSpec:
	//     horizontalPodAutoscalerSpec:
	//       scaleTargetRef:
	//         kind: StatefulSet
	//         name: notebooks-worker
	//         apiVersion: apps/v1
	//       minReplicas: 2
	//       maxReplicas: 10
	//       metrics:
	//       - type: ContainerResource
	//         containerResource:
	//           name: cpu
	//           target:
	//             type: Utilization
	//             averageUtilization: 60
	//           container: worker
	//       behavior:
	//         scaleUp:
	//           policies:
	//           - type: Pods
	//             value: 1
	//             periodSeconds: 60
	//         scaleDown:
	//           policies:
	//           - type: Pods
	//             value: 1
	//             periodSeconds: 600
	//     statefulSetSpec:
	//       selector:
	//         matchLabels:
	//           spark-role: worker
	//           spark.operator/spark-cluster-name: notebooks
	//       template:
	//         metadata:
	//           labels:
	//             spark-role: worker
	//             spark.operator/spark-cluster-name: notebooks
	//           annotations:
	//             cluster-autoscaler.kubernetes.io/safe-to-evict: "false"
	//             karpenter.sh/do-not-disrupt: "true"
	//         spec:
	//           containers:
	//           - name: worker
	//             env:
	//             - name: SPARK_WORKER_CORES
	//               value: "4"
	//             - name: SPARK_WORKER_MEMORY
	//               value: 16g
	//             resources:
	//               limits:
	//                 memory: 19046Mi
	//               requests:
	//                 cpu: "4"
	//                 memory: 19046Mi
	//             imagePullPolicy: IfNotPresent
	//             securityContext:
	//               capabilities:
	//                 drop:
	//                 - ALL
	//               allowPrivilegeEscalation: false
	//           securityContext:
	//             runAsUser: 185
	//             runAsNonRoot: true
	//             fsGroup: 185
	//             seccompProfile:
	//               type: RuntimeDefault
	//       serviceName: notebooks-worker-svc
}
