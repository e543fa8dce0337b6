package cron_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/internal/cron"
)

const (
	anyMinute, anyHour, anyDay, anyMonth, anyWeekday = 1<<60 - 1, 1<<24 - 1, 1<<32 - 2, 1<<13 - 2, 1<<7 - 1
)

func TestParse(t *testing.T) {
	daily := cron.Schedule{Sets: [...]uint64{1, 1, anyDay, anyMonth, anyWeekday}, Stars: [...]bool{false, false, true, true, true}}
	for text, want := range map[string]cron.Schedule{
		"@daily":                         daily,
		"@midnight":                      daily,
		"0 0 * ? *":                      daily,
		"*/15 8-18/2,20 1 JAN-mar Mon,5": {Sets: [...]uint64{1 | 1<<15 | 1<<30 | 1<<45, 1<<8 | 1<<10 | 1<<12 | 1<<14 | 1<<16 | 1<<18 | 1<<20, 1 << 1, 1<<1 | 1<<2 | 1<<3, 1<<1 | 1<<5}},
		"50/5 */1 *-x * *":               {Sets: [...]uint64{1<<50 | 1<<55, anyHour, anyDay, anyMonth, anyWeekday}, Stars: [...]bool{false, true, true, true, true}},
		", * * * *":                      {Sets: [...]uint64{0, anyHour, anyDay, anyMonth, anyWeekday}, Stars: [...]bool{false, true, true, true, true}},
		"@every 1h30m":                   {Every: 90 * time.Minute},
		"@every -1h":                     {Every: time.Second},
	} {
		got, err := cron.Parse(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q:\n%s", text, diff)
		}
	}
	for _, text := range []string{
		"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 7", "5-1 * * * *", "*/0 * * * *", "1/2/3 * * * *",
		"1-2-3 * * * *", "a * * * *", "* * * ſep *", "@Daily", "@every", "@every x", "TZ=UTC * * * * *", "CRON_TZ=UTC @daily", " @daily",
	} {
		if s, err := cron.Parse(text); err == nil {
			t.Errorf("%q: %v", text, s)
		}
	}
}

func TestNever(t *testing.T) {
	for text, want := range map[string]string{"* * * * *": "", ", * * * *": "minute", "* * * , *": "month", "@every 1m": ""} {
		s, err := cron.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if field, ok := s.Never(); field != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", text, field, ok)
		}
	}
}

// FuzzParse: whatever parses stays within the fields' bounds.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"*/15 8-18/2 1,15 jan-mar mon-fri", "@every 1h", "@weekly", ", * * * *", "9/9999999999 * * * ?"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := cron.Parse(text)
		if err != nil {
			return
		}
		for i, all := range [...]uint64{anyMinute, anyHour, anyDay, anyMonth, anyWeekday} {
			if s.Sets[i]&^all != 0 {
				t.Errorf("%q: field %d is %b", text, i, s.Sets[i])
			}
		}
	})
}
