// Package millrace composes data workloads on Kubernetes from Go: Spark jobs,
// Kafka clusters and topics, Argo workflows, node pools, namespaces for teams. It
// checks them against what production asks for, and either renders manifests for
// a GitOps repository or submits them and watches until they are done.
//
// # The way of the data
//
//	compose ──► Build ──► policy.Check ──► Render / WriteDir          (GitOps)
//	literals    Bundle    Report       └─► cluster.Submit ─► Wait
//
// It runs one way. Everything before cluster is pure: no clock, environment,
// randomness or network; the same input gives the same bytes.
//
// # A tour
//
// Nouns are struct literals. A zero field means the production-safe value,
// and its comment says which and why:
//
//	pool := &nodepool.Pool{
//		Name:     "spark-executor-pool",
//		Machine:  "n2-highmem-16",
//		Max:      50,
//		Provider: nodepool.GKE{Cluster: "google_container_cluster.main", Location: "var.region"},
//	}
//
// A pool knows which pods belong on it. Its Placement carries the node
// selector, the tolerations and the eviction guards to whatever runs there,
// so that labels and taints are written once:
//
//	job := &spark.Job{
//		Image:     "company-registry/spark-etl:3.5.1",
//		Version:   "3.5.1",
//		Main:      "local:///opt/spark/jobs/etl.jar",
//		Class:     "com.company.etl.ExtractOrders",
//		Driver:    spark.Driver{Cores: 2, Memory: 4 * millrace.GiB, ServiceAccount: "spark-executor"},
//		Executor:  spark.Executor{Cores: 4, Memory: 8 * millrace.GiB, Instances: 8},
//		Placement: pool.Placement(),
//	}
//
// The namespace that a team's jobs run in is a noun too, with what they may use,
// do and talk to. It tells the jobs the names of their accounts:
//
//	sales := &tenancy.Tenant{Name: "sales", Quota: tenancy.Quota{Cores: 200, Memory: 1600 * millrace.GiB}}
//	job.Namespace, job.Driver.ServiceAccount = sales.Name, sales.DriverAccount()
//
// Edges between the tasks of a workflow are pointers, so that a misspelt
// dependency doesn't compile:
//
//	extract := &workflow.Task{Name: "extract", Run: job}
//	load := &workflow.Task{Name: "load", Run: other, After: []*workflow.Task{extract}}
//
// So are values: what one task knows, another takes in its texts, its loop or its
// condition. That is an edge too:
//
//	report := &workflow.Task{Name: "report", When: count.Output("rows").Greater(0), Step: mail}
//
// Build checks all of it and reports every mistake at once, each with the
// object, the field, the id of the rule and what to do:
//
//	bundle, err := millrace.Build(pool, pipeline)
//
// Nothing is rendered or submitted without it: only Build makes a Bundle. It
// goes through a policy (package policy), to a stream or a directory (Render,
// WriteDir), or to a cluster (package cluster). Package millracetest is a
// cluster for your tests, in the same process.
//
// Every noun has a field Base of the upstream type of its spec, for what its
// own fields don't cover. What both set is a mistake that Build reports.
// Objects of other kinds come along as Parts.
//
// One spark.Job renders for two operators and for spark-submit. Its Explain
// says what its pods request, how they fit on the nodes of a pool, and why each
// default is what it is:
//
//	explanation, err := job.Explain(bundle.Nodes()...)
//
// spark.Diagnose takes what can be read of a live application, and returns why
// it fails, as a Cause each with evidence and fix.
//
// Load reads manifests that exist already into a Bundle, so that they are
// checked by the same rules, each finding with its file and line.
//
// # Files
//
//	object.go     objects and their names
//	bundle.go     Builder, Parts, File, Bundle, Build
//	problems.go   collecting the mistakes of a builder
//	finding.go    findings and severities
//	cause.go      what a diagnosis says
//	rule.go       rules, as package policy applies them
//	pod.go        what pods an object makes
//	reference.go  what an object needs by name
//	placement.go  where pods run
//	nodeshape.go  what nodes look like, and which pods they take
//	nodelabels.go how labels of nodes are matched
//	runnable.go   what a workflow's task can run
//	bytes.go      sizes
//	render.go     one stream of manifests
//	tree.go       which file each manifest goes to
//	writedir.go   a directory of manifests
//	load*.go      reading manifests that exist
//	position.go   where they were read
package millrace
