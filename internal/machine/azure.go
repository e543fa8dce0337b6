package machine

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/millrace/millrace"
)

// azureName reads Azure's machine types: family, number, CPUs that are left of
// them, features, version.
// Source: https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions.
var azureName = regexp.MustCompile(`^Standard_([A-Z]+)([0-9]+)(?:-([0-9]+))?([a-z]*)(_v[0-9]+)?$`)

// Azure returns what a machine type of Azure has, and false for those that
// aren't known, such as all with accelerators.
func Azure(name string) (Type, bool) {
	m := azureName.FindStringSubmatch(name)
	if m == nil {
		return Type{}, false
	}
	f, ok := azureFamilies[m[1]+"*"+m[4]+m[5]]
	if !ok {
		return Type{}, false
	}
	cpus, gibs, ok := f.size(m[2])
	if !ok {
		return Type{}, false
	}
	t := Type{Name: name, CPUs: cpus, Memory: millrace.Bytes(gibs * float64(millrace.GiB)), Arch: "amd64"}
	if strings.Contains(m[4], "p") {
		t.Arch = "arm64"
	}
	disks, size := f.disks.of(cpus)
	t.LocalDisks, t.LocalDisk = int(disks), millrace.Bytes(size)*f.diskUnit()
	if m[3] != "" {
		active, _ := strconv.ParseInt(m[3], 10, 64)
		if !f.constrains(cpus, active) {
			return Type{}, false
		}
		t.CPUs = active
	}
	return t, true
}

// size returns the CPUs and GiB of the family's size with that number.
func (f azureFamily) size(number string) (cpus int64, gibs float64, ok bool) {
	for _, field := range strings.Fields(f.sizes) {
		name, memory, irregular := strings.Cut(field, "=")
		name, count, named := strings.Cut(name, ":")
		if name != number {
			continue
		}
		if !named {
			count = name
		}
		cpus, _ = strconv.ParseInt(count, 10, 64)
		gibs = float64(cpus * f.gib)
		if irregular {
			gibs, _ = strconv.ParseFloat(memory, 64)
		}
		return cpus, gibs, true
	}
	return 0, 0, false
}

// constrains reports whether there is a size of that many CPUs of which fewer
// are active: a half, or a quarter. There are none of 20 and 48.
// Source: https://learn.microsoft.com/azure/virtual-machines/constrained-vcpu.
func (f azureFamily) constrains(cpus, active int64) bool {
	return f.active > 0 && active >= f.active && cpus != 20 && cpus != 48 &&
		(active*2 == cpus || active*4 == cpus)
}

// diskUnit is what the sizes of the family's disks count: the storage-optimized
// ones are told in powers of ten.
func (f azureFamily) diskUnit() millrace.Bytes {
	if f.decimal {
		return 1_000_000_000
	}
	return millrace.GiB
}
