// Package quick is an API server for custom resources in the test process:
// etcd and apiextensions-apiserver, half a second to start. It checks schemas,
// rules, server-side apply and watches as the real one does, over real HTTP,
// and knows nothing of pods, namespaces, permissions or quotas.
package quick

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"testing"
	"time"

	"go.opentelemetry.io/otel/trace/noop"
	"k8s.io/apiextensions-apiserver/pkg/apiserver"
	"k8s.io/apiextensions-apiserver/pkg/cmd/server/options"
	generatedopenapi "k8s.io/apiextensions-apiserver/pkg/generated/openapi"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	openapinamer "k8s.io/apiserver/pkg/endpoints/openapi"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/util/openapi"
	"k8s.io/apiserver/pkg/util/webhook"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/e2e"
)

// Server is a running API server.
type Server struct {
	// Etcd is its store.
	Etcd   *e2e.Etcd
	config *rest.Config
	mapper *meta.DefaultRESTMapper
}

// patience is for machines with other things to do.
const patience = time.Minute

// Start starts a server that serves the definitions in the files or
// directories, and ends it with the test.
func Start(t testing.TB, crds ...string) *Server {
	t.Helper()
	dir := t.TempDir()
	var err error
	began := time.Now()
	s := &Server{mapper: meta.NewDefaultRESTMapper(nil)}
	if s.Etcd, err = e2e.StartEtcd(dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Etcd.Close)
	stop, err := s.serve(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	t.Logf("ready after %v", time.Since(began).Round(time.Millisecond))
	if len(crds) > 0 {
		if err := s.install(t.Context(), crds); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// serve starts the API server and waits until it is ready.
func (s *Server) serve(dir string) (stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	o := options.NewCustomResourceDefinitionsServerOptions(io.Discard, io.Discard)
	r := o.RecommendedOptions
	r.Etcd.StorageConfig.Transport.ServerList = []string{s.Etcd.URL}
	r.SecureServing.Listener, r.SecureServing.BindPort = listener, listener.Addr().(*net.TCPAddr).Port
	r.SecureServing.ServerCert.CertDirectory = dir
	// All of these ask another API server, which there is none of.
	r.Authentication, r.Authorization, r.CoreAPI, r.Admission = nil, nil, nil, nil
	r.Features.EnablePriorityAndFairness = false
	if err := o.Complete(); err != nil {
		return nil, err
	}
	if err := o.Validate(); err != nil {
		return nil, err
	}
	config, err := serverConfig(o)
	if err != nil {
		return nil, err
	}
	server, err := config.Complete().New(genericapiserver.NewEmptyDelegate())
	if err != nil {
		return nil, err
	}
	s.config = rest.CopyConfig(server.GenericAPIServer.LoopbackClientConfig)
	s.config.QPS = -1
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		// What it fails of, requests will show.
		_ = server.GenericAPIServer.PrepareRun().RunWithContext(ctx)
	}()
	stop = func() {
		cancel()
		<-ended
	}
	if err := s.ready(); err != nil {
		stop()
		return nil, err
	}
	return stop, nil
}

// serverConfig is what options.Config makes, for a server that stands alone.
func serverConfig(o *options.CustomResourceDefinitionsServerOptions) (*apiserver.Config, error) {
	r := o.RecommendedOptions
	if err := r.SecureServing.MaybeDefaultWithSelfSignedCerts("localhost", nil, []net.IP{net.IPv4(127, 0, 0, 1)}); err != nil {
		return nil, err
	}
	generic := genericapiserver.NewRecommendedConfig(apiserver.Codecs)
	if err := o.ServerRunOptions.ApplyTo(&generic.Config); err != nil {
		return nil, err
	}
	if err := r.ApplyTo(generic); err != nil {
		return nil, err
	}
	if err := o.APIEnablement.ApplyTo(&generic.Config, apiserver.DefaultAPIResourceConfigSource(), apiserver.Scheme); err != nil {
		return nil, err
	}
	definitions := openapi.GetOpenAPIDefinitionsWithoutDisabledFeatures(generatedopenapi.GetOpenAPIDefinitions)
	generic.OpenAPIV3Config = genericapiserver.DefaultOpenAPIV3Config(definitions, openapinamer.NewDefinitionNamer(apiserver.Scheme))
	return &apiserver.Config{
		GenericConfig: generic,
		ExtraConfig: apiserver.ExtraConfig{
			CRDRESTOptionsGetter: options.NewCRDRESTOptionsGetter(*r.Etcd, generic.ResourceTransformers, generic.StorageObjectCountTracker),
			ServiceResolver:      noServices{},
			AuthResolverWrapper:  webhook.NewDefaultAuthenticationInfoResolverWrapper(nil, nil, generic.LoopbackClientConfig, noop.NewTracerProvider()),
		},
	}, nil
}

// noServices is where conversion webhooks would be found.
type noServices struct{}

func (noServices) ResolveEndpoint(namespace, name string, _ int32) (*url.URL, error) {
	return nil, fmt.Errorf("service %s/%s: this server knows no services", namespace, name)
}

func (s *Server) ready() error {
	config := rest.CopyConfig(s.config)
	config.NegotiatedSerializer = noContent{}
	probe, err := rest.UnversionedRESTClientFor(config)
	if err != nil {
		return err
	}
	for end := time.Now().Add(patience); ; <-time.After(5 * time.Millisecond) {
		err := probe.Get().AbsPath("/readyz").Do(context.Background()).Error()
		if err == nil || time.Now().After(end) {
			return err
		}
	}
}

// noContent is for requests whose answer isn't decoded.
type noContent struct{ runtime.NegotiatedSerializer }

func (noContent) SupportedMediaTypes() []runtime.SerializerInfo { return nil }

// install creates the definitions and tells the mapper of their kinds: this
// server has no list of its groups.
func (s *Server) install(ctx context.Context, paths []string) error {
	bundle, err := millrace.Load(paths...)
	if err != nil {
		return err
	}
	for _, o := range bundle.Objects() {
		crd, ok := o.(*unstructured.Unstructured)
		if !ok || crd.GetKind() != "CustomResourceDefinition" {
			continue
		}
		if err := s.learn(crd); err != nil {
			return err
		}
	}
	return e2e.InstallCRDs(ctx, s.config, paths...)
}

func (s *Server) learn(crd *unstructured.Unstructured) error {
	group, _, err := unstructured.NestedString(crd.Object, "spec", "group")
	if err != nil {
		return err
	}
	names, _, err := unstructured.NestedStringMap(crd.Object, "spec", "names")
	if err != nil {
		// Categories and short names are lists.
		names = map[string]string{}
		for _, name := range []string{"kind", "plural", "singular"} {
			if names[name], _, err = unstructured.NestedString(crd.Object, "spec", "names", name); err != nil {
				return err
			}
		}
	}
	scope := meta.RESTScope(meta.RESTScopeRoot)
	if where, _, _ := unstructured.NestedString(crd.Object, "spec", "scope"); where == "Namespaced" {
		scope = meta.RESTScopeNamespace
	}
	versions, _, err := unstructured.NestedSlice(crd.Object, "spec", "versions")
	if err != nil {
		return err
	}
	for _, v := range versions {
		version, ok := v.(map[string]any)
		name, isText := version["name"].(string)
		if !ok || !isText {
			return fmt.Errorf("%s: a version without a name", crd.GetName())
		}
		gv := schema.GroupVersion{Group: group, Version: name}
		s.mapper.AddSpecific(gv.WithKind(names["kind"]), gv.WithResource(names["plural"]), gv.WithResource(names["singular"]), scope)
	}
	return nil
}

// Config reaches the server with all rights.
func (s *Server) Config() *rest.Config { return rest.CopyConfig(s.config) }

// Client is one that cluster.NewFromClient takes.
func (s *Server) Client() (client.WithWatch, error) {
	return client.NewWithWatch(s.config, client.Options{Scheme: runtime.NewScheme(), Mapper: s.mapper})
}
