package millrace

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace/internal/manifest"
)

// document takes one document, or one item of a List, into the bundle.
func (l *loader) document(s source, value any, lines manifest.Lines, line int) {
	wrong := func(field, detail string) {
		l.problem(LoadProblem{File: s.file, Line: max(line, lines.Line(value, field)), Detail: detail})
	}
	tree, ok := value.(map[string]any)
	_, hasVersion := tree["apiVersion"]
	_, hasKind := tree["kind"]
	if !hasVersion && !hasKind {
		detail := "it is no Kubernetes object: it has neither apiVersion nor kind"
		if !ok {
			detail = "it is no Kubernetes object: it is no mapping"
		}
		if s.named {
			wrong("", detail)
		} else {
			l.note(LoadProblem{File: s.file, Line: line, Detail: "passed over: " + detail})
		}
		return
	}
	version, versionOK := tree["apiVersion"].(string)
	kind, kindOK := tree["kind"].(string)
	gv, err := schema.ParseGroupVersion(version)
	switch {
	case !versionOK || version == "":
		wrong("apiVersion", "the object has no apiVersion, or none that is text")
		return
	case !kindOK || kind == "":
		wrong("kind", "the object has no kind, or none that is text")
		return
	case err != nil || gv.Version == "":
		wrong("apiVersion", fmt.Sprintf("the apiVersion %q is not <group>/<version>, nor v1", version))
		return
	}
	if items, ok := itemsOf(tree, kind); ok {
		l.items(s, tree, items, lines)
		return
	}
	if gv.Group == kustomizeGroup {
		l.note(LoadProblem{File: s.file, Line: line, Detail: "passed over: kustomize reads a " + kind + " only from its own file"})
		return
	}
	metadata, ok := tree["metadata"].(map[string]any)
	if !ok && tree["metadata"] != nil {
		wrong("metadata", "metadata is no mapping")
		return
	}
	for _, field := range []string{"name", "namespace"} {
		if _, ok := metadata[field].(string); !ok && metadata[field] != nil {
			wrong("metadata."+field, fmt.Sprintf("metadata.%s is %s, which is no text: quote it", field, strings.Trim(quote(fmt.Sprint(metadata[field])), `"`)))
			return
		}
	}
	u := &unstructured.Unstructured{Object: tree}
	if s.namespace != "" && !clusterWide[gv.WithKind(kind).GroupKind()] {
		u.SetNamespace(s.namespace)
	}
	l.add(u, origin{file: s.file, lines: lines})
}

// itemsOf returns what a List holds, which ends in "List" and has nothing but
// items.
func itemsOf(tree map[string]any, kind string) ([]any, bool) {
	if !strings.HasSuffix(kind, "List") {
		return nil, false
	}
	items, ok := tree["items"].([]any)
	return items, ok || kind == "List" && tree["items"] == nil
}

// items takes the items of a List into the bundle. Those of a typed list, as
// the API server answers, leave their kind to it.
func (l *loader) items(s source, list map[string]any, items []any, lines manifest.Lines) {
	kind, _ := list["kind"].(string)
	s.named = true // an item must be an object, wherever the List stands
	for i, item := range items {
		at := lines.Item("items", i)
		if tree, ok := item.(map[string]any); ok && kind != "List" && tree["kind"] == nil && tree["apiVersion"] == nil {
			tree["apiVersion"], tree["kind"] = list["apiVersion"], strings.TrimSuffix(kind, "List")
		}
		l.document(s, item, at, at.Line(item, ""))
	}
}

// add takes one object into the bundle. Two of one name in one file are a
// mistake, as one would overwrite the other. In two files they may well be
// alternatives, for two clusters or environments: both are kept, and Find
// returns the first.
func (l *loader) add(u *unstructured.Unstructured, from origin) {
	b := l.bundle
	id := identityOf(u)
	if first, ok := b.byName[id].(*unstructured.Unstructured); ok && id.name != "" {
		was, _ := b.Position(first, "metadata.name")
		at := Position{from.file, from.lines.Line(u.Object, "metadata.name")}
		switch {
		case was == at:
			return
		case was.File == at.File:
			l.problem(LoadProblem{File: at.File, Line: at.Line,
				Detail: fmt.Sprintf("%s is already in %s: rename one of them", RefOf(u), was)})
			return
		}
		l.note(LoadProblem{File: at.File, Line: at.Line, Detail: fmt.Sprintf("%s is also in %s", RefOf(u), was)})
	} else {
		b.byName[id] = u
	}
	b.index(id, u)
	b.origins[u] = from
}
