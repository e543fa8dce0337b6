package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/millrace/millrace"
)

// WaiveAnnotation is the beginning of the annotations by which an object waives
// rules for itself: what follows is the rule's id with a dot for the slash,
// and the value is the reason.
//
//	metadata:
//	  annotations:
//	    waive.millrace.github.io/kafka.plain-listener: the metrics sidecar is all that uses it
const WaiveAnnotation = "waive.millrace.github.io/"

// waiver accepts the findings of one rule.
type waiver struct {
	id, reason string
	objects    []millrace.Ref // nil means every object
}

// Waive accepts the findings of one rule: those about the objects, or every
// one where no object is named. The findings stay in the report, with the
// reason. A rule that the profile doesn't hold, and an empty reason, are
// findings themselves.
//
// An object can waive a rule for itself, see WaiveAnnotation.
func (p Profile) Waive(id, reason string, objects ...millrace.Ref) Profile {
	p.waivers = append(slices.Clip(p.waivers), waiver{id, reason, slices.Clone(objects)})
	return p
}

// waived returns the reason why the profile accepts a finding; the waiver that
// was given last counts. Empty means that it doesn't.
func (p Profile) waived(f millrace.Finding) string {
	for _, w := range slices.Backward(p.waivers) {
		if w.id == f.Rule && (w.objects == nil || slices.Contains(w.objects, f.Object)) {
			return w.reason
		}
	}
	return ""
}

// checkWaiver says what is wrong with a waiver itself.
func (p Profile) checkWaiver(w waiver) []millrace.Finding {
	field := fmt.Sprintf("Waive(%q)", w.id)
	switch {
	case !p.holds(w.id):
		return []millrace.Finding{p.mistake(field, noSuchRule, lookUp)}
	case w.reason == "":
		return []millrace.Finding{p.mistake(field, "the reason is empty", "say why the rule need not hold here")}
	}
	return nil
}

// waivedByObject marks the findings that an object waives for itself, and adds
// what is wrong with its waivers.
func (p Profile) waivedByObject(found []millrace.Finding, o millrace.Object) []millrace.Finding {
	annotations := o.GetAnnotations()
	for _, key := range slices.Sorted(maps.Keys(annotations)) {
		rest, ok := strings.CutPrefix(key, WaiveAnnotation)
		if !ok {
			continue
		}
		id, reason := strings.Replace(rest, ".", "/", 1), strings.TrimSpace(annotations[key])
		wrong := func(detail, fix string) {
			found = append(found, millrace.Finding{Rule: RuleProfile, Severity: millrace.Error, Object: millrace.RefOf(o),
				Field: "metadata.annotations[" + key + "]", Detail: detail, Fix: fix})
		}
		switch {
		case !p.holds(id) && !Production().holds(id): // other profiles hold fewer rules
			wrong("there is no rule "+id, lookUp)
		case reason == "":
			wrong("the reason is empty", "say why the rule need not hold here")
		}
		for i, f := range found {
			if f.Rule == id {
				found[i].Waived = reason
			}
		}
	}
	return found
}
