package builtin_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// podSpellings are paths of the server at which there is no field, and where
// the engine says the same.
var podSpellings = []struct {
	path *regexp.Regexp
	to   string
}{
	// It leaves a part out.
	{regexp.MustCompile(`^(.*\btemplate)\.(labels|annotations)\b`), "$1.metadata.$2"},
	{regexp.MustCompile(`^(.*\bcsi)\.name$`), "$1.nodePublishSecretRef.name"},
	{regexp.MustCompile(`^(.*\bspec\.resources)\.storage$`), "$1.requests.storage"},
	{regexp.MustCompile(`^(.*(?:\btopologySpreadConstraints\.\d+|\brequiredDuringSchedulingIgnoredDuringExecution\.\d+|\bpodAffinityTerm))\.(\d+)$`), "$1.matchLabelKeys.$2"},
	{regexp.MustCompile(`^()$`), "spec.resourceClaims"},
	// It adds one, or means another.
	{regexp.MustCompile(`^(.*\btopologySpreadConstraints\.\d+)\.\{topologyKey, whenUnsatisfiable\}$`), "$1"},
	{regexp.MustCompile(`^(.*\boverhead)\.limits\b`), "$1"},
	{regexp.MustCompile(`^(.*\bspec)\.resources\.containers\.(\d+)\.(.*)\.limits$`), "$1.containers.$2.resources.limits.$3"},
	{regexp.MustCompile(`^spec\.rollback\.version$`), "metadata.annotations.deprecated.deployment.rollback.to"},
	// It spells the field another way.
	{regexp.MustCompile(`^(.*\bvolumes\.\d+)\.persistentDisk\b`), "$1.gcePersistentDisk"},
	{regexp.MustCompile(`^(.*\bvolumes\.\d+)\.cephFS$`), "$1.cephfs"},
	{regexp.MustCompile(`^(.*\bvolumes\.\d+)\.downwarAPI$`), "$1.downwardAPI"},
	{regexp.MustCompile(`^(.*\biscsi)\.initiatorname$`), "$1.initiatorName"},
	{regexp.MustCompile(`^(.*\bmetadata)\.uID$`), "$1.uid"},
	{regexp.MustCompile(`^(.*\bspec)\.Host(PID|IPC)$`), "$1.host$2"},
}

// itemless are paths in which the server doesn't say, or not always, which item
// of a list it means. They are compared without.
var itemless = []struct {
	path *regexp.Regexp
	to   string
}{
	{regexp.MustCompile(`\b(volumeMounts)\.\d+\.(subPath|subPathExpr|mountPropagation|recursiveReadOnly)$`), "$1.$2"},
	{regexp.MustCompile(`\b(envFrom)\.\d+$`), "$1"},
	{regexp.MustCompile(`\b(httpHeaders)\.\d+\.name$`), "$1"},
	{regexp.MustCompile(`\b(resizePolicy)\.\d+\.(resourceName|restartPolicy)$`), "$1"},
	{regexp.MustCompile(`\b(downwardAPI)\.items\.\d+\b`), "$1"},
	{regexp.MustCompile(`\b(projected)\.sources\.\d+\.serviceAccountToken\.path$`), "$1.path"},
	{regexp.MustCompile(`\b(requiredDuringSchedulingIgnoredDuringExecution\.\d+|podAffinityTerm)\.namespaces\.\d+$`), "$1.namespace"},
	// It calls the ports of every init container those of the first.
	{regexp.MustCompile(`\binitContainers\.\d+(\.ports\.\d+\.hostPort)$`), "initContainers.0$1"},
	// A volume of a claim template: the server has it somewhere in a copy.
	{regexp.MustCompile(`^spec\.volumeClaimTemplates\.\d+\.metadata\.name$`), someClaim},
}

const someClaim = "spec.volumeClaimTemplates.metadata.name"

func coarsePod(path string) string {
	for _, s := range itemless {
		path = s.path.ReplaceAllString(path, s.to)
	}
	return path
}

// respellPod is respell for Pods and what makes them.
func respellPod(gvk schema.GroupVersionKind, tree map[string]any, path string) (string, bool) {
	for _, s := range podSpellings {
		path = s.path.ReplaceAllString(path, s.to)
	}
	// A user is dropped, its gate being closed, but of two sources in one place,
	// which aren't allowed, the server drops that of one and looks at the other.
	if m := user.FindStringSubmatch(path); m != nil {
		if sources, _ := at(tree, m[1]).(map[string]any); len(sources) > 1 {
			return "", false
		}
	}
	switch gvk.Kind {
	case "Pod":
		// Requests have been made of limits.
		if _, written := find(tree, path); !written && madeRequest.MatchString(path) {
			return "", false
		}
		// For matchLabelKeys requirements have been added, with the values of the
		// Pod's labels. The engine judges the labels.
		if m := requirement.FindStringSubmatch(path); m != nil {
			list, _ := at(tree, m[1]).([]any)
			if i, _ := strconv.Atoi(m[2]); i >= len(list) {
				return "", false
			}
		}
	case "StatefulSet":
		path = claimVolume(tree, path)
	case "Job":
		// Labels have been made of those of the template, and of the name.
		if labels, _ := at(tree, "metadata.labels").(map[string]any); path == "metadata.labels" && len(labels) == 0 {
			return "", false
		}
	}
	return coarsePod(path), true
}

var (
	madeRequest = regexp.MustCompile(`^spec\.(containers|initContainers)\.\d+\.resources\.requests\.`)
	requirement = regexp.MustCompile(`^(.*labelSelector\.matchExpressions)\.(\d+)\.`)
	user        = regexp.MustCompile(`^(.*\bvolumes\.\d+(?:\.projected\.sources\.\d+)?)\.\w+(?:\.items\.\d+)?\.(?:user|defaultUser)$`)
	inVolume    = regexp.MustCompile(`^spec\.template\.spec\.volumes\.(\d+)(\..*|)$`)
)

// at returns what stands at a plain path; the key of a map may have dots, or
// be empty.
func at(v any, path string) any {
	v, _ = find(v, path)
	return v
}

// find is at, which also tells a null from nothing.
func find(v any, path string) (any, bool) {
	switch x := v.(type) {
	case map[string]any:
		for k, next := range x {
			rest, ok := strings.CutPrefix(path, k)
			switch {
			case !ok || rest != "" && rest[0] != '.':
				continue
			case rest != "":
				next, ok = find(next, rest[1:])
			}
			if ok {
				return next, true
			}
		}
	case []any:
		step, rest, more := strings.Cut(path, ".")
		i, err := strconv.Atoi(step)
		switch {
		case err != nil || i >= len(x):
			return nil, false
		case !more:
			return x[i], true
		}
		return find(x[i], rest)
	}
	return nil, false
}

// claimVolume says where the user has written what the server names in its
// copy of a StatefulSet's template: there the volumes of claim templates come
// first, in random order, and those of the same names are gone.
func claimVolume(tree map[string]any, path string) string {
	m := inVolume.FindStringSubmatch(path)
	if m == nil {
		return path
	}
	var names []string
	templates, _ := at(tree, "spec.volumeClaimTemplates").([]any)
	for _, t := range templates {
		if name, _ := at(t, "metadata.name").(string); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	i, _ := strconv.Atoi(m[1])
	if i < len(names) {
		return someClaim
	}
	volumes, _ := at(tree, "spec.template.spec.volumes").([]any)
	for j, v := range volumes {
		if name, _ := at(v, "name").(string); slices.Contains(names, name) {
			continue
		}
		if i == len(names) {
			return fmt.Sprintf("spec.template.spec.volumes.%d%s", j, m[2])
		}
		i--
	}
	return path
}

// withoutAccount is why the server refuses a Pod with a token of the service
// account and without the account's name. The admission plugin ServiceAccount,
// which is on by default, gives every Pod the name of one before.
const withoutAccount = "must not be specified when serviceAccountName is not set"

// unreadNumber is why the server can't decode two old annotations that it makes
// numbers of. The engine looks at them once everything else is decoded.
const unreadNumber = "strconv.ParseInt"
