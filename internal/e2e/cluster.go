package e2e

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// Cluster is a Kubernetes of its own for a test.
type Cluster struct {
	// Gate is what the test's clients connect through.
	Gate *Gate

	plane  *controlPlane
	admin  *kubernetes.Clientset // past the gate
	node   *node                 // nil without one
	spaces atomic.Int64
}

// Option adds something to a cluster.
type Option interface{ apply(*options) }

type options struct {
	flags             []string
	node, argo, spark bool
	audit             string // the namespace
}

type option func(*options)

func (o option) apply(all *options) { o(all) }

// WithFlags adds flags to the API server's command line.
func WithFlags(flags ...string) Option {
	return option(func(o *options) { o.flags = append(o.flags, flags...) })
}

// WithNode adds a node that runs pods.
func WithNode() Option { return option(func(o *options) { o.node = true }) }

// WithArgo adds a node, and Argo's controller.
func WithArgo() Option { return option(func(o *options) { o.node, o.argo = true, true }) }

// WithSpark adds a node, and the Spark operator's controller and webhook.
func WithSpark() Option { return option(func(o *options) { o.node, o.spark = true, true }) }

// Start starts a control plane, and what the options ask for, and ends all of
// it with the test.
func Start(t *testing.T, opts ...Option) *Cluster {
	t.Helper()
	var o options
	for _, opt := range opts {
		opt.apply(&o)
	}
	dir, remove, err := newState()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(remove)
	c := new(Cluster)
	if o.audit != "" {
		flags, err := auditFlags(dir, o.audit)
		if err != nil {
			t.Fatal(err)
		}
		o.flags = append(o.flags, flags...)
	}
	if c.plane, err = startControlPlane(t.Context(), dir, o.flags); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.plane.stop)
	if c.Gate, err = openGate("127.0.0.1:0", c.plane.address()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Gate.Shut)
	if c.admin, err = kubernetes.NewForConfig(c.plane.config()); err != nil {
		t.Fatal(err)
	}
	if o.node {
		if c.node, err = startNode(t.Context(), c.plane, c.admin); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.node.stop)
	}
	if o.spark {
		if err := c.startSpark(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if o.argo {
		if err := c.startArgo(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// Config reaches the API server through the gate, with all rights.
func (c *Cluster) Config() *rest.Config {
	config := c.plane.config()
	config.Host = "https://" + c.Gate.address
	return config
}

// Direct reaches the API server past the gate: for what a test does to the
// cluster while its client can't get through.
func (c *Cluster) Direct() *rest.Config { return c.plane.config() }

// Admin is a client with all rights, past the gate.
func (c *Cluster) Admin() kubernetes.Interface { return c.admin }

// Namespace makes a namespace that ends with the test.
func (c *Cluster) Namespace(t *testing.T) string {
	t.Helper()
	name := fmt.Sprintf("e2e-%d", c.spaces.Add(1))
	c.MakeNamespace(t, name)
	return name
}

// MakeNamespace makes a namespace of that name, with the service account that
// every pod needs, and deletes it with the test.
func (c *Cluster) MakeNamespace(t *testing.T, name string) {
	t.Helper()
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Annotations: map[string]string{"test": t.Name()}}}
	if _, err := c.admin.CoreV1().Namespaces().Create(t.Context(), ns, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The cluster may be about to end as well.
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = c.admin.CoreV1().Namespaces().Delete(ctx, name, metav1.DeleteOptions{})
	})
	if err := until(t.Context(), "namespace "+name, serviceAccount(c.admin, name, "default")); err != nil {
		t.Fatal(err)
	}
}

func serviceAccount(client kubernetes.Interface, namespace, name string) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := client.CoreV1().ServiceAccounts(namespace).Get(ctx, name, metav1.GetOptions{})
		return err
	}
}

// KillServer kills the API server, as a crash would.
func (c *Cluster) KillServer() { c.plane.server.kill() }

// StartServer starts the API server after KillServer.
func (c *Cluster) StartServer(t *testing.T) {
	t.Helper()
	if err := c.plane.startServer(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// LaunchServer starts the API server after KillServer and does not wait until
// it is ready.
func (c *Cluster) LaunchServer(t *testing.T) {
	t.Helper()
	if err := c.plane.launch(); err != nil {
		t.Fatal(err)
	}
}

// ServerReady returns nil when the API server says that it is ready.
func (c *Cluster) ServerReady() error {
	ctx, cancel := context.WithTimeout(context.Background(), startPatience)
	defer cancel()
	return c.plane.ready(ctx)
}

// FreezeServer stops the API server where it is: connections stay open and
// nothing answers.
func (c *Cluster) FreezeServer(t *testing.T) {
	t.Helper()
	if err := c.plane.server.signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
}

// ThawServer lets the API server go on after FreezeServer.
func (c *Cluster) ThawServer(t *testing.T) {
	t.Helper()
	if err := c.plane.server.signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
}

// Compact makes etcd forget all old versions.
func (c *Cluster) Compact(t *testing.T) {
	t.Helper()
	if err := c.plane.etcd.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Log returns the last lines of what a component wrote.
func (c *Cluster) Log(component string) string {
	text, err := os.ReadFile(c.plane.path(component + ".log"))
	if err != nil {
		return err.Error()
	}
	return lastLines(strings.ToValidUTF8(string(text), "?"), 30)
}
