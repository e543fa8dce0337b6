// Command quickstart composes a daily pipeline of three Spark jobs, its node
// pool and its topic, checks them, writes the manifests, submits them and
// watches until the workflow is done.
//
// Without -kubeconfig it submits to an in-process cluster whose operators are
// scripted; with it, to a real one that runs Argo Workflows, the Spark
// operator and Strimzi.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/cluster"
	"github.com/millrace/millrace/millracetest"
	"github.com/millrace/millrace/policy"
)

func main() {
	dir := flag.String("o", "out/quickstart", "directory for the manifests")
	kubeconfig := flag.String("kubeconfig", "", "kubeconfig file of a real cluster; empty means an in-process one")
	date := flag.String("date", "2026-11-23", "the day that the pipeline is for")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *dir, *kubeconfig, *date)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir, kubeconfig, date string) error {
	bundle, err := millrace.Build(compose(date)...)
	if err != nil {
		return err
	}

	fmt.Println("== check against production")
	report := policy.Production().Existing(accounts...).Check(bundle)
	fmt.Print(report)
	if err := report.Err(); err != nil {
		return err
	}

	fmt.Println("== manifests in", dir)
	changes, err := millrace.WriteDir(dir, bundle)
	if err != nil {
		return err
	}
	fmt.Printf("%d added, %d changed, %d removed\n", len(changes.Added), len(changes.Changed), len(changes.Removed))

	fmt.Println("== submit and wait")
	client, closeClient, err := connect(kubeconfig)
	if err != nil {
		return err
	}
	defer closeClient()
	ctx, cancel := context.WithTimeout(ctx, 2*time.Hour)
	defer cancel()
	submitted, err := client.Submit(ctx, bundle)
	if err != nil {
		return err
	}
	return submitted.Wait(ctx, cluster.Progress(os.Stdout))
}

// connect returns a client of the real cluster, or of an in-process one.
func connect(kubeconfig string) (*cluster.Client, func(), error) {
	if kubeconfig != "" {
		c, err := cluster.FromKubeconfig(kubeconfig, cluster.FieldOwner("quickstart"))
		return c, func() {}, err
	}
	c := millracetest.Start(millracetest.Pace(100 * time.Millisecond))
	return c.Client(), c.Close, nil
}
