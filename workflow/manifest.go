package workflow

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/argo"
	"github.com/millrace/millrace/internal/yaml"
)

const (
	apiVersion = "argoproj.io/v1alpha1"
	// workflowLabel is the label that Argo gives to its own pods.
	workflowLabel = "workflows.argoproj.io/workflow"
	nameOfRun     = "{{workflow.name}}"
	uidOfRun      = "{{workflow.uid}}"
	// uniqueNode is eight digits for the node that a template runs as, and
	// uniqueLength how long they and their dash are.
	uniqueNode   = "{{=sprig.trunc(8, sprig.sha256sum(node.name))}}"
	uniqueLength = 9
)

// own makes the object one of the run's: with the run's name in its own, so
// that it is the same object for whoever creates it again, the run's label,
// and the run as its owner. It changes the object.
//
// A task to which a run may come more than once makes an object each time: its
// name then ends in digits that follow from the name of the node, which is the
// same for every try.
func own(o millrace.Object, task string, many bool) {
	name := nameOfRun + "-" + task
	if many {
		name += "-" + uniqueNode
	}
	o.SetName(name)
	labels := o.GetLabels()
	if labels == nil {
		labels = make(map[string]string)
	}
	labels[workflowLabel] = nameOfRun
	o.SetLabels(labels)
	adopt(o)
}

// adopt makes the run an owner of the object, which it changes.
//
// The owner is written out here, and not by Argo's setOwnerReference: that
// parses and writes the manifest again, after two of the three passes in which
// variables are substituted, and so undoes the escaping of values before the
// third. blockOwnerDeletion is left out: clusters that enforce it want
// further rights for it.
func adopt(o millrace.Object) {
	owner := metav1.OwnerReference{APIVersion: apiVersion, Kind: "Workflow", Name: nameOfRun, UID: types.UID(uidOfRun)}
	owners := o.GetOwnerReferences()
	if !slices.ContainsFunc(owners, func(r metav1.OwnerReference) bool { return r.Controller != nil && *r.Controller }) {
		owner.Controller = new(true)
	}
	o.SetOwnerReferences(append(owners, owner))
}

// manifest renders an object as JSON in which every text that has references
// to users' values is an expression, and no other text means anything to Argo.
func (c *check) manifest(field string, o millrace.Object, action Action, resolve resolver) string {
	compact, err := yaml.AppendJSON(nil, o)
	if err != nil {
		c.Add(ruleInvalid, field, err.Error(), "correct the value")
		return ""
	}
	if bytes.Contains(compact, []byte("{{")) {
		var tree any
		if err := json.Unmarshal(compact, &tree); err != nil {
			c.Add(ruleInvalid, field, err.Error(), "correct the value")
			return ""
		}
		c.treeTexts(field, "", tree, resolve)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, compact, "", "  "); err != nil {
		c.Add(ruleInvalid, field, err.Error(), "correct the value")
		return ""
	}
	if action == Apply && indented.Len() > maxManifest {
		c.Add(ruleInvalid, field, fmt.Sprintf("the object is %d bytes long, and kubectl apply keeps it in an annotation of at most %d", indented.Len(), maxManifest),
			"move the largest texts to a ConfigMap")
	}
	return protect(indented.Bytes(), resolve) + "\n"
}

// treeTexts reports what is wrong with the references in the texts of a tree.
func (c *check) treeTexts(field, path string, v any, resolve resolver) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if pieces, bad := cut(key, resolve); len(bad) > 0 || slices.ContainsFunc(pieces, func(p piece) bool { return p.variable != "" || p.expression != "" }) {
				c.Unsupported(field, fmt.Sprintf("%s: the key %q holds a reference", orRoot(path), clip(key)), "refer to parameters in values only")
			}
			c.treeTexts(field, strings.TrimPrefix(path+"."+key, "."), v[key], resolve)
		}
	case []any:
		for i, item := range v {
			c.treeTexts(field, at(path, i), item, resolve)
		}
	case string:
		c.reading = field
		_, bad := cut(v, resolve)
		for _, b := range bad {
			c.Add(b.rule, field, path+": "+b.detail, b.fix)
		}
	}
}

// protect rewrites the strings of a JSON text that hold two braces.
func protect(text []byte, resolve resolver) string {
	var b strings.Builder
	for len(text) > 0 {
		start := bytes.IndexByte(text, '"')
		if start < 0 {
			break
		}
		b.Write(text[:start])
		text = text[start:]
		end := stringEnd(text)
		b.WriteString(protectString(text[:end], resolve))
		text = text[end:]
	}
	b.Write(text)
	return b.String()
}

// stringEnd returns the length of the JSON string that the text starts with.
func stringEnd(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

// protectString rewrites one JSON string, given and returned with its quotes.
func protectString(quoted []byte, resolve resolver) string {
	if !bytes.Contains(quoted, []byte("{{")) {
		return string(quoted)
	}
	var s string
	if json.Unmarshal(quoted, &s) != nil {
		return string(quoted)
	}
	pieces, _ := cut(s, resolve)
	if !textual(pieces) {
		return expression(pieces)
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, p := range pieces {
		if p.variable != "" {
			b.WriteString(p.variable.Ref())
			continue
		}
		b.WriteString(strings.ReplaceAll(argo.JSONText(p.literal), "{", `\u007b`))
	}
	b.WriteByte('"')
	return b.String()
}

func orRoot(path string) string {
	if path == "" {
		return "the object"
	}
	return path
}
