package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// source is one file of a Spark version.
type source struct {
	path   string
	tokens []token
	// values are the right sides of "val NAME = …", as far as the next one.
	values map[string][]token
	// entries are the settings that have a name.
	entries map[string]*setting
}

// spark is the sources of one version.
type spark struct {
	version string
	files   []*source
	// objects are the files that define an object, class or enumeration.
	objects map[string][]*source
	// enums are the values of enumerations.
	enums map[string][]string
}

// read reads every Scala and Java file below a directory.
func read(version, dir string) (*spark, error) {
	s := &spark{version: version, objects: make(map[string][]*source), enums: make(map[string][]string)}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".scala") && !strings.HasSuffix(path, ".java") {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		s.add(path, string(content))
		return nil
	})
	if err == nil && len(s.files) == 0 {
		err = errors.New(dir + " holds no sources: unpack the sources jars there")
	}
	return s, err
}

// add takes in a file.
func (s *spark) add(path, content string) {
	f := &source{path: path, tokens: tokens(content), values: make(map[string][]token), entries: make(map[string]*setting)}
	s.files = append(s.files, f)
	all := f.tokens
	for i := 0; i+2 < len(all); i++ {
		switch {
		case all[i].kind != word:
		case slices.Contains([]string{"object", "class", "enum", "interface"}, all[i].text) && all[i+1].kind == word:
			name := all[i+1].text
			s.objects[name] = append(s.objects[name], f)
			s.enumeration(name, all, i)
		case all[i].is("val"):
			f.value(i + 1)
		case all[i].is("static"), all[i].is("final"):
			f.constant(i + 1)
		}
	}
}

// value remembers "NAME = …" and "NAME: Type = …".
func (f *source) value(i int) {
	name, end := f.tokens[i], i+1
	if end < len(f.tokens) && f.tokens[end].is(":") {
		for end < len(f.tokens) && end < i+12 && !f.tokens[end].is("=") {
			end++
		}
	}
	if name.kind == word && end < len(f.tokens) && f.tokens[end].is("=") {
		f.values[name.text] = f.tokens[end+1 : min(len(f.tokens), end+400)]
	}
}

// constant remembers Java's "static final String NAME = …;".
func (f *source) constant(i int) {
	for ; i+2 < len(f.tokens) && f.tokens[i].kind == word; i++ {
		if f.tokens[i+1].is("=") && strings.HasSuffix(f.path, ".java") {
			end := i + 2
			for end < len(f.tokens) && !f.tokens[end].is(";") {
				end++
			}
			f.values[f.tokens[i].text] = f.tokens[i+2 : end]
			return
		}
	}
}

// enumeration remembers the values of "object X extends Enumeration" and of
// Java's "enum X".
func (s *spark) enumeration(name string, all []token, i int) {
	scala := i+3 < len(all) && all[i+2].is("extends") && all[i+3].is("Enumeration")
	if !scala && !all[i].is("enum") {
		return
	}
	for i < len(all) && !all[i].is("{") {
		i++
	}
	depth, names := 0, []string(nil)
	for ; i < len(all); i++ {
		switch {
		case all[i].is("{"), all[i].is("("):
			depth++
		case all[i].is("}"), all[i].is(")"):
			depth--
		case scala && all[i].is("val"):
			// "val A, B = Value": a Value of its own has no other text.
			for i++; i < len(all) && !all[i].is("="); i++ {
				if all[i].kind == word {
					names = append(names, all[i].text)
				}
			}
			if i+1 < len(all) && !all[i+1].is("Value") {
				names = names[:len(names)-1]
			}
		case !scala && depth == 1 && all[i].kind == word && upper(all[i].text):
			names = append(names, all[i].text)
		case !scala && depth == 1 && all[i].is(";"):
			depth = 0
		}
		if depth == 0 {
			break
		}
	}
	if len(names) > 0 {
		s.enums[name] = names
	}
}

func upper(s string) bool { return s == strings.ToUpper(s) }
