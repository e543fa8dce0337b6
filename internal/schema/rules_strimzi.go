package schema

var strimziRules = []rule{
	{
		ID: "strimzi/rack-topology-key", Digest: "b5a1c4335787",
		Detail: "has no topologyKey", Fix: "set topologyKey, or type: environment-variable",
		holds: func(v any) bool {
			return has(v, "type") && text(v, "type") != "topology-label" || text(v, "topologyKey") != ""
		},
	},
	{
		ID: "strimzi/rack-variable", Digest: "eeb8f68d9e6d",
		Detail: "has no envVarName", Fix: "set envVarName, or take type: environment-variable out",
		holds: func(v any) bool {
			return !has(v, "type") || text(v, "type") != "environment-variable" || text(v, "envVarName") != ""
		},
	},
	{
		ID: "strimzi/metrics-value", Digest: "13fb5ffd4d58",
		Detail: "is jmxPrometheusExporter without valueFrom", Fix: "set valueFrom to the ConfigMap with the exporter's configuration",
		holds: func(v any) bool { return text(v, "type") != "jmxPrometheusExporter" || has(v, "valueFrom") },
	},
	{
		ID: "strimzi/metrics-reporter", Digest: "698bbb41163d",
		Detail: "is strimziMetricsReporter, which Cruise Control doesn't have", Fix: "use jmxPrometheusExporter",
		holds: func(v any) bool { return text(v, "type") != "strimziMetricsReporter" },
	},
	{
		ID: "strimzi/user-days-tls", Digest: "2b1a93bcb167",
		Detail: "has validityDays or renewalDays without type: tls", Fix: "take them out, or use type: tls",
		holds: func(v any) bool {
			return text(v, "type") == "tls" || !has(v, "validityDays") && !has(v, "renewalDays")
		},
	},
	{
		ID: "strimzi/user-days-both", Digest: "b6280101ef36",
		Detail: "has one of validityDays and renewalDays", Fix: "set both, or neither",
		holds: func(v any) bool {
			_, renewal := whole(v, "renewalDays")
			_, validity := whole(v, "validityDays")
			return text(v, "type") != "tls" || renewal && validity || !has(v, "renewalDays") && !has(v, "validityDays")
		},
	},
	{
		ID: "strimzi/user-days-order", Digest: "f052b3126950",
		Detail: "has renewalDays that aren't fewer than its validityDays", Fix: "renew before the certificate ends",
		holds: func(v any) bool {
			return text(v, "type") != "tls" || !has(v, "renewalDays") || !has(v, "validityDays") || less(v, "renewalDays", "validityDays")
		},
	},
}
