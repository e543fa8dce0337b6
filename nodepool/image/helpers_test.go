package image_test

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/millrace/millrace/nodepool/image"
)

// shop is a registry in the process, behind whatever host it is asked as.
type shop struct {
	handler http.Handler

	mu sync.Mutex
	// asked counts what was read, by path.
	asked map[string]int
}

func newShop() *shop {
	return &shop{handler: registry.New(registry.Logger(log.New(io.Discard, "", 0))), asked: map[string]int{}}
}

// RoundTrip answers a request without a network.
func (s *shop) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.asked[r.URL.Path]++
	s.mu.Unlock()
	r = r.Clone(r.Context())
	if r.Body == nil {
		r.Body = http.NoBody // as a server has it
	}
	recorder := httptest.NewRecorder()
	s.handler.ServeHTTP(recorder, r)
	answer := recorder.Result()
	answer.Request = r
	return answer, nil
}

func (s *shop) option() image.Option { return image.Transport{RoundTripper: s} }

// built makes an image for a platform, with layers of these sizes.
func built(os, arch string, sizes ...int) (v1.Image, error) {
	img := mutate.MediaType(empty.Image, types.OCIManifestSchema1)
	for i, size := range sizes {
		content := []byte(strings.Repeat(fmt.Sprintf("%s %d ", arch, i), size)[:size])
		next, err := mutate.AppendLayers(img, static.NewLayer(content, types.OCILayer))
		if err != nil {
			return nil, err
		}
		img = next
	}
	config, err := img.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.OS, config.Architecture = os, arch
	return mutate.ConfigFile(img, config)
}

// push puts an image for one platform into the registry.
func (s *shop) push(ref, arch string, sizes ...int) error {
	img, err := built("linux", arch, sizes...)
	if err != nil {
		return err
	}
	tag, err := name.ParseReference(ref)
	if err != nil {
		return err
	}
	return remote.Write(tag, img, remote.WithTransport(s))
}

// pushIndex puts one for several platforms there, all with layers of these
// sizes, and with an attestation as BuildKit makes it.
func (s *shop) pushIndex(ref string, platforms []v1.Platform, sizes ...int) error {
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, p := range append(platforms, v1.Platform{OS: "unknown", Architecture: "unknown"}) {
		img, err := built(p.OS, p.Architecture, sizes...)
		if err != nil {
			return err
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: img, Descriptor: v1.Descriptor{Platform: &p}})
	}
	tag, err := name.ParseReference(ref)
	if err != nil {
		return err
	}
	return remote.WriteIndex(tag, index, remote.WithTransport(s))
}

var twoPlatforms = []v1.Platform{{OS: "linux", Architecture: "amd64"}, {OS: "linux", Architecture: "arm64", Variant: "v8"}}

// stocked is a registry with the images of the tests.
func stocked(t *testing.T) *shop {
	t.Helper()
	s := newShop()
	for _, err := range []error{
		s.push("reg.example.com/spark:3.5.1", "amd64", 1000, 1000, 1000),
		s.push("reg.example.com/heavy:1.0", "amd64", 500, 9000),
		s.push("reg.example.com/even:1.0", "amd64", 3000, 3000, 3000),
		s.push("reg.example.com/moving:latest", "amd64", 10),
		s.pushIndex("reg.example.com/multi:2.0", twoPlatforms, 200, 300),
		s.pushIndex("reg.example.com/windows:1.0", []v1.Platform{{OS: "windows", Architecture: "amd64"}}, 100),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	s.asked = map[string]int{}
	return s
}
