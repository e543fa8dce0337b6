package manifest

import (
	"slices"
	"strconv"
	"strings"
)

// Lines are the lines of a value and of all values inside it, in the order of
// the text: 24 bytes for each, and no memory of the parser's. The zero Lines
// know none.
type Lines []entry

// entry is one value. The entries of the values inside it follow it.
type entry struct {
	key string // what it stands under in a mapping
	// line is where its key, or the item itself, starts. It is negative for
	// a literal block, whose text starts on the next line.
	line int32
	size int32 // how many entries belong to it, itself among them
}

// kept returns a copy without room for more.
func (l Lines) kept() Lines {
	out := make(Lines, len(l))
	copy(out, l)
	return out
}

// start returns the line of the value itself.
func (l Lines) start() int {
	if len(l) == 0 {
		return 0
	}
	return int(max(l[0].line, -l[0].line))
}

// child returns the last of these values that stands under a key: what "<<"
// brings along may be overridden.
func (l Lines) child(key string) Lines {
	var found Lines
	for i := 0; i < len(l); i += l.sizeAt(i) {
		if l[i].key == key {
			found = l[i : i+l.sizeAt(i)]
		}
	}
	return found
}

// Item returns the lines of the i-th item of a list that stands under key.
func (l Lines) Item(key string, i int) Lines {
	if len(l) == 0 {
		return nil
	}
	list := l[1:].child(key)
	if len(list) == 0 {
		return nil
	}
	return list[1:].nth(i)
}

func (l Lines) nth(n int) Lines {
	for i := 0; i < len(l); i += l.sizeAt(i) {
		if n == 0 {
			return l[i : i+l.sizeAt(i)]
		}
		n--
	}
	return nil
}

// sizeAt is never less than one, nor more than there are entries.
func (l Lines) sizeAt(i int) int { return min(max(int(l[i].size), 1), len(l)-i) }

// Line returns the line of a field of value, which these lines belong to, or
// that of the nearest value around it. Paths are those of findings:
// "spec.tasks[2].name", "metadata.labels[a/b]", "spec.containers[main].image"
// for the item of that name. A path that leads on into a text leads into the
// manifest that a literal block holds.
func (l Lines) Line(value any, path string) int {
	for path != "" && len(l) > 0 {
		name, rest := step(path)
		var next Lines
		switch v := value.(type) {
		case map[string]any:
			next = l[1:].child(name)
			// Keys hold dots, which not every path puts in brackets.
			for len(next) == 0 && strings.HasPrefix(rest, ".") && path[0] != '[' {
				more, after := step(rest)
				name, rest = name+"."+more, after
				next = l[1:].child(name)
			}
			value = v[name]
		case []any:
			i := itemNamed(v, name)
			if i < 0 {
				return l.start()
			}
			next, value = l[1:].nth(i), v[i]
		case string:
			return l.start() + lineInText(v, path, l[0].line < 0)
		default:
			return l.start()
		}
		if len(next) == 0 {
			return l.start()
		}
		l, path = next, rest
	}
	return l.start()
}

// lineInText returns how many lines below the start of a literal block the
// field of the manifest in it stands.
func lineInText(text, path string, block bool) int {
	if !block {
		return 0
	}
	docs, _ := Read([]byte(text))
	if len(docs) == 0 {
		return 0
	}
	return docs[0].Lines.Line(docs[0].Value, path)
}

// itemNamed returns the index that a path gives an item: its number, or that
// of the item of this name.
func itemNamed(list []any, name string) int {
	if i, err := strconv.Atoi(name); err == nil {
		if i < 0 || i >= len(list) {
			return -1
		}
		return i
	}
	return slices.IndexFunc(list, func(item any) bool {
		m, ok := item.(map[string]any)
		return ok && m["name"] == name
	})
}

// step cuts the first name off a path.
func step(path string) (name, rest string) {
	path = strings.TrimPrefix(path, ".")
	if !strings.HasPrefix(path, "[") {
		if i := strings.IndexAny(path, ".["); i >= 0 {
			return path[:i], path[i:]
		}
		return path, ""
	}
	// A key may hold brackets: the last that something else follows closes.
	for i := 1; i < len(path); i++ {
		if path[i] == ']' && (i+1 == len(path) || path[i+1] == '.' || path[i+1] == '[') {
			return path[1:i], path[i+1:]
		}
	}
	return path[1:], ""
}
