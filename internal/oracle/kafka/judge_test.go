package kafka_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/millrace/millrace/internal/maven"
)

// released are the releases of Kafka that the catalogue is made from.
var released = map[string]string{"4.0": "4.0.0", "4.1": "4.1.1", "4.2": "4.2.0", "4.3": "4.3.1"}

// newest is the release by which everything is judged that names none.
const newest = "4.3"

// judge is Kafka itself, which answers one question after the other.
type judge struct {
	mu     sync.Mutex
	path   string
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Scanner
	stderr bytes.Buffer
}

// judges are the releases that have been started, for all tests.
var judges = map[string]func() (*judge, error){}

func TestMain(m *testing.M) {
	started := make(chan *judge, len(released))
	for version := range released {
		judges[version] = sync.OnceValues(func() (*judge, error) {
			j, err := start(version)
			if err == nil {
				started <- j
			}
			return j, err
		})
	}
	code := m.Run()
	close(started)
	for j := range started {
		j.in.Close()
		j.cmd.Wait() // What it had to say has been read.
	}
	os.Exit(code)
}

// kafka returns a release of Kafka. It fails where Java, Maven or the jars are
// missing.
func kafka(t *testing.T, version string) *judge {
	t.Helper()
	j, err := judges[version]()
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func start(version string) (*judge, error) {
	path, err := maven.ClassPath(context.Background(), "testdata/pom.xml", "kafka.version="+released[version])
	if err != nil {
		return nil, err
	}
	j := &judge{path: path, cmd: exec.Command("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", path, "testdata/Judge.java")}
	j.cmd.Stderr = &j.stderr
	if j.in, err = j.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := j.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	j.out = bufio.NewScanner(out)
	j.out.Buffer(nil, 1<<20)
	if err := j.cmd.Start(); err != nil {
		return nil, fmt.Errorf("java doesn't run (.ci/java installs it): %w", err)
	}
	return j, nil
}

// answer is one of Kafka's: why it takes something not, or what was asked for.
type answer struct {
	ok   bool
	text string
}

// ask puts many questions at once, and returns the answers in their order.
func (j *judge) ask(t *testing.T, questions []string) []answer {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	go func() {
		w := bufio.NewWriter(j.in)
		for _, q := range questions {
			fmt.Fprintln(w, q)
		}
		w.Flush()
	}()
	answers := make([]answer, len(questions))
	for i := range answers {
		if !j.out.Scan() {
			t.Fatalf("Kafka has stopped at question %d, %q: %v\n%s", i, questions[i], j.out.Err(), j.stderr.String())
		}
		verdict, text, _ := strings.Cut(j.out.Text(), " ")
		reason, err := decode(text)
		if err != nil {
			t.Fatal(err)
		}
		answers[i] = answer{verdict == "ok", reason}
	}
	return answers
}

// encode writes a text of a question.
func encode(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// decode reads a text of a question or of an answer.
func decode(text string) (string, error) {
	raw, err := base64.StdEncoding.DecodeString(text)
	return string(raw), err
}

// settings writes a configuration of a question.
func settings(config map[string]any) string {
	var parts []string
	for key, value := range config {
		parts = append(parts, key, value.(string))
	}
	return encode(strings.Join(parts, "\x00"))
}
