package millrace_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/workflow"
)

// The good compositions that each row of the table below spoils in one place.

func goodJob() *spark.Job {
	return &spark.Job{
		Name: "etl", Namespace: "data", Image: "registry/etl:1.0", Version: "3.5.1",
		Main: "local:///opt/etl.jar", Class: "com.company.ETL",
		Driver:   spark.Driver{Cores: 1, Memory: millrace.GiB, ServiceAccount: "spark"},
		Executor: spark.Executor{Cores: 2, Memory: 2 * millrace.GiB, Instances: 2},
	}
}

func taskJob() *spark.Job {
	j := goodJob()
	j.Name, j.Namespace = "", ""
	return j
}

func goodTopic() *kafka.Topic {
	return &kafka.Topic{Name: "orders", Namespace: "kafka", Cluster: "main", Partitions: 12}
}

func goodCluster() *kafka.Cluster {
	return &kafka.Cluster{Name: "main", Namespace: "kafka", Pools: []kafka.BrokerPool{
		{Volumes: []kafka.Volume{{Size: 100 * millrace.GiB, Class: "ssd"}}},
		{Roles: []kafka.Role{kafka.Controller}, Volumes: []kafka.Volume{{Size: 10 * millrace.GiB, Class: "ssd"}}},
	}}
}

func goodPool() *nodepool.Pool {
	return &nodepool.Pool{Name: "executors", Machine: "n2-highmem-16", Max: 10,
		Provider: nodepool.GKE{Cluster: "google_container_cluster.main", Location: "var.region"}}
}

func karpenterPool() *nodepool.Pool {
	p := goodPool()
	p.Machine = "r6i.4xlarge"
	p.Provider = nodepool.Karpenter{NodeClass: nodepool.NodeClass{Name: "default"}}
	return p
}

func goodTemplate() *workflow.Template {
	date := workflow.Parameter{Name: "date"}
	extract := &workflow.Task{Name: "extract", Run: taskJob()}
	load := &workflow.Task{Name: "load", Run: taskJob(), After: []*workflow.Task{extract}}
	return &workflow.Template{Name: "daily", Namespace: "data", ServiceAccount: "argo",
		Parameters: []workflow.Parameter{date}, Tasks: []*workflow.Task{extract, load}}
}

func goodRun() *workflow.Run {
	return &workflow.Run{Template: goodTemplate(), Arguments: map[string]string{"date": "2026-11-23"}}
}

func spoil[T any](v T, f func(T)) T { f(v); return v }

// one wraps a single builder.
func one(b millrace.Builder) []millrace.Builder { return []millrace.Builder{b} }

func TestGoodCompositions(t *testing.T) {
	for _, b := range []millrace.Builder{goodJob(), goodTopic(), goodCluster(), goodPool(), karpenterPool(), goodTemplate(), goodRun()} {
		if _, err := millrace.Build(b); err != nil {
			t.Errorf("%T: %v", b, err)
		}
	}
}

// TestWrongCompositions spoils good compositions one by one. Each must come
// back from Build with a finding that names the object, the field and the
// rule, and says what to do; and nothing of it may be rendered.
func TestWrongCompositions(t *testing.T) {
	type row struct {
		name                string
		builders            []millrace.Builder
		object, field, rule string
	}
	job := func(name, field, rule string, f func(*spark.Job)) row {
		return row{"spark: " + name, one(spoil(goodJob(), f)), "spark.Job data/etl", field, rule}
	}
	topic := func(name, field, rule string, f func(*kafka.Topic)) row {
		return row{"topic: " + name, one(spoil(goodTopic(), f)), "kafka.Topic kafka/orders", field, rule}
	}
	cluster := func(name, field, rule string, f func(*kafka.Cluster)) row {
		return row{"cluster: " + name, one(spoil(goodCluster(), f)), "kafka.Cluster kafka/main", field, rule}
	}
	pool := func(name, field, rule string, f func(*nodepool.Pool)) row {
		return row{"pool: " + name, one(spoil(goodPool(), f)), "nodepool.Pool executors", field, rule}
	}
	template := func(name, field, rule string, f func(*workflow.Template)) row {
		return row{"workflow: " + name, one(spoil(goodTemplate(), f)), "workflow.Template data/daily", field, rule}
	}
	rows := []row{
		job("no image", "Image", millrace.RuleRequired, func(j *spark.Job) { j.Image = "" }),
		job("no version", "Version", millrace.RuleRequired, func(j *spark.Job) { j.Version = "" }),
		job("no main", "Main", millrace.RuleRequired, func(j *spark.Job) { j.Main = "" }),
		job("no class for a jar", "Class", millrace.RuleRequired, func(j *spark.Job) { j.Class = "" }),
		job("class for Python", "Class", millrace.RuleConflict, func(j *spark.Job) { j.Main = "local:///x.py" }),
		job("bad quantity", "Executor.CoreRequest", millrace.RuleInvalid, func(j *spark.Job) { j.Executor.CoreRequest = "3.8 cores" }),
		job("limit below request", "Executor.CoreLimit", millrace.RuleConflict, func(j *spark.Job) { j.Executor.CoreLimit = "1" }),
		job("negative cores", "Driver.Cores", millrace.RuleInvalid, func(j *spark.Job) { j.Driver.Cores = -1 }),
		job("no whole MiB", "Executor.Memory", millrace.RuleInvalid, func(j *spark.Job) { j.Executor.Memory = 1_000_000_001 }),
		job("label of a cloud", "Placement.NodeSelector[work load]", millrace.RuleInvalid, func(j *spark.Job) {
			j.Placement.NodeSelector = map[string]string{"work load": "spark"}
		}),
		job("a provider's effect", "Placement.Tolerations[0].Effect", millrace.RuleInvalid, func(j *spark.Job) {
			j.Placement.Tolerations = []corev1.Toleration{{Key: "workload", Value: "spark", Effect: "NO_SCHEDULE"}}
		}),
		job("memory in Conf", "Conf[spark.executor.memory]", millrace.RuleConflict, func(j *spark.Job) { j.Conf = map[string]string{"spark.executor.memory": "9g"} }),
		job("a conf that isn't one", "Conf[spark.kubernetes.executor.tolerations]", millrace.RuleUnknown, func(j *spark.Job) {
			j.Conf = map[string]string{"spark.kubernetes.executor.tolerations": "[]"}
		}),
		job("set in Base too", "Base.MainClass", millrace.RuleConflict, func(j *spark.Job) { j.Base.MainClass = new("other") }),
		job("a workflow's parameter", "Args[0]", millrace.RuleUnknown, func(j *spark.Job) { j.Args = []string{"{{workflow.parameters.date}}"} }),
		job("master of spark-submit", "Target.Master", millrace.RuleInvalid, func(j *spark.Job) { j.Target = spark.Submit{Master: "yarn"} }),
		{"spark: name of 64", one(spoil(goodJob(), func(j *spark.Job) { j.Name = strings.Repeat("a", 64) })),
			"spark.Job data/" + strings.Repeat("a", 64), "Name", millrace.RuleInvalid},

		topic("no cluster", "Cluster", millrace.RuleRequired, func(x *kafka.Topic) { x.Cluster = "" }),
		topic("no partitions", "Partitions", millrace.RuleRequired, func(x *kafka.Topic) { x.Partitions = 0 }),
		topic("more in sync than replicas", "MinInSync", millrace.RuleInvalid, func(x *kafka.Topic) { x.MinInSync = 4 }),
		topic("negative retention", "Retention", millrace.RuleInvalid, func(x *kafka.Topic) { x.Retention = -5 * time.Second }),
		topic("misspelt setting", "Config[retention.hours]", millrace.RuleUnknown, func(x *kafka.Topic) { x.Config = map[string]string{"retention.hours": "1"} }),
		topic("setting twice", "Config[retention.ms]", millrace.RuleConflict, func(x *kafka.Topic) {
			x.Retention, x.Config = time.Hour, map[string]string{"retention.ms": "1"}
		}),
		topic("unknown compression", "Compression", millrace.RuleInvalid, func(x *kafka.Topic) { x.Compression = "lz5" }),
		{"topic: Kafka's own name", one(spoil(goodTopic(), func(x *kafka.Topic) { x.Name = "__offsets" })), "kafka.Topic kafka/__offsets", "Name", millrace.RuleInvalid},

		cluster("no pools", "Pools", millrace.RuleRequired, func(x *kafka.Cluster) { x.Pools = nil }),
		cluster("no controllers", "Pools", millrace.RuleRequired, func(x *kafka.Cluster) { x.Pools = x.Pools[:1] }),
		cluster("two listeners of one port", "Listeners[1].Port", millrace.RuleDuplicate, func(x *kafka.Cluster) {
			x.Listeners = []kafka.Listener{{Name: "a", Port: 9092}, {Name: "b", Port: 9092}}
		}),
		cluster("client certificates without TLS", "Listeners[0].Auth", millrace.RuleConflict, func(x *kafka.Cluster) {
			x.Listeners = []kafka.Listener{{Name: "a", Port: 9092, Plaintext: true, Auth: kafka.MutualTLS}}
		}),
		cluster("more replicas than brokers", "Replication.Factor", millrace.RuleInvalid, func(x *kafka.Cluster) { x.Replication.Factor = 5 }),
		cluster("the operator's own setting", "Config[broker.id]", millrace.RuleUnsupported, func(x *kafka.Cluster) { x.Config = map[string]string{"broker.id": "1"} }),
		cluster("disk without size", "Pools[0].Volumes[0].Size", millrace.RuleRequired, func(x *kafka.Cluster) { x.Pools[0].Volumes[0].Size = 0 }),
		cluster("two disks of one id", "Pools[0].Volumes[1].ID", millrace.RuleDuplicate, func(x *kafka.Cluster) {
			x.Pools[0].Volumes = append(x.Pools[0].Volumes, x.Pools[0].Volumes[0])
		}),

		pool("no provider", "Provider", millrace.RuleRequired, func(p *nodepool.Pool) { p.Provider = nil }),
		pool("no machine", "Machine", millrace.RuleRequired, func(p *nodepool.Pool) { p.Machine = "" }),
		pool("no maximum", "Max", millrace.RuleRequired, func(p *nodepool.Pool) { p.Max = 0 }),
		pool("minimum above maximum", "Max", millrace.RuleInvalid, func(p *nodepool.Pool) { p.Min = 11 }),
		pool("a provider's effect", "Taints[0].Effect", millrace.RuleInvalid, func(p *nodepool.Pool) { p.Taints = []corev1.Taint{{Key: "a", Value: "b", Effect: "NO_SCHEDULE"}} }),
		pool("what GKE can't express", "OtherMachines", millrace.RuleUnsupported, func(p *nodepool.Pool) { p.OtherMachines = []string{"n2-highmem-32"} }),
		pool("no cluster", "Provider.Cluster", millrace.RuleRequired, func(p *nodepool.Pool) { p.Provider = nodepool.GKE{Location: "var.region"} }),
		{"pool: no node class", one(spoil(karpenterPool(), func(p *nodepool.Pool) { p.Provider = nodepool.Karpenter{} })),
			"nodepool.Pool executors", "Provider.NodeClass.Name", millrace.RuleRequired},

		template("no service account", "ServiceAccount", millrace.RuleRequired, func(w *workflow.Template) { w.ServiceAccount = "" }),
		template("no tasks", "Tasks", millrace.RuleRequired, func(w *workflow.Template) { w.Tasks = nil }),
		template("nil task", "Tasks[1]", millrace.RuleRequired, func(w *workflow.Template) { w.Tasks[1] = nil }),
		template("cycle", "Tasks[1].After[0]", millrace.RuleCycle, func(w *workflow.Template) { w.Tasks[0].After = []*workflow.Task{w.Tasks[1]} }),
		template("waits for itself", "Tasks[0].After[0]", millrace.RuleCycle, func(w *workflow.Template) { w.Tasks[0].After = []*workflow.Task{w.Tasks[0]} }),
		template("unlisted task", "Tasks[1].After[0]", millrace.RuleUnknown, func(w *workflow.Template) {
			w.Tasks[1].After = []*workflow.Task{{Name: "elsewhere", Run: taskJob()}}
		}),
		template("two tasks of one name", "Tasks[1].Name", millrace.RuleDuplicate, func(w *workflow.Template) { w.Tasks[1].Name = "extract" }),
		template("undeclared parameter", "Tasks[0].Run", millrace.RuleUnknown, func(w *workflow.Template) {
			w.Tasks[0].Run.(*spark.Job).Args = []string{workflow.Parameter{Name: "day"}.Ref()}
		}),
		template("mistake in a task's job", "Tasks[0].Run.Image", millrace.RuleRequired, func(w *workflow.Template) { w.Tasks[0].Run.(*spark.Job).Image = "" }),
		template("a name in a task's job", "Tasks[0].Run.Name", millrace.RuleConflict, func(w *workflow.Template) { w.Tasks[0].Run.(*spark.Job).Name = "etl" }),
		template("a script as task", "Tasks[0].Run.Target", millrace.RuleUnsupported, func(w *workflow.Template) {
			w.Tasks[0].Run.(*spark.Job).Target = spark.Submit{Master: "k8s://https://k8s:6443"}
		}),
		template("negative parallelism", "Parallelism", millrace.RuleInvalid, func(w *workflow.Template) { w.Parallelism = -1 }),

		{"two jobs of one name", []millrace.Builder{goodJob(), goodJob()}, "SparkApplication data/etl", "metadata.name", millrace.RuleDuplicate},
		{"two pools of one name", []millrace.Builder{goodPool(), goodPool()}, "millrace.File terraform/executors.tf", "Path", millrace.RuleDuplicate},
	}
	if len(rows) < 40 {
		t.Fatalf("the table has shrunk to %d rows", len(rows))
	}
	for _, tc := range rows {
		t.Run(tc.name, func(t *testing.T) {
			bundle, err := millrace.Build(tc.builders...)
			if bundle != nil {
				t.Error("Build returned a bundle")
			}
			be, ok := errors.AsType[*millrace.BuildError](err)
			if !ok {
				t.Fatalf("Build returned %v, want a *BuildError", err)
			}
			found := slices.ContainsFunc(be.Findings, func(f millrace.Finding) bool {
				return f.Object.String() == tc.object && f.Field == tc.field && f.Rule == tc.rule
			})
			if !found {
				t.Errorf("no finding %s: %s [%s] among:\n%v", tc.object, tc.field, tc.rule, err)
			}
			for _, f := range be.Findings {
				if f.Detail == "" || f.Fix == "" {
					t.Errorf("a finding without detail or fix: %s", f)
				}
			}
		})
	}
}

// TestAllMistakesAtOnce puts wrong nouns of every package into one call.
func TestAllMistakesAtOnce(t *testing.T) {
	_, err := millrace.Build(
		spoil(goodJob(), func(j *spark.Job) { j.Image, j.Version = "", "" }),
		spoil(goodTopic(), func(x *kafka.Topic) { x.Partitions = -1 }),
		spoil(goodPool(), func(p *nodepool.Pool) { p.Provider = nil }),
		spoil(goodTemplate(), func(w *workflow.Template) { w.ServiceAccount, w.Tasks[0].Name = "", "in" }),
	)
	var out bytes.Buffer
	for _, f := range findings(t, err) {
		out.WriteString(f + "\n")
	}
	for _, want := range []string{"Image|", "Version|", "Partitions|", "Provider|", "ServiceAccount|", "Tasks[0].Name|"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no finding at %s among:\n%s", want, out.String())
		}
	}
}
