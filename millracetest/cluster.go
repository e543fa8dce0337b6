package millracetest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/millrace/millrace/cluster"
)

// TB is what NewCluster and Golden need of a *testing.T.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
}

// Option configures a cluster.
type Option interface{ apply(*config) }

type config struct {
	pace  time.Duration
	start time.Time
}

// Pace is the real time between two steps of the operators. Zero means none:
// the clock jumps. For examples that people watch, 100 ms are good.
type Pace time.Duration

func (p Pace) apply(c *config) { c.pace = max(0, time.Duration(p)) }

// Clock is the time at which the virtual clock starts. Zero means the first
// second of 2026, in UTC.
type Clock time.Time

func (t Clock) apply(c *config) {
	if !time.Time(t).IsZero() {
		c.start = time.Time(t).UTC()
	}
}

// Messages for Fail, as the operators write them.
const (
	// OOMKilled is what is left of a Spark driver that used too much memory.
	OOMKilled = "driver container failed with ExitCode: 137, Reason: OOMKilled"
	// DriverLost is what is left of one whose node went away.
	DriverLost = "driver pod not found"
	// SubmissionFailed makes spark-submit refuse an application, so that no
	// driver ever starts.
	SubmissionFailed = "failed to submit spark application: failed to run spark-submit: exceeded quota: compute, requested: cpu=2, used: cpu=99, limited: cpu=100"
)

// Cluster is a Kubernetes cluster in the process, with scripted operators. It
// is safe for concurrent use.
type Cluster struct {
	store  *store
	loop   *loop
	client *cluster.Client

	mu    sync.Mutex
	fails map[string]string
}

// NewCluster starts a cluster that ends with the test.
func NewCluster(t TB, opts ...Option) *Cluster {
	t.Helper()
	c := Start(opts...)
	t.Cleanup(func() {
		c.Close()
		for _, err := range c.loop.errors() {
			t.Fatalf("millracetest: an operator could not write: %v", err)
		}
	})
	return c
}

// Start starts a cluster outside of tests. Close ends it.
func Start(opts ...Option) *Cluster {
	conf := config{start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	for _, o := range opts {
		if o != nil {
			o.apply(&conf)
		}
	}
	c := &Cluster{fails: make(map[string]string)}
	c.loop = newLoop(conf)
	c.store = newStore(c.loop)
	// It fails for invalid options only, and there are none.
	c.client, _ = cluster.NewFromClient(c.store.client)
	env := &environment{loop: c.loop, store: c.store, scripted: c.scripted, madeBy: make(map[objectKey]string)}
	c.loop.operators = []operator{
		&collector{env},
		&spark{env}, &apacheSpark{env}, &strimzi{env}, &karpenter{env}, &builtin{env},
		newArgo(env),
	}
	go c.loop.run()
	return c
}

// Close stops the operators and ends all watches. It may be called twice.
func (c *Cluster) Close() {
	c.loop.close()
	c.store.close()
}

// Client returns a client of the cluster, as programs use it.
func (c *Cluster) Client() *cluster.Client { return c.client }

// Kubernetes returns the client underneath, for assertions, for objects that
// a test brings along, and for interceptors. It knows the types of k8s.io/api
// and takes unstructured content for all others.
func (c *Cluster) Kubernetes() client.WithWatch { return c.store.client }

// Object returns what the cluster holds under a kind and a name, or nil.
func (c *Cluster) Object(kind schema.GroupVersionKind, namespace, name string) *unstructured.Unstructured {
	u := new(unstructured.Unstructured)
	u.SetGroupVersionKind(kind)
	if err := c.store.client.Get(context.Background(), client.ObjectKey{Namespace: namespace, Name: name}, u); err != nil {
		return nil
	}
	return u
}

// Fail makes what has the name fail from now on, with the message: a
// workflow's task ("extract-orders"), an object ("orders-events-v2"), or an
// object of one kind ("KafkaTopic/orders-events-v2"). A task that creates an
// object fails because the object does. An empty message takes the failure
// back.
func (c *Cluster) Fail(name, message string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if message == "" {
		delete(c.fails, name)
		return
	}
	c.fails[name] = message
}

// scripted returns the message with which an object, or the task that made
// it, is to fail.
func (c *Cluster) scripted(kind, name, task string) (string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, key := range []string{kind + "/" + name, name, task} {
		if message, ok := c.fails[key]; ok && key != "" {
			return message, true
		}
	}
	return "", false
}

// Settle runs the clock until the operators have nothing left to do, and
// returns when they have not. Afterwards nothing changes by itself.
func (c *Cluster) Settle() { c.loop.settle() }

// Now returns the time on the virtual clock.
func (c *Cluster) Now() time.Time { return c.loop.now() }

// environment is what operators see of the cluster. It belongs to the loop's
// goroutine.
type environment struct {
	*loop
	store    *store
	scripted func(kind, name, task string) (string, bool)
	// madeBy holds the task that made an object, for scripts that name it.
	madeBy map[objectKey]string
}

// fails returns the scripted failure of an object.
func (e *environment) fails(u *unstructured.Unstructured) (string, bool) {
	return e.scripted(u.GetKind(), u.GetName(), e.madeBy[keyOf(u)])
}

// stamp returns the virtual time as objects hold it.
func (e *environment) stamp() string { return e.now().Format(time.RFC3339) }

// condition returns an entry of status.conditions.
func (e *environment) condition(kind, status, reason, message string) map[string]any {
	c := map[string]any{"type": kind, "status": status, "lastTransitionTime": e.stamp()}
	if reason != "" {
		c["reason"] = reason
	}
	if message != "" {
		c["message"] = message
	}
	return c
}

// operator reacts to changes. All of them run in one goroutine.
type operator interface{ changed(change) }

// objectKey names an object whatever its version.
type objectKey struct {
	kind            schema.GroupKind
	namespace, name string
}

func keyOf(u *unstructured.Unstructured) objectKey {
	return objectKey{u.GroupVersionKind().GroupKind(), u.GetNamespace(), u.GetName()}
}

func (k objectKey) String() string {
	return fmt.Sprintf("%s %s", k.kind.Kind, strings.TrimPrefix(k.namespace+"/"+k.name, "/"))
}
