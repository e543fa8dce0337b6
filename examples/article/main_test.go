package main

import "testing"

// TestManifests holds the committed tree to what the program renders. After a
// wanted change: go run ./examples/article -o examples/article/manifests
func TestManifests(t *testing.T) {
	if err := run("manifests", true); err != nil {
		t.Error(err)
	}
}
