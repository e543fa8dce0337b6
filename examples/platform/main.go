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
	report := profile().Check(bundle)
	fmt.Print(report)
	if err := report.Err(); err != nil {
		return err
	}
	if err := p.fit(); err != nil {
		return err
	}
	changes, err := millrace.WriteDir(dir, bundle)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d added, %d changed, %d removed\n", dir, len(changes.Added), len(changes.Changed), len(changes.Removed))
	return nil
}

// profile is what production asks for.
func profile() policy.Profile { return policy.Production() }

// fit prints how each pool's pods lie on its nodes.
func (p platform) fit() error {
	for _, one := range []struct {
		pool *nodepool.Pool
		pods []millrace.Pod
	}{{p.drivers, p.pods("driver")}, {p.executors, p.pods("executor", "orders")}, {p.spot, p.pods("executor", "clicks")}} {
		fit, err := one.pool.Fit(one.pods...)
		if err != nil {
			return err
		}
		fmt.Println(fit)
	}
	return nil
}
