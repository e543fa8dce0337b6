package nodepool

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool/karpenterawsv1"
)

// check reports what the API server, Karpenter or EC2 would refuse of the class,
// the latter two long after it was applied.
// Source: the CEL rules of the EC2NodeClass CRD, Karpenter's AWS provider 1.14.1.
func (c *EC2NodeClass) check(p *Pool, problems *millrace.Problems) {
	const at = "Provider.EC2"
	if c.Name != "" {
		problems.Name(at+".Name", c.Name)
	}
	c.checkIdentity(problems)
	c.checkImages(problems)
	c.checkSubnets(problems)
	c.checkSecurityGroups(problems)
	checkEC2Tags(problems, at+".Tags", c.Tags)
	checkEC2Tags(problems, at+".Base.Tags", c.Base.Tags)
	if c.HopLimit < 0 || c.HopLimit > 64 {
		problems.Invalid(at+".HopLimit", c.HopLimit, "is out of range", "use 1 to 64")
	}
	checkKubelet(problems, at+".Kubelet", &c.Kubelet, c.family())
	if c.Base.Kubelet != nil {
		checkKubelet(problems, at+".Base.Kubelet", c.Base.Kubelet, c.family())
	}
	c.checkDisk(p, problems)
	c.checkStreaming(p, problems)
	c.checkLocalDisks(p, problems)
}

// roleName is what IAM calls a role or an instance profile, without its path.
var roleName = regexp.MustCompile(`^[A-Za-z0-9_+=,.@-]{1,128}$`)

func (c *EC2NodeClass) checkIdentity(problems *millrace.Problems) {
	const role, profile = "Provider.EC2.Role", "Provider.EC2.InstanceProfile"
	at := profile
	if c.InstanceProfile == "" {
		at = "Provider.EC2.Base.InstanceProfile"
	}
	roles, profiles := c.Role != "" || c.Base.Role != nil, c.InstanceProfile != "" || c.Base.InstanceProfile != nil
	switch {
	case roles && profiles:
		problems.Conflict(at, "the class has a role too, of which Karpenter makes a profile", "set one of Role and InstanceProfile")
	case !roles && !profiles:
		problems.Required(role, "name the IAM role that the nodes have, or set InstanceProfile")
	}
	if c.Role != "" && !roleName.MatchString(c.Role) {
		problems.Invalid(role, c.Role, "is no name of an IAM role", "use the name alone, without the ARN and the path")
	}
	if c.InstanceProfile != "" && !roleName.MatchString(c.InstanceProfile) {
		problems.Invalid(profile, c.InstanceProfile, "is no name of an instance profile", "use the name alone, without the ARN and the path")
	}
}

// maxTerms is the CRD's limit for each list of selector terms.
const maxTerms = 30

// aliasVersions are how the releases of a family are numbered.
var aliasVersions = map[string]*regexp.Regexp{
	"al2":          regexp.MustCompile(`^v[0-9]{8}$`),
	"al2023":       regexp.MustCompile(`^v[0-9]{8}$`),
	"bottlerocket": regexp.MustCompile(`^v?[0-9]+\.[0-9]+\.[0-9]+$`),
}

func (c *EC2NodeClass) checkImages(problems *millrace.Problems) {
	const at = "Provider.EC2.AMI"
	base := len(c.Base.AMISelectorTerms)
	switch {
	case c.AMI == "" && len(c.AMIs) == 0 && base == 0:
		problems.Required(at, "name an image of EKS and its release, such as al2023@v20260723, or select images of your own with AMIs")
	case c.AMI != "" && len(c.AMIs) > 0:
		problems.Conflict(at+"s", "AMI names the image already", "set one of them")
	}
	if c.AMI != "" {
		c.checkAlias(problems, at)
	} else if c.family() == "" && len(c.AMIs)+base > 0 {
		problems.Required("Provider.EC2.Family", "say what the images are made of: AL2023, Bottlerocket, AL2 or Custom")
	}
	switch c.Family {
	case "", karpenterawsv1.AMIFamilyAL2, karpenterawsv1.AMIFamilyAL2023, karpenterawsv1.AMIFamilyBottlerocket, karpenterawsv1.AMIFamilyCustom:
	case karpenterawsv1.AMIFamilyWindows2019, karpenterawsv1.AMIFamilyWindows2022, karpenterawsv1.AMIFamilyWindows2025:
		problems.Unsupported("Provider.EC2.Family", "a pool's nodes run Linux", "use AL2023 or Bottlerocket")
	default:
		problems.Invalid("Provider.EC2.Family", string(c.Family), "unknown family", "use AL2023, Bottlerocket, AL2 or Custom")
	}
	tooManyTerms(problems, at+"s", len(c.AMIs))
	for i, t := range c.AMIs {
		term := fmt.Sprintf("%ss[%d]", at, i)
		checkTerm(problems, term, "ami-", t.ID, t.Tags, t.Name, t.Owner)
		switch {
		case t.Alias != nil:
			problems.Conflict(term+".Alias", "an alias stands alone", "use AMI for it")
		case t.ID == nil && t.Tags == nil && t.Name == nil && t.SSMParameter == nil:
			problems.Required(term, "set tags, an id, a name or an SSM parameter")
		}
	}
}

func (c *EC2NodeClass) checkAlias(problems *millrace.Problems, at string) {
	alias := aliasOf(c.AMI)
	is, known := aliasFamilies[alias.family]
	pattern := aliasVersions[alias.family]
	switch {
	case alias.version == "latest" && known:
		problems.Invalid(at, c.AMI, "each new image would replace all nodes, untested", "name a release, such as "+alias.family+"@"+releases[alias.family])
	case known && pattern == nil:
		problems.Unsupported(at, "a pool's nodes run Linux", "use an image of al2023 or bottlerocket")
	case !known || !pattern.MatchString(alias.version):
		problems.Invalid(at, c.AMI, "is no image of EKS", "write family@release: al2023@v20260723, bottlerocket@v1.54.0 or al2@v20251120")
	}
	if f := orDefault(c.Family, c.Base.AMIFamily); known && f != "" && f != is && f != karpenterawsv1.AMIFamilyCustom {
		field := "Provider.EC2.Family"
		if c.Family == "" {
			field = "Provider.EC2.Base.AMIFamily"
		}
		problems.Conflict(field, fmt.Sprintf("the image is of family %s", is), "leave it out")
	}
}

// releases are examples of how releases are numbered.
var releases = map[string]string{"al2": "v20251120", "al2023": "v20260723", "bottlerocket": "v1.54.0"}

func (c *EC2NodeClass) checkSubnets(problems *millrace.Problems) {
	const at = "Provider.EC2.Subnets"
	if len(c.Subnets) == 0 && len(c.Base.SubnetSelectorTerms) == 0 && c.Discovery == "" {
		problems.Required(at, "select the subnets by tags or by id, or set Discovery")
	}
	tooManyTerms(problems, at, len(c.Subnets))
	for i, t := range c.Subnets {
		term := fmt.Sprintf("%s[%d]", at, i)
		checkTerm(problems, term, "subnet-", t.ID, t.Tags, nil, nil)
		if t.ID == nil && t.Tags == nil {
			problems.Required(term, "set tags or an id")
		}
	}
}

func (c *EC2NodeClass) checkSecurityGroups(problems *millrace.Problems) {
	const at = "Provider.EC2.SecurityGroups"
	if len(c.SecurityGroups) == 0 && len(c.Base.SecurityGroupSelectorTerms) == 0 && c.Discovery == "" {
		problems.Required(at, "select the security groups by tags, id or name, or set Discovery")
	}
	if c.Discovery != "" && len(c.Subnets)+len(c.Base.SubnetSelectorTerms) > 0 && len(c.SecurityGroups)+len(c.Base.SecurityGroupSelectorTerms) > 0 {
		problems.Conflict("Provider.EC2.Discovery", "subnets and security groups are selected already", "leave it out")
	}
	tooManyTerms(problems, at, len(c.SecurityGroups))
	for i, t := range c.SecurityGroups {
		term := fmt.Sprintf("%s[%d]", at, i)
		checkTerm(problems, term, "sg-", t.ID, t.Tags, t.Name, nil)
		switch {
		case t.ID == nil && t.Name != nil && t.Tags != nil:
			problems.Conflict(term+".Name", "a name stands alone", "set one of tags, id and name")
		case t.ID == nil && t.Tags == nil && t.Name == nil:
			problems.Required(term, "set tags, an id or a name")
		}
	}
}

func tooManyTerms(problems *millrace.Problems, at string, n int) {
	if n > maxTerms {
		problems.Invalid(at, n, "are too many terms", "use at most 30")
	}
}

// checkTerm checks what all selector terms have in common: an id stands alone
// and says what it is of, tags are whole.
func checkTerm(problems *millrace.Problems, at, prefix string, id *string, tags map[string]string, others ...*string) {
	if id != nil {
		rest, ok := strings.CutPrefix(*id, prefix)
		if !ok || rest == "" || strings.IndexFunc(rest, func(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'z') }) >= 0 {
			problems.Invalid(at+".ID", *id, "is no such id", "it begins with "+prefix)
		}
		if tags != nil || slices.ContainsFunc(others, func(s *string) bool { return s != nil }) {
			problems.Conflict(at+".ID", "an id stands alone", "leave out the id or the rest")
		}
	}
	for _, name := range others {
		if name != nil && *name == "" {
			problems.Invalid(at, *name, "an empty word selects nothing", "leave it out")
		}
	}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		if key == "" || tags[key] == "" {
			problems.Invalid(at+".Tags["+key+"]", tags[key], "a tag has a key and a value", `use "*" for any value`)
		}
	}
	switch {
	case tags != nil && len(tags) == 0:
		problems.Required(at+".Tags", "name a tag: without one, everything in the account is selected")
	case len(tags) > 20:
		problems.Invalid(at+".Tags", len(tags), "are too many", "use at most 20")
	}
}

// karpenterTags are those that Karpenter sets itself.
// Source: the EC2NodeClass CRD; RestrictedTagPatterns, Karpenter's AWS provider 1.14.1.
var karpenterTags = []string{"eks:eks-cluster-name", nodePoolLabel, karpenterDomain + "/nodeclaim", awsGroup + "/ec2nodeclass"}

func checkEC2Tags(problems *millrace.Problems, at string, tags map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		field := at + "[" + key + "]"
		switch {
		case key == "":
			problems.Invalid(field, key, "a tag has a key", "name it")
		case slices.Contains(karpenterTags, key) || strings.HasPrefix(key, "kubernetes.io/cluster"):
			problems.Unsupported(field, "Karpenter sets this tag itself", "leave it out")
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			problems.Unsupported(field, "AWS keeps the tags of aws: for itself", "use another key")
		case len([]rune(key)) > 128 || len([]rune(tags[key])) > 256:
			problems.Invalid(field, key, "is too long", "use at most 128 characters for a key and 256 for a value")
		}
	}
}
