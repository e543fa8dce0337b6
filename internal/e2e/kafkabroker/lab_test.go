// Package kafkabroker_test shows on a real broker of Apache Kafka, with its own
// clients, that what package kafka renders is right: the rules of each intent are
// enough and none too many, topics are made as they read, and what Build refuses
// the broker refuses too. What Strimzi's operators do with the manifests is done
// in Java, by their rules.
//
// It needs a JDK and Maven, no cluster and no root; everything is on the loopback
// interface, in one process that ends with the test.
package kafkabroker_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/millrace/millrace/internal/maven"
)

// patience is for the whole run, on a machine that does other things as well.
const patience = 8 * time.Minute

// labCase is one thing that is done on the broker, by Lab.java.
type labCase struct {
	ID       string            `json:"id"`
	Do       string            `json:"do"`
	Manifest any               `json:"manifest,omitempty"`
	With     map[string]string `json:"with,omitempty"`

	// topics are there before.
	topics []string
	// compacted are there before too, with the cleanup policy compact.
	compacted []string
	check     func(t *testing.T, r result)
	// late are those that leave threads behind which try again and again.
	late bool
}

// result is how a case went.
type result struct {
	ID     string          `json:"id"`
	OK     bool            `json:"ok"`
	Error  string          `json:"error"`
	Got    json.RawMessage `json:"got"`
	Millis int             `json:"millis"`

	// log is what everybody has said meanwhile.
	log string
}

// only narrows a run down, for who works at one of the cases.
var only = flag.String("only", "", "regular expression for the names of cases")

// TestBroker runs all cases on one broker.
func TestBroker(t *testing.T) {
	var cases []labCase
	narrow := regexp.MustCompile(*only)
	for _, more := range [...]func(*testing.T) []labCase{accessCases, promiseCases, topicCases, quotaCases, addressCases} {
		cases = append(cases, slices.DeleteFunc(more(t), func(c labCase) bool { return !narrow.MatchString(c.ID) })...)
	}
	slices.SortStableFunc(cases, func(a, b labCase) int {
		switch {
		case a.late == b.late:
			return 0
		case a.late:
			return 1
		}
		return -1
	})
	results := run(t, cases)
	for _, c := range cases {
		t.Run(c.ID, func(t *testing.T) {
			r, ok := results[c.ID]
			if !ok {
				t.Fatal("there is no result")
			}
			c.check(t, r)
			if t.Failed() {
				manifest, _ := json.Marshal(c.Manifest)
				t.Logf("after %d ms: %s\n%s", r.Millis, r.Error, manifest)
			}
		})
	}
}

// run starts the broker and returns how the cases went.
func run(t *testing.T, cases []labCase) map[string]result {
	t.Helper()
	dir := t.TempDir()
	classpath := compile(t, dir)
	made := map[string]map[string]string{}
	for _, c := range cases {
		for _, topic := range c.topics {
			made[topic] = map[string]string{}
		}
		for _, topic := range c.compacted {
			made[topic] = map[string]string{"cleanup.policy": "compact"}
		}
	}
	plan, err := json.Marshal(map[string]any{"make": made, "cases": cases})
	if err != nil {
		t.Fatal(err)
	}
	planFile, outFile := filepath.Join(dir, "plan.json"), filepath.Join(dir, "results.json")
	if err := os.WriteFile(planFile, plan, 0o600); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	log := command(t, dir, true, "java", "-Xmx1g", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir="+dir, "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
		"-Dorg.slf4j.simpleLogger.log.org.apache.kafka.connect.util.TopicAdmin=debug",
		"-cp", classpath, "Lab", filepath.Join(dir, "state"), planFile, outFile)
	text, err := os.ReadFile(outFile)
	if err != nil {
		t.Fatalf("the broker has left no results: %v\n%s", err, log)
	}
	var all []result
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	out := map[string]result{}
	for _, r := range all {
		r.log = log
		out[r.ID] = r
	}
	if len(out) != len(cases) {
		t.Errorf("%d cases have %d results: two have one name", len(cases), len(out))
	}
	t.Logf("%d cases on a broker in %.0f s", len(cases), time.Since(began).Seconds())
	return out
}

// compile returns the class path of Lab.java, with Kafka from Maven's repository.
func compile(t *testing.T, dir string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	jars, err := maven.ClassPath(ctx, "pom.xml")
	if err != nil {
		t.Fatal(err)
	}
	sources, err := filepath.Glob("java/*.java")
	if err != nil || len(sources) == 0 {
		t.Fatalf("no sources: %v", err)
	}
	classes := filepath.Join(dir, "classes")
	command(t, ".", false, "javac", append([]string{"-nowarn", "-cp", jars, "-d", classes}, sources...)...)
	return classes + string(os.PathListSeparator) + jars
}

// command runs a program to its end and returns what it said. One
// that is to live as long as the test gets a standard input that ends with it.
func command(t *testing.T, dir string, tied bool, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = 10 * time.Second
	if tied {
		input, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		defer input.Close()
	}
	err := cmd.Run()
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, strings.Join(lines[max(0, len(lines)-40):], "\n"))
	}
	return out.String()
}

// works wants a case to do what it promises.
func works(t *testing.T, r result) {
	t.Helper()
	if !r.OK {
		t.Errorf("it was refused")
	}
}

// refused wants a case to fail for want of rights, or, where Kafka's clients
// don't say so, by one of other signs.
func refused(signs ...string) func(*testing.T, result) {
	return func(t *testing.T, r result) {
		t.Helper()
		if r.OK {
			t.Errorf("it was not refused")
			return
		}
		for _, sign := range append(signs, "AuthorizationException") {
			if strings.Contains(r.Error, sign) {
				return
			}
		}
		t.Errorf("it failed, but not for want of rights")
	}
}

// because wants a case to fail, and the log to say why, near a line with a name
// that nobody else has: workers of Connect try again and again, and tell nobody.
// Said.java listens to it, so that nobody waits longer.
func (c *labCase) because(name, why string) {
	c.With["name"], c.With["why"] = name, why
	c.check = func(t *testing.T, r result) {
		t.Helper()
		if r.OK {
			t.Errorf("it was not refused")
			return
		}
		const near = 4 // lines
		lines := strings.Split(r.log, "\n")
		for i, line := range lines {
			if strings.Contains(line, name) && strings.Contains(strings.ToLower(strings.Join(lines[i:min(len(lines), i+near)], " ")), why) {
				return
			}
		}
		t.Errorf("it failed, and the log says nothing of %q near %q", why, name)
	}
}
