package nodepool_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"testing"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/millrace/millrace/internal/documented"
	"github.com/millrace/millrace/nodepool/cnrmv1beta1"
	"github.com/millrace/millrace/nodepool/computeclassv1"
	"github.com/millrace/millrace/nodepool/karpenterawsv1"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// argument is a name as Terraform spells them.
var argument = regexp.MustCompile(`\b[a-z]+(?:_[a-z]+)+\b`)

// TestEveryFieldIsDocumented holds the paths in the fields' comments to the
// types of the objects, and Terraform's arguments to the golden files: what a
// comment says that is rendered, some golden file has.
func TestEveryFieldIsDocumented(t *testing.T) {
	rendered := goldenArguments(t)
	documented.Comments{
		Types: []reflect.Type{reflect.TypeFor[karpenterv1.NodePool](), reflect.TypeFor[karpenterawsv1.EC2NodeClass](),
			reflect.TypeFor[computeclassv1.ComputeClass](), reflect.TypeFor[cnrmv1beta1.ContainerNodePool](), reflect.TypeFor[appsv1.DaemonSet]()},
		Words:   []string{"cpu", "memory", "nodes", "region"}, // of limits; eksctl's
		Results: []string{"Fit", "PodFit", "BetterRequest", "UnknownSizeError", "Disruptions", "DisruptionSpan", "Allowed"},
		Whole:   []string{"Base"},
		Setting: argument,
		// private_subnets is an output of a module.
		Known: func(name string) bool { return rendered[name] || name == "private_subnets" },
		Paths: 55, Settings: 100,
	}.Hold(t)
}

// goldenArguments are those of all golden files.
func goldenArguments(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("testdata/*.tf")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range argument.FindAllString(string(text), -1) {
			out[a] = true
		}
	}
	return out
}

func TestEveryNameHasAnExample(t *testing.T) {
	documented.EveryNameHasAnExample(t, "nodepool",
		// Words, whose constants stand where they are used.
		"Arch", "Cloud", "Consolidation", "Format", "LocationPolicy", "AKSOS",
		// What Fit and Disruptions return.
		"Fit", "PodFit", "BetterRequest", "DisruptionSpan", "Allowed")
}

func TestExamplesPrint(t *testing.T) { documented.ExamplesPrint(t) }

// TestFileMap holds the map of the files in doc.go to the files.
func TestFileMap(t *testing.T) { documented.FileMap(t) }
