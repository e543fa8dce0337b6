package millrace

import (
	"strconv"

	"k8s.io/apimachinery/pkg/api/resource"
)

// Bytes is a size: memory, disk, a segment of a log. Write it as a product,
// 8 * millrace.GiB, so that the unit stands beside the number.
//
// Each manifest spells sizes its own way (Kubernetes "8Gi", the JVM "8g",
// Terraform a bare number of GB); the builders pick the spelling, so that
// "512m", which is half a byte to Kubernetes, can't be written by mistake.
type Bytes int64

// The units of Bytes are powers of 1024, as Kubernetes' Ki, Mi, Gi and Ti are.
const (
	KiB Bytes = 1 << (10 * (iota + 1))
	MiB
	GiB
	TiB
)

// String returns the size as Kubernetes writes it, with the largest binary
// unit that divides it exactly: "8Gi", "1536Mi", "1000".
func (b Bytes) String() string {
	return b.withSuffix("Ti", "Gi", "Mi", "Ki", "")
}

// JVM returns the size as the JVM and Spark write it: "8g", "1536m", "1000b".
// The suffix is always there, since Spark reads a bare number as MiB in some
// settings and as bytes in others.
func (b Bytes) JVM() string {
	return b.withSuffix("t", "g", "m", "k", "b")
}

// Quantity returns the size as a Kubernetes quantity in binary units.
func (b Bytes) Quantity() resource.Quantity {
	return *resource.NewQuantity(int64(b), resource.BinarySI)
}

func (b Bytes) withSuffix(tera, giga, mega, kilo, none string) string {
	units := [...]struct {
		size   Bytes
		suffix string
	}{{TiB, tera}, {GiB, giga}, {MiB, mega}, {KiB, kilo}}
	for _, u := range units {
		if b != 0 && b%u.size == 0 {
			return strconv.FormatInt(int64(b/u.size), 10) + u.suffix
		}
	}
	return strconv.FormatInt(int64(b), 10) + none
}
