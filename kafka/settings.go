package kafka

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/kafkaconf"
	"github.com/millrace/millrace/internal/overlay"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// settings is a Kafka configuration in the making, which knows which of the
// builder's fields each entry is from.
type settings struct {
	problems *millrace.Problems
	values   strimziv1.JSONMap
	from     map[string]string
	// text writes numbers and booleans as strings, as topics have them.
	text bool
}

func newSettings(p *millrace.Problems, text bool) *settings {
	return &settings{problems: p, values: strimziv1.JSONMap{}, from: map[string]string{}, text: text}
}

// made returns the entries, nil for none.
func (s *settings) made() strimziv1.JSONMap {
	if len(s.values) == 0 {
		return nil
	}
	return s.values
}

func (s *settings) set(field, key string, value any) {
	if _, ok := value.(string); s.text && !ok {
		value = fmt.Sprint(value)
	}
	s.values[key] = value
	s.from[key] = field
}

// bytes sets a size; zero is unset.
func (s *settings) bytes(field, key string, size millrace.Bytes) {
	if checkBytes(s.problems, field, size) && size > 0 {
		s.set(field, key, int64(size))
	}
}

// duration sets a time in milliseconds; zero is unset.
func (s *settings) duration(field, key string, d time.Duration) {
	switch {
	case d < 0:
		s.problems.Invalid(field, d, "it is negative", "leave it out, or give a time; kafka.Forever is a retention without end")
	case d > 0 && d%time.Millisecond != 0:
		s.problems.Invalid(field, d, "Kafka counts whole milliseconds", "round it")
	case d > 0:
		s.set(field, key, d.Milliseconds())
	}
}

// retention is a duration that may be Forever.
func (s *settings) retention(field, key string, d time.Duration) {
	if d == Forever {
		s.set(field, key, int64(-1))
		return
	}
	s.duration(field, key, d)
}

// word sets a value out of a list; empty is unset.
func (s *settings) word(field, key, value string) {
	if value != "" {
		s.set(field, key, value)
	}
}

// number sets a number; zero is unset.
func (s *settings) number(field, key string, n int) {
	if n != 0 {
		s.set(field, key, int64(n))
	}
}

// level sets how hard a codec tries; nil is unset.
func (s *settings) level(field string, of Compression, level *int) {
	switch {
	case level == nil:
	case of == GZIP || of == LZ4 || of == ZSTD:
		s.set(field, "compression."+string(of)+".level", int64(*level))
	default:
		s.problems.Conflict(field, fmt.Sprintf("the compression is %q, which has no levels", of), "leave it out, or use kafka.GZIP, kafka.LZ4 or kafka.ZSTD")
	}
}

// yes sets a switch; false is unset.
func (s *settings) yes(field, key string, on bool) {
	if on {
		s.set(field, key, true)
	}
}

// config takes over the user's map of settings.
func (s *settings) config(field string, config map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(config)) {
		at := field + "[" + key + "]"
		if other, ok := s.from[key]; ok {
			s.problems.Conflict(at, "the field "+other+" sets "+key+" too", "use one of the two, the field for choice")
			continue
		}
		if strings.ContainsFunc(config[key], unicode.IsControl) || !utf8.ValidString(config[key]) {
			s.problems.Invalid(at, config[key], "a setting is one line of text", "remove what is not printable")
			continue
		}
		s.values[key] = config[key]
		s.from[key] = at
	}
}

// base records which entries are only in Base's own map.
func (s *settings) base(field string, config strimziv1.JSONMap) {
	for key := range config {
		if _, ok := s.from[key]; !ok {
			s.from[key] = field + "[" + key + "]"
		}
	}
}

// fallback adds an entry that neither the user's fields nor Base have. If it
// turns out not to fit, field is what the user has to set.
func (s *settings) fallback(field, key string, value any) {
	if _, ok := s.from[key]; !ok {
		s.set(field, key, value)
	}
}

// lay lays what the user's fields say over base, and reports what both say.
func lay[T any](p *millrace.Problems, field string, base, fields *T) {
	for _, path := range overlay.Lay(base, fields) {
		p.Conflict(field+"."+path, "one of the builder's own fields sets it too", "use one of the two, the builder's field for choice")
	}
}

// configText returns a value as the operators write it into Kafka's
// configuration. It reports false for what they can't, such as a map.
func configText(v any) (string, bool) { return kafkaconf.Text(v) }

// configInt returns a setting as a number; it reports false where there is
// none, or it is not one.
func configInt(config strimziv1.JSONMap, key string) (int64, bool) {
	text, ok := configText(config[key])
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	return n, err == nil
}

// configBool returns whether a setting is true.
func configBool(config strimziv1.JSONMap, key string) (value, ok bool) {
	text, ok := configText(config[key])
	if !ok {
		return false, false
	}
	return strings.EqualFold(strings.TrimSpace(text), "true"), true
}
