// Package cron reads cron expressions as Kubernetes and Karpenter do.
//
// Source: both use github.com/robfig/cron/v3 3.0.1, ParseStandard.
package cron

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Schedule is a cron expression of five fields, in UTC. Each field is a set
// of bits.
type Schedule struct {
	Sets [Weekday + 1]uint64
	// Stars are the fields that hold a star without a step.
	Stars [Weekday + 1]bool
	// Every is set for "@every 1h", which has no fields: at least a second.
	Every time.Duration
}

// The fields of a schedule.
const (
	Minute = iota
	Hour
	Day
	Month
	Weekday
)

// bounds are what one field of a cron expression may hold.
type bounds struct {
	name     string
	min, max int
	words    string
}

var fields = [...]bounds{
	Minute:  {"minute", 0, 59, ""},
	Hour:    {"hour", 0, 23, ""},
	Day:     {"day of month", 1, 31, ""},
	Month:   {"month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"},
	Weekday: {"day of week", 0, 6, "sun mon tue wed thu fri sat"},
}

var macros = map[string]string{
	"@yearly":   "0 0 1 1 *",
	"@annually": "0 0 1 1 *",
	"@monthly":  "0 0 1 * *",
	"@weekly":   "0 0 * * 0",
	"@daily":    "0 0 * * *",
	"@midnight": "0 0 * * *",
	"@hourly":   "0 * * * *",
}

// Parse reads a cron expression without a time zone. A field may come out
// empty: "," is one that never holds.
func Parse(text string) (Schedule, error) {
	if duration, ok := strings.CutPrefix(text, "@every "); ok {
		every, err := time.ParseDuration(duration)
		if err != nil {
			return Schedule{}, errors.New("what follows @every is no duration")
		}
		return Schedule{Every: max(every, time.Second)}, nil
	}
	if strings.HasPrefix(text, "@") {
		macro, ok := macros[text]
		if !ok {
			return Schedule{}, errors.New("unknown macro")
		}
		text = macro
	}
	if strings.HasPrefix(text, "TZ=") || strings.HasPrefix(text, "CRON_TZ=") {
		return Schedule{}, errors.New("time zones aren't supported")
	}
	parts := strings.Fields(text)
	if len(parts) != len(fields) {
		return Schedule{}, fmt.Errorf("it has %d fields, not 5", len(parts))
	}
	var out Schedule
	for i, f := range fields {
		for part := range strings.SplitSeq(parts[i], ",") {
			if part == "" {
				continue
			}
			set, star, err := f.parse(part)
			if err != nil {
				return Schedule{}, fmt.Errorf("%s %q: %w", f.name, part, err)
			}
			out.Sets[i] |= set
			out.Stars[i] = out.Stars[i] || star
		}
	}
	return out, nil
}

// Never returns the name of a field that is empty, if there is one.
func (s *Schedule) Never() (field string, ok bool) {
	for i, f := range fields {
		if s.Sets[i] == 0 && s.Every == 0 {
			return f.name, true
		}
	}
	return "", false
}

// parse reads one range: "*", "5", "mon-fri", "*/10", "8-18/2".
func (f bounds) parse(text string) (set uint64, star bool, err error) {
	span, stepText, stepped := strings.Cut(text, "/")
	step := 1
	if stepped {
		n, err := strconv.Atoi(stepText)
		if err != nil || n < 1 {
			return 0, false, errors.New("the step is no number above 0")
		}
		step = min(n, 60) // No field is longer, and adding more could overflow.
	}
	from, to := f.min, f.max
	first, last, ranged := strings.Cut(span, "-")
	if star = first == "*" || first == "?"; !star {
		if from, err = f.number(first); err != nil {
			return 0, false, err
		}
		switch {
		case ranged:
			if to, err = f.number(last); err != nil {
				return 0, false, err
			}
		case !stepped:
			to = from
		}
	}
	if from > to {
		return 0, false, errors.New("the range ends before it begins")
	}
	for n := from; n <= to; n += step {
		set |= 1 << n
	}
	return set, star && step == 1, nil
}

func (f bounds) number(text string) (int, error) {
	for i, word := range strings.Fields(f.words) {
		if word == strings.ToLower(text) {
			return f.min + i, nil
		}
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, errors.New("is no number")
	}
	if n < f.min || n > f.max {
		return 0, fmt.Errorf("is not from %d to %d", f.min, f.max)
	}
	return n, nil
}
