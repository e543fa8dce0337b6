package kafka_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/schema"
	"github.com/millrace/millrace/internal/schema/wire"
	"github.com/millrace/millrace/kafka"
)

// oldSchema reads what v1beta2 took of a kind.
func oldSchema(t *testing.T, kind string) *wire.Kind {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "v1beta2", "kafka.strimzi.io_v1beta2_"+kind+".json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	k, err := wire.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// inventor makes random values of a schema.
type inventor struct {
	*rand.Rand
	nodes []wire.Node
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// object makes a mapping; the deeper, the fewer of its optional fields it has.
func (i inventor) object(n wire.Node, path string, depth int) map[string]any {
	out := map[string]any{}
	var names []string
	for name := range n.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	one := ""
	if len(n.OneOf) > 0 {
		one = pick(i.Rand, n.OneOf...)
	}
	for _, name := range names {
		switch {
		case slices.Contains(n.OneOf, name) && name != one:
			continue
		case slices.Contains(n.Required, name) || name == one:
		case name == "name" || name == "key": // Kubernetes' own types write them even when empty
		case i.IntN(10) >= 8-depth:
			continue
		}
		out[name] = i.value(i.nodes[n.Properties[name]-1], path+"."+name, depth+1)
	}
	if len(out) == 0 && len(names) > 0 && len(n.OneOf) == 0 {
		name := pick(i.Rand, names...)
		out[name] = i.value(i.nodes[n.Properties[name]-1], path+"."+name, depth+1)
	}
	return out
}

func (i inventor) value(n wire.Node, path string, depth int) any {
	switch {
	case n.IntOrString:
		return pick[any](i.Rand, int64(1), "2")
	case n.Preserve || n.Type == "":
		return map[string]any{"some.key": "x", "a.number": int64(i.IntN(100)), "on": i.IntN(2) == 0}
	}
	switch n.Type {
	case "object":
		if n.Additional > 0 {
			return map[string]any{"a/b.c": i.value(i.nodes[n.Additional-1], path+"{}", depth+1)}
		}
		return i.object(n, path, depth)
	case "array":
		var list []any
		for range 1 + i.IntN(2) {
			list = append(list, i.value(i.nodes[n.Items-1], path+"[]", depth+1))
		}
		return list
	case "boolean":
		return i.IntN(2) == 0
	case "number":
		return 0.5
	case "integer":
		least := 0.0
		if n.Minimum != nil {
			least = *n.Minimum
		}
		return int64(least) + int64(i.IntN(5))
	}
	return i.text(n, path)
}

// text makes a string. Those that mean something are few, so that they meet.
func (i inventor) text(n wire.Node, path string) string {
	name := path[strings.LastIndexByte(path, '.')+1:]
	switch {
	case len(n.Enum) > 0:
		return pick(i.Rand, n.Enum...)
	case name == "version":
		return pick(i.Rand, "3.7.0", "4.1.0", "latest")
	case name == "alias" || strings.HasSuffix(name, "Cluster"):
		return pick(i.Rand, "a", "b")
	case name == "medium":
		return "Memory"
	case name == "url":
		return "https://example.com/plugin.jar"
	case name == "amount":
		return "5"
	case name == "format":
		return "Gi"
	case strings.Contains(n.Pattern, "[eEinumkKMGTP]"), strings.Contains(n.Pattern, "[KMGTPE]"):
		return "5Gi"
	case strings.Contains(n.Pattern, "|[m]?"):
		return "500m"
	case strings.Contains(n.Pattern, "mMgG"):
		return "512m"
	case strings.Contains(n.Pattern, "B/s"):
		return "10MiB/s"
	case strings.Contains(n.Pattern, "a-z0-9"):
		return "name" + fmt.Sprint(i.IntN(9))
	case n.Format == "date-time":
		return "2024-01-01T00:00:00Z"
	}
	return fmt.Sprintf("text%d", i.IntN(100))
}

// invent makes a random object as v1beta2 took it.
func invent(k *wire.Kind, seed uint64) *unstructured.Unstructured {
	i := inventor{rand.New(rand.NewPCG(seed, 7)), k.Nodes}
	root := k.Nodes[len(k.Nodes)-1]
	tree := i.object(root, "", 0)
	tree["apiVersion"], tree["kind"] = "kafka.strimzi.io/v1beta2", k.Kind
	tree["metadata"] = map[string]any{"name": "old", "namespace": "kafka", "labels": map[string]any{"strimzi.io/cluster": "events"}}
	if _, ok := root.Properties["spec"]; ok && tree["spec"] == nil {
		tree["spec"] = i.value(i.nodes[root.Properties["spec"]-1], ".spec", 1)
	}
	spec, _ := tree["spec"].(map[string]any)
	believable(k.Kind, spec, i)
	return &unstructured.Unstructured{Object: tree}
}

// believable gives an object what the operator asked for beside the schema.
func believable(kind string, spec map[string]any, i inventor) {
	switch kind {
	case "Kafka":
		if zookeeper, ok := spec["zookeeper"].(map[string]any); ok {
			kafka, _ := spec["kafka"].(map[string]any)
			disk := map[string]any{"type": "persistent-claim", "size": "5Gi"}
			for _, of := range []map[string]any{zookeeper, kafka} {
				of["replicas"] = int64(3)
				if of["storage"] == nil {
					of["storage"] = disk
				}
			}
		}
	case "KafkaMirrorMaker2":
		spec["connectCluster"] = "a"
		spec["clusters"] = []any{map[string]any{"alias": "a", "bootstrapServers": "a:9092", "config": map[string]any{"group.id": "g", "retries": int64(3)}},
			map[string]any{"alias": "b", "bootstrapServers": "b:9092"}}
		mirrors, ok := spec["mirrors"].([]any)
		if !ok {
			mirrors = []any{map[string]any{}}
			spec["mirrors"] = mirrors
		}
		for _, m := range mirrors {
			mirror, _ := m.(map[string]any)
			delete(mirror, "source")
			mirror["sourceCluster"], mirror["targetCluster"] = "b", "a"
		}
		delete(spec, "target")
	}
}

// leavesAt returns the scalars and the empty mappings and lists of a tree.
func leavesAt(v any, path string, out map[string]any) {
	switch v := v.(type) {
	case map[string]any:
		for key, w := range v {
			at := strings.TrimPrefix(path+"."+key, ".")
			if strings.ContainsAny(key, "./") {
				at = path + "[" + key + "]"
			}
			leavesAt(w, at, out)
		}
		if len(v) == 0 {
			out[path] = "{}"
		}
	case []any:
		for i, w := range v {
			leavesAt(w, fmt.Sprintf("%s[%d]", path, i), out)
		}
		if len(v) == 0 {
			out[path] = "[]"
		}
	case nil:
	default:
		out[path] = fmt.Sprint(v)
	}
}

func treeOf(t *testing.T, o millrace.Object) map[string]any {
	t.Helper()
	data, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := json.Unmarshal(data, &tree); err != nil {
		t.Fatal(err)
	}
	return tree
}

// cut returns what follows a path, if another one is that or below it.
func cut(path, outer string) (string, bool) {
	rest, ok := strings.CutPrefix(path, outer)
	return rest, ok && outer != "" && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// same compares two leaves, as Kubernetes' own types write them.
func same(path string, was, is any) bool {
	if was == is {
		return true
	}
	a, errA := resource.ParseQuantity(fmt.Sprint(was))
	b, errB := resource.ParseQuantity(fmt.Sprint(is))
	if errA == nil && errB == nil && a.Cmp(b) == 0 {
		return true
	}
	// Some fields of Kubernetes' own types are left out when they are zero.
	return is == nil && strings.Contains(path, "emplate") && slices.Contains([]any{"false", "0", "{}"}, was)
}

// unaccounted returns the leaves of an old object that neither stand where they
// were, nor are named by a change or a decision.
func unaccounted(t *testing.T, old millrace.Object, u *kafka.Upgraded) []string {
	t.Helper()
	now := map[millrace.Ref]map[string]any{}
	for _, o := range u.Objects {
		of := map[string]any{}
		leavesAt(treeOf(t, o), "", of)
		now[millrace.RefOf(o)] = of
	}
	was := map[string]any{}
	leavesAt(treeOf(t, old), "", was)
	ref := millrace.RefOf(old)
	var lost []string
	for path, value := range was {
		if !accounted(ref, path, value, now, u) {
			lost = append(lost, fmt.Sprintf("%s: %v", path, value))
		}
	}
	slices.Sort(lost)
	return lost
}

func accounted(ref millrace.Ref, path string, value any, now map[millrace.Ref]map[string]any, u *kafka.Upgraded) bool {
	for _, d := range u.Decisions {
		if _, ok := cut(path, d.Path); (ok || d.Path == "") && d.Object == ref && strings.HasPrefix(d.Taken, "it is left out") {
			return true
		}
	}
	best, named := 0, false
	for _, c := range u.Changes {
		if _, ok := cut(path, c.Path); ok && c.Object == ref {
			named, best = true, max(best, len(c.Path))
		}
	}
	if !named {
		return same(path, value, now[ref][path])
	}
	for _, c := range u.Changes {
		rest, ok := cut(path, c.Path)
		if !ok || c.Object != ref || len(c.Path) != best {
			continue
		}
		in := c.In
		if in == (millrace.Ref{}) {
			in = ref
		}
		if c.Kind != kafka.UpgradeMoved || same(path, value, now[in][c.To+rest]) {
			return true
		}
	}
	return false
}

// TestUpgradeLosesNothing upgrades random old objects: each of their values is
// accounted for, and what comes out is as the API server wants it.
func TestUpgradeLosesNothing(t *testing.T) {
	for _, kind := range []string{"Kafka", "KafkaNodePool", "KafkaTopic", "KafkaUser", "KafkaConnect", "KafkaConnector", "KafkaMirrorMaker2", "KafkaBridge", "KafkaRebalance"} {
		t.Run(kind, func(t *testing.T) {
			k := oldSchema(t, kind)
			took, err := schema.Compile(k)
			if err != nil {
				t.Fatal(err)
			}
			upgraded := 0
			for seed := range uint64(60) {
				old := invent(k, seed)
				took.Check(old.Object, func(p schema.Problem) { t.Errorf("seed %d is no object of v1beta2: %v", seed, p) })
				u, err := kafka.Upgrade(old)
				if err != nil {
					continue
				}
				upgraded++
				for _, lost := range unaccounted(t, old, u) {
					t.Errorf("seed %d loses %s", seed, lost)
				}
				for _, problem := range refusals(t, u) {
					t.Errorf("seed %d: %s", seed, problem)
				}
				if t.Failed() {
					t.FailNow()
				}
			}
			if upgraded < 40 {
				t.Errorf("only %d of 60 objects were upgraded", upgraded)
			}
		})
	}
}

// refusals returns what the API server has against the new objects.
func refusals(t *testing.T, u *kafka.Upgraded) []string {
	t.Helper()
	var out []string
	for _, o := range u.Objects {
		gvk := o.GetObjectKind().GroupVersionKind()
		s, ok := schema.For(schema.GVK{Group: gvk.Group, Version: gvk.Version, Kind: gvk.Kind})
		if !ok {
			continue
		}
		data, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		read := new(unstructured.Unstructured)
		if err := read.UnmarshalJSON(data); err != nil {
			t.Fatal(err)
		}
		unstructured.RemoveNestedField(read.Object, "metadata", "creationTimestamp")
		s.Check(read.Object, func(p schema.Problem) { out = append(out, fmt.Sprintf("%s: %v", millrace.RefOf(o), p)) })
	}
	return out
}

// spoil puts a value of another type somewhere into an object.
func (i inventor) spoil(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if keys := slices.Sorted(maps.Keys(v)); len(keys) > 0 && i.IntN(5) > 0 {
			key := pick(i.Rand, keys...)
			v[key] = i.spoil(v[key])
			return v
		}
	case []any:
		if len(v) > 0 && i.IntN(5) > 0 {
			at := i.IntN(len(v))
			v[at] = i.spoil(v[at])
			return v
		}
	}
	return pick[any](i.Rand, "text", int64(7), 1.5, true, []any{"text"}, []any{map[string]any{"a": "b"}}, map[string]any{"a": "b"})
}

// TestUpgradeOddValues has old objects with a value of the wrong type: they are
// refused, or nothing of them is lost.
func TestUpgradeOddValues(t *testing.T) {
	for _, kind := range []string{"Kafka", "KafkaNodePool", "KafkaTopic", "KafkaUser", "KafkaConnect", "KafkaConnector", "KafkaMirrorMaker2", "KafkaBridge", "KafkaRebalance"} {
		t.Run(kind, func(t *testing.T) {
			k := oldSchema(t, kind)
			for seed := range uint64(60) {
				old := invent(k, seed)
				i := inventor{rand.New(rand.NewPCG(seed, 8)), k.Nodes}
				old.Object["spec"] = i.spoil(old.Object["spec"])
				u, err := kafka.Upgrade(old)
				if err != nil {
					continue
				}
				for _, lost := range unaccounted(t, old, u) {
					t.Fatalf("seed %d loses %s", seed, lost)
				}
			}
		})
	}
}
