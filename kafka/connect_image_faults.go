package kafka

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const ruleImage = "kafka/connect-build"

// The options that Strimzi hands on to what builds an image.
// Source: Strimzi 1.2.0, DockerOutput.java.
var (
	kanikoOptions = []string{"--customPlatform", "--custom-platform", "--insecure", "--insecure-pull", "--insecure-registry", "--log-format",
		"--log-timestamp", "--registry-mirror", "--reproducible", "--single-snapshot", "--skip-tls-verify", "--skip-tls-verify-pull",
		"--skip-tls-verify-registry", "--verbosity", "--snapshotMode", "--use-new-run", "--registry-certificate", "--registry-client-cert", "--ignore-path"}
	buildahOptions     = []string{"--authfile", "--cert-dir", "--creds", "--decryption-key", "--retry", "--retry-delay", "--tls-verify"}
	buildahPushOptions = []string{"--authfile", "--cert-dir", "--creds", "--quiet", "--retry", "--retry-delay", "--tls-verify"}
)

var (
	pullPolicies   = []corev1.PullPolicy{corev1.PullAlways, corev1.PullIfNotPresent, corev1.PullNever}
	artifactTypes  = []strimziv1.ArtifactType{strimziv1.ArtifactTypeJAR, strimziv1.ArtifactTypeTGZ, strimziv1.ArtifactTypeZIP, strimziv1.ArtifactTypeMaven, strimziv1.ArtifactTypeOther}
	artifactScopes = []strimziv1.ArtifactScope{"", strimziv1.ArtifactScopeCompile, strimziv1.ArtifactScopeProvided, strimziv1.ArtifactScopeRuntime, strimziv1.ArtifactScopeTest, strimziv1.ArtifactScopeSystem}
)

var (
	pluginName  = regexp.MustCompile(`^[a-z0-9][-_a-z0-9]*[a-z0-9]$`)
	artifactURL = regexp.MustCompile(`^(https?|ftp)://[-a-zA-Z0-9+&@#/%?=~_|!:,.;]*[-a-zA-Z0-9+&@#/%=~_|]$`)
	sha512Sum   = regexp.MustCompile(`^[0-9a-fA-F]{128}$`)
)

// imageFaults reports builds that the operator refuses.
// Source: Strimzi 1.2.0, KafkaConnectBuild.java, KafkaConnectDockerfile.java.
func imageFaults(f *faults, s *strimziv1.KafkaConnectSpec) {
	b := s.Build
	if b == nil {
		return
	}
	const path = "spec.build"
	switch {
	case b.Output.Image == "":
		f.add(ruleImage, millrace.RuleRequired, path+".output.image", "is required", "name the image, with its registry and tag")
	case s.Image != nil && *s.Image == b.Output.Image:
		f.add(ruleImage, millrace.RuleConflict, "spec.image", "it is the image that is built, which would be built on itself", "leave it out: workers run the image that is built")
	}
	optionFaults(f, path+".output", &b.Output)
	if len(b.Plugins) == 0 {
		f.add(ruleImage, millrace.RuleRequired, path+".plugins", "there is nothing to build", "add a plugin, or leave the build out")
	}
	var names []string
	for i, plugin := range b.Plugins {
		at := fmt.Sprintf("%s.plugins[%d]", path, i)
		names = pluginFaults(f, at, plugin.Name, len(plugin.Artifacts), names)
		for j, a := range plugin.Artifacts {
			artifactFaults(f, fmt.Sprintf("%s.artifacts[%d]", at, j), a)
		}
	}
	f.resources(path+".resources", b.Resources)
}

func mountedPluginFaults(f *faults, plugins []strimziv1.MountedPlugin) {
	var names []string
	for i, plugin := range plugins {
		path := fmt.Sprintf("spec.plugins[%d]", i)
		names = pluginFaults(f, path, plugin.Name, len(plugin.Artifacts), names)
		for j, a := range plugin.Artifacts {
			at := fmt.Sprintf("%s.artifacts[%d]", path, j)
			if strings.TrimSpace(a.Reference) == "" {
				f.add(ruleImage, millrace.RuleRequired, at+".reference", "is required", "name the image")
			}
			if policy := deref(a.PullPolicy); policy != "" && !slices.Contains(pullPolicies, corev1.PullPolicy(policy)) {
				f.add(ruleImage, millrace.RuleInvalid, at+".pullPolicy", fmt.Sprintf("%q: Kubernetes has no such policy", policy), "use Always, IfNotPresent or Never")
			}
		}
	}
}

// pluginFaults reports what is wrong with one plugin, and returns the names
// with its own.
func pluginFaults(f *faults, path, name string, artifacts int, names []string) []string {
	switch {
	case name == "":
		f.add(ruleImage, millrace.RuleRequired, path+".name", "is required", "name the plugin")
	case !pluginName.MatchString(name) && !isFilledIn(name):
		f.add(ruleImage, millrace.RuleInvalid, path+".name", fmt.Sprintf("%q: no plugin is called so", name), "use lower-case letters, digits, '-' and '_', with a letter or digit at both ends, two at least")
	case slices.Contains(names, name):
		f.add(ruleImage, millrace.RuleDuplicate, path+".name", fmt.Sprintf("there is a plugin %q already", name), "rename one of the two, or put the artifacts into one")
	}
	if artifacts == 0 {
		f.add(ruleImage, millrace.RuleRequired, path+".artifacts", "there is nothing in the plugin", "add what it is made of")
	}
	return append(names, name)
}

// optionFaults reports options that the operator refuses. Which of the two
// builders is used depends on the operator, so the first list is held to both.
func optionFaults(f *faults, path string, out *strimziv1.BuildOutput) {
	if out.Type == strimziv1.BuildOutputTypeImageStream {
		ignored := func(field string, isSet bool) {
			if isSet {
				f.add(ruleImage, millrace.RuleConflict, path+"."+field, "it does nothing for an image stream", "leave it out")
			}
		}
		ignored("pushSecret", out.PushSecret != nil)
		ignored("additionalBuildOptions", len(out.AdditionalBuildOptions) > 0)
		ignored("additionalPushOptions", len(out.AdditionalPushOptions) > 0)
		return
	}
	refuse := func(field string, options []string, allowed ...[]string) {
		for i, option := range options {
			name, _, _ := strings.Cut(option, "=")
			if !slices.Contains(slices.Concat(allowed...), name) {
				f.add(ruleImage, millrace.RuleUnsupported, fmt.Sprintf("%s.%s[%d]", path, field, i), fmt.Sprintf("Strimzi refuses the option %q", name), "leave it out")
			}
		}
	}
	refuse("additionalBuildOptions", out.AdditionalBuildOptions, kanikoOptions, buildahOptions)
	refuse("additionalPushOptions", out.AdditionalPushOptions, buildahPushOptions)
}

// artifactFaults reports artifacts that can't be had, and what is not read of
// them.
func artifactFaults(f *faults, path string, a strimziv1.Artifact) {
	required := func(field, value string) {
		if value == "" {
			f.add(ruleImage, millrace.RuleRequired, path+"."+field, fmt.Sprintf("is required with type %s", a.Type), "set it")
		}
	}
	ignored := func(field string, isSet bool) {
		if isSet {
			f.add(ruleImage, millrace.RuleConflict, path+"."+field, fmt.Sprintf("it does nothing with type %s", a.Type), "leave it out, or correct the type")
		}
	}
	if !slices.Contains(artifactTypes, a.Type) {
		f.add(ruleImage, millrace.RuleInvalid, path+".type", fmt.Sprintf("%q: no artifact is such", a.Type), "use jar, tgz, zip, maven or other")
	}
	if !slices.Contains(artifactScopes, a.IncludeScope) {
		f.add(ruleImage, millrace.RuleInvalid, path+".includeScope", fmt.Sprintf("%q: Maven has no such scope", a.IncludeScope), "use compile, provided, runtime, test or system, or leave it out")
	}
	isMaven := a.Type == strimziv1.ArtifactTypeMaven
	if isMaven {
		required("group", deref(a.Group))
		required("artifact", deref(a.Artifact))
		required("version", deref(a.Version))
	} else {
		required("url", deref(a.URL))
	}
	ignored("url", isMaven && a.URL != nil)
	ignored("sha512sum", isMaven && a.SHA512Sum != nil)
	ignored("fileName", a.FileName != nil && a.Type != strimziv1.ArtifactTypeOther)
	if !isMaven {
		ignored("group", a.Group != nil)
		ignored("artifact", a.Artifact != nil)
		ignored("version", a.Version != nil)
		ignored("repository", a.Repository != nil)
		ignored("mirrors", len(a.Mirrors) > 0)
		ignored("includeScope", a.IncludeScope != "")
	}
	if url := deref(a.URL); url != "" && !artifactURL.MatchString(url) && !isFilledIn(url) {
		f.add(ruleImage, millrace.RuleInvalid, path+".url", fmt.Sprintf("%q: it can't be downloaded", url), "use http, https or ftp")
	}
	if sum := deref(a.SHA512Sum); sum != "" && !sha512Sum.MatchString(sum) && !isFilledIn(sum) {
		f.add(ruleImage, millrace.RuleInvalid, path+".sha512sum", fmt.Sprintf("%q: it is no SHA-512", sum), "use the 128 hexadecimal digits that sha512sum prints")
	}
}
