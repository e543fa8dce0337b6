//go:build corpus

package millrace_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
)

// TestLoadCorpus loads the manifests that upstream ships: every document is
// what sigs.k8s.io/yaml reads, and comes back from Render without loss.
func TestLoadCorpus(t *testing.T) {
	dirs := []string{filepath.Join(os.Getenv("MILLRACE_CORPUS"), "corpus")}
	for _, module := range []string{"github.com/argoproj/argo-workflows/v3@v3.7.14", "github.com/kubeflow/spark-operator/v2@v2.5.1"} {
		out, err := exec.Command("go", "mod", "download", "-json", module).Output()
		var m struct{ Dir string }
		if err := errors.Join(err, json.Unmarshal(out, &m)); err != nil {
			t.Fatal(err)
		}
		dirs = append(dirs, m.Dir)
	}
	for _, dir := range dirs {
		files, objects, compared, notObjects, refused := 0, 0, 0, 0, 0
		err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || !strings.HasSuffix(path, ".yaml") && !strings.HasSuffix(path, ".yml") && !strings.HasSuffix(path, ".json") {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			files++
			b, err := millrace.LoadReader(path, bytes.NewReader(data))
			if le, ok := errors.AsType[*millrace.LoadError](err); ok {
				for _, p := range le.Problems {
					if strings.Contains(p.Detail, "it is no Kubernetes object") {
						notObjects++
						continue
					}
					refused++
					incomplete := strings.Contains(p.Detail, "the object has no ") // apiVersion, or kind
					if _, err := yaml.YAMLToJSONStrict(data); err == nil && !incomplete {
						t.Errorf("sigs.k8s.io/yaml takes what Load refuses: %s", p)
					}
				}
			}
			same(t, b, []byte(path))
			objects += len(b.Objects())
			compared += compareDocuments(t, b, data, path)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if objects == 0 {
			t.Errorf("%s: no objects", dir)
		}
		t.Logf("%s: %d files, %d objects, %d of them compared with sigs.k8s.io/yaml, %d documents that are no objects, %d refused", dir, files, objects, compared, notObjects, refused)
	}
}

// compareDocuments finds the text of each object by its line, and compares.
func compareDocuments(t *testing.T, b *millrace.Bundle, data []byte, path string) int {
	t.Helper()
	lines := bytes.SplitAfter(data, []byte("\n"))
	n := 0
	for _, o := range b.Objects() {
		at, _ := b.Position(o, "")
		end := at.Line
		for end < len(lines) && !bytes.HasPrefix(lines[end], []byte("---")) {
			end++
		}
		text := bytes.Join(lines[at.Line-1:end], nil)
		want, err := yaml.YAMLToJSON(text)
		if err != nil {
			t.Errorf("%s: sigs.k8s.io/yaml refuses the document on line %d: %v", path, at.Line, err)
			continue
		}
		if bytes.Contains(want, []byte(`"items":[`)) || want[0] != '{' {
			continue
		}
		got, err := json.Marshal(o.(*unstructured.Unstructured).Object)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s:%d:\nsigs.k8s.io/yaml reads %s\nLoad reads             %s", path, at.Line, want, got)
		}
		n++
	}
	return n
}
