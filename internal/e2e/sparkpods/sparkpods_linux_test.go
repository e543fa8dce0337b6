package sparkpods_test

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace/internal/e2e"
)

//go:embed sparkpods.py
var ask []byte

// sparkCase is one of the table that spark's own test works through.
type sparkCase struct {
	Name    string            `json:"name"`
	Version string            `json:"version"`
	Main    string            `json:"main"`
	Client  bool              `json:"client"`
	Conf    map[string]string `json:"conf"`
	Error   bool              `json:"error"`

	Driver           int    `json:"driver"` // MiB
	Executor         int    `json:"executor"`
	DriverCPU        string `json:"driverCPU"`
	ExecutorCPU      string `json:"executorCPU"`
	DriverCPULimit   string `json:"driverCPULimit"`
	ExecutorCPULimit string `json:"executorCPULimit"`
	Slots            int    `json:"slots"`
}

// answer is what Spark does with a case.
type answer struct {
	Error            string     `json:"error"`
	Driver, Executor *container `json:",omitempty"`
	Slots            int        `json:"slots"`
}

type container struct {
	Requests map[string]string `json:"requests"`
	Limits   map[string]string `json:"limits"`
}

// TestPodResources holds the table by which spark.Resources is tested to Spark
// itself: the code that makes the driver's and the executors' containers.
func TestPodResources(t *testing.T) {
	if _, _, ok := e2e.RealSpark(t); !ok {
		return
	}
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "spark", "testdata", "memory.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all, cases []sparkCase
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	line := e2e.SparkVersion[:strings.LastIndexByte(e2e.SparkVersion, '.')+1]
	for _, c := range all {
		if strings.HasPrefix(c.Version, line) {
			cases = append(cases, c)
		}
	}
	answers := spark(t, cases)
	if len(answers) != len(cases) || len(cases) < 40 {
		t.Fatalf("%d answers to %d cases", len(answers), len(cases))
	}
	for i, c := range cases {
		got := answers[i]
		switch {
		case c.Error:
			if got.Error == "" {
				t.Errorf("%s: Spark takes it: %+v", c.Name, got.Executor)
			}
		case got.Error != "":
			t.Errorf("%s: Spark refuses it: %s", c.Name, got.Error)
		default:
			if c.Driver > 0 {
				c.compare(t, "driver", got.Driver, c.Driver, c.DriverCPU, c.DriverCPULimit)
			}
			c.compare(t, "executor", got.Executor, c.Executor, c.ExecutorCPU, c.ExecutorCPULimit)
			if c.Slots > 0 && c.Slots != got.Slots {
				t.Errorf("%s: Spark runs %d tasks at once, want %d", c.Name, got.Slots, c.Slots)
			}
		}
	}
	t.Logf("Spark %s agrees on %d cases", e2e.SparkVersion, len(cases))
}

// compare holds a pod's container to what a case wants of it.
func (c sparkCase) compare(t *testing.T, role string, got *container, mib int, cpu, limit string) {
	t.Helper()
	want := *resource.NewQuantity(int64(mib)<<20, resource.BinarySI)
	for _, memory := range []string{got.Requests["memory"], got.Limits["memory"]} {
		if q, err := resource.ParseQuantity(memory); err != nil || q.Cmp(want) != 0 {
			t.Errorf("%s: Spark gives the %s %s, want %d MiB", c.Name, role, memory, mib)
		}
	}
	for _, amount := range [][2]string{{got.Requests["cpu"], cpu}, {got.Limits["cpu"], limit}} {
		if amount[1] == "" {
			continue
		}
		q, err := resource.ParseQuantity(amount[0])
		if err != nil || q.Cmp(resource.MustParse(amount[1])) != 0 {
			t.Errorf("%s: Spark gives the %s %q CPU, want %s", c.Name, role, amount[0], amount[1])
		}
	}
}

// spark asks the distribution.
func spark(t *testing.T, cases []sparkCase) []answer {
	t.Helper()
	home, java, _ := e2e.RealSpark(t) // who calls has asked
	libraries, err := filepath.Glob(filepath.Join(home, "python", "lib", "py4j-*.zip"))
	if err != nil || len(libraries) != 1 {
		t.Fatalf("py4j of the distribution: %v, %v", libraries, err)
	}
	in, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(t.TempDir(), "sparkpods.py")
	if err := os.WriteFile(script, ask, 0o600); err != nil {
		t.Fatal(err)
	}
	var out, log bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "python3", script)
	cmd.Env = append(os.Environ(), "SPARK_HOME="+home, "JAVA_HOME="+java,
		"PYTHONPATH="+filepath.Dir(home)+string(filepath.ListSeparator)+libraries[0])
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &out, &log
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, log.String())
	}
	var answers []answer
	if err := json.Unmarshal(out.Bytes(), &answers); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	return answers
}
