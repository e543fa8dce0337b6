package builtin

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace/internal/schema"
)

// resources checks requests and limits; the path stands at them. named says
// what a resource must be, and nothing where it is fine.
func (p *podCheck) resources(r *corev1.ResourceRequirements, named func(string) string) {
	p.enter("limits")
	basic, pages := p.amounts(r.Limits, named)
	p.leave()
	p.enter("requests")
	basic2, pages2 := p.amounts(r.Requests, named)
	p.leave()
	p.pagesWithOthers(basic || basic2, pages || pages2)
	for name, q := range r.Requests {
		request := thousandths(q)
		q, ok := r.Limits[name]
		limit := thousandths(q)
		switch {
		case !ok:
			if !overcommits(name) {
				p.missing("limits", fmt.Sprintf("has no %s, which is requested", name), "set the limit to the request")
			}
		case request.Cmp(limit) > 0:
			p.problem("requests", schema.RuleInvalid, fmt.Sprintf("has %s %s, above the limit of %s", request.String(), name, limit.String()), "lower the request, or raise the limit")
		case request.Cmp(limit) < 0 && !overcommits(name):
			p.problem("requests", schema.RuleInvalid, fmt.Sprintf("has %s %s, below the limit of %s", request.String(), name, limit.String()), "set both to the same")
		}
	}
	p.claims(r.Claims)
}

// amounts checks a list of resources, and tells whether it has cpu or memory,
// and huge pages.
func (p *podCheck) amounts(list corev1.ResourceList, named func(string) string) (basic, pages bool) {
	for name, q := range list {
		p.quantity(name, thousandths(q), named)
		basic = basic || name == corev1.ResourceCPU || name == corev1.ResourceMemory
		pages = pages || hugePages(name)
	}
	return basic, pages
}

// pagesWithOthers reports huge pages without anything to use them.
func (p *podCheck) pagesWithOthers(basic, pages bool) {
	if pages && !basic {
		p.forbidden("", "has huge pages and neither cpu nor memory", "set cpu or memory as well")
	}
}

// quantity checks how much of a resource is asked for.
func (p *podCheck) quantity(name corev1.ResourceName, q resource.Quantity, named func(string) string) {
	bad := func(rule, detail, fix string) { p.problem("["+string(name)+"]", rule, detail, fix) }
	if must := named(string(name)); must != "" {
		bad(schema.RuleInvalid, "is "+show(string(name))+", must "+must, "use one of these")
	}
	if q.Sign() < 0 {
		bad(schema.RuleBounds, "is "+q.String()+", must be at least 0", "use one that is at least 0")
	}
	if isExtended(string(name)) && q.MilliValue()%1000 != 0 {
		bad(schema.RuleInvalid, "is "+q.String()+", must be a whole number", "round it")
	}
	if hugePages(name) && !wholePages(name, q) {
		bad(schema.RuleInvalid, "is "+q.String()+", must be a multiple of the page size, "+strings.TrimPrefix(string(name), corev1.ResourceHugePagesPrefix), "round it to whole pages")
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

// overcommits tells whether a limit may be above the request.
func overcommits(name corev1.ResourceName) bool { return isNative(string(name)) && !hugePages(name) }

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
		if !p.hasClaim(claim.Name) && !p.partial {
			p.problem("", schema.RuleInvalid, "is "+show(claim.Name)+", which is none of the pod's resourceClaims", "name one of them, or add it there")
		}
		p.leave()
	}
	p.leave()
}
