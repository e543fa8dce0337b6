package main

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// table collects the settings of all versions.
type table struct {
	versions []string
	// lines are what a version says about a key, and the letters of the
	// versions that say so.
	lines map[string][]line
	// others are the keys that Spark reads without having declared them.
	others map[string]*other
}

type line struct{ versions, text string }

// other is such a key, as far as it was deprecated or removed.
type other struct{ deprecated, removed string }

// letter is how the table names a version.
func letter(i int) string { return string(rune('a' + i)) }

func (t *table) add(s *spark) (unclear []string) {
	if t.lines == nil {
		t.lines, t.others = make(map[string][]line), make(map[string]*other)
	}
	at := letter(len(t.versions))
	t.versions = append(t.versions, s.version)
	found, unclear := s.settings()
	for _, entry := range found {
		// A second declaration of a key is a copy of the first.
		text := entry.line()
		all := t.lines[entry.key]
		if n := len(all); n > 0 && strings.HasSuffix(all[n-1].versions, at) {
			continue
		}
		if n := len(all); n > 0 && all[n-1].text == text {
			all[n-1].versions += at
			continue
		}
		t.lines[entry.key] = append(all, line{at, text})
	}
	t.read(s)
	return unclear
}

// A text is the key of a setting by its looks, unless it is one of tests, of
// examples, or one that Spark on Kubernetes passes on to itself.
var (
	key  = regexp.MustCompile(`^spark\.[A-Za-z0-9]+(\.[A-Za-z0-9_-]*[A-Za-z0-9])*$`)
	junk = regexp.MustCompile(`^spark\.(test|status|some|yarn|kubernetes|sql\.(test|catalyst|statistics|execution\.(id|root)|execution\.streaming\.state)|ssl|properties)(\.|$)|Key[A-Z]$`)
)

// transportKey is the function that puts a transport's name before a key.
const transportKey = "getConfKey"

// read collects the keys that stand in the code beside the declared ones.
func (t *table) read(s *spark) {
	for _, f := range s.files {
		for i, tok := range f.tokens {
			if tok.kind != text {
				continue
			}
			if i > 1 && f.tokens[i-2].is(transportKey) {
				// Each transport has these under a name of its own.
				for _, module := range []string{"shuffle", "rpc", "files"} {
					t.other("spark." + module + "." + tok.text)
				}
			}
			if !key.MatchString(tok.text) || junk.MatchString(tok.text) {
				continue
			}
			o := t.other(tok.text)
			if i > 1 && i+2 < len(f.tokens) && f.tokens[i+2].kind == text {
				switch {
				case f.tokens[i-2].is("DeprecatedConfig"):
					o.deprecated = f.tokens[i+2].text
				case f.tokens[i-2].is("RemovedConfig"):
					o.removed = f.tokens[i+2].text
				}
			}
		}
	}
}

func (t *table) other(key string) *other {
	if t.others[key] == nil {
		t.others[key] = &other{}
	}
	return t.others[key]
}

// line is an entry as the table has it, without its key.
func (s *setting) line() string {
	kind := s.kind
	if s.unit != "" {
		kind += ":" + s.unit
	}
	if s.list {
		kind += "*"
	}
	fields := []string{s.since, kind, s.defaultText()}
	extra := func(name string, values []string, sep string) {
		if len(values) > 0 {
			fields = append(fields, name+strings.Join(values, sep))
		}
	}
	extra("values=", s.values, "|")
	if s.fold {
		extra("fold", []string{""}, "")
	}
	extra("bounds=", s.bounds, " ")
	extra("was=", s.alternatives, " ")
	if s.prepended != "" {
		extra("after=", []string{s.prepended}, "")
	}
	if s.internal {
		extra("internal", []string{""}, "")
	}
	return strings.Join(fields, "\t")
}

// defaultText is "=value", "@key" of the setting that stands in, "?" for what
// only a running Spark knows, and empty for none.
func (s *setting) defaultText() string {
	switch {
	case s.fallback != "":
		return "@" + s.fallback
	case s.computed:
		return "?"
	case !s.given:
		return ""
	case s.unit != "" && strings.Trim(s.raw, "-0123456789") == "":
		return "=" + s.raw + s.unit
	}
	return "=" + strings.NewReplacer("\n", `\n`, "\t", `\t`).Replace(s.raw)
}

// String writes the table: a line of the versions, then a line for each key
// and what some versions say of it.
func (t *table) String() string {
	var b strings.Builder
	b.WriteString("#\t" + strings.Join(t.versions, "\t") + "\n")
	keys := make(map[string]bool)
	for k := range t.lines {
		keys[k] = true
	}
	for k := range t.others {
		if _, declared := t.lines[k]; !declared {
			keys[k] = true
		}
	}
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		for _, l := range t.lines[k] {
			b.WriteString(k + "\t" + l.versions + "\t" + l.text)
			if o := t.others[k]; o != nil && o.deprecated != "" {
				b.WriteString("\tdeprecated=" + o.deprecated)
			}
			b.WriteString("\n")
		}
		if _, declared := t.lines[k]; declared {
			continue
		}
		b.WriteString(k + "\t-")
		if o := t.others[k]; o.removed != "" {
			b.WriteString("\t\t\t\tremoved=" + o.removed)
		} else if o.deprecated != "" {
			b.WriteString("\t\t\t\tdeprecated=" + o.deprecated)
		}
		b.WriteString("\n")
	}
	return b.String()
}
