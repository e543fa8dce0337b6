package yaml

import (
	"errors"
	"strings"
	"unicode/utf8"
)

var errUTF8 = errors.New("text is not valid UTF-8")

// traits are what decides how a string is written.
type traits uint8

const (
	hasNewline traits = 1 << iota
	hasTab
	hasUnprintable // what both a literal block and single quotes cannot carry
	hasDouble      // a double quote or a backslash
	hasSingle
	notPlain // an indicator at a place where it means something
	notUTF8
)

// classes sorts bytes by what they do to a string; most do nothing.
var classes = func() (t [256]byte) {
	for c := range 0x20 {
		t[c] = 'c'
	}
	t[0x7F] = 'c'
	for c := utf8.RuneSelf; c < 256; c++ {
		t[c] = 'u'
	}
	for _, c := range []byte("\n\t\"\\':#{") {
		t[c] = c
	}
	return t
}()

func traitsOf(s string) (t traits) {
	for i := 0; i < len(s); i++ {
		switch classes[s[i]] {
		case 0:
		case 'c':
			t |= hasUnprintable
		case 'u':
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				return notUTF8
			}
			if !printable(r) {
				t |= hasUnprintable
			}
			i += size - 1
		case '\n':
			t |= hasNewline
		case '\t':
			t |= hasTab
		case '"', '\\':
			t |= hasDouble
		case '\'':
			t |= hasSingle
		case ':':
			if i+1 == len(s) || s[i+1] == ' ' {
				t |= notPlain
			}
		case '#':
			if i > 0 && s[i-1] == ' ' {
				t |= notPlain
			}
		case '{':
			if i+1 < len(s) && s[i+1] == '{' {
				t |= notPlain
			}
		}
	}
	return t
}

// printable reports whether YAML lets the non-ASCII r stand in any text.
// U+0085, U+2028 and U+2029 are line breaks to YAML 1.1.
func printable(r rune) bool {
	switch {
	case r < 0xA0, r == 0x2028, r == 0x2029, r == 0xFEFF, r == 0xFFFE, r == 0xFFFF:
		return false
	}
	return true
}

// style is how a string is written.
type style uint8

const (
	plain style = iota
	double
	single
	block
)

// styleOf returns the style of s, whose traits are t, on a single line.
func styleOf(s string, t traits) style {
	switch {
	case t&(hasNewline|hasTab|hasUnprintable) != 0:
		return double
	case t&notPlain == 0 && plainEnds(s) && !resolves(s):
		return plain
	case t&hasDouble != 0 && t&hasSingle == 0:
		return single
	}
	return double
}

// plainEnds reports whether neither end of s keeps it from being plain.
func plainEnds(s string) bool {
	if s == "" || s[len(s)-1] == ' ' {
		return false
	}
	if (s[0] >= utf8.RuneSelf || s[len(s)-1] >= utf8.RuneSelf) && strings.TrimSpace(s) != s {
		return false // no parser trims U+00A0 or U+3000, but nobody sees them
	}
	switch s[0] {
	case ' ', '?', ':', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`':
		return false
	case '-':
		return len(s) > 1 && s[1] != ' ' && !strings.HasPrefix(s, "---")
	case '.':
		return !strings.HasPrefix(s, "...")
	}
	return true
}

// blockable reports whether a literal block carries s, whose traits are t. At
// the root it cannot have an indentation indicator: parsers differ in what the
// indicator counts from.
func blockable(s string, t traits, root bool) bool {
	if t&(hasNewline|hasUnprintable) != hasNewline {
		return false
	}
	visible := strings.Trim(s, " \t\n") != ""
	return visible && (!root || !needsIndicator(s))
}

// needsIndicator reports whether a parser could not tell the indentation of a
// literal block from its first line of text.
func needsIndicator(s string) bool {
	s = strings.TrimLeft(s, "\n")
	return s != "" && (s[0] == ' ' || s[0] == '\t')
}
