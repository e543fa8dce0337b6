package spark_test

import (
	"fmt"
	"log"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// An executor has a volume of its own, another user, and joins that copy no
// tables.
func ExampleExecutor() {
	job := &spark.Job{
		Name: "sessions", Image: "company-registry/spark:3.5.1", Version: "3.5.1", Main: "local:///opt/jobs/sessions.py",
		Executor: spark.Executor{
			Cores: 4, CoreRequest: "3800m", Memory: 20 * millrace.GiB, Instances: 8,
			Broadcast: spark.Broadcast{Measured: new(millrace.Bytes(0))},
			Volumes: []spark.Volume{{Name: "models", Path: "/models", ReadOnly: true, Source: corev1.VolumeSource{
				PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "models"}}}},
			Security: spark.Security{Pod: &corev1.PodSecurityContext{RunAsUser: new(int64(8737))}},
		},
	}
	app, err := job.SparkApplication()
	if err != nil {
		log.Fatal(err)
	}
	pod := app.Spec.Executor.Template.Spec
	fmt.Println(pod.Volumes[0].Name, "at", pod.Containers[0].VolumeMounts[0].MountPath)
	fmt.Println("user", *pod.SecurityContext.RunAsUser, "never root:", *pod.SecurityContext.RunAsNonRoot)
	fmt.Println(app.Spec.SparkConf["spark.sql.autoBroadcastJoinThreshold"], app.Spec.SparkConf["spark.sql.adaptive.autoBroadcastJoinThreshold"])
	// Output:
	// models at /models
	// user 8737 never root: true
	// -1 -1
}

// What remains of a run for the history server, and what the driver keeps of it
// in its heap.
func ExampleEventLog() {
	settings(&spark.Job{
		Name: "sessions", Image: "company-registry/spark:3.5.1", Version: "3.5.1", Main: "local:///opt/jobs/sessions.py",
		Stores: []spark.Store{spark.S3A{}},
		Observe: spark.Observe{
			EventLog: spark.EventLog{Dir: "s3a://data-platform-logs/spark-events/"},
			UI:       spark.UI{RetainedQueries: 100},
		},
		Tuning: spark.Tuning{Kryo: spark.Kryo{On: true, MaxBuffer: 128 * millrace.MiB}},
	}, "spark.eventLog", "spark.sql.ui", "spark.kryo", "spark.serializer")
	// Output:
	// spark.eventLog.compress = true
	// spark.eventLog.dir = s3a://data-platform-logs/spark-events/
	// spark.eventLog.enabled = true
	// spark.eventLog.rolling.enabled = true
	// spark.eventLog.rolling.maxFileSize = 128m
	// spark.kryoserializer.buffer.max = 128m
	// spark.serializer = org.apache.spark.serializer.KryoSerializer
	// spark.sql.ui.retainedExecutions = 100
}

// Apache's operator gives up on a driver that has no node after half an hour, and
// leaves the pods of a job that failed.
func ExampleTimeouts() {
	job := &spark.Job{
		Name: "sessions", Image: "company-registry/spark:4.1.2", Version: "4.1.2", Main: "local:///opt/jobs/sessions.py",
		Lifecycle: spark.Lifecycle{Restart: spark.Never},
		Target: spark.ApacheOperator{
			Timeouts: spark.Timeouts{DriverStart: new(30 * time.Minute)},
			Retain:   spark.RetainOnFailure, RetainFor: 6 * time.Hour,
		},
	}
	app, err := job.ApacheApplication()
	if err != nil {
		log.Fatal(err)
	}
	tolerations := app.Spec.ApplicationTolerations
	fmt.Println(*tolerations.ApplicationTimeoutConfig.DriverStartTimeoutMillis)
	fmt.Println(tolerations.ResourceRetainPolicy, *tolerations.ResourceRetainDurationMillis)
	// Output:
	// 1800000
	// OnFailure 21600000
}

// One job, and the kinds that its targets make of it.
func ExampleSparkOperator() {
	for _, target := range []spark.Target{spark.SparkOperator{}, spark.ApacheOperator{}, spark.Submit{Master: "k8s://https://k8s-api.internal:6443"}} {
		parts, err := (&spark.Job{
			Name: "sessions", Image: "company-registry/spark:4.1.2", Version: "4.1.2", Main: "local:///opt/jobs/sessions.py",
			Target: target,
		}).Build()
		if err != nil {
			log.Fatal(err)
		}
		for _, o := range parts.Objects {
			gvk := o.GetObjectKind().GroupVersionKind()
			fmt.Println(gvk.Kind, "of", gvk.GroupVersion())
		}
		for _, f := range parts.Files {
			fmt.Println(f.Path)
		}
	}
	// Output:
	// SparkApplication of sparkoperator.k8s.io/v1beta2
	// SparkApplication of spark.apache.org/v1
	// scripts/sessions.sh
	// scripts/sessions-driver.yaml
	// scripts/sessions-executor.yaml
}

// The pods of a cluster: a larger master, and disks for the workers.
func ExampleMaster() {
	cluster := &spark.Cluster{
		Name: "notebooks", Image: "company-registry/spark:4.1.2", Version: "4.1.2",
		Master: spark.Master{Memory: 2 * millrace.GiB, Pod: spark.ClusterPod{PriorityClass: "data-platform-high"}},
		Workers: spark.Workers{Min: 4, Memory: 16 * millrace.GiB, Pod: spark.ClusterPod{
			Volumes: []spark.Volume{{Name: "scratch", Path: "/scratch", Scratch: true, Source: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}},
		}},
	}
	made, err := cluster.SparkCluster()
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range spark.Pods(made) {
		c := p.Template.Spec.Containers[0]
		fmt.Println(p.Role, p.Template.Spec.PriorityClassName, c.Resources.Requests.Memory())
	}
	// Output:
	// master data-platform-high 2432Mi
	// worker  19046Mi
}
