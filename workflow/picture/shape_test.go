package picture_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"strconv"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/workflow/picture"
)

type rect struct{ x, y, w, h float64 }

func (r rect) inside(s rect) bool {
	const about = 0.11 // numbers are rounded
	return r.x >= s.x-about && r.y >= s.y-about && r.x+r.w <= s.x+s.w+about && r.y+r.h <= s.y+s.h+about
}

func (r rect) touches(s rect) bool {
	return r.x < s.x+s.w && s.x < r.x+r.w && r.y < s.y+s.h && s.y < r.y+r.h
}

// onEdge reports whether a point is on the outline.
func (r rect) onEdge(x, y float64) bool {
	const about = 0.11
	near := func(a, b float64) bool { return a-b < about && b-a < about }
	within := x > r.x-about && x < r.x+r.w+about && y > r.y-about && y < r.y+r.h+about
	return within && (near(x, r.x) || near(x, r.x+r.w) || near(y, r.y) || near(y, r.y+r.h))
}

// drawn is what a reader of an SVG finds in it.
type drawn struct {
	page   rect
	boxes  map[string]rect
	labels []rect
	lines  []line
	texts  []string
	bad    string // elements and attributes that need something else
}

type line struct {
	from, to string
	points   [][2]float64
}

func number(t testing.TB, s string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// read reads an SVG strictly.
func read(t testing.TB, data []byte) *drawn {
	t.Helper()
	d := &drawn{boxes: make(map[string]rect)}
	var group string
	var dx, dy float64
	decoder := xml.NewDecoder(bytes.NewReader(data))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return d
		}
		if err != nil {
			t.Fatalf("the SVG is no XML: %v", err)
		}
		if text, ok := token.(xml.CharData); ok && strings.TrimSpace(string(text)) != "" {
			d.texts = append(d.texts, string(text))
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		a := make(map[string]string)
		for _, attribute := range element.Attr {
			a[attribute.Name.Local] = attribute.Value
			if strings.HasPrefix(attribute.Name.Local, "on") || attribute.Name.Local == "href" || attribute.Name.Local == "style" {
				d.bad += " " + attribute.Name.Local
			}
		}
		box := func() rect {
			return rect{number(t, a["x"]) + dx, number(t, a["y"]) + dy, number(t, a["width"]), number(t, a["height"])}
		}
		switch element.Name.Local {
		case "svg":
			d.page = rect{0, 0, number(t, a["width"]), number(t, a["height"])}
			if want := "0 0 " + a["width"] + " " + a["height"]; a["viewBox"] != want {
				t.Errorf("viewBox %q, want %q", a["viewBox"], want)
			}
		case "g":
			group = a["id"]
			if shift, ok := strings.CutPrefix(a["transform"], "translate("); ok {
				x, y, _ := strings.Cut(strings.TrimSuffix(shift, ")"), " ")
				dx, dy = number(t, x), number(t, y)
			}
		case "rect":
			switch {
			case group != "" && a["fill-opacity"] == "":
				if _, twice := d.boxes[group]; twice {
					t.Errorf("%s is drawn twice", group)
				}
				d.boxes[group] = box()
				group = ""
			case a["fill-opacity"] != "":
				d.labels = append(d.labels, box())
			}
		case "path":
			if a["data-from"] != "" {
				l := line{from: a["data-from"], to: a["data-to"]}
				l.read(t, a["d"], dx, dy)
				d.lines = append(d.lines, l)
			}
		case "title", "text", "tspan", "defs", "marker":
		default:
			d.bad += " " + element.Name.Local
		}
	}
}

// read reads the path of an edge: M, L and C with absolute numbers.
func (l *line) read(t testing.TB, path string, dx, dy float64) {
	t.Helper()
	for _, piece := range strings.Split(strings.NewReplacer("M", "|M", "L", "|L", "C", "|C").Replace(path), "|")[1:] {
		points := strings.Split(piece[1:], " ")
		x, y, _ := strings.Cut(points[len(points)-1], ",")
		l.points = append(l.points, [2]float64{number(t, x) + dx, number(t, y) + dy})
	}
}

// wellDrawn holds an SVG to what every picture promises.
func wellDrawn(t *testing.T, g *picture.Graph) {
	t.Helper()
	d := read(t, g.SVG())
	if d.bad != "" {
		t.Errorf("the SVG is not on its own:%s", d.bad)
	}
	around := make(map[string]string)
	for _, o := range g.Groups {
		around[o.ID] = o.Group
	}
	for _, n := range g.Nodes {
		around[n.ID] = n.Group
	}
	if len(d.boxes) != len(around) {
		t.Errorf("%d boxes are drawn, want %d", len(d.boxes), len(around))
	}
	members := make(map[string][]string)
	for id, group := range around {
		box, ok := d.boxes[id]
		if !ok {
			t.Errorf("%s is not drawn", id)
			continue
		}
		outer := d.page
		if group != "" {
			outer = d.boxes[group]
		}
		if !box.inside(outer) {
			t.Errorf("%s %v is not inside of %q %v", id, box, group, outer)
		}
		members[group] = append(members[group], id)
	}
	for _, list := range members {
		for i, a := range list {
			for _, b := range list[:i] {
				if d.boxes[a].touches(d.boxes[b]) {
					t.Errorf("%s %v and %s %v overlap", a, d.boxes[a], b, d.boxes[b])
				}
			}
		}
	}
	for _, label := range d.labels {
		if !label.inside(d.page) {
			t.Errorf("a label %v is outside of the page", label)
		}
	}
	if len(d.lines) != len(g.Edges) {
		t.Errorf("%d edges are drawn, want %d", len(d.lines), len(g.Edges))
	}
	for _, l := range d.lines {
		d.checkLine(t, l, members[around[l.from]])
	}
}

// checkLine: an edge begins and ends at its boxes, stays on the page, and its
// straight pieces cross no box beside them.
func (d *drawn) checkLine(t *testing.T, l line, beside []string) {
	t.Helper()
	first, last := l.points[0], l.points[len(l.points)-1]
	if !d.boxes[l.from].onEdge(first[0], first[1]) || !d.boxes[l.to].onEdge(last[0], last[1]) {
		t.Errorf("the edge from %s to %s begins at %v and ends at %v, and the boxes are %v and %v", l.from, l.to, first, last, d.boxes[l.from], d.boxes[l.to])
	}
	for i, p := range l.points {
		if !(rect{p[0], p[1], 0, 0}).inside(d.page) {
			t.Errorf("the edge from %s to %s leaves the page at %v", l.from, l.to, p)
		}
		if i == 0 {
			continue
		}
		q := l.points[i-1]
		// A curve stays between the lines through its ends.
		const about = 0.15 // numbers are rounded
		piece := rect{min(p[0], q[0]) + about, min(p[1], q[1]) + about, max(p[0]-q[0], q[0]-p[0]) - 2*about, max(p[1]-q[1], q[1]-p[1]) - 2*about}
		for _, id := range beside {
			if id != l.from && id != l.to && piece.touches(d.boxes[id]) {
				t.Errorf("the edge from %s to %s crosses %s", l.from, l.to, id)
			}
		}
	}
}

func TestShape(t *testing.T) {
	for name, o := range samples(t) {
		for _, direction := range []picture.Direction{picture.TopDown, picture.LeftToRight} {
			t.Run(fmt.Sprint(name, direction), func(t *testing.T) {
				g := draw(t, o)
				g.Direction = direction
				wellDrawn(t, g)
			})
		}
	}
}

// TestNoCrossings: a graph that can be drawn without crossings, but not in the
// order of its tasks, is.
func TestNoCrossings(t *testing.T) {
	g := draw(t, dag(wfv1.DAGTask{Name: "a"}, wfv1.DAGTask{Name: "b"}, wfv1.DAGTask{Name: "c"},
		wfv1.DAGTask{Name: "x", Depends: "a"}, wfv1.DAGTask{Name: "z", Depends: "a && c"}, wfv1.DAGTask{Name: "y", Depends: "b && c"}))
	lines := read(t, g.SVG()).lines
	for i, l := range lines {
		for _, m := range lines[:i] {
			above := l.points[0][0] - m.points[0][0]
			below := l.points[len(l.points)-1][0] - m.points[len(m.points)-1][0]
			if above*below < 0 {
				t.Errorf("the edges %s to %s and %s to %s cross", l.from, l.to, m.from, m.to)
			}
		}
	}
}

// randomDAG has edges that go back over many layers, labels, tasks without
// edges and, where circles is set, edges that close circles, which Argo would
// refuse.
func randomDAG(seed int64, n int, circles bool) *wfv1.Workflow {
	r := rand.New(rand.NewSource(seed))
	tasks := make([]wfv1.DAGTask, n)
	for i := range tasks {
		tasks[i].Name = fmt.Sprintf("t%d-%s", i, strings.Repeat("x", r.Intn(12)))
		var terms []string
		for range r.Intn(4) {
			j := r.Intn(n)
			if !circles && j >= i || j == i {
				continue
			}
			result := [...]string{"", ".Succeeded", ".Failed", ".Skipped"}[r.Intn(4)]
			if tasks[j].Name != "" {
				terms = append(terms, tasks[j].Name+result)
			} else {
				terms = append(terms, fmt.Sprintf("t%d-", j)+result)
			}
		}
		tasks[i].Depends = strings.Join(terms, [...]string{" && ", " || "}[r.Intn(2)])
		if r.Intn(8) == 0 {
			tasks[i].When = "{{inputs.parameters.date}} == " + tasks[i].Name
		}
	}
	return dag(tasks...)
}

func TestRandomShape(t *testing.T) {
	for seed := range int64(60) {
		for _, direction := range []picture.Direction{picture.TopDown, picture.LeftToRight} {
			t.Run(fmt.Sprint(seed, direction), func(t *testing.T) {
				g := draw(t, randomDAG(seed, 3+int(seed), seed%3 == 0))
				g.Direction = direction
				wellDrawn(t, g)
			})
		}
	}
}
