package builtin

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace/internal/schema"
)

func (c *checker) resourceQuota(o *corev1.ResourceQuota) {
	c.enter("spec")
	defer c.leave()
	c.enter("hard")
	for name, q := range o.Spec.Hard {
		c.key(string(name))
		if must := quotaResource(string(name)); must != "" {
			c.invalid("", string(name), must, "name a resource that can be counted")
		}
		c.quotaAmount(name, q)
		c.leave()
	}
	c.leave()
	c.quotaScopes(o)
	c.scopeSelector(o)
}

// quotaAmount holds an amount to not being negative, and to being whole where
// the resource is counted in pieces.
func (c *checker) quotaAmount(name corev1.ResourceName, q resource.Quantity) {
	if q.Sign() < 0 {
		c.bounds("", q.String(), "at least 0")
	}
	if inPieces(string(name)) && q.MilliValue()%1000 != 0 {
		c.invalid("", q.String(), "be a whole number", "count in pieces")
	}
}

// quotaScopes holds the scopes to being known ones that fit each other and
// what is limited.
func (c *checker) quotaScopes(o *corev1.ResourceQuota) {
	for _, scope := range o.Spec.Scopes {
		if !slices.Contains(quotaScopes, scope) {
			c.scopeUnknown("scopes", scope)
		}
		for name := range o.Spec.Hard {
			c.scopeFits("scopes", scope, name)
		}
	}
	c.scopesAgree("scopes", func(scope corev1.ResourceQuotaScope) bool { return slices.Contains(o.Spec.Scopes, scope) })
}

var quotaScopes = []corev1.ResourceQuotaScope{
	corev1.ResourceQuotaScopeTerminating, corev1.ResourceQuotaScopeNotTerminating, corev1.ResourceQuotaScopeBestEffort,
	corev1.ResourceQuotaScopeNotBestEffort, corev1.ResourceQuotaScopePriorityClass, corev1.ResourceQuotaScopeCrossNamespacePodAffinity,
	corev1.ResourceQuotaScopeVolumeAttributesClass,
}

func (c *checker) scopeUnknown(field string, scope corev1.ResourceQuotaScope) {
	words := make([]string, len(quotaScopes))
	for i, s := range quotaScopes {
		words[i] = string(s)
	}
	c.invalid(field, string(scope), "be one of "+strings.Join(words, ", "), "use one of them")
}

// scopeFits holds what is limited to what a scope can count.
func (c *checker) scopeFits(field string, scope corev1.ResourceQuotaScope, name corev1.ResourceName) {
	n := string(name)
	if !countedByName(n) && !strings.HasPrefix(n, "hugepages-") && !strings.HasPrefix(n, "requests.hugepages-") {
		return
	}
	fits := true
	switch scope {
	case corev1.ResourceQuotaScopeTerminating, corev1.ResourceQuotaScopeNotTerminating, corev1.ResourceQuotaScopeNotBestEffort,
		corev1.ResourceQuotaScopePriorityClass, corev1.ResourceQuotaScopeCrossNamespacePodAffinity:
		fits = slices.Contains([]string{"pods", "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"}, n)
	case corev1.ResourceQuotaScopeBestEffort:
		fits = n == "pods"
	case corev1.ResourceQuotaScopeVolumeAttributesClass:
		fits = n == "persistentvolumeclaims" || n == "requests.storage"
	}
	if !fits {
		c.problem(field, schema.RuleInvalid, "has "+string(scope)+", which can't limit "+n, "put "+n+" into a quota of its own")
	}
}

func (c *checker) scopesAgree(field string, has func(corev1.ResourceQuotaScope) bool) {
	for _, pair := range [][2]corev1.ResourceQuotaScope{
		{corev1.ResourceQuotaScopeBestEffort, corev1.ResourceQuotaScopeNotBestEffort},
		{corev1.ResourceQuotaScopeTerminating, corev1.ResourceQuotaScopeNotTerminating},
	} {
		if has(pair[0]) && has(pair[1]) {
			c.problem(field, schema.RuleInvalid, "has both "+string(pair[0])+" and "+string(pair[1]), "keep one of them")
		}
	}
}

func (c *checker) scopeSelector(o *corev1.ResourceQuota) {
	s := o.Spec.ScopeSelector
	if s == nil {
		return
	}
	c.enter("scopeSelector")
	defer c.leave()
	c.enter("matchExpressions")
	for i := range s.MatchExpressions {
		c.item(i)
		c.scopeRequirement(&s.MatchExpressions[i])
		c.leave()
		for name := range o.Spec.Hard {
			c.scopeFits("", s.MatchExpressions[i].ScopeName, name)
		}
	}
	c.scopesAgree("", func(scope corev1.ResourceQuotaScope) bool {
		return slices.ContainsFunc(s.MatchExpressions, func(r corev1.ScopedResourceSelectorRequirement) bool { return r.ScopeName == scope })
	})
	c.leave()
}

func (c *checker) scopeRequirement(r *corev1.ScopedResourceSelectorRequirement) {
	if !slices.Contains(quotaScopes, r.ScopeName) {
		c.scopeUnknown("scopeName", r.ScopeName)
	}
	switch r.ScopeName {
	case corev1.ResourceQuotaScopePriorityClass, corev1.ResourceQuotaScopeVolumeAttributesClass:
	default:
		if slices.Contains(quotaScopes, r.ScopeName) && r.Operator != corev1.ScopeSelectorOpExists {
			c.invalid("operator", string(r.Operator), "be Exists for "+string(r.ScopeName), "use Exists")
		}
	}
	switch r.Operator {
	case corev1.ScopeSelectorOpIn, corev1.ScopeSelectorOpNotIn:
		if len(r.Values) == 0 {
			c.required("values", "name a value, or use Exists")
		}
	case corev1.ScopeSelectorOpExists, corev1.ScopeSelectorOpDoesNotExist:
		if len(r.Values) > 0 {
			c.invalid("values", strings.Join(r.Values, ", "), "be empty for "+string(r.Operator), "take the values out, or use In")
		}
	default:
		c.invalid("operator", string(r.Operator), "be In, NotIn, Exists or DoesNotExist", "use one of them")
	}
}

// quotaResource says what a quota's resource must be, and nothing where it is
// fine: one of the server's own, or any with a domain.
func quotaResource(name string) (must string) {
	switch {
	case len(qualified(name)) > 0:
		return aQualified
	case strings.Contains(name, "/") || countedByName(name) || strings.HasPrefix(name, "hugepages-") || strings.HasPrefix(name, "requests.hugepages-"):
		return ""
	}
	return "be a resource that quotas know, such as requests.cpu, or have a domain, as count/deployments.apps"
}

// countedByName tells whether quotas know a resource that has no domain.
func countedByName(name string) bool {
	switch name {
	case "cpu", "memory", "ephemeral-storage",
		"requests.cpu", "requests.memory", "requests.storage", "requests.ephemeral-storage",
		"limits.cpu", "limits.memory", "limits.ephemeral-storage":
		return true
	}
	return objects(name)
}

// objects tells whether a resource is a number of objects.
func objects(name string) bool {
	switch name {
	case "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps", "persistentvolumeclaims",
		"services.nodeports", "services.loadbalancers":
		return true
	}
	return false
}

// inPieces tells whether a resource comes in whole numbers only.
func inPieces(name string) bool { return objects(name) || isExtended(name) }

// isNative tells whether a resource is Kubernetes' own.
func isNative(name string) bool {
	return !strings.Contains(name, "/") || strings.Contains(name, "kubernetes.io/")
}

// isExtended tells whether a resource is a device or the like, which others
// than Kubernetes know.
func isExtended(name string) bool {
	return !isNative(name) && !strings.HasPrefix(name, "requests.") && len(qualified("requests."+name)) == 0
}
