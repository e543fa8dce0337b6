package kafkaconf

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Entry is what is wrong with an entry of a configuration, be it alone or
// beside others.
type Entry struct {
	Key string
	Fault
}

// config is a configuration that is judged as a whole.
type config struct {
	version string
	scope   Scope
	given   map[string]any
	// entries are what is wrong; bad are the keys that are wrong alone, which
	// say nothing about others.
	entries []Entry
	bad     map[string]bool
}

func newConfig(version string, scope Scope, given map[string]any) *config {
	return &config{version: version, scope: scope, given: given, bad: map[string]bool{}}
}

func (c *config) add(key string, f Fault) {
	c.entries = append(c.entries, Entry{key, f})
	c.bad[key] = true
}

// conflict reports what a setting says beside others.
func (c *config) conflict(key, detail, fix string) {
	c.entries = append(c.entries, Entry{key, Fault{Value, detail, fix}})
}

// each judges every entry alone, in the order of their names.
func (c *config) each() {
	for _, key := range slices.Sorted(maps.Keys(c.given)) {
		if s, ok := LookupIn(c.version, c.scope, key); ok {
			if f, bad := s.Check(c.given[key]); bad {
				c.add(key, f)
			}
		} else if f, bad := c.unknown(key); bad {
			c.add(key, f)
		}
	}
}

// unknown judges a name that the version doesn't have.
func (c *config) unknown(key string) (Fault, bool) {
	if _, later := LookupIn("", c.scope, key); later {
		return Fault{Newer, fmt.Sprintf("Kafka %s has no such setting for %s yet", c.version, plural[c.scope]), "remove it, or use a newer Kafka"}, true
	}
	if c.version != "" {
		if _, now := LookupIn(c.version, c.scope, key); now {
			return Fault{}, false
		}
	}
	return CheckKey(c.scope, key)
}

// text is the value of a setting: what was given, or its default. It has none
// where that is null, nothing says so, or it is faulty.
func (c *config) text(key string) (value string, ok bool) {
	s, known := LookupIn(c.version, c.scope, key)
	if !known || c.bad[key] {
		return "", false
	}
	if v, given := c.given[key]; given {
		value, ok = Text(v)
		return trim(value), ok
	}
	return s.Default, s.HasDefault
}

// number is the value of a setting that is a whole number.
func (c *config) number(key string) (int64, bool) {
	text, ok := c.text(key)
	if !ok {
		return 0, false
	}
	return whole(text, 64)
}

func (c *config) isTrue(key string) bool {
	text, _ := c.text(key)
	return strings.EqualFold(text, "true")
}

// blame names the one of two settings that was given, the first if both were.
func (c *config) blame(keys ...string) string {
	for _, key := range keys {
		if _, given := c.given[key]; given {
			return key
		}
	}
	return ""
}

// atMost reports two settings of which the first has to be no more than the
// second, or less.
func (c *config) atMost(low, high string, less bool) {
	a, ok1 := c.number(low)
	b, ok2 := c.number(high)
	key := c.blame(low, high)
	switch {
	case !ok1 || !ok2 || key == "" || a < b || a == b && !less:
	case key == low && less:
		c.conflict(key, fmt.Sprintf("%d is not less than %s, %d", a, high, b), "lower it, or raise "+high)
	case key == low:
		c.conflict(key, fmt.Sprintf("%d is more than %s, %d", a, high, b), "lower it, or raise "+high)
	case less:
		c.conflict(key, fmt.Sprintf("%d is not more than %s, %d", b, low, a), "raise it, or lower "+low)
	default:
		c.conflict(key, fmt.Sprintf("%d is less than %s, %d", b, low, a), "raise it, or lower "+low)
	}
}
