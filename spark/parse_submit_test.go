package spark_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// articleCommand is what the article types, over several lines, with the
// toleration that it adds later.
const articleCommand = `# spark-submit against a K8s cluster
spark-submit \
  --master k8s://https://k8s-api.internal:6443 \
  --deploy-mode cluster \
  --name etl-orders-daily \
  --conf spark.kubernetes.namespace=data-platform \
  --conf spark.kubernetes.container.image=company-registry/spark:3.5.1-python3.11 \
  --conf spark.kubernetes.serviceAccountName=spark-executor \
  --conf spark.executor.instances=10 \
  --conf spark.executor.cores=4 \
  --conf spark.executor.memory=8g \
  --conf "spark.driver.memory=4g" \
  --conf spark.kubernetes.driver.request.cores=2 \
  --conf spark.kubernetes.executor.request.cores=3 \
  --conf spark.eventLog.enabled=true \
  --conf spark.eventLog.dir=s3a://data-platform-logs/spark-events/ \
  --conf spark.kubernetes.executor.annotation.cluster-autoscaler.kubernetes.io/safe-to-evict=false \
  --conf spark.kubernetes.executor.node.selector.workload=spark-executor \
  --conf 'spark.kubernetes.executor.tolerations=[{"key":"workload","operator":"Equal","value":"spark-executor","effect":"NoSchedule"}]' \
  local:///opt/spark/work-dir/jobs/orders_daily.py --date "2026-01-31" --rows=10
`

func TestParseSubmitArticle(t *testing.T) {
	words, err := spark.SplitCommand(articleCommand)
	if err != nil {
		t.Fatal(err)
	}
	job, findings, err := spark.ParseSubmit(words)
	if err != nil {
		t.Fatal(err)
	}
	want := &spark.Job{
		Name: "etl-orders-daily", Namespace: "data-platform",
		Image: "company-registry/spark:3.5.1-python3.11", Version: "3.5.1", Language: spark.Python,
		Main: "local:///opt/spark/work-dir/jobs/orders_daily.py", Args: []string{"--date", "2026-01-31", "--rows=10"},
		Driver: spark.Driver{CoreRequest: "2", Memory: 4 * millrace.GiB, ServiceAccount: "spark-executor"},
		Executor: spark.Executor{
			Cores: 4, CoreRequest: "3", Memory: 8 * millrace.GiB, Instances: 10,
			Annotations: map[string]string{millrace.SafeToEvict: "false"},
			Placement: millrace.Placement{
				NodeSelector: map[string]string{"workload": "spark-executor"},
				Tolerations:  []corev1.Toleration{{Key: "workload", Operator: "Equal", Value: "spark-executor", Effect: "NoSchedule"}},
			},
		},
		Observe:    spark.Observe{EventLog: spark.EventLog{Dir: "s3a://data-platform-logs/spark-events/"}},
		Target:     spark.Submit{Master: "k8s://https://k8s-api.internal:6443"},
		NoDefaults: true,
	}
	if diff := cmp.Diff(want, job, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	wantNotes(t, findings,
		"warning --conf spark.kubernetes.executor.tolerations build/unknown",
		"warning --conf spark.kubernetes.serviceAccountName build/unknown",
		"info Version build/required",
	)
	if _, err := job.Build(); err != nil {
		t.Error(err)
	}
}

func wantNotes(t *testing.T, findings []millrace.Finding, want ...string) {
	t.Helper()
	var got []string
	for _, f := range findings {
		got = append(got, f.Severity.String()+" "+f.Field+" "+f.Rule)
		if f.Detail == "" || f.Fix == "" || f.Object.Kind != "spark-submit" {
			t.Errorf("it says too little: %s", f)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestParseSubmitFindings(t *testing.T) {
	k8s := []string{"--master", "k8s://https://api:6443", "--deploy-mode", "cluster", "--name", "etl", "--class", "a.B",
		"--conf", "spark.kubernetes.container.image=x/spark:v3.5.1"}
	for name, tc := range map[string]struct {
		words []string
		check func(*spark.Job) any
		want  any
		notes []string
	}{
		"YARN": {[]string{"--queue", "etl", "--conf", "spark.yarn.am.memory=1g"},
			func(j *spark.Job) any { return len(j.Conf) }, 0,
			[]string{"warning --queue build/unsupported", "warning --conf spark.yarn.am.memory build/unsupported"}},
		"standalone": {[]string{"--supervise", "--total-executor-cores", "40", "--conf", "spark.cores.max=40"},
			func(j *spark.Job) any { return len(j.Conf) }, 0,
			[]string{"warning --supervise build/unsupported", "warning --total-executor-cores build/unsupported", "warning --conf spark.cores.max build/unsupported"}},
		"shuffle services of YARN": {[]string{"--conf", "spark.shuffle.service.enabled=true", "--conf", "spark.shuffle.push.enabled=true"},
			func(j *spark.Job) any { return len(j.Conf) }, 0,
			[]string{"warning --conf spark.shuffle.push.enabled build/unsupported", "warning --conf spark.shuffle.service.enabled build/unsupported"}},
		"client mode": {[]string{"--deploy-mode", "client"},
			func(j *spark.Job) any { return j.Target }, spark.Submit{Master: "k8s://https://api:6443", Mode: spark.ClientMode},
			[]string{"warning --conf spark.submit.deployMode build/duplicate", "info --deploy-mode build/unsupported"}},
		"where the driver is": {[]string{"--deploy-mode", "client", "--conf", "spark.driver.host=10.0.0.7", "--conf", "spark.driver.port=7078", "--conf", "spark.kubernetes.driver.pod.name=notebook-0"},
			func(j *spark.Job) any { return j.Target },
			spark.Submit{Master: "k8s://https://api:6443", Mode: spark.ClientMode, Driver: spark.ClientDriver{Host: "10.0.0.7", Port: 7078, Pod: "notebook-0"}},
			[]string{"warning --conf spark.submit.deployMode build/duplicate", "info --deploy-mode build/unsupported"}},
		"another master": {[]string{"--master", "yarn"}, func(j *spark.Job) any { return j.Target }, nil,
			[]string{"warning --conf spark.master build/duplicate", "warning --master build/unsupported"}},
		"a name": {[]string{"--name", "Daily ETL (orders)"}, func(j *spark.Job) any { return j.Name }, "daily-etl-orders",
			[]string{"warning --conf spark.app.name build/duplicate", "info --name build/invalid"}},
		"a file of settings": {[]string{"--properties-file", "/etc/spark.conf"}, func(j *spark.Job) any { return j.Version }, "3.5.1",
			[]string{"error --properties-file build/unsupported"}},
		"templates": {[]string{"--conf", "spark.kubernetes.executor.podTemplateFile=/a.yaml"}, func(j *spark.Job) any { return len(j.Base.SparkConf) }, 0,
			[]string{"error --conf spark.kubernetes.executor.podTemplateFile build/unsupported"}},
		"twice": {[]string{"--conf", "spark.x=1", "--conf", "spark.x=2"}, func(j *spark.Job) any { return j.Conf["spark.x"] }, "2",
			[]string{"warning --conf spark.x build/duplicate"}},
		"the option goes before": {[]string{"--executor-memory", "8g", "--conf", "spark.executor.memory=2g"},
			func(j *spark.Job) any { return j.Executor.Memory }, 8 * millrace.GiB, []string{"warning --conf spark.executor.memory build/duplicate"}},
		"the option comes later": {[]string{"--conf", "spark.executor.memory=2g", "--executor-memory=8g"},
			func(j *spark.Job) any { return j.Executor.Memory }, 8 * millrace.GiB, []string{"warning --conf spark.executor.memory build/duplicate"}},
		"names that are none": {[]string{"--conf", "spark.kubernetes.executor.memoryOverhead=1g", "--conf", "spark.kubernetes.driver.priorityClassName=high"},
			func(j *spark.Job) any { return []any{j.Executor.MemoryOverhead, j.Driver.PriorityClass} }, []any{millrace.GiB, "high"},
			[]string{"warning --conf spark.kubernetes.driver.priorityClassName build/unknown", "warning --conf spark.kubernetes.executor.memoryOverhead build/unknown"}},
		"short": {[]string{"-c", "spark.a=1", "-v", "--num-executors=4"}, func(j *spark.Job) any { return []any{j.Conf["spark.a"], j.Executor.Instances} }, []any{"1", int32(4)}, nil},
		"lists": {[]string{"--jars", "local:///a.jar, local:///b.jar", "--packages=a:b:1"}, func(j *spark.Job) any { return j.Deps },
			spark.Deps{Jars: []string{"local:///a.jar", "local:///b.jar"}, Packages: []string{"a:b:1"}}, nil},
		"one selector for both": {[]string{"--conf", "spark.kubernetes.node.selector.pool=spark"}, func(j *spark.Job) any { return j.Placement.NodeSelector }, map[string]string{"pool": "spark"}, nil},
		"a selector of each": {[]string{"--conf", "spark.kubernetes.node.selector.a=1", "--conf", "spark.kubernetes.driver.node.selector.a=2"}, func(j *spark.Job) any {
			return []any{j.Driver.Placement.NodeSelector, j.Executor.Placement.NodeSelector}
		}, []any{map[string]string{"a": "2"}, map[string]string{"a": "1"}}, nil},
		"environment": {[]string{"--conf", "spark.executorEnv.A=b", "--conf", "spark.kubernetes.executor.secretKeyRef.T=api:token"}, func(j *spark.Job) any { return j.Executor.Env },
			[]corev1.EnvVar{{Name: "A", Value: "b"}, {Name: "T", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
				LocalObjectReference: corev1.LocalObjectReference{Name: "api"}, Key: "token"}}}}, nil},
		"Hadoop": {[]string{"--conf", "spark.hadoop.fs.s3a.endpoint=x"}, func(j *spark.Job) any { return j.HadoopConf["fs.s3a.endpoint"] }, "x", nil},
		"dynamic": {[]string{"--conf", "spark.dynamicAllocation.enabled=true", "--conf", "spark.dynamicAllocation.minExecutors=1", "--conf", "spark.dynamicAllocation.maxExecutors=9",
			"--conf", "spark.dynamicAllocation.shuffleTracking.timeout=5000ms"}, func(j *spark.Job) any {
			return [3]int32{j.Executor.DynamicAllocation.Min, j.Executor.DynamicAllocation.Max, int32(j.Executor.DynamicAllocation.ShuffleTrackingTimeout.Seconds())}
		}, [3]int32{1, 9, 5}, nil},
		"proxy user": {[]string{"--proxy-user", "etl"}, func(j *spark.Job) any { return *j.Base.ProxyUser }, "etl", nil},
	} {
		t.Run(name, func(t *testing.T) {
			words := append(append([]string{"/opt/spark/bin/spark-submit"}, k8s...), append(tc.words, "local:///a.jar", "--conf", "kept")...)
			job, findings, err := spark.ParseSubmit(words)
			if err != nil {
				t.Fatal(err)
			}
			var notes []millrace.Finding
			for _, f := range findings {
				if f.Field != "Version" {
					notes = append(notes, f)
				}
			}
			wantNotes(t, notes, tc.notes...)
			if diff := cmp.Diff(tc.want, tc.check(job)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]string{"--conf", "kept"}, job.Args); diff != "" {
				t.Errorf("arguments:\n%s", diff)
			}
			if _, err := job.Build(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestParseSubmitRefuses(t *testing.T) {
	for want, words := range map[string][]string{
		"the file to run is missing":          {"--name", "x"},
		"--name: its value is missing":        {"--name"},
		"did you mean --executor-memory?":     {"--executors-memory", "2g", "a.jar"},
		"spark-submit has no such option":     {"--frobnicate", "a.jar"},
		"--conf x: not key=value":             {"--conf", "x", "a.jar"},
		"--kill: it ends a submission":        {"--kill", "driver-1"},
		"--remote: it connects to a server":   {"--remote", "sc://x", "a.py"},
		"-x: spark-submit has no such option": {"-x", "a.jar"},
	} {
		job, _, err := spark.ParseSubmit(words)
		if job != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", words, err, want)
		}
	}
}

// What the operator would be given, parsed from what spark-submit was given.
func TestParseSubmitMovesToOperator(t *testing.T) {
	words, err := spark.SplitCommand(articleCommand)
	if err != nil {
		t.Fatal(err)
	}
	job, _, err := spark.ParseSubmit(words)
	if err != nil {
		t.Fatal(err)
	}
	job.Target, job.NoDefaults = nil, false
	app, err := job.SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	if app.Spec.RestartPolicy.Type != v1beta2.RestartPolicyOnFailure || *app.Spec.Executor.Memory != "8g" {
		t.Errorf("%+v", app.Spec)
	}
}

func TestSplitCommand(t *testing.T) {
	for text, want := range map[string][]string{
		"":                           nil,
		"  a  b\t c\n":               {"a", "b", "c"},
		"a \\\n  b":                  {"a", "b"},
		"a \\\r\n  b":                {"a", "b"},
		"a\\ b":                      {"a b"},
		`a 'b c' "d e"`:              {"a", "b c", "d e"},
		`a"b"'c'd`:                   {"abcd"},
		`"" ''`:                      {"", ""},
		`"a\"b\\c\d"`:                {`a"b\c\d`},
		"# comment\na # more\n# end": {"a"},
		"a#b":                        {"a#b"},
		`'$HOME' "\$X" 5$ "a$"`:      {"$HOME", "$X", "5$", "a$"},
		"a \\":                       {"a"},
	} {
		got, err := spark.SplitCommand(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
	for text, want := range map[string]string{
		"a 'b":          "line 1: a single quote is not closed",
		"\n a \\\n \"b": "line 3: a double quote is not closed",
		"a; b":          `";" means something to the shell`,
		"a\nb":          "a second command begins",
		"a $DATE":       "something else for $DATE",
		`a "${DATE} x"`: "something else for ${DATE}",
		"a $(date) x":   "something else for $(date)",
		"a `date`":      "something else for `date`",
	} {
		if _, err := spark.SplitCommand(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

// A real shell is the judge of what the splitter takes.
func FuzzSplitCommand(f *testing.F) {
	f.Add(articleCommand)
	f.Add(`a 'b' "c\"" \ d`)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := spark.SplitCommand(text)
		if err != nil || len(got) == 0 || strings.ContainsAny(text, "~*?[]{}=!^\x00%") || strings.HasSuffix(text, "\\") {
			return
		}
		for _, w := range got {
			if w == "" || strings.ContainsAny(w, "\n\r") {
				return
			}
		}
		script := "printf '%s\\n' " + strings.TrimLeft(text, " \t\n")
		if strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "#") || strings.Contains(text, "\r") {
			return
		}
		out, err := exec.Command("sh", "-c", script).Output()
		if err != nil {
			t.Fatalf("%q: the shell refuses what SplitCommand takes: %v", text, err)
		}
		if want := strings.Join(got, "\n") + "\n"; string(out) != want {
			t.Errorf("%q: the shell has %q, SplitCommand %q", text, out, want)
		}
	})
}

func FuzzParseSubmit(f *testing.F) {
	f.Add("--name a --conf spark.executor.memory=2g --driver-memory 1g a.jar b")
	f.Add("--conf spark.kubernetes.tolerations=[{}] --conf spark.dynamicAllocation.enabled=true --conf spark.dynamicAllocation.maxExecutors=3 a.py")
	f.Fuzz(func(t *testing.T, text string) {
		job, _, err := spark.ParseSubmit(strings.Fields(text))
		if err != nil {
			return
		}
		_, _ = job.Build()
	})
}
