package main

import (
	"strings"
	"testing"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
)

// TestPlatforms: on each cloud nothing is left of what production asks for, each
// job is taken by its pools and by no other, and a file or an object makes each
// pool.
func TestPlatforms(t *testing.T) {
	for _, c := range clouds {
		p := compose(c)
		bundle, err := millrace.Build(p.builders()...)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if report := policy.Production().Check(bundle); len(report.Findings) > 0 {
			t.Errorf("%s:\n%s", c.name, report)
		}
		taken := map[string][]string{}
		for _, pod := range policy.Pods(bundle) {
			for _, nodes := range bundle.Nodes() {
				if nodes.Refuses(pod.Placement()).Empty() {
					who := pod.Owner.Name + " " + pod.Role
					taken[who] = append(taken[who], nodes.Pool)
				}
			}
		}
		for who, pool := range map[string]string{"orders driver": "spark-drivers", "orders executor": "spark-executors", "clicks driver": "spark-drivers", "clicks executor": "spark-spot"} {
			if got := strings.Join(taken[who], " "); got != pool {
				t.Errorf("%s: the %s is taken by %q, not by %s alone", c.name, who, got, pool)
			}
		}
		if err := run(c.name, t.TempDir()); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if err := run("openstack", t.TempDir()); err == nil || !strings.Contains(err.Error(), "use gke, karpenter, eks, aks") {
		t.Errorf("of an unknown provider: %v", err)
	}
}
