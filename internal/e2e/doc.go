// Package e2e brings up a real Kubernetes on this machine, for tests of
// millrace against the code that it is for: the API server, its controllers,
// containerd and a kubelet, Argo Workflows, the Spark operator, Spark. It is a
// module of its own; "go test ./..." at the root needs none of it, and
// ".ci/e2e" (make e2e) runs it all.
//
//	c := e2e.Start(t, e2e.WithArgo())
//	client, err := cluster.New(c.Config())
//	namespace := c.Namespace(t)
//	...
//	c.KillServer()
//	c.StartServer(t)
//
// # What it is made of
//
// Everything is compiled from Go modules, whose versions build/*/go.mod pin:
// no registry of images and no other download is used, except Debian's packages
// and, for Spark itself, PyPI's pyspark. What was built lies in the user's cache
// directory, under a key of all that goes in, so it is built once: half an hour
// of one core. etcd is part of the test process.
//
// An API server is ready after 3 seconds and a node 2 seconds later. Ports are
// free ones and state lies in temporary directories, so that several clusters
// share a machine.
//
// # The node
//
// containerd, the kubelet and all pods live in namespaces of their own for
// processes, mounts and the network (node.sh): addresses of pods and services,
// rules of iptables, mounts and whatever a container leaves behind end with the
// first process in there. Every process that the harness starts ends when the
// test process does, however that ends.
//
// There is no kube-proxy: a name server in the test process tells pods the
// addresses of the pods behind a service. Images are packed from files of this
// machine.
//
// The node needs root on Linux, and Debian's packages; Pods says what is
// missing. Without it the control plane alone runs. Where MILLRACE_E2E_NODE is
// set, as .ci/run does, the tests that need a node fail without one.
//
// # Faults
//
// A test's client connects through the cluster's Gate, which can cut its
// connections, shut it out, or be slow. KillServer, StartServer, FreezeServer
// and ThawServer are about the API server itself, Compact about its store.
// Direct and Admin go past the gate.
//
// Package quick is the small rung: etcd and apiextensions-apiserver in the
// test process, for custom resources alone. Package sparksubmit is smaller
// still: a real spark-submit against a server that takes what it creates.
// Package kafkabroker has a real Kafka, and clients that may do just what
// package kafka says; it needs a JDK and Maven, and no cluster.
//
// # Files
//
//	cluster.go       Start, options, faults
//	controlplane.go  API server, controller manager, scheduler
//	etcd.go          the store
//	gate.go          the network between client and API server
//	users.go         service accounts with few rights
//	audit.go         who asked what of the API server
//	crds.go          definitions of custom resources
//	node*.go, node.sh  the node; images_linux.go, names.go  what pods need
//	argo_linux.go, spark_linux.go  the operators
//	build.go         compiling, and the cache
//	state.go         temporary directories
//	process*.go      processes that end
//	report.go        what took how long, and what was proven
package e2e
