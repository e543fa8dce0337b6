package kafkaconf

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/millrace/millrace/internal/closest"
)

// Kind says what a fault is about.
type Kind int

const (
	// Value is one that Kafka refuses.
	Value Kind = iota
	// Unknown is a key that no version in the table has.
	Unknown
	// Removed is a key of Kafka 3, or of a version in the table before the
	// newest.
	Removed
	// Misplaced is a key of another scope.
	Misplaced
	// Newer is a key that only later versions have.
	Newer
)

// Fault is what is wrong with one entry of a configuration.
type Fault struct {
	Kind Kind
	// Detail says what, as a sentence without its end, Fix what to do.
	Detail, Fix string
}

// Check judges an entry of a configuration as the newest version of Kafka
// does: the name, and the value as it stands in a manifest. It reports false
// where nothing is wrong.
func Check(scope Scope, key string, value any) (Fault, bool) {
	s, ok := LookupIn("", scope, key)
	if !ok {
		return CheckKey(scope, key)
	}
	return s.Check(value)
}

// reference is what a provider of values fills in: ${secrets:namespace/name:key}.
// Source: Apache Kafka, ConfigTransformer (KIP-297).
var reference = regexp.MustCompile(`\$\{[^}]*:[^}]*\}`)

// provided says that the setting may take its value from a provider before
// anybody judges it.
func (s Setting) provided() bool { return s.Scope != Broker && s.Scope != Topic }

// Check judges a value as it stands in a manifest. What a provider fills in
// can't be told, but for brokers and topics, whose values are judged as they
// are written.
func (s Setting) Check(value any) (Fault, bool) {
	text, ok := Text(value)
	if !ok {
		return Fault{Value, fmt.Sprintf("%v: it is neither a string, a number, a boolean nor a list", value), "write the value as one string"}, true
	}
	if s.provided() && reference.MatchString(text) {
		return Fault{}, false
	}
	if why, fix := s.Fault(text); why != "" {
		shown := text
		if s.Type == Password {
			shown = "…"
		}
		return Fault{Value, fmt.Sprintf("%q: %s", shown, why), fix}, true
	}
	return Fault{}, false
}

// CheckKey judges a name alone.
func CheckKey(scope Scope, key string) (Fault, bool) {
	if _, ok := LookupIn("", scope, key); ok {
		return Fault{}, false
	}
	if gone, ok := removed[scope][key]; ok {
		return Fault{Removed, "it is gone since Kafka " + gone.since, gone.instead}, true
	}
	if e, ok := read().entries[scope][key]; ok {
		return Fault{Removed, "it is gone since Kafka " + e.gone(), "leave it out"}, true
	}
	newest := read().versions[len(read().versions)-1]
	if fix := misplaced(scope, key); fix != "" {
		return Fault{Misplaced, fmt.Sprintf("Kafka %s has no such setting for %s", newest, plural[scope]), fix}, true
	}
	fault := Fault{Unknown, fmt.Sprintf("Kafka %s has no such setting for %s", newest, plural[scope]), "remove it"}
	if name, ok := Suggest(scope, key); ok {
		fault.Fix = "did you mean " + name + "?"
	}
	return fault, true
}

// gone is the first version without the key.
func (e entry) gone() string {
	for i := len(e) - 1; i > 0; i-- {
		if e[i-1] != nil {
			return read().versions[i]
		}
	}
	return ""
}

var plural = map[Scope]string{
	Broker: "brokers", Topic: "topics", ConnectWorker: "Connect workers",
	SourceConnector: "source connectors", SinkConnector: "sink connectors",
	MirrorSource: "MirrorMaker's source connector", MirrorCheckpoint: "MirrorMaker's checkpoint connector",
	MirrorHeartbeat: "MirrorMaker's heartbeat connector",
	Producer:        "producers", Consumer: "consumers", Admin: "admin clients",
}

// Suggest returns the key that a misspelt one was most likely meant to be.
func Suggest(scope Scope, key string) (string, bool) {
	return closest.Name(key, maps.Keys(read().entries[scope]))
}

// most is how many letters a near miss has wrong: with more, a name may be
// somebody's own.
const most = 2

// NearMiss returns the key that a misspelt one was meant to be, where there
// can be no doubt: a letter or two are wrong, or only capitals and what stands
// between the words. Brokers let plugins have settings of their own.
func NearMiss(scope Scope, key string) (string, bool) {
	if name, ok := closest.Within(key, maps.Keys(read().entries[scope]), most); ok {
		return name, true
	}
	letters := bare(key)
	for name := range read().entries[scope] {
		if bare(name) == letters {
			return name, true
		}
	}
	return "", false
}

// bare is a name in small letters, without what stands between its words.
func bare(key string) string {
	return strings.ToLower(strings.NewReplacer(".", "", "_", "", "-", "").Replace(key))
}

// misplaced says what to use for a key of brokers that is set on a topic, or
// the other way.
func misplaced(scope Scope, key string) (fix string) {
	other, from, whose := Topic, Broker, "brokers"
	if scope == Broker {
		other, from, whose = Broker, Topic, "topics"
	} else if scope != Topic {
		return ""
	}
	if key == "" {
		return ""
	}
	for topicKey, e := range read().entries[Topic] {
		names := map[Scope]string{Topic: topicKey, Broker: e.newest().BrokerKey}
		if names[other] != "" && names[from] == key {
			return "that is the name for " + whose + "; use " + names[other]
		}
	}
	return ""
}

// Text returns a value as the operators write it into Kafka's configuration.
// It reports false for what they can't, such as a map.
func Text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case int:
		return strconv.Itoa(v), true
	case int32:
		return strconv.FormatInt(int64(v), 10), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return strconv.FormatInt(int64(v), 10), true
		}
		return strconv.FormatFloat(v, 'g', -1, 64), true
	case json.Number:
		return v.String(), true
	case []string:
		return strings.Join(v, ","), true
	case []any:
		items := make([]string, len(v))
		for i := range v {
			item, ok := Text(v[i])
			if !ok {
				return "", false
			}
			items[i] = item
		}
		return strings.Join(items, ","), true
	}
	return "", false
}
