// Package manifest reads streams of Kubernetes manifests, YAML or JSON, into
// the trees that unstructured objects hold, and remembers on which line each
// value stands.
//
//	docs, problems := manifest.Read(data)
//
// # What a document means
//
// It is read as kubectl and the API server read it, through sigs.k8s.io/yaml:
// YAML 1.1 booleans (yes, on, y), octal numbers (0644), numbers with
// underscores, keys of any scalar type as strings, "<<" where it stands among
// the keys, timestamps as strings. Whole numbers are int64, and json.Number
// where only a uint64 holds them; 1.0 and 1e3 are whole numbers, as they are
// after kubectl has made JSON of them. A document that starts with a bracket
// is JSON where it is valid JSON, as kubectl does it, and else YAML.
//
// # What is refused
//
// Problems name a line: text that is not UTF-8, control characters, syntax
// errors, a key that stands twice, an alias without its anchor or inside it,
// documents over MaxDocument bytes or MaxDepth levels, aliases that expand to
// more than MaxDocument, numbers that JSON has no words for. A document with a
// problem is left out; those after it are read.
//
// # Bounds
//
// Time is linear in the length of the input. Memory is, at worst (a document
// of nothing but brackets and commas), some 300 bytes for each byte of one
// document while it is read.
//
// # Files
//
//	read.go   Read, and how a stream falls into documents
//	yaml.go   YAML documents, and why one can't be read
//	tree.go   the tree of a YAML document
//	scalar.go what a plain scalar means
//	json.go   JSON documents
//	lines.go  the line of a field
package manifest
