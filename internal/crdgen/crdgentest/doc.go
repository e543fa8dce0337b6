// Package crdgentest proves what package crdgen promises of a generated
// package: that set zeros survive, that deep copies share nothing, and that
// documents come back as they went in.
//
//   - zero.go: Zeros
//   - deepcopy.go: DeepCopies, Fill
//   - roundtrip.go: RoundTrip, Writes
//   - files.go: SameFiles
//   - corpus.go: where the CRDs and documents are
package crdgentest
