package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// yaml reads the text of one document.
func (r *reader) yaml(text []byte, line int) {
	if at := unprintable(text); at >= 0 {
		c, _ := utf8.DecodeRune(text[at:])
		r.problem(line+bytes.Count(text[:at], newline), columnOf(text, at), "the control character %U can't stand in YAML: remove it, or write it as an escape in double quotes", c)
		return
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var doc yaml.Node
		err := decode(dec, &doc)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			r.syntax(dec, err, text, line)
			return
		}
		if len(doc.Content) != 1 {
			return
		}
		c := converter{reader: r, base: line - 1, lines: r.scratch[:0]}
		root := doc.Content[0]
		value, ok := c.value(root, "", root.Line, 0)
		r.scratch = c.lines
		r.problems = append(r.problems, c.problems...)
		if ok && len(c.problems) == 0 && value != nil {
			r.docs = append(r.docs, Document{Line: c.base + root.Line, Value: value, Lines: c.lines.kept()})
		}
	}
}

// decode reads the next document of a stream. The parser has paths that panic
// where its authors expected none; to a user those are documents that can't be
// read like others.
func decode(dec *yaml.Decoder, doc *yaml.Node) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the parser gave up: %v", p)
		}
	}()
	return dec.Decode(doc)
}

// syntax reports why the parser stopped.
func (r *reader) syntax(dec *yaml.Decoder, err error, text []byte, line int) {
	detail := strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(detail, "line "); ok {
		if _, after, ok := strings.Cut(rest, ": "); ok {
			detail = after
		}
	}
	at := marksOf(dec)
	column := at.column + 1
	if strings.HasPrefix(detail, "unknown anchor") {
		at.line, column = at.event, 0
	}
	// The mark behind the last line break is on no line that an editor shows.
	if last := bytes.Count(bytes.TrimRight(text, "\r\n"), newline); at.line > last {
		at.line, column = last, 0
	}
	switch {
	case strings.Contains(detail, "cannot start any token") && lineStarts(text, at.line, "\t"):
		detail = "a tab indents the line: YAML indents with spaces"
	case strings.Contains(detail, "found unexpected end of stream") && at.context >= 0:
		detail = fmt.Sprintf("the text ends in the middle of what opens on line %d", line+at.context)
	}
	if bytes.Contains(text, []byte("{{")) {
		detail += " (a template? render it first)"
	}
	r.problem(line+at.line, column, "%s", detail)
}

func lineStarts(text []byte, line int, with string) bool {
	for range line {
		_, text, _ = bytes.Cut(text, newline)
	}
	return bytes.HasPrefix(bytes.TrimLeft(text, " "), []byte(with))
}

// marks are where a parser stands, counted from zero.
type marks struct {
	line, column int // where it found the mistake
	context      int // the line on which what it was reading starts, or -1
	event        int // the line of what it read last
}

// marksOf looks up where a parser has stopped. Its errors name the line on
// which the surrounding mapping starts, mostly one off, or none at all, and
// what it knows better it keeps to itself; a test holds these names against
// the version in go.mod.
func marksOf(dec *yaml.Decoder) marks {
	field := func(v reflect.Value, names ...string) reflect.Value {
		for _, name := range names {
			if v.Kind() == reflect.Pointer {
				v = v.Elem()
			}
			if v.Kind() != reflect.Struct {
				return reflect.Value{}
			}
			v = v.FieldByName(name)
		}
		return v
	}
	number := func(names ...string) int {
		if v := field(reflect.ValueOf(dec), append([]string{"parser"}, names...)...); v.CanInt() {
			return int(v.Int())
		}
		return 0
	}
	m := marks{
		line:    number("parser", "problem_mark", "line"),
		column:  number("parser", "problem_mark", "column"),
		context: number("parser", "context_mark", "line"),
		event:   number("event", "start_mark", "line"),
	}
	if field(reflect.ValueOf(dec), "parser", "parser", "context").String() == "" {
		m.context = -1
	}
	return m
}

// unprintable returns the offset of the first character that YAML has no
// place for, or -1. The parser refuses them as well, without a line.
func unprintable(text []byte) int {
	for i := 0; i < len(text); {
		c := rune(text[i])
		size := 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRune(text[i:])
		}
		switch {
		case c == '\t' || c == '\n' || c == '\r' || c >= 0x20 && c < 0x7f || c == 0x85:
		case c >= 0xa0 && c <= 0xfffd && (c != 0xfeff || i == 0), c >= 0x10000:
		default:
			return i
		}
		i += size
	}
	return -1
}
