package kafkaconf

import (
	"slices"
	"strings"
)

// StrimziFault says why Strimzi refuses a cluster for a value of its brokers
// that Kafka itself would take; empty where it takes it too. Strimzi compares
// what is written, without dropping blanks or minding capitals.
//
// Source: Strimzi, config-model's ConfigModel.validate, and what
// KafkaConfigModelGenerator makes of Kafka's validators.
func (s Setting) StrimziFault(text string) (why, fix string) {
	exact := s.has("in") || s.has("fold")
	switch s.Type {
	case Bool:
		if text != "true" && text != "false" {
			return "Strimzi takes small letters alone", "use true or false"
		}
	case Short, Int, Long:
		exact = true
		if s.gzip() && len(text) > 1 && text != "-1" {
			return "Strimzi takes 1 to 9, or -1", "write it so"
		}
	case String:
		if text == "" && (s.has("nonnull") || s.has("nonempty")) {
			return "Strimzi takes no empty value", "leave it out"
		}
	case List:
		if words := s.words(); words != nil {
			return strimziList(text, words)
		}
	}
	if exact && text != trim(text) {
		return "Strimzi takes no blanks around it", "leave them out"
	}
	return "", ""
}

// has says that a setting is checked in such a way.
func (s Setting) has(kind string) bool {
	return slices.ContainsFunc(s.checks, func(c check) bool { return c.kind == kind })
}

// words are those that a list may have, nil for any.
func (s Setting) words() []string {
	for _, c := range s.checks {
		switch c.kind {
		case "list", "some", "oldlist":
			return c.words
		}
	}
	return nil
}

// strimziList holds a list to its words, as Strimzi splits it: at commas and
// the spaces around them.
func strimziList(text string, words []string) (why, fix string) {
	for item := range strings.SplitSeq(trim(text), ",") {
		if !slices.Contains(words, strings.Trim(item, " ")) {
			return "Strimzi takes no empty list, and nothing but spaces beside the commas", "use " + strings.Join(words, ",")
		}
	}
	return "", ""
}

// gzip says that a setting is the level of gzip, for which Strimzi has a
// pattern.
func (s Setting) gzip() bool { return s.Key == "compression.gzip.level" }
