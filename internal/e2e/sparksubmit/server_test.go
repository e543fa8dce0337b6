package sparksubmit_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// server takes what spark-submit creates. Its driver ends at once, with the
// given exit code.
type server struct {
	*httptest.Server
	exitCode int32

	mu      sync.Mutex
	pod     *corev1.Pod
	configs []*corev1.ConfigMap
	asked   []string
}

func newServer(t *testing.T, exitCode int32) *server {
	t.Helper()
	s := &server{exitCode: exitCode}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

// ServeHTTP is the little of an API server that spark-submit needs.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, r.Method+" "+r.URL.String())
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	switch resource := path.Base(path.Dir(r.URL.Path)); {
	case r.Method == http.MethodPost && path.Base(r.URL.Path) == "pods":
		s.pod = new(corev1.Pod)
		if err = json.Unmarshal(body, s.pod); err == nil {
			s.pod.UID = "00000000-0000-0000-0000-000000000001"
			s.end()
			w.WriteHeader(http.StatusCreated)
			err = json.NewEncoder(w).Encode(s.pod)
		}
	case r.Method == http.MethodPatch:
		var data []byte
		if data, err = yaml.YAMLToJSON(body); err != nil {
			break
		}
		if resource == "configmaps" {
			var config corev1.ConfigMap
			if err = json.Unmarshal(data, &config); err != nil {
				break
			}
			s.configs = append(s.configs, &config)
		}
		_, err = w.Write(data)
	case r.URL.Query().Get("watch") == "true" && s.pod != nil:
		err = json.NewEncoder(w).Encode(map[string]any{"type": "MODIFIED", "object": s.pod})
	case r.Method == http.MethodGet && resource == "pods" && s.pod != nil:
		err = json.NewEncoder(w).Encode(s.pod)
	default:
		w.WriteHeader(http.StatusNotFound)
		err = json.NewEncoder(w).Encode(metav1.Status{TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, Status: "Failure", Code: http.StatusNotFound})
	}
	if err != nil {
		s.asked = append(s.asked, fmt.Sprintf("failed: %v", err))
	}
}

// end lets the driver end.
func (s *server) end() {
	s.pod.Status.Phase = corev1.PodSucceeded
	if s.exitCode != 0 {
		s.pod.Status.Phase = corev1.PodFailed
	}
	for _, c := range s.pod.Spec.Containers {
		s.pod.Status.ContainerStatuses = append(s.pod.Status.ContainerStatuses, corev1.ContainerStatus{
			Name: c.Name, Image: c.Image, State: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ExitCode: s.exitCode, Reason: "Error"}}})
	}
}

// settings returns Spark's settings as the driver gets them.
func (s *server) settings(t *testing.T) map[string]string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.configs {
		if text, ok := c.Data["spark.properties"]; ok {
			return properties(t, text)
		}
	}
	t.Fatalf("no settings among %d config maps; the server was asked\n%s", len(s.configs), strings.Join(s.asked, "\n"))
	return nil
}

// properties reads what Java's Properties.store writes.
func properties(t *testing.T, text string) map[string]string {
	t.Helper()
	out := make(map[string]string)
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") || line == "" {
			continue
		}
		var parts [2]strings.Builder
		part := 0
		for i := 0; i < len(line); i++ {
			switch c := line[i]; {
			case c == '\\' && i+1 < len(line):
				i++
				switch line[i] {
				case 'n':
					parts[part].WriteByte('\n')
				case 't':
					parts[part].WriteByte('\t')
				case 'r':
					parts[part].WriteByte('\r')
				case 'u':
					var r rune
					if _, err := fmt.Sscanf(line[i+1:i+5], "%x", &r); err != nil {
						t.Fatalf("%q: %v", line, err)
					}
					parts[part].WriteRune(r)
					i += 4
				default:
					parts[part].WriteByte(line[i])
				}
			case c == '=' && part == 0:
				part = 1
			default:
				parts[part].WriteByte(c)
			}
		}
		out[parts[0].String()] = parts[1].String()
	}
	return out
}
