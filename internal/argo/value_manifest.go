package argo

import (
	"errors"
	"fmt"
	"strings"

	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/yaml"
)

// ReadManifest reads one YAML or JSON document with references in it, and
// returns it as JSON. References and expressions, {{…}}, stand in it as plain
// strings or inside of strings.
func ReadManifest(text string) ([]byte, error) {
	marked, tags := markTags(text)
	if err := single(marked); err != nil {
		return nil, err
	}
	out, err := sigsyaml.YAMLToJSONStrict([]byte(marked))
	if err != nil {
		return nil, fmt.Errorf("read manifest: %w", err)
	}
	if string(out) == "null" {
		return nil, errors.New("read manifest: it is empty")
	}
	return []byte(strings.NewReplacer(tags...).Replace(string(out))), nil
}

// markTags puts a word in the place of every {{…}} of Argo's, which YAML would
// take for a map of maps where it stands without quotes. The words are ones that
// the text does not hold; tags lists each with the tag as JSON has it in a
// string. Other tags stay, and stand in quotes or are no YAML.
func markTags(text string) (marked string, tags []string) {
	prefix := "MILLRACE"
	for strings.Contains(text, prefix) {
		prefix += "X"
	}
	marked = putForTags(text, func(tag string) string {
		if !substituted(tag) {
			return tag
		}
		mark := fmt.Sprintf("%s%dZ", prefix, len(tags)/2)
		tags = append(tags, mark, JSONText(tag))
		return mark
	})
	return marked, tags
}

// substituted reports whether Argo's validation puts a value in the place of a
// {{…}}, as far as its first words say. It doesn't with the names of what runs,
// which the controller knows.
func substituted(tag string) bool {
	inner := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(tag, "{{"), "}}"))
	root, _, dotted := strings.Cut(inner, ".")
	if inner == "node.name" || inner == "tasks.name" || inner == "steps.name" {
		return false
	}
	return strings.HasPrefix(inner, "=") || Root(root) && (dotted || inner == "item" || inner == "retries")
}

// putForTags puts something else in the place of every {{…}}.
func putForTags(text string, with func(tag string) string) string {
	var b strings.Builder
	for {
		start := strings.Index(text, "{{")
		if start < 0 {
			break
		}
		end := strings.Index(text[start:], "}}")
		if end < 0 {
			break
		}
		end += start + len("}}")
		b.WriteString(text[:start])
		b.WriteString(with(text[start:end]))
		text = text[end:]
	}
	b.WriteString(text)
	return b.String()
}

// JSONText returns a text as it stands between the quotes of a JSON string.
func JSONText(s string) string {
	quoted, err := yaml.AppendJSON(nil, s)
	if err != nil || len(quoted) < 2 {
		return ""
	}
	return string(quoted[1 : len(quoted)-1])
}

// single refuses texts of several documents: Argo applies the whole file, but
// waits for one object.
func single(text string) error {
	documents, content := 0, false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if line == "---" || strings.HasPrefix(line, "--- ") {
			if content {
				documents++
			}
			content = false
			continue
		}
		if trimmed := strings.TrimSpace(line); trimmed != "" && !strings.HasPrefix(trimmed, "#") {
			content = true
		}
	}
	if content {
		documents++
	}
	if documents > 1 {
		return fmt.Errorf("read manifest: it holds %d documents, and a task waits for one object", documents)
	}
	return nil
}
