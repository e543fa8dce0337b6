package nodepool

import (
	"fmt"
	"math/bits"
	"slices"
	"time"

	"github.com/millrace/millrace/internal/cron"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

const (
	minutesOfDay  = 24 * 60
	minutesOfWeek = 7 * minutesOfDay
)

// A window is when a disruption budget holds.
type window struct {
	always   bool
	schedule cron.Schedule
	minutes  int // how long it stays open
}

// windowOf reads the schedule and the duration of a budget. A duration that is
// none is no time.
func windowOf(b karpenterv1.Budget) (window, error) {
	if b.Schedule == nil && b.Duration == nil {
		return window{always: true}, nil
	}
	text := ""
	if b.Schedule != nil {
		text = *b.Schedule
	}
	s, err := parseSchedule(text)
	if err != nil {
		return window{}, err
	}
	// Of a schedule that never comes Karpenter learns that its next time is the
	// year 1, which is over.
	return window{always: s.NoDay(), schedule: s, minutes: int(karpenterDuration(b.Duration) / time.Minute)}, nil
}

// yearly reports whether dates count, and a week doesn't show all.
func (w window) yearly() bool {
	return !w.always && (w.schedule.Sets[cron.Month] != everyMinute.Sets[cron.Month] || w.schedule.Sets[cron.Day] != everyMinute.Sets[cron.Day])
}

// open says for each minute of some days whether the window is open. Start is
// midnight in UTC.
func (w window) open(start time.Time, minutes int) []bool {
	out := make([]bool, minutes)
	last, some := w.lastBefore(start)
	for day := range (minutes + minutesOfDay - 1) / minutesOfDay {
		opens := !w.always && onDay(w.schedule, start.AddDate(0, 0, day))
		for m := day * minutesOfDay; m < min((day+1)*minutesOfDay, minutes); m++ {
			if opens && w.schedule.Sets[cron.Minute]>>(m%60)&1 == 1 && w.schedule.Sets[cron.Hour]>>(m/60%24)&1 == 1 {
				last, some = m, true
			}
			out[m] = w.always || some && m-last < w.minutes
		}
	}
	return out
}

// lastBefore returns the last time before start at which the window opened, if
// it can still be open: how many minutes it is ago, as a negative number.
func (w window) lastBefore(start time.Time) (minute int, ok bool) {
	const farthest = 9 * 366 // From one 29 February to the next, at the most.
	if w.always {
		return 0, false
	}
	hour, ofHour := bits.Len64(w.schedule.Sets[cron.Hour])-1, bits.Len64(w.schedule.Sets[cron.Minute])-1
	for day := 1; day <= min(w.minutes/minutesOfDay+1, farthest); day++ {
		if onDay(w.schedule, start.AddDate(0, 0, -day)) {
			return hour*60 + ofHour - day*minutesOfDay, true
		}
	}
	return 0, false
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

// gap returns the first time in which none of the windows is open, in words. It
// looks at a week, which is followed by itself again, or, where dates count, at
// a year.
func gap(windows []window) (text string, ok bool) {
	start, total, layout := time.Date(2023, time.January, 1, 0, 0, 0, 0, time.UTC), minutesOfWeek, "Monday 15:04"
	if slices.ContainsFunc(windows, window.yearly) {
		total, layout = 365*minutesOfDay, "2 January 15:04"
	}
	open := make([]bool, total)
	for _, w := range windows {
		for m, is := range w.open(start, total) {
			open[m] = open[m] || is
		}
	}
	first := slices.Index(open, false)
	if first < 0 {
		return "", false
	}
	from, to := first, first
	for !open[(from+total-1)%total] {
		if from = (from + total - 1) % total; from == first {
			return "at any time", true
		}
	}
	for !open[to%total] {
		to++
	}
	name := func(minute int) string { return start.Add(time.Duration(minute) * time.Minute).Format(layout) }
	return fmt.Sprintf("from %s to %s UTC", name(from), name(to%total)), true
}
