package nodepool

import (
	"maps"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
)

// eksctlConfig is the part of eksctl's configuration file that a pool is. It
// adds the group to the cluster that it names.
// Source: eksctl 0.215, pkg/apis/eksctl.io/v1alpha5/assets/schema.json.
type eksctlConfig struct {
	metav1.TypeMeta   `json:",inline"`
	Metadata          eksctlCluster `json:"metadata"`
	ManagedNodeGroups []eksctlGroup `json:"managedNodeGroups"`
}

type eksctlCluster struct {
	Name   string `json:"name"`
	Region string `json:"region"`
}

// eksctlGroup has no omitempty where zero isn't eksctl's default.
type eksctlGroup struct {
	Name              string            `json:"name"`
	AMIFamily         string            `json:"amiFamily"`
	ReleaseVersion    string            `json:"releaseVersion,omitempty"`
	InstanceTypes     []string          `json:"instanceTypes"`
	Spot              bool              `json:"spot,omitempty"`
	MinSize           int               `json:"minSize"`
	MaxSize           int               `json:"maxSize"`
	AvailabilityZones []string          `json:"availabilityZones,omitempty"`
	Subnets           []string          `json:"subnets,omitempty"`
	PrivateNetworking bool              `json:"privateNetworking"`
	IAM               *eksctlIAM        `json:"iam,omitempty"`
	Labels            map[string]string `json:"labels"`
	Taints            []eksctlTaint     `json:"taints,omitempty"`
	VolumeSize        int               `json:"volumeSize"`
	VolumeType        string            `json:"volumeType"`
	VolumeIOPS        int               `json:"volumeIOPS,omitempty"`
	VolumeThroughput  int               `json:"volumeThroughput,omitempty"`
	VolumeEncrypted   bool              `json:"volumeEncrypted"`
	VolumeKMSKeyID    string            `json:"volumeKmsKeyID,omitempty"`
	DisablePodIMDS    bool              `json:"disablePodIMDS"`
	MaxPodsPerNode    int               `json:"maxPodsPerNode,omitempty"`
	Bootstrap         string            `json:"overrideBootstrapCommand,omitempty"`
	UpdateConfig      eksctlUpdate      `json:"updateConfig"`
	NodeRepairConfig  eksctlRepair      `json:"nodeRepairConfig"`
	PropagateASGTags  bool              `json:"propagateASGTags"`
	Tags              map[string]string `json:"tags"`
}

type eksctlIAM struct {
	InstanceRoleARN string `json:"instanceRoleARN"`
}

type eksctlTaint struct {
	Key    string `json:"key"`
	Value  string `json:"value,omitempty"`
	Effect string `json:"effect"`
}

type eksctlUpdate struct {
	MaxUnavailable           int `json:"maxUnavailable,omitempty"`
	MaxUnavailablePercentage int `json:"maxUnavailablePercentage,omitempty"`
}

type eksctlRepair struct {
	Enabled bool `json:"enabled"`
}

// eksctl renders the configuration file. It names no number of nodes but the
// bounds: eksctl begins with the least one, and the rest is the autoscaler's.
func (e EKS) eksctl(p *Pool, problems *millrace.Problems) []byte {
	disk := e.disk(p)
	group := eksctlGroup{
		Name: p.Name, AMIFamily: "AmazonLinux2023", ReleaseVersion: e.ReleaseVersion,
		InstanceTypes: e.machines(p), Spot: p.spot(), MinSize: p.Min, MaxSize: p.Max,
		AvailabilityZones: slices.Clone(p.Zones), Subnets: slices.Clone(e.Subnets), PrivateNetworking: !e.Public,
		Labels:     p.labels(),
		VolumeSize: disk.size, VolumeType: disk.kind, VolumeIOPS: disk.iops, VolumeThroughput: disk.throughput,
		VolumeEncrypted: true, VolumeKMSKeyID: e.KMSKey,
		DisablePodIMDS: orDefault(e.HopLimit, defaultHopLimit) == 1,
		MaxPodsPerNode: e.MaxPods, Bootstrap: e.nodeConfig(p, 0, problems),
		NodeRepairConfig: eksctlRepair{Enabled: !e.NoRepair},
		PropagateASGTags: true, Tags: e.eksctlTags(p),
	}
	if e.bottlerocket(p) {
		group.AMIFamily = "Bottlerocket"
	}
	if e.Role != "" {
		group.IAM = &eksctlIAM{InstanceRoleARN: e.Role}
	}
	for _, t := range e.writtenTaints(p) {
		group.Taints = append(group.Taints, eksctlTaint{Key: t.Key, Value: t.Value, Effect: string(t.Effect)})
	}
	if n, share := e.unavailable(); share {
		group.UpdateConfig.MaxUnavailablePercentage = n
	} else {
		group.UpdateConfig.MaxUnavailable = n
	}
	return []byte(yamlText(problems, eksctlConfig{
		TypeMeta:          metav1.TypeMeta{APIVersion: "eksctl.io/v1alpha5", Kind: "ClusterConfig"},
		Metadata:          eksctlCluster{Name: e.Cluster, Region: e.Region},
		ManagedNodeGroups: []eksctlGroup{group},
	}))
}

// eksctlTags are the tags of the group, which eksctl puts on its Auto Scaling
// group too. It writes those for labels and taints by itself, but a taint's
// without the effect, so that Cluster Autoscaler passes it over; what is
// written here goes before that.
// Source: eksctl 0.215, pkg/cfn/builder/nodegroup.go, GenerateClusterAutoscalerTags.
func (e EKS) eksctlTags(p *Pool) map[string]string {
	tags := e.scalingTags(p)
	for key := range p.labels() {
		delete(tags, eksLabelTag+key)
	}
	maps.Copy(tags, e.Tags)
	return tags
}

// bottlerocket reports whether the nodes run it, and not Amazon Linux.
func (e EKS) bottlerocket(p *Pool) bool { return strings.HasPrefix(e.amiType(p), "BOTTLEROCKET") }
