package nodepool

import (
	"maps"
	"reflect"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
	"github.com/millrace/millrace/nodepool/karpenterawsv1"
)

// discoveryTag is what Karpenter's guides tag subnets and groups with.
const discoveryTag = karpenterDomain + "/discovery"

// EC2NodeClass builds the pool and returns the node class that it makes. Where
// it makes none the error says so.
func (p *Pool) EC2NodeClass() (*karpenterawsv1.EC2NodeClass, error) {
	return objectOf[*karpenterawsv1.EC2NodeClass](p, "EC2NodeClass", "use nodepool.Karpenter with EC2")
}

// object makes the node class of a pool.
func (c *EC2NodeClass) object(p *Pool, problems *millrace.Problems) *karpenterawsv1.EC2NodeClass {
	spec := c.spec(p, problems)
	return &karpenterawsv1.EC2NodeClass{
		TypeMeta:   metav1.TypeMeta{APIVersion: karpenterawsv1.GroupVersion.String(), Kind: "EC2NodeClass"},
		ObjectMeta: metav1.ObjectMeta{Name: c.name(p)},
		Spec:       &spec,
	}
}

func (c *EC2NodeClass) name(p *Pool) string { return orDefault(c.Name, p.Name) }

// spec lays the pool's and the class's own fields over Base and fills in the
// defaults.
func (c *EC2NodeClass) spec(p *Pool, problems *millrace.Problems) karpenterawsv1.EC2NodeClassSpec {
	spec := *c.Base.DeepCopy()
	own := karpenterawsv1.EC2NodeClassSpec{
		Role:            optional(c.Role),
		InstanceProfile: optional(c.InstanceProfile),
		AMIFamily:       c.Family,
		Tags:            maps.Clone(c.Tags),
		Kubelet:         c.kubelet(),
		UserData:        c.userData(p),
	}
	if c.HopLimit != 0 {
		own.MetadataOptions = &karpenterawsv1.MetadataOptions{HTTPPutResponseHopLimit: new(c.HopLimit)}
	}
	if p.Disk.LocalNVMe {
		own.InstanceStorePolicy = karpenterawsv1.InstanceStorePolicyRAID0
	}
	if c.describesDisk(p) {
		own.BlockDeviceMappings = c.disks(p)
	}
	own.AMISelectorTerms = c.images()
	for _, t := range c.Subnets {
		own.SubnetSelectorTerms = append(own.SubnetSelectorTerms, *t.DeepCopy())
	}
	for _, t := range c.SecurityGroups {
		own.SecurityGroupSelectorTerms = append(own.SecurityGroupSelectorTerms, *t.DeepCopy())
	}
	for _, field := range overlay.Lay(&spec, &own) {
		detail, fix := "the node class sets it too", "set it in one place"
		if field == "UserData" {
			detail, fix = "ImageStreaming makes user data too", "leave ImageStreaming out and write its settings into the user data"
		}
		problems.Conflict("Provider.EC2.Base."+field, detail, fix)
	}
	overlay.Fill(&spec, c.defaults(p))
	return spec
}

// defaults are for what neither Base nor the fields say.
func (c *EC2NodeClass) defaults(p *Pool) *karpenterawsv1.EC2NodeClassSpec {
	out := &karpenterawsv1.EC2NodeClassSpec{
		MetadataOptions: &karpenterawsv1.MetadataOptions{
			HTTPPutResponseHopLimit: new(int64(defaultHopLimit)),
			HTTPTokens:              karpenterawsv1.HTTPTokensRequired,
		},
		BlockDeviceMappings: c.disks(p),
	}
	if c.Discovery != "" {
		out.SubnetSelectorTerms = []karpenterawsv1.SubnetSelectorTerm{{Tags: map[string]string{discoveryTag: c.Discovery}}}
		out.SecurityGroupSelectorTerms = []karpenterawsv1.SecurityGroupSelectorTerm{{Tags: map[string]string{discoveryTag: c.Discovery}}}
	}
	return out
}

func (c *EC2NodeClass) images() []karpenterawsv1.AMISelectorTerm {
	var out []karpenterawsv1.AMISelectorTerm
	if c.AMI != "" {
		out = append(out, karpenterawsv1.AMISelectorTerm{Alias: new(c.AMI)})
	}
	for _, t := range c.AMIs {
		out = append(out, *t.DeepCopy())
	}
	return out
}

func (c *EC2NodeClass) kubelet() *karpenterawsv1.KubeletConfiguration {
	out := c.Kubelet.DeepCopy()
	if reflect.ValueOf(*out).IsZero() {
		return nil
	}
	return out
}

// family returns the family of the class's images, empty where nothing tells.
// Source: Karpenter's AWS provider 1.14.1, EC2NodeClass.AMIFamily.
func family(spec *karpenterawsv1.EC2NodeClassSpec) karpenterawsv1.AMIFamily {
	if spec.AMIFamily != "" {
		return spec.AMIFamily
	}
	for _, t := range spec.AMISelectorTerms {
		if t.Alias != nil {
			return aliasFamilies[aliasOf(*t.Alias).family]
		}
	}
	return ""
}

// family is that of the images that the fields and Base select.
func (c *EC2NodeClass) family() karpenterawsv1.AMIFamily {
	return family(&karpenterawsv1.EC2NodeClassSpec{
		AMIFamily:        orDefault(c.Family, c.Base.AMIFamily),
		AMISelectorTerms: append(c.images(), c.Base.AMISelectorTerms...),
	})
}

// aliasFamilies are the families by the words of an alias.
var aliasFamilies = map[string]karpenterawsv1.AMIFamily{
	"al2":          karpenterawsv1.AMIFamilyAL2,
	"al2023":       karpenterawsv1.AMIFamilyAL2023,
	"bottlerocket": karpenterawsv1.AMIFamilyBottlerocket,
	"windows2019":  karpenterawsv1.AMIFamilyWindows2019,
	"windows2022":  karpenterawsv1.AMIFamilyWindows2022,
	"windows2025":  karpenterawsv1.AMIFamilyWindows2025,
}

// amiAlias is an image of EKS: "al2023@v20260723".
type amiAlias struct{ family, version string }

func aliasOf(text string) amiAlias {
	family, version, _ := strings.Cut(text, "@")
	return amiAlias{family, version}
}

// optional returns a pointer to a text, nil for an empty one.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
