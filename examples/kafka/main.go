// Command kafka renders a production Kafka platform for a GitOps repository: a
// cluster with its node pools, topics, users, a Connect that captures a
// database's changes, and a consumer group that scales by its lag.
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
)

func main() {
	dir := flag.String("o", "out/kafka", "directory for the manifests")
	flag.Parse()
	if err := run(*dir); err != nil {
		fmt.Fprintln(os.Stderr, "kafka:", err)
		os.Exit(1)
	}
}

func compose() (*millrace.Bundle, error) {
	brokers, consumers := pools()
	class := disks()
	of := cluster(brokers.Placement(), class.Name)
	home := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}
	return millrace.Build(slices.Concat(
		[]millrace.Builder{millrace.Parts{Objects: []millrace.Object{home, class}}, brokers, consumers, of},
		streams(of, consumers.Placement()),
	)...)
}

// profile knows the secrets that somebody else makes.
func profile() policy.Profile {
	return policy.Production().Existing(
		millrace.Ref{Kind: "Secret", Namespace: namespace, Name: "shop-database"},
		millrace.Ref{Kind: "Secret", Namespace: namespace, Name: "registry"},
	)
}

func run(dir string) error {
	bundle, err := compose()
	if err != nil {
		return err
	}
	report := profile().Check(bundle)
	fmt.Print(report)
	if err := report.Err(); err != nil {
		return err
	}
	changes, err := millrace.WriteDir(dir, bundle)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d added, %d changed, %d removed\n", dir, len(changes.Added), len(changes.Changed), len(changes.Removed))
	return nil
}
