package sparkconf

import (
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/millrace/millrace/internal/closest"
)

// alternatives are the older keys, and the present one of each.
var alternatives = sync.OnceValue(func() map[string]string {
	t := read()
	out := make(map[string]string)
	for _, key := range slices.Sorted(maps.Keys(t.entries)) {
		for _, s := range t.entries[key].declared {
			if s == nil {
				continue
			}
			for _, old := range s.Alternatives {
				out[old] = key
			}
		}
	}
	return out
})

// Suggest returns the key that a misspelt one below spark.kubernetes. was most
// likely meant to be.
func Suggest(key string) (string, bool) {
	return closest.Name(key, keys("spark.kubernetes."))
}

// most is how many letters a near miss has wrong: with more, a name may be
// somebody's own.
const most = 2

// NearMiss returns the key that a misspelt one was meant to be, where there
// can be little doubt: other dots and capitals, or a letter or two.
func NearMiss(key string) (string, bool) {
	if meant, ok := plain()[plainly(key)]; ok {
		return meant, true
	}
	// spark.etl.x is somebody's own, however like spark.sql.x it looks.
	area, near := areaOf(key), make(map[string]bool)
	return closest.Within(key, func(yield func(string) bool) {
		for candidate := range keys("spark.") {
			other := areaOf(candidate)
			alike, seen := near[other]
			if !seen {
				_, alike = closest.Within(area, slices.Values([]string{other}), 1)
				near[other] = alike
			}
			if alike && !yield(candidate) {
				return
			}
		}
	}, most)
}

// areaOf is the part behind "spark.".
func areaOf(key string) string {
	_, rest, _ := strings.Cut(key, ".")
	area, _, _ := strings.Cut(rest, ".")
	return area
}

// plain is the keys without the dots and capitals that are easily mistaken.
var plain = sync.OnceValue(func() map[string]string {
	out := make(map[string]string)
	for key := range keys("spark.") {
		if meant := plainly(key); out[meant] == "" || key < out[meant] {
			out[meant] = key
		}
	}
	return out
})

var apart = strings.NewReplacer(".", "", "-", "", "_", "")

func plainly(key string) string { return apart.Replace(strings.ToLower(key)) }

// keys are those that the newest version declares.
func keys(prefix string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for key, e := range read().entries {
			if e.declared != nil && e.Gone() == "" && strings.HasPrefix(key, prefix) && !yield(key) {
				return
			}
		}
	}
}

// Keys are those that some version declares, in no order.
func Keys() iter.Seq[string] {
	return func(yield func(string) bool) {
		for key, e := range read().entries {
			if e.declared != nil && !yield(key) {
				return
			}
		}
	}
}
