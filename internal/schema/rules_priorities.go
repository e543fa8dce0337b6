package schema

import (
	"strings"
)

// refused is the rule that machines aren't of a series that GKE keeps for
// itself.
func refused(field, series, digest string) rule {
	return rule{
		ID: "computeclass/" + field + "-" + series, Digest: digest,
		Detail: "asks for machines of series " + series + ", which can't be asked for", Fix: "use another series",
		holds: func(v any) bool {
			if field == "family" {
				return text(v, "machineFamily") != series
			}
			return !strings.HasPrefix(text(v, "machineType"), series)
		},
	}
}

// fraction tells whether a number came with a point, which CEL stumbles over
// where the schema has an integer.
func fraction(v any, name string) bool {
	_, ok := whole(v, name)
	return has(v, name) && !ok
}

// priorityRules are those on what stands in the priorities of a ComputeClass.
var priorityRules = []rule{
	{
		ID: "computeclass/nodepools-alone", Digest: "a30b522e4e0c",
		Detail: "names node pools and says something else of the nodes", Fix: "leave nodepools alone, or make another priority",
		holds: func(v any) bool {
			m, _ := v.(map[string]any)
			n := 0
			for _, value := range m {
				if value != nil {
					n++
				}
			}
			return !has(v, "nodepools") || n == 1
		},
	},
	{
		ID: "computeclass/family-or-type", Digest: "85f8e186a207",
		Detail: "has both machineFamily and machineType", Fix: "keep one of them",
		holds: atMostOne([]string{"machineFamily", "machineType"}),
	},
	{
		ID: "computeclass/type-size", Digest: "b8302e35e17e",
		Detail: "has a machineType, and minCores or minMemoryGb", Fix: "take these out: the type has its size",
		holds: func(v any) bool { return !has(v, "machineType") || !hasAny(v, "minCores", "minMemoryGb") },
	},
	refused("family", "ek", "851d4648e572"),
	refused("type", "ek", "db881beb2918"),
	refused("family", "e4a", "ecec4a5d125b"),
	refused("type", "e4a", "126a63081051"),
	{
		ID: "computeclass/flex-start-spot", Digest: "2ae9eded9ca8",
		Detail: "is for spot machines and for flex start", Fix: "make a priority of each",
		holds: func(v any) bool {
			m, _ := v.(map[string]any)
			return m["spot"] != true || !on(v, "flexStart")
		},
	},
	{
		ID: "computeclass/capacity-check", Digest: "4ca256085be7",
		Detail: "has capacityCheckWaitTimeSeconds without flex start and without a TPU", Fix: "take it out",
		holds: func(v any) bool {
			return !has(v, "capacityCheckWaitTimeSeconds") || has(v, "tpu") || on(v, "flexStart")
		},
	},
	{
		ID: "computeclass/network-profile", Digest: "88eabba1fa0b",
		Detail: "is neither auto nor begins with auto-", Fix: "use auto",
		holds: func(v any) bool {
			s, _ := v.(string)
			return s == "auto" || strings.HasPrefix(s, "auto-")
		},
	},
	{
		ID: "computeclass/image-gc-order", Digest: "e1d27f3397de",
		Detail: "has an imageGcLowThresholdPercent that isn't below imageGcHighThresholdPercent", Fix: "lower it, or raise the other",
		holds: func(v any) bool {
			return !has(v, "imageGcHighThresholdPercent") || !has(v, "imageGcLowThresholdPercent") || less(v, "imageGcLowThresholdPercent", "imageGcHighThresholdPercent")
		},
	},
	{
		ID: "computeclass/image-gc-high", Digest: "d0fa9e8f6b7e",
		Detail: "has an imageGcHighThresholdPercent of at most 80, which imageGcLowThresholdPercent is by default", Fix: "raise it, or set imageGcLowThresholdPercent",
		holds: func(v any) bool {
			high, ok := whole(v, "imageGcHighThresholdPercent")
			return !has(v, "imageGcHighThresholdPercent") || has(v, "imageGcLowThresholdPercent") || ok && high > 80
		},
	},
	{
		ID: "computeclass/swap-profile", Digest: "b6fbbcccafc3",
		Detail: "has more than one profile of swap space", Fix: "keep one of them",
		holds: atMostOne([]string{"bootDiskProfile", "ephemeralLocalSsdProfile", "dedicatedLocalSsdProfile"}),
	},
	{
		ID: "computeclass/swap-size", Digest: "35bfb94930fe",
		Detail: "has both swapSizeGib and swapSizePercent", Fix: "keep one of them",
		holds: func(v any) bool {
			return atMostOne([]string{"swapSizeGib", "swapSizePercent"})(v) && !fraction(v, "swapSizeGib") && !fraction(v, "swapSizePercent")
		},
	},
	{
		ID: "computeclass/reservations-affinity", Digest: "a9ae1d256247",
		Detail: "names reservations and has another affinity than Specific", Fix: "set affinity to Specific, or take specific out",
		holds: func(v any) bool { return len(items(v, "specific")) == 0 || text(v, "affinity") == "Specific" },
	},
	{
		ID: "computeclass/reservations-specific", Digest: "34ea2ea8524c",
		Detail: "has the affinity Specific and names no reservation", Fix: "name one in specific, or use another affinity",
		holds: func(v any) bool { return text(v, "affinity") != "Specific" || len(items(v, "specific")) > 0 },
	},
}
