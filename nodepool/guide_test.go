package nodepool_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/documented"
	"github.com/millrace/millrace/nodepool"
)

func guide(t *testing.T) string { return documented.Guide(t, "nodepools.md") }

// TestGuideNamesWhatThereIs holds the guide's own names to the package.
func TestGuideNamesWhatThereIs(t *testing.T) {
	if found := documented.HoldNames(t, guide(t), nil); found < 110 {
		t.Errorf("only %d names found", found)
	}
	if found := documented.HoldRules(t, guide(t)); found < 25 {
		t.Errorf("only %d rules found", found)
	}
}

// columns are the providers in the guide's table of fields.
var columns = map[string]string{
	"`GKE`": "GKE", "Config Connector": "Config Connector", "`GKEComputeClass`": "ComputeClass", "`EKS`": "EKS",
	"eksctl": "eksctl", "`AKS`": "AKS", "`Karpenter`": "Karpenter", "`EC2NodeClass`": "EC2",
}

// TestGuideHasEveryField holds the table of what becomes of a pool's fields to
// what becomes of them.
func TestGuideHasEveryField(t *testing.T) {
	head, rows := documented.Rows(guide(t), "What becomes of each field")
	if len(head) != len(columns)+1 {
		t.Fatalf("the table has the columns %q", head)
	}
	var missing []string
	for _, leaf := range leaves(reflect.TypeFor[nodepool.Pool](), "") {
		if leaf != "Provider" && !slices.ContainsFunc(rows, func(row []string) bool { return inField(leaf, fieldOf(row[0])) }) {
			missing = append(missing, leaf)
		}
	}
	if len(missing) > 0 {
		t.Errorf("the table lacks %q", missing)
	}
	for _, row := range rows {
		if len(row) != len(head) {
			t.Errorf("%s: %d cells", row[0], len(row))
			continue
		}
		for i, cell := range row[1:] {
			provider, ok := columns[head[i+1]]
			if !ok {
				t.Fatalf("no provider %s", head[i+1])
			}
			t.Run(fieldOf(row[0])+"/"+provider, func(t *testing.T) { holdCell(t, fieldOf(row[0]), provider, cell) })
		}
	}
}

// fieldOf is the path in Pool of the field that a row is about.
func fieldOf(cell string) string { return strings.TrimPrefix(strings.Trim(cell, "`"), "Pool.") }

func inField(path, field string) bool { return path == field || strings.HasPrefix(path, field+".") }

// holdCell sets the field alone. A cell says "finding", "shape", "checked", or
// names what changes in what is rendered.
func holdCell(t *testing.T, field, provider, cell string) {
	with, do := sampleOf(field, provider)
	before, after := everyProvider[provider].minimal(), everyProvider[provider].minimal()
	if with != nil {
		with(before)
		with(after)
	}
	do(t, after)
	was, err := before.Build()
	if err != nil {
		t.Fatal(err)
	}
	is, err := after.Build()
	if err != nil {
		holdFinding(t, field, cell, err)
		return
	}
	changed := changes(t, was, is)
	if cell == "checked" {
		if len(changed) > 0 || !cmp.Equal(was.Nodes, is.Nodes) {
			t.Errorf("it changes %q, and the shape: %t", changed, !cmp.Equal(was.Nodes, is.Nodes))
		}
		return
	}
	if cell == "shape" {
		if len(changed) > 0 || cmp.Equal(was.Nodes, is.Nodes) {
			t.Errorf("it changes %q, and the shape: %t", changed, !cmp.Equal(was.Nodes, is.Nodes))
		}
		return
	}
	names := documented.InCode(cell)
	if len(names) == 0 {
		t.Errorf("the guide says %q, and it changes %q", cell, changed)
	}
	for _, name := range names {
		if !slices.ContainsFunc(changed, func(path string) bool { return strings.Contains("."+path+".", "."+name+".") }) {
			t.Errorf("the guide says %s, and it changes %q", name, changed)
		}
	}
}

func holdFinding(t *testing.T, field, cell string, err error) {
	t.Helper()
	if cell != "finding" {
		t.Errorf("the guide says %q, and it is refused: %v", cell, err)
	}
	for _, f := range findings(t, err) {
		if f.Rule == millrace.RuleUnsupported && (inField(f.Field, field) || inField(field, f.Field)) {
			return
		}
	}
	t.Errorf("no finding says that the provider can't: %v", err)
}

// own are values of a field where that of TestEveryFieldCounts isn't good on its
// own.
var own = map[string]any{
	"Machine/AKS": "Standard_E32ds_v5", "OtherMachines/eksctl": []string{"r7i.4xlarge"}, "Zones/AKS": []string{"westeurope-1"},
	"StartupTaints/eksctl": []corev1.Taint{{Key: "node.cilium.io/agent-not-ready", Effect: corev1.TaintEffectNoExecute}},
	"Limits.Memory":        millrace.TiB, "Disk.Size": 300 * millrace.GiB,
	"Disk.Type/eksctl": "gp2", "Disk.Type/EC2": "gp2",
	"Shape": nodepool.Shape{CPUs: 8, Memory: 32 * millrace.GiB},
}

// arms are machines with an Arm processor, and locals some with local disks.
var (
	arms = map[string]string{"GKE": "c4a-highmem-16", "Config Connector": "c4a-highmem-16", "ComputeClass": "c4a-highmem-16",
		"EKS": "r7g.4xlarge", "eksctl": "r7g.4xlarge", "AKS": "Standard_E16pds_v5", "Karpenter": "r7g.4xlarge", "EC2": "r7gd.4xlarge"}
	locals = map[string]string{"GKE": "c3-standard-22-lssd", "Config Connector": "c3-standard-22-lssd", "ComputeClass": "c3-standard-22-lssd",
		"EKS": "r6id.4xlarge", "eksctl": "r6id.4xlarge"}
)

// sampleOf returns what sets a field, and what must be so before.
func sampleOf(field, provider string) (with func(*nodepool.Pool), do func(*testing.T, *nodepool.Pool)) {
	switch machine := locals[provider]; {
	case field == "Arch":
		return nil, func(_ *testing.T, p *nodepool.Pool) { p.Arch, p.Machine = nodepool.ARM64, arms[provider] }
	case field == "Disk.LocalNVMe" && machine != "":
		with = func(p *nodepool.Pool) { p.Machine = machine }
	}
	return with, func(t *testing.T, p *nodepool.Pool) {
		t.Helper()
		at := reflect.ValueOf(p).Elem()
		for _, key := range []string{field + "/" + provider, field} {
			if value, ok := own[key]; ok {
				for name := range strings.SplitSeq(field, ".") {
					at = at.FieldByName(name)
				}
				at.Set(reflect.ValueOf(value))
				return
			}
		}
		set(t, at, sampleFor(provider, field), field)
	}
}

// TestGuideTellsSpot holds the guide's table of spot machines to the shapes of
// spot pools, and to the taints that these have more than others.
func TestGuideTellsSpot(t *testing.T) {
	_, rows := documented.Rows(guide(t), "Spot machines")
	seen := 0
	for _, row := range rows {
		name := columns[row[0]]
		steady, spot := everyProvider[name].minimal(), everyProvider[name].minimal()
		spot.Capacity = nodepool.Spot
		was, err := steady.Build()
		if err != nil {
			t.Fatal(err)
		}
		is, err := spot.Build()
		if err != nil {
			t.Fatal(err)
		}
		seen++
		more := slices.DeleteFunc(slices.Clone(is.Nodes[0].Taints), func(taint corev1.Taint) bool {
			return slices.ContainsFunc(was.Nodes[0].Taints, func(have corev1.Taint) bool { return have.MatchTaint(&taint) })
		})
		if !is.Nodes[0].Spot || is.Nodes[0].Notice.String() != row[1] {
			t.Errorf("%s: the guide says %s, and the notice is %s", name, row[1], is.Nodes[0].Notice)
		}
		if len(more) != 1 || "`"+more[0].Key+"`" != row[2] {
			t.Errorf("%s: the guide says %s, and the taints are %v", name, row[2], more)
		}
		if own := strings.Contains(string(render(t, spot)), strings.Trim(row[2], "`")); own != strings.Contains(row[3], "the pool") {
			t.Errorf("%s: the guide says that %s puts the taint there, and the pool does: %t", name, row[3], own)
		}
	}
	if seen < 5 {
		t.Errorf("only %d providers", seen)
	}
}
