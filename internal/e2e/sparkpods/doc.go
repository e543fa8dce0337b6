// Package sparkpods asks a Spark distribution what its pods request, and holds
// package spark to the answer. It needs no cluster: a Java runtime, Python and
// the distribution are enough.
package sparkpods
