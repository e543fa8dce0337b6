package kafkaconf

import (
	_ "embed" // the table
	"strings"
	"sync"
)

//go:embed settings.txt
var text string

// table is the settings by scope and key, and the versions that it was made
// from.
type table struct {
	versions []string
	entries  map[Scope]map[string]entry
}

// read parses the table once, when it is first asked for.
var read = sync.OnceValue(func() table {
	head, body, _ := strings.Cut(text, "\n")
	t := table{versions: strings.Split(head, "\t")[1:], entries: map[Scope]map[string]entry{}}
	for line := range strings.Lines(body) {
		t.line(strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
	}
	return t
})

// line takes in what some versions say about a key in some scopes:
//
//	key  scope:letters…  type  default  check  mode and flags
func (t *table) line(fields []string) {
	made := setting(fields)
	for where := range strings.FieldsSeq(fields[1]) {
		name, letters, _ := strings.Cut(where, ":")
		s := made
		s.Scope = Scope(name)
		keys := t.entries[s.Scope]
		if keys == nil {
			keys = map[string]entry{}
			t.entries[s.Scope] = keys
		}
		if keys[s.Key] == nil {
			keys[s.Key] = make(entry, len(t.versions))
		}
		for _, letter := range letters {
			keys[s.Key][letter-'a'] = &s
		}
	}
}

func setting(fields []string) Setting {
	s := Setting{Key: fields[0], Type: Type(fields[2])}
	switch value, given := strings.CutPrefix(fields[3], "="); {
	case given:
		s.Default, s.HasDefault = unescape(value), true
	case value == "required":
		s.Required = true
	}
	if fields[4] != "" {
		for one := range strings.SplitSeq(fields[4], " & ") {
			s.checks = append(s.checks, parseCheck(one))
		}
	}
	for flag := range strings.FieldsSeq(fields[5]) {
		switch name, value, _ := strings.Cut(flag, "="); name {
		case "internal":
			s.Internal = true
		case "broker":
			s.BrokerKey = value
		default:
			s.Mode = Mode(flag)
		}
	}
	return s
}

var unescape = strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n").Replace
