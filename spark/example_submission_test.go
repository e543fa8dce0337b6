package spark_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// A Go service that starts spark-submit itself: it writes the two templates,
// and hands the argument list to os/exec.
func ExampleJob_Submission() {
	job := &spark.Job{
		Name:      "etl-orders-daily",
		Namespace: "data-platform",
		Image:     "company-registry/spark:3.5.1-python3.11",
		Version:   "3.5.1",
		Main:      "local:///opt/spark/work-dir/jobs/orders_daily.py",
		Args:      []string{"--since=it's monday"},
		Target:    spark.Submit{Master: "k8s://https://k8s-api.internal:6443", NoWait: true},
	}
	submission, err := job.Submission()
	if err != nil {
		fmt.Println(err)
		return
	}
	dir, err := os.MkdirTemp("", "spark-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	files := spark.TemplateFiles{Driver: filepath.Join(dir, "driver.yaml"), Executor: filepath.Join(dir, "executor.yaml")}
	for path, pod := range map[string]any{files.Driver: submission.Driver, files.Executor: submission.Executor} {
		data, err := yaml.Marshal(pod)
		if err != nil {
			fmt.Println(err)
			return
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			fmt.Println(err)
			return
		}
	}
	cmd := exec.Command("spark-submit", submission.Arguments(files)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")

	fmt.Println(strings.Join(cmd.Args[:7], " "))
	fmt.Println(submission.Conf["spark.kubernetes.submission.waitAppCompletion"])
	fmt.Printf("%q\n", cmd.Args[len(cmd.Args)-2:])
	// Output:
	// spark-submit --master k8s://https://k8s-api.internal:6443 --deploy-mode cluster --name etl-orders-daily
	// false
	// ["local:///opt/spark/work-dir/jobs/orders_daily.py" "--since=it's monday"]
}

// The driver runs in the pod that starts spark-submit, which a headless
// Service makes known to the executors. They go when that pod goes.
func ExampleJob_Submission_client() {
	job := &spark.Job{
		Name:      "explore",
		Namespace: "notebooks",
		Image:     "company-registry/spark:3.5.1-python3.11",
		Version:   "3.5.1",
		Main:      "local:///home/ada/explore.py",
		Driver:    spark.Driver{Memory: 8 * millrace.GiB},
		Target: spark.Submit{
			Master: "k8s://https://kubernetes.default.svc",
			Mode:   spark.ClientMode,
			Driver: spark.ClientDriver{Host: "jupyter-ada.notebooks.svc", Port: 7078, BlockManagerPort: 7079, Pod: "jupyter-ada"},
		},
	}
	submission, err := job.Submission()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(submission.Driver == nil, submission.Mode)
	for _, word := range submission.Arguments(spark.TemplateFiles{Executor: "/tmp/executor.yaml"}) {
		if strings.Contains(word, "river") {
			fmt.Println(word)
		}
	}

	// What only a driver's own pod could have is a mistake.
	job.Driver.ServiceAccount = "spark"
	_, err = job.Submission()
	fmt.Println(err)
	// Output:
	// true client
	// spark.driver.bindAddress=0.0.0.0
	// spark.driver.blockManager.port=7079
	// spark.driver.host=jupyter-ada.notebooks.svc
	// spark.driver.memory=8g
	// spark.driver.port=7078
	// spark.kubernetes.driver.connectionTimeout=60000
	// spark.kubernetes.driver.pod.name=jupyter-ada
	// spark.kubernetes.driver.requestTimeout=60000
	// build: spark.Job notebooks/explore: Driver.ServiceAccount: in client mode Spark makes no pod for the driver; leave it out: the driver has the rights of the pod that spark-submit runs in; the executors' account is Executor.ServiceAccount [build/unsupported]
}
