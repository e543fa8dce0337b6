package spark_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
)

// answer is what the operator makes of an application.
type answer struct {
	Arguments        []string
	Driver, Executor *corev1.Pod
	Error            string
}

// upstream are the operator's files, and where they are compiled.
var upstream = map[string]string{
	"operator/submit/submission.go":        "internal/controller/sparkapplication/submission.go",
	"operator/submit/monitoring_config.go": "internal/controller/sparkapplication/monitoring_config.go",
	"operator/pods/sparkpod_defaulter.go":  "internal/webhook/sparkpod_defaulter.go",
}

// module returns the directory of the operator's module.
var module = sync.OnceValues(func() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/kubeflow/spark-operator/v2").Output()
	return strings.TrimSpace(string(out)), err
})

// operator asks the operator's own code, all at once.
func operator(t *testing.T, apps []*v1beta2.SparkApplication) []answer {
	t.Helper()
	root, err := module()
	if err != nil {
		t.Fatal(err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	overlay := map[string]map[string]string{"Replace": {}}
	for place, file := range upstream {
		overlay["Replace"][filepath.Join(here, place)] = filepath.Join(root, file)
	}
	data, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	input, err := json.Marshal(apps)
	if err != nil {
		t.Fatal(err)
	}
	var output, log bytes.Buffer
	cmd := exec.Command("go", "run", "-tags", "upstream", "-overlay", file, "./operator")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(input), &output, &log
	cmd.Env = append(os.Environ(), "KUBERNETES_SERVICE_HOST=k8s-api.internal", "KUBERNETES_SERVICE_PORT=6443")
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}
	var answers []answer
	if err := json.Unmarshal(output.Bytes(), &answers); err != nil {
		t.Fatal(err)
	}
	if len(answers) != len(apps) {
		t.Fatalf("%d answers to %d applications", len(answers), len(apps))
	}
	return answers
}
