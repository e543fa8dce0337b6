package kafka

import (
	"cmp"
	"strings"
)

// Access is what the user of the workers needs, for the Access of a User. What
// its connectors read and write comes beside.
func (c *Connect) Access() RunConnect {
	if c == nil {
		return RunConnect{}
	}
	mode := c.Config[keyExactlyOnce]
	if mode == "" {
		mode, _ = configText(c.Base.Config[keyExactlyOnce])
	}
	return RunConnect{
		Group:       cmp.Or(c.GroupID, c.Base.GroupID, c.Name),
		ConfigTopic: cmp.Or(c.Topics.Configs, c.Base.ConfigStorageTopic, c.Name+"-configs"),
		OffsetTopic: cmp.Or(c.Topics.Offsets, c.Base.OffsetStorageTopic, c.Name+"-offsets"),
		StatusTopic: cmp.Or(c.Topics.Status, c.Base.StatusStorageTopic, c.Name+"-status"),
		ExactlyOnce: mode != "" && !strings.EqualFold(mode, "disabled"),
	}
}

const keyExactlyOnce = "exactly.once.source.support"
