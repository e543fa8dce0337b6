package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

// Client submits compositions to one cluster. It is safe for concurrent use,
// and meant to be shared: it holds connections and what the cluster serves.
type Client struct {
	kube      client.WithWatch
	owner     string
	namespace string
}

// New returns a client for the cluster that config leads to. It does not
// contact the cluster, and neither keeps nor changes config.
//
// A config without a rate limit gets none: the API server's own priority and
// fairness does better, and client-go's default of 5 requests a second would
// make a bundle of a hundred topics wait. Warnings of the server go to
// Run.Warnings, unless config has a handler for them.
func New(config *rest.Config, opts ...Option) (*Client, error) {
	if config == nil {
		return nil, errors.New("cluster: the rest.Config is nil")
	}
	config = rest.CopyConfig(config)
	if config.QPS == 0 && config.Burst == 0 && config.RateLimiter == nil {
		config.QPS = -1
	}
	// Controller-runtime's own handler would log, and complain with a stack
	// dump on stderr when no logger was set.
	if config.WarningHandler == nil && config.WarningHandlerWithContext == nil {
		config.WarningHandlerWithContext = warningHandler{}
	}
	// Every object is sent as unstructured content, so the scheme stays empty.
	// The logger is one that is none, as the client would take the global one.
	kube, err := client.NewWithWatch(config, client.Options{Scheme: runtime.NewScheme(), Log: logr.New(log.NullLogSink{})})
	if err != nil {
		return nil, fmt.Errorf("cluster: %w", err)
	}
	return NewFromClient(kube, opts...)
}

// FromKubeconfig returns a client for the cluster that a kubeconfig file
// describes. An empty path means what it means to kubectl: the files that
// $KUBECONFIG names, or ~/.kube/config, or, inside a pod, its service account.
func FromKubeconfig(path string, opts ...KubeconfigOption) (*Client, error) {
	var k kubeconfig
	for _, o := range opts {
		if o != nil {
			o.applyToKubeconfig(&k)
		}
	}
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	if path != "" {
		rules = &clientcmd.ClientConfigLoadingRules{ExplicitPath: path}
	}
	loaded := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, &clientcmd.ConfigOverrides{CurrentContext: k.context})
	config, err := loaded.ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("cluster: read kubeconfig %s: %w", path, err)
	}
	if k.namespace == "" {
		if k.namespace, _, err = loaded.Namespace(); err != nil {
			return nil, fmt.Errorf("cluster: read kubeconfig %s: %w", path, err)
		}
	}
	return New(config, FieldOwner(k.owner), Namespace(k.namespace))
}

// NewFromClient returns a client on top of another one, which must be able to
// watch and must read from the API server itself, not from a cache. It is for
// programs that have a client already, and for tests.
func NewFromClient(kube client.WithWatch, opts ...Option) (*Client, error) {
	if kube == nil {
		return nil, errors.New("cluster: the client is nil")
	}
	var s settings
	for _, o := range opts {
		if o != nil {
			o.applyToClient(&s)
		}
	}
	if s.owner == "" {
		s.owner = string(defaultOwner)
	}
	if len(s.owner) > 128 {
		return nil, fmt.Errorf("cluster: the FieldOwner is %d characters long: at most 128 are allowed", len(s.owner))
	}
	if s.namespace != "" {
		if why := validation.IsDNS1123Label(s.namespace); len(why) > 0 {
			return nil, fmt.Errorf("cluster: namespace %q: %s", s.namespace, why[0])
		}
	}
	return &Client{kube: kube, owner: s.owner, namespace: s.namespace}, nil
}

// unlogged keeps client-go from logging to stderr what is returned as an error
// anyway, unless the caller gave the context a logger.
func unlogged(ctx context.Context) context.Context {
	if _, err := logr.FromContext(ctx); err == nil {
		return ctx
	}
	return logr.NewContext(ctx, logr.Discard())
}

// warningHandler gives the warnings of the API server to the call that they
// answer.
type warningHandler struct{}

func (warningHandler) HandleWarningHeaderWithContext(ctx context.Context, code int, _ string, text string) {
	if w, ok := ctx.Value(warningsKey{}).(*warnings); ok && code == 299 && text != "" {
		w.add(text)
	}
}

type warningsKey struct{}

type warnings struct {
	mu    sync.Mutex
	texts []string
}

func (w *warnings) add(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.Contains(w.texts, text) {
		w.texts = append(w.texts, text)
	}
}

func (w *warnings) list() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.texts)
}
