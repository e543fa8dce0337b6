package crdgen

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A Mapping offers a Kubernetes type for the schemas at some paths. It is taken
// where every property of the schema has a field in the type (see Definition.Compare) and
// the type has no field besides those and Wider; a type that fits but is wider
// than listed is an error, so that nobody can set what the server would prune.
type Mapping struct {
	// Path is a key as in Config.Names.
	Path string

	// Type is the Go type that stands for the schema.
	Type reflect.Type

	// Wider are the fields, as "package.Type.field", that the type may have and
	// the schema may lack.
	Wider []string

	// Narrower are the paths below the schema, such as ".conditions[].reason",
	// that the type may lack. What stands there is lost.
	Narrower []string

	// Bare says that the schema may write times without a format, quantities
	// without a pattern and managed fields without properties, as the generator
	// of fabric8 does.
	Bare bool
}

func of[T any](path string, wider ...string) Mapping {
	return Mapping{Path: path, Type: reflect.TypeFor[T](), Wider: wider}
}

// bare is of for schemas that fabric8 wrote.
func bare[T any](path string, wider ...string) Mapping {
	m := of[T](path, wider...)
	m.Bare = true
	return m
}

// Kubernetes returns the mappings of the structures that CRDs copy from the
// Kubernetes API, by the names that they have there.
func Kubernetes() []Mapping {
	return []Mapping{
		of[corev1.Affinity]("*.affinity"),
		of[metav1.Condition]("*.conditions[]"),
		of[corev1.ConfigMapKeySelector]("*.configMapKeyRef"),
		of[corev1.ConfigMapVolumeSource]("*.configMap", "v1.ConfigMapVolumeSource.defaultUser", "v1.KeyToPath.user"),
		of[corev1.CSIVolumeSource]("*.csi"),
		of[corev1.PodDNSConfig]("*.dnsConfig"),
		of[corev1.DNSPolicy]("*.dnsPolicy"),
		of[corev1.EmptyDirVolumeSource]("*.emptyDir", "v1.EmptyDirVolumeSource.mode"),
		of[corev1.ServiceExternalTrafficPolicy]("*.externalTrafficPolicy"),
		of[corev1.HostAlias]("*.hostAliases[]"),
		of[corev1.ImageVolumeSource]("*.image"),
		of[corev1.LocalObjectReference]("*.imagePullSecrets[]"),
		of[corev1.IPFamily]("*.ipFamilies[]"),
		of[corev1.IPFamilyPolicy]("*.ipFamilyPolicy"),
		of[networkingv1.NetworkPolicyPeer]("*.networkPolicyPeers[]"),
		of[corev1.PersistentVolumeClaimVolumeSource]("*.persistentVolumeClaim"),
		of[corev1.NodeAddressType]("*.preferredNodePortAddressType"),
		of[corev1.ResourceRequirements]("*.resources"),
		of[corev1.SecretKeySelector]("*.secretKeyRef"),
		of[corev1.SecretVolumeSource]("*.secret", "v1.KeyToPath.user", "v1.SecretVolumeSource.defaultUser"),
		of[corev1.PodSecurityContext]("*.securityContext"),
		of[corev1.SecurityContext]("*.securityContext"),
		of[metav1.LabelSelector]("*.selector"),
		of[corev1.Taint]("*.startupTaints[]"),
		of[corev1.Taint]("*.taints[]"),
		of[corev1.Toleration]("*.tolerations[]"),
		of[corev1.TopologySpreadConstraint]("*.topologySpreadConstraints[]"),
		of[corev1.VolumeMount]("*.volumeMounts[]", "v1.VolumeMount.bindMountOptions"),
	}
}

// mapped returns the Kubernetes type for the schema at a path, nil where none
// fits.
func (r *resolver) mapped(path string, s *apiextensionsv1.JSONSchemaProps) (reflect.Type, error) {
	_, candidates, _ := lookup(r.mappings, path)
	for _, m := range candidates {
		if m.Type.Kind() == reflect.String && !closed(s) {
			continue // unset and empty would be one
		}
		c := comparer{bare: m.Bare, extra: map[string]bool{}, foreign: map[string]bool{}}
		c.compare(path, s, m.Type)
		if slices.ContainsFunc(c.out.Missing, func(d Difference) bool {
			return !slices.Contains(m.Narrower, strings.TrimPrefix(d.Path, path))
		}) {
			continue
		}
		wider := slices.DeleteFunc(c.result().Extra, func(field string) bool { return slices.Contains(m.Wider, field) })
		if len(wider) > 0 {
			return nil, fmt.Errorf("%s: Go type %s fits but has fields that the schema lacks: %s", path, m.Type, strings.Join(wider, ", "))
		}
		return m.Type, nil
	}
	return nil, nil
}
