package nodepool

// GKEMachineSize is a machine type's size as a test reads it.
type GKEMachineSize struct {
	CPUs int64
	GiB  float64
}

// ReadGKEMachine is tested against Google's list.
func ReadGKEMachine(name string) (GKEMachineSize, bool) {
	m, ok := readGKEMachine(name)
	return GKEMachineSize{m.cpus, float64(m.mib) / 1024}, ok
}
