package manifest

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The words of YAML 1.1, as go.yaml.in/yaml/v2 knows them, which
// sigs.k8s.io/yaml reads with: it is what kubectl and the API server go by.
var words = map[string]any{
	"y": true, "Y": true, "yes": true, "Yes": true, "YES": true,
	"true": true, "True": true, "TRUE": true, "on": true, "On": true, "ON": true,
	"n": false, "N": false, "no": false, "No": false, "NO": false,
	"false": false, "False": false, "FALSE": false, "off": false, "Off": false, "OFF": false,
	"": nil, "~": nil, "null": nil, "Null": nil, "NULL": nil,
	".nan": math.NaN(), ".NaN": math.NaN(), ".NAN": math.NaN(),
	".inf": math.Inf(1), ".Inf": math.Inf(1), ".INF": math.Inf(1),
	"+.inf": math.Inf(1), "+.Inf": math.Inf(1), "+.INF": math.Inf(1),
	"-.inf": math.Inf(-1), "-.Inf": math.Inf(-1), "-.INF": math.Inf(-1),
}

var floatPattern = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)

// plain returns what a plain scalar without a tag means: nil, bool, int64,
// uint64, float64 or string.
func plain(text string) any {
	if value, ok := words[text]; ok {
		return value
	}
	switch c := text[0]; {
	case c == '.':
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return f
		}
	case c == '+' || c == '-' || c >= '0' && c <= '9':
		return number(text)
	}
	return text
}

// number returns what a scalar that starts with a digit or sign means.
func number(text string) any {
	digits := strings.ReplaceAll(text, "_", "")
	if i, err := strconv.ParseInt(digits, 0, 64); err == nil {
		return i
	}
	if u, err := strconv.ParseUint(digits, 0, 64); err == nil {
		return u
	}
	if floatPattern.MatchString(digits) {
		if f, err := strconv.ParseFloat(digits, 64); err == nil {
			return f
		}
	}
	return text
}

// tagged returns what a scalar with an explicit tag means.
func tagged(tag, text string) (any, error) {
	var value any = text
	ok := true
	switch tag {
	case "!!str", "!!timestamp":
	case "!!binary":
		data, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, errors.New("a !!binary value that is not base64")
		}
		value = string(data)
	case "!!null":
		value = plain(text)
		ok = value == nil
	case "!!bool":
		value = plain(text)
		_, ok = value.(bool)
	case "!!int":
		switch value = plain(text); value.(type) {
		case int64, uint64:
		default:
			ok = false
		}
	case "!!float":
		switch v := plain(text).(type) {
		case int64:
			value = float64(v)
		case float64:
			value = v
		default:
			ok = false
		}
	}
	if !ok {
		return nil, fmt.Errorf("%s is no %s", quoted(text), tag)
	}
	return value, nil
}

// treeValue turns a scalar into what a tree holds.
func treeValue(value any) (any, error) {
	switch v := value.(type) {
	case uint64:
		return json.Number(strconv.FormatUint(v, 10)), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, errors.New("a number that JSON can't hold (infinite, or none)")
		}
		return asJSON(v), nil
	case string:
		if !utf8.ValidString(v) {
			return nil, errors.New("a !!binary value that is not text: write its base64 as a string")
		}
	}
	return value, nil
}

// asJSON returns what is left of a float after kubectl has written it as JSON
// and the API server has read it: 1e3 is written 1000 and read as a whole
// number.
func asJSON(f float64) any {
	if math.Abs(f) < 1e21 && f == math.Trunc(f) && (f != 0 || !math.Signbit(f)) {
		if i, err := strconv.ParseInt(strconv.FormatFloat(f, 'f', -1, 64), 10, 64); err == nil {
			return i
		}
	}
	return f
}

// keyText returns a scalar as the key of a JSON object.
func keyText(value any) (string, error) {
	switch v := value.(type) {
	case string:
		if !utf8.ValidString(v) {
			return "", errors.New("a !!binary key that is not text")
		}
		return v, nil
	case bool:
		return strconv.FormatBool(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case float64:
		switch s := strconv.FormatFloat(v, 'g', -1, 32); s {
		case "+Inf":
			return ".inf", nil
		case "-Inf":
			return "-.inf", nil
		case "NaN":
			return ".nan", nil
		default:
			return s, nil
		}
	case uint64:
		return "", errors.New("a number too large for a key: quote it")
	}
	return "", errors.New("null can't be a key: quote it, or give the value a key")
}

// quoted writes text as a problem shows it: quoted, and cut where it is long.
func quoted(text string) string {
	const most = 60
	if r := []rune(text[:min(len(text), 4*most+4)]); len(r) > most {
		text = string(r[:most]) + "…"
	}
	return strconv.Quote(text)
}
