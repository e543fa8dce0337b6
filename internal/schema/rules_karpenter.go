package schema

import (
	"strconv"
	"strings"
)

// reserved tells whether a label is of Karpenter's own domain and none of those
// that users may set.
func reserved(label string) bool {
	domain, _, _ := strings.Cut(label, "/")
	return strings.HasSuffix(domain, "karpenter.sh") && label != "karpenter.sh/capacity-type" && label != "karpenter.sh/nodepool"
}

func notEmpty(v any) bool { return v != "" }

func differs(from string) func(any) bool {
	return func(v any) bool { return v != from }
}

const takeOut = "take it out"

var karpenterRules = []rule{
	{
		ID: "karpenter/not-empty", Digest: "53f953b38dac",
		Detail: "is empty", Fix: "set it", holds: notEmpty,
	},
	{
		ID: "nodepool/static-limits", Digest: "deb2bd9cbcb7",
		Detail: "has replicas, and limits other than nodes", Fix: "keep limits.nodes alone, or take replicas out",
		holds: func(v any) bool {
			size := 0
			for _, limit := range object(v, "limits") {
				if limit != nil {
					size++
				}
			}
			return !has(v, "replicas") || size == 0 || size == 1 && has(object(v, "limits"), "nodes")
		},
	},
	{
		ID: "nodepool/static-weight", Digest: "baf63be43890",
		Detail: "has replicas and a weight", Fix: "take one of them out",
		holds: func(v any) bool { return !has(v, "replicas") || !has(v, "weight") },
	},
	{
		ID: "nodepool/budget-schedule", Digest: "a18a6e922e71",
		Detail: "has a budget with one of schedule and duration", Fix: "set both, or neither",
		holds: all(func(v any) bool { return has(v, "schedule") == has(v, "duration") }),
	},
	{
		ID: "nodepool/label-domain", Digest: "263336ecbdca",
		Detail: "has a label of the domain karpenter.sh", Fix: "use a domain of your own",
		holds: allKeys(func(k string) bool { return !reserved(k) }),
	},
	{
		ID: "nodepool/label-nodepool", Digest: "3f7f93e45953",
		Detail: "has the label karpenter.sh/nodepool", Fix: "take it out, Karpenter sets it", holds: never("karpenter.sh/nodepool"),
	},
	{
		ID: "nodepool/label-hostname", Digest: "0ff8e93e21f3",
		Detail: "has the label kubernetes.io/hostname", Fix: "take it out, the node sets it", holds: never("kubernetes.io/hostname"),
	},
	{
		ID: "nodepool/in-values", Digest: "a691217bec70",
		Detail: "has a requirement with operator In and no values", Fix: "give it values",
		holds: all(func(v any) bool { return text(v, "operator") != "In" || len(items(v, "values")) > 0 }),
	},
	{
		ID: "nodepool/compare-value", Digest: "66332da9e3c0",
		Detail: "has a requirement with operator Gt, Lt, Gte or Lte whose value isn't one whole number", Fix: "give it one whole number that isn't negative, in quotes",
		holds: all(func(v any) bool {
			switch text(v, "operator") {
			case "Gt", "Lt", "Gte", "Lte":
				values := items(v, "values")
				if len(values) != 1 {
					return false
				}
				s, _ := values[0].(string)
				n, err := strconv.ParseInt(s, 10, 64)
				return err == nil && n >= 0
			}
			return true
		}),
	},
	{
		ID: "nodepool/min-values", Digest: "5d46cdd5a19a",
		Detail: "has a requirement with fewer values than its minValues", Fix: "give it more values, or lower minValues",
		holds: all(func(v any) bool {
			least, ok := whole(v, "minValues")
			return text(v, "operator") != "In" || !has(v, "minValues") || ok && has(v, "values") && int64(len(items(v, "values"))) >= least
		}),
	},
	{
		ID: "nodepool/requirement-domain", Digest: "d7ad786a0e3a",
		Detail: "is of the domain karpenter.sh", Fix: "use karpenter.sh/capacity-type, or a label of another domain",
		holds: func(v any) bool {
			s, _ := v.(string)
			return !reserved(s)
		},
	},
	{
		ID: "nodepool/requirement-nodepool", Digest: "4a7937fb7ec2",
		Detail: "is karpenter.sh/nodepool", Fix: "take it out, each node of the pool has it", holds: differs("karpenter.sh/nodepool"),
	},
	{
		ID: "nodepool/requirement-hostname", Digest: "d815b0a161c6",
		Detail: "is kubernetes.io/hostname", Fix: "take it out, no node exists yet", holds: differs("kubernetes.io/hostname"),
	},
}
