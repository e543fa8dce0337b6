package kafka

import (
	"maps"
	"reflect"
	"strings"
)

// at returns the path of an entry of a configuration; its name has dots.
func at(path, key string) string { return path + "[" + key + "]" }

// joinPath returns the path of a key below another path. A key that would be
// read as several steps, such as a setting's, is in brackets.
func joinPath(path, key string) string {
	switch {
	case strings.ContainsAny(key, ".[]/") || key == "":
		return path + "[" + key + "]"
	case path == "":
		return key
	}
	return path + "." + key
}

// below reports whether a path is another one or lies below it, and returns
// what follows.
func below(path, outer string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(path, outer)
	return rest, ok && outer != "" && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// pathSteps cuts a path before each of its fields and brackets: "spec",
// ".kafka", ".config", "[log.dirs]".
func pathSteps(path string) []string {
	var out []string
	start, bracket := 0, false
	for i := range len(path) {
		switch c := path[i]; {
		case bracket:
			bracket = c != ']'
		case (c == '.' || c == '[') && i > start:
			out = append(out, path[start:i])
			start = i
			bracket = c == '['
		}
	}
	return append(out, path[start:])
}

// jsonFields returns the fields of a struct by the names that JSON has for
// them, those of structs that it embeds among them.
func jsonFields(t reflect.Type) map[string]reflect.StructField {
	out := make(map[string]reflect.StructField)
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported():
		case name != "":
			out[name] = f
		case f.Anonymous:
			maps.Copy(out, jsonFields(f.Type))
		}
	}
	return out
}
