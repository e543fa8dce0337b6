package spark_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/spark"
)

// What ParseSubmit makes of words that are written otherwise than most.
func TestParseSubmitOdd(t *testing.T) {
	const k8s = "--master k8s://https://a:6443 --deploy-mode cluster "
	for name, tc := range map[string]struct {
		words string
		got   func(*spark.Job) any
		want  any
		note  string // a part of the notes
	}{
		"an option before a setting": {k8s + "--executor-memory 2g --conf spark.executor.memory=1g a.py",
			func(j *spark.Job) any { return j.Executor.Memory.JVM() }, "2g", `given as "2g" and as "1g": Spark takes "2g"`},
		"a setting before an option": {k8s + "--conf spark.executor.memory=1g --executor-memory 2g a.py",
			func(j *spark.Job) any { return j.Executor.Memory.JVM() }, "2g", `Spark takes "2g"`},
		"no mode": {"--master k8s://https://a:6443 a.py",
			func(j *spark.Job) any { return j.Main }, "a.py", "--deploy-mode: the driver runs where spark-submit does"},
		"a name that starts with a digit": {k8s + "--name 1_Etl a.py", func(j *spark.Job) any { return j.Name }, "spark-1-etl", "--name"},
		"a push-based shuffle that is off": {k8s + "--conf spark.shuffle.push.enabled=false a.py",
			func(j *spark.Job) any { return j.Conf["spark.shuffle.push.enabled"] }, "false", ""},
		"a template": {k8s + "--conf spark.kubernetes.executor.podTemplateFile=x.yaml a.py",
			func(j *spark.Job) any { return len(j.Conf) }, 0, "put the template into Base.Executor.Template"},
		"a timeout without a unit": {k8s + "--conf spark.dynamicAllocation.enabled=true --conf spark.dynamicAllocation.minExecutors=1 " +
			"--conf spark.dynamicAllocation.initialExecutors=2 --conf spark.dynamicAllocation.maxExecutors=5 --conf spark.dynamicAllocation.shuffleTracking.timeout=10 a.py",
			func(j *spark.Job) any {
				a := j.Executor.DynamicAllocation
				return []any{a.Min, a.Initial, a.Max, j.Base.SparkConf["spark.dynamicAllocation.shuffleTracking.timeout"]}
			}, []any{int32(1), int32(2), int32(5), "10"}, ""},
		"numbers of dynamic allocation that is off": {k8s + "--conf spark.dynamicAllocation.maxExecutors=5 a.py",
			func(j *spark.Job) any { return j.Executor.DynamicAllocation.Max }, int32(0), ""},
		"a secret": {k8s + "--conf spark.kubernetes.driver.secrets.db=/etc/db --conf spark.kubernetes.executor.secretKeyRef.TOKEN=api:token a.py",
			func(j *spark.Job) any {
				ref := j.Executor.Env[0].ValueFrom.SecretKeyRef
				pod := j.Base.Driver.Template.Spec
				return []string{ref.Name, ref.Key, pod.Volumes[0].Name, pod.Volumes[0].Secret.SecretName, pod.Containers[0].VolumeMounts[0].Name, pod.Containers[0].VolumeMounts[0].MountPath}
			}, []string{"api", "token", "db-volume", "db", "db-volume", "/etc/db"}, ""},
		"tolerations of both roles": {k8s + `--conf spark.kubernetes.tolerations=[{"key":"a","operator":"Exists"}] a.py`,
			func(j *spark.Job) any { return j.Placement.Tolerations[0].Key }, "a", "is taken for what it means"},
		"priorities": {k8s + "--conf spark.kubernetes.driver.priorityClassName=high --conf spark.kubernetes.executor.priorityClassName=low a.py",
			func(j *spark.Job) any { return []string{j.Driver.PriorityClass, j.Executor.PriorityClass} }, []string{"high", "low"}, "priorityClassName"},
		"a misnomer beside what it means": {k8s + "--conf spark.kubernetes.executor.memoryOverhead=1g --conf spark.executor.memoryOverhead=2g a.py",
			func(j *spark.Job) any { return j.Executor.MemoryOverhead.JVM() }, "2g", "memoryOverhead"},
		"environments": {k8s + "--conf spark.executorEnv.A=b --conf spark.kubernetes.driverEnv.C=d a.py",
			func(j *spark.Job) any {
				return []string{j.Executor.Env[0].Name, j.Executor.Env[0].Value, j.Driver.Env[0].Name, j.Driver.Env[0].Value}
			}, []string{"A", "b", "C", "d"}, ""},
		"somebody's user": {k8s + "--proxy-user etl --class a.B a.jar",
			func(j *spark.Job) any { return []string{*j.Base.ProxyUser, j.Class} }, []string{"etl", "a.B"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			j, notes, err := spark.ParseSubmit(strings.Fields(tc.words))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, tc.got(j)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			var text strings.Builder
			for _, n := range notes {
				fmt.Fprintf(&text, "%s: %s; %s\n", n.Field, n.Detail, n.Fix)
			}
			if !strings.Contains(text.String(), tc.note) {
				t.Errorf("no %q in\n%s", tc.note, text.String())
			}
		})
	}
}
