package argo

import (
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/internal/cron"
	"github.com/millrace/millrace/internal/zone"
)

// cron checks when a CronWorkflow runs. Argo 4.0 refuses names such as MON in
// schedules as well; 4.1 takes them again.
// Source: Argo Workflows v3.7.14, ValidateCronWorkflow.
func (f *fields) cron() {
	c := f.Cron
	if c == nil {
		return
	}
	switch {
	case c.Schedule == "" && len(c.Schedules) == 0:
		f.report(RuleSchedule, "spec.schedules", `add one, such as "0 3 * * *"`, "it is empty: nothing ever runs")
	case c.Schedule != "" && len(c.Schedules) > 0:
		f.report(RuleSchedule, "spec.schedule", "move it to schedules", "it is set beside schedules, and Argo refuses both")
	}
	if c.Schedule != "" {
		f.schedule("spec.schedule", c.Schedule)
	}
	for i, s := range c.Schedules {
		f.schedule(at("spec.schedules", i), s)
	}
	if c.Timezone != "" {
		f.timeZone("spec.timezone", c.Timezone)
	}
	oneOf(f, RuleSchedule, "spec", ".concurrencyPolicy", c.ConcurrencyPolicy, wfv1.AllowConcurrent, wfv1.ForbidConcurrent, wfv1.ReplaceConcurrent)
	atLeast(f, RuleSchedule, "spec", ".startingDeadlineSeconds", c.StartingDeadlineSeconds, 0, "Argo refuses it")
	const kept = "Argo keeps as many as if nothing were set"
	atLeast(f, RuleSchedule, "spec", ".successfulJobsHistoryLimit", c.SuccessfulJobsHistoryLimit, 0, kept)
	atLeast(f, RuleSchedule, "spec", ".failedJobsHistoryLimit", c.FailedJobsHistoryLimit, 0, kept)
}

// schedule checks one cron expression, which may begin with its time zone.
func (f *fields) schedule(path, text string) {
	const fix = `write five fields, as "0 3 * * *", or "@daily"`
	fields := text
	if strings.HasPrefix(text, "TZ=") || strings.HasPrefix(text, "CRON_TZ=") {
		setting, rest, ok := strings.Cut(text, " ")
		if !ok {
			f.report(RuleSchedule, path, fix, "%s is a time zone without a schedule, on which the controller panics", shown(text))
			return
		}
		_, name, _ := strings.Cut(setting, "=")
		f.timeZone(path, name)
		if f.Cron.Timezone != "" {
			f.report(RuleSchedule, path, "take one of the two out", "it names a time zone, and so does timezone: Argo can't read it with both")
		}
		fields = strings.TrimSpace(rest)
	}
	s, err := cron.Parse(fields)
	if err != nil {
		f.report(RuleSchedule, path, fix, "%s is no schedule: %v", shown(text), err)
		return
	}
	if field, never := s.Never(); never {
		f.report(RuleSchedule, path, fix, "%s never fires: its %s is empty", shown(text), field)
	} else if s.NoDay() {
		f.report(RuleSchedule, path, "name a day that its months have", "%s never fires: none of its months has the day", shown(text))
	}
}

func (f *fields) timeZone(path, name string) {
	// The controller's own zone is one that only the cluster knows.
	if zone.Known(name) || name == "" || name == "Local" {
		return
	}
	fix := "use a name of the IANA database, such as Europe/Berlin or Etc/UTC"
	if near, ok := zone.Closest(name); ok {
		fix = "write " + near
	}
	f.report(RuleSchedule, path, fix, "there is no time zone %s", shown(name))
}
