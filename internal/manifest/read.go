package manifest

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	// MaxDocument is the length of the longest document that is read, in
	// bytes, and of what the aliases of one document expand to.
	//
	// It is 4 MiB. The longest request that an API server takes is 3 MiB of
	// JSON (k8s.io/apiserver, server.Config.MaxRequestBodyBytes), and the same
	// as YAML is longer by its indentation: the longest manifest that is known
	// to be in use, Argo's full CRD of Workflow, has 3.1 MiB.
	MaxDocument = 4 << 20
	// MaxDepth is how many levels of mappings and lists a document may have.
	//
	// The API server's JSON decoder takes 10,000, and rendered with two
	// spaces a level those are 100 MB of indentation. Real manifests, among
	// them CRDs with their schemas, stay below 40.
	MaxDepth = 500
	// maxProblems is how many problems of one document are reported, so that
	// a file of garbage has a short answer.
	maxProblems = 10
)

// Document is one document of a stream.
type Document struct {
	// Line is where its value starts.
	Line int
	// Value is a tree of map[string]any, []any, string, bool, int64, float64,
	// json.Number and nil.
	Value any
	// Lines are the lines of all values in it.
	Lines Lines
}

// Problem is one thing that is wrong with a stream. Line counts from one;
// Column does, too, and is zero where it says nothing.
type Problem struct {
	Line, Column int
	Detail       string
}

// Read returns the documents of a stream, without those that are empty, and
// what is wrong with the others. It keeps no part of data.
func Read(data []byte) ([]Document, []Problem) {
	r := &reader{names: make(map[string]string)}
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return nil, []Problem{{Line: 1, Detail: "the text is UTF-16: save it as UTF-8"}}
	case bytes.HasPrefix(data, []byte(byteOrderMark)):
		data = data[len(byteOrderMark):]
	}
	split(data, r.document)
	return r.docs, r.problems
}

const byteOrderMark = "\ufeff"

// reader collects what one stream holds.
type reader struct {
	docs     []Document
	problems []Problem
	// names holds each key once, since manifests repeat few of them often.
	names map[string]string
	// scratch is room for the lines of the next document.
	scratch Lines
}

func (r *reader) intern(s string) string {
	if known, ok := r.names[s]; ok {
		return known
	}
	r.names[s] = s
	return s
}

func (r *reader) problem(line, column int, format string, args ...any) {
	r.problems = append(r.problems, Problem{line, column, fmt.Sprintf(format, args...)})
}

// document reads the text of one document, which starts on that line.
func (r *reader) document(text []byte, line int) {
	if len(text) > MaxDocument {
		r.problem(line, 0, "the document has %d bytes, and may have %d: an API server takes no more; split it", len(text), MaxDocument)
		return
	}
	if !utf8.Valid(text) {
		at := invalidUTF8(text)
		r.problem(line+bytes.Count(text[:at], newline), columnOf(text, at), "the byte 0x%02x is not UTF-8", text[at])
		return
	}
	if rest := bytes.TrimLeft(text, " \t\r\n"+byteOrderMark); len(rest) > 0 && (rest[0] == '{' || rest[0] == '[') {
		if r.json(rest, line+bytes.Count(text[:len(text)-len(rest)], newline)) {
			return
		}
	}
	r.yaml(text, line)
}

var newline = []byte{'\n'}

func invalidUTF8(text []byte) int {
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRune(text[i:])
		if c == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return 0
}

// columnOf returns the column of a byte, counting characters.
func columnOf(text []byte, at int) int {
	return utf8.RuneCount(text[bytes.LastIndexByte(text[:at], '\n')+1:at]) + 1
}

// split cuts a stream at the lines that start with "---" or "...", and calls
// document with every piece that holds more than comments. Such a line ends a
// document in whatever it stands: YAML allows none in the middle of a text.
func split(data []byte, document func(text []byte, line int)) {
	start, startLine := 0, 1
	content, directives := false, false
	cut := func(end, next, nextLine int) {
		if content || directives {
			document(data[start:end], startLine)
		}
		start, startLine = next, nextLine
		content, directives = false, false
	}
	line := 0
	for pos := 0; pos < len(data); {
		line++
		end := len(data)
		if i := bytes.IndexByte(data[pos:], '\n'); i >= 0 {
			end = pos + i + 1
		}
		text := data[pos:end]
		switch trimmed := bytes.TrimSpace(text); {
		case marker(text, "---"):
			if directives && !content {
				content = true // the directives belong to what follows
				break
			}
			rest := bytes.TrimSpace(trimmed[3:])
			if len(rest) == 0 || rest[0] == '#' {
				cut(pos, end, line+1)
				break
			}
			cut(pos, pos, line)
			content = true
		case marker(text, "..."):
			cut(pos, end, line+1)
		case len(trimmed) == 0 || trimmed[0] == '#':
		case text[0] == '%' && !content:
			directives = true
		default:
			content = true
		}
		pos = end
	}
	cut(len(data), len(data), line)
}

// marker reports whether a line starts with the mark and nothing else follows
// without a blank between.
func marker(line []byte, mark string) bool {
	rest, ok := bytes.CutPrefix(line, []byte(mark))
	return ok && (len(rest) == 0 || strings.IndexByte(" \t\r\n", rest[0]) >= 0)
}
