//go:build corpus

package kafka_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kube-openapi/pkg/validation/strfmt"
	"k8s.io/kube-openapi/pkg/validation/validate"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// corpus returns a path below the directory that MILLRACE_CORPUS names: it
// holds Strimzi's CRDs and its examples.
func corpus(t *testing.T, path string) string {
	t.Helper()
	dir := os.Getenv("MILLRACE_CORPUS")
	if dir == "" {
		t.Fatal("set MILLRACE_CORPUS to the directory with crds/strimzi-1.2.0 and corpus/strimzi-1.2.0")
	}
	return filepath.Join(dir, path)
}

// crd is what an API server has of a CRD, but for its CEL rules.
type crd struct {
	structural *structuralschema.Structural
	validator  *validate.SchemaValidator
}

// crds loads Strimzi's CRDs, by kind.
func crds(t *testing.T) map[string]crd {
	t.Helper()
	files, err := filepath.Glob(corpus(t, "crds/strimzi-1.2.0/*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no CRDs: %v", err)
	}
	out := map[string]crd{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var definition apiextensionsv1.CustomResourceDefinition
		if err := yaml.Unmarshal(data, &definition); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, version := range definition.Spec.Versions {
			if version.Name != strimziv1.GroupVersion.Version {
				continue
			}
			var props apiextensions.JSONSchemaProps
			if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(version.Schema.OpenAPIV3Schema, &props, nil); err != nil {
				t.Fatal(err)
			}
			structural, err := structuralschema.NewStructural(&props)
			if err != nil {
				t.Fatal(err)
			}
			out[definition.Spec.Names.Kind] = crd{structural, validate.NewSchemaValidator(structural.ToKubeOpenAPI(), nil, "", strfmt.Default)}
		}
	}
	return out
}

// faults returns what an API server would say of an object: fields that it
// doesn't know, and values that the schema refuses.
func (c crd) faults(object map[string]any) []string {
	var out []string
	for _, e := range c.validator.Validate(object).Errors {
		out = append(out, e.Error())
	}
	for _, path := range pruning.PruneWithOptions(object, c.structural, true, structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}) {
		out = append(out, "unknown field "+path)
	}
	return out
}

func asMap(t *testing.T, o any) map[string]any {
	t.Helper()
	data, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestCRDs holds everything that the golden tests make to the schemas of
// Strimzi 1.2.0, as an API server does.
func TestCRDs(t *testing.T) {
	schemas := crds(t)
	for name, b := range goldens() {
		t.Run(name, func(t *testing.T) {
			for i, doc := range strings.Split(string(render(t, b)), "---\n") {
				var object map[string]any
				if err := yaml.Unmarshal([]byte(doc), &object); err != nil {
					t.Fatal(err)
				}
				kind := object["kind"].(string)
				if _, ok := schemas[kind]; !ok {
					continue // Kubernetes' own, or KEDA's.
				}
				for _, fault := range schemas[kind].faults(object) {
					t.Errorf("document %d, %s: %s", i, kind, fault)
				}
			}
		})
	}
}

// TestCRDsFindFaults makes sure that the check of TestCRDs checks something.
func TestCRDsFindFaults(t *testing.T) {
	schemas := crds(t)
	topic := loadedTopic(func(topic *strimziv1.KafkaTopic) { topic.Spec.Partitions = new(int64(0)) })
	object := asMap(t, topic)
	object["spec"].(map[string]any)["retention"] = "7d"
	if faults := schemas["KafkaTopic"].faults(object); len(faults) != 2 {
		t.Errorf("faults: %q", faults)
	}
	pool := loadedPool("brokers", strimziv1.ProcessRoleBroker, func(pool *strimziv1.KafkaNodePool) { pool.Spec.Roles = []strimziv1.ProcessRole{"zookeeper"} })
	if faults := schemas["KafkaNodePool"].faults(asMap(t, pool)); len(faults) != 1 {
		t.Errorf("faults: %q", faults)
	}
}

// examples returns the objects of Strimzi's own examples that there are nouns
// for, by file.
func examples(t *testing.T) map[string][]millrace.Object {
	t.Helper()
	out := map[string][]millrace.Object{}
	root := corpus(t, "corpus/strimzi-1.2.0")
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		for doc := range strings.SplitSeq(string(data), "\n---") {
			var meta metav1.TypeMeta
			if err := yaml.Unmarshal([]byte(doc), &meta); err != nil {
				return err
			}
			var object millrace.Object
			switch meta.Kind {
			case "Kafka":
				object = new(strimziv1.Kafka)
			case "KafkaNodePool":
				object = new(strimziv1.KafkaNodePool)
			case "KafkaTopic":
				object = new(strimziv1.KafkaTopic)
			case "KafkaConnect":
				object = new(strimziv1.KafkaConnect)
			case "KafkaConnector":
				object = new(strimziv1.KafkaConnector)
			case "KafkaMirrorMaker2":
				object = new(strimziv1.KafkaMirrorMaker2)
			case "KafkaRebalance":
				object = new(strimziv1.KafkaRebalance)
			case "KafkaUser":
				object = new(strimziv1.KafkaUser)
			case "KafkaBridge":
				object = new(strimziv1.KafkaBridge)
			default:
				continue
			}
			if err := yaml.UnmarshalStrict([]byte(doc), object); err != nil {
				return err
			}
			out[rel] = append(out[rel], object)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestExamples builds Strimzi's own examples out of Base alone, and wants
// them back as they are, with defaults beside what they say.
func TestExamples(t *testing.T) {
	n := 0
	for file, objects := range examples(t) {
		for _, o := range objects {
			n++
			t.Run(file+"/"+o.GetName(), func(t *testing.T) {
				var got, want any
				switch o := o.(type) {
				case *strimziv1.KafkaConnect, *strimziv1.KafkaConnector, *strimziv1.KafkaMirrorMaker2, *strimziv1.KafkaBridge, *strimziv1.KafkaUser:
					got, want = rebuilt(t, o)
				case *strimziv1.KafkaTopic:
					topic, err := (&kafka.Topic{Name: o.Name, Cluster: o.Labels["strimzi.io/cluster"], Base: o.Spec}).KafkaTopic()
					if err != nil {
						t.Fatal(err)
					}
					got, want = topic.Spec, o.Spec
				case *strimziv1.KafkaNodePool:
					pool, err := (&kafka.BrokerPool{Name: o.Name, Cluster: o.Labels["strimzi.io/cluster"], Base: o.Spec}).KafkaNodePool()
					if err != nil {
						t.Fatal(err)
					}
					got, want = pool.Spec, o.Spec
				case *strimziv1.KafkaRebalance:
					r, err := (&kafka.Rebalance{Name: o.Name, Cluster: o.Labels["strimzi.io/cluster"],
						Template: o.Annotations["strimzi.io/rebalance-template"] == "true", Base: o.Spec}).KafkaRebalance()
					if err != nil {
						t.Fatal(err)
					}
					got, want = r, o
				case *strimziv1.Kafka:
					cluster := &kafka.Cluster{Name: o.Name, Base: o.Spec, CruiseControl: kafka.CruiseControl{Off: o.Spec.CruiseControl == nil}}
					for _, other := range objects {
						if pool, ok := other.(*strimziv1.KafkaNodePool); ok {
							cluster.Pools = append(cluster.Pools, kafka.BrokerPool{Name: pool.Name, Base: pool.Spec})
						}
					}
					k, err := cluster.Kafka()
					if err != nil {
						t.Fatal(err)
					}
					got, want = k.Spec, o.Spec
				}
				if missing := lost(asMap(t, want), asMap(t, got), ""); missing != nil {
					t.Errorf("lost or changed: %q", missing)
				}
			})
		}
	}
	if n < 20 {
		t.Errorf("the corpus has %d objects", n)
	}
}

// rebuilt builds one of the clients of a cluster out of Base alone.
func rebuilt(t *testing.T, o millrace.Object) (got, want any) {
	t.Helper()
	var err error
	switch o := o.(type) {
	case *strimziv1.KafkaConnect:
		var made *strimziv1.KafkaConnect
		if made, err = (&kafka.Connect{Name: o.Name, Base: o.Spec}).KafkaConnect(); err == nil {
			got, want = made.Spec, o.Spec
		}
	case *strimziv1.KafkaConnector:
		var made *strimziv1.KafkaConnector
		if made, err = (&kafka.Connector{Name: o.Name, Cluster: o.Labels["strimzi.io/cluster"], Base: o.Spec}).KafkaConnector(); err == nil {
			got, want = made.Spec, o.Spec
		}
	case *strimziv1.KafkaMirrorMaker2:
		var made *strimziv1.KafkaMirrorMaker2
		if made, err = (&kafka.MirrorMaker{Name: o.Name, Base: o.Spec}).KafkaMirrorMaker2(); err == nil {
			got, want = made.Spec, o.Spec
		}
	case *strimziv1.KafkaBridge:
		var made *strimziv1.KafkaBridge
		if made, err = (&kafka.Bridge{Name: o.Name, Base: o.Spec}).KafkaBridge(); err == nil {
			got, want = made.Spec, o.Spec
		}
	case *strimziv1.KafkaUser:
		var made *strimziv1.KafkaUser
		user := &kafka.User{Name: o.Name, Cluster: o.Labels["strimzi.io/cluster"], Base: o.Spec}
		if made, err = user.KafkaUser(); err == nil {
			got, want = made.Spec, o.Spec
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return got, want
}

// lost returns the paths that are in want and not, or otherwise, in got.
func lost(want, got any, path string) []string {
	w, ok := want.(map[string]any)
	if !ok {
		if cmp.Equal(want, got) {
			return nil
		}
		return []string{path}
	}
	g, _ := got.(map[string]any)
	var out []string
	for key, value := range w {
		out = append(out, lost(value, g[key], path+"."+key)...)
	}
	slices.Sort(out)
	return out
}

// TestExamplesAndRules prints nothing but holds the number of findings in
// Strimzi's own examples, which are for trying it out.
func TestExamplesAndRules(t *testing.T) {
	found := map[string]int{}
	for _, objects := range examples(t) {
		for _, finding := range check(t, build(t, millrace.Parts{Objects: distinct(objects)})) {
			id, _, _ := strings.Cut(finding, " ")
			found[id]++
		}
	}
	data, err := yaml.Marshal(found)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "corpus-findings.yaml", data)
}

// distinct drops objects of the same kind and name, which some examples have.
func distinct(objects []millrace.Object) []millrace.Object {
	seen := map[millrace.Ref]bool{}
	return slices.DeleteFunc(slices.Clone(objects), func(o millrace.Object) bool {
		ref := millrace.RefOf(o)
		defer func() { seen[ref] = true }()
		return seen[ref]
	})
}
