package machine

import (
	"strconv"
	"strings"

	"github.com/millrace/millrace"
)

// diskLayout says which local disks the machines of a family have, by their
// number of CPUs: "CPUs:number x size" for each.
type diskLayout string

// of returns the number of disks of the machine with that many CPUs, and the
// size of each.
func (l diskLayout) of(cpus int64) (number, size int64) {
	prefix := strconv.FormatInt(cpus, 10) + ":"
	for _, field := range strings.Fields(string(l)) {
		if disks, ok := strings.CutPrefix(field, prefix); ok {
			n, each, _ := strings.Cut(disks, "x")
			number, _ = strconv.ParseInt(n, 10, 64)
			size, _ = strconv.ParseInt(each, 10, 64)
		}
	}
	return number, size
}

// localDisks returns the disks that hold the pods' files in place of the boot
// disk; false where the boot disk does, and where they aren't known.
func (n Node) localDisks() (number int64, size millrace.Bytes, ok bool) {
	number = int64(n.LocalDisks)
	if number == 0 {
		number = int64(n.Type.LocalDisks)
	}
	return number, n.Type.LocalDisk, n.LocalNVMe && number > 0 && n.Type.LocalDisk > 0
}
