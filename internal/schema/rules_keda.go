package schema

var kedaRules = []rule{
	{
		ID: "scaledobject/min-max", Digest: "4f146a33a012",
		Detail: "has a minReplicaCount above maxReplicaCount, which is 100 where it isn't set", Fix: "lower minReplicaCount, or raise maxReplicaCount",
		holds: func(v any) bool {
			if !has(v, "minReplicaCount") {
				return true
			}
			least, ok := whole(v, "minReplicaCount")
			most, known := whole(v, "maxReplicaCount")
			if !has(v, "maxReplicaCount") {
				most, known = 100, true
			}
			return ok && known && least <= most
		},
	},
}
