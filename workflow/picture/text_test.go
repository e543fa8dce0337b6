package picture_test

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/workflow/picture"
)

// odd are texts that mean something to one of the formats.
var odd = []string{
	"plain", `"quoted"`, "{{inputs.parameters.x}}", "a]b[c(d)e", "<script>alert(1)</script>", "&amp; &lt;", "#quot; #35;",
	"`code` *bold* _it_", "1. first", "- item", "style x:#1;", "end", "a --> b", `back\slash \N \l`, "two\nlines", "tab\there",
	"\x00\x1b[31m", "\xff\xfe", "日本語 ✓", "%%{init: {}}%%", "click me", "---", "a;b|c", "]]>", "\u2028\u202e", "$x$ ~y~ ^z^",
}

func FuzzText(f *testing.F) {
	for _, s := range odd {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		g := &picture.Graph{
			Title: s, Notes: []string{s},
			Groups: []picture.Group{{ID: "g_a", Name: s, Text: picture.Text{Kind: s}}},
			Nodes: []picture.Node{
				{ID: "n_a", Group: "g_a", Name: s, Text: picture.Text{Kind: s, Details: []string{s}, Phase: picture.Failed, Took: s, Message: s}},
				{ID: "n_b", Group: "g_a", Name: "b"},
			},
			Edges: []picture.Edge{{From: "n_a", To: "n_b", Label: s}},
		}
		checkMermaid(t, g.Mermaid(), s)
		checkDOT(t, g.DOT(), s)
		found := false
		for _, text := range read(t, g.SVG()).texts {
			found = found || asXML(text) == asXML(s)
		}
		if strings.TrimSpace(asXML(s)) != "" && !found {
			t.Errorf("the SVG doesn't show %q", s)
		}
	})
}

// asXML is a text with what XML can't hold replaced, and line ends as it reads
// them.
func asXML(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n', r == '\r', r >= 0x20 && r <= 0xD7FF, r >= 0xE000 && r <= 0xFFFD, r >= 0x10000:
			return r
		}
		return '\uFFFD'
	}, strings.ToValidUTF8(strings.Map(func(r rune) rune { return r }, s), "\uFFFD"))
}

var (
	mermaidNode  = regexp.MustCompile(`^ +n_a\["(.*)"\]:::failed$`)
	mermaidEdge  = regexp.MustCompile(`^  n_a -->\|"(.*)"\| n_b$`)
	mermaidGroup = regexp.MustCompile(`^  subgraph g_a \["(.*)"\]$`)
	mermaidCode  = regexp.MustCompile(`#(\d+);`)
)

// checkMermaid reads what a label says, and looks for what Mermaid could take
// for its own.
func checkMermaid(t *testing.T, text, s string) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if s != "" && (lines[0] != "---" || lines[2] != "---") {
		t.Fatalf("the title isn't one line:\n%s", text)
	}
	want := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, s)
	found := 0
	for _, l := range lines {
		for _, pattern := range []*regexp.Regexp{mermaidNode, mermaidEdge, mermaidGroup} {
			m := pattern.FindStringSubmatch(l)
			if m == nil {
				continue
			}
			found++
			label, _, _ := strings.Cut(m[1], "<br/>")
			if pattern == mermaidGroup {
				label, _, _ = strings.Cut(label, " · ")
			}
			if strings.ContainsAny(mermaidCode.ReplaceAllString(label, ""), "\"#;<>[]{}()|`*_~:&$\\") {
				t.Errorf("the label %s holds Mermaid's own signs", label)
			}
			got := mermaidCode.ReplaceAllStringFunc(label, func(code string) string {
				n, err := strconv.Atoi(code[1 : len(code)-1])
				if err != nil {
					t.Fatal(err)
				}
				return string(rune(n))
			})
			if got != want && s != "" && !strings.Contains(s, " · ") {
				t.Errorf("Mermaid shows %q, want %q", got, want)
			}
		}
	}
	if least := map[bool]int{true: 3, false: 2}[s != ""]; found < least {
		t.Errorf("only %d labels are as they should be, for %q:\n%s", found, s, text)
	}
	if s == "" {
		return
	}
	var title string
	if err := json.Unmarshal([]byte(strings.TrimPrefix(lines[1], "title: ")), &title); err != nil || !strings.HasPrefix(title, strings.ToValidUTF8(s, "\uFFFD")[:1]) {
		t.Errorf("the title is %s (%v), want %q", lines[1], err, s)
	}
}

// checkDOT splits the text at its quotes, as Graphviz does: what is outside
// must be the same whatever the text.
func checkDOT(t *testing.T, text, s string) {
	t.Helper()
	var outside strings.Builder
	inside, shown := false, 0
	var label strings.Builder
	want := strings.NewReplacer("\r", " ", "\x00", " ").Replace(strings.ToValidUTF8(s, "\uFFFD"))
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case !inside && c == '"':
			inside = true
			label.Reset()
		case inside && c == '\\' && i+1 < len(text):
			i++
			label.WriteString(map[byte]string{'n': "\n", '\\': `\`, '"': `"`}[text[i]])
		case inside && c == '"':
			inside = false
			if strings.HasPrefix(strings.ReplaceAll(label.String(), "&amp;", "&"), want) {
				shown++
			}
			outside.WriteByte('"')
		case inside:
			label.WriteByte(c)
		default:
			outside.WriteByte(c)
		}
	}
	if inside || strings.Count(outside.String(), "{") != strings.Count(outside.String(), "}") || strings.Count(outside.String(), "\n") != strings.Count(text, "\n")-0 {
		t.Errorf("the text runs out of its quotes:\n%s", text)
	}
	if shown < 4 {
		t.Errorf("%d texts show %q, want those of the graph, group, node and edge:\n%s", shown, s, text)
	}
}

// TestOddNames draws tasks whose names no cluster would take.
func TestOddNames(t *testing.T) {
	var tasks []wfv1.DAGTask
	for _, name := range odd {
		tasks = append(tasks, wfv1.DAGTask{Name: name, When: name, WithParam: name})
	}
	g := draw(t, dag(tasks...))
	if len(g.Nodes) != len(odd) {
		t.Errorf("%d nodes for %d tasks", len(g.Nodes), len(odd))
	}
	once(t, "odd", g)
	wellDrawn(t, g)
	for _, n := range g.Nodes {
		if strings.ContainsAny(n.Name, "\n\t\x00\x1b\u2028\u202e") {
			t.Errorf("the name %q is not one line", n.Name)
		}
	}
}

// TestClipped: what is too long keeps both ends of a name.
func TestClipped(t *testing.T) {
	long := "load-" + strings.Repeat("very-", 20) + "long-table"
	n := draw(t, dag(wfv1.DAGTask{Name: long})).Nodes[0]
	if got := len([]rune(n.Name)); got != 48 || !strings.HasPrefix(n.Name, "load-very") || !strings.HasSuffix(n.Name, "long-table") {
		t.Errorf("%d characters: %s", got, n.Name)
	}
}
