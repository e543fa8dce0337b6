package nodepool

import (
	"errors"
	"fmt"

	"github.com/millrace/millrace/internal/cron"
)

// everyMinute is the schedule of a budget that has none.
var everyMinute = cron.Schedule{
	Sets:  [...]uint64{1<<60 - 1, 1<<24 - 1, 1<<32 - 2, 1<<13 - 2, 1<<7 - 1},
	Stars: [...]bool{true, true, true, true, true},
}

// parseSchedule reads a cron expression as Karpenter does, in UTC, and refuses
// one without times of day.
func parseSchedule(text string) (cron.Schedule, error) {
	s, err := cron.Parse(text)
	if err != nil {
		return cron.Schedule{}, err
	}
	if s.Every != 0 {
		return cron.Schedule{}, errors.New("@every has no times of day")
	}
	if field, ok := s.Never(); ok {
		return cron.Schedule{}, fmt.Errorf("the %s is empty", field)
	}
	return s, nil
}
