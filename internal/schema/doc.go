// Package schema checks custom resources as the API server does that creates
// them, without a server and at a small part of its cost: unknown and missing
// fields, types, enums, patterns, bounds, formats, list keys, metadata, and
// the CEL rules of the CRDs, which are ported to Go. One pass over the object
// finds every mistake; an object without one costs no allocation that grows
// with it.
//
//	s, ok := schema.For(schema.GVK{Group: "kafka.strimzi.io", Version: "v1", Kind: "KafkaTopic"})
//	if ok {
//		s.Check(topic, func(p schema.Problem) { fmt.Println(p) })
//	}
//
// Kubernetes' own kinds have no CRD: FromGo makes a schema of their Go types,
// for internal/builtin.
//
// The schemas are embedded, each compressed on its own, and read when the kind
// is first asked for. internal/oracle/schema holds every verdict against the
// server's own code. To take over a new version of a CRD, see cmd/schemagen.
//
// What the server does and this package does not: rules that compare with the
// object before (they have nothing to say about a new one), and the entries of
// metadata.managedFields.
//
//	schema.go      kinds and their schemas
//	node.go        the compiled form
//	gotype.go      the compiled form of a Go type
//	fieldtable.go  the fields of an object by name
//	check.go       the pass
//	scalar.go      strings, numbers, booleans, null
//	list.go        sets and map keys
//	pattern.go     patterns as tables
//	format.go      formats
//	metadata.go    names, labels, annotations, owners
//	problem.go     paths, texts, guesses
//	rules*.go      the rules ported from CEL
package schema
