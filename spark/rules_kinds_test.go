package spark_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/spark/apachev1"
)

// goodConnect is a server that no rule finds anything in.
func goodConnect(t *testing.T) *v1alpha1.SparkConnect {
	t.Helper()
	j := ordersDaily()
	c := &spark.ConnectServer{
		Name: j.Name, Namespace: j.Namespace, Image: j.Image, Version: j.Version, Placement: j.Placement,
		Server: j.Driver, Executor: j.Executor, Observe: j.Observe,
		Deps: spark.Deps{Jars: []string{"local:///opt/spark/connect.jar"}},
	}
	o, err := c.SparkConnect()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// inKinds returns an application in the kinds that can say what it says.
func inKinds(t *testing.T, app *v1beta2.SparkApplication, edit func(*v1beta2.ScheduledSparkApplication)) map[string]millrace.Object {
	t.Helper()
	scheduled := &v1beta2.ScheduledSparkApplication{
		TypeMeta: metav1.TypeMeta{APIVersion: app.APIVersion, Kind: "ScheduledSparkApplication"}, ObjectMeta: app.ObjectMeta,
		Spec: v1beta2.ScheduledSparkApplicationSpec{Schedule: "@daily", TimeZone: "UTC", ConcurrencyPolicy: v1beta2.ConcurrencyForbid, Template: app.Spec},
	}
	if edit != nil {
		edit(scheduled)
	}
	conf := changed(t, app)
	template := func(of *v1beta2.SparkPodSpec) *corev1.PodTemplateSpec { return of.Template.DeepCopy() }

	connect := goodConnect(t)
	connect.Name, connect.Labels, connect.Spec.Image = app.Name, app.Labels, app.Spec.Image
	for _, of := range []struct {
		from *v1beta2.SparkPodSpec
		to   *v1alpha1.SparkPodSpec
	}{{&app.Spec.Driver.SparkPodSpec, &connect.Spec.Server.SparkPodSpec}, {&app.Spec.Executor.SparkPodSpec, &connect.Spec.Executor.SparkPodSpec}} {
		size := of.to.Template.Spec.Containers[0].Resources
		of.to.Memory, of.to.Cores, of.to.Template = of.from.Memory, of.from.Cores, template(of.from)
		of.to.Template.Annotations = of.from.Annotations
		if account := of.from.ServiceAccount; account != nil {
			of.to.Template.Spec.ServiceAccountName = *account
		}
		if of.to.Template.Spec.Containers[0].Resources.Requests == nil {
			of.to.Template.Spec.Containers[0].Resources = size
		}
	}
	connect.Spec.Executor.Instances = app.Spec.Executor.Instances
	for key, value := range conf {
		fields := []string{"annotation", "serviceAccountName", "container.image"}
		if !slices.ContainsFunc(fields, func(s string) bool { return strings.Contains(key, s) && !strings.Contains(key, "pullPolicy") }) {
			setOr(&connect.Spec.SparkConf, key, value)
		}
	}

	j := ordersDaily()
	j.Target = spark.ApacheOperator{}
	apache, err := j.ApacheApplication()
	if err != nil {
		t.Fatal(err)
	}
	apache.Name, apache.Labels = app.Name, app.Labels
	apache.Spec.DriverSpec.PodTemplateSpec, apache.Spec.ExecutorSpec.PodTemplateSpec = template(&app.Spec.Driver.SparkPodSpec), template(&app.Spec.Executor.SparkPodSpec)
	for key, value := range conf {
		setOr(&apache.Spec.SparkConf, key, value)
	}
	if app.Spec.Mode == v1beta2.DeployModeClient {
		apache.Spec.DeploymentMode = apachev1.DeploymentModeClientMode
	}
	if app.Spec.TimeToLiveSeconds == nil {
		apache.Spec.ApplicationTolerations.TTLAfterStopMillis = nil
	}
	if app.Spec.RestartPolicy.Type == v1beta2.RestartPolicyAlways {
		apache.Spec.ApplicationTolerations.RestartConfig.RestartPolicy = apachev1.RestartPolicyAlways
	}
	return map[string]millrace.Object{"kubeflow": app, "schedule": scheduled, "connect": connect, "apache": apache}
}

func setOr(conf *map[string]string, key, value string) {
	if value == "" {
		delete(*conf, key)
	} else {
		(*conf)[key] = value
	}
}

// changed returns what an application says otherwise than the good one, in
// settings; what it doesn't say any more is empty.
func changed(t *testing.T, app *v1beta2.SparkApplication) map[string]string {
	t.Helper()
	all := func(s *v1beta2.SparkApplicationSpec) map[string]string {
		out := maps.Clone(s.SparkConf)
		add := func(key string, value any) {
			if text := fmt.Sprint(reflect.Indirect(reflect.ValueOf(value))); text != "<invalid reflect.Value>" {
				out[key] = text
			}
		}
		add("spark.executor.memory", s.Executor.Memory)
		add("spark.executor.memoryOverhead", s.Executor.MemoryOverhead)
		add("spark.kubernetes.executor.limit.cores", s.Executor.CoreLimit)
		add("spark.executor.instances", s.Executor.Instances)
		add("spark.kubernetes.container.image", s.Image)
		add("spark.kubernetes.authenticate.driver.serviceAccountName", s.Driver.ServiceAccount)
		for key, value := range s.Executor.Annotations {
			add("spark.kubernetes.executor.annotation."+key, value)
		}
		return out
	}
	before, after := all(&good(t).Spec), all(&app.Spec)
	for key := range before {
		if _, ok := after[key]; !ok {
			after[key] = ""
		}
	}
	maps.DeleteFunc(after, func(key, value string) bool { return before[key] == value })
	return after
}

// TestEveryRule makes each rule find what is bad, in each kind that can say it,
// and nothing in what is good.
func TestEveryRule(t *testing.T) {
	cases := everyRule()
	for kind, o := range inKinds(t, good(t), nil) {
		if found := check(bundleOf(t, o)); len(found) > 0 {
			t.Errorf("a good %s: %q", kind, found)
		}
	}
	for _, rule := range spark.Rules() {
		tc, ok := cases[rule.ID]
		if !ok {
			t.Errorf("%s has no case", rule.ID)
			continue
		}
		app := good(t)
		if tc.edit != nil {
			tc.edit(app)
		}
		var kinds []string
		objects := inKinds(t, app, tc.schedule)
		for _, kind := range []string{"kubeflow", "schedule", "connect", "apache"} {
			found := findingsIn(t, objects[kind], tc.beside)
			if slices.ContainsFunc(found, func(f finding) bool { return f.rule == rule.ID }) {
				kinds = append(kinds, kind)
			}
			checkFindings(t, rule.ID+" in "+kind, objects[kind], found)
		}
		if diff := cmp.Diff(tc.kinds, strings.Join(kinds, " ")); diff != "" {
			t.Errorf("%s finds it in (-want +got):\n%s", rule.ID, diff)
		}
	}
	for id := range cases {
		if !slices.ContainsFunc(spark.Rules(), func(r millrace.Rule) bool { return r.ID == id }) {
			t.Errorf("no rule is called %s", id)
		}
	}
}

type finding struct{ rule, field, detail string }

func findingsIn(t *testing.T, o millrace.Object, beside millrace.Parts) []finding {
	t.Helper()
	beside.Objects = append(slices.Clone(beside.Objects), o)
	bundle, err := millrace.Build(beside)
	if err != nil {
		t.Fatal(err)
	}
	var out []finding
	for _, rule := range spark.Rules() {
		rule.Check(&millrace.Pass{Object: o, Bundle: bundle, Pods: spark.Pods(o), Report: func(field, detail string) {
			out = append(out, finding{rule.ID, field, detail})
		}})
	}
	return out
}

// checkFindings holds the fields of findings against the object: each is there,
// or has a place there; and none has two.
func checkFindings(t *testing.T, name string, o millrace.Object, found []finding) {
	t.Helper()
	at := map[string]string{}
	for _, f := range found {
		if !placed(reflect.ValueOf(o), f.field) {
			t.Errorf("%s: %s: the object can't have %s", name, f.rule, f.field)
		}
		if other, twice := at[f.field]; twice {
			t.Errorf("%s: %s and %s report %s", name, other, f.rule, f.field)
		}
		at[f.field] = f.rule
	}
}

// placed reports whether an object has a field, or a place for it: what is
// missing may be a field, a key or the first of a list that is empty.
func placed(v reflect.Value, path string) bool {
	for path != "" {
		for v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v = reflect.Zero(v.Type().Elem())
			} else {
				v = v.Elem()
			}
		}
		key, rest, bracket := "", "", strings.HasPrefix(path, "[")
		if bracket {
			key, rest, _ = strings.Cut(path[1:], "]")
		} else if i := strings.IndexAny(path, ".["); i >= 0 {
			key, rest = path[:i], path[i:]
		} else {
			key = path
		}
		path = strings.TrimPrefix(rest, ".")
		switch v.Kind() {
		case reflect.Slice:
			i, err := strconv.Atoi(key)
			if !bracket || err != nil || i > 0 && i >= v.Len() {
				return false
			}
			if v.Len() == 0 {
				v = reflect.Zero(v.Type().Elem())
			} else {
				v = v.Index(i)
			}
		case reflect.Map:
			of := v.MapIndex(reflect.ValueOf(key).Convert(v.Type().Key()))
			if !of.IsValid() {
				of = reflect.Zero(v.Type().Elem())
			}
			v = of
		case reflect.Struct:
			if v = jsonField(v, key); !v.IsValid() || bracket {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// jsonField returns the field of a struct by its name in JSON.
func jsonField(v reflect.Value, name string) reflect.Value {
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag.Get("json")
		own, options, _ := strings.Cut(tag, ",")
		if own == name && name != "" {
			return v.Field(i)
		}
		if own == "" && (strings.Contains(options, "inline") || v.Type().Field(i).Anonymous) {
			if f := jsonField(v.Field(i), name); f.IsValid() {
				return f
			}
		}
	}
	return reflect.Value{}
}

// The golden manifests have findings at places of theirs only.
func TestFindingsOfGoldenManifests(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for doc := range strings.SplitSeq("\n"+string(data), "\n---\n") {
			o := typed(t, []byte(doc))
			if o == nil {
				continue
			}
			found := findingsIn(t, o, millrace.Parts{})
			seen += len(found)
			checkFindings(t, file, o, found)
		}
	}
	if seen < 40 {
		t.Errorf("%d findings", seen)
	}
}

// typed reads a manifest of a kind that the rules know.
func typed(t *testing.T, manifest []byte) millrace.Object {
	t.Helper()
	var of metav1.TypeMeta
	if err := yaml.Unmarshal(manifest, &of); err != nil {
		t.Fatal(err)
	}
	var o millrace.Object
	switch of.APIVersion + " " + of.Kind {
	case "sparkoperator.k8s.io/v1beta2 SparkApplication":
		o = new(v1beta2.SparkApplication)
	case "sparkoperator.k8s.io/v1beta2 ScheduledSparkApplication":
		o = new(v1beta2.ScheduledSparkApplication)
	case "sparkoperator.k8s.io/v1alpha1 SparkConnect":
		o = new(v1alpha1.SparkConnect)
	case "spark.apache.org/v1 SparkApplication":
		o = new(apachev1.SparkApplication)
	case "spark.apache.org/v1 SparkCluster":
		o = new(apachev1.SparkCluster)
	default:
		return nil
	}
	if err := yaml.Unmarshal(manifest, o); err != nil {
		t.Fatal(err)
	}
	return o
}
