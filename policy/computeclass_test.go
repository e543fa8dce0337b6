package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/policy"
)

// aClass is a ComputeClass and a Deployment whose pods select a class.
const aClass = `
apiVersion: cloud.google.com/v1
kind: ComputeClass
metadata: {name: spark}
spec:
  whenUnsatisfiable: DoNotScaleUp
  nodePoolAutoCreation: {enabled: true}
  priorities:
  - %s
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: worker, namespace: data}
spec:
  selector: {matchLabels: {app: worker}}
  template:
    metadata: {labels: {app: worker}}
    spec:
      nodeSelector: {cloud.google.com/compute-class: %s}
      containers: [{name: worker, image: registry/worker:1.0}]
`

// Loaded classes are held to their schema and its CEL rules, and pods find
// them by their label alone, as GKE adds the toleration.
func TestLoadedComputeClass(t *testing.T) {
	for name, tc := range map[string]struct {
		priority, selected string
		want               []string
	}{
		"its pods":                   {"{machineType: n2-highmem-16}", "spark", nil},
		"its pods, on spot machines": {"{machineType: n2-highmem-16, spot: true}", "spark", nil},
		"GKE's own class":            {"{machineType: n2-highmem-16}", "Scale-Out", nil},
		"another class":              {"{machineType: n2-highmem-16}", "spork", []string{"placement/no-pool spec.template.spec.nodeSelector[cloud.google.com/compute-class]"}},
		"a CEL rule":                 {"{machineType: n2-highmem-16, minCores: 8}", "spark", []string{"computeclass/type-size spec.priorities[0]"}},
		"the schema":                 {"{machinetype: n2-highmem-16}", "spark", []string{"schema/bounds spec.priorities[0]", "schema/unknown-field spec.priorities[0].machinetype"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range policy.Production().Check(fromYAML(t, fmt.Sprintf(aClass, tc.priority, tc.selected))).Findings {
				if strings.HasPrefix(f.Rule, "placement/") || strings.HasPrefix(f.Rule, "computeclass/") || strings.HasPrefix(f.Rule, "schema/") {
					got = append(got, f.Rule+" "+f.Field)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// What pools of ComputeClasses make passes the schema, and their pods land on
// them and nowhere else.
func TestComputeClassOfPools(t *testing.T) {
	pool := func(name string, edit func(*nodepool.Pool, *nodepool.GKEComputeClass)) *nodepool.Pool {
		p, c := &nodepool.Pool{Name: name, Machine: "n2-highmem-16"}, nodepool.GKEComputeClass{}
		edit(p, &c)
		p.Provider = c
		return p
	}
	pools := []*nodepool.Pool{
		pool("minimal", func(*nodepool.Pool, *nodepool.GKEComputeClass) {}),
		pool("spot", func(p *nodepool.Pool, _ *nodepool.GKEComputeClass) { p.Capacity = nodepool.Spot }),
		pool("full", func(p *nodepool.Pool, c *nodepool.GKEComputeClass) {
			p.Capacity, p.Zones, p.ImageStreaming, p.Disk.LocalNVMe = nodepool.SpotFirst, []string{"europe-west1-b"}, true, true
			c.Families, c.MinCPUs, c.LocalSSDs, c.MaxPods, c.Migrate = []string{"n2d"}, 16, 4, 32, true
			c.NodePools, c.SecondaryBootDisks = []string{"reserved"}, []string{"projects/p/global/images/i"}
		}),
		{Name: "plain", Machine: "n2-highmem-16", Max: 3, Provider: nodepool.GKE{Cluster: "main", Location: "europe-west1"}},
	}
	var builders []millrace.Builder
	for _, p := range pools {
		d := placed(p.Placement())
		d.Name = "on-" + p.Name
		builders = append(builders, p, millrace.Parts{Objects: []millrace.Object{d}})
	}
	b := build(t, builders...)
	if found := placementFindings(b); len(found) > 0 {
		t.Errorf("findings:\n%s", strings.Join(found, "\n"))
	}
	for _, f := range policy.Production().Check(b).Findings {
		if f.Object.Kind == "ComputeClass" {
			t.Errorf("%s %s %s: %s", f.Object, f.Rule, f.Field, f.Detail)
		}
	}
	// Without its selector a pod may go to any node that the taint is for.
	loose := pools[0].Placement()
	loose.NodeSelector = nil
	d := placed(loose)
	found := placementFindings(build(t, pools[0], millrace.Parts{Objects: []millrace.Object{d}}))
	if len(found) != 1 || !strings.HasPrefix(found[0], "placement/leak") {
		t.Errorf("a leak: %v", found)
	}
}
