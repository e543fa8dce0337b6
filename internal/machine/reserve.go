package machine

// bracket is a share that holds up to a bound, from the end of the bracket
// before it.
type bracket struct{ upTo, perMille int64 }

// share adds up what the brackets take of n.
func share(n int64, brackets []bracket) int64 {
	var sum, from int64
	for _, b := range brackets {
		if n <= from {
			break
		}
		sum += (min(n, b.upTo) - from) * b.perMille
		from = b.upTo
	}
	return sum / 1000
}

const unbounded = 1 << 52
