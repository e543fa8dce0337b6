package kafka

// Quotas keep one client from taking what all need, and disks from filling up.
type Quotas struct{}

func (q Quotas) make(m *making) {}
