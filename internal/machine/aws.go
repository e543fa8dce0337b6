package machine

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/millrace/millrace"
)

// awsName reads EC2's machine types: family, generation, attributes, size.
var awsName = regexp.MustCompile(`^([a-z]+)([0-9]+)([a-z]*)(?:-[a-z0-9]+)*\.(medium|large|([0-9]*)xlarge)$`)

// awsPerCPU is the memory for each virtual CPU, in GiB.
var awsPerCPU = map[string]int64{"c": 2, "m": 4, "r": 8}

// AWS returns what a machine type of EC2 has, and false where its name doesn't
// tell it.
func AWS(name string) (Type, bool) {
	m := awsName.FindStringSubmatch(name)
	if m == nil {
		return Type{}, false
	}
	perCPU, ok := awsPerCPU[m[1]]
	generation, _ := strconv.Atoi(m[2])
	if !ok || generation < 5 || m[1]+m[2]+m[3] == "c5n" {
		return Type{}, false
	}
	cpus := awsCPUs(m[4], m[5])
	arch := "amd64"
	if strings.Contains(m[3], "g") {
		arch = "arm64"
	}
	return Type{Name: name, CPUs: cpus, Memory: millrace.Bytes(cpus*perCPU) * millrace.GiB, Arch: arch}, true
}

// awsCPUs returns the number of virtual CPUs that a size's name tells.
func awsCPUs(size, times string) int64 {
	switch size {
	case "medium":
		return 1
	case "large":
		return 2
	case "xlarge":
		return 4
	}
	n, _ := strconv.ParseInt(times, 10, 64)
	return 4 * n
}
