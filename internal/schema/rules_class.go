package schema

import (
	"slices"
	"strings"
)

// alias splits the alias of an AMI, "al2023@latest", at its first two '@'.
func alias(s string) (family, version string, hasVersion bool) {
	family, rest, hasVersion := strings.Cut(s, "@")
	version, _, _ = strings.Cut(rest, "@")
	return family, version, hasVersion
}

// familyOf is the rule that amiFamily fits an alias.
func familyOf(family, name, digest string) rule {
	return rule{
		ID: "ec2nodeclass/ami-family-" + family, Digest: digest,
		Detail: "has an alias of " + name + " and another amiFamily", Fix: "use amiFamily " + name + " or Custom, or take it out",
		holds: func(v any) bool {
			used := slices.ContainsFunc(items(v, "amiSelectorTerms"), func(term any) bool {
				found, _, _ := alias(text(term, "alias"))
				return found == family
			})
			return !has(v, "amiFamily") || !used || text(v, "amiFamily") == name || text(v, "amiFamily") == "Custom"
		},
	}
}

var (
	windows  = []string{"windows2019", "windows2022", "windows2025"}
	families = append([]string{"al2", "al2023", "bottlerocket"}, windows...)
	signals  = []string{"memory.available", "nodefs.available", "nodefs.inodesFree", "imagefs.available", "imagefs.inodesFree", "pid.available"}
	reserves = []string{"cpu", "memory", "ephemeral-storage", "pid"}
)

// among is the rule that the keys of a map are of a list.
func among(list []string) func(any) bool {
	return allKeys(func(k string) bool { return slices.Contains(list, k) })
}

// matched is the rule that each key of one map is one of another.
func matched(one, other string) func(any) bool {
	return func(v any) bool {
		return allKeys(func(k string) bool { return has(object(v, other), k) })(object(v, one))
	}
}

var classRules = []rule{
	{
		ID: "ec2nodeclass/role-or-profile", Digest: "fb0a921af9fa",
		Detail: "has both or neither of role and instanceProfile", Fix: "set exactly one of them",
		holds: func(v any) bool { return has(v, "role") != has(v, "instanceProfile") },
	},
	familyOf("al2", "AL2", "5b05d40ebecf"),
	familyOf("al2023", "AL2023", "6834c85d2bed"),
	familyOf("bottlerocket", "Bottlerocket", "c44baa129f00"),
	familyOf("windows2019", "Windows2019", "38a01e235c48"),
	familyOf("windows2022", "Windows2022", "7ebdc8233407"),
	familyOf("windows2025", "Windows2025", "80d0d91941d9"),
	{
		ID: "ec2nodeclass/ami-family", Digest: "182be9569086",
		Detail: "has neither an alias nor amiFamily", Fix: "set amiFamily",
		holds: func(v any) bool {
			return has(v, "amiFamily") || exists(func(term any) bool { return has(term, "alias") })(items(v, "amiSelectorTerms"))
		},
	},
	{
		ID: "ec2nodeclass/alias-form", Digest: "df2d94765986",
		Detail: "is no family@version", Fix: `write it so: "al2023@v20260101"`,
		holds: func(v any) bool {
			s, _ := v.(string)
			family, version, _ := strings.Cut(s, "@")
			return family != "" && version != "" && !strings.Contains(version, "\n") &&
				strings.IndexFunc(family, func(r rune) bool { return r > 127 || !alnum(byte(r)) }) < 0
		},
	},
	{
		ID: "ec2nodeclass/alias-family", Digest: "43e13ab63ad1",
		Detail: "is of no family that Karpenter knows", Fix: "use one of " + strings.Join(families, ", "),
		holds: func(v any) bool {
			s, _ := v.(string)
			family, _, _ := alias(s)
			return slices.Contains(families, family)
		},
	},
	{
		ID: "ec2nodeclass/alias-windows", Digest: "c37d21667c1a",
		Detail: "is a version of Windows other than latest", Fix: "use @latest",
		holds: func(v any) bool {
			s, _ := v.(string)
			family, version, ok := alias(s)
			return !slices.Contains(windows, family) || ok && version == "latest"
		},
	},
	{
		ID: "ec2nodeclass/one-root-volume", Digest: "86eff2ba2231",
		Detail: "has more than one root volume", Fix: "set rootVolume on one of them",
		holds: func(v any) bool {
			list, _ := v.([]any)
			roots := 0
			for _, item := range list {
				if m, _ := item.(map[string]any); m["rootVolume"] == true {
					roots++
				}
			}
			return roots <= 1
		},
	},
	{
		ID: "ec2nodeclass/volume-source", Digest: "ebf7525c5aac",
		Detail: "has neither snapshotID nor volumeSize", Fix: "set one of them",
		holds: func(v any) bool { return hasAny(v, "snapshotID", "volumeSize") },
	},
	{
		ID: "ec2nodeclass/volume-initialization", Digest: "ed2ac0dadc0a",
		Detail: "has volumeInitializationRate without snapshotID", Fix: "set snapshotID, or take the rate out",
		holds: func(v any) bool { return !has(v, "volumeInitializationRate") || text(v, "snapshotID") != "" },
	},
	{
		ID: "ec2nodeclass/connection-tracking", Digest: "a51434d8dca5",
		Detail: "sets no timeout", Fix: "set tcpEstablishedTimeout, udpStreamTimeout or udpTimeout",
		holds: func(v any) bool {
			return slices.ContainsFunc([]string{"tcpEstablishedTimeout", "udpStreamTimeout", "udpTimeout"}, func(name string) bool {
				_, ok := whole(v, name)
				return ok
			})
		},
	},
	{
		ID: "ec2nodeclass/image-gc", Digest: "cd6eb1c27dae",
		Detail: "has an imageGCHighThresholdPercent that isn't above imageGCLowThresholdPercent", Fix: "raise the one or lower the other",
		holds: func(v any) bool {
			const high, low = "imageGCHighThresholdPercent", "imageGCLowThresholdPercent"
			return !has(v, high) || !has(v, low) || less(v, low, high)
		},
	},
	{
		ID: "ec2nodeclass/eviction-grace", Digest: "d380ee2d26c7",
		Detail: "has an evictionSoft without its evictionSoftGracePeriod", Fix: "set both for the same signals",
		holds: matched("evictionSoft", "evictionSoftGracePeriod"),
	},
	{
		ID: "ec2nodeclass/eviction-soft", Digest: "0babc5d010c6",
		Detail: "has an evictionSoftGracePeriod without its evictionSoft", Fix: "set both for the same signals",
		holds: matched("evictionSoftGracePeriod", "evictionSoft"),
	},
	{
		ID: "ec2nodeclass/eviction-signal", Digest: "344672bcd55e",
		Detail: "has a key that is no eviction signal", Fix: "use one of " + strings.Join(signals, ", "), holds: among(signals),
	},
	{
		ID: "ec2nodeclass/reserved-resource", Digest: "4b8d0b0fad8b",
		Detail: "has a key that can't be reserved", Fix: "use one of " + strings.Join(reserves, ", "), holds: among(reserves),
	},
	{
		ID: "ec2nodeclass/reserved-negative", Digest: "54a4d68c5c62",
		Detail: "reserves less than nothing", Fix: "take the minus out",
		holds: func(v any) bool {
			m, _ := v.(map[string]any)
			for _, value := range m {
				if s, _ := value.(string); strings.HasPrefix(s, "-") {
					return false
				}
			}
			return true
		},
	},
	{
		ID: "ec2nodeclass/primary-interface", Digest: "eaefa34737a1",
		Detail: "has no primary interface", Fix: "give one interface deviceIndex 0, networkCardIndex 0 and interfaceType interface",
		holds: func(v any) bool {
			list, _ := v.([]any)
			return len(list) == 0 || slices.ContainsFunc(list, func(item any) bool {
				device, card, ok := place(item)
				return ok && device == 0 && card == 0 && text(item, "interfaceType") == "interface"
			})
		},
	},
	{
		ID: "ec2nodeclass/interface-places", Digest: "af4a30078f5a",
		Detail: "has two interfaces at one place, or two efa-only ones on one card", Fix: "give each its own networkCardIndex and deviceIndex",
		holds: distinctInterfaces,
	},
}

func place(v any) (device, card int64, ok bool) {
	device, hasDevice := whole(v, "deviceIndex")
	card, hasCard := whole(v, "networkCardIndex")
	return device, card, hasDevice && hasCard
}

// maxInterfaces is how many interfaces the schema allows; a list with more is
// refused before its rules are looked at.
const maxInterfaces = 150

func distinctInterfaces(v any) bool {
	list, _ := v.([]any)
	if len(list) > maxInterfaces {
		return true
	}
	for i, a := range list {
		device, card, ok := place(a)
		if !ok {
			return false
		}
		for _, b := range list[:i] {
			otherDevice, otherCard, _ := place(b)
			if card != otherCard {
				continue
			}
			if device == otherDevice || text(a, "interfaceType") == "efa-only" && text(b, "interfaceType") == "efa-only" {
				return false
			}
		}
	}
	return true
}
