package yaml

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// rawField is a field that encoding/json would print.
type rawField struct {
	name      string
	tagged    bool // the name comes from a tag
	index     []int
	typ       reflect.Type
	omitEmpty bool
	omitZero  bool
	quoted    bool // tagged ",string"
}

// jsonFields returns the fields of struct type t in the order of their
// declaration, embedded ones in place. These are encoding/json's rules: Go's
// for promotion, except that of several fields of one name at one depth a
// single tagged one wins.
func jsonFields(t reflect.Type) []rawField {
	type level struct {
		typ   reflect.Type
		index []int
	}
	var found []rawField
	next := []level{{typ: t}}
	visited := map[reflect.Type]bool{}
	// count is how often each struct is embedded at the level being read: two
	// embeddings of one struct hide each other's fields.
	var count, nextCount map[reflect.Type]int
	for len(next) > 0 {
		var current []level
		current, next = next, nil
		count, nextCount = nextCount, map[reflect.Type]int{}
		for _, l := range current {
			if visited[l.typ] {
				continue
			}
			visited[l.typ] = true
			for i := range l.typ.NumField() {
				f, embedded, ok := readField(l.typ.Field(i))
				if !ok {
					continue
				}
				f.index = append(slices.Clip(slices.Clone(l.index)), i)
				if embedded != nil {
					if nextCount[embedded]++; nextCount[embedded] == 1 {
						next = append(next, level{embedded, f.index})
					}
					continue
				}
				found = append(found, f)
				if count[l.typ] > 1 {
					found = append(found, f)
				}
			}
		}
	}
	return dominant(found)
}

// readField reads a field's tag. embedded is the struct whose fields stand for
// the field; ok is false for a field that is not printed.
func readField(sf reflect.StructField) (f rawField, embedded reflect.Type, ok bool) {
	base := sf.Type
	if base.Name() == "" && base.Kind() == reflect.Pointer {
		base = base.Elem()
	}
	isStruct := base.Kind() == reflect.Struct
	if !sf.IsExported() && (!sf.Anonymous || !isStruct) {
		return f, nil, false
	}
	tag := sf.Tag.Get("json")
	if tag == "-" {
		return f, nil, false
	}
	name, options, _ := strings.Cut(tag, ",")
	if !validTag(name) {
		name = ""
	}
	f = rawField{name: name, tagged: name != "", typ: sf.Type}
	if name == "" {
		if sf.Anonymous && isStruct {
			return f, base, true
		}
		f.name = sf.Name
	}
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "omitempty":
			f.omitEmpty = true
		case "omitzero":
			f.omitZero = true
		case "string":
			f.quoted = scalarKind(base.Kind())
		}
	}
	return f, nil, true
}

// dominant drops the fields that are hidden by others of their name.
func dominant(found []rawField) []rawField {
	byName := map[string]int{} // index in kept, or -1 if the name is void
	var kept []rawField
	slices.SortStableFunc(found, func(a, b rawField) int {
		if c := cmp.Compare(len(a.index), len(b.index)); c != 0 {
			return c
		}
		if a.tagged != b.tagged {
			if a.tagged {
				return -1
			}
			return 1
		}
		return 0
	})
	for _, f := range found {
		at, seen := byName[f.name]
		switch {
		case !seen:
			byName[f.name] = len(kept)
			kept = append(kept, f)
		case at >= 0 && len(kept[at].index) == len(f.index) && kept[at].tagged == f.tagged:
			byName[f.name] = -1
			kept[at].name = ""
		}
	}
	kept = slices.DeleteFunc(kept, func(f rawField) bool { return f.name == "" })
	slices.SortFunc(kept, func(a, b rawField) int { return slices.Compare(a.index, b.index) })
	return kept
}

func scalarKind(k reflect.Kind) bool {
	return k >= reflect.Bool && k <= reflect.Float64 || k == reflect.String
}

// validTag reports whether encoding/json takes s for a name.
func validTag(s string) bool {
	for _, c := range s {
		if !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", c) && !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			return false
		}
	}
	return s != ""
}
