// Command article writes every manifest of the article "Running Data
// Workloads on Kubernetes: Patterns and Pitfalls" from Go, in the form that
// today's operators accept and with its failure fixes built in: the Spark job
// as a spark-submit script and as a SparkApplication, the node pool's
// Terraform, the Kafka cluster, the topic, and the workflow.
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
)

func main() {
	dir := flag.String("o", "out/article", "directory for the manifests")
	check := flag.Bool("check", false, "write nothing, and fail when the directory is not as rendered")
	flag.Parse()
	if err := run(*dir, *check); err != nil {
		fmt.Fprintln(os.Stderr, "article:", err)
		os.Exit(1)
	}
}

func compose() (*millrace.Bundle, error) {
	pool := executorPool()
	return millrace.Build(slices.Concat(
		classes(),
		[]millrace.Builder{pool},
		sparkJobs(pool.Placement()),
		kafkaCluster(),
		dailyPipeline(pool.Placement()),
	)...)
}

// profile knows the accounts that the article takes for granted, and that its
// cluster has a listener without TLS, two that ask nobody who they are, and no
// authorization.
func profile() policy.Profile {
	return policy.Production().
		Existing(
			millrace.Ref{Kind: "ServiceAccount", Namespace: "data-platform", Name: "argo-workflow-sa"},
			millrace.Ref{Kind: "ServiceAccount", Namespace: "data-platform", Name: "spark-executor"},
		).
		Waive("kafka/plain-listener", "the article's consumers inside the cluster use it").
		Waive("kafka/cpu-limit", "the article's brokers have one").
		Waive("kafka/listener-auth", "the article's consumers inside the cluster have no credentials").
		Waive("kafka/authorization", "clients without credentials could do nothing").
		Waive("spark/node-waste", "the executors are as large as the article's")
}

func run(dir string, check bool) error {
	bundle, err := compose()
	if err != nil {
		return err
	}
	report := profile().Check(bundle)
	fmt.Print(report)
	if err := report.Err(); err != nil {
		return err
	}

	var opts []millrace.WriteOption
	if check {
		opts = append(opts, millrace.Check)
	}
	changes, err := millrace.WriteDir(dir, bundle, opts...)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d added, %d changed, %d removed\n", dir, len(changes.Added), len(changes.Changed), len(changes.Removed))
	return nil
}
