package millrace_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
)

func findings(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	be, ok := errors.AsType[*millrace.BuildError](err)
	if !ok {
		t.Fatalf("%v is no *BuildError", err)
	}
	var out []string
	for _, f := range be.Findings {
		out = append(out, f.Field+"|"+f.Rule)
	}
	return out
}

func TestProblemsNested(t *testing.T) {
	var inner millrace.Problems
	inner.Object = millrace.Ref{Kind: "spark.Job", Name: "j"}
	inner.Required("Image", "name it")
	inner.Invalid("[0]", "x", "bad", "fix")
	outer := millrace.Problems{Object: millrace.Ref{Kind: "workflow.Template", Name: "t"}}
	outer.Nested("Tasks[2].Run", inner.Err())
	outer.Nested("Tasks[3].Run", errors.New("plain"))
	outer.Nested("Tasks[4].Run", nil)
	err := outer.Err()
	want := []string{"Tasks[2].Run.Image|build/required", "Tasks[2].Run[0]|build/invalid", "Tasks[3].Run|build/invalid"}
	if diff := cmp.Diff(want, findings(t, err)); diff != "" {
		t.Errorf("nested findings (-want +got):\n%s", diff)
	}
	if !strings.Contains(err.Error(), "workflow.Template t: Tasks[2].Run.Image: is required") {
		t.Errorf("the error doesn't name the outer builder: %v", err)
	}
}

func TestProblemsErrIsNil(t *testing.T) {
	var p millrace.Problems
	if err := p.Err(); err != nil {
		t.Errorf("Err() without problems = %v, want nil", err)
	}
}

// TestProblemsNilValue: a nil pointer that can write itself is no reason to panic.
func TestProblemsNilValue(t *testing.T) {
	var p millrace.Problems
	p.Invalid("Size", (*resource.Quantity)(nil), "it is nil", "set it")
	p.Invalid("At", (*time.Time)(nil), "it is nil", "set it")
	if got := p.Err().Error(); strings.Count(got, "<nil>: it is nil") != 2 {
		t.Error(got)
	}
}

func TestPlacementCheck(t *testing.T) {
	for name, tc := range map[string]struct {
		placement millrace.Placement
		want      []string
	}{
		"good": {millrace.Placement{
			NodeSelector: map[string]string{"workload": "spark"},
			Tolerations:  []corev1.Toleration{{Key: "workload", Value: "spark", Effect: corev1.TaintEffectNoSchedule}, {Operator: corev1.TolerationOpExists}},
			Annotations:  millrace.EvictionGuards(),
		}, nil},
		"provider's spelling": {millrace.Placement{Tolerations: []corev1.Toleration{{Key: "a", Effect: "NO_SCHEDULE"}}},
			[]string{"P.Tolerations[0].Effect|build/invalid"}},
		"unknown operator": {millrace.Placement{Tolerations: []corev1.Toleration{{Key: "a", Operator: "In"}}},
			[]string{"P.Tolerations[0].Operator|build/invalid"}},
		"exists with value": {millrace.Placement{Tolerations: []corev1.Toleration{{Key: "a", Operator: "Exists", Value: "b"}}},
			[]string{"P.Tolerations[0].Value|build/invalid"}},
		"equal without key": {millrace.Placement{Tolerations: []corev1.Toleration{{Value: "b"}}},
			[]string{"P.Tolerations[0].Operator|build/invalid"}},
		"bad key": {millrace.Placement{Tolerations: []corev1.Toleration{{Key: "a b"}}},
			[]string{"P.Tolerations[0].Key|build/invalid"}},
		"bad value": {millrace.Placement{Tolerations: []corev1.Toleration{{Key: "a", Value: "b c"}}},
			[]string{"P.Tolerations[0].Value|build/invalid"}},
		"seconds without NoExecute": {millrace.Placement{Tolerations: []corev1.Toleration{{Key: "a", TolerationSeconds: new(int64(3))}}},
			[]string{"P.Tolerations[0].TolerationSeconds|build/invalid"}},
		"selector": {millrace.Placement{NodeSelector: map[string]string{"work load": "x"}},
			[]string{"P.NodeSelector[work load]|build/invalid"}},
	} {
		t.Run(name, func(t *testing.T) {
			var p millrace.Problems
			tc.placement.Check(&p, "P")
			if diff := cmp.Diff(tc.want, findings(t, p.Err())); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTaintEffect(t *testing.T) {
	for effect, fix := range map[corev1.TaintEffect]string{
		"":                   "",
		"NoSchedule":         "",
		"NoExecute":          "",
		"NO_SCHEDULE":        "NoSchedule, as Kubernetes",
		"no-execute":         "NoExecute, as Kubernetes",
		"PREFER_NO_SCHEDULE": "PreferNoSchedule, as Kubernetes",
		"Never":              "NoSchedule, PreferNoSchedule or NoExecute",
	} {
		var p millrace.Problems
		p.TaintEffect("Effect", effect)
		err := p.Err()
		if (err == nil) != (fix == "") || err != nil && !strings.Contains(err.Error(), "use "+fix) {
			t.Errorf("effect %q: %v; want a fix that says %q", effect, err, fix)
		}
	}
}

func TestPlacementClone(t *testing.T) {
	p := millrace.Placement{
		NodeSelector: map[string]string{"a": "b"},
		Tolerations:  []corev1.Toleration{{Key: "a", TolerationSeconds: new(int64(1))}},
		Affinity:     &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{}},
		Annotations:  map[string]string{"c": "d"},
	}
	c := p.Clone()
	if diff := cmp.Diff(p, c); diff != "" {
		t.Errorf("clone differs (-want +got):\n%s", diff)
	}
	c.NodeSelector["a"], c.Annotations["c"] = "x", "x"
	*c.Tolerations[0].TolerationSeconds = 9
	c.Affinity.NodeAffinity = nil
	if p.NodeSelector["a"] != "b" || p.Annotations["c"] != "d" || *p.Tolerations[0].TolerationSeconds != 1 || p.Affinity.NodeAffinity == nil {
		t.Error("the clone shares memory with its original")
	}
	if p.Empty() || !(millrace.Placement{}).Empty() {
		t.Error("Empty is wrong")
	}
}

func TestSeverityText(t *testing.T) {
	f := millrace.Finding{Rule: "a/b", Severity: millrace.Warning, Object: millrace.Ref{Kind: "K", Name: "n"}, Detail: "d"}
	data, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"rule":"a/b","severity":"warning","object":{"kind":"K","name":"n"},"detail":"d"}`; string(data) != want {
		t.Errorf("JSON is %s, want %s", data, want)
	}
	var back millrace.Finding
	if err := json.Unmarshal(data, &back); err != nil || back != f {
		t.Errorf("read back %+v, %v", back, err)
	}
	if err := new(millrace.Severity).UnmarshalText([]byte("fatal")); err == nil {
		t.Error("an unknown severity was read")
	}
	if _, err := millrace.Severity(9).MarshalText(); err == nil {
		t.Error("an unknown severity was written")
	}
}
