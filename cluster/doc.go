// Package cluster is the client that services share: it submits a composition
// to a Kubernetes cluster and waits until everything in it is done.
//
//	c, err := cluster.FromKubeconfig("", cluster.FieldOwner("etl"))
//	run, err := c.Submit(ctx, bundle)
//	err = run.Wait(ctx, cluster.Progress(os.Stderr))
//	if failure, ok := errors.AsType[*cluster.Failure](err); ok {
//		fmt.Println(failure.Task, failure.Message, failure.Fix)
//	}
//
// # Submitting
//
// What lives long (namespaces, quotas, Kafka clusters, topics, node pools,
// templates) goes by server-side apply, in the order in which things depend on
// each other, and never takes a field away from another owner: that is a
// *ConflictError. What runs once (Workflow, SparkApplication, Job) is created
// last, under the name that the composition gave it, with a hash of its
// content in an annotation. Submitting the same bundle again attaches to the
// run that exists; another content under the same name is a
// *SpecChangedError. An answer that gets lost on the way therefore never
// starts a job twice.
//
// Files of a bundle, such as Terraform, are not the cluster's business:
// Run.Skipped returns them.
//
// # Waiting
//
// Wait lists, then watches, one watch for each kind and namespace, and asks
// the kind's own state machine what every change means. It survives closed
// watches, expired resource versions, restarts of the API server and missing
// permission to watch; it notices objects that are deleted or replaced; and it
// returns a *Failure that names the task, what went wrong and what to do, or,
// when its context ends first, a *WaitError that lists what was pending.
//
// # Zero values and options
//
// Options are small typed values: FieldOwner and Namespace for clients,
// ForceOwnership for Submit, Progress, OnEvent, Patience and KeepGoing for
// Wait. All have defaults that suit production. The package logs nothing,
// prints nothing by itself and sets no global logger.
//
// Files: client.go and options.go (the client), submit.go, create.go and
// order.go (submitting), run.go, wait.go, observe.go, snapshot.go, sight.go
// and children.go (waiting), progress.go, failure.go and hints.go (what is
// reported), errors.go and retry.go.
package cluster
