package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
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

// TestLiterals: the pool and the job are the article's, line by line.
func TestLiterals(t *testing.T) {
	own := lines(t, "main.go")
	for file, bounds := range map[string][2]string{
		"spark.go": {`Name: "etl-orders-daily",`, "Placement: placement,"},
		"pool.go":  {"return &nodepool.Pool{", "Provider: nodepool.GKE"},
	} {
		all := lines(t, filepath.Join("..", "article", file))
		_, rest, found := strings.Cut(all, bounds[0])
		literal, _, ends := strings.Cut(rest, bounds[1])
		if !found || !ends || !strings.Contains(own, literal) {
			t.Errorf("%s has another literal:\n%s", file, literal)
		}
	}
}

// lines returns a file without what gofmt aligns by.
func lines(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(text)), " ")
}
