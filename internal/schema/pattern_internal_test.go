package schema

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// patterns are those of the embedded schemas, and some that no CRD has.
func patterns(tb testing.TB) []string {
	tb.Helper()
	out := []string{
		"", "a", "^a", "a$", "^$", "^", "$", "a|^b", "(^a|b)$", "^(a|b$)", ".", "^.$", "a.c", "[^/]+", "(?s)^.+$", "(?i)^AbC$",
		`\bx\b`, "(?m)^a$", "^[a-z]{1,63}$", "x*", "^(é|a)+$", "a^", "$a", "^^a$$", `\d{1,2}(\.\d{1,2})?%|`, "$^", "^(a|b)*a(a|b){12}$",
	}
	for _, g := range Kinds() {
		s, ok := For(g)
		if !ok {
			tb.Fatal(g)
		}
		seen := map[*node]bool{}
		var walk func(n *node)
		walk = func(n *node) {
			if n == nil || seen[n] {
				return
			}
			seen[n] = true
			if n.text != nil && n.text.pattern != nil {
				out = append(out, n.text.pattern.re.String())
			}
			for _, f := range n.props {
				walk(f.node)
			}
			walk(n.extra)
			walk(n.items)
		}
		walk(s.root)
	}
	return out
}

var pieces = []string{
	"", "a", "b", "ab", "A", "-", ".", "/", "1", "12", "0", "100", "%", "Ki", "Gi", "m", "e", "E", "+", "h", "s", "ms", "10m", "1h30m",
	"\n", " ", "é", "\xff", "@", "latest", "karpenter.sh", "Never", "x", "_", ":", "#", "{{", "subnet-", "ami-", "0abc",
}

// TestPatternIsRegexp: the table says what package regexp says.
func TestPatternIsRegexp(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	tables := 0
	seen := map[string]bool{}
	for _, expr := range patterns(t) {
		if seen[expr] {
			continue
		}
		seen[expr] = true
		p, err := newPattern(expr)
		if err != nil {
			t.Fatalf("%q: %v", expr, err)
		}
		if p.next != nil {
			tables++
		}
		re := regexp.MustCompile(expr)
		for range 3000 {
			var b strings.Builder
			for range r.IntN(6) {
				b.WriteString(pieces[r.IntN(len(pieces))])
			}
			text := b.String()
			if got, want := p.match(text), re.MatchString(text); got != want {
				t.Fatalf("%q in %q: %v, package regexp says %v", expr, text, got, want)
			}
		}
	}
	t.Logf("%d patterns, %d as tables", len(seen), tables)
	if tables < len(seen)/2 {
		t.Errorf("only %d of %d patterns are tables", tables, len(seen))
	}
}

func FuzzPattern(f *testing.F) {
	f.Add("^(a|b)*$", "abba")
	f.Fuzz(func(t *testing.T, expr, text string) {
		if len(expr) > 100 {
			return
		}
		re, err := regexp.Compile(expr)
		p, gotErr := newPattern(expr)
		if (err == nil) != (gotErr == nil) {
			t.Fatalf("%q: %v, want %v", expr, gotErr, err)
		}
		if err == nil && p.match(text) != re.MatchString(text) {
			t.Fatalf("%q in %q: %v", expr, text, p.match(text))
		}
	})
}
