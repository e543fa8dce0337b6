package machine

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/millrace/millrace"
)

// AWS returns what a machine type of EC2 has, and false for those that aren't
// known. Graphics cards and other accelerators aren't told of.
func AWS(name string) (Type, bool) {
	if m, ok := awsIrregular[name]; ok {
		return m.named(name), true
	}
	family, size, _ := strings.Cut(name, ".")
	f, ok := awsFamilies[family]
	if !ok || !slices.Contains(strings.Fields(f.sizes), size) {
		return Type{}, false
	}
	cpus := f.sizeCPUs(size)
	m := networkOf(f.network, cpus)
	m.cpus, m.mib = cpus, cpus*f.gib<<10/f.cpus
	m.disks, m.gb = f.disks.of(cpus)
	return m.named(name), true
}

// networkOf returns a machine's network.
func networkOf(network []awsNetwork, cpus int64) awsMachine {
	for _, n := range network {
		if cpus <= n.upTo {
			return awsMachine{interfaces: n.interfaces, addresses: n.addresses}
		}
	}
	return awsMachine{}
}

func (m awsMachine) named(name string) Type {
	return Type{
		Name:   name,
		CPUs:   m.cpus,
		Memory: millrace.Bytes(m.mib) * millrace.MiB,
		Arch:   AWSArch(name),
		// EC2 counts disks in powers of ten.
		LocalDisks: int(m.disks),
		LocalDisk:  millrace.Bytes(m.gb) * 1_000_000_000,
		MaxPods:    int(m.maxPods()),
	}
}

// maxPods is how many pods the VPC's CNI plugin gives addresses to: every
// interface keeps one for itself, and two of the pods have the host's.
// Source: awslabs/amazon-eks-ami, nodeadm/internal/kubelet/eni_max_pods.go.
func (m awsMachine) maxPods() int64 { return m.interfaces*(m.addresses-1) + 2 }

// awsSizes are the sizes that aren't numbers of xlarge.
var awsSizes = map[string]int64{"medium": 1, "large": 2, "xlarge": 4}

// sizeCPUs returns the number of virtual CPUs that a size of the family tells of.
func (f awsFamily) sizeCPUs(size string) int64 {
	if n, ok := awsSizes[size]; ok {
		return n
	}
	if size == "metal" {
		// Metal without a size is the whole of the largest machine.
		var most int64
		for _, other := range strings.Fields(f.sizes) {
			if other != "metal" {
				most = max(most, f.sizeCPUs(other))
			}
		}
		return most
	}
	digits := strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(size, "metal-"), "xlarge"), "xl")
	n, _ := strconv.ParseInt(digits, 10, 64)
	return 4 * n
}

// awsName reads a machine type's name: series, generation, attributes.
var awsName = regexp.MustCompile(`^([a-z]+)([0-9]+)([a-z]*)(?:-[a-z0-9]+)*\.[a-z0-9-]+$`)

// awsGrace are the machines with Nvidia's own Arm processors, such as
// p6e-gb200.
var awsGrace = regexp.MustCompile(`-gb[0-9]`)

// AWSArch returns the architecture of a machine type of EC2, known or not:
// Graviton machines have a g behind the generation. It is empty where the name
// doesn't tell.
// Source: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html.
func AWSArch(name string) string {
	m := awsName.FindStringSubmatch(name)
	switch {
	case strings.HasPrefix(name, "u-"):
		return "amd64"
	case m == nil || m[1] == "mac":
		return ""
	case strings.Contains(m[3], "g"), m[1]+m[2] == "a1", awsGrace.MatchString(name):
		return "arm64"
	}
	return "amd64"
}
