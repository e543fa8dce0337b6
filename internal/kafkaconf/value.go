package kafkaconf

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Fault says why Kafka refuses a value, and what to do; empty where it takes
// it. The value is what the file of properties holds.
func (s Setting) Fault(text string) (why, fix string) {
	text = trim(text)
	v := value{text: text}
	switch s.Type {
	case Bool:
		if !strings.EqualFold(text, "true") && !strings.EqualFold(text, "false") {
			return "it is no boolean", "use true or false"
		}
	case Short, Int, Long:
		bits := map[Type]int{Short: 16, Int: 32, Long: 64}[s.Type]
		n, ok := whole(text, bits)
		if !ok {
			return fmt.Sprintf("it is no whole number of %d bits", bits), "write all digits, without a unit or an exponent"
		}
		v.number = float64(n)
	case Double:
		n, ok := double(text)
		if !ok {
			return "it is no number", "write a number such as 0.5"
		}
		v.number = n
	case List:
		v.items = split(text)
	}
	for _, c := range s.checks {
		if why, fix := c.fault(s, v); why != "" {
			return why, fix
		}
	}
	return "", ""
}

// value is a value as it was read.
type value struct {
	text   string
	number float64
	items  []string
}

// check is one validator of Kafka's.
type check struct {
	kind     string
	min, max float64
	// or is a number beside the range.
	or    float64
	words []string
}

// The kinds of checks, as the table has them:
//
//	range MIN MAX [OR]  numbers, _ for no bound
//	in WORDS            one of the words
//	fold WORDS          one of the words in any case
//	list WORDS          a list of the words, of anything if there are none,
//	                    without empty items
//	some WORDS          the same, but not of nothing
//	oldlist WORDS       a list of the words
//	unique              a list without anything twice
//	urls                a list of something, without blank items
//	blanks              a list without blank items
//	nonempty, nocontrol texts
//	size N              a list of at most so many
//	throttled           p:b,… or *
//	reset               of auto.offset.reset
//	nonnull, unported   nothing that a text could fail, for Kafka
func parseCheck(text string) check {
	kind, rest, _ := strings.Cut(text, " ")
	c := check{kind: kind, min: math.Inf(-1), max: math.Inf(1), or: math.NaN()}
	switch kind {
	case "range", "size":
		for i, f := range strings.Fields(rest) {
			n, err := strconv.ParseFloat(f, 64)
			if err != nil {
				continue
			}
			switch {
			case kind == "size" || i == 1:
				c.max = n
			case i == 0:
				c.min = n
			default:
				c.or = n
			}
		}
	default:
		if rest != "" {
			c.words = strings.Split(unescape(rest), "|")
		}
	}
	return c
}

func (c check) fault(s Setting, v value) (why, fix string) {
	switch c.kind {
	case "range":
		if (v.number < c.min || v.number > c.max) && v.number != c.or {
			return "it is out of range", "use " + c.bounds(s.Type)
		}
	case "in":
		if !slices.Contains(c.words, v.text) {
			return "Kafka doesn't know it", "use " + strings.Join(c.words, ", ")
		}
	case "fold":
		if !slices.Contains(c.words, strings.ToUpper(v.text)) {
			return "Kafka doesn't know it", "use " + strings.Join(c.words, ", ")
		}
	case "nonempty":
		if v.text == "" {
			return "it is empty", "give it a value, or leave it out"
		}
	case "nocontrol":
		if v.text == "" || strings.ContainsFunc(v.text, unicode.IsControl) {
			return "it is empty, or has control characters", "use one line of text"
		}
	case "reset":
		return resetFault(v.text)
	default:
		return c.listFault(s, v.items)
	}
	return "", ""
}

var throttled = regexp.MustCompile(`^([0-9]+:[0-9]+)?$`)

// listFault holds a list to a check of lists.
func (c check) listFault(s Setting, items []string) (why, fix string) {
	switch c.kind {
	case "some", "list", "oldlist":
		if c.kind == "some" && len(items) == 0 {
			return "it is a list of nothing", "name something"
		}
		for _, item := range items {
			switch {
			case item == "" && c.kind != "oldlist":
				return "an item of the list is empty", "leave out the comma that is too much"
			case len(c.words) > 0 && !slices.Contains(c.words, item):
				return fmt.Sprintf("Kafka doesn't know %q", item), "use " + strings.Join(c.words, ", ")
			}
		}
		// Kafka itself drops what is there twice, but not where it checks
		// connectors.
		if s.connector() && c.kind != "oldlist" && repeated(items) {
			return "something is in the list twice", "name it once"
		}
	case "unique":
		if repeated(items) {
			return "something is in the list twice", "name it once"
		}
	case "urls", "blanks":
		if c.kind == "urls" && len(items) == 0 || slices.ContainsFunc(items, func(item string) bool { return trim(item) == "" }) {
			return "a URL is missing", "use one such as http://localhost:8083"
		}
	case "size":
		if float64(len(items)) > c.max {
			return "the list is too long", fmt.Sprintf("use at most %s items", digits(c.max))
		}
	case "throttled":
		if strings.Join(items, "") != "*" && slices.ContainsFunc(items, func(item string) bool { return !throttled.MatchString(item) }) {
			return "it is neither * nor a list of partition:broker", "use one such as 0:1,1:2"
		}
	}
	return "", ""
}

func repeated(items []string) bool {
	return len(slices.Compact(slices.Sorted(slices.Values(items)))) < len(items)
}

// connector says that Connect checks the setting, which it does otherwise than
// Kafka checks its own.
func (s Setting) connector() bool {
	switch s.Scope {
	case SourceConnector, SinkConnector, MirrorSource, MirrorCheckpoint, MirrorHeartbeat:
		return true
	}
	return false
}

// bounds are the numbers that a setting takes, in words.
func (c check) bounds(t Type) string {
	most := c.max
	if math.IsInf(most, 1) && t != Double && t != Long {
		most = map[Type]float64{Short: math.MaxInt16, Int: math.MaxInt32}[t]
	}
	var text string
	switch {
	case math.IsInf(most, 1):
		text = digits(c.min) + " or more"
	case math.IsInf(c.min, -1):
		text = "at most " + digits(most)
	default:
		text = digits(c.min) + " to " + digits(most)
	}
	if !math.IsNaN(c.or) {
		text = digits(c.or) + ", or " + text
	}
	return text
}

// digits writes a number with all of its digits.
func digits(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
