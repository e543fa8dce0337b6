package nodepool

import (
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool/karpenterawsv1"
)

const (
	// gp3 is the newest general kind of disk: a fifth cheaper than gp2, and as
	// fast at every size.
	gp3 = "gp3"
	// gp3IOPS and gp3Throughput are what a gp3 disk has at no extra cost, and
	// the least that it can be given. gp3Ratio is how many operations each
	// MiB/s needs.
	// Source: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html.
	gp3IOPS       = 3000
	gp3Throughput = 125
	gp3Ratio      = 4
	// gp3MostIOPS and gp3MostThroughput are the most since September 2025;
	// before, they were 16000 and 1000, which eksctl still holds to.
	// Source: EC2 API, EbsBlockDevice (iops, throughput); eksctl 0.215,
	// pkg/apis/eksctl.io/v1alpha5/validation.go.
	gp3MostIOPS          = 80000
	gp3MostThroughput    = 2000
	eksctlMostIOPS       = 16000
	eksctlMostThroughput = 1000

	// ec2MaxDisk is the most that the pattern of an EC2NodeClass' volumeSize
	// takes.
	// Source: Karpenter's AWS provider 1.14.1, pkg/apis/crds.
	ec2MaxDisk = 59000 * millrace.GiB
)

// volume is what EBS takes of a type of volume.
type volume struct {
	least, most         millrace.Bytes
	leastIOPS, mostIOPS int64
	perGiB              int64 // IOPS for each GiB
}

// volumes are the types that can be a root disk.
// Source: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html (2026).
var volumes = map[karpenterawsv1.VolumeType]volume{
	gp3:        {millrace.GiB, 64 * millrace.TiB, gp3IOPS, gp3MostIOPS, 500},
	"gp2":      {least: millrace.GiB, most: 16 * millrace.TiB},
	"io1":      {4 * millrace.GiB, 16 * millrace.TiB, 100, 64000, 50},
	"io2":      {4 * millrace.GiB, 64 * millrace.TiB, 100, 256000, 1000},
	"standard": {least: millrace.GiB, most: millrace.TiB},
}

// ebsMisfit is a speed that EC2 refuses for a disk; no field means none.
type ebsMisfit struct{ field, rule, detail, fix string }

// misfit says which speed EC2 refuses for a volume of that type and size, zero
// for one that isn't set, and why.
func misfit(kind karpenterawsv1.VolumeType, gibs, iops, throughput int64) ebsMisfit {
	const (
		speed = "IOPS"
		rate  = "Throughput"
	)
	v, invalid := volumes[kind], millrace.RuleInvalid
	switch {
	case v.mostIOPS == 0 && iops != 0:
		return ebsMisfit{speed, millrace.RuleUnsupported, fmt.Sprintf("the speed of %s can't be set", kind), "use gp3 or io2, or leave it out"}
	case iops == 0 && kind != gp3 && v.mostIOPS > 0:
		return ebsMisfit{speed, millrace.RuleRequired, "is required", fmt.Sprintf("say how many operations per second the %s volume has, or use gp3", kind)}
	case iops != 0 && (iops < v.leastIOPS || iops > v.mostIOPS):
		return ebsMisfit{speed, invalid, fmt.Sprintf("%d is out of range for %s", iops, kind), fmt.Sprintf("use %d to %d", v.leastIOPS, v.mostIOPS)}
	case iops > max(v.leastIOPS, v.perGiB*gibs):
		return ebsMisfit{speed, invalid, fmt.Sprintf("%d: a %s volume of %d GiB has at most %d", iops, kind, gibs, v.perGiB*gibs), "lower it, or make the disk larger"}
	}
	switch {
	case throughput == 0:
	case kind != gp3:
		return ebsMisfit{rate, millrace.RuleUnsupported, fmt.Sprintf("the throughput of %s can't be set", kind), "use gp3, or leave it out"}
	case throughput < gp3Throughput || throughput > gp3MostThroughput:
		return ebsMisfit{rate, invalid, fmt.Sprintf("%d MiB/s is out of range", throughput), fmt.Sprintf("use %d to %d", gp3Throughput, gp3MostThroughput)}
	case throughput*gp3Ratio > orDefault(iops, gp3IOPS):
		return ebsMisfit{rate, invalid, fmt.Sprintf("%d IOPS are too few for %d MiB/s", orDefault(iops, gp3IOPS), throughput), fmt.Sprintf("set %d IOPS or more", throughput*gp3Ratio)}
	}
	return ebsMisfit{}
}
