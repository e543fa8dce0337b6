package machine_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/internal/machine"
)

// Every type of a family is one that AWS tells of.
func TestAWSFamily(t *testing.T) {
	want := []string{"a1.2xlarge", "a1.4xlarge", "a1.large", "a1.medium", "a1.metal", "a1.xlarge"}
	if diff := cmp.Diff(want, machine.AWSFamily("a1")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, family := range []string{"m5", "r6i", "c4", "c5n", "t3", "u-6tb1"} {
		types := machine.AWSFamily(family)
		if len(types) == 0 && family != "u-6tb1" || !slices.IsSorted(types) {
			t.Errorf("%s: %v", family, types)
		}
		for _, name := range types {
			if _, ok := machine.AWS(name); !ok || !strings.HasPrefix(name, family+".") {
				t.Errorf("%s isn't a known machine of %s", name, family)
			}
		}
	}
	for _, family := range []string{"", "m", "new", "c5n.large"} {
		if types := machine.AWSFamily(family); types != nil {
			t.Errorf("%q: %v", family, types)
		}
	}
}
