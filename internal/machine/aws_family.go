package machine

import (
	"slices"
	"strings"
)

// AWSFamily returns the machine types of a family of EC2, such as "r6i", sorted
// by their names; none if the family isn't known.
func AWSFamily(family string) []string {
	var out []string
	for size := range strings.FieldsSeq(awsFamilies[family].sizes) {
		out = append(out, family+"."+size)
	}
	for name := range awsIrregular {
		if strings.HasPrefix(name, family+".") {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
