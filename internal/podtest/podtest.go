// Package podtest writes the pods that an object makes as lines of text, and
// holds the fields that they name against the object. Tests of the nouns' Pods
// functions use it.
package podtest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/resource"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
)

// Lines returns what a pod says: a line for what it is, and one for each value
// of its template and its claims, "path = value (field)", in order.
func Lines(t testing.TB, p millrace.Pod) []string {
	t.Helper()
	what := []string{fmt.Sprintf("%s of %s in %q: %d to %d", strconv.Quote(p.Role), p.Owner, p.Namespace, p.Min, p.Max)}
	if p.Ends {
		what = append(what, "ends")
	}
	if p.Whole {
		what = append(what, "whole")
	}
	out := []string{strings.Join(what, ", ")}
	for _, l := range leaves(t, p) {
		out = append(out, fmt.Sprintf("%s = %v (%s)", l.path, l.value, p.Field(l.path)))
	}
	return out
}

// Diff returns the lines of b that a lacks, with a plus sign, and those of a
// that b lacks, with a minus sign, which come first.
func Diff(t testing.TB, a, b millrace.Pod) []string {
	t.Helper()
	before, after := Lines(t, a), Lines(t, b)
	var out []string
	for _, l := range before {
		if !slices.Contains(after, l) {
			out = append(out, "- "+l)
		}
	}
	for _, l := range after {
		if !slices.Contains(before, l) {
			out = append(out, "+ "+l)
		}
	}
	return out
}

// Misplaced returns the values of a pod whose field doesn't lead to them in
// the object, nor names them. A field may lead to what holds the value, since
// not every default stands anywhere. The invented values are those that the operator
// makes from what it finds there.
func Misplaced(t testing.TB, o millrace.Object, p millrace.Pod, invented ...string) []string {
	t.Helper()
	object := Tree(t, o)
	var out []string
	for _, l := range leaves(t, p) {
		field := p.Field(l.path)
		found, left := resolve(object, field)
		switch {
		case slices.Contains(invented, fmt.Sprint(l.value)):
		case left > 1:
			out = append(out, fmt.Sprintf("%s = %v: nothing at %s", l.path, l.value, field))
		case left == 0 && !resources.MatchString(l.path) && !fits(found, l.value) && !strings.Contains(field, fmt.Sprint(l.value)):
			out = append(out, fmt.Sprintf("%s = %v: %s is %v", l.path, l.value, field, found))
		}
	}
	return out
}

// Tree returns a value as JSON has it.
func Tree(t testing.TB, v any) any {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// resources are computed, and not as they are written.
var resources = regexp.MustCompile(`\.resources\.|sizeLimit`)

// fits reports whether the value of a pod may come from one in the object.
func fits(found, value any) bool {
	switch found.(type) {
	case map[string]any, []any:
		return true
	}
	a, b := fmt.Sprint(found), fmt.Sprint(value)
	return strings.Contains(a, b) || strings.Contains(b, a)
}

type leaf struct {
	path  string
	value any
}

// leaves returns the values of the template and the claims.
func leaves(t testing.TB, p millrace.Pod) []leaf {
	t.Helper()
	out := walk(nil, Tree(t, p.Template), "")
	for i := range p.Claims {
		out = walk(out, Tree(t, p.Claims[i]), fmt.Sprintf("claims[%d]", i))
	}
	for i := range p.Shared {
		out = walk(out, Tree(t, p.Shared[i]), fmt.Sprintf("shared[%d]", i))
	}
	return out
}

// plain keys stand behind a dot.
var plain = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*$`)

func walk(out []leaf, v any, path string) []leaf {
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for key := range v {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			at := path + "[" + key + "]"
			if plain.MatchString(key) {
				at = strings.TrimPrefix(path+"."+key, ".")
			}
			out = walk(out, v[key], at)
		}
	case []any:
		for i := range v {
			out = walk(out, v[i], fmt.Sprintf("%s[%d]", path, i))
		}
	case nil:
	default:
		out = append(out, leaf{path, v})
	}
	return out
}

// resolve follows a field into a value. It returns the last value on its way
// and how many steps are left of it. A step into a text leads into the YAML
// that it holds.
func resolve(v any, field string) (found any, left int) {
	steps := split(field)
	for i, step := range steps {
		if text, ok := v.(string); ok {
			var tree any
			if err := sigsyaml.Unmarshal([]byte(text), &tree); err != nil {
				return v, len(steps) - i
			}
			v = tree
		}
		var next any
		switch v := v.(type) {
		case map[string]any:
			next = v[step]
		case []any:
			if n, err := strconv.Atoi(step); err == nil && n >= 0 && n < len(v) {
				next = v[n]
			}
		}
		if next == nil {
			return v, len(steps) - i
		}
		v = next
	}
	return v, 0
}

// split cuts a field's path into its steps.
func split(field string) []string {
	var out []string
	for field != "" {
		field = strings.TrimPrefix(field, ".")
		end := strings.IndexAny(field, ".[")
		switch {
		case end == 0:
			end = max(strings.IndexByte(field, ']'), 0)
			out, field = append(out, field[1:max(end, 1)]), field[end+1:]
		case end < 0:
			return append(out, field)
		default:
			out, field = append(out, field[:end]), field[end:]
		}
	}
	return out
}

// Fill sets v, and what it holds, to something that is not its zero value.
func Fill(v reflect.Value) { fill(v, 0) }

// deep is where Fill stops: the types of schemas hold themselves.
const deep = 4

func fill(v reflect.Value, depth int) {
	if v.Type() == reflect.TypeFor[resource.Quantity]() {
		v.Set(reflect.ValueOf(resource.MustParse("3")))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("3") // a name, and a quantity
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(4)
	case reflect.Uint8:
		v.SetUint(3)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), depth+1)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, depth+1)
		fill(value, depth+1)
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			if depth < deep && v.Field(i).CanSet() {
				fill(v.Field(i), depth+1)
			}
		}
	}
}
