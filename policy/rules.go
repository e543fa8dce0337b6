package policy

import (
	"slices"

	"github.com/millrace/millrace"
)

// rules returns the rules of this package: those that look across nouns.
func rules() []millrace.Rule {
	return slices.Concat(
		podRules(),
		placementRules(),
		auditRules(),
		placementSizeRules(),
		placementDiskRules(),
		referenceRules(),
		quotaRules(),
		networkRules(),
		podSecurityRules(),
		secretRules(),
	)
}
