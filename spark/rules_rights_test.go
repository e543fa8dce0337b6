package spark_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/millrace/millrace"
)

// TestRights gives the driver of the article's job some rights.
func TestRights(t *testing.T) {
	may := func(resource string, verbs ...string) rbacv1.PolicyRule {
		return rbacv1.PolicyRule{APIGroups: []string{""}, Resources: []string{resource}, Verbs: verbs}
	}
	pods, configMaps := may("pods", "get", "list", "watch", "create"), may("configmaps", "create")
	const at = "spec.driver.serviceAccount: the account spark-executor may not "
	for name, tc := range map[string]struct {
		objects []millrace.Object
		claims  bool
		want    []string
	}{
		"nobody says":     {},
		"of another":      {objects: allowed("somebody", pods)},
		"enough":          {objects: allowed("spark-executor", pods, configMaps)},
		"everything":      {objects: allowed("spark-executor", may("*", "*"))},
		"nothing":         {objects: allowed("spark-executor"), want: []string{at + "create, get, list, watch pods, or create configmaps in data-platform"}},
		"it only looks":   {objects: allowed("spark-executor", may("pods", "get", "list"), configMaps), want: []string{at + "create, watch pods in data-platform"}},
		"no claims":       {objects: allowed("spark-executor", pods, configMaps), claims: true, want: []string{at + "create, list persistentvolumeclaims in data-platform"}},
		"claims":          {objects: allowed("spark-executor", pods, configMaps, may("persistentvolumeclaims", "create", "list")), claims: true},
		"one object only": {objects: allowed("spark-executor", rbacv1.PolicyRule{APIGroups: []string{""}, Resources: []string{"pods"}, ResourceNames: []string{"a"}, Verbs: []string{"*"}}, configMaps), want: []string{at + "create, get, list, watch pods in data-platform"}},
	} {
		job := ordersDaily()
		if tc.claims {
			const disk = "spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1."
			job.Conf = map[string]string{disk + "mount.path": "/data", disk + "options.claimName": "OnDemand", disk + "options.storageClass": "fast", disk + "options.sizeLimit": "10Gi"}
		}
		bundle, err := millrace.Build(job, millrace.Parts{Objects: tc.objects})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, line := range check(bundle) {
			if rest, ok := strings.CutPrefix(line, "spark/rights "); ok {
				got = append(got, rest)
			}
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
