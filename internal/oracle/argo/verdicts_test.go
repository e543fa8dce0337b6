package argo_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/internal/argo"
)

var (
	update = flag.Bool("update", false, "rewrite testdata/verdicts.txt")
	each   = flag.Int("each", 60, "how many objects each class of changes is tried on")
	seed   = flag.Uint64("seed", 1, "of the changes; with another, verdicts are not compared with those of the last time")
	alone  = flag.Bool("alone", false, "print all that internal/argo alone finds")
)

// unknowable is what Argo refuses and millrace can't know: templates of other
// objects, with their global outputs, and labels and annotations, which the
// controller's defaults may add.
var unknowable = regexp.MustCompile(`no (Cluster)?WorkflowTemplate "|failed to resolve {{workflow\.outputs\.|{{\s*workflow\.(labels|annotations)\.`)

// emptyLoop finds a value for a loop that is nothing: no task is run, and Argo
// knows no item.
func emptyLoop(m *mutant, refused error) bool {
	none := func(s slot) bool { list, ok := s.value.([]any); return s.value == "" || ok && len(list) == 0 }
	return strings.Contains(refused.Error(), "failed to resolve {{item") && slices.ContainsFunc(m.find("arguments.parameters[].value"), none)
}

// elsewhereTag finds tags of a template in what the workflow puts into
// templates: its arguments and the labels of its pods. They resolve where they
// are put; internal/argo asks only that there is such a template.
func elsewhereTag(m *mutant) bool {
	put := []any{m.spec()["arguments"], m.spec()["podMetadata"]}
	return slices.ContainsFunc(texts(put, nil), func(s slot) bool { return templateTag.MatchString(s.value.(string)) })
}

var templateTag = regexp.MustCompile(`{{\s*(inputs|tasks|steps|item|pod)\b`)

// tally counts the verdicts of one class of changes.
type tally struct {
	both, argo, ours, none, unknown, unreadable int
}

func (t *tally) add(o tally) {
	t.both += o.both
	t.argo += o.argo
	t.ours += o.ours
	t.none += o.none
	t.unknown += o.unknown
	t.unreadable += o.unreadable
}

const row = "%-36s %6v %6v %6v %6v %8v %11v\n"

func (t tally) row(class string) string {
	return fmt.Sprintf(row, class, t.both, t.argo, t.ours, t.none, t.unknown, t.unreadable)
}

// original is an object of the corpus that Argo takes.
type original struct {
	document
	cluster *cluster
	// found is what there is to find before any change.
	found map[string]int
}

// originals returns the objects of Argo's examples and tests that it takes.
// Those with global outputs are left out: which of them Argo's validation knows
// where depends on its order of tasks, which is that of a map. Internal/argo
// does not judge when they are there.
func originals(t *testing.T) []original {
	t.Helper()
	var out []original
	for _, dir := range []string{"examples", "test"} {
		all := documents(t, dir)
		for _, d := range all {
			c := clusterOf(all, d.file)
			refused, found, ok := c.both(d.kind, d.data)
			if !ok || refused != nil || bytes.Contains(d.data, []byte("globalName")) {
				continue
			}
			o := original{d, c, map[string]int{}}
			for _, p := range found {
				o.found[p.Rule+p.Detail]++
			}
			out = append(out, o)
		}
	}
	return out
}

// fresh returns the problems that were not there before a change.
func (o original) fresh(found []argo.Problem) []argo.Problem {
	before := maps.Clone(o.found)
	var out []argo.Problem
	for _, p := range found {
		if key := p.Rule + p.Detail; before[key] > 0 {
			before[key]--
			continue
		}
		out = append(out, p)
	}
	return out
}

// verdicts is what a run has found.
type verdicts struct {
	corpus  string
	classes []string
	tallies map[string]*tally
	// missed are the changes that Argo alone refuses.
	missed []string
	// more counts what internal/argo alone finds by sort, with an example.
	more  map[string]int
	first map[string]string
}

// try changes an object, if it can be, and asks both.
func (v *verdicts) try(t *testing.T, r *rand.Rand, o original, c change) bool {
	t.Helper()
	m, err := newMutant(r, o.data)
	if err != nil {
		t.Fatal(err)
	}
	if !c.do(m) {
		return false
	}
	data, err := json.Marshal(m.root)
	if err != nil {
		t.Fatal(err)
	}
	n := v.tallies[c.class]
	refused, found, ok := o.cluster.both(o.kind, data)
	found = o.fresh(found)
	switch {
	case !ok:
		n.unreadable++
	case refused == nil && len(found) == 0:
		n.none++
	case refused == nil:
		n.ours++
		v.note(o, c, found, data)
	case len(found) > 0:
		n.both++
	case unknowable.MatchString(refused.Error()) || elsewhereTag(m) || emptyLoop(m, refused):
		n.unknown++
	default:
		n.argo++
		v.missed = append(v.missed, fmt.Sprintf("%s: %s: nothing found, but Argo says %v\n%s", o.file, c.class, refused, data))
	}
	return true
}

// note keeps what internal/argo alone finds.
func (v *verdicts) note(o original, c change, found []argo.Problem, data []byte) {
	seen := map[string]bool{}
	for _, p := range found {
		kind := sort(p)
		if *alone {
			fmt.Printf("%s\t%s\t%s\t%s\t%s (%s)\n", kind, c.class, o.file, p.Path, p.Detail, p.Fix)
		}
		if seen[kind] {
			continue
		}
		seen[kind] = true
		if v.more[kind]++; v.more[kind] == 1 {
			v.first[kind] = fmt.Sprintf("%s, %s: %s: %s", o.file, c.class, p.Path, strings.ReplaceAll(p.Detail, "\n", `\n`))
		}
	}
}

var (
	index  = regexp.MustCompile(`\[\d+\]`)
	nested = regexp.MustCompile(`^spec(\.workflowSpec)?\.(templates|templateDefaults)?`)
)

// sort returns a rule and the field that it speaks of.
func sort(p argo.Problem) string {
	return strings.TrimPrefix(p.Rule, "workflow/") + " " + strings.TrimPrefix(nested.ReplaceAllString(index.ReplaceAllString(p.Path, ""), ""), ".")
}

// TestVerdicts changes Argo's own objects and asks both sides what they say.
// What Argo refuses, internal/argo finds. What it finds beyond is in
// testdata/verdicts.txt: each of these would fail or mislead at run time.
func TestVerdicts(t *testing.T) {
	silence(t)
	all := originals(t)
	if len(all) < 430 {
		t.Fatalf("Argo takes %d objects", len(all))
	}
	v := &verdicts{corpus: corpus(t), tallies: map[string]*tally{}, more: map[string]int{}, first: map[string]string{}}
	for _, c := range changes(t) {
		if v.tallies[c.class] != nil {
			t.Fatalf("%q is there twice", c.class)
		}
		v.classes = append(v.classes, c.class)
		v.tallies[c.class] = &tally{}
		h := fnv.New64a()
		fmt.Fprint(h, c.class)
		r := rand.New(rand.NewPCG(*seed, h.Sum64()))
		left := *each
		if strings.HasPrefix(c.class, "structure") || strings.HasPrefix(c.class, "reference") || strings.HasPrefix(c.class, "text") {
			left *= 5
		}
		for tries := 0; left > 0 && tries < 3; tries++ {
			for _, i := range r.Perm(len(all)) {
				if left > 0 && v.try(t, r, all[i], c) {
					left--
				}
			}
		}
	}
	for i, text := range v.missed {
		if i < 20 {
			t.Error(text)
		}
	}
	v.write(t)
}

// write compares the verdicts with those of the last time.
func (v *verdicts) write(t *testing.T) {
	t.Helper()
	var sum tally
	for _, n := range v.tallies {
		sum.add(*n)
	}
	t.Logf("%d changes in %d classes: refused by both %d, by Argo only %d, by internal/argo only %d, by none %d; %d unknowable, %d unreadable",
		sum.both+sum.argo+sum.ours+sum.none+sum.unknown+sum.unreadable, len(v.classes), sum.both, sum.argo, sum.ours, sum.none, sum.unknown, sum.unreadable)
	var b bytes.Buffer
	fmt.Fprintf(&b, "What Argo 3.7.14 and internal/argo say of Argo's own workflows. Written by go test -update.\n\n")
	fmt.Fprintf(&b, "As they are, where one of the two says something:\n\n%s\nChanged:\n\n", v.corpus)
	fmt.Fprintf(&b, row, "change", "both", "Argo", "ours", "none", "unknown", "unreadable")
	for _, class := range v.classes {
		b.WriteString(v.tallies[class].row(class))
	}
	b.WriteString(sum.row("all"))
	fmt.Fprintf(&b, "\nWhat internal/argo alone finds: how often, the rule and field, and the first.\n\n")
	for _, kind := range slices.Sorted(maps.Keys(v.more)) {
		fmt.Fprintf(&b, "%5d %s\n      %s\n", v.more[kind], kind, v.first[kind])
	}
	if *seed != 1 {
		return
	}
	const path = "testdata/verdicts.txt"
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s is not what it was; if that is right, run with -update (-want +got):\n%s", path, diff)
	}
}
