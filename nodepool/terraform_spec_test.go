package nodepool_test

import (
	"github.com/hashicorp/hcl/v2/hcldec"

	"github.com/millrace/millrace/internal/tfschema"
)

// terraformSpecs decode the resources that pools render, by the schemas of
// Terraform's providers.
var terraformSpecs = func() map[string]hcldec.ObjectSpec {
	resources, err := tfschema.Resources()
	if err != nil {
		panic(err)
	}
	specs := map[string]hcldec.ObjectSpec{}
	for name, r := range resources {
		specs[name] = r.Spec()
	}
	return specs
}()
