package crdgen

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	sigsyaml "sigs.k8s.io/yaml"
)

// A Bare is a kind whose CRD isn't published, while the JSON schema of it is.
type Bare struct {
	// Group, Version, Kind and Plural are the names of the kind.
	Group, Version, Kind, Plural string
	// Namespaced says that its objects are in namespaces.
	Namespaced bool
	// File is the name of the schema's file.
	File string
}

// ComputeClass is the kind ComputeClass of Google Kubernetes Engine, whose CRD
// is in every cluster and in no repository. The schema is that of
// datreeio/CRDs-catalog, cloud.google.com/computeclass_v1.json.
var ComputeClass = Bare{
	Group: "cloud.google.com", Version: "v1", Kind: "ComputeClass", Plural: "computeclasses",
	File: "computeclass_v1.json",
}

// CRD is the name of the file that Wrap's result is for.
func (b Bare) CRD() string { return b.Group + "_" + b.Plural + ".yaml" }

// Wrap makes a CRD of the JSON schema of a kind.
//
// The catalog closes every object that lists its properties (additionalProperties
// false), which the API server does with them in any case and no CRD can say:
// that is taken out. An enum of integers without a gap becomes bounds, which is
// the same.
func Wrap(b Bare, schema []byte) ([]byte, error) {
	var root map[string]any
	if err := json.Unmarshal(schema, &root); err != nil {
		return nil, fmt.Errorf("%s: %w", b.File, err)
	}
	if err := open(root, ""); err != nil {
		return nil, fmt.Errorf("%s: %w", b.File, err)
	}
	text, err := json.Marshal(root)
	if err != nil {
		return nil, err
	}
	props := new(apiextensionsv1.JSONSchemaProps)
	if err := json.Unmarshal(text, props); err != nil {
		return nil, fmt.Errorf("%s: %w", b.File, err)
	}
	version := apiextensionsv1.CustomResourceDefinitionVersion{Name: b.Version, Served: true, Storage: true,
		Schema: &apiextensionsv1.CustomResourceValidation{OpenAPIV3Schema: props}}
	if _, ok := props.Properties["status"]; ok {
		version.Subresources = &apiextensionsv1.CustomResourceSubresources{Status: &apiextensionsv1.CustomResourceSubresourceStatus{}}
	}
	scope := apiextensionsv1.ClusterScoped
	if b.Namespaced {
		scope = apiextensionsv1.NamespaceScoped
	}
	return sigsyaml.Marshal(apiextensionsv1.CustomResourceDefinition{
		TypeMeta:   metav1.TypeMeta{APIVersion: apiextensionsv1.SchemeGroupVersion.String(), Kind: "CustomResourceDefinition"},
		ObjectMeta: metav1.ObjectMeta{Name: b.Plural + "." + b.Group},
		Spec: apiextensionsv1.CustomResourceDefinitionSpec{
			Group: b.Group, Scope: scope, Versions: []apiextensionsv1.CustomResourceDefinitionVersion{version},
			Names: apiextensionsv1.CustomResourceDefinitionNames{Kind: b.Kind, Plural: b.Plural, Singular: strings.ToLower(b.Kind), ListKind: b.Kind + "List"},
		},
	})
}

// open takes out of a schema, and of all below it, what no CRD can say.
func open(schema map[string]any, path string) error {
	if _, ok := schema["properties"]; ok && schema["additionalProperties"] == false {
		delete(schema, "additionalProperties")
	}
	if list, ok := schema["enum"].([]any); ok && schema["type"] == "integer" {
		least, most, err := bounds(list)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		delete(schema, "enum")
		schema["minimum"], schema["maximum"] = least, most
	}
	properties, _ := schema["properties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if err := openAny(properties[name], path+"."+name); err != nil {
			return err
		}
	}
	if err := openAny(schema["items"], path+"[]"); err != nil {
		return err
	}
	return openAny(schema["additionalProperties"], path+"{}")
}

func openAny(schema any, path string) error {
	if below, ok := schema.(map[string]any); ok {
		return open(below, path)
	}
	return nil
}

// bounds returns the bounds that mean the same as an enum.
func bounds(list []any) (least, most float64, err error) {
	seen := map[float64]bool{}
	for i, item := range list {
		n, ok := item.(float64)
		if !ok {
			return 0, 0, fmt.Errorf("the enum of integers has %v", item)
		}
		if i == 0 {
			least, most = n, n
		}
		least, most, seen[n] = min(least, n), max(most, n), true
	}
	if most-least+1 != float64(len(seen)) {
		return 0, 0, fmt.Errorf("the enum of integers has gaps")
	}
	return least, most, nil
}
