package nodepool

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/millrace/millrace"
)

// A terraformValue is a literal string or a reference.
type terraformValue struct {
	literal   string
	traversal hcl.Traversal
}

// literalPattern holds what names, paths and e-mail addresses of Google Cloud
// are made of.
var literalPattern = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_./:@-]*$`)

// scopes are the roots of references that lead to no resource.
var scopes = []string{"var", "local", "module", "each", "count", "path", "self", "terraform"}

// identifier is what the key of a map may be without quotes, or a name in a
// reference. HCL takes letters of all scripts too, and skips some marks that
// can't be seen.
var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// keywords are identifiers that HCL reads as something else in an expression.
var keywords = []string{"for", "true", "false", "null"}

// readTerraform reads a field that takes a literal or a reference. The rule
// is that a value with a dot, and with none of '/', ':' and '@', is a
// reference: names and locations have no dots, paths have slashes, and e-mail
// addresses have an '@'. A reference to a whole resource or data source gets
// attribute behind it.
func readTerraform(problems *millrace.Problems, field, value, attribute string) terraformValue {
	switch {
	case strings.Contains(value, "${") || strings.Contains(value, "%{"):
		problems.Invalid(field, value, "it is a template", "write the bare reference, such as var.region; put any other expression into a local")
	case !isReference(value):
		if !literalPattern.MatchString(value) {
			problems.Invalid(field, value, "it is neither a name nor a Terraform reference", "use a name such as my-cluster, or a reference such as var.cluster")
		}
		return terraformValue{literal: value}
	default:
		traversal := parseReference(value)
		if traversal == nil {
			problems.Invalid(field, value, "it has a dot and is no Terraform reference", "use a reference such as var.region or google_container_cluster.main; put any other expression into a local")
			break
		}
		if wholeResource(traversal) {
			traversal = append(traversal, hcl.TraverseAttr{Name: attribute})
		}
		return terraformValue{traversal: traversal}
	}
	return terraformValue{}
}

// isReference reports whether a value is meant for a reference.
func isReference(value string) bool {
	return strings.Contains(value, ".") && (!strings.ContainsAny(value, "/:@") || strings.Contains(value, "["))
}

// parseReference returns nil unless the value is a reference in the one
// spelling that it is rendered in.
func parseReference(value string) hcl.Traversal {
	for _, c := range []byte(value) {
		if c <= ' ' || c > '~' {
			return nil
		}
	}
	traversal, diags := hclsyntax.ParseTraversalAbs([]byte(value), "", hcl.InitialPos)
	if diags.HasErrors() || len(traversal) < 2 || slices.Contains(keywords, traversal.RootName()) {
		return nil
	}
	if string(hclwrite.TokensForTraversal(traversal).Bytes()) != value {
		return nil
	}
	attributes := 0
	for _, step := range traversal[1:] {
		if _, ok := step.(hcl.TraverseAttr); ok {
			attributes++
		}
	}
	switch traversal.RootName() {
	case "module", "data":
		if attributes < 2 {
			return nil
		}
	default:
		if attributes < 1 {
			return nil
		}
	}
	return traversal
}

// wholeResource reports whether a reference ends at a resource, a data source
// or one instance of them: google_container_cluster.main["blue"].
func wholeResource(traversal hcl.Traversal) bool {
	steps := 2
	switch root := traversal.RootName(); {
	case slices.Contains(scopes, root):
		return false
	case root == "data":
		steps = 3
	}
	if len(traversal) == steps+1 {
		_, indexed := traversal[steps].(hcl.TraverseIndex)
		return indexed
	}
	return len(traversal) == steps
}

// writeTo sets an attribute to the value.
func (v terraformValue) writeTo(body *hclwrite.Body, name string) {
	if v.traversal != nil {
		body.SetAttributeTraversal(name, v.traversal)
		return
	}
	body.SetAttributeValue(name, cty.StringVal(v.literal))
}

// checkNormal reports texts that Terraform changes: it has all of them in
// Unicode's normal form C, so that two tags could become one.
func checkNormal(problems *millrace.Problems, field string, texts ...string) {
	for _, text := range texts {
		if cty.NormalizeString(text) != text {
			problems.Invalid(field, text, "Terraform writes it with other characters, in Unicode's normal form C", fmt.Sprintf("use that form: %q", cty.NormalizeString(text)))
		}
	}
}

// zonePattern tells Google Cloud's zones from its regions.
var zonePattern = regexp.MustCompile(`^[a-z][a-z0-9-]*[0-9]-[a-z]$`)

// locationPattern is a region or a zone, as opposed to a reference.
var locationPattern = regexp.MustCompile(`^[a-z]+(-[a-z]+)+[0-9]+(-[a-z])?$`)

// region returns the region of a zone, and a region as it is.
func region(location string) string {
	if zonePattern.MatchString(location) {
		return location[:len(location)-len("-a")]
	}
	return location
}

// resourceName makes the label of a Terraform resource from a name: dashes
// become underscores, as is the custom there.
func resourceName(name string) string { return strings.ReplaceAll(name, "-", "_") }

// stringsValue returns a list of strings for hclwrite.
func stringsValue(list []string) cty.Value {
	values := make([]cty.Value, len(list))
	for i, s := range list {
		values[i] = cty.StringVal(s)
	}
	return cty.ListVal(values)
}

// objectTokens writes a map. Keys that mean something else to HCL are quoted,
// "for" among them, which hclwrite leaves bare.
func objectTokens(m map[string]string) hclwrite.Tokens {
	var attrs []hclwrite.ObjectAttrTokens
	for _, key := range slices.Sorted(maps.Keys(m)) {
		name := hclwrite.TokensForValue(cty.StringVal(key))
		if identifier.MatchString(key) && !slices.Contains(keywords, key) {
			name = hclwrite.TokensForIdentifier(key)
		}
		attrs = append(attrs, hclwrite.ObjectAttrTokens{Name: name, Value: hclwrite.TokensForValue(cty.StringVal(m[key]))})
	}
	return hclwrite.TokensForObject(attrs)
}
