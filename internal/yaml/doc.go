// Package yaml writes Kubernetes manifests: a Go value in, canonical block
// YAML (or the same content as compact JSON) out, in one pass.
//
//	out, err := yaml.Append(nil, deployment)     // one YAML document, no "---"
//	body, err := yaml.AppendJSON(nil, deployment) // the same content, hashed or applied
//
// The bytes are an interface: they land in Git, where every needless change is
// a diff. So they follow from the value and the rules below alone, not from
// the version of a YAML library or of encoding/json.
//
// # Content
//
// The content is what encoding/json would print (tags, omitempty, omitzero,
// inlining and its conflicts, marshalers), without what no user wrote:
//
//   - struct fields that come out null (nil slices, zero metav1.Time);
//   - struct fields tagged omitempty or omitzero that hold a struct (not a
//     pointer) with nothing to print: resources: {}, metadata: {};
//   - the status of the root, where the root is a Kubernetes object, that is
//     embeds metav1.TypeMeta or is an Unstructured;
//   - a null metadata.creationTimestamp of an Unstructured.
//
// Everything else stays: a pointer to an empty struct (emptyDir: {}), an empty
// struct without omitempty, an empty slice or map that encoding/json prints,
// a zero behind a pointer, and whatever an untyped value holds
// (map[string]any, RawExtension, json.RawMessage). Entries of maps and lists
// stay even when they are null, as their key or position is content.
//
// # Order
//
// An object that embeds metav1.TypeMeta starts with apiVersion, kind, metadata
// and spec; other fields keep the order of their struct. Maps are sorted by
// key, except that an Unstructured starts like any object and its metadata
// with name, generateName, namespace, labels and annotations.
//
// # Layout
//
// Two spaces of indentation; the dash of a list stands in the column of its
// key. Lines are never wrapped, text is never folded, so {{…}} stays whole.
//
// # Strings
//
// A string is plain where every parser reads it back as that string. What
// YAML 1.1 or 1.2 takes for something else (no, 0777, 1e3, 1:30, 2026-11-23),
// what starts or contains an indicator, and what contains {{ is quoted: in
// double quotes, or in single quotes when it holds a double quote or a
// backslash, and neither a single quote nor anything that needs an escape.
//
// Text of several lines is a literal block. Text that a block cannot carry
// exactly (carriage returns, control characters, U+0085, U+2028, U+2029, a
// byte order mark) is one double-quoted line with escapes; so is text without
// a visible character, and every key. Escapes are those of JSON.
//
// # Numbers
//
// As encoding/json prints them, except that YAML's floats have a point and a
// signed exponent (1.0e+21, -0.0), which YAML 1.1 needs to see a number.
//
// # Files
//
//	append.go     Append, AppendJSON, Error
//	plan.go       the encoder of each type, made once
//	fields.go     which fields a struct has, by encoding/json's rules
//	struct.go     structs
//	omit.go       what omitempty and omitzero leave out
//	collection.go maps, slices, pointers, interfaces
//	untyped.go    trees of map[string]any, and Unstructured
//	known.go      API types written without their MarshalJSON
//	marshaler.go  other marshalers
//	writer.go     where the next byte goes, in YAML and in JSON
//	scalar.go     booleans and numbers
//	text.go       strings
//	style.go      how a string is written
//	resolve.go    what a plain string would be taken for
package yaml
