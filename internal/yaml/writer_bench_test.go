package yaml_test

import (
	"encoding/json"
	"testing"

	sigs "sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/yaml"
)

// BenchmarkWrite compares the writer with what Kubernetes tools use, and with
// json.Marshal of the same object, which does less.
func BenchmarkWrite(b *testing.B) {
	var room []byte
	writers := []struct {
		name  string
		write func(v any) ([]byte, error)
	}{
		{"millrace", func(v any) (out []byte, err error) {
			room, err = yaml.Append(room[:0], v)
			return room, err
		}},
		{"millrace-fresh", func(v any) ([]byte, error) { return yaml.Append(nil, v) }},
		{"millrace-json", func(v any) (out []byte, err error) {
			room, err = yaml.AppendJSON(room[:0], v)
			return room, err
		}},
		{"sigs-yaml", sigs.Marshal},
		{"encoding-json", json.Marshal},
	}
	objects := []struct {
		name string
		v    any
	}{
		{"SparkApplication", sparkApplication()},
		{"Workflow100", workflowDAG(100)},
	}
	for _, o := range objects {
		for _, w := range writers {
			b.Run(o.name+"/"+w.name, func(b *testing.B) {
				out, err := w.write(o.v)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(len(out)))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := w.write(o.v); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
