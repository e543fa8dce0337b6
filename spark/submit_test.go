package spark_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// nasty are texts that a careless script breaks on.
var nasty = []string{
	"it's", `say "hi"`, "$HOME", "`id`", "$(touch pwned)", `back\slash`, "a b  c", "", "*", "~", "a\nb", "x;y", "x&y", "x|y", "#x",
	"{a,b}", "!!", "-", "--", "--conf", "\t", "ünïcode ✓", `'"'"'`, `\`, "'", "''", "%s%n", "a=b", "<x>", "(y)", "[z]", "$'x'", "\r", `end\`,
}

// run writes the job's files below dir, runs the script there with a
// spark-submit that records its arguments and says that the driver succeeded,
// and returns these.
func run(t *testing.T, j *spark.Job, dir string, extra ...string) []string {
	t.Helper()
	record := filepath.Join(t.TempDir(), "arguments")
	fake := "printf '%s\\0' \"$@\" > '" + record + "'\nprintf '%s' '" + driverLog("Succeeded", "exit code: 0") + "' >&2\n"
	code, log := runScript(t, j, dir, fake, extra...)
	if code != 0 || log != driverLog("Succeeded", "exit code: 0") {
		t.Fatalf("the script: %d\n%s", code, log)
	}
	data, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(data), "\x00"), "\x00")
}

func TestScriptHandsOverEveryArgument(t *testing.T) {
	j := minimal()
	j.Target = spark.Submit{Master: "k8s://https://k8s-api.internal:6443"}
	j.Args = nasty
	j.Conf = map[string]string{}
	for i, s := range nasty {
		j.Conf["spark.nasty."+string(rune('a'+i%26))+string(rune('a'+i/26))] = s
	}
	j.Driver.JavaOptions = `-Dquoted="it's" -Dhome=$HOME`
	j.Driver.Annotations = map[string]string{"note": "a 'b' $(c)"}

	dir := filepath.Join(t.TempDir(), "it's a $HOME `dir`")
	got := run(t, j, dir, "--extra", "a b")

	// Spark reads the paths of templates as URLs.
	scripts := strings.ReplaceAll(filepath.Join(dir, "scripts"), " ", "%20")
	conf := map[string]string{
		"spark.driver.cores": "1", "spark.driver.memory": "2g",
		"spark.executor.cores": "2", "spark.executor.memory": "4g", "spark.executor.instances": "2",
		"spark.kubernetes.container.image":                        "company-registry/spark-etl:3.5.1",
		"spark.kubernetes.container.image.pullPolicy":             "IfNotPresent",
		"spark.kubernetes.driver.annotation.note":                 "a 'b' $(c)",
		"spark.driver.extraJavaOptions":                           `-Dquoted="it's" -Dhome=$HOME`,
		"spark.kubernetes.driver.podTemplateFile":                 filepath.Join(scripts, "etl-driver.yaml"),
		"spark.kubernetes.driver.podTemplateContainerName":        "spark-kubernetes-driver",
		"spark.kubernetes.executor.podTemplateFile":               filepath.Join(scripts, "etl-executor.yaml"),
		"spark.kubernetes.executor.podTemplateContainerName":      "spark-kubernetes-executor",
		"spark.sql.autoBroadcastJoinThreshold":                    "-1",
		"spark.sql.adaptive.autoBroadcastJoinThreshold":           "10m",
		"spark.decommission.enabled":                              "true",
		"spark.storage.decommission.enabled":                      "true",
		"spark.storage.decommission.shuffleBlocks.enabled":        "true",
		"spark.storage.decommission.rddBlocks.enabled":            "true",
		"spark.stage.ignoreDecommissionFetchFailure":              "true",
		"spark.scheduler.maxRetainedRemovedDecommissionExecutors": "20",
		"spark.kubernetes.allocation.batch.size":                  "20",
		"spark.kubernetes.submission.connectionTimeout":           "60000",
		"spark.kubernetes.submission.requestTimeout":              "60000",
		"spark.kubernetes.driver.connectionTimeout":               "60000",
		"spark.kubernetes.driver.requestTimeout":                  "60000",
	}
	for _, role := range []string{"driver", "executor"} {
		for key, value := range millrace.EvictionGuards() {
			conf["spark.kubernetes."+role+".annotation."+key] = value
		}
	}
	for key, value := range j.Conf {
		conf[key] = value
	}
	head := []string{"--master", "k8s://https://k8s-api.internal:6443", "--deploy-mode", "cluster", "--name", "etl", "--class", "com.company.etl.ExtractOrders"}
	tail := append(append([]string{"local:///opt/spark/jobs/etl.jar"}, nasty...), "--extra", "a b")
	if len(got) < len(head)+len(tail) {
		t.Fatalf("only %d arguments: %q", len(got), got)
	}
	if diff := cmp.Diff(head, got[:len(head)]); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(tail, got[len(got)-len(tail):]); diff != "" {
		t.Errorf("file and arguments (-want +got):\n%s", diff)
	}
	gotConf := map[string]string{}
	for pair := range slices.Chunk(got[len(head):len(got)-len(tail)], 2) {
		key, value, ok := strings.Cut(pair[1], "=")
		if _, twice := gotConf[key]; pair[0] != "--conf" || !ok || twice {
			t.Errorf("not one setting: %q", pair)
		}
		gotConf[key] = value
	}
	if diff := cmp.Diff(conf, gotConf); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}

// Both targets say the same: every setting of the script is in the
// SparkApplication, which the operator turns into the same settings.
func TestTemplatesAreTheSameForBothTargets(t *testing.T) {
	app, err := ordersDaily().SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	j := ordersDaily()
	j.Target = spark.Submit{Master: "k8s://https://k8s-api.internal:6443"}
	bundle, err := millrace.Build(j)
	if err != nil {
		t.Fatal(err)
	}
	for role, want := range map[string]*corev1.PodTemplateSpec{"driver": app.Spec.Driver.Template, "executor": app.Spec.Executor.Template} {
		for _, f := range bundle.Files() {
			if !strings.HasSuffix(f.Path, role+".yaml") {
				continue
			}
			var pod corev1.Pod
			if err := yaml.UnmarshalStrict(f.Data, &pod); err != nil {
				t.Fatal(err)
			}
			if pod.Kind != "Pod" || pod.APIVersion != "v1" {
				t.Errorf("%s is a %s %s", f.Path, pod.APIVersion, pod.Kind)
			}
			if diff := cmp.Diff(want.Spec, pod.Spec); diff != "" {
				t.Errorf("%s (-operator +script):\n%s", f.Path, diff)
			}
		}
	}
}

func FuzzShellQuote(f *testing.F) {
	for _, s := range nasty {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ContainsRune(s, 0) {
			return // no argument can hold a NUL
		}
		out, err := exec.Command("sh", "-c", "printf %s "+spark.ShellQuote(s)).Output()
		if err != nil || string(out) != s {
			t.Errorf("%q was quoted as %s and came out as %q, %v", s, spark.ShellQuote(s), out, err)
		}
	})
}

func TestShellQuoteLeavesPlainWordsAlone(t *testing.T) {
	for in, want := range map[string]string{
		"spark.executor.memory=8g": "spark.executor.memory=8g", "k8s://https://a:6443": "k8s://https://a:6443",
		"": "''", "a b": "'a b'", "it's": `'it'\''s'`, "~": "'~'", "é": "'é'",
	} {
		if got := spark.ShellQuote(in); got != want {
			t.Errorf("%q is quoted as %s, want %s", in, got, want)
		}
	}
}
