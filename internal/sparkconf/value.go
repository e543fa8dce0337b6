package sparkconf

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Check says why Spark refuses a value, in words that go after it: "is no
// size …". Empty where Spark takes it, and where it can't be told: what a
// workflow ("{{…}}") or Spark itself ("${…}") fills in. The setting fails when
// it is first read, which for most is at the start of the driver.
func (s Setting) Check(value string) (why string) {
	if strings.Contains(value, "{{") || strings.Contains(value, "${") {
		return ""
	}
	if !s.List {
		return s.one(value)
	}
	for part := range strings.SplitSeq(value, ",") {
		if part = strings.TrimSpace(part); part != "" {
			if why := s.one(part); why != "" {
				return why
			}
		}
	}
	return ""
}

func (s Setting) one(value string) string {
	switch s.Type {
	case Bool:
		if v := strings.ToLower(strings.TrimSpace(value)); v != "true" && v != "false" {
			return "is neither true nor false"
		}
	case Int:
		return s.whole(value, 32)
	case Long:
		return s.whole(value, 64)
	case Double:
		return s.double(value)
	case Time:
		n, why := s.duration(value)
		return first(why, s.within(float64(n), s.Unit))
	case Bytes:
		n, why := s.size(value)
		return first(why, s.within(float64(n), s.Unit))
	case String:
		if len(s.Values) > 0 && !s.among(value) {
			return "is none of " + strings.Join(s.Values, ", ")
		}
	}
	return ""
}

func (s Setting) among(value string) bool {
	return slices.ContainsFunc(s.Values, func(v string) bool {
		return v == value || s.AnyCase && strings.EqualFold(v, strings.TrimSpace(value))
	})
}

func (s Setting) whole(value string, bits int) string {
	n, err := strconv.ParseInt(strings.TrimSpace(value), 10, bits)
	switch {
	case err != nil && bits == 32:
		return "is no whole number of 32 bits"
	case err != nil:
		return "is no whole number"
	case len(s.Values) > 0 && !slices.Contains(s.Values, strconv.FormatInt(n, 10)):
		return "is none of " + strings.Join(s.Values, ", ")
	}
	return s.within(float64(n), "")
}

// javaDouble is what Java reads as a number, but for the hexadecimal ones.
var javaDouble = regexp.MustCompile(`^[+-]?(NaN|Infinity|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[dDfF]?)$`)

func (s Setting) double(value string) string {
	value = strings.TrimSpace(value)
	if !javaDouble.MatchString(value) {
		return "is no number"
	}
	// What is too large becomes infinite.
	n, _ := strconv.ParseFloat(strings.TrimRight(value, "dDfF"), 64)
	return s.within(n, "")
}

// durations are the units of a time. Some settings count ns, which no value may
// name.
var durations = map[string]time.Duration{
	"ns": time.Nanosecond, "us": time.Microsecond, "ms": time.Millisecond, "s": time.Second,
	"m": time.Minute, "min": time.Minute, "h": time.Hour, "d": 24 * time.Hour,
}

var timeFormat = regexp.MustCompile(`^(-?[0-9]+)([a-z]+)?$`)

// duration reads a time into whole units of the setting, as Spark's
// JavaUtils.timeStringAs does.
func (s Setting) duration(value string) (int64, string) {
	m := timeFormat.FindStringSubmatch(strings.TrimSpace(strings.ToLower(value)))
	if m == nil {
		return 0, "is no time such as 30s"
	}
	unit := first(m[2], s.Unit)
	if _, ok := durations[unit]; !ok || m[2] == "ns" {
		return 0, "has the unit " + unit + ": Spark knows us, ms, s, m or min, h and d"
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil {
		return 0, "is a time out of range"
	}
	from, to := int64(durations[unit]), int64(durations[s.Unit])
	if from > to {
		return times(n, from/to), ""
	}
	return n / (to / from), ""
}

// times multiplies as Java's TimeUnit does: what doesn't fit is the most that
// does.
func times(n, factor int64) int64 {
	switch {
	case n > math.MaxInt64/factor:
		return math.MaxInt64
	case n < math.MinInt64/factor:
		return math.MinInt64
	}
	return n * factor
}

// shifts are the units of a size, as powers of two.
var shifts = map[string]int{"b": 0, "k": 10, "kb": 10, "m": 20, "mb": 20, "g": 30, "gb": 30, "t": 40, "tb": 40, "p": 50, "pb": 50}

var sizeFormat = regexp.MustCompile(`^([0-9]+)([a-z]+)?$`)

const outOfRange = "is a size out of range"

// SplitSize reads a size such as "64m" as Spark's JavaUtils.byteStringAs does: a
// number, and as what power of two its unit counts. A bare number has the unit
// that is given. Why is empty for a size, and says what it is else.
func SplitSize(value, unit string) (n int64, shift int, why string) {
	m := sizeFormat.FindStringSubmatch(strings.TrimSpace(strings.ToLower(value)))
	if m == nil {
		return 0, 0, "is no size such as 64m"
	}
	unit = first(m[2], unit)
	shift, ok := shifts[unit]
	if !ok {
		return 0, 0, "has the unit " + unit + ": Spark knows b, k, m, g, t and p"
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil {
		return 0, 0, outOfRange
	}
	return n, shift, ""
}

// size reads a size into whole units of the setting, as Spark's
// JavaUtils.byteStringAs does.
func (s Setting) size(value string) (int64, string) {
	positive, minus := strings.CutPrefix(value, "-")
	n, shift, why := SplitSize(positive, s.Unit)
	if why != "" {
		return 0, why
	}
	shift -= shifts[s.Unit]
	if shift > 0 && n > math.MaxInt64>>shift {
		return 0, outOfRange
	}
	if shift < 0 {
		n >>= -shift
	} else {
		n <<= shift
	}
	if minus {
		n = -n
	}
	return n, ""
}

// within holds a number, in the setting's own unit, to the setting's bounds.
// Not a number is within none.
func (s Setting) within(n float64, unit string) string {
	for _, bound := range s.bounds {
		number := strings.TrimLeft(bound, "<>=")
		limit, err := strconv.ParseFloat(number, 64)
		if err != nil {
			continue
		}
		switch op := strings.TrimSuffix(bound, number); {
		case op == ">" && !(n > limit):
			return "is not more than " + number + unit
		case op == ">=" && !(n >= limit):
			return "is less than " + number + unit
		case op == "<" && !(n < limit):
			return "is not less than " + number + unit
		case op == "<=" && !(n <= limit):
			return "is more than " + number + unit
		}
	}
	return ""
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// Duration reads a time as Spark does. It doesn't where the setting isn't a
// time or the value no time.
func (s Setting) Duration(value string) (time.Duration, bool) {
	if s.Type != Time || s.Check(value) != "" {
		return 0, false
	}
	n, why := s.duration(value)
	return time.Duration(times(n, int64(durations[s.Unit]))), why == ""
}

// Size reads a size into bytes as Spark does. It doesn't where the setting
// isn't a size or the value no size.
func (s Setting) Size(value string) (int64, bool) {
	if s.Type != Bytes || s.Check(value) != "" {
		return 0, false
	}
	n, why := s.size(value)
	return n << shifts[s.Unit], why == ""
}
