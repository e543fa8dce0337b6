package yaml

import (
	"fmt"
	"reflect"
)

// emptiness is what omitempty looks at.
type emptiness uint8

const (
	omitNever emptiness = iota
	omitText
	omitLen
	omitNil
	omitZeroScalar
)

func emptinessOf(k reflect.Kind) emptiness {
	switch {
	case k == reflect.String:
		return omitText
	case k == reflect.Slice || k == reflect.Map || k == reflect.Array:
		return omitLen
	case k == reflect.Pointer || k == reflect.Interface:
		return omitNil
	case scalarKind(k):
		return omitZeroScalar
	}
	return omitNever
}

func (e emptiness) holds(v reflect.Value) bool {
	switch e {
	case omitText:
		return v.String() == ""
	case omitLen:
		return v.Len() == 0
	case omitNil:
		return v.IsNil()
	}
	return v.IsZero()
}

type isZeroer interface{ IsZero() bool }

var isZeroerType = reflect.TypeFor[isZeroer]()

// zeroTest returns what omitzero asks of a field of type t, or nil where the
// field's encoder finds out.
func zeroTest(t reflect.Type) func(reflect.Value) bool {
	switch {
	case t == timeType || t == microTimeType:
		return nil
	case t.Kind() == reflect.Interface && t.Implements(isZeroerType):
		return func(v reflect.Value) bool {
			return v.IsNil() || v.Elem().Kind() == reflect.Pointer && v.Elem().IsNil() ||
				v.Interface().(isZeroer).IsZero()
		}
	case t.Kind() == reflect.Pointer && t.Implements(isZeroerType):
		return func(v reflect.Value) bool { return v.IsNil() || v.Interface().(isZeroer).IsZero() }
	case t.Implements(isZeroerType) || reflect.PointerTo(t).Implements(isZeroerType):
		return func(v reflect.Value) bool { return addressable(v).Addr().Interface().(isZeroer).IsZero() }
	}
	return reflect.Value.IsZero
}

// callZero calls an IsZero method, which may be anybody's.
func callZero(zero func(reflect.Value) bool, v reflect.Value) (result bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("IsZero panics: %v", r)
		}
	}()
	return zero(v), nil
}
