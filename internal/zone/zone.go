// Package zone knows the names of the time zones, and reads none: what it says
// doesn't depend on the machine that it runs on.
package zone

import (
	_ "embed"
	"maps"
	"strings"
	"sync"

	"github.com/millrace/millrace/internal/closest"
)

// text lists the zones of the IANA database, a line each, as Go 1.26 has them.
//
//go:embed names.txt
var text string

var names = sync.OnceValue(func() map[string]bool {
	out := make(map[string]bool)
	for name := range strings.Lines(text) {
		out[strings.TrimSuffix(name, "\n")] = true
	}
	return out
})

// Known reports whether a time zone has the name. The letters' case counts, as
// it does on Linux.
func Known(name string) bool { return names()[name] }

// Closest returns the zone that a misspelt name was most likely meant to be.
func Closest(misspelt string) (string, bool) {
	return closest.Name(misspelt, maps.Keys(names()))
}
