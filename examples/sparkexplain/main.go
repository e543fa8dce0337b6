// Command sparkexplain prints what the article's job comes to: its pods and
// their memory, the nodes that they take, what remains unused, and why
// millrace filled in what the job doesn't say.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/spark"
)

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "sparkexplain:", err)
		os.Exit(1)
	}
}

func run(out io.Writer) error {
	pool := executorPool()
	bundle, err := millrace.Build(pool)
	if err != nil {
		return err
	}
	explanation, err := ordersDaily(pool.Placement()).Explain(bundle.Nodes()...)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(out, explanation)
	return err
}

const highPriority = "high-priority"

// executorPool and ordersDaily are those of examples/article.
func executorPool() *nodepool.Pool {
	return &nodepool.Pool{
		Name:     "spark-executor-pool",
		Workload: "spark-executor",
		Machine:  "n2-highmem-16",
		Max:      50,
		Disk:     nodepool.Disk{Size: 200 * millrace.GiB, Type: "pd-ssd"},
		Labels:   map[string]string{"team": "data-platform"},
		Provider: nodepool.GKE{Cluster: "google_container_cluster.main", Location: "var.region"},
	}
}

func ordersDaily(placement millrace.Placement) *spark.Job {
	return &spark.Job{
		Name:      "etl-orders-daily",
		Namespace: "data-platform",
		Image:     "company-registry/spark:3.5.1-python3.11",
		Version:   "3.5.1",
		Main:      "local:///opt/spark/work-dir/jobs/orders_daily.py",
		Driver: spark.Driver{
			Cores:          2,
			CoreRequest:    "2",
			Memory:         4 * millrace.GiB,
			ServiceAccount: "spark-executor",
			PriorityClass:  highPriority,
		},
		Executor: spark.Executor{
			Cores:       4,
			CoreRequest: "3",
			Memory:      8 * millrace.GiB,
			Instances:   10,
		},
		Placement: placement,
		Observe:   spark.Observe{EventLog: spark.EventLog{Dir: "s3a://data-platform-logs/spark-events/"}},
	}
}
