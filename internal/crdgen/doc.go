// Package crdgen makes Go API types of CustomResourceDefinitions.
//
// It exists because the types that upstreams publish drop zero values that
// matter: with strimzi-go a KafkaNodePool cannot be scaled to zero, and an own
// certificate authority cannot be brought along. Here every optional scalar is
// a pointer.
//
// # Use
//
// The checked-in packages are made again, from the root of the module, by
//
//	go run ./internal/crdgen/cmd/crdgen -package strimziv1 -crds DIR -out kafka/strimziv1
//	go run ./internal/crdgen/cmd/crdgen -package karpenterv1 -crds DIR -out nodepool/karpenterv1
//	go run ./internal/crdgen/cmd/crdgen -package karpenterawsv1 -crds DIR -out nodepool/karpenterawsv1
//	go run ./internal/crdgen/cmd/crdgen -package apachev1 -crds DIR -out spark/apachev1
//	go run ./internal/crdgen/cmd/crdwrap -schemas SCHEMAS -out DIR
//	go run ./internal/crdgen/cmd/crdgen -package computeclassv1 -crds DIR -out nodepool/computeclassv1
//	go run ./internal/crdgen/cmd/crdgen -package kedav1alpha1 -crds DIR -out kafka/kedav1alpha1
//
// For strimziv1, DIR is install/cluster-operator of a Strimzi release. For
// karpenterv1 it is pkg/apis/crds below the Dir that
// "go mod download -json sigs.k8s.io/karpenter@v1.14.1" prints, and for
// kedav1alpha1 config/crd/bases below that of
// github.com/kedacore/keda/v2@v2.21.0. For apachev1 it
// is build-tools/helm/spark-kubernetes-operator/crds of the operator's
// repository, whose files are called sparkapplications.yaml and
// sparkclusters.yaml here. For computeclassv1, SCHEMAS is the directory
// cloud.google.com of datreeio/CRDs-catalog. The tests with build tag corpus check that the packages are what the generator makes:
//
//	MILLRACE_CORPUS=DIR go test -tags corpus ./internal/crdgen/... ./kafka/... ./nodepool/... ./spark/apachev1
//
// where DIR holds strimzi-1.2.0, spark-apache-1.0 and gke, below crds and corpus.
//
// # What a schema becomes
//
//	optional bool, string          *bool, *string, with omitempty
//	optional integer               *int64; *int32 where the format is int32
//	optional number                *float64
//	optional enum                  a string type with constants, with omitempty:
//	                               "" is no member, so it means unset; an enum
//	                               that has "" as a member is a *string
//	optional object                a pointer to a struct
//	required scalar, object        the value, without omitempty
//	array, map                     a slice, a map; optional ones with omitzero,
//	                               so that nil is left out and empty is kept
//	int-or-string                  intstr.IntOrString; resource.Quantity where
//	                               it has the pattern of one
//	date-time                      metav1.Time
//	object with unknown fields     JSONMap, whose deep copy is deep
//	a copy of a Kubernetes type    that type, where every property fits and the
//	                               fields that the type has beyond the schema
//	                               are listed (Mapping)
//
// Anything else is an error that names the path. The integer rule is the whole
// rule: bounds do not narrow a type, so that all integers of an API without
// formats, such as Strimzi's, are int64.
//
// Equal schemas share one type. Config.Names names types by path; what it does
// not name is named by its path. Fields keep the order of the CRD file; where
// that is alphabetical, metadata, id, type and the required fields come first.
// Descriptions are not copied.
//
// # Files
//
//   - crdgen.go: Config, Load, Parse, Generate, Write
//   - resolve.go: schemas to types
//   - mapping.go, compare.go: which Kubernetes type stands for a schema, and
//     whether a Go type fits one
//   - emit.go, deepcopy.go: Go source
//   - names.go: Go names
//   - strimzi.go, karpenter.go, apache.go, keda.go: how the packages are made
package crdgen
