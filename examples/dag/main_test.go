package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	const template = "../article/manifests/data-platform/workflowtemplate-daily-etl-pipeline.yaml"
	dir := t.TempDir()
	for name, tc := range map[string]struct {
		options  options
		paths    []string
		out, err string
	}{
		"composed":      {out: "n_extract_orders --> n_transform_and_load"},
		"left to right": {options: options{leftToRight: true}, out: "flowchart LR"},
		"manifest":      {paths: []string{template}, out: `title: "daily-etl-pipeline"`},
		"directory":     {paths: []string{"../article/manifests/data-platform"}, out: "apply SparkApplication"},
		"DOT":           {options: options{dot: "-"}, out: "subgraph cluster_g_main"},
		"SVG":           {options: options{svg: "-"}, out: "<title>daily-etl-pipeline</title>"},
		"no workflow":   {paths: []string{"../article/manifests/kafka"}, err: "there is no workflow to draw"},
		"no such path":  {paths: []string{"nowhere"}, err: "nowhere"},
		"no directory":  {options: options{svg: filepath.Join(dir, "none", "x.svg")}, err: "x.svg"},
		"two in an SVG": {options: options{svg: "-"}, paths: []string{template, "../../workflow/picture/testdata/nested.yaml"}, err: "an SVG holds one workflow, and there are 2"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			err := run(&out, tc.options, tc.paths)
			if (err != nil) != (tc.err != "") || err != nil && !strings.Contains(err.Error(), tc.err) {
				t.Errorf("error %v, want %q", err, tc.err)
			}
			if !strings.Contains(out.String(), tc.out) {
				t.Errorf("the output doesn't hold %q:\n%s", tc.out, out.String())
			}
		})
	}
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	o := options{mermaid: filepath.Join(dir, "a.mmd"), dot: filepath.Join(dir, "a.dot"), svg: filepath.Join(dir, "a.svg")}
	var out bytes.Buffer
	if err := run(&out, o, nil); err != nil || out.Len() > 0 {
		t.Fatalf("error %v, output %q", err, out.String())
	}
	for file, begin := range map[string]string{o.mermaid: "---\ntitle: ", o.dot: "digraph workflow {", o.svg: "<svg "} {
		data, err := os.ReadFile(file)
		if err != nil || !strings.HasPrefix(string(data), begin) {
			t.Errorf("%s begins with %.20q, want %q (%v)", file, data, begin, err)
		}
	}
}
