package kafka

import (
	"strings"
	"testing"
	"time"
)

// TestQuartz holds the reading of expressions to what Quartz 2.3.2 itself says:
// whether it takes them, and the first day from 2025-01-01 on that fits.
func TestQuartz(t *testing.T) {
	for expression, want := range map[string]string{
		"* * 0-1 ? * SUN":            "2025-01-05",
		"* * 0-1 ? * SUN,MON":        "2025-01-05",
		"* * 8-10,14-15 * * ?":       "2025-01-01",
		"* * 2 LW * ?":               "2025-01-31",
		"* * 2 L * ?":                "2025-01-31",
		"* * 2 L-3 * ?":              "2025-01-28",
		"* * 2 L-3W * ?":             "2025-01-28",
		"* * 2 L-27 2 ?":             "2025-02-01",
		"* * 2 15W 6 ?":              "2025-06-16",
		"* * 2 1W 2 ?":               "2025-02-03",
		"* * 2 31W 8 ?":              "2025-08-29",
		"* * 2 ? * 5L":               "2025-01-30",
		"* * 2 ? * friL":             "2025-01-31",
		"* * 2 ? * L":                "2025-01-04",
		"* * 2 ? 2 SUN#5":            "2032-02-29",
		"* * 2 ? * SUN#5":            "2025-03-30",
		"* * 2 29 2 ?":               "2028-02-29",
		"* * 2 ? * FRI-MON":          "2025-01-03",
		"* * 22-2 ? * *":             "2025-01-01",
		"* * 2 ? FEB-MAR,JUN *":      "2025-02-01",
		"* * 2 5/10 * ?":             "2025-01-05",
		"0/30\t*/5 2 ? 6 2-6/2 2026": "2026-06-01",
		"* * 2 1 1 ? 2027,2029":      "2027-01-01",
		"* * 2 1 1 ? 2030-2032":      "2030-01-01",
		"* * 2 1 1 ? 2026/5":         "2026-01-01",
		"/5 * * ? * *":               "2025-01-01",
		"* * 2 30 2 ?":               "never",
		"* * 2 31 4,6 ?":             "never",
		"* * 2 ? * * 2019":           "never",

		"":                      "bad",
		"* * 2 ? *":             "bad",
		"* * * * *":             "bad",
		"@weekly":               "bad",
		"* * 2 * * *":           "bad",
		"* * 2 ? * ?":           "bad",
		"* * 2 ? * MON#6":       "bad",
		"* * 2 ? * 0":           "bad",
		"* * 2 ? * 8":           "bad",
		"* * 2 0 * ?":           "bad",
		"* * 2 32 * ?":          "bad",
		"* * 2 L,3 * ?":         "bad",
		"60 * * ? * *":          "bad",
		"* 60 * ? * *":          "bad",
		"* * 24 ? * *":          "bad",
		"* * 2 ? 13 *":          "bad",
		"* * 2 ? MON *":         "bad",
		"*/70 * * ? * *":        "bad",
		"* * 2 ? * * 2030-2026": "bad",
		"* * 2 W * ?":           "bad",

		// What Quartz reads otherwise than it is meant, or never ends with.
		"* * 2 ? * SUNDAY":         "bad",
		"* * 2, ? * *":             "bad",
		"* * 2 ? * * 20265":        "bad",
		"* * 2 ? * MON-FRI/2":      "bad",
		"* * 2 ? JAN,MARC *":       "bad",
		"* * 2 15W,20W * ?":        "bad",
		"* * 2 L-30W * ?":          "bad",
		"* * 2 ? * * 2026 weekly":  "bad",
		"*/0 * 2 ? * *":            "bad",
		"* * 2 ? * * 1969":         "bad",
		"* * 2 ? * * 2026-2027/0":  "bad",
		"* * 2 ? * 2-FRI":          "bad",
		"* * 2 ? * 1,":             "bad",
		"* * 2 ? * * 2100":         "bad",
		"* * 2 ? * * */ 5 because": "bad",
	} {
		t.Run(expression, func(t *testing.T) {
			q, why := parseQuartz(expression)
			got := "never"
			if why != "" {
				got = "bad"
			}
			for day := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC); why == "" && day.Year() < 2055; day = day.AddDate(0, 0, 1) {
				if q.on(day) {
					got = day.Format(time.DateOnly)
					break
				}
			}
			if got != want {
				t.Errorf("%s, want %s (%s)", got, want, why)
			}
		})
	}
}

// FuzzQuartz reads what anybody may write, and twice the same.
func FuzzQuartz(f *testing.F) {
	f.Add("* * 0-1 ? * SUN,MON#3 2026/2")
	f.Add("0/5 1-2 22-4 L-3W FEB ?")
	f.Fuzz(func(t *testing.T, expression string) {
		q, why := parseQuartz(expression)
		if _, again := parseQuartz(strings.ToLower(expression)); expression == strings.ToUpper(expression) && again != why {
			t.Errorf("%q is read otherwise in lower case: %q, %q", expression, why, again)
		}
		if why != "" {
			return
		}
		if q.seconds == 0 || q.minutes == 0 || q.hours == 0 || q.months == 0 || q.run() == 0 {
			t.Errorf("%q has no time at all: %+v", expression, q)
		}
		q.on(time.Date(2025, 2, 28, 0, 0, 0, 0, time.UTC))
	})
}
