package machine_test

import (
	"math"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/machine"
)

func awsType(t *testing.T, name string) machine.Type {
	t.Helper()
	of, ok := machine.AWS(name)
	if !ok {
		t.Fatalf("%s isn't known", name)
	}
	return of
}

// amounts is an estimate in figures; -1 stands for what isn't known.
type amounts struct{ milli, mib, pods, storage int64 }

func amountsOf(e machine.Estimate) amounts {
	out := amounts{-1, -1, -1, -1}
	for name, q := range e.Allocatable {
		switch name {
		case corev1.ResourceCPU:
			out.milli = q.MilliValue()
		case corev1.ResourceMemory:
			out.mib = q.Value() >> 20
		case corev1.ResourcePods:
			out.pods = q.Value()
		case corev1.ResourceEphemeralStorage:
			out.storage = q.Value()
		}
	}
	return out
}

// TestKarpenter: the resources of Karpenter's own page of instance types, which
// is made with a boot disk of 20 GiB.
// Source: aws/karpenter-provider-aws, website/content/en/preview/reference/instance-types.md.
func TestKarpenter(t *testing.T) {
	const storage = 17 << 30
	for name, want := range map[string]amounts{
		"a1.medium":    {940, 1392, 8, storage},
		"a1.large":     {1930, 3055, 29, storage},
		"a1.xlarge":    {3920, 6525, 58, storage},
		"a1.2xlarge":   {7910, 14103, 58, storage},
		"a1.4xlarge":   {15890, 27322, 234, storage},
		"a1.metal":     {15890, 27322, 234, storage},
		"c3.large":     {1930, 2878, 29, storage},
		"c3.8xlarge":   {31850, 53903, 234, storage},
		"c4.xlarge":    {3920, 6111, 58, storage},
		"c4.8xlarge":   {35840, 53903, 234, storage},
		"c5.large":     {1930, 3114, 29, storage},
		"c5.xlarge":    {3920, 6584, 58, storage},
		"r6id.4xlarge": {15890, 118312, 234, storage},
		"i4i.32xlarge": {127610, 961470, 737, storage},
	} {
		got := machine.Karpenter(machine.Node{Type: awsType(t, name), Disk: 20 * millrace.GiB})
		if amountsOf(got) != want || got.Formula == "" {
			t.Errorf("%s: %+v by %q, want %+v", name, amountsOf(got), got.Formula, want)
		}
	}
}

// TestKarpenterNode: what the pool says of a node. The memory that is kept is
// for as many pods as there are addresses, whatever the node is set to take.
func TestKarpenterNode(t *testing.T) {
	disks, plain := awsType(t, "r6id.12xlarge"), awsType(t, "r6i.4xlarge")
	for name, tc := range map[string]struct {
		node machine.Node
		want amounts
	}{
		"without a disk": {machine.Node{Type: plain}, amounts{15890, 118312, 234, -1}},
		"fewer pods":     {machine.Node{Type: plain, MaxPods: 30}, amounts{15890, 118312, 30, -1}},
		// 2 x 1425 GB, less a tenth and 1 GiB.
		"local disks":            {machine.Node{Type: disks, LocalNVMe: true, Disk: millrace.GiB}, amounts{47810, 360795, 234, 2565_000_000_000 - 1<<30}},
		"one of the local disks": {machine.Node{Type: disks, LocalNVMe: true, LocalDisks: 1}, amounts{47810, 360795, 234, 1282_500_000_000 - 1<<30}},
		"local disks on none":    {machine.Node{Type: plain, LocalNVMe: true, Disk: millrace.TiB}, amounts{15890, 118312, 234, -1}},
		"a tiny disk":            {machine.Node{Type: plain, Disk: millrace.GiB}, amounts{15890, 118312, 234, 0}},
	} {
		if got := amountsOf(machine.Karpenter(tc.node)); got != tc.want {
			t.Errorf("%s: %+v, want %+v", name, got, tc.want)
		}
	}
}

// TestEKSNodes are nodes with Amazon Linux 2023 that people have shown in
// public, by what "kubectl describe node" says of them. Memory may differ by
// 1.1% of the machine's, and by 64 MiB of the smallest ones'.
func TestEKSNodes(t *testing.T) {
	for name, want := range map[string]struct {
		milli, kib, pods int64
	}{
		"t3.medium":    {1930, 3376720, 17},
		"g4dn.xlarge":  {3920, 15474676, 29},
		"g4dn.2xlarge": {7910, 31785232, 29},
		"t3.micro":     {1930, 530264, 4},
		// i4i.32xlarge: aws/karpenter-provider-aws issue 6611.
		"i4i.32xlarge": {127610, 1007423 << 10, 250},
	} {
		of := awsType(t, name)
		got := amountsOf(machine.EKS(machine.Node{Type: of, Disk: 20 * millrace.GiB}))
		if got.milli != want.milli || got.pods != want.pods {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
		if off := float64(got.mib) - float64(want.kib)/1024; math.Abs(off) > max(64, 0.011*float64(of.Memory/millrace.MiB)) {
			t.Errorf("%s: %d MiB, which is off by %.0f", name, got.mib, off)
		}
		// All of them have 20893676Ki, of which the kubelet leaves 18181869946.
		if off := got.storage - 18181869946; off < -1000 || off > 1000 {
			t.Errorf("%s: %d bytes, which is off by %d", name, got.storage, off)
		}
	}
}

// TestEKS: the bounds of a managed node group on the number of pods, which
// don't change what is kept for them.
func TestEKS(t *testing.T) {
	unknown := machine.Type{CPUs: 16, Memory: 128 * millrace.GiB}
	for name, tc := range map[string]struct {
		node machine.Node
		want amounts
	}{
		"few CPUs":         {machine.Node{Type: awsType(t, "r6id.4xlarge")}, amounts{15890, 123819, 110, -1}},
		"many CPUs":        {machine.Node{Type: awsType(t, "r6id.16xlarge")}, amounts{63770, 499441, 250, -1}},
		"few addresses":    {machine.Node{Type: awsType(t, "r6id.xlarge")}, amounts{3920, 30634, 58, -1}},
		"pods as one says": {machine.Node{Type: awsType(t, "r6id.xlarge"), MaxPods: 200}, amounts{3920, 30634, 200, -1}},
		// A machine of the latest generation has the most addresses: 8 x 50.
		"unknown network": {machine.Node{Type: unknown}, amounts{15890, 122059, -1, -1}},
		"no machine":      {machine.Node{Disk: 100 * millrace.GiB}, amounts{-1, -1, -1, 95491281305}},
	} {
		if got := amountsOf(machine.EKS(tc.node)); got != tc.want {
			t.Errorf("%s: %+v, want %+v", name, got, tc.want)
		}
	}
	raid := amountsOf(machine.EKS(machine.Node{Type: awsType(t, "r6id.12xlarge"), LocalNVMe: true})).storage
	if model := int64(2565_000_000_000 - 1<<30); raid >= model || raid < model-model/1000 {
		t.Errorf("%d bytes on local disks; without a file system there are %d", raid, model)
	}
}
