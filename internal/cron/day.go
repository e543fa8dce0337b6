package cron

// NoDay reports whether a schedule is for days that its months don't have, such
// as 30 February. Beside a day of the week one of the two suffices.
func (s *Schedule) NoDay() bool {
	if s.Every != 0 || !s.Stars[Weekday] {
		return false
	}
	lengths := [...]int{1: 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	for month, days := range lengths {
		if s.Sets[Month]&(1<<month) != 0 && s.Sets[Day]&(1<<(days+1)-1) != 0 {
			return false
		}
	}
	return true
}
