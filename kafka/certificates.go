package kafka

// Certificates says how the certificate authorities of a cluster work.
type Certificates struct{}

func (c Certificates) make(m *making) {}
