package cluster_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/cluster"
	"github.com/millrace/millrace/millracetest"
)

// TestSharedProgress prints from waits that run at the same time to a writer
// that is not safe for it: the race detector looks on.
func TestSharedProgress(t *testing.T) {
	c := millracetest.NewCluster(t)
	var out bytes.Buffer
	progress := cluster.Progress(&out)
	var wg sync.WaitGroup
	for i := range 4 {
		run := submit(t, c.Client(), strings.Replace(app, "etl", fmt.Sprintf("etl-%d", i), 1))
		wg.Go(func() {
			if err := run.Wait(within(t, time.Minute), progress); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for line := range strings.Lines(out.String()) {
		if !strings.HasPrefix(line, "sparkapplication etl-") || strings.Count(line, ":") != 1 {
			t.Errorf("%q", line)
		}
	}
	if got := strings.Count(out.String(), "COMPLETED"); got != 4 {
		t.Errorf("%d are completed:\n%s", got, &out)
	}
}

func TestEventString(t *testing.T) {
	for want, e := range map[string]cluster.Event{
		"kafkatopic orders: Ready":        {Object: millrace.Ref{Kind: "KafkaTopic", Namespace: "kafka", Name: "orders"}, State: "Ready"},
		"workflow daily: extract Running": {Object: millrace.Ref{Kind: "Workflow", Name: "daily"}, Task: "extract", State: "Running"},
		"workflow daily: extract (try 2) Failed: one line": {Object: millrace.Ref{Kind: "Workflow", Name: "daily"}, Task: "extract", Attempt: 2,
			State: "Failed", Message: "one\n  line\n"},
	} {
		if got := e.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestBrokenWriter prints to a terminal that is gone.
func TestBrokenWriter(t *testing.T) {
	c := millracetest.NewCluster(t)
	r, w := io.Pipe()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if err := submit(t, c.Client(), topic).Wait(within(t, time.Minute), cluster.Progress(w)); err != nil {
		t.Error(err)
	}
}
