package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/crdgen"
)

const (
	kedaModule  = "github.com/kedacore/keda/v2"
	kueueModule = "sigs.k8s.io/kueue"
	kueueCRDs   = "config/components/crd/bases/kueue.x-k8s.io"
)

// Where the definitions of the kinds that millrace makes come from: Go modules
// with the directory in them. Those of Strimzi and of Apache's Spark operator
// are in no module: MILLRACE_CORPUS holds them.
var (
	ArgoCRDs        = ModuleDir{argoModule + "@v3.7.14", "manifests/base/crds/full"}
	ArgoMinimalCRDs = ModuleDir{argoModule + "@v3.7.14", "manifests/base/crds/minimal"}
	SparkCRDs       = ModuleDir{"github.com/kubeflow/spark-operator/v2@v2.5.1", "config/crd/bases"}
	KarpenterCRDs   = ModuleDir{"sigs.k8s.io/karpenter@v1.14.1", "pkg/apis/crds"}
	AWSCRDs         = ModuleDir{"github.com/aws/karpenter-provider-aws@v1.14.1", "pkg/apis/crds"}
	// The others of KEDA's are large, and no builder makes them.
	ScaledObjectCRD          = ModuleDir{kedaModule + "@v2.21.0", "config/crd/bases/keda.sh_scaledobjects.yaml"}
	TriggerAuthenticationCRD = ModuleDir{kedaModule + "@v2.21.0", "config/crd/bases/keda.sh_triggerauthentications.yaml"}
	// Of the queues, what tenants and platforms have of them.
	KueueClusterQueueCRD   = ModuleDir{kueueModule + "@v0.19.2", kueueCRDs + "_clusterqueues.yaml"}
	KueueLocalQueueCRD     = ModuleDir{kueueModule + "@v0.19.2", kueueCRDs + "_localqueues.yaml"}
	KueueResourceFlavorCRD = ModuleDir{kueueModule + "@v0.19.2", kueueCRDs + "_resourceflavors.yaml"}
	VolcanoQueueCRD        = ModuleDir{"volcano.sh/volcano@v1.15.0", "config/crd/volcano/bases/scheduling.volcano.sh_queues.yaml"}
)

// ModuleDir is a directory in a Go module.
type ModuleDir struct{ Module, Dir string }

// Path returns where it lies; the go command downloads it where it is missing.
func (m ModuleDir) Path(ctx context.Context) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", m.Module)
	cmd.Dir = os.TempDir() // outside of any module, so that no go.sum changes
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go mod download %s: %w: %s", m.Module, err, lastLines(string(out), 3))
	}
	var known struct{ Dir string }
	if err := json.Unmarshal(out, &known); err != nil {
		return "", err
	}
	return filepath.Join(known.Dir, m.Dir), nil
}

// Corpus returns the directory that holds upstream's CRDs and examples.
func Corpus() (string, error) {
	dir := os.Getenv("MILLRACE_CORPUS")
	if dir == "" {
		return "", errors.New("MILLRACE_CORPUS is not set: set it to the directory that holds crds/ and corpus/")
	}
	return dir, nil
}

// AllCRDs returns the directories with the definitions of every kind that
// millrace makes.
func AllCRDs(ctx context.Context) ([]string, error) {
	corpus, err := Corpus()
	if err != nil {
		return nil, err
	}
	dirs := []string{filepath.Join(corpus, "crds", "strimzi-1.2.0"), filepath.Join(corpus, "crds", "spark-apache-1.0")}
	for _, m := range []ModuleDir{ArgoCRDs, SparkCRDs, KarpenterCRDs, AWSCRDs, ScaledObjectCRD, TriggerAuthenticationCRD,
		KueueClusterQueueCRD, KueueLocalQueueCRD, KueueResourceFlavorCRD, VolcanoQueueCRD} {
		dir, err := m.Path(ctx)
		if err != nil {
			return nil, err
		}
		dirs = append(dirs, dir)
	}
	return dirs, nil
}

// WrapComputeClass writes the definition of GKE's ComputeClass into a directory.
// Only the schema is published; the definition around it is ours.
func WrapComputeClass(dir string) error {
	corpus, err := Corpus()
	if err != nil {
		return err
	}
	schema, err := os.ReadFile(filepath.Join(corpus, "crds", "gke", crdgen.ComputeClass.File))
	if err != nil {
		return err
	}
	crd, err := crdgen.Wrap(crdgen.ComputeClass, schema)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, crdgen.ComputeClass.CRD()), crd, 0o644)
}

var definitions = schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"}

// InstallCRDs creates the definitions in dirs and waits until they are served.
func InstallCRDs(ctx context.Context, config *rest.Config, dirs ...string) error {
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return err
	}
	began := time.Now()
	bundle, err := millrace.Load(dirs...)
	if err != nil {
		return err
	}
	var names []string
	for _, o := range bundle.Objects() {
		crd, ok := o.(*unstructured.Unstructured)
		if !ok || crd.GetKind() != "CustomResourceDefinition" {
			continue
		}
		names = append(names, crd.GetName())
		_, err := client.Resource(definitions).Create(ctx, crd, metav1.CreateOptions{})
		if err != nil && !apierrors.IsAlreadyExists(err) {
			return err
		}
	}
	if len(names) == 0 {
		return fmt.Errorf("no CRDs in %s", strings.Join(dirs, ", "))
	}
	for _, name := range names {
		err := until(ctx, name, func(ctx context.Context) error {
			crd, err := client.Resource(definitions).Get(ctx, name, metav1.GetOptions{})
			if err != nil {
				return err
			}
			conditions, _, err := unstructured.NestedSlice(crd.Object, "status", "conditions")
			for _, c := range conditions {
				if m, ok := c.(map[string]any); ok && m["type"] == "Established" && m["status"] == "True" {
					return nil
				}
			}
			return errors.Join(err, errors.New("not established"))
		})
		if err != nil {
			return err
		}
	}
	took("start", fmt.Sprintf("%d CRDs", len(names)), began)
	return nil
}
