package closest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/millrace/millrace/internal/closest"
)

func TestName(t *testing.T) {
	names := []string{"retention.ms", "retention.bytes", "segment.ms", "b1", "a1"}
	for misspelt, want := range map[string]string{
		"retention.msx":            "retention.ms",
		"Retention.ms":             "retention.ms",
		"retentoin.bytes":          "retention.bytes",
		"x1":                       "a1",
		"compression":              "",
		"":                         "",
		strings.Repeat("a", 10000): "",
	} {
		got, ok := closest.Name(misspelt, slices.Values(names))
		if got != want || ok != (want != "") {
			t.Errorf("Name(%.20q) = %q, %v; want %q", misspelt, got, ok, want)
		}
	}
}
