package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/cluster"
	"github.com/millrace/millrace/millracetest"
	"github.com/millrace/millrace/policy"
)

func TestQuickstart(t *testing.T) {
	if err := run(t.Context(), t.TempDir(), "", "2026-11-23"); err != nil {
		t.Error(err)
	}
}

// TestReport: nothing is left to say about the composition.
func TestReport(t *testing.T) {
	bundle, err := millrace.Build(compose("2026-11-23")...)
	if err != nil {
		t.Fatal(err)
	}
	if report := policy.Production().Existing(accounts...).Check(bundle); len(report.Findings) > 0 {
		t.Errorf("the report holds findings:\n%s", report)
	}
}

// TestFailure has one extract fail, as a program's own test would.
func TestFailure(t *testing.T) {
	bundle, err := millrace.Build(compose("2026-11-23")...)
	if err != nil {
		t.Fatal(err)
	}
	c := millracetest.NewCluster(t)
	c.Fail("extract-orders", millracetest.OOMKilled)
	submitted, err := c.Client().Submit(t.Context(), bundle)
	if err != nil {
		t.Fatal(err)
	}
	var progress bytes.Buffer
	err = submitted.Wait(t.Context(), cluster.Progress(&progress))
	failure, ok := errors.AsType[*cluster.Failure](err)
	if !ok {
		t.Fatalf("Wait returned %v, want a *cluster.Failure", err)
	}
	if failure.Task != "extract-orders" || !strings.Contains(failure.Message, "OOMKilled") || failure.Fix == "" {
		t.Errorf("the failure is %+v; want task extract-orders, OOMKilled, and a fix", failure)
	}
	if strings.Contains(progress.String(), "transform-and-load Running") {
		t.Errorf("the task after the failed one ran:\n%s", progress.String())
	}
}
