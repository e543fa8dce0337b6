package nodepool

import (
	"fmt"

	"github.com/millrace/millrace"
)

// checkDiskSize checks the size of a disk, zero for the default one, and
// reports whether it can be that. of says who counts it.
func checkDiskSize(problems *millrace.Problems, size, least, most millrace.Bytes, of string) bool {
	const field = "Disk.Size"
	switch {
	case size == 0:
		return true
	case size > 0 && size < millrace.KiB:
		problems.Invalid(field, size, "so many bytes are too few", withUnit(size))
	case size < least || size > most:
		problems.Invalid(field, size, "is out of range", fmt.Sprintf("use %s to %s", least, most))
	case size%millrace.GiB != 0:
		problems.Invalid(field, size, of+" counts in whole GiB", "use a multiple of millrace.GiB")
	default:
		return true
	}
	return false
}

// checkMemory checks a size of memory, zero for none; of says whose it is.
func checkMemory(problems *millrace.Problems, field string, memory millrace.Bytes, of string) {
	switch {
	case memory < 0:
		problems.Invalid(field, memory, "is negative", "use a size")
	case memory > 0 && memory < millrace.KiB:
		problems.Invalid(field, memory, "so many bytes are too few for any "+of, withUnit(memory))
	}
}

// withUnit says how a size that was given as a mere number is meant.
func withUnit(size millrace.Bytes) string {
	return fmt.Sprintf("give the unit: %d * millrace.GiB", int64(size))
}
