package upstream_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// goSource is where the sources of InfluxDB lie in the containers that build
// and test it.
var goSource = workflow.Artifact{Name: "source", Path: "/go/src/github.com/influxdata/influxdb"}

// golang is a container that works on them.
func golang(line, memory string) workflow.Container {
	out := workflow.Container{
		Image: "golang:1.9.2", Command: []string{"/bin/sh", "-c"},
		Args: []string{" cd /go/src/github.com/influxdata/influxdb && go get github.com/golang/dep/cmd/dep && dep ensure -vendor-only && " + line + " "},
	}
	if memory != "" {
		out.Base.Resources.Requests = requests("200m", memory)
	}
	return out
}

// requests has no limit of the memory, which Container.Memory would set.
func requests(cpu, memory string) corev1.ResourceList {
	return corev1.ResourceList{corev1.ResourceCPU: resource.MustParse(cpu), corev1.ResourceMemory: resource.MustParse(memory)}
}

// from gives a task its one artifact.
func from(name string, from workflow.From) map[string]workflow.Location {
	return map[string]workflow.Location{name: from}
}

// TestInfluxCI passes sources and a program from task to task, and tests the
// program with a server that runs beside its clients.
func TestInfluxCI(t *testing.T) {
	repo, revision := parameter("repo", "https://github.com/influxdata/influxdb.git"), parameter("revision", "1.6")
	source := []workflow.Artifact{goSource}
	checkout := &workflow.Task{Name: "checkout", Step: &workflow.Definition{
		Name: "checkout",
		Inputs: workflow.Inputs{Artifacts: []workflow.Artifact{{
			Name: "source", Path: "/src", From: workflow.Git{Repo: repo.Ref(), Revision: revision.Ref()},
		}}},
		Outputs: workflow.Outputs{Artifacts: []workflow.Artifact{{Name: "source", Path: "/src"}}},
		Step:    workflow.Container{Image: "golang:1.9.2", Command: []string{"/bin/sh", "-c"}, Args: []string{"cd /src && git status && ls -l"}},
	}}
	build := &workflow.Task{Name: "build", Artifacts: from("source", checkout.Artifact("source")), Step: &workflow.Definition{
		Name: "build", Inputs: workflow.Inputs{Artifacts: source}, Step: golang("go install -v ./...", "1024Mi"),
		Outputs: workflow.Outputs{Artifacts: []workflow.Artifact{{Name: "influxd", Path: "/go/bin"}}},
	}}
	unit := &workflow.Task{Name: "test-unit", Artifacts: from("source", checkout.Artifact("source")), Step: &workflow.Definition{
		Name: "test-unit", Inputs: workflow.Inputs{Artifacts: source}, Step: golang("go test -parallel=1 ./...", ""),
	}}
	coverage := &workflow.Task{Name: "test-cov", Artifacts: from("source", checkout.Artifact("source")), Step: influxCoverage(source)}
	endToEnd := &workflow.Task{Name: "test-e2e", Artifacts: from("influxd", build.Artifact("influxd")), Step: influxEndToEnd()}
	run := running(&workflow.Definition{Name: "influxdb-ci", Step: workflow.Steps{{checkout}, {build, unit}, {coverage, endToEnd}}})
	run.Template.Parameters = []workflow.Parameter{repo, revision}
	same(t, "influxdb-ci.yaml", run)
}

// influxCoverage passes an artifact that it is given on to its own tasks.
func influxCoverage(source []workflow.Artifact) *workflow.Definition {
	pkg, given := workflow.Input{Name: "package"}, workflow.Artifact{Name: "source"}
	base := &workflow.Definition{
		Name:    "test-cov-base",
		Inputs:  workflow.Inputs{Parameters: []workflow.Input{pkg}, Artifacts: source},
		Outputs: workflow.Outputs{Artifacts: []workflow.Artifact{{Name: "covreport", Path: "/tmp/index.html"}}},
		Step: golang("go test -v -coverprofile /tmp/cov.out ./"+pkg.Ref()+
			" && go tool cover -html=/tmp/cov.out -o /tmp/index.html", "4096Mi"),
	}
	task := func(name, path string) *workflow.Task {
		return &workflow.Task{Name: name, Step: base, Arguments: args{pkg.Name: path},
			Artifacts: from("source", workflow.From(given.Variable()))}
	}
	return &workflow.Definition{
		Name: "test-cov", Inputs: workflow.Inputs{Artifacts: []workflow.Artifact{given}},
		Step: workflow.Steps{{task("test-cov-query", "query"), task("test-cov-tsm1", "tsdb/engine/tsm1")}},
	}
}

// influxEndToEnd has clients talk to a daemon by its address.
func influxEndToEnd() *workflow.Definition {
	given := workflow.Artifact{Name: "influxd"}
	server := &workflow.Task{Name: "influxdb-server", Artifacts: from("influxd", workflow.From(given.Variable())), Step: &workflow.Definition{
		Name:     "influxdb-server",
		Inputs:   workflow.Inputs{Artifacts: []workflow.Artifact{{Name: "influxd", Path: "/app"}}},
		Outputs:  workflow.Outputs{Artifacts: []workflow.Artifact{{Name: "data", Path: "/var/lib/influxdb/data"}}},
		Settings: workflow.Settings{Daemon: true},
		Step: workflow.Container{
			Image: "debian:9.4", Command: []string{"/bin/sh", "-c"}, Args: []string{"chmod +x /app/influxd && /app/influxd"},
			Base: corev1.Container{
				ReadinessProbe: ready("/ping", 8086, 5),
				Resources:      corev1.ResourceRequirements{Requests: requests("250m", "512Mi")},
			},
		},
	}}
	cmd := workflow.Input{Name: "cmd"}
	client := &workflow.Definition{Name: "influxdb-client", Inputs: taking(cmd), Step: workflow.Container{
		Image: "appropriate/curl:latest", Command: []string{"/bin/sh", "-c"}, Args: []string{cmd.Ref()},
		Base: corev1.Container{Resources: corev1.ResourceRequirements{Requests: requests("100m", "32Mi")}},
	}}
	calls := func(name, line string) *workflow.Task {
		return &workflow.Task{Name: name, Step: client, Arguments: args{cmd.Name: line}}
	}
	url := "http://" + server.IP().Ref() + ":8086/"
	write := "curl -XPOST '" + url + "write?db=mydb' -d "
	return &workflow.Definition{
		Name: "test-e2e", Inputs: workflow.Inputs{Artifacts: []workflow.Artifact{given}},
		Step: workflow.Steps{
			{server},
			{calls("initdb", "curl -XPOST '"+url+`query' --data-urlencode "q=CREATE DATABASE mydb"`)},
			{
				calls("producer1", "for i in $(seq 1 20); do "+write+`"cpu,host=server01,region=uswest load=$i" ; sleep .5 ; done`),
				calls("producer2", "for i in $(seq 1 20); do "+write+`"cpu,host=server02,region=uswest load=$((RANDOM % 100))" ; sleep .5 ; done`),
				calls("producer3", write+"'cpu,host=server03,region=useast load=15.4'"),
				calls("consumer", "curl --silent -G "+url+`query?pretty=true --data-urlencode "db=mydb" --data-urlencode "q=SELECT * FROM cpu"`),
			},
		},
	}
}

// work is the volume that all tasks of TestCacheCI share.
var work = workflow.Claim{Name: "work", Size: 64 * millrace.MiB, AccessMode: corev1.ReadWriteOnce}

// part mounts a directory of it.
func part(path, of string) corev1.VolumeMount {
	mount := work.Mount(path)
	mount.SubPath = of
	return mount
}

// TestCacheCI keeps what the Go tools cache from one run to the next.
func TestCacheCI(t *testing.T) {
	branch := parameter("branch", "master")
	const (
		source  = "/go/src/github.com/golang/example"
		modules = "/go/pkg/mod"
		builds  = "/root/.cache/go-build"
	)
	cache := func(name, path string) workflow.Artifact {
		return workflow.Artifact{Name: name, Path: path, Optional: true,
			From: workflow.RepositoryKey("github.com/golang/examples/" + branch.Ref() + "/" + name)}
	}
	golang := func(flags, lines string, mounts ...corev1.VolumeMount) workflow.Container {
		return workflow.Container{Image: "golang:1.18", Command: []string{"sh", flags}, Args: []string{lines}, Mounts: mounts,
			Base: corev1.Container{WorkingDir: source}}
	}
	task := func(name, flags, lines string, after ...*workflow.Task) *workflow.Task {
		out := &workflow.Task{Name: name, Step: &workflow.Definition{Name: name,
			Step: golang(flags, lines, part(source, "src"), part(modules, "GOMODCACHE"), part(builds, "GOCACHE"))}}
		for _, before := range after {
			out.Depends = workflow.And(out.Depends, bare(before))
		}
		return out
	}
	restore := &workflow.Task{Name: "cache-restore", Step: &workflow.Definition{
		Name: "cache-restore",
		Inputs: workflow.Inputs{Artifacts: []workflow.Artifact{
			cache("GOMODCACHE", "/mnt/GOMODCACHE"), cache("GOCACHE", "/mnt/GOCACHE"),
		}},
		Step: golang("-euxc", `mkdir -p $(go env GOMODCACHE)
[ -e /mnt/GOMODCACHE ] && cp -Rf /mnt/GOMODCACHE $(go env GOMODCACHE)
mkdir -p $(go env GOCACHE)
[ -e /mnt/GOCACHE ] &&  cp -Rf /mnt/GOCACHE $(go env GOCACHE)
`, part(modules, "mod"), part(builds, "cache")),
	}}
	clone := task("clone", "-euxc", "git clone -v -b \""+branch.Ref()+"\" --single-branch --depth 1 https://github.com/golang/example.git .\n")
	deps := task("deps", "-xuce", "go mod download -x\n", clone, restore)
	build := task("build", "-xuce", "go build ./...\n", deps)
	test := task("test", "-euxc", `go install github.com/jstemmer/go-junit-report@latest
go install github.com/alexec/junit2html@v0.0.2

trap 'cat test.out | go-junit-report | junit2html > test-report.html' EXIT

go test -v ./... 2>&1 > test.out
`, build)
	test.Step.(*workflow.Definition).Outputs.Artifacts = []workflow.Artifact{{
		Name: "test-report", Path: source + "/test-report.html", Archive: workflow.NoArchive{},
		From: workflow.RepositoryKey(branch.Ref() + "/test-report.html"),
	}}
	store := &workflow.Definition{
		Name: "cache-store",
		Step: workflow.Container{Image: "golang:1.18", Base: corev1.Container{WorkingDir: source},
			Mounts: []corev1.VolumeMount{part(modules, "GOMODCACHE"), part(builds, "GOCACHE")}},
		Outputs: workflow.Outputs{Artifacts: []workflow.Artifact{cache("GOMODCACHE", modules), cache("GOCACHE", builds)}},
	}
	template := plain(&workflow.Definition{Name: "main", Step: workflow.DAG{Tasks: []*workflow.Task{restore, clone, deps, build, test}}})
	template.Parameters = []workflow.Parameter{branch}
	template.Pods.Claims = []workflow.Claim{work}
	template.OnExit = store
	same(t, "ci-workflowtemplate.yaml", template)
}
