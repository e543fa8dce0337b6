package nodepool_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterawsv1"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

func TestKarpenterRules(t *testing.T) {
	type spec = karpenterv1.NodePoolSpec
	class := func(s *spec, group, kind string) {
		s.Template.Spec.NodeClassRef = karpenterv1.NodeClassReference{Group: group, Kind: kind, Name: "default"}
	}
	asks := func(key, operator string, values ...string) func(*spec) {
		return func(s *spec) {
			class(s, "karpenter.k8s.aws", "EC2NodeClass")
			s.Template.Spec.Requirements = []karpenterv1.NodeSelectorRequirementWithMinValues{requirement(key, karpenterv1.NodeSelectorOperator(operator), values...)}
		}
	}
	labelled := func(key string) func(*spec) {
		return func(s *spec) {
			class(s, "karpenter.k8s.aws", "EC2NodeClass")
			s.Template.Metadata = &karpenterv1.ObjectMeta{Labels: map[string]string{key: "x"}}
		}
	}
	auto := func(expire string) func(*spec) {
		return func(s *spec) {
			class(s, "eks.amazonaws.com", "NodeClass")
			s.Template.Spec.ExpireAfter = &expire
		}
	}
	const (
		first = " spec.template.spec.requirements[0]"
		label = " spec.template.metadata.labels"
	)
	long := strings.Repeat("a", 64)
	for name, tc := range map[string]struct {
		change func(*spec)
		want   []string
	}{
		"a label of the provider":       {asks("karpenter.k8s.aws/instance-family", "In", "r6i", "m6i"), nil},
		"a value of two words":          {asks("company.com/tier", "NotIn", "first class"), []string{"nodepool/requirements" + first, "nodepool/runtime" + first + ".values[0]"}},
		"one that it doesn't have":      {asks("karpenter.k8s.aws/instance-colour", "Exists"), []string{"nodepool/runtime" + first + ".key"}},
		"a long key":                    {asks(long, "Exists"), []string{"nodepool/requirements" + first, "nodepool/runtime" + first + ".key"}},
		"a capacity that doesn't exist": {asks("karpenter.sh/capacity-type", "In", "preemptible"), []string{"nodepool/requirements" + first + ".values"}},
		"a capacity that Azure doesn't have": {func(s *spec) {
			asks("karpenter.sh/capacity-type", "In", "reserved")(s)
			class(s, "karpenter.azure.com", "AKSNodeClass")
		}, []string{"nodepool/runtime" + first + ".values"}},
		"a capacity that AWS has":      {asks("karpenter.sh/capacity-type", "In", "reserved"), nil},
		"not a capacity":               {asks("karpenter.sh/capacity-type", "NotIn", "preemptible"), nil},
		"a tenancy that doesn't exist": {asks("karpenter.k8s.aws/instance-tenancy", "In", "host"), []string{"nodepool/runtime" + first + ".values"}},
		"karpenter.sh is the schema's": {asks("karpenter.sh/registered", "Exists"), nil},
		"a label key":                  {labelled("a b"), []string{"nodepool/runtime" + label + "[a b]"}},
		"a label that Karpenter keeps": {labelled("karpenter.k8s.aws/x"), []string{"nodepool/runtime" + label + "[karpenter.k8s.aws/x]"}},
		"a label of one's own":         {labelled("company.com/x"), nil},
		"a taint twice": {func(s *spec) { s.Template.Spec.Taints = append(s.Template.Spec.Taints, s.Template.Spec.Taints[0]) },
			[]string{"nodepool/runtime spec.template.spec.taints[1]"}},
		"a taint in both lists": {func(s *spec) {
			s.Template.Spec.StartupTaints = []corev1.Taint{{Key: "workload", Value: "other", Effect: "NoSchedule"}}
		}, []string{"nodepool/runtime spec.template.spec.startupTaints[0]"}},
		"of another effect": {func(s *spec) {
			s.Template.Spec.StartupTaints = []corev1.Taint{{Key: "workload", Effect: "NoExecute"}}
		}, nil},
		"a long taint key":   {func(s *spec) { s.Template.Spec.Taints[0].Key = long }, []string{"nodepool/runtime spec.template.spec.taints[0].key"}},
		"a long taint value": {func(s *spec) { s.Template.Spec.Taints[0].Value = long }, []string{"nodepool/runtime spec.template.spec.taints[0].value"}},

		"a label of Auto Mode":       {asks("eks.amazonaws.com/instance-family", "In", "r6i", "m6i"), []string{"nodepool/provider-labels" + first + ".key"}},
		"a label of Azure on a node": {labelled("karpenter.azure.com/sku-cpu"), []string{"nodepool/provider-labels" + label + "[karpenter.azure.com/sku-cpu]"}},
		"a label of AWS on Auto Mode": {func(s *spec) {
			asks("karpenter.k8s.aws/instance-cpu", "Gt", "4")(s)
			class(s, "eks.amazonaws.com", "NodeClass")
			s.Template.Spec.ExpireAfter = nil
		}, []string{"nodepool/provider-labels" + first + ".key"}},
		"of a provider unknown": {func(s *spec) {
			asks("karpenter.k8s.aws/instance-cpu", "Gt", "4")(s)
			class(s, "karpenter.k8s.oracle", "OCINodeClass")
		}, nil},

		"Auto Mode, 21 days":      {auto("504h"), nil},
		"Auto Mode, 30 days":      {auto("720h"), []string{"nodepool/auto-lifetime spec.template.spec.expireAfter"}},
		"Auto Mode, for ever":     {auto("Never"), []string{"nodepool/auto-lifetime spec.template.spec.expireAfter"}},
		"Auto Mode, its own word": {func(s *spec) { auto("")(s); s.Template.Spec.ExpireAfter = nil }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			pool := good(tc.change)
			before := pool.DeepCopy()
			if diff := cmp.Diff(tc.want, broken(pool)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, pool); diff != "" {
				t.Errorf("a rule changed the pool:\n%s", diff)
			}
		})
	}
	pool := good(nil)
	pool.Namespace = "karpenter"
	if diff := cmp.Diff([]string{"nodepool/namespace metadata.namespace"}, broken(pool)); diff != "" {
		t.Error(diff)
	}
}

func TestClassRules(t *testing.T) {
	type (
		spec = karpenterawsv1.EC2NodeClassSpec
		ebs  = karpenterawsv1.BlockDevice
	)
	alias := func(text string) func(*spec) {
		return func(s *spec) { s.AMISelectorTerms = []karpenterawsv1.AMISelectorTerm{{Alias: &text}} }
	}
	disk := func(change func(*ebs)) func(*spec) { return func(s *spec) { change(s.BlockDeviceMappings[0].EBS) } }
	kubelet := func(change func(*karpenterawsv1.KubeletConfiguration)) func(*spec) {
		return func(s *spec) { s.Kubelet = new(karpenterawsv1.KubeletConfiguration); change(s.Kubelet) }
	}
	fast := "spec:\n  featureGates:\n    FastImagePull: true\n"
	const mapping = " spec.blockDeviceMappings[0].ebs."
	for name, tc := range map[string]struct {
		change func(*spec)
		want   []string
	}{
		"good": {func(*spec) {}, nil},

		"latest":                {alias("al2023@latest"), []string{"nodeclass/ami-pinned spec.amiSelectorTerms[0].alias"}},
		"latest of Windows":     {func(s *spec) { alias("windows2022@latest")(s); s.BlockDeviceMappings = nil }, nil},
		"no token":              {func(s *spec) { s.MetadataOptions = &karpenterawsv1.MetadataOptions{HTTPTokens: "optional"} }, []string{"nodeclass/imdsv2 spec.metadataOptions.httpTokens"}},
		"metadata's default":    {func(s *spec) { s.MetadataOptions = nil }, nil},
		"two hops":              {func(s *spec) { s.MetadataOptions.HTTPPutResponseHopLimit = new(int64(2)) }, []string{"nodeclass/hop-limit spec.metadataOptions.httpPutResponseHopLimit"}},
		"no disks":              {func(s *spec) { s.BlockDeviceMappings = nil }, []string{"nodeclass/disk-size spec.blockDeviceMappings"}},
		"no disks but local":    {func(s *spec) { s.BlockDeviceMappings, s.InstanceStorePolicy = nil, "RAID0" }, nil},
		"20 GiB":                {disk(func(d *ebs) { d.VolumeSize = new("20Gi") }), []string{"nodeclass/disk-size" + mapping + "volumeSize"}},
		"100 GB":                {disk(func(d *ebs) { d.VolumeSize = new("100G") }), []string{"nodeclass/disk-size" + mapping + "volumeSize"}},
		"1 TiB":                 {disk(func(d *ebs) { d.VolumeSize = new("1Ti") }), nil},
		"of a snapshot":         {disk(func(d *ebs) { d.VolumeSize, d.SnapshotID = nil, new("snap-1") }), nil},
		"Bottlerocket's system": {alias("bottlerocket@v1.54.0"), []string{"nodeclass/disk-size spec.blockDeviceMappings"}},
		"Bottlerocket's data": {func(s *spec) {
			alias("bottlerocket@v1.54.0")(s)
			data := *s.BlockDeviceMappings[0].DeepCopy()
			data.DeviceName, data.EBS.VolumeSize = new("/dev/xvdb"), new("50Gi")
			s.BlockDeviceMappings = append(s.BlockDeviceMappings, data)
		}, []string{"nodeclass/disk-size spec.blockDeviceMappings[1].ebs.volumeSize"}},
		"Custom": {func(s *spec) { s.AMIFamily, s.BlockDeviceMappings[0].EBS.VolumeSize = "Custom", new("8Gi") }, nil},
		"Custom, known root": {func(s *spec) {
			s.AMIFamily, s.BlockDeviceMappings[0].EBS.VolumeSize, s.BlockDeviceMappings[0].RootVolume = "Custom", new("8Gi"), new(true)
		}, []string{"nodeclass/disk-size" + mapping + "volumeSize"}},
		"not encrypted":        {disk(func(d *ebs) { d.Encrypted = new(false) }), []string{"nodeclass/encryption" + mapping + "encrypted"}},
		"encrypted by luck":    {disk(func(d *ebs) { d.Encrypted = nil }), []string{"nodeclass/encryption" + mapping + "encrypted"}},
		"IOPS of gp2":          {disk(func(d *ebs) { d.VolumeType, d.IOPS = "gp2", new(int64(3000)) }), []string{"nodeclass/volume" + mapping + "iops"}},
		"io2 without IOPS":     {disk(func(d *ebs) { d.VolumeType = "io2" }), []string{"nodeclass/volume" + mapping + "iops"}},
		"throughput":           {disk(func(d *ebs) { d.Throughput = new(int64(751)) }), []string{"nodeclass/volume" + mapping + "throughput"}},
		"fast pull, slow disk": {func(s *spec) { s.UserData = &fast }, []string{"nodeclass/image-pull" + mapping + "throughput"}},
		"fast pull, fast disk": {func(s *spec) { s.UserData, s.BlockDeviceMappings[0].EBS.Throughput = &fast, new(int64(600)) }, nil},
		"another script":       {func(s *spec) { s.UserData = new("#!/bin/sh\n") }, nil},
		"fast pull, Bottlerocket's": {func(s *spec) { s.UserData = new(`snapshotter = "parallel-pull-unpack"`) },
			[]string{"nodeclass/image-pull" + mapping + "throughput"}},
		"fast pull, type left open": {func(s *spec) { s.UserData, s.BlockDeviceMappings[0].EBS.VolumeType = &fast, "" },
			[]string{"nodeclass/image-pull" + mapping + "throughput"}},
		"fast pull, io2": {func(s *spec) {
			d := s.BlockDeviceMappings[0].EBS
			s.UserData, d.VolumeType, d.IOPS = &fast, "io2", new(int64(3000))
		}, nil},
		"fast pull, unknown root": {func(s *spec) { s.UserData, s.AMIFamily = &fast, "Custom" }, nil},
		"a slow disk for more": {func(s *spec) {
			s.BlockDeviceMappings = append(s.BlockDeviceMappings, karpenterawsv1.BlockDeviceMapping{DeviceName: new("/dev/sdf"),
				EBS: &ebs{VolumeSize: new("500Gi"), VolumeType: "sc1", Encrypted: new(true)}})
		}, nil},
		"fast pull, local disk": {func(s *spec) { s.UserData, s.InstanceStorePolicy = &fast, "RAID0" }, nil},
		"ARN":                   {func(s *spec) { s.Role = new("arn:aws:iam::111122223333:role/nodes") }, []string{"nodeclass/role-name spec.role"}},
		"to be filled in":       {func(s *spec) { s.Role = new("KarpenterNodeRole-${CLUSTER_NAME}") }, nil},
		"path":                  {func(s *spec) { s.Role, s.InstanceProfile = nil, new("/data/nodes") }, []string{"nodeclass/role-name spec.instanceProfile"}},
		"a size of nothing":     {disk(func(d *ebs) { d.VolumeSize = new("Ti") }), []string{"nodeclass/quantities" + mapping + "volumeSize"}},
		"an empty quantity": {kubelet(func(k *karpenterawsv1.KubeletConfiguration) {
			k.EvictionHard = map[string]string{"memory.available": ""}
		}),
			[]string{"nodeclass/quantities spec.kubelet.evictionHard[memory.available]"}},
		"a percentage": {kubelet(func(k *karpenterawsv1.KubeletConfiguration) {
			k.EvictionHard, k.SystemReserved = map[string]string{"memory.available": "5%"}, map[string]string{"cpu": "100m"}
		}), nil},
	} {
		t.Run(name, func(t *testing.T) {
			class, err := ec2Pool().EC2NodeClass()
			if err != nil {
				t.Fatal(err)
			}
			tc.change(class.Spec)
			before := class.DeepCopy()
			if diff := cmp.Diff(tc.want, broken(class)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, class); diff != "" {
				t.Errorf("a rule changed the class:\n%s", diff)
			}
		})
	}
	class, err := ec2Pool().EC2NodeClass()
	if err != nil {
		t.Fatal(err)
	}
	class.Namespace = "karpenter"
	if diff := cmp.Diff([]string{"nodepool/namespace metadata.namespace"}, broken(class)); diff != "" {
		t.Error(diff)
	}
}

// What a pool makes keeps the rules, but for what its fields ask for.
func TestEC2KeepsTheRules(t *testing.T) {
	for name, tc := range map[string]struct {
		pool *nodepool.Pool
		want []string
	}{
		"smallest": {ec2Pool(), nil},
		"NVMe":     {nvmePool(), nil},
		"full":     {fullEC2(), []string{"nodeclass/hop-limit spec.metadataOptions.httpPutResponseHopLimit"}},
		"small": {ec2With(func(p *nodepool.Pool, _ *nodepool.EC2NodeClass) { p.Disk.Size = 50 * millrace.GiB }),
			[]string{"nodeclass/disk-size spec.blockDeviceMappings[0].ebs.volumeSize"}},
	} {
		parts, err := tc.pool.Build()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range parts.Objects {
			got = append(got, broken(o)...)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
