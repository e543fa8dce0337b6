package diagnosis_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/diagnosis"
)

var update = flag.Bool("update", false, "write the golden files")

// example is one file of testdata: the first document says what to expect, the
// others are the objects.
type example struct {
	Now  time.Time `json:"now"`
	Log  string    `json:"log"`
	Want []string  `json:"want"`

	evidence diagnosis.Evidence
}

func load(t testing.TB, path string) example {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var e example
	docs := utilyaml.NewDocumentDecoder(io.NopCloser(bytes.NewReader(data)))
	for first := true; ; first = false {
		doc := make([]byte, len(data))
		n, err := docs.Read(doc)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if first {
			if err := yaml.UnmarshalStrict(doc[:n], &e); err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			e.evidence.Now, e.evidence.DriverLog = e.Now, e.Log
			continue
		}
		e.add(t, path, doc[:n])
	}
	return e
}

func (e *example) add(t testing.TB, path string, doc []byte) {
	t.Helper()
	var kind struct{ Kind string }
	if err := yaml.Unmarshal(doc, &kind); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	var err error
	switch kind.Kind {
	case "Pod":
		var p corev1.Pod
		err = yaml.UnmarshalStrict(doc, &p)
		e.evidence.Pods = append(e.evidence.Pods, p)
	case "Event":
		var v corev1.Event
		err = yaml.UnmarshalStrict(doc, &v)
		e.evidence.Events = append(e.evidence.Events, v)
	case "PersistentVolumeClaim":
		var c corev1.PersistentVolumeClaim
		err = yaml.UnmarshalStrict(doc, &c)
		e.evidence.Claims = append(e.evidence.Claims, c)
	default:
		e.evidence.Application = new(unstructured.Unstructured)
		var data []byte
		if data, err = yaml.YAMLToJSON(doc); err == nil {
			err = e.evidence.Application.UnmarshalJSON(data)
		}
	}
	if err != nil {
		t.Fatalf("%s: %v in\n%s", path, err, doc)
	}
}

// summary is what a file expects of a cause.
func summary(c millrace.Cause) string {
	s := fmt.Sprintf("%s, %s: %s", c.ID, c.Likelihood, c.Object)
	if c.Follows != "" {
		s += " <- " + c.Follows
	}
	return s
}

func text(causes []millrace.Cause) string {
	var b strings.Builder
	for _, c := range causes {
		fmt.Fprintf(&b, "%s\n", c)
		for _, e := range c.Evidence {
			fmt.Fprintf(&b, "    %s\n", e)
		}
	}
	return b.String()
}

// TestDiagnose holds every example to the causes that it names, in their
// order, and to the whole text of the golden file beside it.
func TestDiagnose(t *testing.T) {
	seen := make(map[string]bool)
	for _, path := range examples(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".yaml"), func(t *testing.T) {
			e := load(t, path)
			before := e.evidence.Application.DeepCopy()
			causes := diagnosis.Diagnose(e.evidence)
			if diff := cmp.Diff(before, e.evidence.Application); diff != "" {
				t.Errorf("the application was changed:\n%s", diff)
			}
			var got []string
			for _, c := range causes {
				seen[c.ID] = true
				got = append(got, summary(c))
				if c.Detail == "" || c.Fix == "" || len(c.Evidence) == 0 {
					t.Errorf("%s lacks detail, fix or evidence: %+v", c.ID, c)
				}
			}
			if diff := cmp.Diff(e.Want, got); diff != "" {
				t.Errorf("causes (-want +got):\n%s\n%s", diff, text(causes))
			}
			golden(t, strings.TrimSuffix(path, ".yaml")+".txt", text(causes))
		})
	}
	for _, id := range diagnosis.IDs() {
		if !seen[id] {
			t.Errorf("no example has the cause %s", id)
		}
	}
}

func examples(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatal("no examples", err)
	}
	return paths
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// TestLessEvidence leaves out one kind of evidence after the other: there must
// be no panic, and no cause may be without evidence.
func TestLessEvidence(t *testing.T) {
	for _, path := range examples(t) {
		for i, leave := range []func(*diagnosis.Evidence){
			func(e *diagnosis.Evidence) { e.Application = nil },
			func(e *diagnosis.Evidence) { e.Application = new(unstructured.Unstructured) },
			func(e *diagnosis.Evidence) { e.Pods = nil },
			func(e *diagnosis.Evidence) { e.Events = nil },
			func(e *diagnosis.Evidence) { e.Claims = nil },
			func(e *diagnosis.Evidence) { e.DriverLog = "" },
			func(e *diagnosis.Evidence) { e.Now = time.Time{} },
			func(e *diagnosis.Evidence) { *e = diagnosis.Evidence{} },
		} {
			e := load(t, path).evidence
			leave(&e)
			for _, c := range diagnosis.Diagnose(e) {
				if len(c.Evidence) == 0 || !slices.Contains(diagnosis.IDs(), c.ID) {
					t.Errorf("%s without %d: %+v", path, i, c)
				}
			}
		}
	}
}

// FuzzText must never panic, nor write two lines where one is promised,
// whatever the cluster says.
func FuzzText(f *testing.F) {
	for _, path := range examples(f) {
		e := load(f, path)
		f.Add(e.Log, "Unschedulable")
		for _, v := range e.evidence.Events {
			f.Add(v.Message, v.Reason)
		}
	}
	f.Fuzz(func(t *testing.T, text, reason string) {
		pod := func(name, role string) corev1.Pod {
			p := corev1.Pod{}
			p.Name, p.Namespace, p.Labels = name, "data", map[string]string{"spark-role": role}
			p.Status.Phase, p.Status.Reason, p.Status.Message = corev1.PodPending, reason, text
			p.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodScheduled, Status: corev1.ConditionFalse, Reason: reason, Message: text}}
			p.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "x", State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: text}}}}
			return p
		}
		e := diagnosis.Evidence{DriverLog: text, Pods: []corev1.Pod{pod("a-driver", "driver"), pod("a-exec-1", "executor")}}
		for _, name := range []string{"a-driver", "a-exec-1", "a-exec-2"} {
			v := corev1.Event{Reason: reason, Message: text, Type: "Warning"}
			v.InvolvedObject = corev1.ObjectReference{Kind: "Pod", Name: name}
			e.Events = append(e.Events, v)
		}
		app := map[string]any{"apiVersion": "sparkoperator.k8s.io/v1beta2", "kind": "SparkApplication", "metadata": map[string]any{"name": "a"},
			"spec":   map[string]any{"driver": map[string]any{"memory": text, "tolerations": text}},
			"status": map[string]any{"applicationState": map[string]any{"state": "FAILED", "errorMessage": text}}}
		e.Application = &unstructured.Unstructured{Object: app}
		e.Events = append(e.Events, corev1.Event{Reason: "SparkExecutorFailed", Message: text, Type: "Warning"})
		for _, c := range diagnosis.Diagnose(e) {
			for _, line := range append(c.Evidence, c.Detail, c.Fix) {
				if strings.ContainsAny(line, "\n\r") {
					t.Errorf("%q has more than one line", line)
				}
			}
			if _, err := json.Marshal(c); err != nil {
				t.Error(err)
			}
		}
	})
}

// FuzzApplication must never panic, whatever an application holds.
func FuzzApplication(f *testing.F) {
	for _, path := range examples(f) {
		if u := load(f, path).evidence.Application; u != nil {
			data, err := json.Marshal(u)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		u := new(unstructured.Unstructured)
		if json.Unmarshal(data, &u.Object) != nil {
			return
		}
		p := corev1.Pod{}
		p.Labels = map[string]string{"spark-role": "driver"}
		p.Spec.Containers = []corev1.Container{{Name: "spark-kubernetes-driver"}}
		for _, pods := range [][]corev1.Pod{nil, {p}} {
			for _, c := range diagnosis.Diagnose(diagnosis.Evidence{Application: u, Pods: pods, Now: time.Unix(1<<40, 0)}) {
				if c.Detail == "" || len(c.Evidence) == 0 {
					t.Errorf("%+v", c)
				}
			}
		}
	})
}
