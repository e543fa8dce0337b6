package spark_test

import (
	"fmt"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// A job that runs every night. What isn't said is written out all the same: the
// zone, the policy without which there would be one run and no other, and how
// many finished runs are kept.
func ExampleScheduledJob() {
	app, err := (&spark.ScheduledJob{
		Name:      "sessions-nightly",
		Namespace: "data-platform",
		Schedule:  "30 3 * * *",
		Job: &spark.Job{
			Image:    "company-registry/spark:3.5.1-python3.11",
			Version:  "3.5.1",
			Main:     "local:///opt/spark/work-dir/jobs/sessions.py",
			Driver:   spark.Driver{ServiceAccount: "spark"},
			Executor: spark.Executor{Cores: 4, Memory: 8 * millrace.GiB, Instances: 10},
		},
	}).ScheduledSparkApplication()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(app.Spec.Schedule, app.Spec.TimeZone, app.Spec.ConcurrencyPolicy)
	fmt.Println("kept:", *app.Spec.SuccessfulRunHistoryLimit, *app.Spec.FailedRunHistoryLimit)
	fmt.Println("executors:", *app.Spec.Template.Executor.Instances, *app.Spec.Template.Executor.Memory)
	// Output:
	// 30 3 * * * UTC Forbid
	// kept: 3 7
	// executors: 10 8g
}

// Every mistake at once, those of the job among them.
func ExampleScheduledJob_mistakes() {
	_, err := millrace.Build(&spark.ScheduledJob{
		Name:     "sessions-nightly-with-a-name-that-leaves-no-room",
		Schedule: "0 3 30 2 *",
		Job: &spark.Job{
			Image: "company-registry/spark:3.5.1", Version: "3.5.1", Main: "local:///opt/jobs/sessions.py",
			Lifecycle: spark.Lifecycle{Restart: spark.Always},
		},
	})
	fmt.Println(err)
	// Output:
	// build: 3 mistakes:
	//   spark.ScheduledJob sessions-nightly-with-a-name-that-leaves-no-room: Name: "sessions-nightly-with-a-name-that-leaves-no-room": 48 characters, and the names of its runs add 20 of at most 63; use at most 43 characters [build/invalid]
	//   spark.ScheduledJob sessions-nightly-with-a-name-that-leaves-no-room: Schedule: "0 3 30 2 *": it never comes to pass, as none of its months has the day; name a day that its months have [build/invalid]
	//   spark.ScheduledJob sessions-nightly-with-a-name-that-leaves-no-room: Job.Lifecycle.Restart: a job that always restarts never ends, and no other run would ever start; use OnFailure or Never, or ReplaceConcurrent [build/conflict]
}

// A schedule that was written by hand, to be changed by a program.
func ExampleFromSchedule() {
	bundle, err := millrace.LoadReader("nightly.yaml", strings.NewReader(`
apiVersion: sparkoperator.k8s.io/v1beta2
kind: ScheduledSparkApplication
metadata: {name: nightly}
spec:
  schedule: "@every 6h"
  concurrencyPolicy: Allow
  template:
    type: Python
    sparkVersion: 3.5.1
    image: company-registry/spark:3.5.1
    mainApplicationFile: local:///opt/jobs/nightly.py
    driver: {cores: 1, memory: 512m}
    executor: {instances: 2, memory: 4g}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	schedule, err := spark.FromSchedule(bundle.Objects()[0])
	if err != nil {
		fmt.Println(err)
		return
	}
	schedule.Concurrency = spark.ForbidConcurrent
	schedule.Job.Executor.Memory = 8 * millrace.GiB
	app, err := schedule.ScheduledSparkApplication()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(app.Spec.Schedule, app.Spec.ConcurrencyPolicy, *app.Spec.Template.Executor.Memory)
	// Output: @every 6h Forbid 8g
}
