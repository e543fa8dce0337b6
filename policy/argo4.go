package policy

import (
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/schema"
)

// argo4Rule holds workflows against the CRDs of Argo 4, which are stricter
// than those of Argo 3.7: it is of package workflow by its id, and lies here
// because programs that only render need not link the schemas.
func argo4Rule() millrace.Rule {
	return millrace.Rule{
		ID: "workflow/argo-4", Severity: millrace.Error,
		Summary: "Argo 4 takes the object as Argo 3.7 does.",
		Reason:  "Argo 4 installs full CRDs: the API server refuses what breaks their rules, and drops fields that they don't have without a word.",
		Fix:     "write what both releases accept",
		Source:  "Argo Workflows v4.0.2, manifests/base/crds/full; upgrading",
		Check: func(p *millrace.Pass) {
			gvk := gvkOf(p.Object)
			later, ok := schema.Argo4(gvk.Kind)
			if !ok || gvk.Group != later.GVK().Group || gvk.Version != later.GVK().Version {
				return
			}
			s := sceneOf(p).subject(p.Object)
			tree, err := s.tree()
			if err != nil {
				return // the check against the schema of today says so
			}
			said := map[string]bool{}
			if today, ok := schema.For(gvk); ok {
				today.Check(tree, func(q schema.Problem) { said[q.Path+q.Rule] = true })
			}
			later.Check(tree, func(q schema.Problem) {
				if said[q.Path+q.Rule] || saidOfArgo4(q) || neverRead(q) || s.field != "" && filledIn(tree, q) {
					return
				}
				if q.Rule == schema.RuleUnknown {
					p.Report(q.Path, "Argo 4 has no such field and drops it")
					return
				}
				p.Suggest(q.Path, "Argo 4 refuses it: it "+q.Detail, q.Fix)
			})
		},
	}
}

// saidOfArgo4 reports whether workflow/argo-4-limits or workflow/removed-fields
// says the same.
func saidOfArgo4(q schema.Problem) bool {
	switch q.Rule {
	case schema.RuleBounds:
		return strings.HasSuffix(q.Path, ".templates") || strings.HasSuffix(q.Path, ".tasks") || strings.HasSuffix(q.Path, ".parameters")
	case schema.RuleUnknown:
		return q.Path == "spec.schedule" || strings.HasSuffix(q.Path, ".synchronization.mutex") || strings.HasSuffix(q.Path, ".synchronization.semaphore")
	}
	return false
}

// neverRead reports whether a problem is of the key of a cache, which Argo 3
// requires and no release reads, so that nothing is lost where Argo 4 drops it.
func neverRead(q schema.Problem) bool {
	return q.Rule == schema.RuleUnknown && strings.HasSuffix(q.Path, ".memoize.cache.configMap.key")
}
