package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// TestRun holds what the program prints to the golden file.
func TestRun(t *testing.T) {
	var out bytes.Buffer
	if err := run(&out); err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "output.txt")
	if *update {
		if err := os.WriteFile(golden, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("output (-want +got):\n%s", diff)
	}
}

// TestSizes holds the numbers that the article's job comes to, which are not
// to change with the text around them.
func TestSizes(t *testing.T) {
	job := ordersDaily(executorPool().Placement())
	r, err := job.PodResources()
	if err != nil {
		t.Fatal(err)
	}
	if d, e := r.Driver.Memory.String(), r.Executor.Memory.String(); d != "5734Mi" || e != "11468Mi" || r.MaxExecutors != 10 || r.Executor.TaskSlots != 4 {
		t.Errorf("%s and %d times %s with %d tasks", d, r.MaxExecutors, e, r.Executor.TaskSlots)
	}
}
