package workflow_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/workflow"
)

// garbage fills values with what nobody should write.
type garbage struct {
	*rand.Rand
	// kept are pointers that were made before, to be met again: tasks in two
	// places, definitions and templates that use themselves.
	kept map[reflect.Type][]reflect.Value
}

var (
	garbageTexts = []string{"", "", "a", "b", "a-b", "A b", "-", "1", "in", "main", "{{", "}}", "{{item}}", "{{item.a}}", "{{=", "{{= item }}",
		"{{tasks.a.outputs.parameters.a}}", "{{inputs.parameters.a}}", "{{workflow.parameters.a}}", "{{=workflow.parameters.a + }}", "\xff", "\x00",
		"[1,", "{", "null", "kind: A\nmetadata: {name: a}\napiVersion: v1", "status.a == b", strings.Repeat("x", 300)}
	garbageNumbers = []int64{0, 0, 1, 1, 2, -1, math.MaxInt64, math.MinInt64, math.MaxInt32, 1500}
	// implementations are what fields of interfaces may hold.
	implementations = map[reflect.Type][]reflect.Type{
		reflect.TypeFor[workflow.Step](): {
			reflect.TypeFor[workflow.Container](), reflect.TypeFor[workflow.Script](), reflect.TypeFor[workflow.ContainerSet](), reflect.TypeFor[workflow.Resource](),
			reflect.TypeFor[workflow.HTTP](), reflect.TypeFor[workflow.Data](), reflect.TypeFor[workflow.Plugin](), reflect.TypeFor[workflow.Suspend](),
			reflect.TypeFor[workflow.DAG](), reflect.TypeFor[workflow.Steps](), reflect.TypeFor[workflow.TemplateRef](), reflect.TypeFor[workflow.Raw](),
			reflect.TypeFor[*workflow.Definition](), reflect.TypeFor[*workflow.Definition](),
			reflect.TypeFor[*workflow.Container](), reflect.TypeFor[*workflow.DAG](), reflect.TypeFor[*workflow.Steps](), reflect.TypeFor[*workflow.Raw](), reflect.TypeFor[*workflow.TemplateRef](),
		},
		reflect.TypeFor[workflow.Loop](): {reflect.TypeFor[workflow.Items](), reflect.TypeFor[workflow.Over](), reflect.TypeFor[workflow.Sequence](), reflect.TypeFor[*workflow.Sequence](), reflect.TypeFor[*workflow.Over]()},
		reflect.TypeFor[workflow.Location](): {
			reflect.TypeFor[workflow.S3](), reflect.TypeFor[workflow.GCS](), reflect.TypeFor[workflow.Azure](), reflect.TypeFor[workflow.OSS](), reflect.TypeFor[workflow.HDFS](),
			reflect.TypeFor[workflow.Artifactory](), reflect.TypeFor[workflow.HTTPFile](), reflect.TypeFor[workflow.Git](), reflect.TypeFor[workflow.Content](),
			reflect.TypeFor[workflow.RepositoryKey](), reflect.TypeFor[workflow.From](), reflect.TypeFor[workflow.FromExpression](), reflect.TypeFor[workflow.Part](), reflect.TypeFor[*workflow.S3](),
		},
		reflect.TypeFor[workflow.Lock]():       {reflect.TypeFor[workflow.Mutex](), reflect.TypeFor[workflow.Semaphore](), reflect.TypeFor[*workflow.Mutex]()},
		reflect.TypeFor[workflow.MetricType](): {reflect.TypeFor[workflow.Counter](), reflect.TypeFor[workflow.Gauge](), reflect.TypeFor[workflow.Histogram](), reflect.TypeFor[*workflow.Gauge]()},
		reflect.TypeFor[workflow.Archive]():    {reflect.TypeFor[workflow.Tar](), reflect.TypeFor[workflow.Zip](), reflect.TypeFor[workflow.NoArchive](), reflect.TypeFor[*workflow.Tar]()},
		reflect.TypeFor[workflow.Runner]():     {reflect.TypeFor[*spark.Job]()},
		reflect.TypeFor[millrace.Object]():     {reflect.TypeFor[*corev1.ConfigMap](), reflect.TypeFor[*wfv1.WorkflowTemplate]()},
		reflect.TypeFor[any]():                 {reflect.TypeFor[string](), reflect.TypeFor[int](), reflect.TypeFor[map[string]string](), reflect.TypeFor[chan int](), reflect.TypeFor[float64]()},
	}
	garbageExpressions = []workflow.Expression{
		{}, workflow.Expr("("), workflow.Expr("{{"), workflow.And(), workflow.Or(workflow.Expression{}), workflow.Not(workflow.Expression{}),
		(*workflow.Task)(nil).Succeeded(), workflow.Value(nil), workflow.Value(math.NaN()), workflow.Item.Equal(struct{}{}), workflow.Item.Matches("("),
		workflow.If(workflow.Expression{}, nil, nil), workflow.Call("", nil), workflow.Text(), workflow.Item.In(), workflow.Variable("").Less(1), workflow.Item.JSONPath("$["),
		(&workflow.Task{Name: "a"}).Failed(), workflow.Item.Int().DividedBy(0),
	}
)

// fill fills a value, and leaves out the more the deeper it lies.
func (g *garbage) fill(v reflect.Value, depth int) {
	if v.Type() == reflect.TypeFor[workflow.Expression]() {
		v.Set(reflect.ValueOf(garbageExpressions[g.IntN(len(garbageExpressions))]))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(garbageTexts[g.IntN(len(garbageTexts))])
	case reflect.Bool:
		v.SetBool(g.IntN(2) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(garbageNumbers[g.IntN(len(garbageNumbers))])
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(g.IntN(256)))
	case reflect.Float32, reflect.Float64:
		v.SetFloat([]float64{0, 1, -1, math.NaN(), math.Inf(1)}[g.IntN(5)])
	case reflect.Pointer:
		g.pointer(v, depth)
	case reflect.Interface:
		if of := implementations[v.Type()]; len(of) > 0 && g.IntN(6) > 0 {
			made := reflect.New(of[g.IntN(len(of))]).Elem()
			g.fill(made, depth-1)
			v.Set(made)
		}
	case reflect.Struct:
		g.fields(v, depth)
	case reflect.Slice:
		if depth > 0 {
			v.Set(reflect.MakeSlice(v.Type(), g.IntN(3), 3))
			for i := range v.Len() {
				g.fill(v.Index(i), depth-1)
			}
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range g.IntN(3) {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			g.fill(key, depth-1)
			g.fill(value, depth-1)
			v.SetMapIndex(key, value)
		}
	}
}

func (g *garbage) fields(v reflect.Value, depth int) {
	for i := range v.NumField() {
		chance := 3
		if v.Type().Field(i).Name == "Base" {
			chance = 12
		}
		if v.Field(i).CanSet() && depth > 0 && g.IntN(chance) == 0 {
			g.fill(v.Field(i), depth-1)
		}
	}
}

func (g *garbage) pointer(v reflect.Value, depth int) {
	kept := g.kept[v.Type()]
	switch {
	case depth <= 0 || g.IntN(6) == 0: // nil
	case len(kept) > 0 && g.IntN(4) == 0:
		v.Set(kept[g.IntN(len(kept))])
	default:
		v.Set(reflect.New(v.Type().Elem()))
		if strings.HasSuffix(v.Type().Elem().PkgPath(), "/workflow") {
			g.kept[v.Type()] = append(kept, v.Elem().Addr())
		}
		g.fill(v.Elem(), depth-1)
	}
}

// TestGarbage: whatever the fields hold, nil pointers and cycles among it,
// Build returns, and so do the functions that read workflows of others.
func TestGarbage(t *testing.T) {
	rounds := uint64(600)
	if testing.Short() {
		rounds = 100
	}
	reached := map[string]int{}
	for seed := range rounds {
		g := &garbage{rand.New(rand.NewPCG(seed, 0)), map[reflect.Type][]reflect.Value{}} //nolint:gosec // repeatable on purpose
		survive(t, seed, func() {
			for _, b := range []millrace.Builder{&workflow.Template{}, &workflow.Run{}, &workflow.Cron{}, &workflow.RBAC{}} {
				g.fill(reflect.ValueOf(b).Elem(), 9)
				_, err := b.Build()
				reached[fmt.Sprintf("%T %t", b, err == nil)]++
			}
			template := &wfv1.WorkflowTemplate{}
			g.fill(reflect.ValueOf(template).Elem(), 9)
			workflow.Pods(template)
			workflow.References(template)
			workflow.Rights(template, template)
			for _, m := range workflow.Embedded(template) {
				m.Makes()
			}
		})
	}
	for _, noun := range []string{"Template", "Run", "Cron", "RBAC"} {
		if reached["*workflow."+noun+" false"] == 0 {
			t.Errorf("no garbage in a %s was refused: %v", noun, reached)
		}
	}
}

// survive reports a panic, and what takes too long.
func survive(t *testing.T, seed uint64, f func()) {
	t.Helper()
	start := time.Now()
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("seed %d: %v\n%s", seed, r, debug.Stack())
		}
		if d := time.Since(start); d > 20*time.Second {
			t.Errorf("seed %d took %s", seed, d)
		}
	}()
	f()
}
