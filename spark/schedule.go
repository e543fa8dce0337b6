package spark

import (
	"fmt"
	"strings"

	"github.com/millrace/millrace/internal/cron"
	"github.com/millrace/millrace/internal/zone"
)

// zoneOf returns the zone that a schedule begins with, if it does.
func zoneOf(schedule string) (name string, ok bool) {
	for _, prefix := range []string{"TZ=", "CRON_TZ="} {
		if rest, found := strings.CutPrefix(schedule, prefix); found {
			name, _, _ = strings.Cut(rest, " ")
			return name, true
		}
	}
	return "", false
}

// unscheduled says why a schedule never starts anything, and what to do; empty
// if it does start something.
// Source: Spark operator v2.5.1, which reads it with robfig/cron's
// ParseStandard, and puts CRON_TZ= before what has no zone.
func unscheduled(schedule string) (why, fix string) {
	fix = `use five fields, such as "0 6 * * 1-5", "@daily" or "@every 6h"`
	fields := schedule
	if name, own := zoneOf(schedule); own {
		_, rest, some := strings.Cut(schedule, " ")
		if !some {
			return "a time zone without a schedule, on which the operator panics", fix
		}
		if why, fix := unknownZone(name); why != "" {
			return why, fix
		}
		fields = rest
	}
	s, err := cron.Parse(strings.TrimSpace(fields))
	if err != nil {
		return err.Error(), fix
	}
	if field, never := s.Never(); never {
		return fmt.Sprintf("it never comes to pass, as its %s is empty", field), fix
	}
	if s.NoDay() {
		return "it never comes to pass, as none of its months has the day", "name a day that its months have"
	}
	return "", ""
}

// unknownZone says why a name is no time zone, and what to do; empty if it is
// one. An empty name, like Local, is the zone of the operator's pod.
func unknownZone(name string) (why, fix string) {
	if name == "" || name == "Local" || zone.Known(name) {
		return "", ""
	}
	fix = `use one of the tz database, such as "Europe/Berlin"`
	if near, ok := zone.Closest(name); ok {
		fix = "write " + near
	}
	return "no name of a time zone", fix
}
