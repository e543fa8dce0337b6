package image_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool/image"
)

// rules returns "severity id" of findings.
func rules(found []millrace.Finding) []string {
	var out []string
	for _, f := range found {
		out = append(out, f.Severity.String()+" "+f.Rule)
	}
	return out
}

// platforms returns "os/arch/variant size layers" of a report.
func platforms(r *image.Report) map[string][]millrace.Bytes {
	out := map[string][]millrace.Bytes{}
	for _, p := range r.Platforms {
		sizes := []millrace.Bytes{}
		for _, l := range p.Layers {
			sizes = append(sizes, l.Size)
		}
		out[p.String()] = sizes
	}
	return out
}

func TestCheck(t *testing.T) {
	s := stocked(t)
	type layers = map[string][]millrace.Bytes
	for name, tc := range map[string]struct {
		ref     string
		options []image.Option
		layers  layers
		rules   []string
	}{
		"one platform":           {"reg.example.com/spark:3.5.1", nil, layers{"linux/amd64": {1000, 1000, 1000}}, nil},
		"the right one":          {"reg.example.com/spark:3.5.1", []image.Option{image.Architectures{"amd64"}}, layers{"linux/amd64": {1000, 1000, 1000}}, nil},
		"the wrong one":          {"reg.example.com/spark:3.5.1", []image.Option{image.Architectures{"arm64"}}, layers{"linux/amd64": {1000, 1000, 1000}}, []string{"error image/platform"}},
		"an index":               {"reg.example.com/multi:2.0", nil, layers{"linux/amd64": {200, 300}, "linux/arm64/v8": {200, 300}}, nil},
		"one of an index":        {"reg.example.com/multi:2.0", []image.Option{image.Architectures{"arm64"}}, layers{"linux/amd64": {}, "linux/arm64/v8": {200, 300}}, nil},
		"Windows is no Linux":    {"reg.example.com/windows:1.0", []image.Option{image.Architectures{"amd64"}}, layers{"windows/amd64": {}}, []string{"error image/platform"}},
		"a tag that moves":       {"reg.example.com/moving:latest", nil, layers{"linux/amd64": {10}}, []string{"warning image/tag"}},
		"no tag":                 {"reg.example.com/moving", nil, layers{"linux/amd64": {10}}, []string{"warning image/tag"}},
		"too large":              {"reg.example.com/even:1.0", []image.Option{image.Limit(5000)}, layers{"linux/amd64": {3000, 3000, 3000}}, []string{"warning image/size"}},
		"large, and one layer":   {"reg.example.com/heavy:1.0", []image.Option{image.Limit(5000)}, layers{"linux/amd64": {500, 9000}}, []string{"warning image/size", "info image/layer"}},
		"half of it, one layer":  {"reg.example.com/heavy:1.0", []image.Option{image.Limit(15000)}, layers{"linux/amd64": {500, 9000}}, []string{"info image/layer"}},
		"small, so never mind":   {"reg.example.com/heavy:1.0", []image.Option{image.Limit(0), nil}, layers{"linux/amd64": {500, 9000}}, nil},
		"each platform too much": {"reg.example.com/multi:2.0", []image.Option{image.Limit(1)}, layers{"linux/amd64": {200, 300}, "linux/arm64/v8": {200, 300}}, []string{"warning image/size", "warning image/size"}},
	} {
		t.Run(name, func(t *testing.T) {
			report, err := image.Check(t.Context(), tc.ref, append(tc.options, s.option())...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.layers, platforms(report)); diff != "" {
				t.Errorf("platforms (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.rules, rules(report.Findings)); diff != "" {
				t.Errorf("findings (-want +got):\n%s\n%v", diff, report.Findings)
			}
			for _, f := range report.Findings {
				if f.Object != (millrace.Ref{Kind: "Image", Name: tc.ref}) || f.Detail == "" || f.Fix == "" {
					t.Errorf("incomplete: %+v", f)
				}
			}
		})
	}
}

// TestCheckReadsNoLayers counts what is asked of the registry.
func TestCheckReadsNoLayers(t *testing.T) {
	s := stocked(t)
	report, err := image.Check(t.Context(), "reg.example.com/multi:2.0", image.Architectures{"arm64"}, s.option())
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"/v2/": 1, "/v2/multi/manifests/2.0": 1, "/v2/multi/manifests/" + report.Platforms[1].Digest: 1}
	if diff := cmp.Diff(want, s.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

// TestCheckSize: the configuration counts too, and the largest platform.
func TestCheckSize(t *testing.T) {
	s := stocked(t)
	report, err := image.Check(t.Context(), "reg.example.com/multi:2.0", s.option())
	if err != nil {
		t.Fatal(err)
	}
	a, b := report.Platforms[0].Size, report.Platforms[1].Size
	if report.Size != max(a, b) || a <= 500 || b <= 500 {
		t.Errorf("sizes %d, %d and %d", report.Size, a, b)
	}
	if !report.Runs("arm64") || report.Runs("s390x") {
		t.Error("it runs on what it isn't built for, or not on what it is")
	}
}

// TestCheckPinned looks at the same image by its digest.
func TestCheckPinned(t *testing.T) {
	s := stocked(t)
	first, err := image.Check(t.Context(), "reg.example.com/moving", s.option())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(first.Pinned, "reg.example.com/moving@sha256:") || !strings.HasSuffix(first.Pinned, first.Digest) {
		t.Errorf("pinned: %s", first.Pinned)
	}
	for _, ref := range []string{first.Pinned, "reg.example.com/moving:latest@" + first.Digest} {
		again, err := image.Check(t.Context(), ref, s.option())
		if err != nil {
			t.Fatal(err)
		}
		if again.Digest != first.Digest || len(again.Findings) > 0 {
			t.Errorf("%s: %+v", ref, again)
		}
	}
}

// denying answers everything with one status.
type denying int

func (d denying) ServeHTTP(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(int(d)) }

func TestCheckErrors(t *testing.T) {
	s := stocked(t)
	for name, tc := range map[string]struct {
		ref    string
		server http.Handler
		op     string
		is     []error
	}{
		"missing tag":    {"reg.example.com/spark:9", s.handler, "get", []error{image.ErrNotFound}},
		"missing image":  {"reg.example.com/nothing:1", s.handler, "get", []error{image.ErrNotFound}},
		"unauthorized":   {"reg.example.com/spark:3.5.1", denying(http.StatusUnauthorized), "get", []error{image.ErrDenied}},
		"forbidden":      {"reg.example.com/spark:3.5.1", denying(http.StatusForbidden), "get", []error{image.ErrDenied}},
		"no name":        {"", s.handler, "parse", nil},
		"template":       {"reg.example.com/{{inputs.parameters.image}}", s.handler, "parse", nil},
		"upper case":     {"reg.example.com/Spark:1", s.handler, "parse", nil},
		"something else": {"reg.example.com/spark:3.5.1", denying(http.StatusTeapot), "get", nil},
		"no manifest": {"reg.example.com/spark:3.5.1", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/vnd.oci.image.manifest.v1+json")
			w.Write([]byte("<html>"))
		}), "get", nil},
		"no image": {"reg.example.com/spark:3.5.1", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/vnd.docker.distribution.manifest.v1+json")
			w.Write([]byte("{}"))
		}), "get", nil},
		"empty index": {"reg.example.com/spark:3.5.1", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/vnd.oci.image.index.v1+json")
			w.Write([]byte("{}"))
		}), "get", nil},
	} {
		t.Run(name, func(t *testing.T) {
			report, err := image.Check(t.Context(), tc.ref, image.Transport{RoundTripper: &shop{handler: tc.server, asked: map[string]int{}}})
			e, ok := errors.AsType[*image.Error](err)
			if !ok || report != nil {
				t.Fatalf("got %v, %v", report, err)
			}
			if e.Op != tc.op || e.Ref != tc.ref || e.Err == nil || !strings.Contains(err.Error(), tc.ref) {
				t.Errorf("%#v", e)
			}
			var is []error
			for _, known := range []error{image.ErrNotFound, image.ErrDenied} {
				if errors.Is(err, known) {
					is = append(is, known)
				}
			}
			if diff := cmp.Diff(tc.is, is, cmpopts.EquateErrors()); diff != "" {
				t.Errorf("errors.Is (-want +got):\n%s", diff)
			}
		})
	}
	_, err := image.Check(t.Context(), "reg.example.com/spark:9", s.option())
	if answer, ok := errors.AsType[*transport.Error](err); !ok || answer.StatusCode != http.StatusNotFound {
		t.Errorf("the registry's answer is lost: %v", err)
	}
}

// TestCheckKeychain shows credentials to a registry that asks for them.
func TestCheckKeychain(t *testing.T) {
	s := stocked(t)
	inner := s.handler
	s.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "robot" || password != "secret" {
			w.Header().Set("WWW-Authenticate", `Basic realm="registry"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		inner.ServeHTTP(w, r)
	})
	keys := keychain{"reg.example.com": {Username: "robot", Password: "secret"}}
	if _, err := image.Check(t.Context(), "reg.example.com/spark:3.5.1", s.option(), image.Keychain{Keychain: keys}); err != nil {
		t.Error(err)
	}
	for _, options := range [][]image.Option{nil, {image.Keychain{}}, {image.Keychain{Keychain: keychain{}}}} {
		if _, err := image.Check(t.Context(), "reg.example.com/spark:3.5.1", append(options, s.option())...); !errors.Is(err, image.ErrDenied) {
			t.Errorf("without credentials: %v", err)
		}
	}
}

type keychain map[string]authn.AuthConfig

func (k keychain) Resolve(r authn.Resource) (authn.Authenticator, error) {
	if config, ok := k[r.RegistryStr()]; ok {
		return authn.FromConfig(config), nil
	}
	return authn.Anonymous, nil
}

// TestCheckContext ends the context while a registry, a real server this time,
// keeps its client waiting.
func TestCheckContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}))
	defer server.Close()
	ref := strings.TrimPrefix(server.URL, "http://") + "/spark:3.5.1"
	if _, err := image.Check(ctx, ref); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestCheckServer asks a real server, by HTTP.
func TestCheckServer(t *testing.T) {
	s := newShop()
	server := httptest.NewServer(s.handler)
	defer server.Close()
	ref := strings.TrimPrefix(server.URL, "http://") + "/spark:3.5.1"
	if err := s.push(ref, "arm64", 100); err != nil {
		t.Fatal(err)
	}
	report, err := image.Check(t.Context(), ref)
	if err != nil || !report.Runs("arm64") {
		t.Errorf("%+v, %v", report, err)
	}
}
