package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
)

func TestRun(t *testing.T) {
	const topic = "testdata/topic.yaml"
	for name, tc := range map[string]struct {
		profile         string
		asJSON, asSARIF bool
		existing        []millrace.Ref
		paths           []string
		code            int
		out, err        string
	}{
		"schema":          {profile: "schema", paths: []string{topic}, code: 1, out: topic + ":8: error: KafkaTopic orders: spec.partitions"},
		"production":      {profile: "production", paths: []string{"testdata"}, code: 1, out: "kafka/unknown-topic-config"},
		"SARIF":           {profile: "production", asSARIF: true, paths: []string{topic}, code: 1, out: `"startLine": 8`},
		"good":            {profile: "production", paths: []string{"../article/manifests/_cluster"}, out: "production: 0 errors"},
		"no such path":    {profile: "production", paths: []string{"nowhere"}, code: 2, err: "nowhere"},
		"no such profile": {profile: "prod", paths: []string{topic}, code: 2, err: "use production, development or schema"},
		"no path":         {profile: "production", code: 2, err: "name the files"},
		"two formats":     {profile: "production", asJSON: true, asSARIF: true, paths: []string{topic}, code: 2, err: "choose one"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			code, err := run(&out, tc.profile, tc.asJSON, tc.asSARIF, tc.existing, tc.paths)
			if code != tc.code || !strings.Contains(out.String(), tc.out) {
				t.Errorf("code %d, want %d; output:\n%s", code, tc.code, out.String())
			}
			if (err != nil) != (tc.err != "") || err != nil && !strings.Contains(err.Error(), tc.err) {
				t.Errorf("error %v, want %q", err, tc.err)
			}
		})
	}
}

func TestJSON(t *testing.T) {
	var out bytes.Buffer
	if _, err := run(&out, "schema", true, false, nil, []string{"testdata"}); err != nil {
		t.Fatal(err)
	}
	var findings []millrace.Finding
	if err := json.Unmarshal(out.Bytes(), &findings); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range findings {
		got = append(got, strings.Join([]string{f.Rule, f.Severity.String(), f.Object.String(), f.Field, millrace.Position{File: f.File, Line: f.Line}.String()}, " "))
	}
	want := []string{"schema/bounds error KafkaTopic orders spec.partitions testdata/topic.yaml:8"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestExisting names what the manifests need, once and in part.
func TestExisting(t *testing.T) {
	for list, want := range map[string]int{"": 2, "ServiceAccount/data/loader": 1, "ServiceAccount/data/loader,PriorityClass/high": 0} {
		var refs []millrace.Ref
		if list != "" {
			var err error
			if refs, err = parseRefs(list); err != nil {
				t.Fatal(err)
			}
		}
		var out bytes.Buffer
		if _, err := run(&out, "production", false, false, refs, []string{"testdata/loader.yaml"}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(out.String(), "[reference/undeclared]"); got != want {
			t.Errorf("-existing %q leaves %d names that lead nowhere, want %d:\n%s", list, got, want, out.String())
		}
	}
	for _, bad := range []string{"loader", "ServiceAccount/data/loader/x", "PriorityClass/high,"} {
		if _, err := parseRefs(bad); err == nil || !strings.Contains(err.Error(), "neither Kind/namespace/name nor Kind/name") {
			t.Errorf("parseRefs(%q) = %v", bad, err)
		}
	}
}
