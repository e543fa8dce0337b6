package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/millrace/millrace/internal/schema/wire"
)

const topic = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: kafkatopics.kafka.strimzi.io}
spec:
  group: kafka.strimzi.io
  names: {kind: KafkaTopic}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    subresources: {status: {}, scale: {specReplicasPath: .spec.replicas}}
    schema: {openAPIV3Schema: {type: object, description: Must not be copied, properties: {spec: SPEC}}}
  - name: v0
    served: false
---
kind: ConfigMap
`

// parse compiles the CRD with that spec.
func parse(t *testing.T, spec string) ([]*wire.Kind, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.yaml"), []byte(strings.ReplaceAll(topic, "SPEC", spec)), 0o600); err != nil {
		t.Fatal(err)
	}
	return load(dir, func(string) bool { return true })
}

func TestLoad(t *testing.T) {
	kinds, err := parse(t, `{type: object, required: [a, b], oneOf: [{properties: {a: {}}, required: [a]}, {properties: {b: {}}, required: [b]}],
		properties: {a: {type: string}, b: {type: string, default: x}, c: {type: string}, d: {type: integer, minimum: 1, format: int32}}}`)
	if err != nil {
		t.Fatal(err)
	}
	if len(kinds) != 1 {
		t.Fatalf("%d kinds", len(kinds))
	}
	k := kinds[0]
	if k.Version != "v1" || !k.Namespaced || !k.Status || strings.Join(k.Replicas, ".") != "spec.replicas" {
		t.Errorf("%+v", k)
	}
	if len(k.Nodes) != 5 {
		t.Errorf("%d nodes, want a and c as one: %+v", len(k.Nodes), k.Nodes)
	}
	spec := k.Nodes[3]
	if strings.Join(spec.Required, " ") != "a" || strings.Join(spec.OneOf, " ") != "a b" {
		t.Errorf("%+v: what has a default is never missing", spec)
	}
	data, err := wire.Encode(k)
	if err != nil || strings.Contains(string(data), "copied") {
		t.Errorf("%v: %s", err, data)
	}
}

// TestUnknownConstraints: nothing that the engine can't check is passed over.
func TestUnknownConstraints(t *testing.T) {
	for name, spec := range map[string]string{
		"a keyword":         `{type: integer, multipleOf: 2}`,
		"closed objects":    `{type: object, additionalProperties: false}`,
		"a format":          `{type: string, format: ipv4}`,
		"enums of numbers":  `{type: integer, enum: [1]}`,
		"another anyOf":     `{anyOf: [{type: integer}]}`,
		"another oneOf":     `{type: object, oneOf: [{required: [a]}, {properties: {b: {type: string}}}]}`,
		"a CEL rule":        `{type: object, x-kubernetes-validations: [{rule: "self == 1"}]}`,
		"a rule's path":     `{type: string, x-kubernetes-validations: [{rule: "self != ''", fieldPath: .a}]}`,
		"embedded":          `{type: object, x-kubernetes-embedded-resource: true}`,
		"open with items":   `{x-kubernetes-preserve-unknown-fields: true, items: {type: string}}`,
		"the wrong type":    `{type: 3}`,
		"fractional length": `{type: string, maxLength: 1.5}`,
	} {
		if kinds, err := parse(t, spec); err == nil {
			t.Errorf("%s: %+v", name, kinds[0].Nodes)
		}
	}
}

func TestRunNeedsEachKind(t *testing.T) {
	if err := run(t.TempDir(), []string{t.TempDir()}); err == nil || !strings.Contains(err.Error(), "no directory has the CRD of") {
		t.Errorf("got %v", err)
	}
}
