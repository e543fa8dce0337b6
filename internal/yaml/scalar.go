package yaml

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

func encodeBool(w *writer, v reflect.Value) outcome    { return w.bool(v.Bool()) }
func encodeInt(w *writer, v reflect.Value) outcome     { return w.int(v.Int()) }
func encodeFloat32(w *writer, v reflect.Value) outcome { return w.float(v.Float(), 32) }
func encodeFloat64(w *writer, v reflect.Value) outcome { return w.float(v.Float(), 64) }
func encodeString(w *writer, v reflect.Value) outcome  { return w.text(v.String()) }

func encodeUint(w *writer, v reflect.Value) outcome {
	w.gap()
	w.buf = strconv.AppendUint(w.buf, v.Uint(), 10)
	w.end()
	return written
}

// encodeQuoted writes a scalar tagged ",string": its JSON form, as a string.
func encodeQuoted(w *writer, v reflect.Value) outcome {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return absent
		}
		v = v.Elem()
	}
	if v.Kind() == reflect.String && !utf8.ValidString(v.String()) {
		return w.fail(errUTF8)
	}
	data, err := json.Marshal(v.Interface())
	if err != nil {
		return w.fail(err)
	}
	return w.text(string(data))
}

func (w *writer) bool(b bool) outcome {
	if b {
		return w.literal("true")
	}
	return w.literal("false")
}

func (w *writer) int(i int64) outcome {
	w.gap()
	w.buf = strconv.AppendInt(w.buf, i, 10)
	w.end()
	return written
}

// float writes f as encoding/json does, which is as ECMAScript does.
func (w *writer) float(f float64, bits int) outcome {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return w.fail(fmt.Errorf("%v has no JSON form", f))
	}
	format := byte('f')
	if abs := math.Abs(f); abs != 0 {
		if bits == 64 && (abs < 1e-6 || abs >= 1e21) || bits == 32 && (float32(abs) < 1e-6 || float32(abs) >= 1e21) {
			format = 'e'
		}
	}
	s := string(strconv.AppendFloat(w.room[:0], f, format, -1, bits))
	if n := len(s); format == 'e' && n >= 4 && s[n-4:n-1] == "e-0" {
		s = s[:n-2] + s[n-1:]
	}
	if w.json {
		return w.literal(s)
	}
	return w.literal(yamlNumber(s))
}

// number writes a number that is given by its JSON text.
func (w *writer) number(s string) outcome {
	if !validNumber(s) {
		return w.fail(errors.New("json.Number holds no JSON number"))
	}
	if _, err := strconv.ParseFloat(s, 64); err != nil {
		// YAML's readers would take it for a string, or for infinity.
		return w.fail(errors.New("number is too large"))
	}
	if w.json {
		return w.literal(s)
	}
	return w.literal(yamlNumber(s))
}

// yamlNumber returns the JSON number s so that every YAML reader sees the same
// number. YAML 1.1 wants a point and a signed exponent, and -0 is the integer.
func yamlNumber(s string) string {
	if s == "-0" {
		return "-0.0"
	}
	e := strings.IndexAny(s, "eE")
	if e < 0 {
		return s
	}
	mantissa, exponent := s[:e], s[e+1:]
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	if exponent[0] != '-' && exponent[0] != '+' {
		exponent = "+" + exponent
	}
	return mantissa + "e" + exponent
}

// validNumber reports whether s is a number in JSON's grammar.
func validNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	rest := strings.TrimLeft(s, "0123456789")
	if n := len(s) - len(rest); n == 0 || n > 1 && s[0] == '0' {
		return false
	}
	if fraction, ok := strings.CutPrefix(rest, "."); ok {
		rest = strings.TrimLeft(fraction, "0123456789")
		if len(rest) == len(fraction) {
			return false
		}
	}
	if rest != "" && rest[0]|0x20 == 'e' {
		exponent := rest[1:]
		if exponent != "" && (exponent[0] == '+' || exponent[0] == '-') {
			exponent = exponent[1:]
		}
		return exponent != "" && strings.TrimLeft(exponent, "0123456789") == ""
	}
	return rest == ""
}
