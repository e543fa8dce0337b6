// Package closest guesses what a misspelt name was meant to be.
package closest

import "iter"

// Name returns the one of the names that a misspelt one was most likely meant
// to be, the first in the alphabet where several are as close. It finds none
// where more than a quarter of the letters would have to change, or more than
// six: then it is another name.
func Name(misspelt string, names iter.Seq[string]) (string, bool) {
	return Within(misspelt, names, min(len(misspelt)/4+1, 6))
}

// Within does the same for at most so many letters.
func Within(misspelt string, names iter.Seq[string], most int) (string, bool) {
	best, least := "", most
	for candidate := range names {
		if max(len(misspelt)-len(candidate), len(candidate)-len(misspelt)) > least {
			continue
		}
		d := distance(misspelt, candidate)
		if d < least || d == least && (best == "" || candidate < best) {
			best, least = candidate, d
		}
	}
	return best, best != ""
}

// distance is the number of letters to change, add or drop (Levenshtein). It
// gives up on names that are longer than any real one.
func distance(a, b string) int {
	const longest = 128
	if len(a) > longest || len(b) > longest {
		return longest
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
