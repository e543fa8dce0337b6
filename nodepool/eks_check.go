package nodepool

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/validate/content"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/machine"
	"github.com/millrace/millrace/nodepool/karpenterawsv1"
)

var (
	eksMachineForm = regexp.MustCompile(`^[a-z][a-z0-9-]*\.[a-z0-9-]+$`)
	eksZoneForm    = regexp.MustCompile(`^([a-z]{2}(-[a-z]+)+-[0-9]+)[a-z]$`)
	eksRegionForm  = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]+$`)
)

func (e EKS) check(p *Pool, problems *millrace.Problems) {
	checkFormat(problems, e.Format, Terraform, Eksctl)
	// What is no label at all has been reported.
	if e.Format != Eksctl && len(content.IsDNS1123Label(p.Name)) == 0 && p.Name[0] <= '9' {
		problems.Invalid("Name", p.Name, "Terraform wants a letter first", "use a name that begins with a letter")
	}
	e.checkMachines(p, problems)
	e.checkZones(p, problems)
	if p.Max == 0 {
		problems.Required("Max", "say how many nodes the pool may have")
	} else if p.Max > math.MaxInt32 {
		problems.Invalid("Max", p.Max, "is more than EKS can count", "use a smaller number")
	}
	e.checkDisk(p, problems)
	e.checkStreaming(p, problems)
	e.checkLabels(p, problems)
	e.checkTaints(p, problems)
	e.checkOwn(p, problems)
	e.checkTags(p, problems)
	e.checkUnsupported(p, problems)
}

// checkUnsupported reports what a managed node group and Cluster Autoscaler
// have nothing for.
func (e EKS) checkUnsupported(p *Pool, problems *millrace.Problems) {
	if p.Capacity == SpotFirst {
		problems.Unsupported("Capacity", "a managed node group is either spot or on demand", "make a pool of each, of one Workload; or use Karpenter")
	}
	p.noLimits(problems)
	if p.Priority != 0 {
		problems.Unsupported("Priority", "Cluster Autoscaler takes it from one ConfigMap for all groups, cluster-autoscaler-priority-expander", "leave it out, or use Karpenter")
	}
	for _, field := range p.Disruption.set() {
		problems.Unsupported("Disruption."+field, "Cluster Autoscaler's flags say it, for all groups of the cluster", "leave it out, or use Karpenter")
	}
	if p.Lifetime != 0 {
		problems.Unsupported("Lifetime", "a managed node group doesn't expire its nodes", "leave it out: nodes are replaced when the group is updated")
	}
}

func (e EKS) checkMachines(p *Pool, problems *millrace.Problems) {
	if p.Machine == "" {
		problems.Required("Machine", "use a machine type such as r6i.4xlarge")
	}
	first, known := e.size(p, p.Machine)
	for i, name := range e.machines(p) {
		field := "Machine"
		if i > 0 {
			field = fmt.Sprintf("OtherMachines[%d]", i-1)
		}
		if name == "" {
			continue // pool.check has reported it.
		}
		if !eksMachineForm.MatchString(name) {
			problems.Invalid(field, name, "it is no machine type of EC2", "use one such as r6i.4xlarge")
			continue
		}
		if m, ok := machine.AWS(name); ok && p.Disk.LocalNVMe && m.LocalDisks == 0 {
			problems.Invalid(field, name, "has no local disks", "use a type with a d behind its generation, such as r6id.4xlarge, or leave out Disk.LocalNVMe")
		}
		if other, ok := e.size(p, name); ok && known && !alike(first, other) {
			problems.Invalid(field, name, fmt.Sprintf("has %d CPUs and %s, and %s has %d and %s: Cluster Autoscaler takes every node for the first type", other.CPUs, other.Memory, p.Machine, first.CPUs, first.Memory),
				"make a pool of each size, of one Workload")
		}
	}
	p.checkArm(problems, awsArch)
}

// size returns what a machine type has; false if its name doesn't tell.
func (e EKS) size(p *Pool, name string) (machine.Type, bool) {
	if p.Shape.CPUs > 0 {
		return machine.Type{CPUs: int64(p.Shape.CPUs), Memory: p.Shape.Memory}, true
	}
	return machine.AWS(name)
}

// alike reports whether two types can be in one group. Older generations have
// a little less memory than newer ones of the same size, and are mixed with
// them in the autoscaler's own example.
// Source: kubernetes/autoscaler, cloudprovider/aws/README.md, mixed instances policies.
func alike(a, b machine.Type) bool {
	least, most := min(a.Memory, b.Memory), max(a.Memory, b.Memory)
	return a.CPUs == b.CPUs && most-least <= most/10
}

func (e EKS) checkZones(p *Pool, problems *millrace.Problems) {
	in := e.Region
	for i, zone := range p.Zones {
		at, m := fmt.Sprintf("Zones[%d]", i), eksZoneForm.FindStringSubmatch(zone)
		switch {
		case zone == "":
			continue
		case m == nil:
			problems.Invalid(at, zone, "it is no availability zone of AWS", "use one such as eu-west-1a")
			continue
		case in != "" && m[1] != in:
			problems.Invalid(at, zone, "it isn't in the region of the cluster and of the other zones, "+in, "use a zone of that region")
		}
		in = m[1]
	}
	if e.Format == Eksctl && len(p.Zones) > 0 && len(e.Subnets) > 0 {
		problems.Conflict("Zones", "eksctl takes them together with Provider.Subnets, not those of them that are there", "set one of the two")
	}
}

func (e EKS) checkDisk(p *Pool, problems *millrace.Problems) {
	disk := e.disk(p)
	kind := karpenterawsv1.VolumeType(disk.kind)
	bounds, ok := volumes[kind]
	if !ok || disk.kind == "standard" {
		problems.Invalid("Disk.Type", p.Disk.Type, "it is no disk type that EC2 boots from", "use gp3, gp2, io1 or io2")
		return
	}
	if !checkDiskSize(problems, p.Disk.Size, eksMinDisk, bounds.most, "EC2") {
		return
	}
	if m := misfit(kind, int64(disk.size), int64(disk.iops), int64(disk.throughput)); m.field != "" {
		problems.Add(m.rule, "Provider."+m.field, m.detail, m.fix)
	} else if e.Format == Eksctl && disk.kind == gp3 {
		e.checkEksctlDisk(disk, problems)
	}
}

// checkEksctlDisk checks what eksctl refuses of what EC2 takes.
func (e EKS) checkEksctlDisk(disk eksDisk, problems *millrace.Problems) {
	if disk.throughput > eksctlMostThroughput {
		problems.Unsupported("Provider.Throughput", "eksctl doesn't know that gp3 has had more since 2025", fmt.Sprintf("use at most %d, or nodepool.Terraform", eksctlMostThroughput))
	}
	if disk.iops > eksctlMostIOPS {
		problems.Unsupported("Provider.IOPS", "eksctl doesn't know that gp3 has had more since 2025", fmt.Sprintf("use at most %d, or nodepool.Terraform", eksctlMostIOPS))
	}
}

// checkStreaming checks what is set up by nodeadm, which is Amazon Linux'.
func (e EKS) checkStreaming(p *Pool, problems *millrace.Problems) {
	if e.bottlerocket(p) {
		fix := "leave out Provider.AMIType for Amazon Linux 2023"
		if p.ImageStreaming {
			problems.Unsupported("ImageStreaming", "on Bottlerocket it isn't set up yet", fix)
		}
		if p.Disk.LocalNVMe {
			problems.Unsupported("Disk.LocalNVMe", "on Bottlerocket it isn't set up yet", fix)
		}
		if e.MaxPods != 0 {
			problems.Unsupported("Provider.MaxPods", "on Bottlerocket it isn't set up yet", fix)
		}
	}
	if !p.ImageStreaming {
		return
	}
	checkStreamingSize(p, problems)
	switch kind := orDefault(p.Disk.Type, gp3); {
	case p.Disk.LocalNVMe:
	case kind == "gp2":
		problems.Invalid("Disk.Type", kind, "is too slow for ImageStreaming", "leave it out for gp3")
	case e.Throughput >= gp3Throughput && e.Throughput < streamingThroughput:
		problems.Invalid("Provider.Throughput", e.Throughput, "is too little for ImageStreaming, which makes pulls slower then", "use 600 or more, or leave it out")
	}
}

// reservedKey says why EKS refuses a key of a label or a taint.
func reservedKey(key string) string {
	domain, _, ok := strings.Cut(key, "/")
	if ok && (inDomain(domain, "kubernetes.io") || inDomain(domain, "k8s.io") || inDomain(domain, "eks.amazonaws.com")) {
		return "EKS refuses keys of kubernetes.io, k8s.io and eks.amazonaws.com"
	}
	return ""
}

func (e EKS) checkLabels(p *Pool, problems *millrace.Problems) {
	for _, key := range slices.Sorted(maps.Keys(p.Labels)) {
		at := "Labels[" + key + "]"
		if why := reservedKey(key); why != "" {
			problems.Unsupported(at, why, "use a label of your own domain")
		} else if len(eksLabelTag+key) > eksTagLength {
			problems.Unsupported(at, "the key is too long for the tag by which Cluster Autoscaler knows it", fmt.Sprintf("use at most %d characters", eksTagLength-len(eksLabelTag)))
		}
	}
	if n := len(e.scalingTags(p)); n > eksScalingTags {
		problems.Invalid("Labels", n, "are too many, with the taints and the pool's own: each is a tag of the Auto Scaling group", fmt.Sprintf("use at most %d in all", eksScalingTags))
	}
}

func (e EKS) checkTaints(p *Pool, problems *millrace.Problems) {
	own := p.taken(e.taints(p))
	taken := maps.Clone(own)
	checkTaints(problems, "Taints", p.Taints, taken)
	checkTaints(problems, "StartupTaints", p.StartupTaints, taken)
	e.checkKeys(problems, "Taints", p.Taints, "use a key of your own domain")
	e.checkKeys(problems, "StartupTaints", p.StartupTaints, "use a key of your own domain, and tell Cluster Autoscaler by its flag --startup-taint")
	if n := len(e.writtenTaints(p)); n > eksMaxTaints {
		problems.Invalid("Taints", n, "are too many, with the pool's own", fmt.Sprintf("use at most %d in all", eksMaxTaints))
	}
	// The autoscaler's tag of a key holds one effect. Two of one effect have
	// been reported.
	effects := map[string]corev1.TaintEffect{}
	for t := range own {
		effects[t.Key] = t.Effect
	}
	for i, t := range p.Taints {
		if effect, ok := effects[t.Key]; ok && effect != t.Effect && t.Key != "" {
			problems.Unsupported(fmt.Sprintf("Taints[%d].Key", i), "Cluster Autoscaler learns of one effect for each key, by a tag", "use another key")
		}
		effects[t.Key] = t.Effect
	}
}

// checkKeys reports keys of taints that Kubernetes takes and EKS doesn't.
func (e EKS) checkKeys(problems *millrace.Problems, field string, taints []corev1.Taint, fix string) {
	for i, t := range taints {
		at := fmt.Sprintf("%s[%d].Key", field, i)
		if why := reservedKey(t.Key); why != "" {
			problems.Unsupported(at, why, fix)
		}
		if len(t.Key) > eksTaintLength {
			problems.Invalid(at, t.Key, "EKS wants at most 63 characters, with the domain", "use a shorter key")
		}
	}
}
