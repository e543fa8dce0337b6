package main

import (
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// eval works out the expressions that settings are declared with. What only a
// running Spark can know stays unknown.
type eval struct {
	spark *spark
	file  *source
	depth int
}

// most is how far a constant may lead to another.
const most = 12

// javaConstants are those of Java's own library.
var javaConstants = map[string]string{
	"Int.MaxValue": "2147483647", "Integer.MAX_VALUE": "2147483647",
	"Long.MaxValue": "9223372036854775807", "Long.MAX_VALUE": "9223372036854775807",
	"Nil": "", "ByteArrayMethods.MAX_ROUNDED_ARRAY_LENGTH": "2147483632",
	"CodecFactory.DEFAULT_DEFLATE_LEVEL": "-1",
}

// units are the factors of TimeUnit.X.toY(n) and ByteUnit.X.toBytes(n).
var units = map[string]int64{
	"SECONDS.toMillis": 1000, "MINUTES.toMillis": 60_000, "HOURS.toMillis": 3_600_000, "DAYS.toMillis": 86_400_000,
	"MINUTES.toSeconds": 60, "HOURS.toSeconds": 3600, "DAYS.toSeconds": 86_400,
	"KiB.toBytes": 1 << 10, "MiB.toBytes": 1 << 20, "GiB.toBytes": 1 << 30,
}

// value returns what an expression comes to, and how many tokens it took.
func (e eval) value(all []token) (string, int, bool) {
	if e.depth > most {
		return "", 0, false
	}
	left, n, ok := e.term(all)
	for ok && n < len(all) {
		op := all[n].text
		width := 1
		if (op == "<" || op == ">") && n+1 < len(all) && all[n+1].is(op) {
			op, width = op+op, 2
		}
		if all[n].kind != mark || !slices.Contains([]string{"+", "-", "*", "/", "<<"}, op) {
			break
		}
		right, m, fine := e.term(all[n+width:])
		if !fine {
			return "", 0, false
		}
		if left, ok = combine(left, op, right); !ok {
			return "", 0, false
		}
		n += width + m
	}
	return left, n, ok
}

// whole is the value of an expression that has no more behind it.
func (e eval) whole(all []token) (string, bool) {
	v, n, ok := e.value(all)
	return v, ok && n == len(all)
}

// combine joins texts, and calculates with numbers. Products go before sums in
// no default of Spark's that has both, so that left to right is right.
func combine(left, op, right string) (string, bool) {
	a, okA := new(big.Int).SetString(left, 10)
	b, okB := new(big.Int).SetString(right, 10)
	if !okA || !okB {
		return left + right, op == "+"
	}
	switch op {
	case "+":
		return a.Add(a, b).String(), true
	case "-":
		return a.Sub(a, b).String(), true
	case "*":
		return a.Mul(a, b).String(), true
	case "/":
		if b.Sign() == 0 {
			return "", false
		}
		return a.Quo(a, b).String(), true
	}
	return a.Lsh(a, uint(b.Int64()%64)).String(), true
}

// term returns the value of what stands between operators.
func (e eval) term(all []token) (string, int, bool) {
	if len(all) == 0 {
		return "", 0, false
	}
	switch t := all[0]; t.kind {
	case text:
		return t.text, 1 + e.suffix(all[1:]), true
	case interpolated:
		v, ok := e.interpolate(t.text)
		return v, 1, ok
	case number:
		return literal(t.text), 1, true
	case word:
		return e.path(all)
	default:
		if t.is("-") && len(all) > 1 && all[1].kind == number {
			return "-" + literal(all[1].text), 2, true
		}
		if t.is("(") {
			args, end := arguments(all, 0)
			if len(args) == 1 {
				v, ok := e.whole(args[0])
				return v, end, ok
			}
		}
	}
	return "", 0, false
}

// literal writes a number without the letter of its type.
func literal(s string) string {
	s = strings.ReplaceAll(strings.TrimRight(s, "LldDfF"), "_", "")
	if hex, ok := strings.CutPrefix(s, "0x"); ok {
		if n, err := strconv.ParseInt(hex, 16, 64); err == nil {
			return strconv.FormatInt(n, 10)
		}
	}
	return s
}

// suffix skips ".toString" and the like.
func (e eval) suffix(all []token) int {
	if len(all) > 1 && all[0].is(".") && slices.Contains([]string{"toString", "toLong", "toInt", "get", "getName", "r"}, all[1].text) {
		return 2
	}
	return 0
}

// path returns the value of a name with dots.
func (e eval) path(all []token) (string, int, bool) {
	names, n := []string{all[0].text}, 1
	for n+1 < len(all) && all[n].is(".") && all[n+1].kind == word && e.suffix(all[n:]) == 0 {
		names, n = append(names, all[n+1].text), n+2
	}
	path := strings.Join(names, ".")
	last := names[len(names)-1]
	switch {
	case path == "classOf" && n+1 < len(all) && all[n].is("["):
		v, ok := e.class(all[n+1].text)
		return v, n + 3 + e.suffix(all[min(n+3, len(all)):]), ok
	case path == "true" || path == "false":
		return path, n, true
	case path == "Seq.empty":
		for n < len(all) && (all[n].is("[") || all[n].kind == word || all[n].is("]")) {
			n++
		}
		return "", n, true
	case path == "Seq" && n < len(all) && all[n].is("("):
		return e.list(all, n)
	case len(names) > 1 && n < len(all) && all[n].is("("):
		factor, ok := units[strings.Join(names[len(names)-2:], ".")]
		args, end := arguments(all, n)
		if !ok || len(args) != 1 {
			return "", 0, false
		}
		v, fine := e.whole(args[0])
		v, ok = combine(v, "*", strconv.FormatInt(factor, 10))
		return v, end, ok && fine
	}
	n += e.suffix(all[n:])
	if v, ok := javaConstants[path]; ok {
		return v, n, true
	}
	if len(names) > 1 {
		if values, ok := e.spark.enums[names[len(names)-2]]; ok && slices.Contains(values, last) || names[len(names)-2] == "Level" {
			return last, n, true
		}
	}
	if last == "key" && len(names) > 1 {
		if entry := e.entry(names[:len(names)-1]); entry != nil {
			return entry.key, n, true
		}
	}
	if last == "defaultValue" && len(names) > 1 {
		if entry := e.entry(names[:len(names)-1]); entry != nil && entry.given {
			return entry.raw, n, true
		}
	}
	v, ok := e.constant(names)
	return v, n, ok
}

// class writes out the name of a class.
func (e eval) class(name string) (string, bool) {
	files := e.spark.objects[name]
	if len(files) == 0 {
		return "", false
	}
	all := files[0].tokens
	var in strings.Builder
	for i := 1; i < len(all) && all[0].is("package") && (all[i].is(".") || all[i-1].is(".") || i == 1); i++ {
		in.WriteString(all[i].text)
	}
	return in.String() + "." + name, in.Len() > 0
}

func (e eval) list(all []token, n int) (string, int, bool) {
	args, end := arguments(all, n)
	var out []string
	for _, arg := range args {
		v, ok := e.whole(arg)
		if !ok {
			return "", 0, false
		}
		out = append(out, v)
	}
	return strings.Join(out, ","), end, true
}

// constant finds a constant in its object's file, or in this one, or in the
// only one that has it.
func (e eval) constant(names []string) (string, bool) {
	last := names[len(names)-1]
	files := []*source{e.file}
	if len(names) > 1 {
		files = append(slices.Clone(e.spark.objects[names[len(names)-2]]), e.file)
	} else if _, here := e.file.values[last]; !here {
		files = nil
		for _, f := range e.spark.files {
			if _, ok := f.values[last]; ok {
				files = append(files, f)
			}
		}
	}
	for _, f := range files {
		if value, ok := f.values[last]; ok {
			v, _, fine := eval{e.spark, f, e.depth + 1}.value(value)
			return v, fine
		}
	}
	return "", false
}

// entry finds a setting by the name of its value.
func (e eval) entry(names []string) *setting {
	last := names[len(names)-1]
	if entry := e.file.entries[last]; entry != nil {
		return entry
	}
	if len(names) > 1 {
		for _, f := range e.spark.objects[names[len(names)-2]] {
			if f.entries[last] != nil {
				return f.entries[last]
			}
		}
	}
	for _, f := range e.spark.files {
		if entry := f.entries[last]; entry != nil {
			return entry
		}
	}
	return nil
}

var reference = regexp.MustCompile(`\$(\w+)|\$\{([^}]*)\}`)

// interpolate fills in s"…$NAME…${NAME.key}…".
func (e eval) interpolate(s string) (string, bool) {
	ok := true
	out := reference.ReplaceAllStringFunc(s, func(m string) string {
		v, fine := e.whole(tokens(strings.Trim(m, "${}")))
		ok = ok && fine
		return v
	})
	return out, ok
}
