package main

import "testing"

// TestReport: of all that production asks for, what is left is waived: how large
// the executors are, and how open the cluster is.
func TestReport(t *testing.T) {
	bundle, err := compose()
	if err != nil {
		t.Fatal(err)
	}
	if report := profile().Check(bundle); len(report.Findings) != 9 || report.Waived() != 9 {
		t.Errorf("the report holds more than what is waived:\n%s", report)
	}
}

// TestManifests holds the committed tree to what the program renders. After a
// wanted change: go run ./examples/article -o examples/article/manifests
func TestManifests(t *testing.T) {
	if err := run("manifests", true); err != nil {
		t.Error(err)
	}
}
