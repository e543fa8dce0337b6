package kafkaconf

import (
	"regexp"
	"strconv"
	"strings"
)

// trim drops what Java's String.trim does: blanks and control characters.
func trim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return r <= ' ' })
}

// comma is Kafka's own: Java's \s is ASCII.
var comma = regexp.MustCompile(`[ \t\n\v\f\r]*,[ \t\n\v\f\r]*`)

// split reads a list. Nothing is a list of nothing.
func split(s string) []string {
	if s = trim(s); s == "" {
		return nil
	}
	return comma.Split(s, -1)
}

// whole reads what Java's parseInt and its like do.
func whole(s string, bits int) (int64, bool) {
	if strings.Contains(s, "_") {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, bits)
	return n, err == nil
}

// What Java's parseDouble reads, beside Infinity.
var (
	decimal     = regexp.MustCompile(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[dDfF]?$`)
	hexadecimal = regexp.MustCompile(`^[+-]?0[xX]([0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][+-]?[0-9]+[dDfF]?$`)
)

// double reads what Java's parseDouble does, but for NaN, which is within all
// bounds and means nothing.
func double(s string) (float64, bool) {
	if infinite := strings.TrimLeft(s, "+-"); infinite == "Infinity" && len(s)-len(infinite) <= 1 {
		n, _ := strconv.ParseFloat(s, 64)
		return n, true
	}
	if !decimal.MatchString(s) && !hexadecimal.MatchString(s) {
		return 0, false
	}
	// What is too large becomes infinite.
	n, _ := strconv.ParseFloat(strings.TrimRight(s, "dDfF"), 64)
	return n, true
}
