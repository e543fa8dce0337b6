package spark_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/podtest"
	"github.com/millrace/millrace/spark"
)

// inClient is a job whose driver runs where spark-submit runs.
func inClient() *spark.Job {
	j := minimal()
	j.Target = spark.Submit{Master: master, Mode: spark.ClientMode}
	return j
}

func TestClientMode(t *testing.T) {
	j := inClient()
	j.Namespace, j.Labels, j.Placement = "notebooks", map[string]string{"team": "data"}, pool()
	j.Driver.Memory, j.Driver.JavaOptions = 3*millrace.GiB, "-Da=b"
	j.Target = spark.Submit{Master: master, Mode: spark.ClientMode,
		Driver: spark.ClientDriver{Host: "driver.notebooks.svc", Port: 7078, BlockManagerPort: 7079, Pod: "jupyter-ada"}}
	s := submission(t, j)
	if s.Driver != nil || s.Mode != spark.ClientMode || !slices.Equal(s.Options[2:4], []string{"--deploy-mode", "client"}) {
		t.Errorf("driver %v, mode %s, options %q", s.Driver, s.Mode, s.Options)
	}
	want := map[string]string{
		"spark.driver.memory": "3g", "spark.driver.extraJavaOptions": "-Da=b",
		"spark.driver.host": "driver.notebooks.svc", "spark.driver.bindAddress": "0.0.0.0",
		"spark.driver.port": "7078", "spark.driver.blockManager.port": "7079",
		"spark.kubernetes.driver.pod.name":          "jupyter-ada",
		"spark.kubernetes.driver.connectionTimeout": "60000", "spark.kubernetes.driver.requestTimeout": "60000",
	}
	got := make(map[string]string)
	for key, value := range s.Conf {
		if strings.Contains(key, "driver") {
			got[key] = value
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what the settings say of the driver (-want +got):\n%s", diff)
	}
	if s.Conf["spark.kubernetes.executor.label.team"] != "data" || s.Executor.Spec.NodeSelector["workload"] != "spark-executor" {
		t.Errorf("the executors: %v, %v", s.Conf, s.Executor.Spec)
	}
	files, err := s.Files()
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 2 || files[1].Path != "scripts/etl-executor.yaml" {
		t.Errorf("files: %v", files)
	}
	j.Conf = map[string]string{"spark.driver.bindAddress": "10.0.0.7"}
	if got := submission(t, j).Conf["spark.driver.bindAddress"]; got != "10.0.0.7" {
		t.Errorf("Conf is overridden: %s", got)
	}
}

// Whatever is said of a driver's pod that nothing makes is reported.
func TestClientModeHasNoDriverPod(t *testing.T) {
	remains := []string{"Memory", "JavaOptions", "PodName"}
	seen := 0
	each := func(typ reflect.Type, base func(*spark.Job) reflect.Value, at string) {
		for _, f := range reflect.VisibleFields(typ) {
			if f.Anonymous || slices.Contains(remains, f.Name) {
				continue
			}
			seen++
			j := inClient()
			if v := base(j).FieldByIndex(f.Index); f.Name == "Scratch" {
				v.Set(reflect.ValueOf(spark.Tmpfs{}))
			} else {
				podtest.Fill(v)
			}
			_, err := j.Submission()
			if !slices.ContainsFunc(findings(t, err), func(finding string) bool {
				return strings.HasPrefix(finding, unsupported+" "+at+f.Name)
			}) {
				t.Errorf("%s%s is dropped: %v", at, f.Name, err)
			}
		}
	}
	each(reflect.TypeFor[spark.Driver](), func(j *spark.Job) reflect.Value { return reflect.ValueOf(&j.Driver).Elem() }, "Driver.")
	each(reflect.TypeFor[v1beta2.DriverSpec](), func(j *spark.Job) reflect.Value { return reflect.ValueOf(&j.Base.Driver).Elem() }, "Base.Driver.")
	if seen < 45 {
		t.Errorf("%d fields", seen)
	}
	j := inClient()
	j.Base.Driver.PodName, j.Base.Driver.Memory = new("jupyter-ada"), new("3g")
	if s := submission(t, j); s.Conf["spark.kubernetes.driver.pod.name"] != "jupyter-ada" || s.Conf["spark.driver.memory"] != "3g" {
		t.Errorf("settings: %v", s.Conf)
	}
}

// Each field of the target is said.
func TestSubmitFieldsAreRendered(t *testing.T) {
	base := map[string]spark.Submit{
		"Master": {Master: master}, "Mode": {Master: master}, "NoWait": {Master: master}, "Driver": {Master: master, Mode: spark.ClientMode},
	}
	typ := reflect.TypeFor[spark.Submit]()
	for i := range typ.NumField() {
		name := typ.Field(i).Name
		target, ok := base[name]
		if !ok {
			t.Errorf("%s: the test doesn't know it", name)
			continue
		}
		inner := []int{-1}
		if name == "Driver" {
			inner = []int{0, 1, 2, 3}
		}
		if name == "Driver" && len(inner) != typ.Field(i).Type.NumField() {
			t.Error("ClientDriver has other fields")
		}
		for _, k := range inner {
			with := target
			v := reflect.ValueOf(&with).Elem().Field(i)
			if k >= 0 {
				v = v.Field(k)
			}
			switch v.Kind() {
			case reflect.Bool:
				v.SetBool(true)
			case reflect.Int32:
				v.SetInt(7000)
			default:
				v.SetString(map[string]string{"Master": "k8s://https://other", "Mode": "client"}[name])
				if name == "Driver" {
					v.SetString("driver")
				}
			}
			j, other := minimal(), minimal()
			j.Target, other.Target = target, with
			if cmp.Equal(submission(t, j), submission(t, other)) {
				t.Errorf("%s %d: nothing says it", name, k)
			}
		}
	}
}

func TestBadTargets(t *testing.T) {
	client := func(d spark.ClientDriver) func(*spark.Job) {
		return func(j *spark.Job) { j.Target = spark.Submit{Master: master, Mode: spark.ClientMode, Driver: d} }
	}
	for name, test := range map[string]struct {
		edit func(*spark.Job)
		want []string
	}{
		"no mode":          {func(j *spark.Job) { j.Target = spark.Submit{Master: master, Mode: "yarn"} }, []string{invalid + " Target.Mode"}},
		"another mode":     {func(j *spark.Job) { j.Base.Mode = v1beta2.DeployModeClient; j.Target = spark.Submit{Master: master} }, []string{conflict + " Base.Mode"}},
		"the same mode":    {func(j *spark.Job) { j.Base.Mode = v1beta2.DeployModeCluster; j.Target = spark.Submit{Master: master} }, nil},
		"both are client":  {func(j *spark.Job) { client(spark.ClientDriver{})(j); j.Base.Mode = v1beta2.DeployModeClient }, nil},
		"a client waits":   {func(j *spark.Job) { j.Target = spark.Submit{Master: master, Mode: spark.ClientMode, NoWait: true} }, []string{unsupported + " Target.NoWait"}},
		"cluster's driver": {func(j *spark.Job) { j.Target = spark.Submit{Master: master, Driver: spark.ClientDriver{Port: 7078}} }, []string{unsupported + " Target.Driver"}},
		"host with a port": {client(spark.ClientDriver{Host: "driver:7078"}), []string{invalid + " Target.Driver.Host"}},
		"an address":       {client(spark.ClientDriver{Host: "fd00::7"}), nil},
		"low port":         {client(spark.ClientDriver{Port: 80}), []string{invalid + " Target.Driver.Port"}},
		"high port":        {client(spark.ClientDriver{BlockManagerPort: 65536}), []string{invalid + " Target.Driver.BlockManagerPort"}},
		"one port":         {client(spark.ClientDriver{Port: 7078, BlockManagerPort: 7078}), []string{conflict + " Target.Driver.BlockManagerPort"}},
		"no name":          {client(spark.ClientDriver{Pod: "A_b"}), []string{invalid + " Target.Driver.Pod"}},
		"two pods": {func(j *spark.Job) {
			client(spark.ClientDriver{Pod: "a"})(j)
			j.Base.Driver.PodName = new("b")
		}, []string{conflict + " Base.Driver.PodName"}},
		"scratch of the driver": {func(j *spark.Job) {
			client(spark.ClientDriver{})(j)
			j.Driver.Scratch = spark.EmptyDir{Size: 100 * millrace.GiB}
			j.Executor.Scratch = spark.EmptyDir{Size: 100 * millrace.GiB}
		}, []string{unsupported + " Driver.Scratch"}},
		"a pod group": {func(j *spark.Job) {
			client(spark.ClientDriver{})(j)
			j.Scheduler = spark.Volcano{}
		}, []string{unsupported + " Scheduler"}},
		"a key in a file": {func(j *spark.Job) {
			client(spark.ClientDriver{})(j)
			j.Stores = []spark.Store{spark.S3A{}, spark.GCS{Credentials: spark.KeyFile{Secret: "gcs"}}}
		}, []string{unsupported + " Stores[1]"}},
		"Conf says it too": {func(j *spark.Job) {
			client(spark.ClientDriver{Host: "driver"})(j)
			j.Conf = map[string]string{"spark.driver.host": "other"}
		}, []string{conflict + " Conf[spark.driver.host]"}},
		"an address in a cluster": {func(j *spark.Job) {
			j.Target, j.Conf = spark.Submit{Master: master}, map[string]string{"spark.driver.host": "driver", "spark.driver.bindAddress": "0.0.0.0"}
		}, []string{unsupported + " Conf[spark.driver.bindAddress]", unsupported + " Conf[spark.driver.host]"}},
		"an address for the operator": {func(j *spark.Job) {
			j.Base.SparkConf = map[string]string{"spark.driver.host": "driver"}
		}, []string{unsupported + " Base.SparkConf[spark.driver.host]"}},
		"waiting twice": {func(j *spark.Job) {
			j.Target = spark.Submit{Master: master, NoWait: true}
			j.Conf = map[string]string{"spark.kubernetes.submission.waitAppCompletion": "true"}
		}, []string{conflict + " Conf[spark.kubernetes.submission.waitAppCompletion]"}},
	} {
		j := minimal()
		test.edit(j)
		_, err := j.Build()
		if diff := cmp.Diff(test.want, findings(t, err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s\n%v", name, diff, err)
		}
	}
}
