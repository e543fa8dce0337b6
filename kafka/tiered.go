package kafka

// TieredStorage moves old segments out of the brokers' disks.
type TieredStorage struct{}

func (t TieredStorage) make(m *making) {}
