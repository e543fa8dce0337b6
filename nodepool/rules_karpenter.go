package nodepool

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/validate/content"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool/karpenterawsv1"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// karpenterRules hold what Karpenter and its providers check once the API server
// has taken a NodePool.
func karpenterRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID:       "nodepool/runtime",
			Severity: millrace.Error,
			Summary:  "Karpenter accepts the labels, taints and requirements of a node pool.",
			Reason:   "Karpenter checks them once more after the API server has taken the pool: taints that are there twice, names that are too long, capacity types that don't exist, labels that it keeps for itself. What it refuses shows as Ready=False and nowhere else, and no node is made.",
			Fix:      "correct the field; a pool that nodepool.Pool builds is checked for it",
			Source:   "Karpenter 1.14.1, pkg/apis/v1, NodePool.RuntimeValidate; its AWS provider's copy of the NodePool CRD",
			Check:    rule(checkRuntime),
		},
		{
			ID:       "nodepool/provider-labels",
			Severity: millrace.Error,
			Summary:  "Labels of machines are those of the node class's provider.",
			Reason:   "EKS Auto Mode, Karpenter on AWS, on Azure and on Google Cloud each have labels of their own for the same things. A requirement on a label of another provider narrows nothing down: Karpenter takes it for a label of yours, and buys any machine.",
			Fix:      "use the label of the node class's provider: karpenter.k8s.aws/instance-family, eks.amazonaws.com/instance-family, karpenter.azure.com/sku-family",
			Source:   "Amazon EKS, Create a node pool for EKS Auto Mode, supported labels; pkg/apis/v1/labels.go of Karpenter's providers",
			Check:    rule(checkProviderLabels),
		},
		{
			ID:       "nodepool/auto-lifetime",
			Severity: millrace.Warning,
			Summary:  "Nodes of EKS Auto Mode expire after 21 days at most.",
			Reason:   "EKS Auto Mode replaces each node after 21 days, whatever the pool says. Pods that were placed there because they must not move are killed then.",
			Fix:      "set Pool.Lifetime to 504 hours or less, and put what must stay longer on nodes that aren't of Auto Mode; in a manifest, expireAfter: 504h",
			Source:   "Amazon EKS, EKS Auto Mode features, maximum node lifetime",
			Check:    rule(checkAutoLifetime),
		},
		{
			ID:       "nodepool/namespace",
			Severity: millrace.Info,
			Summary:  "NodePools and EC2NodeClasses have no namespace.",
			Reason:   "Both are of the cluster. The API server drops the namespace, and whoever compares the manifest with the cluster finds another object, or none.",
			Fix:      "take metadata.namespace out",
			Source:   "Karpenter 1.14.1, the CRDs' scope; awslabs/data-on-eks, Karpenter manifests",
			Check: func(pass *millrace.Pass) {
				switch pass.Object.(type) {
				case *karpenterv1.NodePool, *karpenterawsv1.EC2NodeClass:
					checkClusterScoped(pass)
				}
			},
		},
	}
}

func checkClusterScoped(pass *millrace.Pass) {
	var namespace string
	switch o := pass.Object.(type) {
	case *karpenterv1.NodePool:
		if o != nil {
			namespace = o.Namespace
		}
	case *karpenterawsv1.EC2NodeClass:
		if o != nil {
			namespace = o.Namespace
		}
	}
	if namespace != "" {
		pass.Report("metadata.namespace", fmt.Sprintf("%q: the kind is cluster-scoped", namespace))
	}
}

const (
	templateLabels = "spec.template.metadata.labels"
	requirementsAt = "spec.template.spec.requirements"
)

// checkRuntime reports what the schema of the CRD lets through.
func checkRuntime(pool *karpenterv1.NodePool, report func(field, detail string)) {
	template := &pool.Spec.Template
	group := template.Spec.NodeClassRef.Group
	for _, key := range labelKeys(template.Metadata) {
		at := templateLabels + "[" + key + "]"
		if why := content.IsLabelKey(key); len(why) > 0 {
			report(at, "not a label key: "+why[0])
		} else if why := kept(key, group); why != "" {
			report(at, why)
		}
	}
	seen := map[corev1.Taint]string{}
	checkRuntimeTaints(template.Spec.Taints, "spec.template.spec.taints", seen, report)
	checkRuntimeTaints(template.Spec.StartupTaints, "spec.template.spec.startupTaints", seen, report)
	for i, r := range template.Spec.Requirements {
		at := fmt.Sprintf("%s[%d]", requirementsAt, i)
		if why := content.IsLabelKey(r.Key); len(why) > 0 {
			report(at+".key", "not a label key: "+why[0])
		} else if why := kept(r.Key, group); why != "" {
			report(at+".key", why)
		}
		// The CRD has the pattern of values on their list, where it does nothing.
		for j, value := range r.Values {
			if why := content.IsLabelValue(value); len(why) > 0 {
				report(fmt.Sprintf("%s.values[%d]", at, j), "not a label value: "+why[0])
			}
		}
		checkKnownValues(at, r, group, report)
	}
}

// kept says why Karpenter refuses a label of its provider's own domain. What it
// refuses on every provider, the schema knows.
func kept(key, group string) string {
	why, _ := restricted(key, group)
	if !strings.HasPrefix(why, "the provider of ") {
		return ""
	}
	return why
}

func checkRuntimeTaints(taints []corev1.Taint, field string, seen map[corev1.Taint]string, report func(field, detail string)) {
	for i, t := range taints {
		at := fmt.Sprintf("%s[%d]", field, i)
		if why := content.IsLabelKey(t.Key); len(why) > 0 {
			report(at+".key", "not a taint key: "+why[0])
		}
		if why := content.IsLabelKey(t.Value); t.Value != "" && len(why) > 0 {
			report(at+".value", "not a taint value: "+why[0])
		}
		if by, ok := seen[taintID(t)]; ok {
			report(at, fmt.Sprintf("%s has a taint %s with effect %s already", by, t.Key, t.Effect))
		} else {
			seen[taintID(t)] = at
		}
	}
}

// checkKnownValues reports requirements of which the provider has no value. Those
// that no provider has are the matter of nodepool/requirements.
func checkKnownValues(at string, r karpenterv1.NodeSelectorRequirementWithMinValues, group string, report func(field, detail string)) {
	key := stableKey(r.Key)
	known, others := providerValues(key, group), knownValues[key]
	among := func(list []string) bool {
		return slices.ContainsFunc(r.Values, func(value string) bool { return slices.Contains(list, value) })
	}
	if known == nil || r.Operator != karpenterv1.NodeSelectorOperatorIn || len(r.Values) == 0 || among(known) || others != nil && !among(others) {
		return
	}
	report(at+".values", fmt.Sprintf("%s has none of the values %s; it can be %s", r.Key, strings.Join(r.Values, ", "), strings.Join(known, ", ")))
}

func labelKeys(m *karpenterv1.ObjectMeta) []string {
	if m == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(m.Labels))
}

func checkProviderLabels(pool *karpenterv1.NodePool, report func(field, detail string)) {
	template := &pool.Spec.Template
	group := template.Spec.NodeClassRef.Group
	foreign := func(at, key string) {
		if why, fix := restricted(key, group); strings.HasPrefix(why, "it is a label of another provider") {
			report(at, key+": "+why+"; "+fix)
		}
	}
	for _, key := range labelKeys(template.Metadata) {
		foreign(templateLabels+"["+key+"]", key)
	}
	for i, r := range template.Spec.Requirements {
		foreign(fmt.Sprintf("%s[%d].key", requirementsAt, i), r.Key)
	}
}

func checkAutoLifetime(pool *karpenterv1.NodePool, report func(field, detail string)) {
	spec := &pool.Spec.Template.Spec
	if spec.NodeClassRef.Group != autoGroup || spec.ExpireAfter == nil {
		return
	}
	if after := *spec.ExpireAfter; after == "Never" || karpenterDuration(&after) > maxAutoLifetime {
		report("spec.template.spec.expireAfter", after+": EKS Auto Mode replaces nodes after 21 days")
	}
}
