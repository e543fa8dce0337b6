package nodepool

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/millrace/millrace"
)

// The forms of AWS' literals.
var (
	eksClusterForm = regexp.MustCompile(`^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$`)
	eksVersionForm = regexp.MustCompile(`^1\.[0-9]{1,3}$`)
	eksReleaseForm = regexp.MustCompile(`^1\.[0-9]{1,3}\.[0-9]{1,3}-[0-9]{8}$`)
	eksRoleForm    = regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]+$`)
	eksSubnetForm  = regexp.MustCompile(`^subnet-[0-9a-f]{8,17}$`)
	eksKeyForm     = regexp.MustCompile(`^(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/)?(mrk-)?[0-9a-f-]{32,36}$`)
)

// eksValues are the fields that take literals and references.
type eksValues struct {
	cluster, version, release, role, key terraformValue
	subnets                              []terraformList
	dependsOn                            []hcl.Traversal
}

// values reads them, and reports what is neither.
func (e EKS) values(problems *millrace.Problems) eksValues {
	read := func(field, value string, form *regexp.Regexp, attribute, example string) terraformValue {
		if value == "" {
			return terraformValue{}
		}
		return e.read(problems, "Provider."+field, value, form, attribute, example)
	}
	values := eksValues{
		cluster: read("Cluster", e.Cluster, eksClusterForm, "name", "my-cluster"),
		version: read("Version", e.Version, eksVersionForm, "version", "1.34"),
		release: read("ReleaseVersion", e.ReleaseVersion, eksReleaseForm, "value", "1.34.1-20251112"),
		role:    read("Role", e.Role, eksRoleForm, "arn", "arn:aws:iam::111122223333:role/nodes"),
		key:     read("KMSKey", e.KMSKey, eksKeyForm, "arn", "arn:aws:kms:eu-west-1:111122223333:key/0a1b…"),
	}
	for i, subnet := range e.Subnets {
		at := fmt.Sprintf("Provider.Subnets[%d]", i)
		switch {
		case subnet == "":
			problems.Required(at, "leave it out")
		case slices.Contains(e.Subnets[:i], subnet):
			problems.Add(millrace.RuleDuplicate, at, fmt.Sprintf("%q is there already", subnet), "leave it out")
		case e.Format != Eksctl && strings.Contains(subnet, "[*]"):
			values.subnets = append(values.subnets, readSplat(problems, at, subnet, "id"))
		default:
			values.subnets = append(values.subnets, listOf(e.read(problems, at, subnet, eksSubnetForm, "id", "subnet-0123456789abcdef0")))
		}
	}
	for i, on := range e.DependsOn {
		if traversal := parseResource(on); traversal != nil {
			values.dependsOn = append(values.dependsOn, traversal)
		} else {
			problems.Invalid(fmt.Sprintf("Provider.DependsOn[%d]", i), on, "it is no Terraform resource", "use one such as aws_iam_role_policy_attachment.worker")
		}
	}
	return values
}

// read reads a field whose literals have a form of their own, so that what
// hasn't got it is a reference: a version has a dot too.
func (e EKS) read(problems *millrace.Problems, field, value string, form *regexp.Regexp, attribute, example string) terraformValue {
	traversal := parseReference(value)
	switch {
	case form.MatchString(value):
		return terraformValue{literal: value}
	case traversal == nil && e.Format == Eksctl:
		problems.Invalid(field, value, "it is none of AWS", "use one such as "+example)
	case traversal == nil:
		problems.Invalid(field, value, "it is neither one of AWS nor a Terraform reference",
			fmt.Sprintf("use one such as %s, or a reference such as var.%s; put any other expression into a local", example, attribute))
	case e.Format == Eksctl:
		problems.Unsupported(field, "eksctl reads no Terraform references", "use one such as "+example)
	case wholeResource(traversal):
		return terraformValue{traversal: append(traversal, hcl.TraverseAttr{Name: attribute})}
	}
	return terraformValue{traversal: traversal}
}

// A terraformList is an element of a list, or what may be a list by itself.
type terraformList struct {
	tokens hclwrite.Tokens
	// list says that it is a list, and open that it may be one: only Terraform
	// knows what a variable holds.
	list, open bool
}

func listOf(v terraformValue) terraformList {
	if v.traversal == nil {
		return terraformList{tokens: hclwrite.TokensForValue(cty.StringVal(v.literal))}
	}
	last, _ := v.traversal[len(v.traversal)-1].(hcl.TraverseAttr)
	return terraformList{
		tokens: hclwrite.TokensForTraversal(v.traversal),
		list:   last.Name == "ids" && !slices.Contains(scopes, v.traversal.RootName()),
		open:   slices.Contains(scopes, v.traversal.RootName()) || last.Name != "id",
	}
}

// readSplat reads a reference to all instances of a resource, with or without
// their attribute: aws_subnet.private[*].id.
func readSplat(problems *millrace.Problems, field, value, attribute string) terraformList {
	resource, rest, _ := strings.Cut(value, "[*]")
	traversal := parseReference(resource)
	if rest == "" {
		rest = "." + attribute
	}
	if traversal == nil || !wholeResource(traversal) || !identifier.MatchString(strings.TrimPrefix(rest, ".")) || rest[0] != '.' {
		problems.Invalid(field, value, "it is no list of resources", "use one such as aws_subnet.private[*]; put any other expression into a local")
		return terraformList{}
	}
	return terraformList{
		tokens: append(hclwrite.TokensForTraversal(traversal), &hclwrite.Token{Type: hclsyntax.TokenIdent, Bytes: []byte("[*]" + rest)}),
		list:   true,
	}
}

// listTokens writes the list, flat where one of its elements may be a list.
func listTokens(list []terraformList) hclwrite.Tokens {
	flat := true
	elements := make([]hclwrite.Tokens, len(list))
	for i, l := range list {
		elements[i], flat = l.tokens, flat && !l.list && !l.open
	}
	switch {
	case len(list) == 1 && list[0].list:
		return elements[0]
	case !flat:
		return hclwrite.TokensForFunctionCall("flatten", hclwrite.TokensForTuple(elements))
	}
	return hclwrite.TokensForTuple(elements)
}

// parseResource reads the address of a resource, a data source or a module,
// and returns nil for what is none.
func parseResource(value string) hcl.Traversal {
	if name, ok := strings.CutPrefix(value, "module."); ok && identifier.MatchString(name) {
		return hcl.Traversal{hcl.TraverseRoot{Name: "module"}, hcl.TraverseAttr{Name: name}}
	}
	if traversal := parseReference(value); traversal != nil && wholeResource(traversal) {
		return traversal
	}
	return nil
}
