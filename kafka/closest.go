package kafka

import "iter"

// closest returns the name that a misspelled one was most likely meant to be.
func closest(name string, names iter.Seq[string]) (string, bool) {
	// Names have about twenty letters: four wrong ones make it another name.
	const most = 4
	best, least := "", min(len(name)/4+1, most)
	for candidate := range names {
		d := distance(name, candidate)
		if d < least || d == least && (best == "" || candidate < best) {
			best, least = candidate, d
		}
	}
	return best, best != ""
}

// distance is the number of letters to change, add or drop (Levenshtein). It
// gives up on names that are longer than any setting.
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
