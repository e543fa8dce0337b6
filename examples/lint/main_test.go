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
			code, err := run(&out, tc.profile, tc.asJSON, tc.asSARIF, tc.paths)
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
	if _, err := run(&out, "schema", true, false, []string{"testdata"}); err != nil {
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
