package cluster_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"github.com/millrace/millrace/cluster"
)

// apiServer serves topics, warns of everything, and keeps what was sent.
type apiServer struct {
	mu   sync.Mutex
	sent []*http.Request
	body []string
}

func (s *apiServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	group := metav1.APIGroup{Name: "kafka.strimzi.io", Versions: []metav1.GroupVersionForDiscovery{{GroupVersion: "kafka.strimzi.io/v1", Version: "v1"}},
		PreferredVersion: metav1.GroupVersionForDiscovery{GroupVersion: "kafka.strimzi.io/v1", Version: "v1"}}
	var answer any
	switch r.URL.Path {
	case "/api":
		answer = metav1.APIVersions{TypeMeta: metav1.TypeMeta{Kind: "APIVersions"}, Versions: []string{"v1"}}
	case "/apis":
		answer = metav1.APIGroupList{TypeMeta: metav1.TypeMeta{Kind: "APIGroupList"}, Groups: []metav1.APIGroup{group}}
	case "/apis/kafka.strimzi.io":
		answer = group
	case "/apis/kafka.strimzi.io/v1":
		answer = metav1.APIResourceList{TypeMeta: metav1.TypeMeta{Kind: "APIResourceList"}, GroupVersion: "kafka.strimzi.io/v1",
			APIResources: []metav1.APIResource{{Name: "kafkatopics", Kind: "KafkaTopic", Namespaced: true, Verbs: metav1.Verbs{"get"}}}}
	default:
		data, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.sent, s.body = append(s.sent, r), append(s.body, string(data))
		s.mu.Unlock()
		w.Header().Add("Warning", `299 - "spec.config: some.key has no effect"`)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(data)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

func TestNew(t *testing.T) {
	api := new(apiServer)
	server := httptest.NewServer(api)
	defer server.Close()
	config := &rest.Config{Host: server.URL}
	stderr := captureStderr(t)
	c, err := cluster.New(config, cluster.FieldOwner("etl"))
	if err != nil {
		t.Fatal(err)
	}
	run := submit(t, c, topic)
	if printed := stderr(); printed != "" {
		t.Errorf("it printed %q", printed)
	}
	if diff := cmp.Diff([]string{"spec.config: some.key has no effect"}, run.Warnings()); diff != "" {
		t.Error(diff)
	}
	if len(api.sent) != 1 {
		t.Fatalf("%d requests were sent", len(api.sent))
	}
	r := api.sent[0]
	if r.Method != http.MethodPatch || r.URL.Path != "/apis/kafka.strimzi.io/v1/namespaces/kafka/kafkatopics/orders" ||
		r.Header.Get("Content-Type") != "application/apply-patch+yaml" || r.URL.Query().Get("fieldManager") != "etl" || r.URL.Query().Has("force") {
		t.Errorf("sent %s %s %v", r.Method, r.URL, r.Header)
	}
	if config.QPS != 0 || config.WarningHandler != nil || config.WarningHandlerWithContext != nil {
		t.Errorf("the config was changed: %+v", config)
	}
}

// TestNoRateLimit sends more requests than client-go's own limit of 5 a second
// and 10 at once would let through.
func TestNoRateLimit(t *testing.T) {
	server := httptest.NewServer(new(apiServer))
	defer server.Close()
	c, err := cluster.New(&rest.Config{Host: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	var manifests []string
	for i := range 110 {
		manifests = append(manifests, strings.Replace(topic, "orders", fmt.Sprintf("t%d", i), 1))
	}
	began := time.Now()
	submit(t, c, manifests...)
	if took := time.Since(began); took > 15*time.Second { // with the limit 20
		t.Errorf("it took %v", took)
	}
}

func TestInvalidClients(t *testing.T) {
	if _, err := cluster.New(nil); err == nil {
		t.Error("a nil config was taken")
	}
	if _, err := cluster.NewFromClient(nil); err == nil {
		t.Error("a nil client was taken")
	}
	config := &rest.Config{Host: "http://localhost:1"}
	if _, err := cluster.New(config, cluster.FieldOwner(strings.Repeat("x", 129))); err == nil {
		t.Error("a long owner was taken")
	}
	if _, err := cluster.New(config, cluster.Namespace("No Namespace")); err == nil {
		t.Error("an invalid namespace was taken")
	}
	if _, err := cluster.New(config, nil); err != nil {
		t.Error(err)
	}
	if _, err := cluster.New(&rest.Config{Host: "::"}); err == nil {
		t.Error("an invalid host was taken")
	}
}

func TestFromKubeconfig(t *testing.T) {
	api := new(apiServer)
	server := httptest.NewServer(api)
	defer server.Close()
	path := filepath.Join(t.TempDir(), "config")
	kubeconfig := `{apiVersion: v1, kind: Config, current-context: prod,
		clusters: [{name: c, cluster: {server: "` + server.URL + `"}}, {name: away, cluster: {server: "http://localhost:1"}}], users: [{name: u, user: {token: secret}}],
		contexts: [{name: prod, context: {cluster: away, user: u}}, {name: stage, context: {cluster: c, user: u, namespace: stage}}]}`
	if err := os.WriteFile(path, []byte(kubeconfig), 0o600); err != nil {
		t.Fatal(err)
	}
	here := strings.Replace(topic, "namespace: kafka, ", "", 1)
	for want, opts := range map[string][]cluster.KubeconfigOption{
		"stage": {cluster.KubeContext("stage")},
		"mine":  {cluster.KubeContext("stage"), cluster.Namespace("mine"), cluster.FieldOwner("etl"), nil},
	} {
		c, err := cluster.FromKubeconfig(path, opts...)
		if err != nil {
			t.Fatal(err)
		}
		if got := submit(t, c, here).Objects()[0].Object.Namespace; got != want {
			t.Errorf("it went to %q, not %q", got, want)
		}
	}
	if _, err := cluster.FromKubeconfig(path, cluster.KubeContext("nowhere")); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("got %v", err)
	}
	if _, err := cluster.FromKubeconfig(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a file that is not there was read")
	}
}

// captureStderr returns a function that gives back stderr and what was
// printed to it.
func captureStderr(t *testing.T) func() string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	terminal := os.Stderr
	os.Stderr = w
	var out bytes.Buffer
	done := background(func() { _, _ = io.Copy(&out, r) })
	return func() string {
		os.Stderr = terminal
		_ = w.Close()
		<-done
		return out.String()
	}
}
