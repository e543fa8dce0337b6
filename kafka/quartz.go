package kafka

import (
	"fmt"
	"math/bits"
	"regexp"
	"slices"
	"strings"
	"time"
)

// quartz is a cron expression of Quartz, which is what Strimzi reads
// maintenance windows with. It has seconds first and may have years last, and
// it can say things of days that other crons can't, which is why a cron library
// of Go won't do. What is here takes nothing that Quartz refuses; it refuses
// what Quartz reads otherwise than it is meant, such as the step of MON-FRI/2.
// Source: Quartz 2.3.2, CronExpression.java.
type quartz struct {
	// seconds, minutes, hours and months are sets of bits.
	seconds, minutes, hours, months uint64
	// years are nil for all.
	years []int
	month dayOfMonth
	week  dayOfWeek
}

// dayOfMonth is "?" where it is zero.
type dayOfMonth struct {
	days uint64
	// last counts from the end: 0 is the last day. It is -1 for days.
	last int
	// weekday moves a day to the nearest one from Monday to Friday.
	weekday bool
	any     bool
}

// dayOfWeek is "?" where it is zero. Sunday is bit 1.
type dayOfWeek struct {
	days uint64
	// nth is which of the month, -1 for the last, 0 for each.
	nth int
	any bool
}

// cronField is what a field of numbers takes.
type cronField struct {
	name     string
	low, top int
	names    []string
}

var (
	cronSeconds = cronField{"seconds", 0, 59, nil}
	cronMinutes = cronField{"minutes", 0, 59, nil}
	cronHours   = cronField{"hours", 0, 23, nil}
	cronDays    = cronField{"the day of the month", 1, 31, nil}
	cronMonths  = cronField{"the month", 1, 12, []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}}
	cronWeek    = cronField{"the day of the week", 1, 7, []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}}
)

const (
	firstCronYear = 1970
	lastCronYear  = 2099
)

// parseQuartz reads an expression; why says what is wrong with it.
func parseQuartz(expression string) (q quartz, why string) {
	fields := strings.FieldsFunc(strings.ToUpper(expression), func(r rune) bool { return r == ' ' || r == '\t' })
	if len(fields) < 6 || len(fields) > 7 {
		return q, fmt.Sprintf("it has %d fields: there are seconds, minutes, hours, the day of the month, the month, the day of the week, and the year if need be", len(fields))
	}
	for _, f := range []struct {
		in   int
		of   cronField
		into *uint64
	}{{0, cronSeconds, &q.seconds}, {1, cronMinutes, &q.minutes}, {2, cronHours, &q.hours}, {4, cronMonths, &q.months}} {
		if *f.into, why = f.of.set(fields[f.in]); why != "" {
			return q, why
		}
	}
	if q.month, why = parseDayOfMonth(fields[3]); why != "" {
		return q, why
	}
	if q.week, why = parseDayOfWeek(fields[5]); why != "" {
		return q, why
	}
	if q.month.any == q.week.any {
		return q, "one of the day of the month and the day of the week is ?, and the other one isn't"
	}
	if len(fields) == 7 {
		q.years, why = parseYears(fields[6])
	}
	return q, why
}

// cronItem is an item of a list: a number, a range, or either with a step.
var cronItem = regexp.MustCompile(`^(?:(\*)|(\d{1,4})(?:-(\d{1,4}))?|([A-Z]{3})(?:-([A-Z]{3}))?)?(?:/(\d{1,2}))?$`)

// set reads a list of numbers.
func (f cronField) set(text string) (out uint64, why string) {
	for item := range strings.SplitSeq(text, ",") {
		m := cronItem.FindStringSubmatch(item)
		if m == nil || item == "" {
			return 0, f.wrong(item)
		}
		from, to, step := f.low, f.top, 1
		switch {
		case m[4] != "" && m[6] != "":
			return 0, fmt.Sprintf("%s: %q: names have no step", f.name, item)
		case m[4] != "":
			from = f.named(m[4])
			to = from
			if m[5] != "" {
				to = f.named(m[5])
			}
		case m[2] != "":
			from = number(m[2])
			if m[6] == "" {
				to = from
			}
			if m[3] != "" {
				to = number(m[3])
			}
		}
		if m[6] != "" {
			step = number(m[6])
		}
		if from < f.low || from > f.top || to < f.low || to > f.top || step < 1 || step > f.top {
			return 0, f.wrong(item)
		}
		out |= f.span(from, to, step)
	}
	return out, ""
}

// span is a range as bits; one that ends before it begins goes round.
func (f cronField) span(from, to, step int) (out uint64) {
	size := f.top - f.low + 1
	if to < from {
		to += size
	}
	for n := from; n <= to; n += step {
		out |= 1 << ((n-f.low)%size + f.low)
	}
	return out
}

// named is the number of a name, below the field's for none.
func (f cronField) named(name string) int {
	if i := slices.Index(f.names, name); i >= 0 {
		return f.low + i
	}
	return f.low - 1
}

func (f cronField) wrong(item string) string {
	return fmt.Sprintf("%s: %q is neither a number from %d to %d nor a range or a step of them", f.name, item, f.low, f.top)
}

var (
	lastOfMonth = regexp.MustCompile(`^L(?:-(\d{1,2}))?(W)?$`)
	nearest     = regexp.MustCompile(`^(\d{1,2})W$`)
	nthOfMonth  = regexp.MustCompile(`^(?:([1-7])|([A-Z]{3}))(?:#([1-5])|(L))$`)
)

func parseDayOfMonth(text string) (out dayOfMonth, why string) {
	out.last = -1
	if text == "?" {
		out.any = true
		return out, ""
	}
	if m := lastOfMonth.FindStringSubmatch(text); m != nil {
		// Where a month has no such day, Quartz may look for it for ever.
		if out.last = number("0" + m[1]); out.last > 27 {
			return out, fmt.Sprintf("the day of the month: not every month has a day %q", text)
		}
		out.weekday = m[2] != ""
		return out, ""
	}
	if m := nearest.FindStringSubmatch(text); m != nil {
		out.weekday = true
		text = m[1]
	}
	out.days, why = cronDays.set(text)
	return out, why
}

func parseDayOfWeek(text string) (out dayOfWeek, why string) {
	switch {
	case text == "?":
		out.any = true
		return out, ""
	case text == "L":
		text = "SAT"
	}
	if m := nthOfMonth.FindStringSubmatch(text); m != nil {
		out.nth = -1
		if m[3] != "" {
			out.nth = number(m[3])
		}
		text = m[1] + m[2]
	}
	out.days, why = cronWeek.set(text)
	return out, why
}

var cronYears = regexp.MustCompile(`^(?:(\*)|(\d{4})(?:-(\d{4}))?)(?:/(\d{1,2}))?$`)

// parseYears reads the last field; nil is all years.
func parseYears(text string) (out []int, why string) {
	if text == "*" {
		return nil, ""
	}
	for item := range strings.SplitSeq(text, ",") {
		m := cronYears.FindStringSubmatch(item)
		if m == nil {
			return nil, fmt.Sprintf("the year: %q is neither a year nor a range or a step of them", item)
		}
		from, to, step := firstCronYear, lastCronYear, 1
		if m[2] != "" {
			from = number(m[2])
			if m[4] == "" {
				to = from
			}
			if m[3] != "" {
				to = number(m[3])
			}
		}
		if m[4] != "" {
			step = number(m[4])
		}
		if from < firstCronYear || to > lastCronYear || to < from || step < 1 {
			return nil, fmt.Sprintf("the year: %q isn't from %d to %d", item, firstCronYear, lastCronYear)
		}
		for year := from; year <= to; year += step {
			out = append(out, year)
		}
	}
	return out, ""
}

// on reports whether there is a time on a day that fits.
func (q *quartz) on(day time.Time) bool {
	return q.months&(1<<day.Month()) != 0 && (q.years == nil || slices.Contains(q.years, day.Year())) && (q.month.on(day) || q.week.on(day))
}

// daysIn is how many days the month of a day has.
func daysIn(day time.Time) int {
	return time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func (d dayOfMonth) on(day time.Time) bool {
	if d.any {
		return false
	}
	wanted, end := bits.TrailingZeros64(d.days), daysIn(day)
	switch {
	case d.last >= 0:
		wanted = end - d.last
	case !d.weekday:
		return d.days&(1<<day.Day()) != 0
	}
	if wanted < 1 || wanted > end {
		return false
	}
	if d.weekday {
		switch time.Date(day.Year(), day.Month(), wanted, 0, 0, 0, 0, time.UTC).Weekday() {
		case time.Saturday:
			if wanted--; wanted == 0 {
				wanted = 3
			}
		case time.Sunday:
			if wanted++; wanted > end {
				wanted -= 3
			}
		}
	}
	return day.Day() == wanted
}

func (d dayOfWeek) on(day time.Time) bool {
	if d.any || d.days&(1<<(int(day.Weekday())+1)) == 0 {
		return false
	}
	switch d.nth {
	case 0:
		return true
	case -1:
		return day.Day()+7 > daysIn(day)
	}
	return (day.Day()+6)/7 == d.nth
}

// run is the longest time without a break in which every second fits; an hour
// stands for all that is longer.
func (q *quartz) run() time.Duration {
	if seconds := longestRun(q.seconds, 60); seconds < 60 {
		return time.Duration(seconds) * time.Second
	}
	return time.Duration(longestRun(q.minutes, 60)) * time.Minute
}

// longestRun is the longest run of bits out of n.
func longestRun(set uint64, n int) (longest int) {
	run := 0
	for i := range n {
		if set&(1<<i) == 0 {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// Days before Strimzi had the API version v1, 0.49 of November 2025, are over
// for every cluster; and after 28 years the calendar repeats itself.
var (
	firstDay = time.Date(2025, time.November, 1, 0, 0, 0, 0, time.UTC)
	lastDay  = firstDay.AddDate(28, 0, 0)
)

// longestGap returns the longest time, in days, from one day of the windows to
// the next; ok is false if there is none at all.
func longestGap(windows []quartz) (days int, ok bool) {
	end := lastDay
	for _, q := range windows {
		if q.years != nil {
			end = time.Date(lastCronYear, time.December, 31, 0, 0, 0, 0, time.UTC)
		}
	}
	since := 0
	for day := firstDay; !day.After(end); day = day.AddDate(0, 0, 1) {
		since++
		if slices.ContainsFunc(windows, func(q quartz) bool { return q.on(day) }) {
			if ok {
				days = max(days, since)
			}
			ok, since = true, 0
		}
	}
	return days, ok
}
