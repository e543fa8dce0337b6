package main

import (
	"slices"
	"strings"
)

// setting is what one version of Spark declares under a key.
type setting struct {
	key          string
	since        string
	kind         string   // bool, int, long, double, string, regex, time, bytes
	unit         string   // of a time or a size without one
	list         bool     // values with commas between them
	values       []string // the only ones
	fold         bool     // in any case of letters
	bounds       []string // ">0", "<=9"
	given        bool     // it has a default
	raw          string   // that default as it is written
	computed     bool     // its default depends on the running program
	fallback     string   // the setting whose value is its default
	alternatives []string
	prepended    string
	internal     bool
}

// builders start a declaration.
var builders = []string{"ConfigBuilder", "buildConf", "buildStaticConf"}

// declared is a declaration that was found: where it starts, and where the
// calls on it do.
type declared struct {
	file    *source
	setting *setting
	calls   int
}

// settings returns every setting that the version declares, and the places
// where it couldn't tell which.
func (s *spark) settings() (found []*setting, unclear []string) {
	var all []declared
	for _, f := range s.files {
		for i := 0; i+1 < len(f.tokens); i++ {
			t := f.tokens[i]
			if t.kind != word || !slices.Contains(builders, t.text) || !f.tokens[i+1].is("(") || i > 0 && slices.ContainsFunc([]string{"def", "new", "class"}, f.tokens[i-1].is) {
				continue
			}
			args, end := arguments(f.tokens, i+1)
			if len(args) != 1 {
				continue
			}
			key, ok := eval{spark: s, file: f}.whole(args[0])
			if !ok {
				if len(args[0]) != 1 || args[0][0].text != "key" {
					unclear = append(unclear, f.path+": the key of a setting")
				}
				continue
			}
			entry := &setting{key: key}
			all = append(all, declared{f, entry, end})
			if name := assigned(f.tokens, i); name != "" {
				f.entries[name] = entry
			}
		}
	}
	for _, d := range all {
		s.calls(d)
		if d.setting.kind == "" && d.setting.fallback == "" {
			unclear = append(unclear, d.file.path+": the type of "+d.setting.key)
			continue
		}
		found = append(found, d.setting)
	}
	inherit(found)
	return found, unclear
}

// assigned is the name in "val NAME = ConfigBuilder(", where i is the builder.
func assigned(all []token, i int) string {
	for ; i > 0 && !all[i].is("val"); i-- {
		if all[i].is(")") || all[i].is("}") {
			return ""
		}
	}
	return all[i+1].text
}

// inherit gives settings that fall back to another its type.
func inherit(all []*setting) {
	byKey := make(map[string]*setting)
	for _, s := range all {
		byKey[s.key] = s
	}
	for _, s := range all {
		for to := byKey[s.fallback]; s.kind == "" && to != nil; to = byKey[to.fallback] {
			s.kind, s.unit, s.list, s.values, s.fold, s.bounds = to.kind, to.unit, to.list, to.values, to.fold, to.bounds
		}
	}
}

// calls follows the chain ".doc(…).version(…).intConf.createWithDefault(…)".
func (s *spark) calls(d declared) {
	all, i := d.file.tokens, d.calls
	e := eval{spark: s, file: d.file}
	for i+1 < len(all) && all[i].is(".") && all[i+1].kind == word {
		name := all[i+1].text
		i += 2
		var args [][]token
		if i < len(all) && all[i].is("[") {
			_, i = arguments(all, i)
		}
		if i < len(all) && (all[i].is("(") || all[i].is("{")) {
			args, i = arguments(all, i)
		}
		if d.setting.call(e, name, args) {
			return
		}
	}
}

// plain are the types without a parameter.
var plain = map[string]string{
	"booleanConf": "bool", "intConf": "int", "longConf": "long", "doubleConf": "double", "stringConf": "string", "regexConf": "regex",
}

// suffixes are Spark's own of the units of time and size.
var suffixes = map[string]string{
	"NANOSECONDS": "ns", "MICROSECONDS": "us", "MILLISECONDS": "ms", "SECONDS": "s", "MINUTES": "m", "HOURS": "h", "DAYS": "d",
	"BYTE": "b", "KiB": "k", "MiB": "m", "GiB": "g",
}

// call takes in one call of the chain, and reports whether it was the last.
func (s *setting) call(e eval, name string, args [][]token) (last bool) {
	var arg []token
	value, known := "", false
	if len(args) > 0 && len(args[0]) > 0 {
		arg = args[0]
		if name != "doc" {
			value, known = e.whole(arg)
		}
	}
	switch name {
	case "version":
		s.since = value
	case "internal":
		s.internal = true
	case "withAlternative":
		s.alternatives = append(s.alternatives, value)
	case "withPrepended":
		s.prepended = value
	case "timeConf", "bytesConf":
		s.kind = strings.TrimSuffix(name, "Conf")
		s.unit = suffixes[arg[len(arg)-1].text]
	case "enumConf":
		s.kind, s.fold, s.values = "string", true, e.enum(arg)
	case "toSequence":
		s.list = true
	case "transform":
		s.transform(arg)
	case "checkValues":
		s.values = e.set(arg)
	case "checkValue":
		s.check(e, arg)
	case "fallbackConf":
		if to := e.entry(names(arg)); to != nil {
			s.fallback = to.key
		}
		return true
	case "createOptional":
		return true
	case "createWithDefaultFunction":
		s.computed = true
		return true
	case "createWithDefault", "createWithDefaultString":
		s.given, s.raw, s.computed = known, value, !known
		return true
	default:
		if kind, ok := plain[name]; ok {
			s.kind = kind
		}
	}
	return false
}

// names are the parts of "a.b.C".
func names(all []token) (out []string) {
	for _, t := range all {
		if t.kind == word {
			out = append(out, t.text)
		}
	}
	return out
}

// levels are the values of org.slf4j.event.Level.
var levels = []string{"ERROR", "WARN", "INFO", "DEBUG", "TRACE"}

// enum returns the values of an enumeration, "X" or "classOf[X]".
func (e eval) enum(arg []token) []string {
	all := names(arg)
	last := all[len(all)-1]
	if last == "Level" {
		return levels
	}
	return e.spark.enums[last]
}

// set returns the elements of "Set(…)", of the constant that is one, and of
// "X.values.map(_.toString)".
func (e eval) set(arg []token) []string {
	if len(arg) > 2 && (arg[0].is("Set") || arg[0].is("List")) && arg[1].is("(") {
		args, end := arguments(arg, 1)
		if end != len(arg) {
			return nil
		}
		var out []string
		for _, a := range args {
			v, ok := e.whole(a)
			if !ok {
				return nil
			}
			out = append(out, v)
		}
		return out
	}
	all := names(arg)
	if len(all) >= 2 && slices.Contains(all, "values") {
		return e.spark.enums[all[slices.Index(all, "values")-1]]
	}
	if e.depth < most && len(all) == 2 {
		for _, f := range e.spark.objects[all[0]] {
			value := f.values[all[1]]
			if i := slices.IndexFunc(value, func(t token) bool { return t.is("Set") }); i >= 0 && i+1 < len(value) {
				_, end := arguments(value, i+1)
				return eval{e.spark, f, e.depth + 1}.set(value[i:end])
			}
		}
	}
	return nil
}

// transform notices that the case of letters doesn't matter to what is checked
// afterwards.
func (s *setting) transform(arg []token) {
	all := names(arg)
	if len(s.values) == 0 && (slices.Contains(all, "toUpperCase") || slices.Contains(all, "toLowerCase")) {
		s.fold = true
	}
}

// check reads the conditions that are of the kind "_ > 0", "v => v > 0 && v <= 9"
// and "v => Set(…).contains(v)"; others can't be judged from here.
func (s *setting) check(e eval, arg []token) {
	if s.list {
		return
	}
	subject := "_"
	if len(arg) > 3 && arg[0].kind == word && arg[1].is("=") && arg[2].is(">") {
		subject, arg = arg[0].text, arg[3:]
	}
	if at := slices.IndexFunc(arg, func(t token) bool { return t.is("contains") }); at > 1 {
		if len(s.values) == 0 && (at == len(arg)-1 || at+3 < len(arg) && arg[at+2].is(subject)) {
			s.values = e.set(arg[:at-1])
		}
		return
	}
	var bounds []string
	for start, i := 0, 0; i <= len(arg); i++ {
		if i < len(arg) && !(arg[i].is("&") && i+1 < len(arg) && arg[i+1].is("&")) {
			continue
		}
		bound, ok := e.bound(subject, arg[start:i])
		if !ok {
			return
		}
		bounds = append(bounds, bound)
		i++
		start = i + 1
	}
	s.bounds = append(s.bounds, bounds...)
}

// mirrored are the comparisons as they are read from the other side.
var mirrored = map[string]string{"<": ">", ">": "<", "<=": ">=", ">=": "<="}

// bound reads "x > 0" and "0 < x".
func (e eval) bound(subject string, all []token) (string, bool) {
	at := slices.IndexFunc(all, func(t token) bool { return t.is("<") || t.is(">") })
	if at < 1 || at+1 >= len(all) {
		return "", false
	}
	op, right := all[at].text, all[at+1:]
	if right[0].is("=") {
		op, right = op+"=", right[1:]
	}
	left := all[:at]
	if len(right) == 1 && right[0].text == subject {
		left, right, op = right, left, mirrored[op]
	}
	v, ok := e.whole(right)
	return op + v, ok && len(left) == 1 && left[0].text == subject
}
