package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/millrace/millrace/internal/schema"
	"github.com/millrace/millrace/internal/schema/wire"
)

// wanted are the kinds that millrace makes, "group/Kind".
var wanted = []string{
	"argoproj.io/ClusterWorkflowTemplate",
	"argoproj.io/CronWorkflow",
	"argoproj.io/Workflow",
	"argoproj.io/WorkflowTemplate",
	"cloud.google.com/ComputeClass",
	"core.strimzi.io/StrimziPodSet",
	"kafka.strimzi.io/Kafka",
	"kafka.strimzi.io/KafkaBridge",
	"kafka.strimzi.io/KafkaConnect",
	"kafka.strimzi.io/KafkaConnector",
	"kafka.strimzi.io/KafkaMirrorMaker2",
	"kafka.strimzi.io/KafkaNodePool",
	"kafka.strimzi.io/KafkaRebalance",
	"kafka.strimzi.io/KafkaTopic",
	"kafka.strimzi.io/KafkaUser",
	"karpenter.k8s.aws/EC2NodeClass",
	"karpenter.sh/NodePool",
	"keda.sh/ScaledObject",
	"keda.sh/TriggerAuthentication",
	"spark.apache.org/SparkApplication",
	"spark.apache.org/SparkCluster",
	"sparkoperator.k8s.io/ScheduledSparkApplication",
	"sparkoperator.k8s.io/SparkApplication",
	"sparkoperator.k8s.io/SparkConnect",
}

// run writes one file for each served version of each wanted kind. Where two
// directories of one release define a kind, the first one counts.
func run(out string, dirs []string) error {
	found := map[string]bool{}
	for _, dir := range dirs {
		release, rest, ok := strings.Cut(dir, "=")
		if !ok {
			release, rest = "", dir
		}
		kinds, err := load(rest, func(name string) bool { return slices.Contains(wanted, name) && !found[name+release] })
		if err != nil {
			return err
		}
		for _, k := range kinds {
			k.Release = release
			name := k.Group + "/" + k.Kind
			found[name+release] = true
			data, err := wire.Encode(k)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			if err := os.WriteFile(filepath.Join(out, schema.FileName(schema.GVK{Group: k.Group, Version: k.Version, Kind: k.Kind, Release: release})), data, 0o644); err != nil {
				return err
			}
		}
	}
	for _, name := range wanted {
		if !found[name] {
			return fmt.Errorf("no directory has the CRD of %s", name)
		}
	}
	return nil
}

// crd is what of a CustomResourceDefinition the engine reads.
type crd struct {
	Kind string `yaml:"kind"`
	Spec struct {
		Group string `yaml:"group"`
		Scope string `yaml:"scope"`
		Names struct {
			Kind string `yaml:"kind"`
		} `yaml:"names"`
		Versions []struct {
			Name         string         `yaml:"name"`
			Served       bool           `yaml:"served"`
			Subresources map[string]any `yaml:"subresources"`
			Schema       struct {
				OpenAPI map[string]any `yaml:"openAPIV3Schema"`
			} `yaml:"schema"`
		} `yaml:"versions"`
	} `yaml:"spec"`
}

// load reads the wanted CRDs of every YAML file in dir, in the order of the
// names.
func load(dir string, want func(name string) bool) ([]*wire.Kind, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	var kinds []*wire.Kind
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for dec := yaml.NewDecoder(bytes.NewReader(data)); ; {
			var c crd
			if err := dec.Decode(&c); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			if c.Kind != "CustomResourceDefinition" || !want(c.Spec.Group+"/"+c.Spec.Names.Kind) {
				continue
			}
			made, err := compile(&c)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			kinds = append(kinds, made...)
		}
	}
	return kinds, nil
}

func compile(c *crd) ([]*wire.Kind, error) {
	var kinds []*wire.Kind
	for _, v := range c.Spec.Versions {
		if !v.Served {
			continue
		}
		k := &wire.Kind{Group: c.Spec.Group, Version: v.Name, Kind: c.Spec.Names.Kind, Namespaced: c.Spec.Scope == "Namespaced"}
		_, k.Status = v.Subresources["status"]
		if scale, ok := v.Subresources["scale"].(map[string]any); ok {
			path, _ := scale["specReplicasPath"].(string)
			k.Replicas = strings.Split(strings.TrimPrefix(path, "."), ".")
		}
		t := table{kind: k, places: map[string]int{}}
		if _, err := t.add("", v.Schema.OpenAPI); err != nil {
			return nil, fmt.Errorf("%s %s: %w", k.Kind, k.Version, err)
		}
		kinds = append(kinds, k)
	}
	slices.SortFunc(kinds, func(a, b *wire.Kind) int { return cmp.Compare(a.Version, b.Version) })
	return kinds, nil
}

// table stores equal nodes once.
type table struct {
	kind   *wire.Kind
	places map[string]int
}

func (t *table) place(n *wire.Node) (int, error) {
	key, err := json.Marshal(n)
	if err != nil {
		return 0, err
	}
	if at, ok := t.places[string(key)]; ok {
		return at, nil
	}
	t.kind.Nodes = append(t.kind.Nodes, *n)
	t.places[string(key)] = len(t.kind.Nodes)
	return len(t.kind.Nodes), nil
}
