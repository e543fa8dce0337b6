package e2e_test

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/e2e"
	engine "github.com/millrace/millrace/internal/schema"
)

var mutations = flag.Int("mutations", 6, "how many mutations of each document the API server judges")

// kafkaKinds are those that package kafka makes, beside Kubernetes' own.
var kafkaKinds = []string{"Kafka", "KafkaNodePool", "KafkaTopic", "KafkaUser", "KafkaConnect", "KafkaConnector", "KafkaMirrorMaker2", "KafkaBridge",
	"KafkaRebalance", "ScaledObject", "TriggerAuthentication"}

// poolKinds are those that package nodepool makes.
var poolKinds = []string{"NodePool", "EC2NodeClass", "ComputeClass"}

// corpora returns every object that upstream's examples, and millrace's golden
// files, hold of a kind that the schema engine knows.
func corpora(t *testing.T) []*unstructured.Unstructured {
	t.Helper()
	corpus, err := e2e.Corpus()
	if err != nil {
		t.Fatal(err)
	}
	dirs := []string{filepath.Join(corpus, "corpus")}
	for _, noun := range []string{"spark", "kafka", "workflow", "nodepool"} {
		dirs = append(dirs, filepath.Join("..", "..", noun, "testdata"))
	}
	for _, m := range []e2e.ModuleDir{e2e.ArgoCRDs, e2e.SparkCRDs, e2e.AWSCRDs} {
		m.Dir = "examples"
		dir, err := m.Path(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		dirs = append(dirs, dir)
	}
	var out []*unstructured.Unstructured
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" {
				return err
			}
			f, err := os.Open(path)
			if err != nil {
				return err
			}
			defer f.Close()
			bundle, _ := millrace.LoadReader(path, f) // what is no object is passed over
			for _, o := range bundle.Objects() {
				if u, ok := o.(*unstructured.Unstructured); ok && schemaOf(u) != nil {
					out = append(out, u)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func schemaOf(u *unstructured.Unstructured) *engine.Schema {
	gvk := u.GroupVersionKind()
	s, ok := engine.For(engine.GVK{Group: gvk.Group, Version: gvk.Version, Kind: gvk.Kind})
	if !ok {
		return nil
	}
	return s
}

// mutate changes one thing about an object, and says what.
func mutate(r *rand.Rand, object map[string]any) string {
	at := object
	var path []string
	for {
		keys := slices.Sorted(maps.Keys(at))
		if len(path) == 0 {
			keys = []string{"metadata", "spec"}
		}
		key := keys[r.IntN(len(keys))]
		path = append(path, key)
		value := at[key]
		if list, ok := value.([]any); ok && len(list) > 0 {
			value = list[r.IntN(len(list))]
		}
		inner, ok := value.(map[string]any)
		if ok && len(inner) > 0 && (len(path) == 1 || r.IntN(5) > 0) {
			at = inner
			continue
		}
		what := strings.Join(path, ".")
		if len(path) == 1 || what == "metadata.namespace" {
			return "nothing" // the namespace is part of the request
		}
		switch r.IntN(4) {
		case 0:
			delete(at, key)
			return "dropped " + what
		case 1:
			at[key+"x"] = at[key]
			delete(at, key)
			return "misspelt " + what
		case 2:
			values := []any{nil, "", "x", "Not A Name!", int64(-1), int64(1 << 33), 0.5, true, map[string]any{}, []any{}}
			at[key] = values[r.IntN(len(values))]
			return fmt.Sprintf("set %s to %v", what, at[key])
		default:
			at["added"] = "x"
			return "added to " + what
		}
	}
}

// verdicts: the engine refuses what the API server refuses, and nothing else.
func verdicts(t *testing.T, config *rest.Config) {
	r := newRaw(t, config)
	if err := r.namespace(t.Context(), "verdicts"); err != nil {
		t.Fatal(err)
	}
	type judged struct {
		what   string
		object *unstructured.Unstructured
	}
	var all []judged
	documents := corpora(t)
	kinds := map[string]int{}
	for _, u := range documents {
		kinds[u.GetKind()]++
	}
	for _, kind := range slices.Concat(kafkaKinds, poolKinds) {
		if kinds[kind] == 0 {
			t.Errorf("there is no %s", kind)
		}
	}
	for i, u := range documents {
		all = append(all, judged{"as it is", u})
		random := rand.New(rand.NewPCG(1, uint64(i)))
		// A kind of few documents is judged as thoroughly as one of many.
		for range max(*mutations, 20**mutations/kinds[u.GetKind()]) {
			changed := u.DeepCopy()
			what := mutate(random, changed.Object)
			all = append(all, judged{what, changed})
		}
	}
	queue := make(chan judged)
	var mu sync.Mutex
	refused, differ := 0, 0
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			for j := range queue {
				server := verdict(t.Context(), r, j.object)
				var ours []string
				schemaOf(j.object).Check(runtime.DeepCopyJSON(j.object.Object), func(p engine.Problem) { ours = append(ours, p.String()) })
				mu.Lock()
				if server != nil {
					refused++
				}
				if (server == nil) != (len(ours) == 0) {
					if differ++; differ <= 20 {
						t.Errorf("%s %s, %s: the server says %v, the engine %v", j.object.GetKind(), j.object.GetName(), j.what, server, ours)
					}
				}
				mu.Unlock()
			}
		})
	}
	for _, j := range all {
		queue <- j
	}
	close(queue)
	workers.Wait()
	t.Logf("%d objects, the API server refuses %d of them, %d verdicts differ", len(all), refused, differ)
	if len(all) < 1000 || refused < len(all)/4 {
		t.Errorf("%d objects, %d refused: the corpora are not there", len(all), refused)
	}
}

// verdict is what the server says to a strict dry run; other errors than a
// verdict are returned as well, and then differ from the engine's.
func verdict(ctx context.Context, r *raw, u *unstructured.Unstructured) error {
	u = u.DeepCopy()
	if m, ok := u.Object["metadata"].(map[string]any); ok {
		if _, ok := m["namespace"].(string); ok {
			m["namespace"] = "verdicts"
		}
	}
	err := r.dryRun(ctx, u)
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	return err
}
