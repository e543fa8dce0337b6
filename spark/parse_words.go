package spark

import (
	"fmt"
	"strings"
)

// SplitCommand splits one shell command into its words, as a POSIX shell does:
// lines that go on after a backslash, quotes of both kinds, comments. It is for
// commands that were copied from a script or a page:
//
//	words, err := spark.SplitCommand(text)
//	job, findings, err := spark.ParseSubmit(words)
//
// The error names what only a running shell could tell: variables, commands in
// the place of words, a second command.
func SplitCommand(text string) ([]string, error) {
	w := wordSplitter{text: text}
	for w.i < len(w.text) {
		if err := w.step(); err != nil {
			return nil, fmt.Errorf("split command, line %d: %w", 1+strings.Count(text[:min(w.i, len(text))], "\n"), err)
		}
	}
	w.end()
	return w.words, nil
}

type wordSplitter struct {
	text  string
	i     int
	word  strings.Builder
	open  bool // a word has begun, though it may be empty: ""
	ended bool // a newline has ended the command
	words []string
}

func (w *wordSplitter) end() {
	if w.open {
		w.words = append(w.words, w.word.String())
		w.word.Reset()
		w.open = false
	}
}

func (w *wordSplitter) put(c byte) error {
	if w.ended {
		return fmt.Errorf("a second command begins: give one alone")
	}
	w.open = true
	w.word.WriteByte(c)
	return nil
}

// step reads one character, or a whole quoted part.
func (w *wordSplitter) step() error {
	c := w.text[w.i]
	w.i++
	switch c {
	case ' ', '\t', '\r':
		w.end()
	case '\n':
		w.end()
		w.ended = len(w.words) > 0
	case '#':
		if w.open {
			return w.put(c)
		}
		if n := strings.IndexByte(w.text[w.i:], '\n'); n >= 0 {
			w.i += n
		} else {
			w.i = len(w.text)
		}
	case '\\':
		return w.escaped()
	case '\'':
		n := strings.IndexByte(w.text[w.i:], '\'')
		if n < 0 {
			return fmt.Errorf("a single quote is not closed")
		}
		quoted := w.text[w.i : w.i+n]
		w.i += n + 1
		return w.putAll(quoted)
	case '"':
		return w.doubleQuoted()
	case ';', '&', '|', '<', '>', '(', ')':
		return fmt.Errorf("%q means something to the shell: quote it, or give one command alone", string(c))
	case '$', '`':
		return w.expansion(c, `'"`)
	default:
		return w.put(c)
	}
	return nil
}

func (w *wordSplitter) putAll(s string) error {
	w.open = true
	for i := range len(s) {
		if err := w.put(s[i]); err != nil {
			return err
		}
	}
	return nil
}

// escaped reads what follows a backslash. Before a newline it joins lines.
func (w *wordSplitter) escaped() error {
	if w.i >= len(w.text) {
		return nil // a copied line often ends so
	}
	c := w.text[w.i]
	w.i++
	switch {
	case c == '\n':
		return nil
	case c == '\r' && strings.HasPrefix(w.text[w.i:], "\n"):
		w.i++
		return nil
	}
	return w.put(c)
}

func (w *wordSplitter) doubleQuoted() error {
	w.open = true
	for w.i < len(w.text) {
		c := w.text[w.i]
		w.i++
		switch c {
		case '"':
			return nil
		case '$', '`':
			if err := w.expansion(c, ""); err != nil {
				return err
			}
			continue
		case '\\':
			if w.i < len(w.text) && strings.IndexByte("$`\"\\\n", w.text[w.i]) >= 0 {
				if err := w.escaped(); err != nil {
					return err
				}
				continue
			}
		}
		if err := w.put(c); err != nil {
			return err
		}
	}
	return fmt.Errorf("a double quote is not closed")
}

// expansion reports what the shell would put in the place of a word. A dollar
// sign that begins nothing stands for itself; quotes begin something after it
// where they mean something.
func (w *wordSplitter) expansion(c byte, quotes string) error {
	rest := w.text[w.i:]
	if c == '$' && (rest == "" || !strings.ContainsAny(rest[:1], "{(_@*#?$!-0123456789"+quotes) && !isLetter(rest[0])) {
		return w.put(c)
	}
	name := rest
	if n := strings.IndexAny(rest, " \t\n\"'"); n >= 0 {
		name = rest[:n]
	}
	return fmt.Errorf("the shell puts something else for %s: write the value, or quote it with ''", string(c)+name)
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
