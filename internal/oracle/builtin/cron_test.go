package builtin_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	library "github.com/robfig/cron/v3"
	"k8s.io/kubernetes/pkg/util/parsers"

	"github.com/millrace/millrace/internal/cron"
)

// TestCron: internal/cron reads what the server reads, and the same from it.
func TestCron(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 0))
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	number := func() string {
		return pick("0", "1", "5", "23", "31", "59", "60", "*", "?", "mon", "JAN", "+3", "-1", "", "x", "07")
	}
	part := func() string {
		s := number()
		if r.IntN(3) == 0 {
			s += "-" + number()
		}
		if r.IntN(3) == 0 {
			s += "/" + pick("1", "2", "15", "0", "x", "99", "")
		}
		return s
	}
	read, refused := 0, 0
	for range 40000 {
		var fields []string
		for range 5 + r.IntN(20)/18 {
			list := []string{pick("*", part(), "5", "*/2")}
			for r.IntN(4) == 0 {
				list = append(list, part())
			}
			fields = append(fields, strings.Join(list, ","))
		}
		text := strings.Join(fields, pick(" ", " ", "\t", "  "))
		if r.IntN(20) == 0 {
			text = pick("@daily", "@every 5m", "@every -5m", "@every 0.1s", "@every", "@Daily", "@reboot", "@annually", " @daily", "@daily ")
		}
		want, err := parsers.ParseCronScheduleWithPanicRecovery(text)
		got, ours := cron.Parse(text)
		if (err == nil) != (ours == nil) {
			t.Errorf("%q: the server says %v, and we %v", text, err, ours)
			continue
		}
		if err != nil {
			refused++
			continue
		}
		read++
		switch want := want.(type) {
		case *library.SpecSchedule:
			const star = 1 << 63
			for i, bits := range [...]uint64{want.Minute, want.Hour, want.Dom, want.Month, want.Dow} {
				if got.Sets[i] != bits&^star || got.Stars[i] != (bits&star != 0) {
					t.Errorf("%q: field %d is %b, %v, not %b", text, i, got.Sets[i], got.Stars[i], bits)
				}
			}
		case library.ConstantDelaySchedule:
			if got.Every.Truncate(time.Second) != want.Delay {
				t.Errorf("%q: every %v, not %v", text, got.Every, want.Delay)
			}
		}
	}
	t.Logf("%d read, %d refused", read, refused)
}
