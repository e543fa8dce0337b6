package upstream_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace/workflow"
)

// answering is when a server counts as ready.
func answering(path string, port, delay int32) corev1.Container {
	return corev1.Container{ReadinessProbe: &corev1.Probe{
		ProbeHandler:        corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: path, Port: intstr.FromInt32(port)}},
		InitialDelaySeconds: delay, TimeoutSeconds: 1,
	}}
}

func TestDaemon(t *testing.T) {
	ip := workflow.Input{Name: "server-ip"}
	server := &workflow.Task{Name: "nginx-server", Step: &workflow.Definition{
		Name: "nginx-server", Settings: workflow.Settings{Daemon: true},
		Step: workflow.Container{Image: "nginx:1.13", Base: answering("/", 80, 2)},
	}}
	url := "http://" + ip.Ref() + ":80/"
	client := &workflow.Definition{Name: "nginx-client", Inputs: taking(ip), Step: workflow.Container{
		Image: "appropriate/curl:latest", Command: []string{"/bin/sh", "-c"},
		Args: []string{"echo curl --silent -G " + url + " && curl --silent -G " + url},
	}}
	same(t, "daemon-nginx.yaml", running(define("daemon-nginx-example", workflow.Steps{
		{server}, {call("nginx-client", client, "server-ip", server.IP().Ref())},
	})))
}

// In a DAG, what waits for a daemon starts when it is ready.
func TestDaemonInDAG(t *testing.T) {
	cmd := workflow.Input{Name: "cmd"}
	client := &workflow.Definition{Name: "influxdb-client", Inputs: taking(cmd), Step: shell("appropriate/curl:latest", cmd.Ref())}
	db := &workflow.Task{Name: "influx", Step: &workflow.Definition{
		Name: "influxdb", Settings: workflow.Settings{Daemon: true},
		Step: workflow.Container{Image: "influxdb:1.2", Base: answering("/ping", 8086, 5)},
	}}
	url := "http://" + db.IP().Ref() + ":8086/"
	write := "curl -XPOST '" + url + "write?db=mydb' -d "
	init := call("init-database", client, "cmd", "curl -XPOST '"+url+`query' --data-urlencode "q=CREATE DATABASE mydb"`)
	init.Depends = bare(db)
	p1 := call("producer-1", client, "cmd", "for i in $(seq 1 20); do "+write+`"cpu,host=server01,region=uswest load=$i" ; sleep .5 ; done`)
	p2 := call("producer-2", client, "cmd", "for i in $(seq 1 20); do "+write+`"cpu,host=server02,region=uswest load=$((RANDOM % 100))" ; sleep .5 ; done`)
	p3 := call("producer-3", client, "cmd", write+"'cpu,host=server03,region=useast load=15.4'")
	p1.Depends, p2.Depends, p3.Depends = bare(init), bare(init), bare(init)
	consumer := call("consumer", client, "cmd", "curl --silent -G "+url+`query?pretty=true --data-urlencode "db=mydb" --data-urlencode "q=SELECT * FROM cpu"`)
	consumer.Depends = workflow.And(bare(p1), bare(p2), bare(p3))
	same(t, "dag-daemon-task.yaml", running(define("daemon-example", workflow.DAG{Tasks: []*workflow.Task{db, init, p1, p2, p3, consumer}})))
}

// probed asks a container over HTTP whether it is ready.
func probed(path string, port, delay int32) corev1.Container {
	return corev1.Container{ReadinessProbe: &corev1.Probe{
		ProbeHandler:        corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: path, Port: intstr.FromInt32(port)}},
		InitialDelaySeconds: delay, TimeoutSeconds: 1,
	}}
}

// A database that lives as long as the steps that use it.
func TestDaemonInSteps(t *testing.T) {
	cmd := workflow.Input{Name: "cmd"}
	client := &workflow.Definition{Name: "influxdb-client", Inputs: taking(cmd), Step: shell("appropriate/curl:latest", cmd.Ref())}
	influx := &workflow.Task{Name: "influx", Step: &workflow.Definition{
		Name: "influxdb", Settings: workflow.Settings{Daemon: true},
		Step: workflow.Container{Image: "influxdb:1.2", Base: probed("/ping", 8086, 5)},
	}}
	task := func(name, line string) *workflow.Task {
		return &workflow.Task{Name: name, Step: client, Arguments: args{"cmd": line}}
	}
	at := "http://" + influx.IP().Ref() + ":8086"
	loop := func(data string) string {
		return `for i in $(seq 1 20); do curl -XPOST '` + at + `/write?db=mydb' -d "` + data + `" ; sleep .5 ; done`
	}
	same(t, "daemon-step.yaml", running(&workflow.Definition{Name: "daemon-example", Step: workflow.Steps{
		{influx},
		{task("init-database", `curl -XPOST '`+at+`/query' --data-urlencode "q=CREATE DATABASE mydb"`)},
		{
			task("producer-1", loop("cpu,host=server01,region=uswest load=$i")),
			task("producer-2", loop("cpu,host=server02,region=uswest load=$((RANDOM % 100))")),
			task("producer-3", `curl -XPOST '`+at+`/write?db=mydb' -d 'cpu,host=server03,region=useast load=15.4'`),
		},
		{task("consumer", `curl --silent -G `+at+`/query?pretty=true --data-urlencode "db=mydb" --data-urlencode "q=SELECT * FROM cpu"`)},
	}}))
}

// A server that is started anew when it is lost, and clients that take turns.
func TestDaemonWithRetry(t *testing.T) {
	address := workflow.Input{Name: "server-ip"}
	server := &workflow.Task{Name: "server", Step: &workflow.Definition{
		Name: "server", Settings: workflow.Settings{Daemon: true}, Retry: &workflow.Retry{Limit: new(10)},
		Step: workflow.Container{Image: "nginx:latest", Command: []string{"nginx"}, Args: []string{"-g", "daemon off;"}, Base: probed("/", 80, 2)},
	}}
	line := "curl --silent -G http://" + address.Ref() + ":80/"
	client := &workflow.Task{
		Name: "client", Loop: workflow.Sequence{Count: "10"}, Arguments: args{"server-ip": server.IP().Ref()},
		Step: &workflow.Definition{
			Name: "client", Inputs: taking(address),
			Settings: workflow.Settings{Locks: []workflow.Lock{workflow.Mutex{Name: "client-" + workflow.RunUID.Ref()}}},
			Step:     workflow.Container{Image: "appropriate/curl:latest", Command: []string{"/bin/sh", "-c"}, Args: []string{"echo " + line + " && " + line}},
		},
	}
	same(t, "steps-daemon-retry-strategy.yaml", running(&workflow.Definition{Name: "main", Step: workflow.Steps{{server}, {client}}}))
}
