package diagnosis

import "testing"

// TestCausesOrder: a cause stands after those that it may follow from, so that
// no order of causes can be a circle.
func TestCausesOrder(t *testing.T) {
	seen := make(map[string]bool)
	for _, c := range causes {
		if seen[c.id] {
			t.Errorf("%s is there twice", c.id)
		}
		for _, f := range c.follows {
			if !seen[f] {
				t.Errorf("%s may follow from %s, which does not stand before it", c.id, f)
			}
		}
		seen[c.id] = true
	}
}
