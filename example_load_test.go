package millrace_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
)

// A lint of the manifests in a repository: whatever can be read is checked,
// and each finding names its file and line.
func ExampleLoad() {
	bundle, err := millrace.Load("testdata/load/topic.yaml", "testdata/load/broken.yaml", "testdata/load/none.yaml")
	if le, ok := errors.AsType[*millrace.LoadError](err); ok {
		for _, p := range le.Problems {
			fmt.Println(p)
		}
	}
	fmt.Println("a file is missing:", errors.Is(err, fs.ErrNotExist))

	for _, f := range policy.Production().Check(bundle).Findings {
		if f.Severity == millrace.Error {
			fmt.Printf("%s:%d: %s: %s\n", f.File, f.Line, f.Field, f.Detail)
		}
	}
	// Output:
	// testdata/load/broken.yaml:5:3: the key "name" stands here and on line 4
	// testdata/load/none.yaml: no such file or directory
	// a file is missing: true
	// testdata/load/topic.yaml:9: spec.replicas: the topic has 1 replicas
}

// A stream is read like a file; what millrace has no noun for passes through.
func ExampleLoadReader() {
	bundle, err := millrace.LoadReader("stdin", strings.NewReader(`
kind: Gadget
apiVersion: example.com/v1
metadata: {name: a, labels: {team: data-platform}}
spec: {size: 3, enabled: yes, comment: "no"}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: example.com/v1
	// kind: Gadget
	// metadata:
	//   name: a
	//   labels:
	//     team: data-platform
	// spec:
	//   comment: "no"
	//   enabled: true
	//   size: 3
}

// Rules and other programs look up where a field was written.
func ExampleBundle_Position() {
	bundle, err := millrace.Load("testdata/load/topic.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, field := range []string{"", "metadata.labels[strimzi.io/cluster]", "spec.config[retention.ms]", "spec.config[cleanup.policy]"} {
		at, _ := bundle.Position(bundle.Objects()[0], field)
		fmt.Printf("%s %q\n", at, field)
	}
	// Output:
	// testdata/load/topic.yaml:2 ""
	// testdata/load/topic.yaml:7 "metadata.labels[strimzi.io/cluster]"
	// testdata/load/topic.yaml:12 "spec.config[retention.ms]"
	// testdata/load/topic.yaml:11 "spec.config[cleanup.policy]"
}

// A directory with a kustomization is read through it.
func ExampleLoad_kustomization() {
	bundle, err := millrace.Load("testdata/load/overlay")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range bundle.Objects() {
		fmt.Println(millrace.RefOf(o))
	}
	for _, n := range bundle.LoadNotes() {
		fmt.Println(n)
	}
	// Output:
	// KafkaTopic staging/orders
	// testdata/load/overlay/kustomization.yaml:6: not applied: commonAnnotations; load what kustomize build prints to have it
}
