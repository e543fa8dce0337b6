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
	if checkDiskSize(problems, p.Disk.Size, v.least, min(v.most, ec2MaxDisk), "EC2") {
		c.checkSpeed(p, problems, kind, int64(orDefault(p.Disk.Size, defaultDiskSize)/millrace.GiB))
	}
}

func (c *EC2NodeClass) checkSpeed(p *Pool, problems *millrace.Problems, kind karpenterawsv1.VolumeType, gibs int64) {
	if m := misfit(kind, gibs, c.IOPS, c.throughput(p)); m.field != "" {
		problems.Add(m.rule, "Provider.EC2."+m.field, m.detail, m.fix)
	}
	if t := c.throughput(p); p.ImageStreaming && !p.Disk.LocalNVMe && kind == "gp3" && t < streamingThroughput {
		problems.Conflict("Provider.EC2.Throughput", fmt.Sprintf("ImageStreaming wants %d MiB/s; with less, images come slower than without it", streamingThroughput), "leave it out, or use Disk.LocalNVMe")
	}
}
