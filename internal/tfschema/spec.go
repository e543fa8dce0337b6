package tfschema

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/zclconf/go-cty/cty"
)

// meta are the arguments that Terraform itself takes in every resource.
var meta = []string{"count", "depends_on", "for_each", "provider"}

// Spec decodes the body of a resource: an argument that isn't there, a wrong
// type, a missing argument and a value that the provider refuses are errors.
// Repeated blocks are lists, in the order of the file.
func (r *Resource) Spec() hcldec.ObjectSpec {
	spec := r.spec()
	for _, name := range meta {
		spec[name] = &hcldec.AttrSpec{Name: name, Type: cty.DynamicPseudoType}
	}
	if !r.Data {
		spec["lifecycle"] = &hcldec.BlockSpec{TypeName: "lifecycle", Nested: hcldec.ObjectSpec{
			"ignore_changes": &hcldec.AttrSpec{Name: "ignore_changes", Type: cty.DynamicPseudoType},
		}}
	}
	return spec
}

func (b *Block) spec() hcldec.ObjectSpec {
	spec := hcldec.ObjectSpec{}
	for _, a := range b.Attributes {
		spec[a.Name] = a.spec()
	}
	for _, nested := range b.Blocks {
		least := 0
		if nested.Required {
			least = 1
		}
		if nested.Many {
			spec[nested.Name] = &hcldec.BlockListSpec{TypeName: nested.Name, MinItems: least, MaxItems: nested.Most, Nested: nested.spec()}
		} else {
			spec[nested.Name] = &hcldec.BlockSpec{TypeName: nested.Name, Required: nested.Required, Nested: nested.spec()}
		}
	}
	return spec
}

func (a *Attribute) spec() hcldec.Spec {
	return &hcldec.ValidateSpec{
		Wrapped: &hcldec.AttrSpec{Name: a.Name, Type: a.Type, Required: a.Required},
		Func: func(v cty.Value) hcl.Diagnostics {
			if detail := a.Check.Verdict(v); detail != "" {
				return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "bad value of " + a.Name, Detail: detail}}
			}
			return nil
		},
	}
}
