package kafka

import (
	"fmt"
	"slices"

	"github.com/millrace/millrace"
)

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
