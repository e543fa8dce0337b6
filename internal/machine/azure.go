package machine

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/millrace/millrace"
)

// azureName reads Azure's machine types: family, CPUs, CPUs that are left of
// them, additive features, version.
var azureName = regexp.MustCompile(`^Standard_(D|E|F)([0-9]+)(-[0-9]+)?([a-z]*)_v([0-9]+)$`)

// azurePerCPU is the memory for each virtual CPU, in GiB.
var azurePerCPU = map[string]int64{"D": 4, "Dl": 2, "E": 8, "F": 2}

// Azure returns what a machine type of Azure has, and false where its name
// doesn't tell it.
func Azure(name string) (Type, bool) {
	m := azureName.FindStringSubmatch(name)
	if m == nil {
		return Type{}, false
	}
	family, features := m[1], m[4]
	if strings.Contains(features, "l") {
		family += "l"
	}
	perCPU, ok := azurePerCPU[family]
	cpus, _ := strconv.ParseInt(m[2], 10, 64)
	if version, _ := strconv.Atoi(m[5]); !ok || cpus == 0 || cpus > 64 || m[1] == "E" && cpus == 64 || version < 3 && m[1] != "F" || version > 5 {
		return Type{}, false
	}
	t := Type{Name: name, CPUs: cpus, Memory: millrace.Bytes(cpus*perCPU) * millrace.GiB, Arch: "amd64"}
	if m[3] != "" {
		t.CPUs, _ = strconv.ParseInt(m[3][1:], 10, 64)
	}
	if strings.Contains(features, "p") {
		t.Arch = "arm64"
	}
	return t, true
}
