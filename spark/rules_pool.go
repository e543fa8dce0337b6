package spark

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/millrace/millrace"
)

// checkExecutorPool asks for a dedicated pool for the executors, and, where
// the composition brings pools along, that one of them takes each pod.
func checkExecutorPool(pass *millrace.Pass) {
	app, ok := applicationIn(pass.Object)
	if !ok {
		return
	}
	selector, at := app.nodeSelector(executorRole)
	tolerations, tolerationsAt := app.tolerations(executorRole)
	if len(selector) == 0 && !app.bindsNodes(executorRole) {
		pass.Report(at, "executors run on any node, beside every other workload")
	}
	if len(tolerations) == 0 {
		pass.Report(tolerationsAt, "executors tolerate no taint, so that no pool can be kept for them")
	}
	if pass.Bundle == nil || len(pass.Bundle.Nodes()) == 0 {
		return
	}
	for _, r := range roles {
		app.checkFit(r, pass.Bundle.Nodes(), pass.Report)
	}
}

// checkFit reports a selector that no pool matches, or the taints that keep
// the pod off every pool that does.
func (a application) checkFit(r role, pools []millrace.NodeShape, report func(field, detail string)) {
	selector, at := a.nodeSelector(r)
	if len(selector) == 0 {
		return
	}
	tolerations, tolerationsAt := a.tolerations(r)
	var taints, mismatches []string
	for _, pool := range pools {
		if wrong := mismatch(pool, selector); wrong != "" {
			mismatches = append(mismatches, wrong)
			continue
		}
		untolerated := pool.Untolerated(tolerations)
		if len(untolerated) == 0 {
			return
		}
		for _, t := range untolerated {
			taints = append(taints, fmt.Sprintf("%s=%s:%s of pool %s", t.Key, t.Value, t.Effect, pool.Pool))
		}
	}
	if len(taints) > 0 {
		report(tolerationsAt, fmt.Sprintf("the %s doesn't tolerate the taint %s", r, strings.Join(taints, ", ")))
		return
	}
	report(at, fmt.Sprintf("no pool of the composition takes the %s: %s", r, strings.Join(mismatches, "; ")))
}

// mismatch names the first label that keeps a pool from attracting the
// selector, or nothing. Labels that clouds and provisioners put on nodes by
// themselves count as there unless the pool says otherwise.
func mismatch(pool millrace.NodeShape, selector map[string]string) string {
	asked := maps.Clone(selector)
	maps.DeleteFunc(asked, func(key, _ string) bool {
		_, said := pool.Labels[key]
		return !said && wellKnown(key)
	})
	if pool.Attracts(asked) {
		return ""
	}
	for _, key := range slices.Sorted(maps.Keys(asked)) {
		have, ok := pool.Labels[key]
		switch {
		case !ok:
			return fmt.Sprintf("pool %s has no label %s", pool.Pool, key)
		case have != asked[key]:
			return fmt.Sprintf("pool %s has the label %s=%s, not %s", pool.Pool, key, have, asked[key])
		}
	}
	return ""
}

// wellKnownDomains are those of labels that nodes have of themselves.
var wellKnownDomains = []string{
	"kubernetes.io", "k8s.io", "karpenter.sh", "karpenter.k8s.aws", "karpenter.azure.com",
	"cloud.google.com", "eks.amazonaws.com", "kubernetes.azure.com",
}

func wellKnown(key string) bool {
	domain, _, ok := strings.Cut(key, "/")
	return ok && slices.ContainsFunc(wellKnownDomains, func(d string) bool {
		return domain == d || strings.HasSuffix(domain, "."+d)
	})
}
