package cron_test

import (
	"testing"

	"github.com/millrace/millrace/internal/cron"
)

func TestNoDay(t *testing.T) {
	for text, want := range map[string]bool{
		"0 0 * * *": false, "0 0 29 2 *": false, "0 0 30 2 *": true, "0 0 31 4,6 *": true, "0 0 31 4-5 *": false,
		"0 0 30 2 mon": false, "0 0 */31 2 *": false, "@every 1h": false, "@yearly": false,
	} {
		s, err := cron.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.NoDay(); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
