package nodepool

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/millrace/millrace"
)

var (
	eksUnavailableForm = regexp.MustCompile(`^([1-9][0-9]?|100)%?$`)
	// eksTagForm holds what all services of AWS take.
	eksTagForm = regexp.MustCompile(`^[\p{L}\p{N} +=._:/@-]*$`)
)

// checkOwn checks the provider's own fields.
func (e EKS) checkOwn(p *Pool, problems *millrace.Problems) {
	if e.Cluster == "" {
		problems.Required("Provider.Cluster", "name the cluster, or refer to it: aws_eks_cluster.main")
	}
	e.values(problems)
	if e.Format == Eksctl {
		e.checkEksctl(problems)
	} else {
		e.checkTerraform(problems)
	}
	if arch, ok := eksImages[e.amiType(p)]; !ok {
		problems.Invalid("Provider.AMIType", e.AMIType, "it is no image of Amazon Linux 2023 or Bottlerocket", "use one such as AL2023_x86_64_STANDARD, or leave it out")
	} else if arch != p.arch() {
		problems.Invalid("Provider.AMIType", e.AMIType, fmt.Sprintf("is an %s image and the pool is %s", arch, p.arch()), "leave it out, or use the other one")
	}
	if e.MaxPods < 0 || e.MaxPods > eksMaxPods {
		problems.Invalid("Provider.MaxPods", e.MaxPods, "is out of range", "use 1 to 250, or 0 for EKS' own number")
	}
	if e.HopLimit < 0 || e.HopLimit > 64 {
		problems.Invalid("Provider.HopLimit", e.HopLimit, "is out of range", "use 1 to 64, or leave it out")
	}
	if e.MaxUnavailable != "" && !eksUnavailableForm.MatchString(e.MaxUnavailable) {
		problems.Invalid("Provider.MaxUnavailable", e.MaxUnavailable, "is no number of nodes and no share", `use one such as "2" or "10%", from 1 to 100`)
	} else if n, share := e.unavailable(); !share && p.Max > 0 && n > p.Max {
		problems.Invalid("Provider.MaxUnavailable", e.MaxUnavailable, "is more nodes than the pool may have", "use a smaller number, or a share")
	}
}

// checkTerraform reports what a resource of Terraform needs, and what it has
// no argument for.
func (e EKS) checkTerraform(problems *millrace.Problems) {
	if e.Role == "" {
		problems.Required("Provider.Role", "name the nodes' role by its ARN, or refer to it: aws_iam_role.nodes")
	}
	if len(e.Subnets) == 0 {
		problems.Required("Provider.Subnets", "say where the nodes are, by IDs or references: aws_subnet.private[*]")
	}
	if e.Region != "" {
		problems.Unsupported("Provider.Region", "Terraform takes it from its provider block", "leave it out")
	}
	if e.Public {
		problems.Unsupported("Provider.Public", "in Terraform the subnets decide", "leave it out, and choose them in Provider.Subnets")
	}
}

// checkEksctl does so for a configuration file of eksctl.
func (e EKS) checkEksctl(problems *millrace.Problems) {
	switch {
	case e.Region == "":
		problems.Required("Provider.Region", "name the cluster's region, which eksctl needs, or leave out Provider.Format")
	case !eksRegionForm.MatchString(e.Region):
		problems.Invalid("Provider.Region", e.Region, "it is no region of AWS", "use one such as eu-west-1")
	}
	if e.Version != "" {
		problems.Unsupported("Provider.Version", "eksctl gives the nodes the cluster's", "leave it out")
	}
	if len(e.DependsOn) > 0 {
		problems.Unsupported("Provider.DependsOn", "eksctl knows no resources of Terraform", "leave it out")
	}
	if e.ForceUpdates {
		problems.Unsupported("Provider.ForceUpdates", "eksctl has a flag for it: upgrade nodegroup --force-upgrade", "leave it out")
	}
	if e.HopLimit > 2 {
		problems.Unsupported("Provider.HopLimit", "eksctl knows 1, and 2 for pods that may have the node's credentials", "use 1 or 2")
	}
	if e.AMIType != "" && !slices.Contains([]string{"AL2023_x86_64_STANDARD", "AL2023_ARM_64_STANDARD", "BOTTLEROCKET_x86_64", "BOTTLEROCKET_ARM_64"}, e.AMIType) {
		problems.Unsupported("Provider.AMIType", "eksctl chooses the image by the machine type", "leave it out, or use BOTTLEROCKET_x86_64 or BOTTLEROCKET_ARM_64")
	}
}

func (e EKS) checkTags(p *Pool, problems *millrace.Problems) {
	scaling := e.scalingTags(p)
	for _, key := range slices.Sorted(maps.Keys(e.Tags)) {
		at, value := "Provider.Tags["+key+"]", e.Tags[key]
		switch {
		case key == "":
			problems.Required(at, "name the tag")
		case strings.HasPrefix(strings.ToLower(key), "aws:") || strings.HasPrefix(key, "eks:"):
			problems.Invalid(at, key, "AWS keeps these tags for itself", "use another key")
		case scaling[key] != "":
			problems.Conflict(at, "the pool writes this tag for Cluster Autoscaler", "leave it out")
		case !eksTagForm.MatchString(key) || len([]rune(key)) > eksTagLength:
			problems.Invalid(at, key, "it is no key of a tag", "use at most 128 letters, digits, spaces and any of + - = . _ : / @")
		}
		if !eksTagForm.MatchString(value) || len([]rune(value)) > eksTagValue {
			problems.Invalid(at, value, "it is no value of a tag", "use at most 256 letters, digits, spaces and any of + - = . _ : / @")
		}
		if e.Format != Eksctl {
			checkNormal(problems, at, key, value)
		}
	}
	most := eksMaxTags
	if e.Format == Eksctl {
		most = max(eksMaxTags-len(scaling), 0) // eksctl has both in one list.
	}
	if n := len(e.Tags); n > most {
		problems.Invalid("Provider.Tags", n, "are too many", fmt.Sprintf("use at most %d", most))
	}
}
