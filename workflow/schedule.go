package workflow

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/cron"
)

// scheduleForm is what the CRD of Argo 4.0 accepts.
// Source: Argo Workflows v4.0.2 cron_workflow_types.go, kubebuilder markers.
var scheduleForm = regexp.MustCompile(`^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|@every\s+([0-9]+(ns|us|µs|ms|s|m|h))+|([0-9*,/?-]+\s+){4}[0-9*,/?-]+)$`)

// schedules checks the schedules, and writes each in the form that all of
// Argo's versions accept.
func (n *Cron) schedules(c *check, schedules []string) {
	field := "Schedules"
	if len(n.Schedules) == 0 {
		field = "Base.Schedules"
	}
	if len(schedules) == 0 {
		c.Required("Schedules", `say when runs start: "0 6 * * *"`)
	}
	seen := make(map[string]bool)
	for i, text := range schedules {
		plain, err := plainSchedule(text)
		switch {
		case err != nil:
			c.Invalid(at(field, i), text, err.Error(), `use five fields, such as "0 6 * * 1-5", "@daily" or "@every 6h"; a time zone goes into TimeZone`)
		case seen[plain]:
			c.Add(millrace.RuleDuplicate, at(field, i), fmt.Sprintf("%s is there already", text), "leave it out")
		default:
			schedules[i] = plain
		}
		seen[plain] = true
	}
}

// plainSchedule returns a schedule with one space between its fields, and with
// numbers for names.
func plainSchedule(text string) (string, error) {
	s, err := cron.Parse(text)
	if err != nil {
		return "", err
	}
	if noDay(&s) {
		return "", errors.New("no day is like that")
	}
	plain := text
	if !strings.HasPrefix(text, "@") {
		fields := strings.Fields(text)
		fields[cron.Month] = withoutNames(fields[cron.Month], 1, "jan feb mar apr may jun jul aug sep oct nov dec")
		fields[cron.Weekday] = withoutNames(fields[cron.Weekday], 0, "sun mon tue wed thu fri sat")
		plain = strings.Join(fields, " ")
	}
	if !scheduleForm.MatchString(plain) {
		return "", errors.New("the CRD of Argo 4.0 refuses it")
	}
	return plain, nil
}

var dayOrMonth = regexp.MustCompile(`[A-Za-z]+`)

// withoutNames puts their numbers in the place of the names in a field.
func withoutNames(field string, first int, names string) string {
	return dayOrMonth.ReplaceAllStringFunc(field, func(word string) string {
		for i, name := range strings.Fields(names) {
			if strings.EqualFold(word, name) {
				return strconv.Itoa(first + i)
			}
		}
		return word
	})
}

// noDay reports whether no day has what the schedule asks for: the 30th of
// February, or a field that is empty.
func noDay(s *cron.Schedule) bool {
	_, never := s.Never()
	return never || s.NoDay()
}
