package nodepool

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool/karpenterawsv1"
)

// classRules hold what AWS, Karpenter and good sense say of an EC2NodeClass that
// the API server takes.
func classRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID:       "nodeclass/ami-pinned",
			Severity: millrace.Warning,
			Summary:  "A node class names the release of its machine image.",
			Reason:   "With the alias @latest each new image makes all nodes drift: Karpenter replaces them of its own accord, in production first, by an image that nobody has tried.",
			Fix:      "set EC2NodeClass.AMI to a release, such as al2023@v20260723 or bottlerocket@v1.43.0, and raise it in a change of its own",
			Source:   "Karpenter, concepts/nodeclasses, alias; tasks/managing-amis",
			Check:    classRule(checkClassAMI),
		},
		{
			ID:       "nodeclass/imdsv2",
			Severity: millrace.Warning,
			Summary:  "The instance metadata service wants a token.",
			Reason:   "Without one (IMDSv1), whoever makes a pod fetch a URL gets the credentials of the node's role.",
			Fix:      "leave metadataOptions out, or set httpTokens: required",
			Source:   "Amazon EKS, best practices for security, restrict access to the instance profile assigned to the worker node",
			Check:    classRule(checkClassTokens),
		},
		{
			ID:       "nodeclass/hop-limit",
			Severity: millrace.Warning,
			Summary:  "The instance metadata service doesn't answer pods.",
			Reason:   "With a hop limit above 1, pods on the pod network get the credentials of the node's role, which every job on the node then has.",
			Fix:      "leave EC2NodeClass.HopLimit unset, and give pods a role of their own (EKS Pod Identity, IAM roles for service accounts)",
			Source:   "Amazon EKS, best practices for security, restrict access to the instance profile assigned to the worker node",
			Check:    classRule(checkClassHops),
		},
		{
			ID:       "nodeclass/disk-size",
			Severity: millrace.Warning,
			Summary:  "Nodes have 100 GiB for images and the pods' files, or local disks.",
			Reason:   "Karpenter's own default is 20 GiB. A Spark image takes 3 to 5 of them, shuffles and spills the rest, and pods are evicted for want of ephemeral storage.",
			Fix:      "set Pool.Disk.Size or Pool.Disk.LocalNVMe; in a manifest, the volumeSize of the family's data disk (/dev/xvda, Bottlerocket: /dev/xvdb), or instanceStorePolicy: RAID0",
			Source:   "Karpenter's AWS provider 1.14.1, pkg/providers/amifamily/resolver.go, DefaultEBS; AWS data-on-eks, best practices for Spark",
			Check:    classRule(checkClassDisk),
		},
		{
			ID:       "nodeclass/encryption",
			Severity: millrace.Warning,
			Summary:  "The disks of nodes are encrypted.",
			Reason:   "What pods spill and shuffle is on the node's disk in the clear. Karpenter's default encrypts it; disks of one's own are only encrypted where they say so.",
			Fix:      "set encrypted: true, or leave blockDeviceMappings to Pool.Disk",
			Source:   "Karpenter's AWS provider 1.14.1, pkg/providers/amifamily/resolver.go, DefaultEBS; Amazon EBS encryption",
			Check:    classRule(checkClassEncryption),
		},
		{
			ID:       "nodeclass/volume",
			Severity: millrace.Error,
			Summary:  "The speed of a disk is one that its type has.",
			Reason:   "EC2 refuses the launch template, long after the class was applied: no node is made, and only the class's status says why.",
			Fix:      "correct iops, throughput or volumeType",
			Source:   "Amazon EBS, volume types; Karpenter's AWS provider 1.14.1, pkg/controllers/nodeclass/validation.go",
			Check:    classRule(checkClassVolumes),
		},
		{
			ID:       "nodeclass/image-pull",
			Severity: millrace.Warning,
			Summary:  "Nodes that pull images in parallel have a disk that is fast enough.",
			Reason:   "SOCI's parallel pull writes and unpacks many layers at once. With less than 600 MiB/s, images come slower than without it; gp3 has 125 unless it says more.",
			Fix:      "set throughput: 600 or more, or instanceStorePolicy: RAID0; Pool.ImageStreaming does",
			Source:   "AWS, SOCI parallel pull mode for Amazon EKS; awslabs/amazon-eks-ami, feature gate FastImagePull",
			Check:    classRule(checkClassPull),
		},
		{
			ID:       "nodeclass/role-name",
			Severity: millrace.Error,
			Summary:  "Roles and instance profiles are named without ARN and path.",
			Reason:   "Karpenter asks IAM for the name. An ARN is none: the class never becomes ready, and its pools make no nodes.",
			Fix:      "use the name alone: KarpenterNodeRole-data",
			Source:   "Karpenter, concepts/nodeclasses, spec.role; AWS IAM, AddRoleToInstanceProfile",
			Check:    classRule(checkClassRole),
		},
		{
			ID:       "nodeclass/quantities",
			Severity: millrace.Error,
			Summary:  "The quantities of a node class can be read.",
			Reason:   "The CRD lets empty ones through. Karpenter panics at them where it looks at its instance types, which holds up all pools, and EC2 refuses a disk of nothing.",
			Fix:      "write a quantity, such as 500Mi, 5% or 100Gi, or take the entry out",
			Source:   "Karpenter's AWS provider 1.14.1, pkg/providers/instancetype/types.go (resource.MustParse), and the patterns of the EC2NodeClass CRD",
			Check:    classRule(checkClassQuantities),
		},
	}
}

// classRule passes over everything that is no EC2NodeClass.
func classRule(check func(*karpenterawsv1.EC2NodeClassSpec, func(field, detail string))) func(*millrace.Pass) {
	return func(pass *millrace.Pass) {
		if class, ok := pass.Object.(*karpenterawsv1.EC2NodeClass); ok && class != nil && class.Spec != nil {
			check(class.Spec, pass.Report)
		}
	}
}

func checkClassAMI(spec *karpenterawsv1.EC2NodeClassSpec, report func(field, detail string)) {
	for i, t := range spec.AMISelectorTerms {
		if t.Alias == nil {
			continue
		}
		// Of Windows there is no other.
		if alias := aliasOf(*t.Alias); alias.version == "latest" && !strings.HasPrefix(alias.family, "windows") {
			report(fmt.Sprintf("spec.amiSelectorTerms[%d].alias", i), fmt.Sprintf("%q changes with each release", *t.Alias))
		}
	}
}

func checkClassTokens(spec *karpenterawsv1.EC2NodeClassSpec, report func(field, detail string)) {
	if m := spec.MetadataOptions; m != nil && m.HTTPTokens == karpenterawsv1.HTTPTokensOptional {
		report("spec.metadataOptions.httpTokens", "optional: the service answers without a token")
	}
}

func checkClassHops(spec *karpenterawsv1.EC2NodeClassSpec, report func(field, detail string)) {
	if m := spec.MetadataOptions; m != nil && m.HTTPPutResponseHopLimit != nil && *m.HTTPPutResponseHopLimit > defaultHopLimit {
		report("spec.metadataOptions.httpPutResponseHopLimit", fmt.Sprintf("%d hops reach the pods", *m.HTTPPutResponseHopLimit))
	}
}

// podDisk returns the disk of images and the pods' files, -1 for Karpenter's
// own, and false where nobody can know which one it is.
func podDisk(spec *karpenterawsv1.EC2NodeClassSpec) (int, bool) {
	for i, m := range spec.BlockDeviceMappings {
		if m.RootVolume != nil && *m.RootVolume {
			return i, true
		}
	}
	device := ephemeralDevice(family(spec))
	if device == "" {
		return -1, false
	}
	return slices.IndexFunc(spec.BlockDeviceMappings, func(m karpenterawsv1.BlockDeviceMapping) bool {
		return m.DeviceName != nil && *m.DeviceName == device
	}), true
}

func checkClassDisk(spec *karpenterawsv1.EC2NodeClassSpec, report func(field, detail string)) {
	i, known := podDisk(spec)
	if !known || spec.InstanceStorePolicy == karpenterawsv1.InstanceStorePolicyRAID0 {
		return
	}
	switch {
	case i < 0 && len(spec.BlockDeviceMappings) == 0:
		report("spec.blockDeviceMappings", "nodes have Karpenter's default of 20 GiB")
		return
	case i < 0:
		report("spec.blockDeviceMappings", fmt.Sprintf("none of the disks is %s, which has the images and the pods' files: it stays as small as the image makes it", ephemeralDevice(family(spec))))
		return
	}
	ebs := spec.BlockDeviceMappings[i].EBS
	if ebs == nil || ebs.VolumeSize == nil {
		return
	}
	if size, err := resource.ParseQuantity(*ebs.VolumeSize); err == nil && !size.IsZero() && size.Value() < int64(defaultDiskSize) {
		report(fmt.Sprintf("spec.blockDeviceMappings[%d].ebs.volumeSize", i), *ebs.VolumeSize+" are for images and the files of all pods of a node")
	}
}

func checkClassEncryption(spec *karpenterawsv1.EC2NodeClassSpec, report func(field, detail string)) {
	for i, m := range spec.BlockDeviceMappings {
		at := fmt.Sprintf("spec.blockDeviceMappings[%d].ebs.encrypted", i)
		switch {
		case m.EBS == nil:
		case m.EBS.Encrypted == nil && m.EBS.SnapshotID == nil && m.EBS.KMSKeyID == nil:
			report(at, "isn't set, and only the account's setting decides")
		case m.EBS.Encrypted != nil && !*m.EBS.Encrypted:
			report(at, "the disk isn't encrypted")
		}
	}
}

func checkClassVolumes(spec *karpenterawsv1.EC2NodeClassSpec, report func(field, detail string)) {
	for i, m := range spec.BlockDeviceMappings {
		if m.EBS == nil || m.EBS.VolumeSize == nil || m.EBS.VolumeType == "" {
			continue
		}
		size, err := resource.ParseQuantity(*m.EBS.VolumeSize)
		if err != nil {
			continue
		}
		if _, ok := volumes[m.EBS.VolumeType]; !ok {
			continue // st1 and sc1 as further disks
		}
		if wrong := misfit(m.EBS.VolumeType, size.Value()>>30, zeroOr(m.EBS.IOPS), zeroOr(m.EBS.Throughput)); wrong.field != "" {
			report(fmt.Sprintf("spec.blockDeviceMappings[%d].ebs.%s", i, strings.ToLower(wrong.field)), wrong.detail+"; "+wrong.fix)
		}
	}
}

func zeroOr(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

func checkClassPull(spec *karpenterawsv1.EC2NodeClassSpec, report func(field, detail string)) {
	if spec.UserData == nil || spec.InstanceStorePolicy == karpenterawsv1.InstanceStorePolicyRAID0 {
		return
	}
	if !strings.Contains(*spec.UserData, "FastImagePull: true") && !strings.Contains(*spec.UserData, `"parallel-pull-unpack"`) {
		return
	}
	at, throughput := "spec.blockDeviceMappings", int64(gp3Throughput)
	i, known := podDisk(spec)
	if !known {
		return
	}
	if i >= 0 && spec.BlockDeviceMappings[i].EBS != nil {
		ebs := spec.BlockDeviceMappings[i].EBS
		if ebs.VolumeType != "" && ebs.VolumeType != karpenterawsv1.VolumeTypeGp3 {
			return // As fast as it is.
		}
		at, throughput = fmt.Sprintf("%s[%d].ebs.throughput", at, i), max(zeroOr(ebs.Throughput), throughput)
	}
	if throughput < streamingThroughput {
		report(at, fmt.Sprintf("%d MiB/s, where the parallel pull of images wants %d", throughput, streamingThroughput))
	}
}

func checkClassRole(spec *karpenterawsv1.EC2NodeClassSpec, report func(field, detail string)) {
	for _, f := range []struct {
		field string
		name  *string
	}{{"spec.role", spec.Role}, {"spec.instanceProfile", spec.InstanceProfile}} {
		// What is to be filled in before anybody applies it can't be judged.
		if f.name != nil && *f.name != "" && !strings.Contains(*f.name, "${") && !roleName.MatchString(*f.name) {
			report(f.field, fmt.Sprintf("%q is no name", *f.name))
		}
	}
}

func checkClassQuantities(spec *karpenterawsv1.EC2NodeClassSpec, report func(field, detail string)) {
	for i, m := range spec.BlockDeviceMappings {
		if m.EBS == nil || m.EBS.VolumeSize == nil {
			continue
		}
		size, err := resource.ParseQuantity(*m.EBS.VolumeSize)
		if err != nil || size.IsZero() {
			report(fmt.Sprintf("spec.blockDeviceMappings[%d].ebs.volumeSize", i), fmt.Sprintf("%q is no size", *m.EBS.VolumeSize))
		}
	}
	k := spec.Kubelet
	if k == nil {
		return
	}
	for _, f := range []struct {
		name    string
		of      map[string]string
		percent bool
	}{{"evictionHard", k.EvictionHard, true}, {"evictionSoft", k.EvictionSoft, true}, {"kubeReserved", k.KubeReserved, false}, {"systemReserved", k.SystemReserved, false}} {
		for _, key := range slices.Sorted(maps.Keys(f.of)) {
			if why := badQuantity(f.of[key], f.percent); why != "" && !strings.HasPrefix(f.of[key], "-") { // the schema says it of those
				report(fmt.Sprintf("spec.kubelet.%s[%s]", f.name, key), fmt.Sprintf("%q %s", f.of[key], why))
			}
		}
	}
}
