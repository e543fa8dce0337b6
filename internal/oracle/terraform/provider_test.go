package terraform_test

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"

	"github.com/millrace/millrace/internal/tfschema"
)

// A provider has the schemas of a real one, and nothing behind them: what is
// planned is what was configured, and what a cloud would fill in is unknown.
type provider struct {
	tfprotov5.ProviderServer // what Terraform doesn't ask here

	// known are the resources of the facts.
	known map[string]*tfschema.Resource
	// others are the resources that pools refer to. Their attributes are texts.
	others map[string][]string
}

// computed are the attributes that pools refer to, and clouds fill in.
var computed = map[string]map[string]tftypes.Type{
	"aws_launch_template": {"id": tftypes.String, "latest_version": tftypes.Number},
	"aws_subnets":         {"ids": tftypes.List{ElementType: tftypes.String}},
	"aws_eks_node_group": {"resources": tftypes.List{ElementType: tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"autoscaling_groups": tftypes.List{ElementType: tftypes.Object{AttributeTypes: map[string]tftypes.Type{"name": tftypes.String}}},
	}}}},
}

// data are the data sources among the others, which all providers here have.
var data = []string{"google_project", "google_container_cluster", "aws_ssm_parameter", "azurerm_subnet", "azurerm_kubernetes_cluster"}

// GetMetadata makes Terraform read the schemas instead.
func (p *provider) GetMetadata(context.Context, *tfprotov5.GetMetadataRequest) (*tfprotov5.GetMetadataResponse, error) {
	response := &tfprotov5.GetMetadataResponse{ServerCapabilities: &tfprotov5.ServerCapabilities{}}
	return response, nil
}

// GetProviderSchema tells all schemas.
func (p *provider) GetProviderSchema(context.Context, *tfprotov5.GetProviderSchemaRequest) (*tfprotov5.GetProviderSchemaResponse, error) {
	response := &tfprotov5.GetProviderSchemaResponse{
		Provider:          &tfprotov5.Schema{Block: &tfprotov5.SchemaBlock{}},
		ResourceSchemas:   map[string]*tfprotov5.Schema{},
		DataSourceSchemas: map[string]*tfprotov5.Schema{},
	}
	for name, r := range p.known {
		to := response.ResourceSchemas
		if r.Data {
			to = response.DataSourceSchemas
		}
		to[name] = p.schema(name)
	}
	for name := range p.others {
		response.ResourceSchemas[name] = p.schema(name)
	}
	for _, name := range data {
		if p.others[name] != nil {
			response.DataSourceSchemas[name] = p.schema(name)
		}
	}
	return response, nil
}

// schema returns the schema of a type.
func (p *provider) schema(name string) *tfprotov5.Schema {
	block := &tfprotov5.SchemaBlock{}
	if r := p.known[name]; r != nil {
		block = schemaBlock(&r.Block)
	}
	for _, attribute := range p.others[name] {
		block.Attributes = append(block.Attributes, &tfprotov5.SchemaAttribute{Name: attribute, Type: tftypes.String, Optional: true})
	}
	for attribute, t := range computed[name] {
		block.Attributes = append(block.Attributes, &tfprotov5.SchemaAttribute{Name: attribute, Type: t, Computed: true})
	}
	return &tfprotov5.Schema{Block: block}
}

func schemaBlock(b *tfschema.Block) *tfprotov5.SchemaBlock {
	out := &tfprotov5.SchemaBlock{}
	for _, a := range b.Attributes {
		out.Attributes = append(out.Attributes, &tfprotov5.SchemaAttribute{Name: a.Name, Type: typeOf(a.Type), Required: a.Required, Optional: !a.Required})
	}
	for _, nested := range b.Blocks {
		block := &tfprotov5.SchemaNestedBlock{TypeName: nested.Name, Block: schemaBlock(nested), Nesting: tfprotov5.SchemaNestedBlockNestingModeList, MaxItems: 1}
		if nested.Many {
			block.MaxItems = int64(nested.Most)
		}
		if nested.Required {
			block.MinItems = 1
		}
		out.BlockTypes = append(out.BlockTypes, block)
	}
	return out
}

func typeOf(t cty.Type) tftypes.Type {
	switch {
	case t == cty.Bool:
		return tftypes.Bool
	case t == cty.Number:
		return tftypes.Number
	case t.IsListType():
		return tftypes.List{ElementType: typeOf(t.ElementType())}
	case t.IsSetType():
		return tftypes.Set{ElementType: typeOf(t.ElementType())}
	case t.IsMapType():
		return tftypes.Map{ElementType: typeOf(t.ElementType())}
	}
	return tftypes.String
}

// PrepareProviderConfig takes any configuration.
func (p *provider) PrepareProviderConfig(_ context.Context, r *tfprotov5.PrepareProviderConfigRequest) (*tfprotov5.PrepareProviderConfigResponse, error) {
	return &tfprotov5.PrepareProviderConfigResponse{PreparedConfig: r.Config}, nil
}

// ConfigureProvider has nothing to do.
func (p *provider) ConfigureProvider(context.Context, *tfprotov5.ConfigureProviderRequest) (*tfprotov5.ConfigureProviderResponse, error) {
	return &tfprotov5.ConfigureProviderResponse{}, nil
}

// StopProvider has nothing to do.
func (p *provider) StopProvider(context.Context, *tfprotov5.StopProviderRequest) (*tfprotov5.StopProviderResponse, error) {
	return &tfprotov5.StopProviderResponse{}, nil
}

// ValidateResourceTypeConfig asks the checks of the facts.
func (p *provider) ValidateResourceTypeConfig(_ context.Context, r *tfprotov5.ValidateResourceTypeConfigRequest) (*tfprotov5.ValidateResourceTypeConfigResponse, error) {
	diags, err := p.validate(r.TypeName, r.Config)
	return &tfprotov5.ValidateResourceTypeConfigResponse{Diagnostics: diags}, err
}

// ValidateDataSourceConfig asks the checks of the facts.
func (p *provider) ValidateDataSourceConfig(_ context.Context, r *tfprotov5.ValidateDataSourceConfigRequest) (*tfprotov5.ValidateDataSourceConfigResponse, error) {
	diags, err := p.validate(r.TypeName, r.Config)
	return &tfprotov5.ValidateDataSourceConfigResponse{Diagnostics: diags}, err
}

// PlanResourceChange plans what was configured.
func (p *provider) PlanResourceChange(_ context.Context, r *tfprotov5.PlanResourceChangeRequest) (*tfprotov5.PlanResourceChangeResponse, error) {
	planned, err := p.fill(r.TypeName, r.ProposedNewState, tftypes.UnknownValue)
	return &tfprotov5.PlanResourceChangeResponse{PlannedState: planned}, err
}

// ReadDataSource finds what was configured.
func (p *provider) ReadDataSource(_ context.Context, r *tfprotov5.ReadDataSourceRequest) (*tfprotov5.ReadDataSourceResponse, error) {
	state, err := p.fill(r.TypeName, r.Config, []tftypes.Value{tftypes.NewValue(tftypes.String, "subnet-found")})
	return &tfprotov5.ReadDataSourceResponse{State: state}, err
}

// fill sets the attributes that a cloud fills in.
func (p *provider) fill(name string, value *tfprotov5.DynamicValue, with any) (*tfprotov5.DynamicValue, error) {
	t := p.schema(name).ValueType()
	v, err := value.Unmarshal(t)
	if err != nil || v.IsNull() {
		return value, err
	}
	attributes := map[string]tftypes.Value{}
	if err := v.As(&attributes); err != nil {
		return nil, err
	}
	for attribute, t := range computed[name] {
		attributes[attribute] = tftypes.NewValue(t, with)
	}
	filled, err := tfprotov5.NewDynamicValue(t, tftypes.NewValue(t, attributes))
	return &filled, err
}
