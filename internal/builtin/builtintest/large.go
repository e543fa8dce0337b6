package builtintest

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
)

// Large returns cases that are too long to be written down: lists with an item
// too many, and texts with a letter too many. The twin has one less.
func Large() []Case {
	pod := func(change func(object, spec, container map[string]any, more int)) (wrong, good map[string]any) {
		build := func(more int) map[string]any {
			container := map[string]any{"name": "main", "image": "a"}
			spec := map[string]any{"containers": []any{container}}
			object := map[string]any{"apiVersion": "v1", "kind": "Pod", "metadata": map[string]any{"name": "x"}, "spec": spec}
			change(object, spec, container, more)
			return object
		}
		return build(1), build(0)
	}
	job := func(change func(spec map[string]any, more int)) (wrong, good map[string]any) {
		build := func(more int) map[string]any {
			spec := map[string]any{
				"completionMode": "Indexed", "completions": int64(100000),
				"template": map[string]any{"spec": map[string]any{"restartPolicy": "Never", "containers": []any{map[string]any{"name": "main", "image": "a"}}}},
			}
			change(spec, more)
			return map[string]any{"apiVersion": "batch/v1", "kind": "Job", "metadata": map[string]any{"name": "x"}, "spec": spec}
		}
		return build(1), build(0)
	}
	var out []Case
	add := func(name string, wrong, good map[string]any, want ...string) {
		out = append(out, Case{Name: name, Object: wrong, Good: good, Want: want})
	}

	w, g := pod(func(_, _, c map[string]any, more int) {
		c["restartPolicy"] = "Never"
		c["restartPolicyRules"] = repeat(20+more, map[string]any{"action": "Restart", "exitCodes": map[string]any{"operator": "In", "values": numbers(255)}})
	})
	add("21 restart rules", w, g, "spec.containers[0].restartPolicyRules schema/bounds")
	w, g = pod(func(_, _, c map[string]any, more int) {
		c["restartPolicy"] = "Never"
		c["restartPolicyRules"] = repeat(1, map[string]any{"action": "Restart", "exitCodes": map[string]any{"operator": "In", "values": numbers(255 + more)}})
	})
	add("256 exit codes of a restart rule", w, g, "spec.containers[0].restartPolicyRules[0].exitCodes.values schema/bounds")
	w, g = pod(func(_, s, _ map[string]any, more int) {
		s["dnsConfig"] = map[string]any{"searches": append(repeat(8, strings.Repeat("abcdefgh.", 25)), strings.Repeat("a.", 120+more))}
	})
	add("a long list of domains", w, g, "spec.dnsConfig.searches schema/bounds")
	w, g = pod(func(_, s, _ map[string]any, more int) {
		s["securityContext"] = map[string]any{"windowsOptions": map[string]any{"gmsaCredentialSpec": strings.Repeat("a", 65536+more)}}
	})
	add("a long credential spec", w, g, "spec.securityContext.windowsOptions.gmsaCredentialSpec schema/bounds")
	w, g = pod(func(_, s, _ map[string]any, more int) {
		s["securityContext"] = map[string]any{"windowsOptions": map[string]any{"runAsUserName": strings.Repeat("a", 104+more)}}
	})
	add("a long user", w, g, "spec.securityContext.windowsOptions.runAsUserName schema/invalid")
	w, g = pod(func(_, s, _ map[string]any, more int) {
		s["securityContext"] = map[string]any{"windowsOptions": map[string]any{"runAsUserName": strings.Repeat("a.", 127) + strings.Repeat("a", 1+more) + `\u`}}
	})
	add("a long domain", w, g, "spec.securityContext.windowsOptions.runAsUserName schema/invalid")
	w, g = pod(func(_, s, _ map[string]any, more int) {
		s["securityContext"] = map[string]any{"appArmorProfile": map[string]any{"type": "Localhost", "localhostProfile": strings.Repeat("a", 4095+more)}}
	})
	add("a long profile", w, g, "spec.securityContext.appArmorProfile.localhostProfile schema/bounds")
	w, g = pod(func(o, s, _ map[string]any, more int) {
		o["metadata"].(map[string]any)["name"] = strings.Repeat("a", 251+more)
		claim := map[string]any{"accessModes": []any{"ReadWriteOnce"}, "resources": map[string]any{"requests": map[string]any{"storage": "1"}}}
		s["volumes"] = []any{map[string]any{"name": "a", "ephemeral": map[string]any{"volumeClaimTemplate": map[string]any{"spec": claim}}}}
	})
	add("a claim with a long name", w, g, "spec.volumes[0].name schema/invalid")
	w, g = pod(func(_, s, _ map[string]any, more int) {
		certificate := map[string]any{
			"signerName": "example.com/a", "keyType": "ED25519", "keyPath": "a",
			"userAnnotations": map[string]any{"example.com/a": strings.Repeat("a", 256<<10-len("example.com/a")+more)},
		}
		s["volumes"] = []any{map[string]any{"name": "a", "projected": map[string]any{"sources": []any{map[string]any{"podCertificate": certificate}}}}}
	})
	add("long annotations of a certificate", w, g, "spec.volumes[0].projected.sources[0].podCertificate.userAnnotations schema/bounds")
	w, g = pod(func(_, s, _ map[string]any, more int) {
		var volumes, containers []any
		for i := range 20 {
			volumes = append(volumes, map[string]any{"name": fmt.Sprint("v", i)})
			containers = append(containers, map[string]any{"name": fmt.Sprint("c", i), "image": "a"})
		}
		volumes = append(volumes, map[string]any{"name": fmt.Sprint("v", 20-13*more)})
		s["volumes"], s["containers"] = volumes, append(containers, map[string]any{"name": fmt.Sprint("c", 20-more), "image": "a"})
	})
	add("one name of many twice", w, g, "spec.containers[20].name schema/duplicate", "spec.volumes[20].name schema/duplicate")

	w, g = job(func(s map[string]any, more int) {
		s["podFailurePolicy"] = map[string]any{"rules": repeat(20+more, map[string]any{"action": "Count", "onPodConditions": repeat(20, map[string]any{"type": "a"})})}
	})
	add("21 rules for failed pods", w, g, "spec.podFailurePolicy.rules schema/bounds")
	w, g = job(func(s map[string]any, more int) {
		s["podFailurePolicy"] = map[string]any{"rules": repeat(1, map[string]any{"action": "Count", "onPodConditions": repeat(20+more, map[string]any{"type": "a"})})}
	})
	add("21 conditions of failed pods", w, g, "spec.podFailurePolicy.rules[0].onPodConditions schema/bounds")
	w, g = job(func(s map[string]any, more int) {
		s["podFailurePolicy"] = map[string]any{"rules": repeat(1, map[string]any{"action": "Count", "onExitCodes": map[string]any{"operator": "In", "values": numbers(255 + more)}})}
	})
	add("256 exit codes", w, g, "spec.podFailurePolicy.rules[0].onExitCodes.values schema/bounds")
	w, g = job(func(s map[string]any, more int) {
		s["successPolicy"] = map[string]any{"rules": repeat(20+more, map[string]any{"succeededCount": int64(1)})}
	})
	add("21 rules for success", w, g, "spec.successPolicy.rules schema/bounds")
	w, g = job(func(s map[string]any, more int) {
		text := make([]string, 0, 10923)
		for i := range 10922 + more {
			text = append(text, fmt.Sprintf("%05d", i))
		}
		s["successPolicy"] = map[string]any{"rules": []any{map[string]any{"succeededIndexes": strings.Join(text, ",")}}}
	})
	add("a long list of indexes", w, g, "spec.successPolicy.rules[0].succeededIndexes schema/bounds")
	w, g = job(func(s map[string]any, more int) {
		s["template"].(map[string]any)["metadata"] = map[string]any{"annotations": map[string]any{"a": strings.Repeat("a", 256<<10-1+more)}}
	})
	add("long annotations of a template", w, g, "spec.template.metadata.annotations schema/bounds")
	return out
}

func repeat(n int, v any) []any {
	out := make([]any, n)
	for i := range out {
		out[i] = runtime.DeepCopyJSONValue(v)
	}
	return out
}

// numbers are the numbers from 1 to n.
func numbers(n int) []any {
	out := make([]any, n)
	for i := range out {
		out[i] = int64(i + 1)
	}
	return out
}
