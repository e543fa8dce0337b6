package crdgen

// KarpenterAWS returns how package nodepool/karpenterawsv1 is made of the
// EC2NodeClass CRD in the Go module github.com/aws/karpenter-provider-aws
// v1.14.1, directory pkg/apis/crds.
//
// Type names are those of the provider's own Go API.
func KarpenterAWS() Config {
	return Config{
		Package: "karpenterawsv1",
		Group:   "karpenter.k8s.aws",
		Source:  "Karpenter's AWS provider 1.14.1",
		Files:   []string{"karpenter.k8s.aws_ec2nodeclasses.yaml"},
		Names: map[string]string{
			"EC2NodeClass.spec.amiSelectorTerms[]":                                       "AMISelectorTerm",
			"EC2NodeClass.spec.amiFamily":                                                "AMIFamily",
			"EC2NodeClass.spec.blockDeviceMappings[]":                                    "BlockDeviceMapping",
			"EC2NodeClass.spec.blockDeviceMappings[].ebs":                                "BlockDevice",
			"EC2NodeClass.spec.blockDeviceMappings[].ebs.volumeType":                     "VolumeType",
			"EC2NodeClass.spec.capacityReservationSelectorTerms[]":                       "CapacityReservationSelectorTerm",
			"EC2NodeClass.spec.capacityReservationSelectorTerms[].instanceMatchCriteria": "InstanceMatchCriteria",
			"EC2NodeClass.spec.connectionTracking":                                       "ConnectionTracking",
			"EC2NodeClass.spec.cpuOptions":                                               "CPUOptions",
			"EC2NodeClass.spec.cpuOptions.nestedVirtualization":                          "State",
			"EC2NodeClass.spec.metadataOptions.httpTokens":                               "HTTPTokens",
			"EC2NodeClass.status.amis[]":                                                 "AMI",
			"EC2NodeClass.status.amis[].requirements[]":                                  "AMIRequirement",
			"EC2NodeClass.status.capacityReservations[]":                                 "CapacityReservation",
			"EC2NodeClass.status.capacityReservations[].reservationType":                 "CapacityReservationType",
			"EC2NodeClass.status.capacityReservations[].state":                           "CapacityReservationState",
			"EC2NodeClass.status.securityGroups[]":                                       "SecurityGroup",
			"EC2NodeClass.status.subnets[]":                                              "Subnet",
			"EC2NodeClass.spec.instanceStorePolicy":                                      "InstanceStorePolicy",
			"EC2NodeClass.spec.kubelet":                                                  "KubeletConfiguration",
			"EC2NodeClass.spec.metadataOptions":                                          "MetadataOptions",
			"EC2NodeClass.spec.networkInterfaces[]":                                      "NetworkInterface",
			"EC2NodeClass.spec.networkInterfaces[].interfaceType":                        "InterfaceType",
			"EC2NodeClass.spec.placementGroupSelector":                                   "PlacementGroupSelector",
			"EC2NodeClass.spec.securityGroupSelectorTerms[]":                             "SecurityGroupSelectorTerm",
			"EC2NodeClass.spec.subnetSelectorTerms[]":                                    "SubnetSelectorTerm",
		},
		Mappings: Kubernetes(),
	}
}
