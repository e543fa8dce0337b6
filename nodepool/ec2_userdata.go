package nodepool

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/machine"
	"github.com/millrace/millrace/nodepool/karpenterawsv1"
)

// fastImagePull is user data as nodeadm reads it. Karpenter adds its own part.
// Source: awslabs/amazon-eks-ami, nodeadm, feature gate FastImagePull.
const fastImagePull = `MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="//"

--//
Content-Type: application/node.eks.aws

apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  featureGates:
    FastImagePull: true

--//--
`

// parallelPull are the settings of Bottlerocket for the same.
// Source: Bottlerocket 1.44, settings.container-runtime-plugins.
const parallelPull = `[settings.container-runtime]
snapshotter = "soci"

[settings.container-runtime-plugins.soci-snapshotter]
pull-mode = "parallel-pull-unpack"
`

// userData returns what turns ImageStreaming on, nil without it.
func (c *EC2NodeClass) userData(p *Pool) *string {
	if !p.ImageStreaming {
		return nil
	}
	switch c.family() {
	case karpenterawsv1.AMIFamilyAL2023:
		return new(fastImagePull)
	case karpenterawsv1.AMIFamilyBottlerocket:
		return new(parallelPull)
	}
	return nil
}

const (
	// Bottlerocket has SOCI from 1.44 on, and keeps its files on local disks from
	// 1.46 on.
	bottlerocketSOCI     = 44
	bottlerocketSOCINVMe = 46
)

func (c *EC2NodeClass) checkStreaming(p *Pool, problems *millrace.Problems) {
	if !p.ImageStreaming {
		return
	}
	switch c.family() {
	case "": // Something else is wrong.
	case karpenterawsv1.AMIFamilyAL2023:
		checkStreamingSize(p, problems)
	case karpenterawsv1.AMIFamilyBottlerocket:
		least := bottlerocketSOCI
		if p.Disk.LocalNVMe {
			least = bottlerocketSOCINVMe
		}
		if minor, ok := bottlerocketMinor(aliasOf(c.AMI).version); ok && minor < least {
			problems.Unsupported("ImageStreaming", "Bottlerocket "+aliasOf(c.AMI).version+" is too old for it", "use 1."+strconv.Itoa(least)+" or later")
		}
	default:
		problems.Unsupported("ImageStreaming", "images of family "+string(c.family())+" have no parallel pull", "use AL2023 or Bottlerocket, or leave it out")
	}
}

// checkStreamingSize checks that the machine is large enough for nodeadm.
func checkStreamingSize(p *Pool, problems *millrace.Problems) {
	t, ok := machine.AWS(p.Machine)
	if p.Shape.CPUs > 0 {
		t.CPUs, t.Memory, ok = int64(p.Shape.CPUs), p.Shape.Memory, true
	}
	if ok && (t.CPUs < streamingCPUs || t.Memory < streamingMemory) {
		problems.Unsupported("ImageStreaming", fmt.Sprintf("nodes of less than %d CPUs or %s pull images one layer after the other", streamingCPUs, streamingMemory), "use a larger machine, or leave it out")
	}
}

// bottlerocketMinor reads the minor version of Bottlerocket 1.
func bottlerocketMinor(version string) (int, bool) {
	parts := strings.Split(strings.TrimPrefix(version, "v"), ".")
	if len(parts) != 3 || parts[0] != "1" {
		return 0, false
	}
	n, err := strconv.Atoi(parts[1])
	return n, err == nil
}
