package main

import (
	"bytes"
	"testing"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
)

// TestRun: what it prints loads, and holds in production.
func TestRun(t *testing.T) {
	var out bytes.Buffer
	if err := run(&out); err != nil {
		t.Fatal(err)
	}
	bundle, err := millrace.LoadReader("stdout", &out)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(bundle.Objects()); n != 5 {
		t.Errorf("%d objects, want the template, its account, role and binding, and the cron", n)
	}
	profile := policy.Production().Existing(millrace.Ref{Kind: "Namespace", Name: "data-platform"})
	for _, f := range profile.Check(bundle).Findings {
		t.Error(f)
	}
}
