package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/millrace/millrace"
)

// Existing tells the rules "reference/…" of things that are in the cluster
// without being in the bundle: service accounts, secrets, config maps, claims,
// priority and storage classes, and namespaces. Without a namespace, a thing is
// in all of them.
//
// A kind that no rule asks for, and an empty name, are findings themselves; a
// thing that nothing needs is none.
func (p Profile) Existing(refs ...millrace.Ref) Profile {
	p.existing = slices.Concat(p.existing, refs)
	return p
}

func (p Profile) checkExisting(ref millrace.Ref) []millrace.Finding {
	field := fmt.Sprintf("Existing(%s)", ref)
	if _, ok := referredKinds[ref.Kind]; !ok {
		return []millrace.Finding{p.mistake(field, fmt.Sprintf("no rule asks for things of the kind %q", ref.Kind),
			"use "+strings.Join(slices.Sorted(maps.Keys(referredKinds)), ", "))}
	}
	if ref.Name == "" {
		return []millrace.Finding{p.mistake(field, "the name is empty", "name the thing")}
	}
	return nil
}
