package nodepool

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A schedule is a cron expression as Karpenter reads it: five fields or a
// macro, in UTC. Each field is a set of bits.
// Source: Karpenter 1.14.1 uses github.com/robfig/cron/v3, ParseStandard.
type schedule struct {
	sets [len(cronFields)]uint64
	// stars are the fields that hold a star without a step.
	stars [len(cronFields)]bool
}

// The fields of a schedule.
const (
	cronMinute = iota
	cronHour
	cronDay
	cronMonth
	cronWeekday
)

// cronField is what one field of a cron expression may hold.
type cronField struct {
	name     string
	min, max int
	words    string
}

var cronFields = [...]cronField{
	cronMinute:  {"minute", 0, 59, ""},
	cronHour:    {"hour", 0, 23, ""},
	cronDay:     {"day of month", 1, 31, ""},
	cronMonth:   {"month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"},
	cronWeekday: {"day of week", 0, 6, "sun mon tue wed thu fri sat"},
}

var cronMacros = map[string]string{
	"@yearly":   "0 0 1 1 *",
	"@annually": "0 0 1 1 *",
	"@monthly":  "0 0 1 * *",
	"@weekly":   "0 0 * * 0",
	"@daily":    "0 0 * * *",
	"@midnight": "0 0 * * *",
	"@hourly":   "0 * * * *",
}

// everyMinute is the schedule of a budget that has none.
var everyMinute = schedule{
	sets:  [...]uint64{1<<60 - 1, 1<<24 - 1, 1<<32 - 2, 1<<13 - 2, 1<<7 - 1},
	stars: [...]bool{true, true, true, true, true},
}

// parseSchedule reads a cron expression.
func parseSchedule(text string) (schedule, error) {
	if strings.HasPrefix(text, "@") {
		macro, ok := cronMacros[text]
		if !ok {
			return schedule{}, errors.New("unknown macro")
		}
		text = macro
	}
	if strings.HasPrefix(text, "TZ=") || strings.HasPrefix(text, "CRON_TZ=") {
		return schedule{}, errors.New("time zones aren't supported")
	}
	fields := strings.Fields(text)
	if len(fields) != len(cronFields) {
		return schedule{}, fmt.Errorf("it has %d fields, not 5", len(fields))
	}
	var out schedule
	for i, f := range cronFields {
		for _, part := range strings.FieldsFunc(fields[i], func(r rune) bool { return r == ',' }) {
			set, star, err := f.parse(part)
			if err != nil {
				return schedule{}, fmt.Errorf("%s %q: %w", f.name, part, err)
			}
			out.sets[i] |= set
			out.stars[i] = out.stars[i] || star
		}
		if out.sets[i] == 0 {
			return schedule{}, fmt.Errorf("%s %q: is empty", f.name, fields[i])
		}
	}
	return out, nil
}

// parse reads one range: "*", "5", "mon-fri", "*/10", "8-18/2".
func (f cronField) parse(text string) (set uint64, star bool, err error) {
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

func (f cronField) number(text string) (int, error) {
	for i, word := range strings.Fields(f.words) {
		if strings.EqualFold(word, text) {
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
