package sparkconf

import (
	_ "embed" // the table
	"strings"
	"sync"
)

//go:embed settings.txt
var text string

// table is the settings by key, and the versions that it was made from.
type table struct {
	versions []version
	entries  map[string]*Entry
}

// read parses the table once, when it is first asked for.
var read = sync.OnceValue(func() table {
	head, body, _ := strings.Cut(text, "\n")
	t := table{entries: make(map[string]*Entry, strings.Count(body, "\n"))}
	for _, v := range strings.Split(head, "\t")[1:] {
		t.versions = append(t.versions, parse(v))
	}
	for line := range strings.Lines(body) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		e := t.entries[fields[0]]
		if e == nil {
			e = &Entry{Key: fields[0]}
			t.entries[e.Key] = e
		}
		e.add(fields[1], fields[2:], len(t.versions))
	}
	return t
})

// add takes in what the versions with these letters say, or, with "-", that no
// version declares the key.
func (e *Entry) add(letters string, fields []string, versions int) {
	s := &Setting{Key: e.Key}
	for i, f := range fields {
		switch i {
		case 0:
			s.Since = f
		case 1:
			s.kind(f)
		case 2:
			s.fallback(f)
		default:
			s.extra(f)
			if v, ok := strings.CutPrefix(f, "removed="); ok {
				e.Removed = v
			}
		}
	}
	if letters == "-" {
		e.read = s
		return
	}
	if e.declared == nil {
		e.declared = make([]*Setting, versions)
	}
	for _, letter := range letters {
		e.declared[letter-'a'] = s
	}
}

func (s *Setting) kind(f string) {
	f, s.List = strings.CutSuffix(f, "*")
	kind, unit, _ := strings.Cut(f, ":")
	s.Type, s.Unit = Type(kind), unit
}

func (s *Setting) fallback(f string) {
	switch {
	case strings.HasPrefix(f, "="):
		s.Default, s.HasDefault = f[1:], true
	case strings.HasPrefix(f, "@"):
		s.Fallback = f[1:]
	case f == "?":
		s.HasDefault = true
	}
}

func (s *Setting) extra(f string) {
	name, value, _ := strings.Cut(f, "=")
	switch name {
	case "values":
		s.Values = strings.Split(value, "|")
	case "fold":
		s.AnyCase = true
	case "bounds":
		s.bounds = strings.Fields(value)
	case "was":
		s.Alternatives = strings.Fields(value)
	case "internal":
		s.Internal = true
	case "deprecated":
		s.Deprecated = value
	}
}
