//go:build corpus

package policy_test

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

	"github.com/millrace/millrace"
)

// TestPodsCorpus holds the pods of upstream's own manifests to their fields.
func TestPodsCorpus(t *testing.T) {
	for _, module := range []string{"github.com/argoproj/argo-workflows/v3@v3.7.14", "github.com/kubeflow/spark-operator/v2@v2.5.1"} {
		out, err := exec.Command("go", "mod", "download", "-json", module).Output()
		var m struct{ Dir string }
		if err := errors.Join(err, json.Unmarshal(out, &m)); err != nil {
			t.Fatal(err)
		}
		pods := 0
		err = filepath.WalkDir(filepath.Join(m.Dir, "examples"), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || !strings.HasSuffix(path, ".yaml") {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			// What can't be read as a manifest makes no pods.
			b, err := millrace.LoadReader(path, bytes.NewReader(data))
			if _, ok := errors.AsType[*millrace.LoadError](err); !ok && err != nil {
				return err
			}
			wrong, seen := misplaced(t, b)
			for _, w := range wrong {
				t.Errorf("%s: %s", path, w)
			}
			for _, n := range seen {
				pods += n
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if pods == 0 {
			t.Errorf("%s: no pods", module)
		}
		t.Logf("%s: %d pods", module, pods)
	}
}
