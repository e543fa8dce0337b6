package builtin_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// spellings are paths that the server has no field at, and where the engine
// says the same.
var spellings = []struct {
	kind string
	path *regexp.Regexp
	to   string
}{
	// It writes the name of the Go field.
	{"Service", regexp.MustCompile(`^spec\.LoadBalancerSourceRanges`), "spec.loadBalancerSourceRanges"},
	// It leaves a part out.
	{"PersistentVolumeClaim", regexp.MustCompile(`^spec\.resources\.storage$`), "spec.resources.requests.storage"},
	{"Ingress", regexp.MustCompile(`^annotations\.`), "metadata.annotations."},
	{"LimitRange", regexp.MustCompile(`^(spec\.limits\.\d+)\.limits$`), "$1.max"},
}

// coarse writes a path of the engine as the server does where that doesn't say
// which item of a list it means.
func coarse(gvk schema.GroupVersionKind, path string) string {
	switch {
	case gvk.Kind == "ResourceQuota":
		return scopeItem.ReplaceAllString(path, "$1.")
	case slices.Contains(podKinds, gvk):
		return coarsePod(path)
	}
	return path
}

var scopeItem = regexp.MustCompile(`^(spec\.scopeSelector\.matchExpressions)\.\d+\.`)

// respell returns the path of a problem of the server as the engine writes it,
// and false where the engine has nothing to say: of a field that the server
// has made of another one, of which it complains as well.
func respell(gvk schema.GroupVersionKind, tree map[string]any, path string) (string, bool) {
	if slices.Contains(podKinds, gvk) {
		return respellPod(gvk, tree, path)
	}
	for _, s := range spellings {
		if s.kind == gvk.Kind {
			path = s.path.ReplaceAllString(path, s.to)
		}
	}
	spec, _ := tree["spec"].(map[string]any)
	switch gvk.Kind {
	case "Secret":
		// stringData has gone into data.
		if key, ok := strings.CutPrefix(path, "data."); ok {
			if text, _ := tree["stringData"].(map[string]any); text != nil {
				if _, ok := text[key]; ok {
					return "stringData." + key, true
				}
			}
		}
	case "Service":
		// clusterIP has gone into clusterIPs.
		if ips, _ := spec["clusterIPs"].([]any); len(ips) == 0 && strings.HasPrefix(path, "spec.clusterIPs") {
			return "spec.clusterIP", true
		}
	case "PersistentVolumeClaim":
		// The one data source has been made of the other, the new one also where
		// it was dropped for its namespace.
		ref, _ := spec["dataSourceRef"].(map[string]any)
		namespace, _ := ref["namespace"].(string)
		if strings.HasPrefix(path+".", "spec.dataSource.") && spec["dataSource"] == nil || strings.HasPrefix(path+".", "spec.dataSourceRef.") && (ref == nil || namespace != "") {
			return "", false
		}
	case "LimitRange":
		// Defaults have been made of max and min.
		if m := madeDefault.FindStringSubmatch(path); m != nil && !there(tree, path) {
			return "", false
		}
	}
	return path, true
}

var madeDefault = regexp.MustCompile(`^spec\.limits\.\d+\.(default|defaultRequest)\.`)

// there tells whether a LimitRange has what stands at a path.
func there(tree map[string]any, path string) bool {
	parts := strings.SplitN(path, ".", 5)
	i, _ := strconv.Atoi(parts[2])
	limit, _ := tree["spec"].(map[string]any)["limits"].([]any)[i].(map[string]any)
	list, _ := limit[parts[3]].(map[string]any)
	_, ok := list[parts[4]]
	return ok
}
