package spark

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
)

// reference is what a workflow fills in; Spark's own {{APP_ID}},
// {{APP_NAME}} and {{EXECUTOR_ID}} are not among it.
var reference = regexp.MustCompile(`(?s)\{\{\s*(=.*?|(workflow|inputs|outputs|tasks|steps|item|pod|node|lastRetry|retries|cronworkflow)\b.*?)\}\}`)

// filling stands for what a workflow will fill in. Names, paths, labels and
// quantities may all be "1".
const filling = "1"

// checkText reports what no text of the job may hold.
func checkText(p *millrace.Problems, j *Job, where surroundings) {
	transform(j, func(path, s string) string {
		checkString(p, path, s, where)
		return s
	})
}

func checkString(p *millrace.Problems, path, s string, where surroundings) {
	if strings.ContainsRune(s, 0) {
		p.Invalid(path, s, "holds a NUL character, which no process can be given", "leave it out")
	}
	if m := reference.FindString(s); m != "" && where != inTask {
		p.Add(millrace.RuleUnknown, path, "nothing fills in "+m+" outside of a workflow's task", "make the job the Run of a task, or write the value")
	}
}

// fillReferences returns a copy in which every reference has been filled in.
func fillReferences(j *Job) *Job {
	return transform(j, func(_, s string) string { return reference.ReplaceAllLiteralString(s, filling) })
}

// deepCopy returns one, and reports what no text of it may hold.
func deepCopy[T any](p *millrace.Problems, of T) T {
	t := transformer{func(path, s string) string {
		checkString(p, path, s, alone)
		return s
	}}
	return t.value(reflect.ValueOf(of), "").Interface().(T)
}

// clone returns a deep copy.
func clone(j *Job) *Job {
	return transform(j, func(_, s string) string { return s })
}

// transform returns a deep copy in which every string is what f makes of it
// at its Go path. Keys of maps are shown to f as well, and stay as they are.
func transform(j *Job, f func(path, s string) string) *Job {
	t := transformer{f}
	return t.value(reflect.ValueOf(j), "").Interface().(*Job)
}

type transformer struct {
	text func(path, s string) string
}

func (t transformer) value(src reflect.Value, path string) reflect.Value {
	dst := reflect.New(src.Type()).Elem()
	switch src.Kind() {
	case reflect.String:
		dst.SetString(t.text(path, src.String()))
	case reflect.Pointer, reflect.Interface:
		if src.IsNil() {
			break
		}
		elem := t.value(src.Elem(), path)
		if src.Kind() == reflect.Interface {
			dst.Set(elem)
			break
		}
		dst.Set(reflect.New(src.Type().Elem()))
		dst.Elem().Set(elem)
	case reflect.Struct:
		t.fields(dst, src, path)
	case reflect.Slice:
		if src.IsNil() {
			break
		}
		dst.Set(reflect.MakeSlice(src.Type(), src.Len(), src.Len()))
		for i := range src.Len() {
			dst.Index(i).Set(t.value(src.Index(i), path+"["+strconv.Itoa(i)+"]"))
		}
	case reflect.Map:
		if src.IsNil() {
			break
		}
		dst.Set(reflect.MakeMapWithSize(src.Type(), src.Len()))
		keys := src.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, key := range keys {
			at := fmt.Sprintf("%s[%v]", path, key)
			t.text(at, key.String())
			dst.SetMapIndex(key, t.value(src.MapIndex(key), at))
		}
	default:
		dst.Set(src)
	}
	return dst
}

func (t transformer) fields(dst, src reflect.Value, path string) {
	if q, ok := src.Interface().(resource.Quantity); ok {
		dst.Set(reflect.ValueOf(q.DeepCopy()))
		return
	}
	// Fields that are not exported (a time's) come along with the whole.
	dst.Set(src)
	for i := range src.NumField() {
		f := src.Type().Field(i)
		if !f.IsExported() {
			continue
		}
		at := f.Name
		switch {
		case f.Anonymous:
			at = path
		case path != "":
			at = path + "." + f.Name
		}
		dst.Field(i).Set(t.value(src.Field(i), at))
	}
}

func quoted(s string) string { return strconv.Quote(s) }
