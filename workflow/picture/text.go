package picture

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// How long a text on a node may be, in characters: about two lines' worth of
// a name would make boxes too wide to set side by side.
const (
	mostName    = 48
	mostText    = 40
	mostMessage = 56
)

// oneLine makes a text fit: no line breaks, no control characters, among them
// those that turn the direction of what follows, and a middle that is left out of what is too long, since names often differ in
// their ends only.
func oneLine(s string, most int) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
	}), " ")
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	tail := most / 3
	return string(runes[:most-tail-1]) + "…" + string(runes[len(runes)-tail:])
}

// clip cuts a text whose beginning says most.
func clip(s string, most int) string {
	s = oneLine(s, len(s))
	if runes := []rune(s); len(runes) > most {
		return strings.TrimRight(string(runes[:most-1]), " ") + "…"
	}
	return s
}

// ordinal writes "2nd".
func ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprintf("%d%s", n, suffix)
}

// took is how long something ran, or since when it does.
func took(phase wfv1.NodePhase, start, end metav1.Time) string {
	switch {
	case start.IsZero():
		return ""
	case phase == wfv1.NodeRunning: // which has an end for a moment, between two tries
		return "since " + start.UTC().Format("15:04:05") + " UTC"
	case !end.IsZero():
		return end.Sub(start.Time).Round(time.Second).String()
	}
	return ""
}

// ids makes IDs that all three formats take as they are, from names, so that
// a change of the workflow changes few lines of its picture.
type ids map[string]int

func (m ids) next(kind, name string) string {
	var b strings.Builder
	b.WriteString(kind)
	b.WriteByte('_')
	for _, r := range name {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
		if b.Len() > mostName {
			break
		}
	}
	id := b.String()
	m[id]++
	if m[id] == 1 {
		return id
	}
	// The numbered one may be the name of another.
	for base, n := id, m[id]; ; n++ {
		id = fmt.Sprintf("%s_%d", base, n)
		if m[id] == 0 {
			m[base], m[id] = n, 1
			return id
		}
	}
}
