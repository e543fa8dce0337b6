package sparkconf

import (
	"regexp"
	"slices"
	"strconv"
)

// Type is what the values of a setting are.
type Type string

// The types of Spark's ConfigBuilder. Settings that Spark reads without having
// declared them have none, and take any text.
const (
	Bool   Type = "bool"
	Int    Type = "int"
	Long   Type = "long"
	Double Type = "double"
	String Type = "string"
	Regex  Type = "regex"
	Time   Type = "time"
	Bytes  Type = "bytes"
)

// Setting is what one version of Spark says about a key.
type Setting struct {
	Key string
	// Type is empty for a setting that is read but not declared.
	Type Type
	// Unit is that of a time (us, ms, s, m, h, d) or a size (b, k, m, g)
	// that is written without one.
	Unit string
	// List says that values stand side by side, with commas between them.
	List bool
	// Values are the only ones, if there are any.
	Values []string
	// AnyCase says that Values may be written in any case of letters.
	AnyCase bool
	// HasDefault says that there is a default. It is empty where only a
	// running Spark knows it.
	HasDefault bool
	Default    string
	// Fallback is the setting whose value is this one's default.
	Fallback string
	// Since is the first version with the setting, as Spark declares it.
	Since string
	// Alternatives are older keys under which Spark still reads it.
	Alternatives []string
	// Deprecated is the version since which Spark warns of the key.
	Deprecated string
	// Internal says that Spark doesn't document the setting.
	Internal bool

	bounds []string
}

// Entry is what all versions say about a key.
type Entry struct {
	Key string
	// Removed is the version since which Spark refuses values other than the
	// default.
	Removed string

	// Older says that the key that was looked for is an older one for the
	// setting, and In and Gone are about that.
	Older bool

	declared []*Setting // by version, nil where it isn't declared
	read     *Setting   // what isn't declared in any
}

// Find returns what Spark knows about a key, be it the present one or an older
// one for the same setting. Keys of a family have no entry: see FamilyOf.
func Find(key string) (Entry, bool) {
	t := read()
	e, ok := t.entries[key]
	if ok && e.declared != nil {
		return *e, true
	}
	if now, older := alternatives()[key]; older {
		return t.entries[now].under(key), true
	}
	if !ok {
		return Entry{}, false
	}
	return *e, true
}

// under returns the entry as far as an older key stands for it.
func (e *Entry) under(key string) Entry {
	out := Entry{Key: e.Key, Older: true, declared: slices.Clone(e.declared)}
	for i, s := range out.declared {
		if s != nil && !slices.Contains(s.Alternatives, key) {
			out.declared[i] = nil
		}
	}
	return out
}

// In returns what a version of Spark, "3.5.1", says about the key. It doesn't
// where that version has no such setting, and where the text is no version it
// returns the newest.
func (e Entry) In(text string) (Setting, bool) {
	v := parse(text)
	if e.declared == nil {
		return *e.read, e.Removed == "" || v == (version{}) || v.before(parse(e.Removed))
	}
	versions := read().versions
	at := len(versions) - 1
	if v == (version{}) {
		for at > 0 && e.declared[at] == nil {
			at--
		}
		return *e.declared[at], true
	}
	for at > 0 && v.before(versions[at]) {
		at--
	}
	s := e.declared[at]
	if s == nil || !e.Older && v.before(parse(s.Since)) {
		return Setting{}, false
	}
	return *s, true
}

// Since returns the version in which the key came, empty if that isn't known.
func (e Entry) Since() string {
	for _, s := range e.declared {
		if s != nil {
			return s.Since
		}
	}
	return ""
}

// Gone returns the version since which Spark has no such setting, empty if the
// newest one has it.
func (e Entry) Gone() string {
	if e.declared == nil {
		return e.Removed
	}
	at := len(e.declared)
	for at > 0 && e.declared[at-1] == nil {
		at--
	}
	if at == len(e.declared) {
		return ""
	}
	return read().versions[at].String()
}

// Newest returns the newest version that the table was made from: a later one
// may have keys that aren't in it.
func Newest() string {
	versions := read().versions
	return versions[len(versions)-1].String()
}

// version is a Spark version, as far as settings go by it.
type version struct{ major, minor int }

var format = regexp.MustCompile(`^(\d{1,4})\.(\d{1,4})`)

// parse reads "3.5", "3.5.1" and "4.0.0-preview1"; anything else is zero.
func parse(s string) version {
	m := format.FindStringSubmatch(s)
	if m == nil {
		return version{}
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2])
	return version{major, minor}
}

func (v version) before(o version) bool {
	return v.major < o.major || v.major == o.major && v.minor < o.minor
}

func (v version) String() string { return strconv.Itoa(v.major) + "." + strconv.Itoa(v.minor) }
