package millrace_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
)

func TestCauseString(t *testing.T) {
	ref := millrace.Ref{Kind: "Pod", Namespace: "data", Name: "etl-driver"}
	for _, test := range []struct {
		cause millrace.Cause
		want  string
	}{
		{millrace.Cause{ID: "spark/driver-oom", Likelihood: millrace.Certain, Object: ref, Detail: "it was killed", Fix: "give it more"},
			"Pod data/etl-driver: it was killed; give it more [spark/driver-oom, certain]"},
		{millrace.Cause{ID: "spark/stage-failure", Detail: "the job was given up", Follows: "spark/executor-oom"},
			"the job was given up [spark/stage-failure, possible, follows from spark/executor-oom]"},
		{millrace.Cause{ID: "x", Likelihood: 7}, " [x, Likelihood(7)]"},
	} {
		if got := test.cause.String(); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}

func TestCauseJSON(t *testing.T) {
	want := millrace.Cause{ID: "spark/driver-oom", Likelihood: millrace.Likely, Object: millrace.Ref{Kind: "Pod", Name: "d"},
		Detail: "killed", Evidence: []string{"Pod d: OOMKilled"}, Fix: "more", Follows: "x"}
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	const text = `{"id":"spark/driver-oom","likelihood":"likely","object":{"kind":"Pod","name":"d"},"detail":"killed","evidence":["Pod d: OOMKilled"],"fix":"more","follows":"x"}`
	if string(data) != text {
		t.Errorf("got %s", data)
	}
	var got millrace.Cause
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := json.Marshal(millrace.Cause{Likelihood: 7}); err == nil {
		t.Error("a likelihood that does not exist was written")
	}
	if err := json.Unmarshal([]byte(`{"likelihood":"sure"}`), &got); err == nil {
		t.Error("a likelihood that does not exist was read")
	}
}
