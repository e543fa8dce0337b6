package manifest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// json reads the JSON values that follow each other in text. It returns false
// where the text is not JSON and may be YAML that starts with a bracket.
func (r *reader) json(text []byte, line int) bool {
	j := jsonReader{reader: r, text: text, line: line, dec: json.NewDecoder(bytes.NewReader(text))}
	j.dec.UseNumber()
	var docs []Document
	for n := 0; ; n++ {
		j.lines = j.lines[:0]
		token, err := j.next()
		if errors.Is(err, io.EOF) {
			break
		}
		start := j.line
		var value any
		if err == nil {
			value, err = j.value(token, "", start, 0)
		}
		var stop stopError
		switch {
		case errors.As(err, &stop), err != nil && n > 0:
			r.problems = append(append(r.problems, j.problems...), Problem{Line: j.line, Detail: err.Error()})
			r.docs = append(r.docs, docs...)
			return true
		case err != nil:
			return false
		}
		if value != nil && len(j.problems) == 0 {
			docs = append(docs, Document{Line: start, Value: value, Lines: j.lines.kept()})
		}
		r.problems = append(r.problems, j.problems...)
		j.problems = nil
	}
	r.docs = append(r.docs, docs...)
	return true
}

// stopError is a mistake in what is JSON all the same.
type stopError string

func (e stopError) Error() string { return string(e) }

type jsonReader struct {
	*reader
	text     []byte
	dec      *json.Decoder
	line     int // of the last token
	offset   int // up to which lines are counted
	lines    Lines
	problems []Problem
}

func (j *jsonReader) next() (json.Token, error) {
	token, err := j.dec.Token()
	end := int(j.dec.InputOffset())
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		end = max(end, int(syntax.Offset))
	}
	end = min(max(end, j.offset), len(j.text))
	j.line += bytes.Count(j.text[j.offset:end], newline)
	j.offset = end
	return token, err
}

// value returns the value that starts with token, and adds its lines.
func (j *jsonReader) value(token json.Token, key string, line, depth int) (any, error) {
	if depth > MaxDepth {
		return nil, stopError(fmt.Sprintf("the document has more than %d levels", MaxDepth))
	}
	at := len(j.lines)
	j.lines = append(j.lines, entry{key: key, line: int32(line)})
	var value any
	var err error
	switch t := token.(type) {
	case json.Delim:
		if t == '{' {
			value, err = j.object(depth)
		} else {
			value, err = j.array(depth)
		}
	case json.Number:
		value, err = jsonNumber(string(t))
	default:
		value = t
	}
	if err != nil {
		return nil, err
	}
	j.lines[at].size = int32(len(j.lines) - at)
	return value, nil
}

func (j *jsonReader) object(depth int) (map[string]any, error) {
	m := make(map[string]any)
	first := len(j.lines)
	for {
		token, err := j.next()
		if err != nil {
			return nil, unexpected(err)
		}
		key, ok := token.(string)
		if !ok {
			return m, nil
		}
		key = j.intern(key)
		line := j.line
		if token, err = j.next(); err != nil {
			return nil, unexpected(err)
		}
		if _, twice := m[key]; twice {
			was := j.lines[first:].child(key)
			j.problems = append(j.problems, Problem{Line: line, Detail: fmt.Sprintf("the key %s stands here and on line %d", quoted(key), was.start())})
			if len(j.problems) >= maxProblems {
				return nil, stopError("the rest of the document was not looked at")
			}
		}
		if m[key], err = j.value(token, key, line, depth+1); err != nil {
			return nil, err
		}
	}
}

func (j *jsonReader) array(depth int) ([]any, error) {
	list := []any{}
	for {
		token, err := j.next()
		if err != nil {
			return nil, unexpected(err)
		}
		if token == json.Delim(']') {
			return list, nil
		}
		value, err := j.value(token, "", j.line, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// jsonNumber reads a number as the same digits in YAML are read.
func jsonNumber(text string) (any, error) {
	value := number(text)
	if _, ok := value.(string); ok {
		return nil, stopError("the number " + strconv.Quote(text) + " is out of range")
	}
	return treeValue(value)
}
