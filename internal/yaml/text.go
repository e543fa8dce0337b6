package yaml

import (
	"strings"
	"unicode/utf8"
)

// maxKey is the length of a written key from which it is written with a
// question mark: parsers look for the colon in 1024 characters.
const maxKey = 1000

// text writes a string value.
func (w *writer) text(s string) outcome {
	t := traitsOf(s)
	if t&notUTF8 != 0 {
		return w.fail(errUTF8)
	}
	if w.json {
		w.quoted(s, t)
		return written
	}
	if blockable(s, t, w.pos == atRoot) {
		w.literalBlock(s)
		return written
	}
	w.gap()
	w.line(s, t)
	w.buf = append(w.buf, '\n')
	return written
}

// key writes a key and its colon.
func (w *writer) key(s string) outcome {
	t := traitsOf(s)
	if t&notUTF8 != 0 {
		return w.fail(errUTF8)
	}
	if w.json {
		w.quoted(s, t)
		w.buf = append(w.buf, ':')
		return written
	}
	mark := len(w.buf)
	w.line(s, t)
	if len(w.buf)-mark > maxKey {
		w.buf = append(w.buf[:mark], "? "...)
		w.line(s, t)
		w.buf = append(w.buf, '\n')
		w.spaces(w.indent)
	}
	w.buf = append(w.buf, ':')
	return written
}

// fieldKey writes the key of a field and its colon.
func (w *writer) fieldKey(f *field) {
	switch {
	case w.json:
		w.buf = append(w.buf, f.json...)
	case f.yaml == "":
		w.key(f.name)
	default:
		w.buf = append(w.buf, f.yaml...)
	}
}

// yamlFieldKey returns what key writes for a name, or "" if that depends on
// the place.
func yamlFieldKey(name string) string {
	w := writer{}
	w.key(name)
	if len(w.buf) > maxKey {
		return ""
	}
	return string(w.buf)
}

// line writes s on one line.
func (w *writer) line(s string, t traits) {
	switch styleOf(s, t) {
	case plain:
		w.buf = append(w.buf, s...)
	case single:
		w.buf = append(w.buf, '\'')
		w.buf = append(w.buf, s...)
		w.buf = append(w.buf, '\'')
	default:
		w.quoted(s, t)
	}
}

// quoted writes s in double quotes.
func (w *writer) quoted(s string, t traits) {
	if t&(hasNewline|hasTab|hasUnprintable|hasDouble) != 0 {
		w.buf = appendQuoted(w.buf, s)
		return
	}
	w.buf = append(w.buf, '"')
	w.buf = append(w.buf, s...)
	w.buf = append(w.buf, '"')
}

// literalBlock writes s as a literal block.
func (w *writer) literalBlock(s string) {
	w.gap()
	w.buf = append(w.buf, '|')
	if needsIndicator(s) {
		w.buf = append(w.buf, '2')
	}
	switch {
	case !strings.HasSuffix(s, "\n"):
		w.buf = append(w.buf, '-')
	case strings.HasSuffix(s, "\n\n"):
		w.buf = append(w.buf, '+')
	}
	w.buf = append(w.buf, '\n')
	for line := range strings.Lines(s) {
		if line != "\n" {
			w.spaces(w.indent + 2)
		}
		w.buf = append(w.buf, line...)
	}
	if !strings.HasSuffix(s, "\n") {
		w.buf = append(w.buf, '\n')
	}
}

// appendQuoted appends s, which is valid UTF-8, in double quotes with escapes
// that mean the same to JSON and to YAML.
func appendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c, size := rune(s[i]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRuneInString(s[i:])
		}
		escape := ""
		switch {
		case c == '"':
			escape = `\"`
		case c == '\\':
			escape = `\\`
		case c == '\n':
			escape = `\n`
		case c == '\r':
			escape = `\r`
		case c == '\t':
			escape = `\t`
		case c < ' ', c >= 0x7F && !printable(c):
			escape = `\u`
		}
		if escape != "" {
			dst = append(dst, s[start:i]...)
			dst = append(dst, escape...)
			if escape == `\u` {
				const hex = "0123456789abcdef"
				dst = append(dst, hex[c>>12], hex[c>>8&15], hex[c>>4&15], hex[c&15])
			}
			start = i + size
		}
		i += size
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}
