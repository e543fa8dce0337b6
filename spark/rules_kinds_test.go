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
		key, rest, bracket := path, "", strings.HasPrefix(path, "[")
		if bracket {
			key, rest, _ = strings.Cut(path[1:], "]")
		} else if i := strings.IndexAny(path, ".["); i >= 0 {
			key, rest = path[:i], path[i:]
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

// Findings in the golden manifests and in the operator's own examples are at
// places of theirs only, and no field has two.
func TestFindingsOfManifests(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range operatorExamples(t) {
		if filepath.Base(file) != "spark-pi-prometheus.yaml" { // no YAML
			files = append(files, file)
		}
	}
	if kinds, found := findingsOfFiles(t, files); kinds != 5 || found < 200 {
		t.Errorf("%d findings in %d kinds", found, kinds)
	}
}

// findingsOfFiles checks the findings of manifests, and counts them and the kinds.
func findingsOfFiles(t *testing.T, files []string) (kinds, count int) {
	t.Helper()
	seen := map[string]bool{}
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
			seen[fmt.Sprintf("%T", o)] = true
			found := findingsIn(t, o, millrace.Parts{})
			count += len(found)
			checkFindings(t, filepath.Base(file), o, found)
		}
	}
	return len(seen), count
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

// What of the rules makes sense for a standalone cluster holds there.
func TestRulesOnClusters(t *testing.T) {
	o, err := smallCluster().SparkCluster()
	if err != nil {
		t.Fatal(err)
	}
	if found := check(bundleOf(t, o)); len(found) > 0 {
		t.Errorf("a good cluster: %q", found)
	}
	delete(o.Spec.WorkerSpec.StatefulSetSpec.Template.Annotations, millrace.DoNotDisrupt)
	maps.Copy(o.Spec.SparkConf, map[string]string{
		"spark.kubernetes.container.image": "spark:latest", "spark.ui.enabled": "on", "spark.blacklist.enabled": "true",
		"spark.kubernetes.worker.x": "1", "spark.authenticate.secret": "hunter2-hunter2",
	})
	found := findingsIn(t, o, millrace.Parts{})
	checkFindings(t, "a cluster", o, found)
	var got []string
	for _, f := range found {
		got = append(got, f.rule+" "+f.field)
	}
	slices.Sort(got)
	want := []string{
		"spark/conf-since spec.sparkConf[spark.blacklist.enabled]",
		"spark/conf-value spec.sparkConf[spark.ui.enabled]",
		"spark/eviction-guard spec.workerSpec.statefulSetSpec.template.metadata.annotations[karpenter.sh/do-not-disrupt]",
		"spark/ignored-conf spec.sparkConf[spark.kubernetes.worker.x]",
		"spark/latest-tag spec.sparkConf[spark.kubernetes.container.image]",
		"spark/plaintext-secret spec.sparkConf[spark.authenticate.secret]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// What a SparkConnect says elsewhere than an application is found where it is,
// and a server's words are a server's.
func TestRulesOnConnect(t *testing.T) {
	c := goodConnect(t)
	c.Spec.Server.Memory = new("8Gi")
	c.Spec.Server.Template.Annotations = nil
	c.Spec.Server.Template.Spec.Containers = append(c.Spec.Server.Template.Spec.Containers, corev1.Container{Name: "proxy", Image: "proxy:1"})
	c.Spec.Executor.Template.Spec.Containers[0].Image = "own:latest"
	maps.Copy(c.Spec.SparkConf, map[string]string{
		"spark.driver.cores": "9", "spark.submit.deployMode": "client", "spark.kubernetes.executor.container.image": "other:1",
		"spark.kubernetes.driver.podTemplateFile": "/a.yaml", "spark.jars.packages": "a:b:1",
	})
	found := findingsIn(t, c, millrace.Parts{})
	checkFindings(t, "a server", c, found)
	var got []string
	for _, f := range found {
		got = append(got, f.rule+" "+f.field+": "+f.detail)
	}
	slices.Sort(got)
	const guards, conf = "spec.server.template.metadata.annotations[", "spec.sparkConf["
	want := []string{
		"spark/conf-override " + conf + `spark.driver.cores]: spec.server.cores wins over it, with "1"`,
		"spark/eviction-guard " + guards + "cluster-autoscaler.kubernetes.io/safe-to-evict]: neither it nor karpenter.sh/do-not-disrupt is set, so that Cluster Autoscaler may evict the server, and Karpenter disrupt its node",
		`spark/latest-tag spec.executor.template.spec.containers[0].image: "own:latest" names no version`,
		`spark/memory-format spec.server.memory: "8Gi" is no size: Spark writes it 8g`,
		"spark/packages-at-runtime " + conf + "spark.jars.ivy]: it is not set, and the home directory may not be written to",
		"spark/packages-at-runtime " + conf + "spark.jars.packages]: a:b:1 is fetched at every start",
		"spark/pod-template-conf " + conf + "spark.kubernetes.driver.podTemplateFile]: the operator replaces it, or nothing reads it; use spec.server.template",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// What has nothing but the required fields lacks what only its user knows: a
// pool, a service account, a priority class and a place for the event log.
func TestFindingsOfTheLeast(t *testing.T) {
	least := func(target spark.Target) *spark.Job {
		return &spark.Job{Name: "etl", Version: "4.0.1", Image: "company-registry/etl:1.0", Main: "local:///opt/etl.py", Target: target}
	}
	scheduled := least(nil)
	scheduled.Name = ""
	want := []string{"spark/driver-priority-class", "spark/driver-service-account", "spark/event-log", "spark/executor-pool"}
	for name, tc := range map[string]struct {
		from millrace.Builder
		want []string
	}{
		"kubeflow": {least(nil), want},
		"apache":   {least(spark.ApacheOperator{}), want},
		"schedule": {&spark.ScheduledJob{Name: "etl", Schedule: "@daily", Job: scheduled}, want},
		"connect":  {queries(), want},
		"cluster":  {smallCluster(), nil},
	} {
		bundle, err := millrace.Build(tc.from)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, s := range check(bundle) {
			id, _, _ := strings.Cut(s, " ")
			got = append(got, id)
		}
		slices.Sort(got)
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
