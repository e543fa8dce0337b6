package e2e

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/klog/v2"
)

// report is what a run of the tests has to say at its end.
var report struct {
	sync.Mutex
	lines  []string // what took how long
	proofs []string // what was shown, and what was not
}

// progress says what is going on, for those who wait.
func progress(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "e2e: "+format+"\n", args...)
}

// took records the time of a step.
func took(step, what string, began time.Time) {
	line := fmt.Sprintf("%-6s %-24s %8.1fs", step, what, time.Since(began).Seconds())
	progress("%s", line)
	report.Lock()
	defer report.Unlock()
	report.lines = append(report.lines, line)
}

// Prove runs a subtest and reports it in the last lines of the run.
func Prove(t *testing.T, name string, f func(t *testing.T)) {
	t.Helper()
	prove(t, name, func(*testing.T) {}, f)
}

// ProveBeside does so at the same time as the others of t that are proven
// beside each other.
func ProveBeside(t *testing.T, name string, f func(t *testing.T)) {
	t.Helper()
	prove(t, name, (*testing.T).Parallel, f)
}

func prove(t *testing.T, name string, begin, f func(t *testing.T)) {
	t.Helper()
	t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
		begin(t)
		began := time.Now()
		t.Cleanup(func() {
			outcome := "proven"
			if t.Failed() {
				outcome = "FAILED"
			}
			report.Lock()
			defer report.Unlock()
			report.proofs = append(report.proofs, fmt.Sprintf("%-6s %8.1fs  %s", outcome, time.Since(began).Seconds(), name))
		})
		f(t)
	})
}

// Main runs the tests and prints how long each component took to be built and
// started, and each proof with its time.
func Main(m *testing.M) int {
	// What servers in this process log says nothing about the tests.
	klog.SetLogger(logr.Discard())
	code := m.Run()
	report.Lock()
	defer report.Unlock()
	for _, list := range [][]string{report.lines, report.proofs} {
		for _, line := range list {
			_, _ = fmt.Fprintln(os.Stdout, line)
		}
	}
	return code
}
