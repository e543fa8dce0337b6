package spark_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// driverLog is what spark-submit logs of a driver that ends, after Spark's
// LoggingPodStatusWatcher.
func driverLog(phase string, driver ...string) string {
	containers := "\n\t container name: istio-proxy\n\t container state: terminated\n\t exit code: 9\n\t termination reason: Error\n" +
		"\n\t container name: spark-kubernetes-driver\n\t container image: company-registry/spark:3.5.1\n\t container state: terminated\n\t " +
		strings.Join(driver, "\n\t ") + "\n"
	return "26/01/31 02:00:00 INFO LoggingPodStatusWatcherImpl: State changed, new state: \n\t pod name: etl-driver\n\t phase: Pending\n" +
		"26/01/31 02:00:01 INFO LoggingPodStatusWatcherImpl: Application status for spark-1 (phase: " + phase + ")\n" +
		"26/01/31 02:00:01 INFO LoggingPodStatusWatcherImpl: Container final statuses:\n\n" + containers +
		"26/01/31 02:00:01 INFO ShutdownHookManager: Shutdown hook called\n"
}

// runScript writes the job's files below dir, runs the script there with a
// spark-submit that does what fake says, and returns the script's exit code and
// all that it wrote.
func runScript(t *testing.T, j *spark.Job, dir, fake string, extra ...string) (int, string) {
	t.Helper()
	bundle, err := millrace.Build(j)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := millrace.WriteDir(dir, bundle); err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(t.TempDir(), "spark home")
	if err := os.MkdirAll(filepath.Join(home, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "bin", "spark-submit"), []byte("#!/bin/sh\n"+fake), 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(dir, "scripts", j.Name+".sh"), extra...)
	// CDPATH makes a careless "cd" print and go elsewhere.
	cmd.Env = []string{"SPARK_HOME=" + home, "PATH=/usr/bin:/bin", "CDPATH=/:.:..", "HOME=/nowhere"}
	for _, variable := range os.Environ() {
		if strings.HasPrefix(variable, "AWS_") && strings.HasSuffix(variable, "=x") { // of the test's own
			cmd.Env = append(cmd.Env, variable)
		}
	}
	cmd.Dir = t.TempDir()
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if leaked, _ := filepath.Glob(filepath.Join(cmd.Dir, "*")); len(leaked) > 0 {
		t.Errorf("a value was executed: %v", leaked)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// In cluster mode spark-submit ends with 0 whatever became of the driver.
func TestScriptEndsAsTheDriverEnds(t *testing.T) {
	cluster := spark.Submit{Master: "k8s://https://k8s-api.internal:6443"}
	noWait, client := cluster, cluster
	noWait.NoWait = true
	client.Mode = spark.ClientMode
	for name, test := range map[string]struct {
		target spark.Submit
		log    string
		own    string // spark-submit's exit code
		want   int
	}{
		"the driver succeeds": {cluster, driverLog("Succeeded", "exit code: 0"), "0", 0},
		"the driver fails":    {cluster, driverLog("Failed", "exit code: 137", "termination reason: OOMKilled"), "0", 137},
		"evicted, no code":    {cluster, "INFO: Application status for spark-1 (phase: Failed)\nContainer final statuses:\n", "0", 1},
		"succeeded, no code":  {cluster, "INFO: Application status for spark-1 (phase: Succeeded)\n", "0", 0},
		"deleted":             {cluster, "INFO: Application status for spark-1 (phase: Running)\n", "0", 1},
		"silent":              {cluster, "", "0", 1},
		"spark-submit fails":  {cluster, "Exception in thread main", "3", 3},
		"without waiting":     {noWait, "Deployed Spark application\n", "0", 0},
		"without the right":   {noWait, "Forbidden\n", "1", 1},
		"client succeeds":     {client, "Pi is roughly 3\n", "0", 0},
		"client fails":        {client, driverLog("Succeeded", "exit code: 0"), "42", 42},
	} {
		t.Run(name, func(t *testing.T) {
			j := minimal()
			j.Target = test.target
			code, out := runScript(t, j, t.TempDir(), "printf '%s' '"+test.log+"'\nexit "+test.own+"\n")
			if code != test.want || !strings.HasPrefix(out, test.log) {
				t.Errorf("exit code %d, want %d\n%s", code, test.want, out)
			}
		})
	}
}

// Without SPARK_HOME it is the spark-submit of the PATH.
func TestScriptFindsSparkSubmit(t *testing.T) {
	j := minimal()
	j.Target = spark.Submit{Master: "k8s://https://k8s-api.internal:6443", NoWait: true}
	parts, err := j.Build()
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "spark-submit"), []byte("#!/bin/sh\nprintf ran\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/bin/sh", "-s")
	cmd.Stdin = strings.NewReader(string(parts.Files[0].Data))
	cmd.Env = []string{"PATH=" + bin + ":/usr/bin:/bin"}
	if out, err := cmd.Output(); err != nil || string(out) != "ran" {
		t.Errorf("%q, %v", out, err)
	}
}

// In client mode the driver's variables are those of the script.
func TestScriptAsksForVariables(t *testing.T) {
	j := inClient()
	j.Stores = []spark.Store{spark.S3A{Credentials: spark.AccessKeys{Secret: "minio"}}}
	s := submission(t, j)
	if len(s.Env) < 2 || s.Env[0].ValueFrom.SecretKeyRef.Name != "minio" || len(s.Executor.Spec.Containers[0].Env) != len(s.Env) {
		t.Fatalf("variables: %v", s.Env)
	}
	code, out := runScript(t, j, t.TempDir(), "exit 0\n")
	if want := s.Env[0].Name + ": set it to the key " + s.Env[0].ValueFrom.SecretKeyRef.Key + " of the secret minio"; code == 0 || !strings.Contains(out, want) {
		t.Errorf("exit code %d: %s, want %s", code, out, want)
	}
	for _, e := range s.Env {
		t.Setenv(e.Name, "x")
	}
	if code, out := runScript(t, j, t.TempDir(), "exit 0\n"); code != 0 {
		t.Errorf("exit code %d: %s", code, out)
	}
	j.Target = spark.Submit{Master: master}
	if s := submission(t, j); s.Env != nil || len(s.Driver.Spec.Containers[0].Env) < 2 {
		t.Errorf("in cluster mode: %v, %v", s.Env, s.Driver.Spec.Containers[0].Env)
	}
}
