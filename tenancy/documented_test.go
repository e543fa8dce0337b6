package tenancy_test

import (
	"reflect"
	"regexp"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"

	"github.com/millrace/millrace/internal/documented"
)

func TestEveryFieldIsDocumented(t *testing.T) {
	documented.Comments{
		Types: []reflect.Type{reflect.TypeFor[corev1.Namespace](), reflect.TypeFor[corev1.ResourceQuota](), reflect.TypeFor[corev1.LimitRange](),
			reflect.TypeFor[corev1.ServiceAccount](), reflect.TypeFor[rbacv1.Role](), reflect.TypeFor[networkingv1.NetworkPolicy](),
			reflect.TypeFor[schedulingv1.PriorityClass](), reflect.TypeFor[storagev1.StorageClass]()},
		Words: []string{
			"clusterQueue", "cohortName", "queueingStrategy", "nodeLabels", "tolerations", "nominalQuota", // Kueue's
			"weight", "reclaimable", "capability", // Volcano's
		},
		Setting: regexp.MustCompile(`\bspark\.(?:[a-zA-Z0-9]+\.)*[a-zA-Z]+\b`),
		Known: func(name string) bool {
			return slices.Contains([]string{"spark.apache.org", "spark.authenticate", "spark.blockManager.port", "spark.Driver", "spark.Job", "spark.Pods", "spark.Kueue", "spark.YuniKorn", "spark.Volcano"}, name)
		},
	}.Hold(t)
}

func TestEveryNameHasAnExample(t *testing.T) {
	documented.EveryNameHasAnExample(t, "tenancy")
}

func TestExamplesPrint(t *testing.T) { documented.ExamplesPrint(t) }

// TestFileMap holds the map of the files in doc.go to the files.
func TestFileMap(t *testing.T) { documented.FileMap(t) }
