package builtin_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// createOrPanic is create; of an Indexed Job without completions whose
// successPolicy has rules the server's code doesn't come back.
func createOrPanic(tb testing.TB, g schema.GroupVersionKind, obj map[string]any) (v verdict, panicked bool) {
	tb.Helper()
	defer func() {
		if recover() != nil {
			v, panicked = newVerdict(), true
		}
	}()
	return create(tb, g, obj), false
}

// knownToDiffer takes out of both verdicts what the engine says otherwise, and
// on purpose.
func knownToDiffer(g schema.GroupVersionKind, obj map[string]any, want verdict, got map[string]string) {
	if len(want.types) > 0 {
		return // Nothing else was judged.
	}
	switch g.Kind {
	case "Pod":
		serviceAccount(want)
		addedRequirements(obj, want)
	case "StatefulSet":
		claimVolumes(obj, want, got)
	}
}

// serviceAccount: the server refuses a Pod with a token of the service account
// and without the account's name. The admission plugin ServiceAccount, which is
// on by default, gives every Pod the name of one before.
func serviceAccount(want verdict) {
	for path, why := range want.values {
		if strings.HasSuffix(why, "must not be specified when serviceAccountName is not set") {
			delete(want.values, path)
		}
	}
}

var requirement = regexp.MustCompile(`^(.*labelSelector\.matchExpressions)\.(\d+)\.`)

// addedRequirements: the server adds requirements for matchLabelKeys to a Pod's
// selectors, with the values of the Pod's labels, and judges them there. The
// engine judges the labels alone, which a user has written.
func addedRequirements(obj map[string]any, want verdict) {
	for path := range want.values {
		if m := requirement.FindStringSubmatch(path); m != nil {
			list, _ := at(obj, m[1]).([]any)
			if i, _ := strconv.Atoi(m[2]); i >= len(list) {
				delete(want.values, path)
			}
		}
	}
}

// at returns what stands at a plain path.
func at(v any, path string) any {
	for step := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

var claimVolume = regexp.MustCompile(`^spec\.template\.spec\.volumes\.(\d+)(\..*|)$`)
var claimName = regexp.MustCompile(`^spec\.volumeClaimTemplates\.\d+\.metadata\.name$`)

// claimVolumes: the server judges a copy of the template in which the volumes
// of claim templates come first, in random order, and names places in that
// copy. The engine names the places in what the user has written.
func claimVolumes(obj map[string]any, want verdict, got map[string]string) {
	var names []string
	templates, _ := at(obj, "spec.volumeClaimTemplates").([]any)
	for _, t := range templates {
		name, _ := at(t, "metadata.name").(string)
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return
	}
	var kept []int
	volumes, _ := at(obj, "spec.template.spec.volumes").([]any)
	for i, v := range volumes {
		if name, _ := at(v, "name").(string); !slices.Contains(names, name) {
			kept = append(kept, i)
		}
	}
	const some = "spec.volumeClaimTemplates.metadata.name"
	moved := map[string]string{}
	for path, why := range want.values {
		m := claimVolume.FindStringSubmatch(path)
		if m == nil {
			continue
		}
		delete(want.values, path)
		if i, _ := strconv.Atoi(m[1]); i < len(names) {
			moved[some] = why
		} else {
			moved[fmt.Sprintf("spec.template.spec.volumes.%d%s", kept[i-len(names)], m[2])] = why
		}
	}
	for path, why := range moved {
		want.values[path] = why
	}
	for path, rules := range got {
		if claimName.MatchString(path) {
			delete(got, path)
			got[some] = rules
		}
	}
}
