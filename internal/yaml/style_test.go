package yaml_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
)

var update = flag.Bool("update", false, "write the golden files")

// TestStyle pins how strings are written: as a value, and as a key.
func TestStyle(t *testing.T) {
	const same = "" // the key is written as the value
	for _, test := range []struct{ s, value, key string }{
		{"orders", "orders", same}, {"s3a://raw/orders", "s3a://raw/orders", same}, {"registry:5000/etl:3.5.1", "registry:5000/etl:3.5.1", same},
		{"3.5.1", "3.5.1", same}, {"10.0.0.0/8", "10.0.0.0/8", same}, {"16Gi", "16Gi", same}, {"500m", "500m", same}, {"1h30m", "1h30m", same},
		{"-XX:+UseG1GC -Dx=y", "-XX:+UseG1GC -Dx=y", same}, {"--date", "--date", same}, {"it's", "it's", same}, {`say "hi"`, `say "hi"`, same},
		{"a#b", "a#b", same}, {"a, b [c] {d}", "a, b [c] {d}", same}, {"~/x", "~/x", same}, {"/", "/", same}, {"a.Succeeded && !b", "a.Succeeded && !b", same},
		{"ünïcödé", "ünïcödé", same}, {"😀 日本", "😀 日本", same}, {"2026-11-23-orders", "2026-11-23-orders", same}, {"0e5f5a21", "0e5f5a21", same},

		{"", `""`, same}, {"true", `"true"`, same}, {"NO", `"NO"`, same}, {"null", `"null"`, same}, {"~", `"~"`, same}, {"=", `"="`, same}, {"<<", `"<<"`, same},
		{"1", `"1"`, same}, {"0128", `"0128"`, same}, {"0o17", `"0o17"`, same}, {"12e03", `"12e03"`, same}, {"1_000", `"1_000"`, same}, {"0x1F", `"0x1F"`, same},
		{"1:30", `"1:30"`, same}, {"1:30:45.5", `"1:30:45.5"`, same}, {".5", `".5"`, same}, {".NaN", `".NaN"`, same}, {"-.inf", `"-.inf"`, same}, {"+1", `"+1"`, same},
		{"2026-11-23", `"2026-11-23"`, same}, {"2026-11-23T04:05:06Z", `"2026-11-23T04:05:06Z"`, same}, {"...", `"..."`, same}, {"---", `"---"`, same},
		{" a", `" a"`, same}, {"\u00a0", "\"\u00a0\"", same}, {"a\u3000", "\"a\u3000\"", same}, {"1é", "1é", same}, {"-\u3000", "\"-\u3000\"", same}, {"a ", `"a "`, same}, {"- a", `"- a"`, same}, {"-", `"-"`, same}, {"? a", `"? a"`, same}, {"a: b", `"a: b"`, same}, {"a:", `"a:"`, same},
		{"a #b", `"a #b"`, same}, {"#a", `"#a"`, same}, {"*/5 * * * *", `"*/5 * * * *"`, same}, {"&a", `"&a"`, same}, {"!a", `"!a"`, same}, {"%a", `"%a"`, same},
		{"@a", `"@a"`, same}, {"`a`", "\"`a`\"", same}, {"|", `"|"`, same}, {"> x", `"> x"`, same}, {"[a]", `"[a]"`, same}, {"{a}", `"{a}"`, same}, {"'a'", `"'a'"`, same},
		{"{{x}}", `"{{x}}"`, same}, {"--date={{x}}", `"--date={{x}}"`, same}, {`{{=toJson(x["a"])}}`, `'{{=toJson(x["a"])}}'`, same},
		{`"a"`, `'"a"'`, same}, {`"it's"`, `"\"it's\""`, same}, {`a: \d`, `'a: \d'`, same},

		{"a\tb", `"a\tb"`, same}, {"\x00\x1b\x7f", `"\u0000\u001b\u007f"`, same}, {"\ufeff\u0085\u2028\u2029\ufffe", `"\ufeff\u0085\u2028\u2029\ufffe"`, same},
		{"a\r\nb\r\n", `"a\r\nb\r\n"`, same}, {"a\nb\u2028", `"a\nb\u2028"`, same}, {"a\nb\x07", `"a\nb\u0007"`, same}, {"\n", `"\n"`, same}, {" \n\t\n", `" \n\t\n"`, same},

		{"a\n", "|\n  a", `"a\n"`}, {"a\nb", "|-\n  a\n  b", `"a\nb"`}, {"a\n\n", "|+\n  a\n", `"a\n\n"`}, {"\na\n", "|\n\n  a", `"\na\n"`},
		{" a\nb\n", "|2\n   a\n  b", `" a\nb\n"`}, {"\n a", "|2-\n\n   a", `"\n a"`}, {"\ta\n", "|2\n  \ta", `"\ta\n"`},
		{"a:\n\tb \n\n  c\n", "|\n  a:\n  \tb \n\n    c", `"a:\n\tb \n\n  c\n"`}, {"a\n ", "|-\n  a\n   ", `"a\n "`},
		{"---\n...\n", "|\n  ---\n  ...", `"---\n...\n"`}, {`{"a": "{{x}}"}` + "\n", "|\n  {\"a\": \"{{x}}\"}", `"{\"a\": \"{{x}}\"}\n"`},
		{strings.Repeat("x", 1001), strings.Repeat("x", 1001), "? " + strings.Repeat("x", 1001) + "\n"},
	} {
		if test.key == same {
			test.key = test.value
		}
		if got, want := write(t, map[string]any{"k": test.s}), "k: "+test.value+"\n"; got != want {
			t.Errorf("value %q: got %q, want %q", test.s, got, want)
		}
		if got, want := write(t, map[string]any{test.s: "v"}), test.key+": v\n"; got != want {
			t.Errorf("key %q: got %q, want %q", test.s, got, want)
		}
		if got, want := write(t, map[string]string{test.s: test.s}), test.key+": "+test.value+"\n"; got != want {
			t.Errorf("typed map of %q: got %q, want %q", test.s, got, want)
		}
	}
}

// TestRootText shows text that is a document by itself. The specification
// and libyaml differ in what its indentation indicator would mean.
func TestRootText(t *testing.T) {
	for s, want := range map[string]string{
		"a\n b\n": "|\n  a\n   b\n", " a\nb\n": "\" a\\nb\\n\"\n", "\n\ta\n": "\"\\n\\ta\\n\"\n",
	} {
		if got := write(t, s); got != want {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
}

// TestGolden pins whole documents: a ConfigMap of every style of string, and
// the objects of the benchmark.
func TestGolden(t *testing.T) {
	values := corev1.ConfigMap{TypeMeta: configMap().TypeMeta, Data: map[string]string{}}
	values.Name = "strings"
	for i, s := range nasty {
		if len(s) < 200 {
			values.Data[fmt.Sprintf("%03d", i)] = s
			values.Data[s] = "as a key"
		}
	}
	for name, v := range map[string]any{
		"strings": &values, "configmap": configMap(), "sparkapplication": sparkApplication(),
		"workflow": workflowDAG(3), "workflowtemplate": workflowSteps(), "deployment": deployment(),
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("testdata", name+".yaml")
			got := write(t, v)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
