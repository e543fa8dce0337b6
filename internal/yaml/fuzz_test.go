package yaml_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/millrace/millrace/internal/yaml"
)

// nasty are strings that some YAML parser or writer gets wrong.
var nasty = []string{
	"", " ", "a", " a", "a ", "\t", "a\tb", "yes", "No", "ON", "off", "y", "N", "~", "null", "True", "false",
	"3.7", "604800000", "0o17", "0777", "0128", "e0", "-E1", "1e3", "12e03", "1_000", "+_1", "0_x1", "0x1F", "0b1", "0o-7", "1:30", "1:30:45.5",
	".5", ".", "..", "...", "... a", ".inf", "-.Inf", ".NaN", "+1", "-0", "+", "-", "--", "---", "--- a", "1.", "1e", "1,000",
	"2026-11-23", "2026-1-2T15:4:5Z", "2001-12-14 21:59:43.10 -5", "2026-11-23-x", "=", "<<", "- x", "-x", "? x", "?x", "?",
	":", ": x", ":x", "a: b", "a:b", "a:", "a #b", "a#b", "#a", "&a", "*a", "!a", "!!str a", "|", ">", "%a", "@a", "`a", "{", "}", "[", "]", ",",
	"{{x}}", "a {{x}} b", `{{=toJson(inputs.parameters["x"])}}`, "it's", `"`, `'`, `'"`, `a "b" \n`, `\`, "a\\",
	"\n", "\n\n", " \n", "\n ", "a\n", "\na", "\n\na\n\n", " a\nb", "\n a\nb", "\n\n\ta", "a\n b\n", "a \nb", "a\n\t\nb", "a\n  \nb\n  ",
	"a\n\n", "a\n \n", "# a\nb", "---\na", "a\n---\nb", "a\n...\n", "%a\nb", "- a\n- b\n", "a: b\nc: d\n", "\tall:\n\t\tgo build\n",
	"a\r\nb\r\n", "\r", "a\u0085b", "a\nb\u0085c", "\u2028", "a\n\u2029b", "\ufeff", "\ufeffa\nb", "\ufffe", "\ufffd", "\x00", "\x1b[0m", "\x7f", "\u0080", "\u009f", "\u00a0",
	"ünïcödé", "日本語\nテキスト", "😀", "a\u200db", strings.Repeat("a", 2000), strings.Repeat("é ", 700), strings.Repeat("word ", 60) + "{{x}}",
}

// FuzzString writes a string at every place of a document and reads it back.
func FuzzString(f *testing.F) {
	for _, s := range nasty {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m := func(kv ...any) map[string]any {
			out := map[string]any{}
			for i := 0; i < len(kv); i += 2 {
				out[kv[i].(string)] = kv[i+1]
			}
			return out
		}
		for place, v := range map[string]any{
			"root":   s,
			"value":  m("k", s, "l", s),
			"key":    m(s, "v"),
			"list":   []any{s, s, "end"},
			"lists":  []any{[]any{[]any{s, s}, s}, s},
			"nested": m("a", []any{m("b", s, "c", m("d", s, "e", []any{s}, s, s))}, "z", "end"),
			"keys":   m("a", m(s, m(s, []any{s, m(s, s)})), s, []any{m(s, nil)}),
		} {
			if !utf8.ValidString(s) {
				if _, err := yaml.Append(nil, v); err == nil {
					t.Fatalf("%s: no error", place)
				}
				continue
			}
			checkTree(t, place, v, v)
		}
	})
}

// FuzzTree writes any JSON and reads it back.
func FuzzTree(f *testing.F) {
	for _, s := range []string{
		`{}`, `[]`, `null`, `""`, `[[],{},[[]],[{}],{"a":[]},{"a":{}}]`, `{"a":[[1,2],[[3]]],"b":{"c":[{"d":[{"e":1}]}]}}`,
		`[1,-1,0,-0,1.5,1e3,1E5,-0.0,1e-7,1e21,123456789012345678901234567890,0.1e1,1.50]`, `[1e999]`,
		`{"y":1,"n":true,"null":null,"":"","~":"~","a b":{"- x":["- y"]}}`, `[[[[[[["a\nb\n"]]]]]]]`,
		`{"a":"x\n","b":[{"c":" x\ny","d":"\tx\n"}]}`, `{"<<":{"a":1},"=":1}`, `"\ud800"`, `{"a":1,"a":2}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d := json.NewDecoder(bytes.NewReader(data))
		d.UseNumber()
		var v, want any
		if d.Decode(&v) != nil || !errors.Is(d.Decode(new(any)), io.EOF) {
			return
		}
		if json.Unmarshal(data, &want) != nil {
			return // a number that is no float64
		}
		checkTree(t, "tree", v, want)
		if utf8.Valid(data) {
			checkTree(t, "raw", json.RawMessage(data), want)
		}
	})
}

// checkTree checks that v reads as want.
func checkTree(t *testing.T, place string, v, want any) {
	t.Helper()
	doc, err := yaml.Append([]byte("before\n"), v)
	if err != nil {
		t.Fatalf("%s: %v", place, err)
	}
	doc, ok := bytes.CutPrefix(doc, []byte("before\n"))
	if !ok || !bytes.HasSuffix(doc, []byte("\n")) || bytes.HasPrefix(doc, []byte("---")) {
		t.Fatalf("%s: not a document:\n%s", place, doc)
	}
	if bytes.ContainsAny(doc, "\r\u0085\u2028\u2029\ufeff") {
		t.Fatalf("%s: unescaped characters:\n%q", place, doc)
	}
	for name, read := range readers {
		got, err := read(string(doc))
		if err != nil {
			t.Fatalf("%s: %s: %v\n%s", place, name, err, doc)
		}
		// Not cmp.Equal: its time is exponential in the depth of lists.
		if !reflect.DeepEqual(want, got) {
			t.Fatalf("%s: %s reads %#v, want %#v, in\n%s", place, name, got, want, doc)
		}
	}
	out := writeJSON(t, v)
	if got := readJSON(t, out); !reflect.DeepEqual(want, got) {
		t.Fatalf("%s: JSON reads %#v, want %#v, in\n%s", place, got, want, out)
	}
}
