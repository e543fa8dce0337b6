package nodepool

import (
	"fmt"
	"slices"
	"time"

	"github.com/millrace/millrace/internal/cron"
)

const minutesOfDay = 24 * 60

// A span is a run of days that stands for all time: a week, which is followed
// by itself again, or, where dates count, a year with two months before it
// whose windows may still be open. It begins on a Sunday.
type span struct {
	start time.Time
	lead  int   // how many minutes come before the time that is looked at
	open  []int // for each minute, how many windows are open
}

// spanOf returns a span that shows all that the schedules do.
func spanOf(schedules []cron.Schedule) *span {
	const year, lead = 365, 62
	w := &span{start: time.Date(2023, time.January, 1, 0, 0, 0, 0, time.UTC)}
	days := 7
	for _, s := range schedules {
		if s.Sets[cron.Month] != everyMinute.Sets[cron.Month] || s.Sets[cron.Day] != everyMinute.Sets[cron.Day] {
			days, w.lead = lead+year, lead*minutesOfDay
		}
	}
	w.open = make([]int, days*minutesOfDay)
	return w
}

// add opens a window at every time of the schedule.
func (w *span) add(s cron.Schedule, length time.Duration) {
	total := len(w.open)
	minutes := int(min(length/time.Minute, time.Duration(total)))
	if minutes <= 0 {
		return
	}
	change := make([]int, 2*total+1)
	for day := range total / minutesOfDay {
		if !onDay(s, w.start.AddDate(0, 0, day)) {
			continue
		}
		for m := range minutesOfDay {
			if s.Sets[cron.Minute]>>(m%60)&1 == 1 && s.Sets[cron.Hour]>>(m/60)&1 == 1 {
				change[day*minutesOfDay+m]++
				change[day*minutesOfDay+m+minutes]--
			}
		}
	}
	running := 0
	for m, c := range change[:2*total] {
		running += c
		w.open[m%total] += running
	}
}

// onDay reports whether the schedule has times on a day. Where neither of its
// two day fields is a star, one of the two is enough.
func onDay(s cron.Schedule, day time.Time) bool {
	if s.Sets[cron.Month]>>day.Month()&1 == 0 {
		return false
	}
	inMonth := s.Sets[cron.Day]>>day.Day()&1 == 1
	inWeek := s.Sets[cron.Weekday]>>day.Weekday()&1 == 1
	if s.Stars[cron.Day] || s.Stars[cron.Weekday] {
		return inMonth && inWeek
	}
	return inMonth || inWeek
}

// gap returns the first time in which no window is open, in words.
func (w *span) gap() (text string, ok bool) {
	total := len(w.open)
	first := slices.Index(w.open[w.lead:], 0)
	if first < 0 {
		return "", false
	}
	from, to := w.lead+first, w.lead+first
	for w.open[(from+total-1)%total] == 0 {
		if from = (from + total - 1) % total; from == w.lead+first {
			return "at any time", true
		}
	}
	for w.open[to%total] == 0 {
		to++
	}
	return fmt.Sprintf("from %s to %s UTC", w.name(from), w.name(to%total)), true
}

func (w *span) name(minute int) string {
	layout := "Monday 15:04"
	if w.lead > 0 {
		layout = "2 January 15:04"
	}
	return w.start.Add(time.Duration(minute) * time.Minute).Format(layout)
}
