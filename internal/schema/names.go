package schema

import "strings"

// The forms of Kubernetes names, as k8s.io/apimachinery/pkg/util/validation
// has them, without regular expressions and allocations.

func lower(b byte) bool { return 'a' <= b && b <= 'z' || '0' <= b && b <= '9' }

func alnum(b byte) bool { return lower(b) || 'A' <= b && b <= 'Z' }

// dnsLabel is IsDNS1123Label.
func dnsLabel(s string) bool { return len(s) <= 63 && label(s) }

// label is a DNS label of any length.
func label(s string) bool {
	if s == "" || !lower(s[0]) || !lower(s[len(s)-1]) {
		return false
	}
	for i := range len(s) {
		if !lower(s[i]) && s[i] != '-' {
			return false
		}
	}
	return true
}

// subdomain is IsDNS1123Subdomain.
func subdomain(s string) bool {
	if len(s) > 253 {
		return false
	}
	for {
		first, rest, more := strings.Cut(s, ".")
		if !label(first) {
			return false
		}
		if !more {
			return true
		}
		s = rest
	}
}

// segment is IsPathSegmentPrefix. Whole names that are only dots aren't one.
func segment(s string) bool { return !strings.ContainsAny(s, "/%") }

func dots(s string) bool { return s == "." || s == ".." }

// NameForm is what the names of a kind look like.
type NameForm uint8

const (
	// Subdomain is a DNS name, as custom resources and most kinds have.
	Subdomain NameForm = iota
	// Label is a DNS label, a DNS name without dots.
	Label
	// Segment is whatever can be part of a URL's path, and what it begins with.
	Segment
	// AnyPrefix is a Segment that may begin with dots only.
	AnyPrefix
)

// holds tells whether a name, or the beginning of one, has the form.
func (f NameForm) holds(name string, begins bool) bool {
	if !segment(name) { // which the server looks at in any case
		return false
	}
	switch {
	case f == Segment:
		return !dots(name)
	case f == AnyPrefix:
		return begins || !dots(name)
	case begins:
		name = prefix(name)
	}
	if f == Label {
		return dnsLabel(name)
	}
	return subdomain(name)
}

// String says what a name of the form is.
func (f NameForm) String() string {
	switch f {
	case Label:
		return "a DNS label: letters in lower case, digits and '-', at most 63"
	case Segment, AnyPrefix:
		return "a part of a URL's path: no '/' or '%', and not just dots"
	default:
		return "a DNS name: letters in lower case, digits, '-' and '.', at most 253"
	}
}

// made is a name such as the server makes of a generateName.
func made(prefix string) string {
	const longest = 58
	return prefix[:min(len(prefix), longest)] + "x2x4x"
}

// prefix is what the server checks a generateName as: a '-' at its end may be
// followed by more.
func prefix(s string) string {
	if len(s) > 1 && s[len(s)-1] == '-' {
		return s[:len(s)-2] + "a"
	}
	return s
}

// word is letters, digits, '-', '_' and '.', at most 63, with a letter or digit
// at both ends.
func word(s string) bool {
	if s == "" || len(s) > 63 || !alnum(s[0]) || !alnum(s[len(s)-1]) {
		return false
	}
	for i := range len(s) {
		if b := s[i]; !alnum(b) && b != '-' && b != '_' && b != '.' {
			return false
		}
	}
	return true
}

// labelValue is IsValidLabelValue.
func labelValue(s string) bool { return s == "" || word(s) }

// qualifiedName is IsQualifiedName; anyCase lowers the prefix first, as the
// server does for annotations.
func qualifiedName(s string, anyCase bool) bool {
	before, name, ok := strings.Cut(s, "/")
	if !ok {
		return word(s)
	}
	if anyCase {
		before = strings.ToLower(before)
	}
	return subdomain(before) && word(name)
}
