package yaml

import "strings"

// resolves reports whether a parser of YAML 1.1 or 1.2 would take the plain
// string s for something else than a string. In doubt it does.
func resolves(s string) bool {
	c := s[0]
	switch {
	case c >= '0' && c <= '9', c == '+', c == '-', c == '.', c == 'e', c == 'E':
		return resolvesToNumber(s)
	}
	switch len(s) {
	case 1:
		return strings.IndexByte("yYnN~=", c) >= 0
	case 2:
		return s == "<<" || strings.EqualFold(s, "on") || strings.EqualFold(s, "no")
	case 3:
		return strings.EqualFold(s, "yes") || strings.EqualFold(s, "off")
	case 4:
		return strings.EqualFold(s, "true") || strings.EqualFold(s, "null")
	case 5:
		return strings.EqualFold(s, "false")
	}
	return false
}

const (
	digits    = "0123456789"
	hexDigits = digits + "abcdefABCDEF"
)

// afterDigits returns what follows the digits, and commas if asked for, at
// the start of s. Many strings start with digits; strings.TrimLeft is slow.
func afterDigits(s string, commas bool) string {
	i := 0
	for i < len(s) && (s[i] >= '0' && s[i] <= '9' || commas && s[i] == ',') {
		i++
	}
	return s[i:]
}

// resolvesToNumber judges a string that starts with a digit, a sign, a point
// or, as a parser for JavaScript takes e2 for a number, an e.
func resolvesToNumber(s string) bool {
	if date(s) {
		return true
	}
	signed := s[0] == '+' || s[0] == '-'
	if signed {
		s = s[1:]
	}
	// Underscores separate digits in YAML 1.1; go-yaml ignores them anywhere.
	if strings.Contains(s, "_") {
		s = strings.ReplaceAll(s, "_", "")
	}
	switch {
	case s == "":
		return !signed
	case s[0] == '.':
		return strings.EqualFold(s, ".inf") || strings.EqualFold(s, ".nan") || only(s, digits+".eE+-")
	case len(s) > 1 && s[0] == '0' && strings.IndexByte("xXoObB", s[1]) >= 0:
		return only(s[2:], hexDigits+"+-")
	}
	// Some parsers allow commas between digits.
	rest := afterDigits(s, true)
	switch {
	case rest == "":
		return true
	case len(rest) == len(s) && s[0]|0x20 != 'e':
		return false
	}
	if rest[0] == ':' { // base 60
		return only(rest, digits+":.,")
	}
	if rest[0] == '.' {
		rest = afterDigits(rest[1:], false)
	}
	if rest != "" && rest[0]|0x20 == 'e' {
		rest = rest[1:]
		if rest == "" {
			return len(s) > 1 // 1e, but not e
		}
		if rest[0] == '+' || rest[0] == '-' {
			rest = rest[1:]
		}
		rest = afterDigits(rest, false)
	}
	return rest == ""
}

func only(s, chars string) bool { return strings.Trim(s, chars) == "" }

// date reports whether s is a date, alone or followed by a time.
func date(s string) bool {
	year := afterDigits(s, false)
	if len(s)-len(year) != 4 || !strings.HasPrefix(year, "-") {
		return false
	}
	month := afterDigits(year[1:], false)
	if n := len(year) - 1 - len(month); n < 1 || n > 2 || !strings.HasPrefix(month, "-") {
		return false
	}
	day := afterDigits(month[1:], false)
	if n := len(month) - 1 - len(day); n < 1 || n > 2 {
		return false
	}
	return day == "" || strings.IndexByte("Tt ", day[0]) >= 0
}
