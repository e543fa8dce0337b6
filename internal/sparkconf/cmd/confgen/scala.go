package main

import (
	"strings"
	"unicode"
)

// kind is what a token is.
type kind int

const (
	word kind = iota
	number
	text         // a string without interpolation
	interpolated // s"…"
	mark         // punctuation, one character each
)

// token is the least part of a source file that means something.
type token struct {
	kind kind
	text string
}

// is reports whether the token is that word or mark.
func (t token) is(text string) bool {
	return (t.kind == word || t.kind == mark) && t.text == text
}

// tokens splits Scala or Java into tokens, without its comments.
func tokens(source string) []token {
	var out []token
	for i := 0; i < len(source); {
		rest := source[i:]
		switch c := rest[0]; {
		case strings.HasPrefix(rest, "//"):
			i += until(rest, "\n")
		case strings.HasPrefix(rest, "/*"):
			i += until(rest, "*/")
		case strings.HasPrefix(rest, `"""`):
			n := 3 + until(rest[3:], `"""`)
			out = append(out, token{text, strings.TrimSuffix(rest[3:n], `"""`)})
			i += n
		case strings.HasPrefix(rest, `s"`) && !strings.HasPrefix(rest, `s"""`):
			value, n := quoted(rest[1:])
			out = append(out, token{interpolated, value})
			i += 1 + n
		case c == '"':
			value, n := quoted(rest)
			out = append(out, token{text, value})
			i += n
		case c == '\'':
			i += character(rest)
		case c >= '0' && c <= '9':
			n := span(rest, func(r rune) bool { return unicode.IsDigit(r) || unicode.IsLetter(r) || r == '.' || r == '_' })
			out = append(out, token{number, rest[:n]})
			i += n
		case c == '_' || unicode.IsLetter(rune(c)):
			n := span(rest, func(r rune) bool { return r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r) })
			out = append(out, token{word, rest[:n]})
			i += n
		case c == ' ' || c == '\n' || c == '\t' || c == '\r':
			i++
		default:
			out = append(out, token{mark, rest[:1]})
			i++
		}
	}
	return out
}

// until returns where what follows the end starts.
func until(s, end string) int {
	if i := strings.Index(s, end); i >= 0 {
		return i + len(end)
	}
	return len(s)
}

func span(s string, in func(rune) bool) int {
	for i, r := range s {
		if !in(r) {
			return i
		}
	}
	return len(s)
}

// quoted reads a string in quotes, and returns its value and its length.
func quoted(s string) (string, int) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return b.String(), i + 1
		case c == '\\' && i+1 < len(s):
			i++
			b.WriteByte(unescaped(s[i]))
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), len(s)
}

func unescaped(c byte) byte {
	switch c {
	case 'n':
		return '\n'
	case 't':
		return '\t'
	}
	return c
}

// character returns the length of 'x', or of the quote of a symbol.
func character(s string) int {
	switch {
	case len(s) > 3 && s[1] == '\\' && s[3] == '\'':
		return 4
	case len(s) > 2 && s[2] == '\'':
		return 3
	}
	return 1
}

// arguments returns what stands between the brackets that open at i, split at
// its commas, and the place behind the closing one.
func arguments(all []token, i int) (args [][]token, end int) {
	depth, start := 0, i+1
	for ; i < len(all); i++ {
		if all[i].kind != mark {
			continue
		}
		switch all[i].text {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			if depth--; depth == 0 {
				if i > start {
					args = append(args, all[start:i])
				}
				return args, i + 1
			}
		case ",":
			if depth == 1 {
				args, start = append(args, all[start:i]), i+1
			}
		}
	}
	return args, i
}
