package cluster_test

import (
	"net/http/httptest"
	"testing"

	"github.com/go-logr/logr"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/millrace/millrace/cluster"
)

// TestQuiet holds controller-runtime's global logger: whoever uses it 30
// seconds after the start of a program that has set none makes it print a
// stack dump on stderr. So nothing here may use it.
func TestQuiet(t *testing.T) {
	sink := &tattler{t: t}
	log.SetLogger(logr.New(sink))
	server := httptest.NewServer(new(apiServer))
	defer server.Close()
	sink.armed = true
	c, err := cluster.New(&rest.Config{Host: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	submit(t, c, topic)
	sink.armed = false
}

type tattler struct {
	t     *testing.T
	armed bool
}

func (s *tattler) Init(logr.RuntimeInfo) {}
func (s *tattler) Enabled(int) bool {
	if s.armed {
		s.t.Error("something asks whether to log")
	}
	return true
}
func (s *tattler) Info(_ int, msg string, _ ...any) {
	if s.armed {
		s.t.Errorf("something logs %q", msg)
	}
}
func (s *tattler) Error(err error, msg string, _ ...any) { s.Info(0, msg) }
func (s *tattler) WithValues(...any) logr.LogSink        { s.Enabled(0); return s }
func (s *tattler) WithName(string) logr.LogSink          { s.Enabled(0); return s }
