package manifest_test

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/internal/manifest"
)

// TestProblems names line and column of every kind of mistake. It also holds
// that the parser's marks are where marksOf looks for them.
func TestProblems(t *testing.T) {
	p := func(line, column int, detail string) []manifest.Problem {
		return []manifest.Problem{{Line: line, Column: column, Detail: detail}}
	}
	for name, test := range map[string]struct {
		in   string
		want []manifest.Problem
	}{
		"duplicate key":           {"a: 1\nb: 1\na: 2\n", p(3, 1, `the key "a" stands here and on line 1`)},
		"duplicate after a merge": {"x: &x {a: 1}\ny:\n  b: 1\n  <<: *x\n  b: 2\n", p(5, 3, `the key "b" stands here and on line 3`)},
		"keys that become one":    {"1: a\n'1': b\n", p(2, 1, `the key "1" stands here and on line 1`)},
		"two duplicate keys": {"a: 1\na: 2\nb:\n  c: 1\n  c: 2\n", []manifest.Problem{{2, 1, `the key "a" stands here and on line 1`},
			{5, 3, `the key "c" stands here and on line 4`}}},
		"duplicate key in JSON":   {"{\"a\": {\n\"b\": 1,\n\"b\": 2}}", p(3, 0, `the key "b" stands here and on line 2`)},
		"tab at the start":        {"a:\n\tb: 2\n", p(2, 1, "a tab indents the line: YAML indents with spaces")},
		"tab after an entry":      {"a: 1\n\tb: 2\n", p(2, 1, "found a tab character that violates indentation")},
		"unknown anchor":          {"x: 1\na:\n  - *x\n", p(3, 0, "unknown anchor 'x' referenced")},
		"anchor of another text":  {"a: &x 1\n---\nb: *x\n", p(3, 0, "unknown anchor 'x' referenced")},
		"anchor inside itself":    {"a: &a\n  b:\n  - *a\n", p(3, 5, `the anchor "a" contains itself`)},
		"merged into itself":      {"a: &a\n  <<: *a\n", p(2, 7, `the anchor "a" contains itself`)},
		"broken UTF-8":            {"a: 1\nb: é\xff\n", p(2, 5, "the byte 0xff is not UTF-8")},
		"Latin-1":                 {"---\na: caf\xe9\n", p(2, 7, "the byte 0xe9 is not UTF-8")},
		"UTF-16":                  {"\xff\xfea\x00:\x00", p(1, 0, "the text is UTF-16: save it as UTF-8")},
		"control character":       {"a: 1\nb: x\x00\n", p(2, 5, "the control character U+0000 can't stand in YAML: remove it, or write it as an escape in double quotes")},
		"indentation":             {"a:\n  b: 1\n c: 2\n", p(3, 2, "did not find expected key")},
		"open quote":              {"a: 1\nb: \"x\nc: 2\n", p(3, 0, "the text ends in the middle of what opens on line 2")},
		"open bracket":            {"a: [1, 2\nb: 3\n", p(2, 2, "did not find expected ',' or ']'")},
		"colon":                   {"x: 1\na: b: c\n", p(2, 5, "mapping values are not allowed in this context")},
		"list in a mapping":       {"a: |\n x\n y: z\n- b\n", p(4, 1, "did not find expected key")},
		"reserved character":      {"a: @x\n", p(1, 4, "found character that cannot start any token")},
		"escape":                  {"a: \"\\q\"\n", p(1, 5, "found unknown escape character")},
		"YAML 3":                  {"%YAML 3.0\n---\na: 1\n", p(1, 1, "found incompatible YAML document")},
		"tag":                     {"a: !!int x\n", p(1, 4, `"x" is no !!int`)},
		"binary":                  {"a: !!binary gA==\n", p(1, 4, "a !!binary value that is not text: write its base64 as a string")},
		"binary not base64":       {"a: !!binary _\n", p(1, 4, "a !!binary value that is not base64")},
		"infinite":                {"a: .inf\n", p(1, 4, "a number that JSON can't hold (infinite, or none)")},
		"null key":                {"~: 1\n", p(1, 1, "null can't be a key: quote it, or give the value a key")},
		"big key":                 {"18446744073709551615: 1\n", p(1, 1, "a number too large for a key: quote it")},
		"mapping as a key":        {"a: {{ x }}\n", p(1, 5, "a mapping or a list can't be a key (braces that a template left? quote them)")},
		"merge of a scalar":       {"<<: 1\n", p(1, 5, `"<<" merges mappings only`)},
		"merge of scalars":        {"a: &a 1\nb:\n  <<: [*a]\n", p(3, 8, `"<<" merges mappings only`)},
		"template":                {"{{- if .x }}\na: b\n{{- end }}\n", p(1, 3, "did not find expected node content (a template? render it first)")},
		"JSON":                    {"{\"a\": 1,\n \"b\" 2}\n", p(2, 6, "did not find expected ',' or '}'")},
		"second JSON value":       {"{\"a\": 1}\n{\"b\":\n", p(2, 0, "unexpected EOF")},
		"JSON after a duplicate":  {"{\"a\": 1, \"a\": 1}\n{", []manifest.Problem{{1, 0, `the key "a" stands here and on line 1`}, {2, 0, "unexpected EOF"}}},
		"JSON number":             {"{\"a\":\n1e999}", p(2, 0, `the number "1e999" is out of range`)},
		"in the third document":   {"a: 1\n---\n# x\nb: 1\n---\n\n\tc: 1\n", p(7, 1, "a tab indents the line: YAML indents with spaces")},
		"after the end of one":    {"a: 1\n...\nc: 1\nc: 2\n", p(4, 1, `the key "c" stands here and on line 3`)},
		"too long":                {"a: 1\n---\nb: " + strings.Repeat("x", manifest.MaxDocument), p(3, 0, "the document has 4194307 bytes, and may have 4194304: an API server takes no more; split it")},
		"too deep":                {"a:\n  " + strings.Repeat("[", 10000) + strings.Repeat("]", 10000), p(2, 503, "the document has more than 500 levels")},
		"too deep in JSON":        {"[\n" + strings.Repeat("[", 10000) + strings.Repeat("]", 10001), p(2, 0, "the document has more than 500 levels")},
		"too deep for the parser": {"a: " + strings.Repeat("[", 20000), p(1, 10004, "exceeded max depth of 10000")},
		"alias bomb":              {bomb, p(6, 23, "the aliases of the document expand to more than 4194304 bytes")},
		"alias of a long text":    {"a: &a " + strings.Repeat("x", 1<<20) + "\nb: [*a, *a, *a, *a]\n", p(2, 17, "the aliases of the document expand to more than 4194304 bytes")},
	} {
		t.Run(name, func(t *testing.T) {
			_, got := manifest.Read([]byte(test.in))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// bomb has nine to the power of seven leaves.
const bomb = `a: &a [x,x,x,x,x,x,x,x,x]
b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]
c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]
d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]
e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]
f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]
g: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]
`

// TestFewProblems holds that a file of garbage has a short answer.
func TestFewProblems(t *testing.T) {
	for name, in := range map[string]string{"YAML": strings.Repeat("a: 1\n", 1000), "JSON": "{" + strings.Repeat("\"a\": 1,\n", 1000) + "\"a\": 1}"} {
		docs, problems := manifest.Read([]byte(in))
		if len(docs) != 0 || len(problems) < 5 || len(problems) > 11 {
			t.Errorf("%s: %d documents, %d problems", name, len(docs), len(problems))
		}
	}
}

// TestValues compares with what sigs.k8s.io/yaml reads, and names some of it.
func TestValues(t *testing.T) {
	for in, want := range map[string]any{
		"yes": true, "on": true, "y": true, "Off": false, "n": false, "'yes'": "yes", "yEs": "yEs",
		"~": nil, "null": nil, "''": "", "nULL": "nULL",
		"0644": int64(420), "0o644": int64(420), "0x1F": int64(31), "-0b11": int64(-3), "1_000": int64(1000), "08": int64(8), "+5": int64(5),
		"9223372036854775807": int64(9223372036854775807), "-9223372036854775808": int64(-9223372036854775808),
		"9223372036854775808": json.Number("9223372036854775808"), "18446744073709551615": json.Number("18446744073709551615"),
		"18446744073709551616": 18446744073709551616.0,
		"1.5":                  1.5, "1.0": int64(1), "1e3": int64(1000), "1e30": 1e30, ".5": 0.5, "1e400": "1e400", "1.": int64(1),
		"1:30": "1:30", "2026-11-23": "2026-11-23", "2026-11-23T04:05:06Z": "2026-11-23T04:05:06Z",
		"!!str 1": "1", "!!float 1": int64(1), "!!int '3'": int64(3), "!!binary aGk=": "hi", "!x y": "y", "!!timestamp 2026-11-23": "2026-11-23",
		"!!null ''": nil, "!!bool on": true, "<<": "<<",
	} {
		text := []byte("a: " + in + "\n")
		docs, problems := manifest.Read(text)
		if len(docs) != 1 || problems != nil {
			t.Errorf("%s: %d documents, %v", in, len(docs), problems)
			continue
		}
		if diff := cmp.Diff(any(map[string]any{"a": want}), docs[0].Value); diff != "" {
			t.Errorf("%s (-want +got):\n%s", in, diff)
		}
		compare(t, text, docs[0].Value)
	}
}

func TestSplit(t *testing.T) {
	for name, test := range map[string]struct {
		in   string
		want []string // "line:JSON"
	}{
		"nothing":        {"", nil},
		"comments":       {"# a\n---\n# b\n---\n\n...\n", nil},
		"null":           {"null\n---\n~\n", nil},
		"two":            {"a: 1\n---\nb: 2\n", []string{`1:{"a":1}`, `3:{"b":2}`}},
		"leading mark":   {"---\n# c\na: 1\n", []string{`3:{"a":1}`}},
		"mark, comment":  {"--- # first\na: 1\n---   \nb: 2", []string{`2:{"a":1}`, `4:{"b":2}`}},
		"mark, value":    {"--- {a: 1}\n--- |\n  x\n", []string{`1:{"a":1}`, `2:"x\n"`}},
		"end mark":       {"a: 1\n...\nb: 2\n...\n---\nc: 3\n", []string{`1:{"a":1}`, `3:{"b":2}`, `6:{"c":3}`}},
		"directives":     {"%YAML 1.1\n# x\n---\na: 1\n---\nb: 1\n...\n%YAML 1.1\n---\nc: 1\n", []string{`4:{"a":1}`, `6:{"b":1}`, `10:{"c":1}`}},
		"no mark":        {"a: |\n  ---\n  x\nb: ---\n---x: 1\n", []string{`1:{"---x":1,"a":"---\nx\n","b":"---"}`}},
		"CRLF":           {"a: 1\r\n---\r\nb: 2\r\n", []string{`1:{"a":1}`, `3:{"b":2}`}},
		"byte-order":     {"\ufeff---\na: 1\n", []string{`2:{"a":1}`}},
		"JSON":           {"\n{\n\t\"a\": 1}", []string{`2:{"a":1}`}},
		"JSON stream":    {"{\"a\": 1}\n{\"b\": [\n2]} [3]", []string{`1:{"a":1}`, `2:{"b":[2]}`, `3:[3]`}},
		"JSON documents": {"---\n{\"a\": 1}\n---\n{\"b\": 1}\n", []string{`2:{"a":1}`, `4:{"b":1}`}},
		"JSON escapes":   {`{"a": "\ud83d\ude00\/"}`, []string{`1:{"a":"😀/"}`}},
		"flow":           {"{a: 1, b: [x] }", []string{`1:{"a":1,"b":["x"]}`}},
		"good and bad":   {"a: 1\n---\nb: [\n---\nc: 3\n", []string{`1:{"a":1}`, `5:{"c":3}`}},
	} {
		t.Run(name, func(t *testing.T) {
			docs, _ := manifest.Read([]byte(test.in))
			var got []string
			for _, d := range docs {
				data, err := json.Marshal(d.Value)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, fmt.Sprintf("%d:%s", d.Line, data))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("documents (-want +got):\n%s", diff)
			}
		})
	}
}

// TestMerge shows that "<<" overrides what stands before it, as in kubectl.
func TestMerge(t *testing.T) {
	in := "x: &x {a: 1, b: 1}\nz: &z {b: 2}\np: {a: 0, <<: *x}\nq: {<<: *x, a: 0}\nr: {<<: [*x, *z]}\n"
	docs, problems := manifest.Read([]byte(in))
	if len(docs) != 1 {
		t.Fatal(problems)
	}
	data, err := json.Marshal(docs[0].Value)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"p":{"a":1,"b":1},"q":{"a":0,"b":1},"r":{"a":1,"b":1},"x":{"a":1,"b":1},"z":{"b":2}}`
	if string(data) != want {
		t.Errorf("got  %s\nwant %s", data, want)
	}
	compare(t, []byte(in), docs[0].Value)
	for path, line := range map[string]int{"p.a": 1, "q.a": 4, "r.b": 1} {
		if got := docs[0].Lines.Line(docs[0].Value, path); got != line {
			t.Errorf("line of %s = %d, want %d", path, got, line)
		}
	}
}

const positions = `# a comment
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata:
  name: etl
  labels:
    a/b: x
    odd[key]: y
spec:
  config:
    min.insync.replicas: 2
    "": empty
  templates:
  - name: main
    dag: &dag
      tasks: []
  -
    name: submit
    resource:
      manifest: |

        apiVersion: v1
        kind: ConfigMap
        data:
          x: "1"
      flags: >
        a: 1
        b: 2
  - {name: other, dag: *dag}
`

func TestLines(t *testing.T) {
	docs, problems := manifest.Read([]byte(positions))
	if len(docs) != 1 {
		t.Fatal(problems)
	}
	for path, want := range map[string]int{
		"": 2, "kind": 3, "metadata": 4, "metadata.name": 5, "metadata.labels[a/b]": 7, "metadata.labels[odd[key]]": 8,
		"metadata.labels[none]": 6, "metadata.annotations[x]": 4, "nothing": 2, "nothing.at[0].all": 2,
		"spec.config[min.insync.replicas]": 11, "spec.config.min.insync.replicas": 11, "spec.config[]": 12,
		"spec.templates": 13, "spec.templates[0]": 14, "spec.templates[0].dag.tasks": 16, "spec.templates[0].dag.tasks[3]": 16,
		"spec.templates[1]": 18, "spec.templates[submit].resource": 19, "spec.templates[1].resource.manifest": 20,
		"spec.templates[1].resource.manifest.kind": 23, "spec.templates[1].resource.manifest.data.x": 25,
		"spec.templates[1].resource.manifest.data.y": 24, "spec.templates[1].resource.manifest.none": 22,
		"spec.templates[1].resource.flags.b": 26, "spec.templates[2].dag": 29, "spec.templates[2].dag.tasks": 16,
		"spec.templates[9]": 13, "spec.templates[-1]": 13, "spec.templates[nobody]": 13,
		"spec.templates[": 13, "[": 2, "]": 2, ".": 2, "spec..x": 9, "kind.x[1]": 3,
	} {
		if got := docs[0].Lines.Line(docs[0].Value, path); got != want {
			t.Errorf("line of %q = %d, want %d", path, got, want)
		}
	}
	var none manifest.Lines
	if got := none.Line(docs[0].Value, "spec"); got != 0 {
		t.Errorf("no lines know line %d", got)
	}
}

func TestLinesOfJSON(t *testing.T) {
	docs, _ := manifest.Read([]byte("{\n\"a\": [\n1,\n{\"b\":\n2}],\n\"c\": \"x\"}"))
	for path, want := range map[string]int{"": 1, "a": 2, "a[0]": 3, "a[1]": 4, "a[1].b": 4, "c": 6} {
		if got := docs[0].Lines.Line(docs[0].Value, path); got != want {
			t.Errorf("line of %q = %d, want %d", path, got, want)
		}
	}
}

// TestBounds reads what breaks careless readers. What it measures is far
// above what is needed, and far below what unbounded growth would take.
func TestBounds(t *testing.T) {
	const n = 1 << 20
	fill := func(s string) string { return strings.Repeat(s, n/len(s)) }
	for name, in := range map[string]string{
		"50 MB":            strings.Repeat("a: b\n", 10<<20),
		"10,000 deep":      strings.Repeat("[", 10000) + strings.Repeat("]", 10000),
		"10,000 deep YAML": strings.Repeat("- ", 10000) + "a",
		"brackets":         fill("["),
		"braces":           fill("{a: "),
		"dashes":           fill("- "),
		"questions":        fill("? "),
		"items":            "[" + fill("a,") + "]",
		"mappings":         "[" + fill("{a: 1},") + "]",
		"JSON mappings":    "[" + fill("{},") + "{}]",
		"comments":         fill("#\n") + "a: 1",
		"comments inside":  "[" + fill("a, #\n") + "]",
		"merges":           "x: &x {a: 1}\ny:\n" + fill("  <<: *x\n"),
		"tags":             fill("- !a b\n"),
		"directives":       fill("%A\n"),
		"bomb":             bomb,
		"bombs":            strings.Repeat(bomb+"---\n", 100),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		manifest.Read([]byte(in))
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		allocated := (after.TotalAlloc - before.TotalAlloc) >> 20
		if limit := uint64(450); name != "bombs" && allocated > limit {
			t.Errorf("%s: %d MiB allocated", name, allocated)
		}
		if took > time.Minute {
			t.Errorf("%s: took %v", name, took)
		}
	}
}
