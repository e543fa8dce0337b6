package kafka

import (
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
)

// longestSuffix is the longest that Strimzi hangs on a cluster's name in the
// name of a service.
const longestSuffix = "-kafka-bootstrap"

func (c *Cluster) checkName(p *millrace.Problems) {
	p.LabelName("Name", c.Name)
	switch {
	case c.Name == "":
	case c.Name[0] >= '0' && c.Name[0] <= '9':
		p.Invalid("Name", c.Name, "services are named after the cluster, and their names start with a letter", "put a letter first")
	case len(c.Name)+len(longestSuffix) > validation.DNS1123LabelMaxLength:
		p.Invalid("Name", c.Name, fmt.Sprintf("the service %s%s would have more than 63 characters", c.Name, longestSuffix),
			fmt.Sprintf("use at most %d", validation.DNS1123LabelMaxLength-len(longestSuffix)))
	}
}

// checkPools checks that pools can be told apart.
func (c *Cluster) checkPools(p *millrace.Problems) {
	names := map[string]int{}
	for i := range c.Pools {
		pool := &c.Pools[i]
		if pool.Name == "" && slices.ContainsFunc(pool.Roles, func(r Role) bool { return r != Broker && r != Controller }) {
			continue // Who knows which role was meant, by which it is named.
		}
		name := pool.name()
		if other, ok := names[name]; ok {
			p.Add(millrace.RuleDuplicate, fmt.Sprintf("Pools[%d].Name", i), fmt.Sprintf("Pools[%d] is named %q too", other, name), "rename one of the two")
		}
		names[name] = i
	}
}
