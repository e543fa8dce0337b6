// Package millracetest is for the tests of programs that use millrace: an
// in-process cluster whose operators are scripted, and golden files.
//
//	func TestPipeline(t *testing.T) {
//		c := millracetest.NewCluster(t)
//		c.Fail("extract-orders", millracetest.OOMKilled)
//		run, err := c.Client().Submit(t.Context(), bundle)
//		...
//		err = run.Wait(t.Context())
//		if failure, ok := errors.AsType[*cluster.Failure](err); !ok || failure.Task != "extract-orders" {
//			t.Errorf("got %v", err)
//		}
//	}
//
// # What the cluster does
//
// It stores objects as an API server does: server-side apply with field
// owners and conflicts, uids, generations, resource versions, status
// subresources, watches that resume, label and field selectors, deletion of
// what a deleted object owned. It serves every kind, and checks no schema,
// quota or permission, and does not ask for a namespace to exist.
//
// Its operators play those of a real cluster: Argo Workflows (DAGs with
// depends and when, steps, parameters and {{=expressions}}, resource
// templates that create real objects and wait on their conditions, retries,
// parallelism, exit handlers), both Spark operators' SparkApplications, the
// kinds of Strimzi, Karpenter's NodePool, Deployments, StatefulSets and Jobs.
// What a workflow uses and the simulation does not know fails the task with a
// message that says so; it is never passed over. Pods don't run: a container
// succeeds, or fails by script.
//
// # Time
//
// Operators run on a virtual clock that jumps to the next thing to do, so a
// nightly pipeline takes milliseconds. Nothing happens to an object until
// somebody watches it, or three seconds have gone by, so that a Wait sees
// every state. Settle runs everything to its end without a Wait. Pace slows the
// clock down for people to watch.
//
// Fail scripts failures. The zero of every option is what tests want.
//
// Files: cluster.go (the API), store.go, record.go, watch.go and mapper.go
// (the API server), loop.go (the clock), spark.go, strimzi.go, builtin.go,
// gc.go and argo*.go (the operators), golden.go.
package millracetest
