package kafka

import (
	"fmt"
	"math"
	"reflect"
	"time"

	"github.com/millrace/millrace"
)

// Fields of builders as specs have them. What is unset is nil, and so is what
// has been reported.

// text is a text; empty is unset.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return new(s)
}

// count is a number of things; zero is unset.
func count(p *millrace.Problems, field string, n, most int) *int64 {
	switch {
	case n < 0 || n > most:
		p.Invalid(field, n, "it is out of range", fmt.Sprintf("use 1 to %d, or leave it out", most))
		return nil
	case n == 0:
		return nil
	}
	return new(int64(n))
}

// countFromZero is a number of things of which 0 is one, too.
func countFromZero(p *millrace.Problems, field string, n *int) *int64 {
	if n == nil {
		return nil
	}
	if *n < 0 || *n > math.MaxInt32 {
		p.Invalid(field, *n, "it is out of range", "use 0 or more, or leave it out")
		return nil
	}
	return new(int64(*n))
}

// layReplicas lays a number of pods, of which 0 is one, over Base's.
func layReplicas(p *millrace.Problems, field string, n *int, replicas *int64, otherwise int64) {
	switch said := countFromZero(p, field, n); {
	case said != nil && *replicas != 0:
		setTwice(p, "Base.Replicas", field)
	case said != nil:
		*replicas = *said
	case n == nil && *replicas == 0:
		*replicas = otherwise
	}
}

// size is a size in bytes; zero is unset.
func size(p *millrace.Problems, field string, n millrace.Bytes) *int64 {
	if !checkBytes(p, field, n) || n == 0 {
		return nil
	}
	return new(int64(n))
}

// rate is a number, whole or not; zero is unset.
func rate(p *millrace.Problems, field string, n, most float64) *float64 {
	switch {
	case !(n >= 0 && n <= most):
		p.Invalid(field, n, "it is out of range", "use a number above zero, or leave it out")
		return nil
	case n == 0:
		return nil
	}
	return new(n)
}

// milliseconds is a time that Strimzi counts so; zero is unset.
func milliseconds(p *millrace.Problems, field string, d time.Duration) *int64 {
	switch {
	case d == 0:
		return nil
	case d < 0 || d%time.Millisecond != 0:
		p.Invalid(field, d, "Strimzi counts whole milliseconds", "use a positive time, and round it")
		return nil
	}
	return new(d.Milliseconds())
}

// wholeSeconds is a time that Kubernetes counts so.
func wholeSeconds(p *millrace.Problems, field string, d *time.Duration) *int64 {
	if d == nil {
		return nil
	}
	if *d < 0 || *d%time.Second != 0 || *d/time.Second > math.MaxInt32 {
		p.Invalid(field, *d, "Kubernetes counts whole seconds", "round it")
		return nil
	}
	return new(int64(*d / time.Second))
}

// checkBytes reports sizes that are none, or that lack their unit.
func checkBytes(p *millrace.Problems, field string, size millrace.Bytes) bool {
	switch {
	case size < 0:
		p.Invalid(field, size, "it is negative", "leave it out, or give a size")
	case size > 0 && size < millrace.KiB:
		p.Invalid(field, size, "so many bytes are too few", "multiply it by its unit, such as millrace.GiB")
	default:
		return true
	}
	return false
}

// setTwice reports what Base and a field both say.
func setTwice(p *millrace.Problems, base, field string) {
	p.Conflict(base, "the field "+field+" sets it too", "use one of the two, the builder's field for choice")
}

// turnedOff reports what Base says of something that a field turns off.
func turnedOff(p *millrace.Problems, base, field string) {
	p.Conflict(base, "the field "+field+" turns it off", "leave one of the two out")
}

// deref returns what a pointer points to, the zero value for none.
func deref[T any](p *T) T {
	var zero T
	if p == nil {
		return zero
	}
	return *p
}

func isZero(v any) bool { return reflect.ValueOf(v).IsZero() }

// as writes a struct as another one, of which it has the fields.
func as[To, From any](from *From) *To {
	if from == nil {
		return nil
	}
	out := new(To)
	sameFields(out, from)
	return out
}

// sameFields copies the fields that two structs have in common, by their names.
func sameFields(to, from any) {
	dst, src := reflect.ValueOf(to).Elem(), reflect.ValueOf(from).Elem()
	for i := range dst.NumField() {
		if field := src.FieldByName(dst.Type().Field(i).Name); field.IsValid() {
			dst.Field(i).Set(field)
		}
	}
}
