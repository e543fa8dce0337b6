package nodepool

import (
	"fmt"
	"slices"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool/karpenterawsv1"
)

const (
	// defaultVolumeType costs 20% less than gp2, and its speed doesn't depend on
	// its size.
	defaultVolumeType = karpenterawsv1.VolumeTypeGp3

	rootDevice       = "/dev/xvda"
	bottlerocketData = "/dev/xvdb"
	// bottlerocketRoot holds nothing but the system.
	bottlerocketRoot = "4Gi"
)

// ephemeralDevice is the disk of a family that holds images and the pods'
// files, empty for Custom, and for Windows, where no data workload runs.
// Source: Karpenter's AWS provider 1.14.1, pkg/providers/amifamily.
func ephemeralDevice(family karpenterawsv1.AMIFamily) string {
	switch family {
	case karpenterawsv1.AMIFamilyAL2, karpenterawsv1.AMIFamilyAL2023:
		return rootDevice
	case karpenterawsv1.AMIFamilyBottlerocket:
		return bottlerocketData
	}
	return ""
}

// describesDisk reports whether a field says what the disk is like.
func (c *EC2NodeClass) describesDisk(p *Pool) bool {
	return p.Disk.Size != 0 || p.Disk.Type != "" || c.IOPS != 0 || c.Throughput != 0 || c.KMSKey != ""
}

// disks returns the disks of a node. Karpenter's own default, 20 GiB, is lost
// as soon as one disk is written, that of Bottlerocket's system with it.
func (c *EC2NodeClass) disks(p *Pool) []karpenterawsv1.BlockDeviceMapping {
	device := ephemeralDevice(c.family())
	if device == "" {
		return nil
	}
	disk := &karpenterawsv1.BlockDevice{
		Encrypted:  new(true),
		KMSKeyID:   optional(c.KMSKey),
		VolumeSize: new(gib(orDefault(p.Disk.Size, defaultDiskSize))),
		VolumeType: c.volumeType(p),
	}
	if c.IOPS != 0 {
		disk.IOPS = new(c.IOPS)
	}
	if n := c.throughput(p); n != 0 {
		disk.Throughput = new(n)
	}
	out := []karpenterawsv1.BlockDeviceMapping{{DeviceName: new(device), EBS: disk}}
	if device == bottlerocketData {
		system := &karpenterawsv1.BlockDevice{
			Encrypted: new(true), KMSKeyID: optional(c.KMSKey), VolumeSize: new(bottlerocketRoot), VolumeType: defaultVolumeType,
		}
		out = slices.Insert(out, 0, karpenterawsv1.BlockDeviceMapping{DeviceName: new(rootDevice), EBS: system})
	}
	return out
}

func (c *EC2NodeClass) volumeType(p *Pool) karpenterawsv1.VolumeType {
	return orDefault(karpenterawsv1.VolumeType(p.Disk.Type), defaultVolumeType)
}

func (c *EC2NodeClass) throughput(p *Pool) int64 {
	if c.Throughput == 0 && p.ImageStreaming && !p.Disk.LocalNVMe && c.volumeType(p) == karpenterawsv1.VolumeTypeGp3 {
		return streamingThroughput
	}
	return c.Throughput
}

func gib(size millrace.Bytes) string { return fmt.Sprintf("%dGi", int64(size/millrace.GiB)) }

// volume is what EBS takes of a type of volume.
type volume struct {
	least, most         millrace.Bytes
	leastIOPS, mostIOPS int64
	perGiB              int64 // IOPS for each GiB
}

// volumes are the types that can be a root disk.
// Source: Amazon EBS, volume types (2026); the CRD's pattern of volumeSize
// bounds the size as well.
var volumes = map[karpenterawsv1.VolumeType]volume{
	"gp3":      {millrace.GiB, 59000 * millrace.GiB, gp3IOPS, 80000, 500},
	"gp2":      {least: millrace.GiB, most: 16384 * millrace.GiB},
	"io1":      {4 * millrace.GiB, 16384 * millrace.GiB, 100, 64000, 50},
	"io2":      {4 * millrace.GiB, 59000 * millrace.GiB, 100, 256000, 1000},
	"standard": {least: millrace.GiB, most: 1024 * millrace.GiB},
}

// leastThroughput and mostThroughput are gp3's, in MiB/s.
const leastThroughput, mostThroughput = gp3Throughput, 2000

func (c *EC2NodeClass) checkDisk(p *Pool, problems *millrace.Problems) {
	if ephemeralDevice(c.family()) == "" && c.describesDisk(p) && c.family() != "" {
		problems.Unsupported("Disk", "the disks of Custom images aren't known", "describe them in Provider.EC2.Base.BlockDeviceMappings")
		return
	}
	kind := c.volumeType(p)
	v, ok := volumes[kind]
	if !ok {
		problems.Invalid("Disk.Type", string(kind), "no kind of EBS volume that a node starts from", "use gp3, io2, io1 or gp2")
		return
	}
	switch size := orDefault(p.Disk.Size, defaultDiskSize); {
	case size < v.least || size > v.most:
		problems.Invalid("Disk.Size", size, "is out of range", fmt.Sprintf("use %s to %s", v.least, v.most))
	case size%millrace.GiB != 0:
		problems.Invalid("Disk.Size", size, "is no whole number of GiB", "round it")
	default:
		c.checkSpeed(p, problems, kind, int64(size/millrace.GiB))
	}
}

func (c *EC2NodeClass) checkSpeed(p *Pool, problems *millrace.Problems, kind karpenterawsv1.VolumeType, gibs int64) {
	if field, detail, fix := slow(kind, gibs, c.IOPS, c.throughput(p)); field != "" {
		field = "Provider.EC2." + field
		switch detail {
		case "":
			problems.Required(field, fix)
		default:
			problems.Add(millrace.RuleInvalid, field, detail, fix)
		}
	}
	if t := c.throughput(p); p.ImageStreaming && !p.Disk.LocalNVMe && kind == "gp3" && t < streamingThroughput {
		problems.Conflict("Provider.EC2.Throughput", fmt.Sprintf("ImageStreaming wants %d MiB/s; with less, images come slower than without it", streamingThroughput), "leave it out, or use Disk.LocalNVMe")
	}
}

// slow says which speed EC2 refuses for a volume of that type and size, zero
// for one that isn't set, and why; without a reason, it must be set.
func slow(kind karpenterawsv1.VolumeType, gibs, iops, throughput int64) (field, detail, fix string) {
	v := volumes[kind]
	switch {
	case v.mostIOPS == 0 && iops != 0:
		return "IOPS", fmt.Sprintf("the speed of %s can't be set", kind), "use gp3 or io2, or leave it out"
	case iops == 0 && (kind == "io1" || kind == "io2"):
		return "IOPS", "", fmt.Sprintf("say how many operations per second the %s volume has, or use gp3", kind)
	case iops != 0 && (iops < v.leastIOPS || iops > v.mostIOPS):
		return "IOPS", fmt.Sprintf("%d is out of range for %s", iops, kind), fmt.Sprintf("use %d to %d", v.leastIOPS, v.mostIOPS)
	case iops > max(v.leastIOPS, v.perGiB*gibs):
		return "IOPS", fmt.Sprintf("%d: a %s volume of %d GiB has at most %d", iops, kind, gibs, v.perGiB*gibs), "lower it, or make the disk larger"
	}
	switch {
	case throughput == 0:
	case kind != "gp3":
		return "Throughput", fmt.Sprintf("the throughput of %s can't be set", kind), "use gp3, or leave it out"
	case throughput < leastThroughput || throughput > mostThroughput:
		return "Throughput", fmt.Sprintf("%d MiB/s is out of range", throughput), fmt.Sprintf("use %d to %d", leastThroughput, mostThroughput)
	case throughput*gp3Ratio > orDefault(iops, gp3IOPS):
		return "Throughput", fmt.Sprintf("%d IOPS are too few for %d MiB/s", orDefault(iops, gp3IOPS), throughput), fmt.Sprintf("set %d IOPS or more", throughput*gp3Ratio)
	}
	return "", "", ""
}
