package terraform_test

import (
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"

	"github.com/millrace/millrace/internal/tfschema"
)

// validate checks the values of a resource, as its provider would.
func (p *provider) validate(name string, config *tfprotov5.DynamicValue) ([]*tfprotov5.Diagnostic, error) {
	r := p.known[name]
	if r == nil {
		return nil, nil
	}
	v, err := config.Unmarshal(p.schema(name).ValueType())
	if err != nil {
		return nil, err
	}
	var diags []*tfprotov5.Diagnostic
	err = check(&diags, &r.Block, tftypes.NewAttributePath(), v)
	return diags, err
}

// check checks what is between two braces.
func check(diags *[]*tfprotov5.Diagnostic, b *tfschema.Block, at *tftypes.AttributePath, v tftypes.Value) error {
	if v.IsNull() || !v.IsKnown() {
		return nil
	}
	attributes := map[string]tftypes.Value{}
	if err := v.As(&attributes); err != nil {
		return err
	}
	for _, a := range b.Attributes {
		value, err := scalar(attributes[a.Name])
		if err != nil {
			return err
		}
		if detail := a.Check.Verdict(value); detail != "" {
			*diags = append(*diags, &tfprotov5.Diagnostic{Severity: tfprotov5.DiagnosticSeverityError,
				Summary: "bad value of " + a.Name, Detail: detail, Attribute: at.WithAttributeName(a.Name)})
		}
	}
	for _, nested := range b.Blocks {
		var items []tftypes.Value
		if list := attributes[nested.Name]; list.IsKnown() {
			if err := list.As(&items); err != nil {
				return err
			}
		}
		for i, item := range items {
			if err := check(diags, nested, at.WithAttributeName(nested.Name).WithElementKeyInt(i), item); err != nil {
				return err
			}
		}
	}
	return nil
}

// scalar returns a text or a number for the checks, which ask nothing else.
func scalar(v tftypes.Value) (cty.Value, error) {
	switch {
	case v.IsNull() || !v.IsKnown():
	case v.Type().Is(tftypes.String):
		var text string
		err := v.As(&text)
		return cty.StringVal(text), err
	case v.Type().Is(tftypes.Number):
		var number *big.Float
		err := v.As(&number)
		return cty.NumberVal(number), err
	}
	return cty.NullVal(cty.DynamicPseudoType), nil
}
