package millrace_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/millrace/millrace"

// mayImport is the plan of the house: which of millrace's own packages each
// one may import. Arrows run one way, and siblings never see each other.
var mayImport = map[string][]string{
	".":                 {"internal/manifest", "internal/yaml"},
	"internal/manifest": {},
	"internal/yaml":     {},
	"internal/overlay":  {},
	"internal/closest":  {},
	"internal/cron":     {},
	// Passwords and keys that are written out.
	"internal/secrettext": {},
	"internal/status":     {},
	"internal/crdgen":     {},
	// Spark's settings.
	"internal/sparkconf": {"internal/closest"},
	// Kafka's settings.
	"internal/kafkaconf": {"internal/closest"},
	// The schemas of the CRDs, and the form in which they are embedded.
	"internal/schema":      {"internal/closest", "internal/schema/wire"},
	"internal/schema/wire": {},
	// Node pools at random; tests only.
	"internal/pooltest": {".", "nodepool"},
	// What Terraform's providers take; tests only.
	"internal/tfschema": {},
	// The jars that tests compare with.
	"internal/maven": {},
	// What the oracles do to objects.
	"internal/oracle/mutation": {},
	// What Argo refuses in a workflow, or takes for something else.
	"internal/argo": {"internal/closest", "internal/cron", "internal/yaml", "internal/zone"},
	// What the clouds' machines have, and what nodes leave of it to pods.
	"internal/machine": {"."},
	// How pods fit on nodes.
	"internal/nodefit": {"."},
	// What the roles of a bundle allow.
	"internal/rbac": {"."},
	// Which nodes are spot machines.
	"internal/spot": {"."},
	// What NetworkPolicies let through.
	"internal/netpolicy": {"."},
	// The names of time zones.
	"internal/zone": {"internal/closest"},
	// Kubernetes' own kinds.
	"internal/builtin": {"internal/cron", "internal/schema"},
	// The tables that its tests share with its oracle.
	"internal/builtin/builtintest": {},
	// What the generator's tests, and those of the generated packages, share.
	"internal/crdgen/crdgentest":        {"internal/crdgen"},
	"internal/crdgen/internal/widgetv1": {},
	"internal/walk":                     {},
	// What the tests of the nouns' pods share.
	"internal/podtest": {"."},
	// What holds the nouns' comments, examples and guides to their code.
	"internal/documented":     {},
	"kafka/kedav1alpha1":      {},
	"kafka/strimziv1":         {},
	"nodepool/karpenterv1":    {},
	"nodepool/cnrmv1beta1":    {},
	"nodepool/computeclassv1": {},
	"nodepool/karpenterawsv1": {},
	"spark/apachev1":          {},
	// Why a Spark application fails.
	"internal/diagnosis": {".", "internal/status"},
	"spark":              {".", "internal/closest", "internal/cron", "internal/diagnosis", "internal/netpolicy", "internal/overlay", "internal/rbac", "internal/secrettext", "internal/sparkconf", "internal/spot", "internal/yaml", "internal/zone", "spark/apachev1", "internal/nodefit"},
	"kafka":              {".", "internal/closest", "internal/kafkaconf", "internal/overlay", "internal/secrettext", "internal/walk", "internal/yaml", "kafka/kedav1alpha1", "kafka/strimziv1"},
	// Argo's own examples; tests only.
	"workflow/upstream": {},
	"workflow":          {".", "internal/argo", "internal/cron", "internal/overlay", "internal/rbac", "internal/walk", "internal/yaml"},
	"workflow/picture":  {".", "workflow"},
	"nodepool":          {".", "internal/cron", "internal/machine", "internal/overlay", "internal/spot", "internal/yaml", "nodepool/cnrmv1beta1", "nodepool/computeclassv1", "nodepool/karpenterawsv1", "nodepool/karpenterv1", "internal/nodefit"},
	"tenancy":           {"."},
	"policy":            {".", "internal/builtin", "internal/closest", "internal/netpolicy", "internal/schema", "internal/secrettext", "internal/yaml", "spark", "spark/apachev1", "kafka", "kafka/kedav1alpha1", "kafka/strimziv1", "workflow", "nodepool", "nodepool/computeclassv1", "nodepool/karpenterawsv1", "nodepool/karpenterv1", "tenancy", "internal/spot", "internal/nodefit"},
	"nodepool/image":    {"."},
	"cluster":           {".", "internal/status", "internal/yaml"},
	"millracetest":      {".", "cluster"},
}

// mustNotLink names what a package must not pull in, however indirectly. A
// program that only renders must not carry a Kubernetes client.
var mustNotLink = map[string][]string{
	".":                  {"k8s.io/client-go", "sigs.k8s.io/controller-runtime", "k8s.io/apiextensions-apiserver", "github.com/argoproj", "github.com/kubeflow", "sigs.k8s.io/yaml"},
	"internal/diagnosis": {"k8s.io/client-go", "sigs.k8s.io/controller-runtime", "github.com/argoproj", "github.com/kubeflow"},
	"spark":              {"k8s.io/client-go", "sigs.k8s.io/controller-runtime/pkg/client", "k8s.io/apiextensions-apiserver", "github.com/argoproj"},
	"kafka":              {"k8s.io/client-go", "sigs.k8s.io/controller-runtime", "k8s.io/apiextensions-apiserver", "github.com/argoproj", "github.com/kubeflow"},
	"nodepool":           {"k8s.io/client-go", "sigs.k8s.io/controller-runtime", "k8s.io/apiextensions-apiserver", "github.com/argoproj", "github.com/kubeflow", "sigs.k8s.io/karpenter", "github.com/google/go-containerregistry"},
	"tenancy":            {"k8s.io/client-go", "sigs.k8s.io/controller-runtime", "k8s.io/apiextensions-apiserver", "github.com/argoproj", "github.com/kubeflow"},
	"nodepool/image":     {"k8s.io/client-go", "sigs.k8s.io/controller-runtime", "k8s.io/apiextensions-apiserver", "github.com/hashicorp"},
	"workflow":           {"k8s.io/client-go", "sigs.k8s.io/controller-runtime", "k8s.io/apiextensions-apiserver", "github.com/kubeflow", "github.com/argoproj/argo-workflows/v3/workflow", "github.com/argoproj/argo-workflows/v3/util"},
	"workflow/picture":   {"k8s.io/client-go", "sigs.k8s.io/controller-runtime", "k8s.io/apiextensions-apiserver", "github.com/kubeflow", "github.com/argoproj/argo-workflows/v3/workflow", "github.com/argoproj/argo-workflows/v3/util"},
	"policy":             {"k8s.io/client-go", "sigs.k8s.io/controller-runtime/pkg/client"},
	"cluster":            {"github.com/argoproj", "github.com/kubeflow", "sigs.k8s.io/controller-runtime/pkg/manager"},
}

type goPackage struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

// argoTypes bring parts of client-go and of Argo's utilities along, which
// nobody who uses them can shake off.
const argoTypes = "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

func goList(t *testing.T, pattern string) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", pattern).Output()
	if err != nil {
		t.Fatalf("go list %s: %v", pattern, err)
	}
	var packages []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p goPackage
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
	return packages
}

// TestArrows holds the imports against the plan.
func TestArrows(t *testing.T) {
	unavoidable := goList(t, argoTypes)[0].Deps
	seen := map[string]bool{}
	for _, p := range goList(t, "./...") {
		name := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		if name == "" {
			name = "."
		}
		seen[name] = true
		if isProgram(name) {
			continue
		}
		allowed, ok := mayImport[name]
		if !ok {
			t.Errorf("package %s is not in the plan: add it to mayImport with what it may import", name)
		}
		for _, imp := range p.Imports {
			own, ok := strings.CutPrefix(imp, module)
			if !ok {
				continue
			}
			if own = strings.TrimPrefix(own, "/"); own == "" {
				own = "."
			}
			if !slices.Contains(allowed, own) {
				t.Errorf("%s imports %s, which the plan doesn't allow", name, own)
			}
		}
		for _, prefix := range mustNotLink[name] {
			for _, dep := range p.Deps {
				if slices.Contains(unavoidable, dep) && slices.Contains(p.Deps, argoTypes) {
					continue
				}
				if dep == prefix || strings.HasPrefix(dep, prefix+"/") {
					t.Errorf("%s links %s", name, dep)
					break
				}
			}
		}
	}
	for name := range mayImport {
		if !seen[name] {
			t.Errorf("the plan names %s, which is not there", name)
		}
	}
}

// isProgram tells commands, which may import whatever they show.
func isProgram(name string) bool {
	return strings.HasPrefix(name, "examples/") || strings.Contains(name, "/cmd/")
}
