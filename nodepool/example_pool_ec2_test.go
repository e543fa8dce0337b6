package nodepool_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterawsv1"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// A pool on AWS that brings its node class along: images on local disks, pulled
// in parallel, a release of Amazon Linux, and what is found by tags.
func ExampleEC2NodeClass() {
	pool := &nodepool.Pool{
		Name:           "spark-executor",
		Machine:        "r6id.4xlarge",
		Max:            50,
		Disk:           nodepool.Disk{LocalNVMe: true},
		ImageStreaming: true,
		Provider: nodepool.Karpenter{EC2: &nodepool.EC2NodeClass{
			Role:      "KarpenterNodeRole-data",
			AMI:       "al2023@v20260723",
			Discovery: "data",
			Tags:      map[string]string{"team": "data-platform"},
			Kubelet:   karpenterawsv1.KubeletConfiguration{MaxPods: new(int32(110))},
		}},
	}
	bundle, err := millrace.Build(pool)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: karpenter.k8s.aws/v1
	// kind: EC2NodeClass
	// metadata:
	//   name: spark-executor
	// spec:
	//   amiSelectorTerms:
	//   - alias: al2023@v20260723
	//   securityGroupSelectorTerms:
	//   - tags:
	//       karpenter.sh/discovery: data
	//   subnetSelectorTerms:
	//   - tags:
	//       karpenter.sh/discovery: data
	//   blockDeviceMappings:
	//   - deviceName: /dev/xvda
	//     ebs:
	//       encrypted: true
	//       volumeSize: 100Gi
	//       volumeType: gp3
	//   instanceStorePolicy: RAID0
	//   kubelet:
	//     maxPods: 110
	//   metadataOptions:
	//     httpPutResponseHopLimit: 1
	//     httpTokens: required
	//   role: KarpenterNodeRole-data
	//   tags:
	//     team: data-platform
	//   userData: |
	//     MIME-Version: 1.0
	//     Content-Type: multipart/mixed; boundary="//"
	//
	//     --//
	//     Content-Type: application/node.eks.aws
	//
	//     apiVersion: node.eks.aws/v1alpha1
	//     kind: NodeConfig
	//     spec:
	//       featureGates:
	//         FastImagePull: true
	//
	//     --//--
	// ---
	// apiVersion: karpenter.sh/v1
	// kind: NodePool
	// metadata:
	//   name: spark-executor
	// spec:
	//   template:
	//     metadata:
	//       labels:
	//         workload: spark-executor
	//     spec:
	//       nodeClassRef:
	//         group: karpenter.k8s.aws
	//         kind: EC2NodeClass
	//         name: spark-executor
	//       requirements:
	//       - key: node.kubernetes.io/instance-type
	//         operator: In
	//         values:
	//         - r6id.4xlarge
	//       - key: kubernetes.io/arch
	//         operator: In
	//         values:
	//         - amd64
	//       - key: kubernetes.io/os
	//         operator: In
	//         values:
	//         - linux
	//       - key: karpenter.sh/capacity-type
	//         operator: In
	//         values:
	//         - on-demand
	//       - key: karpenter.k8s.aws/instance-local-nvme
	//         operator: Gt
	//         values:
	//         - "0"
	//       expireAfter: 720h
	//       taints:
	//       - key: workload
	//         value: spark-executor
	//         effect: NoSchedule
	//       terminationGracePeriod: 24h
	//   disruption:
	//     consolidateAfter: 5m
	//     budgets:
	//     - nodes: 10%
	//     consolidationPolicy: WhenEmpty
	//   limits:
	//     nodes: "50"
}

// Two pools share a node class: one makes it, the other refers to it.
func ExamplePool_EC2NodeClass() {
	onDemand := &nodepool.Pool{
		Name: "etl", Workload: "spark", Machine: "r7i.4xlarge", Max: 10,
		Provider: nodepool.Karpenter{EC2: &nodepool.EC2NodeClass{
			Name: "data", Role: "KarpenterNodeRole-data", AMI: "bottlerocket@v1.54.0", Discovery: "data",
		}},
	}
	class, err := onDemand.EC2NodeClass()
	if err != nil {
		fmt.Println(err)
		return
	}
	spot := &nodepool.Pool{
		Name: "etl-spot", Workload: "spark", Machine: "r7i.4xlarge", Capacity: nodepool.Spot, Max: 40,
		Provider: nodepool.Karpenter{NodeClass: nodepool.NodeClass{Name: class.Name}},
	}
	for _, m := range class.Spec.BlockDeviceMappings {
		fmt.Println(*m.DeviceName, *m.EBS.VolumeSize, m.EBS.VolumeType)
	}
	for _, pool := range []*nodepool.Pool{onDemand, spot} {
		np, err := pool.NodePool()
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(np.Name, "is made of", np.Spec.Template.Spec.NodeClassRef.Name)
	}
	// Output:
	// /dev/xvda 4Gi gp3
	// /dev/xvdb 100Gi gp3
	// etl is made of data
	// etl-spot is made of data
}

// What Karpenter and EC2 would say much later is said at once.
func ExampleEC2NodeClass_mistakes() {
	pool := &nodepool.Pool{
		Name:    "etl",
		Machine: "r7i.4xlarge",
		Max:     10,
		Disk:    nodepool.Disk{LocalNVMe: true},
		Provider: nodepool.Karpenter{EC2: &nodepool.EC2NodeClass{
			Role:      "arn:aws:iam::111122223333:role/nodes",
			AMI:       "al2023@latest",
			Discovery: "data",
		}},
	}
	_, err := millrace.Build(pool)
	fmt.Println(err)
	// Output:
	// build: 3 mistakes:
	//   nodepool.Pool etl: Provider.EC2.Role: "arn:aws:iam::111122223333:role/nodes": is no name of an IAM role; use the name alone, without the ARN and the path [build/invalid]
	//   nodepool.Pool etl: Provider.EC2.AMI: "al2023@latest": each new image would replace all nodes, untested; name a release, such as al2023@v20260723 [build/invalid]
	//   nodepool.Pool etl: Machine: "r7i.4xlarge": has no local disks, and Disk.LocalNVMe wants some; use a machine type with a d, such as r6id.4xlarge, or leave Disk.LocalNVMe out [build/invalid]
}

// Each provider of Karpenter has labels of its own for the same things.
func ExampleKarpenter_labels() {
	pool := &nodepool.Pool{
		Name: "etl",
		Max:  10,
		Provider: nodepool.Karpenter{
			NodeClass: nodepool.NodeClass{Name: "default", Kind: "NodeClass"}, // EKS Auto Mode
			Requirements: []karpenterv1.NodeSelectorRequirementWithMinValues{
				{Key: "karpenter.k8s.aws/instance-category", Operator: karpenterv1.NodeSelectorOperatorIn, Values: []string{"r"}},
			},
		},
	}
	_, err := pool.Build()
	fmt.Println(err)
	// Output:
	// build: nodepool.Pool etl: Provider.Requirements[0].Key: "karpenter.k8s.aws/instance-category": it is a label of another provider, which machines of EKS Auto Mode don't have; use eks.amazonaws.com/instance-category [build/invalid]
}
