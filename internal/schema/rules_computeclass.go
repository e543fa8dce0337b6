package schema

import (
	"slices"
	"strings"
)

// on tells whether a part that is turned on and off is on.
func on(v any, name string) bool { return object(v, name)["enabled"] == true }

// autopilot is a rule for classes in the mode of Autopilot.
func autopilot(does func(any) bool) func(any) bool {
	return func(v any) bool { return !on(v, "autopilot") || does(v) }
}

// priorities is a rule that holds for each of a class's priorities.
func priorities(does func(any) bool) func(any) bool {
	return func(v any) bool { return all(does)(items(v, "priorities")) }
}

// confidential is a rule for each priority of classes with a kind of
// confidential nodes, and any kind where it is empty.
func confidential(kind string, does func(any) bool) func(any) bool {
	return func(v any) bool {
		config := object(v, "nodePoolConfig")
		return !has(config, "confidentialNodeType") || kind != "" && text(config, "confidentialNodeType") != kind || priorities(does)(v)
	}
}

// ofSeries tells whether a priority is of one of the series.
func ofSeries(series ...string) func(any) bool {
	return func(v any) bool {
		first, _, _ := strings.Cut(text(v, "machineType"), "-")
		return has(v, "machineFamily") && slices.Contains(series, text(v, "machineFamily")) || has(v, "machineType") && slices.Contains(series, first)
	}
}

// gpuOf is the rule that machines of a family, and of types that it holds for,
// have that GPU or say nothing of one.
func gpuOf(family string, types func(string) bool, gpu string) func(any) bool {
	return func(v any) bool {
		if text(v, "machineFamily") != family && (!has(v, "machineType") || !types(text(v, "machineType"))) {
			return true
		}
		return !has(object(v, "gpu"), "type") || text(object(v, "gpu"), "type") == gpu
	}
}

func prefixed(prefix string) func(string) bool {
	return func(s string) bool { return strings.HasPrefix(s, prefix) }
}

func exactly(word string) func(string) bool {
	return func(s string) bool { return s == word }
}

// tdxGPU is the rule on the GPUs of one series of confidential nodes.
func tdxGPU(family, digest string, types func(string) bool, gpu string) rule {
	return rule{
		ID: "computeclass/tdx-" + family, Digest: digest,
		Detail: "has confidential nodes of TDX and series " + family + " with another GPU than " + gpu, Fix: "use gpu.type " + gpu + ", or take it out",
		holds: confidential("TDX", gpuOf(family, types, gpu)),
	}
}

var computeClassRules = append([]rule{
	{
		ID: "computeclass/autopilot-nodepools", Digest: "6cbee658b87c",
		Detail: "is in the mode of Autopilot and names node pools", Fix: "take nodepools out of the priorities, or autopilot",
		holds: autopilot(priorities(func(v any) bool { return !has(v, "nodepools") })),
	},
	{
		ID: "computeclass/autopilot-creation", Digest: "5a564361421d",
		Detail: "is in the mode of Autopilot and makes no node pools", Fix: "set nodePoolAutoCreation.enabled, or take autopilot out",
		// The default turns it off.
		holds: autopilot(func(v any) bool { return on(v, "nodePoolAutoCreation") }),
	},
	{
		ID: "computeclass/autopilot-image", Digest: "b60e85b984d9",
		Detail: "is in the mode of Autopilot and has another imageType than cos_containerd", Fix: "take imageType out, or autopilot",
		holds: autopilot(func(v any) bool {
			config := object(v, "nodePoolConfig")
			return !has(config, "imageType") || text(config, "imageType") == "cos_containerd"
		}),
	},
	{
		ID: "computeclass/autopilot-logging", Digest: "524af4f062b3",
		Detail: "is in the mode of Autopilot and has another logging variant than DEFAULT", Fix: "take loggingConfig out, or autopilot",
		holds: autopilot(func(v any) bool {
			variant := object(object(object(v, "nodePoolConfig"), "loggingConfig"), "loggingVariantConfig")
			return !has(variant, "variant") || text(variant, "variant") == "DEFAULT"
		}),
	},
	{
		ID: "computeclass/workload-type", Digest: "c6891ad7f189",
		Detail: "has a workloadType other than HIGH_AVAILABILITY and no nodePoolGroup", Fix: "name a nodePoolGroup, or take workloadType out",
		holds: func(v any) bool {
			config := object(v, "nodePoolConfig")
			return !has(config, "workloadType") || has(v, "nodePoolGroup") || text(config, "workloadType") == "HIGH_AVAILABILITY"
		},
	},
	{
		ID: "computeclass/pod-family", Digest: "d91de74a2d02",
		Detail: "has a podFamily and isn't in the mode of Autopilot", Fix: "use machineFamily or machineType, or set autopilot.enabled",
		holds: func(v any) bool {
			return on(v, "autopilot") || priorities(func(p any) bool { return !has(p, "podFamily") })(v)
		},
	},
	{
		ID: "computeclass/confidential-machine", Digest: "4e565437c6e7",
		Detail: "has confidential nodes and a priority without machines", Fix: "set machineFamily or machineType in each priority",
		holds: confidential("", func(v any) bool { return hasAny(v, "machineFamily", "machineType") }),
	},
	{
		ID: "computeclass/sev", Digest: "ebed8afadd27",
		Detail: "has confidential nodes of SEV on other machines than N2D, C2D, C3D and C4D", Fix: "use machines of these series",
		holds: confidential("SEV", ofSeries("n2d", "c2d", "c3d", "c4d")),
	},
	{
		ID: "computeclass/sev-snp", Digest: "77730ea7ef96",
		Detail: "has confidential nodes of SEV_SNP on other machines than N2D", Fix: "use machines of this series",
		holds: confidential("SEV_SNP", ofSeries("n2d")),
	},
	{
		ID: "computeclass/tdx", Digest: "8bbbb67b8f30",
		Detail: "has confidential nodes of TDX on other machines than C3 and C4 standard, A3 and A4", Fix: "use machines of these",
		holds: confidential("TDX", func(v any) bool {
			if has(v, "machineFamily") && slices.Contains([]string{"c3", "c4", "a3", "a4"}, text(v, "machineFamily")) {
				return true
			}
			t := text(v, "machineType")
			return strings.HasPrefix(t, "c3-standard-") || strings.HasPrefix(t, "c4-standard-") || t == "a3-highgpu-1g" || t == "a4-highgpu-8g"
		}),
	},
	tdxGPU("c3", "4e33e16d537b", prefixed("c3-standard-"), "nvidia-h100-80gb"),
	tdxGPU("c4", "86853a2d22c1", prefixed("c4-standard-"), "nvidia-h100-80gb"),
	tdxGPU("a3", "2a6dd0a772f2", exactly("a3-highgpu-1g"), "nvidia-h100-80gb"),
	tdxGPU("a4", "13ab7a0ab753", exactly("a4-highgpu-8g"), "nvidia-b200"),
	{
		ID: "computeclass/scores", Digest: "04391168b0d6",
		Detail: "has a priorityScore in some priorities and not in others", Fix: "set it in all of them, or in none",
		holds: func(v any) bool {
			scored := func(p any) bool { return has(p, "priorityScore") && !fraction(p, "priorityScore") }
			unscored := func(p any) bool { return !has(p, "priorityScore") }
			return priorities(scored)(v) || priorities(unscored)(v)
		},
	},
}, priorityRules...)
