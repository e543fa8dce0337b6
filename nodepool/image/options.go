package image

import (
	"net/http"

	"github.com/google/go-containerregistry/pkg/authn"

	"github.com/millrace/millrace"
)

// Option configures Check and CheckPods. Limit, Architectures, Keychain,
// Transport and Parallel are options.
type Option interface {
	apply(*settings)
}

type settings struct {
	limit     millrace.Bytes
	archs     []string
	keychain  authn.Keychain
	transport http.RoundTripper
	parallel  int
}

const (
	// defaultLimit is 2 GB of compressed layers. A node pulls and unpacks them
	// before the first executor starts, one to three minutes' worth.
	// Source: the article that millrace comes from, "slow pod startup".
	defaultLimit = Limit(2_000_000_000)
	// defaultParallel is how many requests go-containerregistry itself has
	// under way at once.
	defaultParallel = Parallel(4)
)

func settingsOf(options []Option) settings {
	s := settings{limit: millrace.Bytes(defaultLimit), parallel: int(defaultParallel), keychain: anonymous{}}
	for _, o := range options {
		if o != nil {
			o.apply(&s)
		}
	}
	return s
}

// Limit is the compressed size above which an image is too large.
//
// Without it, or with zero, the limit is 2 GB (10⁹ bytes each).
type Limit millrace.Bytes

func (l Limit) apply(s *settings) {
	if l > 0 {
		s.limit = millrace.Bytes(l)
	}
}

// Architectures are those that an image must be built for, spelled as
// kubernetes.io/arch is, and the only ones whose layers are looked at.
//
// Without it an image may be for any, and all of Linux are looked at. CheckPods
// finds them out by itself for pods that land on pools, and takes these for all
// others.
type Architectures []string

func (a Architectures) apply(s *settings) { s.archs = append([]string(nil), a...) }

// Keychain finds the credentials for a registry: authn.DefaultKeychain reads
// Docker's configuration file.
//
// Without it registries are asked anonymously.
type Keychain struct{ authn.Keychain }

func (k Keychain) apply(s *settings) {
	if k.Keychain != nil {
		s.keychain = k.Keychain
	}
}

// Transport makes the requests, where a registry has a certificate of one's
// own or lies behind a proxy.
//
// Without it they are made by go-containerregistry's own, which goes by the
// proxy of the environment. Registries in a private network, and those named
// localhost, are asked without TLS if they don't speak it.
type Transport struct{ http.RoundTripper }

func (t Transport) apply(s *settings) { s.transport = t.RoundTripper }

// Parallel is how many images are asked for at once.
//
// Without it, or with zero, four are.
type Parallel int

func (p Parallel) apply(s *settings) {
	if p > 0 {
		s.parallel = int(p)
	}
}

// anonymous is the keychain without keys.
type anonymous struct{}

func (anonymous) Resolve(authn.Resource) (authn.Authenticator, error) { return authn.Anonymous, nil }
