package manifest_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	sigs "sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/manifest"
)

// seeds are texts that readers of YAML disagree about, or break on.
var seeds = []string{
	"a: 1\nb: [x, {y: z}]\n", "a: yes\nb: on\nc: y\nd: 'no'\n", "a: 0644\nb: 0o17\nc: 0x1F\nd: 0b11\ne: 1_000\nf: 08\n",
	"a: 1.0\nb: 1e3\nc: -0.0\nd: .5\ne: 1.\nf: 1e400\n", "a: 9223372036854775807\nb: 18446744073709551615\nc: 18446744073709551616\n",
	"1: a\ntrue: b\n1.5: c\nx: d\n", "~: a\n", "[a]: b\n", "a: &x {b: 1}\nc: *x\nd: {<<: *x, b: 2}\ne: {b: 2, <<: *x}\n",
	"a: &x {b: 1}\nc: &y {b: 2}\nd: {<<: [*x, *y]}\n", "a: !!binary aGk=\nb: !!str 1\nc: !!float 1\nd: !!int '3'\ne: !x y\n",
	"a: 2026-11-23\nb: 2026-11-23T04:05:06Z\nc: 1:30\n", "a: |\n  x\n   y\n\nb: >-\n  x\n  y\n\n  z\n", "a: |2+\n    x\n\n\nb: \"\\u00e9\\x41\\\n  z\"\n",
	"---\na: 1\n---\nb: 2\n...\n---\n", "%YAML 1.1\n---\na: 1\n", "--- {a: 1}\n--- |\n x\n", "\ufeffa: 1\n", "a: 1\r\nb: 2\r\n", "a:\tb\n", "\ta: b\n",
	`{"a": 1, "b": [true, null, 1.5, "\ud83d\ude00\/"]}`, `{"a": 1}{"b": 2}`, "{a: 1, b: }", `{"a": "` + "\u2028\u0085" + `"}`, `[1, 2]`, "{\n\t\"a\": 1\n}",
	"a: 1\na: 2\n", "a: *x\n", "a: &a [*a]\n", "a: \x01\n", "a: \xff\n", "\xff\xfea\x00", "? a\n: b\n", "? |\n  a\n: b\n", "a: {{ x }}\n", "- a\n- b: c\n  d: e\n",
	"a: # c\n  b # d\n# e\nf:\n- g # h\n\n# i\n", "a: 'x''y'\nb: \"\"\n", "<<: {a: 1}\n<<: {b: 1}\n", "a: !!null ''\nb: !!bool yes\n", "a: -\nb: ?x\nc: :x\n",
}

// nonSpecific tags make a quoted scalar a number in sigs.k8s.io/yaml, and the
// parser doesn't tell that they are there.
var nonSpecific = regexp.MustCompile(`!([\s,\]}]|$)`)

// FuzzRead holds that nothing makes Read panic, and that what it reads is what
// kubectl reads.
func FuzzRead(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		docs, problems := manifest.Read(data)
		for _, p := range problems {
			if p.Line < 1 || p.Line > bytes.Count(data, []byte("\n"))+1 && !bytes.ContainsAny(data, "\r\u0085\u2028\u2029") || p.Detail == "" {
				t.Errorf("problem %+v", p)
			}
		}
		for _, d := range docs {
			if d.Lines.Line(d.Value, "") < 1 {
				t.Errorf("a document without a line: %+v", d)
			}
			d.Lines.Line(d.Value, string(data))
		}
		if len(docs) == 1 && len(problems) == 0 && !nonSpecific.Match(data) {
			compare(t, data, docs[0].Value)
		}
	})
}

// compare holds a tree against encoding/json where the text is JSON, and else
// against sigs.k8s.io/yaml.
func compare(t *testing.T, data []byte, value any) {
	t.Helper()
	text := bytes.TrimPrefix(data, []byte("\ufeff"))
	if trimmed := bytes.TrimLeft(text, " \t\r\n"); json.Valid(trimmed) && (trimmed[0] == '{' || trimmed[0] == '[') {
		dec := json.NewDecoder(bytes.NewReader(trimmed))
		dec.UseNumber()
		var want any
		if err := dec.Decode(&want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(numbersAsFloats(want), numbersAsFloats(value)); diff != "" {
			t.Errorf("encoding/json reads %q otherwise (-json +manifest):\n%s", data, diff)
		}
		return
	}
	want, err := sigs.YAMLToJSON(text)
	if err != nil || string(want) == "null" {
		return
	}
	got, err := json.Marshal(value)
	if err != nil {
		t.Fatalf("the tree of %q is not JSON: %v", data, err)
	}
	if string(got) != string(want) {
		t.Errorf("%q:\nsigs.k8s.io/yaml reads %s\nmanifest reads         %s", data, want, got)
	}
}

func numbersAsFloats(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[k] = numbersAsFloats(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = numbersAsFloats(x)
		}
		return out
	case json.Number:
		f, _ := v.Float64()
		return f
	case int64:
		return float64(v)
	}
	return v
}
