package nodepool_test

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/schema"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterawsv1"
)

// ec2Pool is the smallest valid pool that makes its node class.
func ec2Pool() *nodepool.Pool {
	return &nodepool.Pool{Name: "etl", Machine: "r6id.4xlarge", Max: 10, Provider: nodepool.Karpenter{
		EC2: &nodepool.EC2NodeClass{Role: "KarpenterNodeRole-data", AMI: "al2023@v20260723", Discovery: "data"},
	}}
}

// ec2With changes the smallest pool.
func ec2With(change func(*nodepool.Pool, *nodepool.EC2NodeClass)) *nodepool.Pool {
	p := ec2Pool()
	change(p, p.Provider.(nodepool.Karpenter).EC2)
	return p
}

// fullEC2 sets every field of a node class.
func fullEC2() *nodepool.Pool {
	return &nodepool.Pool{
		Name: "spark-executor", Machine: "r7g.4xlarge", OtherMachines: []string{"r8g.4xlarge"}, Arch: nodepool.ARM64, Max: 20, ImageStreaming: true,
		Disk: nodepool.Disk{Size: 500 * millrace.GiB, Type: "gp3"},
		Provider: nodepool.Karpenter{EC2: &nodepool.EC2NodeClass{
			Name:            "data",
			InstanceProfile: "data-nodes",
			AMIs:            []karpenterawsv1.AMISelectorTerm{{Name: new("company-al2023-*"), Owner: new("self"), Tags: map[string]string{"stage": "production"}}, {ID: new("ami-0123456789abcdef0")}},
			Family:          karpenterawsv1.AMIFamilyAL2023,
			Subnets:         []karpenterawsv1.SubnetSelectorTerm{{ID: new("subnet-09fa4a0a8f233a921")}, {Tags: map[string]string{"tier": "private"}}},
			SecurityGroups:  []karpenterawsv1.SecurityGroupSelectorTerm{{Name: new("data-nodes")}, {ID: new("sg-063d7acfb4b06c82c")}},
			IOPS:            4000,
			Throughput:      1000,
			KMSKey:          "alias/data",
			HopLimit:        2,
			Tags:            map[string]string{"team": "data-platform"},
			Kubelet:         karpenterawsv1.KubeletConfiguration{MaxPods: new(int32(58)), CPUCFSQuota: new(false), SystemReserved: map[string]string{"memory": "500Mi"}},
			Base: karpenterawsv1.EC2NodeClassSpec{
				AssociatePublicIPAddress: new(false),
				DetailedMonitoring:       new(true),
				Kubelet:                  &karpenterawsv1.KubeletConfiguration{ClusterDNS: []string{"10.100.0.10"}},
				MetadataOptions:          &karpenterawsv1.MetadataOptions{HTTPProtocolIPv6: karpenterawsv1.StateDisabled},
			},
		}},
	}
}

// nvmePool keeps everything on local disks.
func nvmePool() *nodepool.Pool {
	return ec2With(func(p *nodepool.Pool, c *nodepool.EC2NodeClass) {
		p.Disk.LocalNVMe, p.ImageStreaming, c.AMI = true, true, "bottlerocket@v1.54.0"
	})
}

func TestEC2Golden(t *testing.T) {
	for name, pool := range map[string]*nodepool.Pool{
		"ec2.yaml":              ec2Pool(),
		"ec2-full.yaml":         fullEC2(),
		"ec2-bottlerocket.yaml": nvmePool(),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, render(t, pool)) })
	}
}

// TestEC2FitsTheSchema checks the objects as the API server does.
func TestEC2FitsTheSchema(t *testing.T) {
	pools := map[string]*nodepool.Pool{"smallest": ec2Pool(), "full": fullEC2(), "NVMe": nvmePool()}
	for _, kind := range []string{"gp3", "gp2", "io1", "io2", "standard"} {
		for _, size := range []millrace.Bytes{100 * millrace.GiB, 1024 * millrace.GiB, 16384 * millrace.GiB, 59000 * millrace.GiB} {
			pools[fmt.Sprint(kind, size)] = ec2With(func(p *nodepool.Pool, c *nodepool.EC2NodeClass) {
				p.Disk.Type, p.Disk.Size = kind, size
				if strings.HasPrefix(kind, "io") {
					c.IOPS = 1000
				}
			})
		}
	}
	built := 0
	for name, pool := range pools {
		parts, err := pool.Build()
		if err != nil {
			for _, f := range findings(t, err) {
				if f.Field != "Disk.Size" {
					t.Errorf("%s: %v", name, f)
				}
			}
			continue
		}
		built++
		if len(parts.Objects) != 2 {
			t.Fatalf("%s: %d objects", name, len(parts.Objects))
		}
		for _, o := range parts.Objects {
			gvk := o.GetObjectKind().GroupVersionKind()
			s, ok := schema.For(schema.GVK{Group: gvk.Group, Version: gvk.Version, Kind: gvk.Kind})
			if !ok {
				t.Fatalf("no schema of %s", gvk)
			}
			tree, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o)
			if err != nil {
				t.Fatal(err)
			}
			s.Check(tree, func(p schema.Problem) { t.Errorf("%s: %v", name, p) })
		}
	}
	if built < 16 {
		t.Errorf("only %d pools were built", built)
	}
}

// Several pools share a class by its name.
func TestEC2Shared(t *testing.T) {
	maker := ec2With(func(_ *nodepool.Pool, c *nodepool.EC2NodeClass) { c.Name = "data" })
	other := karpenterPool()
	other.Name, other.Provider = "other", nodepool.Karpenter{NodeClass: nodepool.NodeClass{Name: "data"}}
	class, err := maker.EC2NodeClass()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*nodepool.Pool{maker, other} {
		np, err := p.NodePool()
		if err != nil {
			t.Fatal(err)
		}
		if ref := np.Spec.Template.Spec.NodeClassRef; ref.Name != class.Name || ref.Kind != class.Kind || ref.Group != "karpenter.k8s.aws" {
			t.Errorf("%s refers to %v", p.Name, ref)
		}
	}
	if _, err := other.EC2NodeClass(); err == nil {
		t.Error("a pool that refers to a class makes one")
	}
	if _, err := millrace.Build(maker, other); err != nil {
		t.Error(err)
	}
}

// TestStreamingUserData reads the user data as Karpenter does before it adds its
// own part.
func TestStreamingUserData(t *testing.T) {
	pool := ec2With(func(p *nodepool.Pool, _ *nodepool.EC2NodeClass) { p.ImageStreaming = true })
	class, err := pool.EC2NodeClass()
	if err != nil {
		t.Fatal(err)
	}
	message, err := mail.ReadMessage(strings.NewReader(*class.Spec.UserData))
	if err != nil {
		t.Fatal(err)
	}
	media, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || media != "multipart/mixed" {
		t.Fatalf("%s, %v", media, err)
	}
	reader := multipart.NewReader(message.Body, params["boundary"])
	part, err := reader.NextPart()
	if err != nil {
		t.Fatal(err)
	}
	if got := part.Header.Get("Content-Type"); got != "application/node.eks.aws" {
		t.Errorf("the part is %s", got)
	}
	data, err := io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	var config struct {
		APIVersion, Kind string
		Spec             struct{ FeatureGates map[string]bool }
	}
	if err := sigsyaml.UnmarshalStrict(data, &config); err != nil {
		t.Fatal(err)
	}
	if config.APIVersion != "node.eks.aws/v1alpha1" || config.Kind != "NodeConfig" || !config.Spec.FeatureGates["FastImagePull"] {
		t.Errorf("%s", data)
	}
	if _, err := reader.NextPart(); err != io.EOF {
		t.Errorf("there is more: %v", err)
	}
	if got := *class.Spec.BlockDeviceMappings[0].EBS.Throughput; got != 600 {
		t.Errorf("throughput %d", got)
	}
}

// What is zero, and set, is written.
func TestEC2ZerosSurvive(t *testing.T) {
	out := render(t, ec2With(func(_ *nodepool.Pool, c *nodepool.EC2NodeClass) {
		c.Base.AssociatePublicIPAddress, c.Kubelet.CPUCFSQuota, c.Kubelet.PodsPerCore = new(false), new(false), new(int32(0))
	}))
	for _, want := range []string{"associatePublicIPAddress: false", "cpuCFSQuota: false", "podsPerCore: 0"} {
		if !bytes.Contains(out, []byte(want)) {
			t.Errorf("%s is missing in\n%s", want, out)
		}
	}
}

func TestKarpenterAllocatable(t *testing.T) {
	type pool = nodepool.Pool
	type class = nodepool.EC2NodeClass
	pods := func(c *class) { c.Kubelet.MaxPods = new(int32(234)) }
	// That of r6id.4xlarge is what Karpenter's own table of instance types has.
	for name, tc := range map[string]struct {
		pool *pool
		want string
	}{
		"Karpenter's table":      {ec2With(func(_ *pool, c *class) { pods(c) }), "cpu=15890m ephemeral-storage=89Gi memory=118312Mi pods=234"},
		"the smaller of two":     {ec2With(func(p *pool, c *class) { pods(c); p.OtherMachines = []string{"m6id.8xlarge"} }), "cpu=15890m ephemeral-storage=89Gi memory=118312Mi pods=234"},
		"of each resource":       {ec2With(func(p *pool, c *class) { pods(c); p.OtherMachines = []string{"c6id.8xlarge"} }), "cpu=15890m ephemeral-storage=89Gi memory=57691Mi pods=234"},
		"one that nobody knows":  {ec2With(func(p *pool, c *class) { pods(c); p.OtherMachines = []string{"x9zz.77xlarge"} }), ""},
		"requirements only":      {ec2With(func(p *pool, _ *class) { p.Machine = "" }), ""},
		"a kubelet that keeps":   {ec2With(func(_ *pool, c *class) { pods(c); c.Kubelet.SystemReserved = map[string]string{"cpu": "890m"} }), "cpu=15 ephemeral-storage=89Gi memory=118312Mi pods=234"},
		"a kubelet that decides": {ec2With(func(_ *pool, c *class) { pods(c); c.Kubelet.KubeReserved = map[string]string{"memory": "1Gi"} }), "cpu=15890m ephemeral-storage=89Gi pods=234"},
		// Bottlerocket keeps memory for as many pods as it takes: 11 MiB each.
		"Bottlerocket": {ec2With(func(_ *pool, c *class) { c.Kubelet.MaxPods, c.AMI = new(int32(134)), "bottlerocket@v1.54.0" }),
			"cpu=15890m ephemeral-storage=89Gi memory=119412Mi pods=134"},
		// Nobody knows how many addresses it has, and the most are reckoned with.
		"a shape": {ec2With(func(p *pool, c *class) {
			pods(c)
			p.Machine, p.Shape = "x9zz.77xlarge", nodepool.Shape{CPUs: 16, Memory: 128 * millrace.GiB}
		}), "cpu=15890m ephemeral-storage=89Gi memory=116552Mi pods=234"},
		"somebody's word": {ec2With(func(p *pool, _ *class) { p.Allocatable = corev1.ResourceList{"cpu": {}} }), "cpu=0"},
	} {
		t.Run(name, func(t *testing.T) {
			if tc.pool.Machine == "" {
				k := tc.pool.Provider.(nodepool.Karpenter)
				k.Requirements = append(k.Requirements, requirement("karpenter.k8s.aws/instance-family", "In", "r6id"))
				tc.pool.Provider = k
			}
			shape := tc.pool.Placement().Nodes[0]
			if got := amounts(shape.Allocatable); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
			if estimated := shape.Formula != ""; estimated != (tc.want != "" && tc.pool.Allocatable == nil) {
				t.Errorf("formula %q", shape.Formula)
			}
		})
	}
}

// amounts writes a list for people.
func amounts(list corev1.ResourceList) string {
	var out []string
	for _, name := range []corev1.ResourceName{"cpu", "ephemeral-storage", "memory", "pods"} {
		if q, ok := list[name]; ok {
			if s := q.String(); name == "ephemeral-storage" {
				out = append(out, fmt.Sprintf("%s=%dGi", name, q.Value()>>30))
			} else {
				out = append(out, fmt.Sprintf("%s=%s", name, s))
			}
		}
	}
	return strings.Join(out, " ")
}

// A class that somebody else makes may have any disk.
func TestReferredClassHasUnknownDisk(t *testing.T) {
	parts, err := karpenterPool().Build()
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := parts.Nodes[0].Allocatable["ephemeral-storage"]; ok {
		t.Error("the disk of another's class is known")
	}
	if cpu := parts.Nodes[0].Allocatable["cpu"]; cpu.String() != "15890m" {
		t.Errorf("cpu %s", cpu.String())
	}
	azure := karpenterPool()
	azure.Machine, azure.Provider = "Standard_E16s_v5", nodepool.Karpenter{NodeClass: nodepool.NodeClass{Name: "default", Kind: "AKSNodeClass"}}
	if got := azure.Placement().Nodes[0].Formula; got != "Karpenter on Azure (2026)" {
		t.Errorf("Azure: %q", got)
	}
	auto := karpenterPool()
	auto.Provider = nodepool.Karpenter{NodeClass: nodepool.NodeClass{Name: "default", Kind: "NodeClass"}}
	if got := auto.Placement().Nodes[0].Allocatable; got != nil {
		t.Errorf("EKS Auto Mode: %v", got)
	}
}

// The class comes before the pool, as Karpenter takes no pool without one.
func TestEC2Order(t *testing.T) {
	parts, err := ec2Pool().Build()
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, o := range parts.Objects {
		kinds = append(kinds, o.GetObjectKind().GroupVersionKind().Kind)
	}
	if diff := cmp.Diff([]string{"EC2NodeClass", "NodePool"}, kinds); diff != "" {
		t.Error(diff)
	}
}

// TestStreamingMachines: nodeadm passes FastImagePull over on nodes of less than
// 4 CPUs or 7 GiB.
func TestStreamingMachines(t *testing.T) {
	for name, ok := range map[string]bool{"c6i.xlarge": true, "m6i.xlarge": true, "r6i.large": false, "c4.xlarge": true} {
		karpenter := ec2With(func(p *nodepool.Pool, _ *nodepool.EC2NodeClass) { p.ImageStreaming, p.Machine = true, name })
		group := eksPool()
		group.ImageStreaming, group.Machine = true, name
		for _, pool := range []*nodepool.Pool{karpenter, group} {
			_, err := pool.Build()
			if found := findings(t, err); (len(found) == 0) != ok || !ok && found[0].Field != "ImageStreaming" {
				t.Errorf("%s, %T: %v", name, pool.Provider, err)
			}
		}
	}
}
