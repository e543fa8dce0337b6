package schema

import "strings"

// eachHas is the rule that each term of a list has one of the fields.
func eachHas(id, digest string, names ...string) rule {
	return rule{
		ID: "ec2nodeclass/" + id, Digest: digest,
		Detail: "has a term without any of " + strings.Join(names, ", "), Fix: "set one of them in each term",
		holds: all(func(v any) bool { return hasAny(v, names...) }),
	}
}

// alone is the rule that a field stands beside none of the others. Upstream
// wrote some of these so that one term that keeps the rule is enough, and an
// empty list breaks it.
func alone(id, digest string, quantifier func(func(any) bool) func(any) bool, name string, others ...string) rule {
	return rule{
		ID: "ec2nodeclass/" + id, Digest: digest,
		Detail: "has " + name + " beside " + strings.Join(others, " or "), Fix: "keep " + name + " alone, or take it out",
		holds: not(quantifier(func(v any) bool { return has(v, name) && hasAny(v, others...) })),
	}
}

var selectorRules = []rule{
	eachHas("ami-term", "10128c398f14", "tags", "id", "name", "alias", "ssmParameter"),
	alone("ami-id-alone", "d93366515acc", exists, "id", "alias", "tags", "name", "owner"),
	alone("ami-alias-alone", "ca1070cc2743", exists, "alias", "id", "tags", "name", "owner"),
	{
		ID: "ec2nodeclass/ami-alias-only", Digest: "f4a3d781672f",
		Detail: "has an alias beside other terms", Fix: "keep the alias alone, or take it out",
		holds: func(v any) bool {
			list, _ := v.([]any)
			return len(list) == 1 || !exists(func(term any) bool { return has(term, "alias") })(v)
		},
	},
	{
		ID: "ec2nodeclass/tags-not-empty", Digest: "67e37bc5362e",
		Detail: "has a tag with an empty key or value", Fix: `use "*" for any value`,
		holds: func(v any) bool {
			m, _ := v.(map[string]any)
			for key, value := range m {
				if value != nil && (key == "" || value == "") {
					return false
				}
			}
			return true
		},
	},
	eachHas("capacity-term", "5ba24c02caac", "tags", "id", "instanceMatchCriteria"),
	alone("capacity-id-alone", "5615f3b7fa2f", all, "id", "tags", "ownerID", "instanceMatchCriteria"),
	{
		ID: "ec2nodeclass/placement-group", Digest: "5d8111df98d6",
		Detail: "has neither name nor id", Fix: "set one of them",
		holds: func(v any) bool { return hasAny(v, "name", "id") },
	},
	{
		ID: "ec2nodeclass/placement-group-one", Digest: "c06758db40e9",
		Detail: "has both name and id", Fix: "keep one of them",
		holds: func(v any) bool { return !has(v, "name") || !has(v, "id") },
	},
	{
		ID: "ec2nodeclass/terms-not-empty", Digest: "640ba693af3e",
		Detail: "has no terms", Fix: "add one",
		holds: func(v any) bool {
			list, _ := v.([]any)
			return len(list) > 0
		},
	},
	eachHas("security-group-term", "6ed3e3b1f98e", "tags", "id", "name"),
	alone("security-group-id-alone", "97c305fc4b69", all, "id", "tags", "name"),
	alone("security-group-name-alone", "bf2d46a2f174", all, "name", "tags", "id"),
	eachHas("subnet-term", "f421da079bab", "tags", "id"),
	alone("subnet-id-alone", "7987af8ad89c", all, "id", "tags"),
	{
		ID: "ec2nodeclass/tag-key", Digest: "b223f8b91cc1",
		Detail: "has a tag without a key", Fix: takeOut, holds: never(""),
	},
	restrictedTag("eks", "046d8b80b51d", "eks:eks-cluster-name"),
	{
		ID: "ec2nodeclass/tag-cluster", Digest: "2052d57dea69",
		Detail: "has a tag that begins with kubernetes.io/cluster", Fix: takeOut,
		holds: allKeys(func(k string) bool { return !strings.HasPrefix(k, "kubernetes.io/cluster") }),
	},
	restrictedTag("nodepool", "4129eeab3315", "karpenter.sh/nodepool"),
	restrictedTag("nodeclaim", "9aab54f22a51", "karpenter.sh/nodeclaim"),
	restrictedTag("class", "d8e0889543c1", "karpenter.k8s.aws/ec2nodeclass"),
}

func restrictedTag(id, digest, key string) rule {
	return rule{
		ID: "ec2nodeclass/tag-" + id, Digest: digest,
		Detail: "has the tag " + key, Fix: "take it out, Karpenter sets it", holds: never(key),
	}
}
