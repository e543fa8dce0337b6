package builtin

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace/internal/schema"
)

// resources checks requests and limits; the path stands at them. known tells
// what is wrong with the name of a resource, "" if nothing is; filled, that the
// server makes requests of limits that have none.
func (p *podCheck) resources(r *corev1.ResourceRequirements, known func(corev1.ResourceName) string, filled bool) {
	basic, huge := false, false
	note := func(name corev1.ResourceName) {
		basic = basic || name == corev1.ResourceCPU || name == corev1.ResourceMemory
		huge = huge || hugePages(name)
	}
	p.enter("limits")
	for name, q := range r.Limits {
		note(name)
		p.quantity(name, milli(q), known)
	}
	p.leave()
	for name, q := range r.Requests {
		note(name)
		request := milli(q)
		p.enter("requests")
		p.quantity(name, request, known)
		p.leave()
		q, ok := r.Limits[name]
		limit := milli(q)
		switch {
		case !ok:
			if !overcommits(name) {
				p.problem("limits", schema.RuleRequired, fmt.Sprintf("has no %s, which is requested", name), "set the limit to the request")
			}
		case request.Cmp(limit) > 0:
			p.problem("requests", schema.RuleInvalid, fmt.Sprintf("has %s %s, above the limit of %s", request.String(), name, limit.String()), "lower the request, or raise the limit")
		case request.Cmp(limit) < 0 && !overcommits(name):
			p.problem("requests", schema.RuleInvalid, fmt.Sprintf("has %s %s, below the limit of %s", request.String(), name, limit.String()), "set both to the same")
		}
	}
	if filled {
		p.enter("requests")
		for name, q := range r.Limits {
			if _, ok := r.Requests[name]; !ok {
				p.quantity(name, milli(q), known)
			}
		}
		p.leave()
	}
	if huge && !basic {
		p.forbidden("", "has huge pages and neither cpu nor memory", "set cpu or memory as well")
	}
	p.claims(r.Claims)
}

// quantity checks how much of a resource is asked for.
func (p *podCheck) quantity(name corev1.ResourceName, q resource.Quantity, known func(corev1.ResourceName) string) {
	field := ""
	report := func(rule, detail, fix string) {
		if field == "" {
			field = "[" + string(name) + "]"
		}
		p.problem(field, rule, detail, fix)
	}
	if against := known(name); against != "" {
		report(schema.RuleInvalid, against, "use cpu, memory, ephemeral-storage, hugepages-…, or a device's full name")
	}
	if q.Sign() < 0 {
		report(schema.RuleBounds, "is "+q.String()+", must be at least 0", "use one that is at least 0")
	}
	if extended(name) && q.MilliValue()%1000 != 0 {
		report(schema.RuleInvalid, "is "+q.String()+", must be a whole number", "round it")
	}
	if hugePages(name) && !wholePages(name, q) {
		report(schema.RuleInvalid, "is "+q.String()+", must be a multiple of the page size, "+strings.TrimPrefix(string(name), corev1.ResourceHugePagesPrefix), "round it to whole pages")
	}
}

func hugePages(name corev1.ResourceName) bool {
	return strings.HasPrefix(string(name), corev1.ResourceHugePagesPrefix)
}

func wholePages(name corev1.ResourceName, q resource.Quantity) bool {
	page, err := resource.ParseQuantity(strings.TrimPrefix(string(name), corev1.ResourceHugePagesPrefix))
	if err != nil || page.Sign() <= 0 || page.MilliValue()%1000 != 0 || page.Value() == 0 {
		return false
	}
	return q.Value()%page.Value() == 0
}

// native tells the resources that Kubernetes itself knows from those of
// device plugins.
func native(name corev1.ResourceName) bool {
	return !strings.Contains(string(name), "/") || strings.Contains(string(name), corev1.ResourceDefaultNamespacePrefix)
}

// overcommits tells whether a limit may be above the request.
func overcommits(name corev1.ResourceName) bool { return native(name) && !hugePages(name) }

// extended tells a resource of a device plugin.
func extended(name corev1.ResourceName) bool {
	return !native(name) && !strings.HasPrefix(string(name), corev1.DefaultResourceRequestsPrefix) &&
		len(validation.IsQualifiedName(corev1.DefaultResourceRequestsPrefix+string(name))) == 0
}

// containerResource tells what is wrong with the name of a container's
// resource.
func containerResource(name corev1.ResourceName) string {
	switch {
	case name == corev1.ResourceCPU, name == corev1.ResourceMemory, name == corev1.ResourceEphemeralStorage:
		return ""
	case len(validation.IsQualifiedName(string(name))) > 0:
		return "is no name of a resource"
	case !strings.Contains(string(name), "/"):
		if !hugePages(name) {
			return "is no resource of containers"
		}
	case !native(name) && !extended(name):
		return "is no name that a device's resource can have"
	}
	return ""
}

// claims checks the claims that the container uses.
func (p *podCheck) claims(claims []corev1.ResourceClaim) {
	p.enter("claims")
	var whole, parts set[string]
	for i := range claims {
		claim := &claims[i]
		p.item(i)
		switch {
		case claim.Name == "":
			p.required("", "name the claim")
			p.leave()
			continue
		case whole.has(claim.Name):
			p.duplicate("", claim.Name)
		case claim.Request == "":
			if parts.has(claim.Name) {
				p.duplicate("", claim.Name)
			}
			whole.addNew(claim.Name)
		default:
			p.dnsLabel("request", claim.Request)
			if !parts.addNew(claim.Name + "/" + claim.Request) {
				p.duplicate("", claim.Name+"/"+claim.Request)
			}
			parts.addNew(claim.Name)
		}
		if !p.hasClaim(claim.Name) && !p.opts.partial {
			p.problem("", schema.RuleInvalid, "is "+show(claim.Name)+", which is none of the pod's resourceClaims", "name one of them, or add it there")
		}
		p.leave()
	}
	p.leave()
}
