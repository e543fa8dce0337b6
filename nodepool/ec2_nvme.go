package nodepool

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/machine"
	"github.com/millrace/millrace/nodepool/karpenterawsv1"
)

// localNVMeLabel is Karpenter's label for the size of the local disks, in GB.
const localNVMeLabel = awsGroup + "/instance-local-nvme"

// awsAttributes reads the family of a machine type: letters, generation,
// attributes.
var awsAttributes = regexp.MustCompile(`^([a-z]+)[0-9]+([a-z]*)(?:-[a-z0-9]+)*\.`)

// diskless reports whether a machine type is known to have no local disks: by
// the table, and for newer types by the name. In the families c, m, r and t,
// those that have some say so with a d.
func diskless(name string) bool {
	if t, ok := machine.AWS(name); ok {
		return t.LocalDisks == 0
	}
	m := awsAttributes.FindStringSubmatch(name)
	return m != nil && slices.Contains([]string{"c", "m", "r", "t"}, m[1]) && !strings.Contains(m[2], "d")
}

func (c *EC2NodeClass) checkLocalDisks(p *Pool, problems *millrace.Problems) {
	if !p.Disk.LocalNVMe {
		return
	}
	if c.family() == karpenterawsv1.AMIFamilyCustom {
		problems.Unsupported("Disk.LocalNVMe", "Custom images set up their disks themselves", "leave it out, and do it in the user data")
	}
	for i, name := range append([]string{p.Machine}, p.OtherMachines...) {
		if !diskless(name) {
			continue
		}
		field := "Machine"
		if i > 0 {
			field = fmt.Sprintf("OtherMachines[%d]", i-1)
		}
		problems.Invalid(field, name, "has no local disks, and Disk.LocalNVMe wants some", "use a machine type with a d, such as r6id.4xlarge, or leave Disk.LocalNVMe out")
	}
}
