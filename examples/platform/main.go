// Command platform renders what a data team is given: a namespace of its own
// that can't be misused, pools of nodes on one of four clouds' terms, and a job
// for each of the pools that lands there and nowhere else.
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/policy"
)

func main() {
	provider := flag.String("provider", "gke", "who makes the nodes: "+strings.Join(names(), ", "))
	dir := flag.String("o", "", "directory for the manifests (default out/platform/PROVIDER)")
	flag.Parse()
	if *dir == "" {
		*dir = "out/platform/" + *provider
	}
	if err := run(*provider, *dir); err != nil {
		fmt.Fprintln(os.Stderr, "platform:", err)
		os.Exit(1)
	}
}

func run(provider, dir string) error {
	at := slices.IndexFunc(clouds, func(c cloud) bool { return c.name == provider })
	if at < 0 {
		return fmt.Errorf("no provider %q: use %s", provider, strings.Join(names(), ", "))
	}
	p := compose(clouds[at])
	bundle, err := millrace.Build(p.builders()...)
	if err != nil {
		return err
	}
	report := policy.Production().Check(bundle)
	fmt.Print(report)
	if err := report.Err(); err != nil {
		return err
	}
	if err := p.fit(policy.Pods(bundle)); err != nil {
		return err
	}
	changes, err := millrace.WriteDir(dir, bundle)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d added, %d changed, %d removed\n", dir, len(changes.Added), len(changes.Changed), len(changes.Removed))
	return nil
}

// fit prints how the pods of each pool lie on its nodes.
func (p platform) fit(pods []millrace.Pod) error {
	for _, pool := range []*nodepool.Pool{p.drivers, p.executors, p.spot} {
		there := slices.DeleteFunc(slices.Clone(pods), func(pod millrace.Pod) bool {
			return pod.Template.Spec.NodeSelector[nodepool.WorkloadLabel] != pool.Name
		})
		fit, err := pool.Fit(there...)
		if err != nil {
			return err
		}
		fmt.Println(fit)
	}
	return nil
}
