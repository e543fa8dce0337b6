package kafka

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// keeper is an object whose workers keep their state in Kafka.
type keeper struct {
	ref     millrace.Ref
	path    string
	servers string
	storage
}

// keeperOf returns what an object keeps, and false for other kinds.
func keeperOf(o millrace.Object) (keeper, bool) {
	var out keeper
	switch o := o.(type) {
	case *strimziv1.KafkaConnect:
		out = keeper{path: "spec", servers: o.Spec.BootstrapServers, storage: storageOf(&o.Spec)}
	case *strimziv1.KafkaMirrorMaker2:
		t := &o.Spec.Target
		out = keeper{path: "spec.target", servers: t.BootstrapServers, storage: storage{t.GroupID, t.ConfigStorageTopic, t.OffsetStorageTopic, t.StatusStorageTopic}}
	default:
		return keeper{}, false
	}
	out.ref, out.servers = millrace.RefOf(o), serversOf(o.GetNamespace(), out.servers)
	return out, true
}

// kept is a consumer group, or else a topic, of workers in a cluster.
type kept struct{ servers, group, topic string }

// keepersOf returns who has a group, or a topic, for the state of its workers.
func keepersOf(pass *millrace.Pass, what kept) []millrace.Ref {
	type index struct{}
	return once(pass, index{}, func() map[kept][]millrace.Ref {
		out := map[kept][]millrace.Ref{}
		for _, o := range slices.Concat(pass.Bundle.OfKind(connectKind), pass.Bundle.OfKind(mirrorKind)) {
			k, ok := keeperOf(o)
			if !ok {
				continue
			}
			has := []kept{{servers: k.servers, group: k.group}}
			for _, topic := range k.topics() {
				has = append(has, kept{servers: k.servers, topic: topic[1]})
			}
			for _, what := range has {
				out[what] = append(out[what], k.ref)
			}
		}
		return out
	})[what]
}

func checkConnectGroup(pass *millrace.Pass) {
	own, ok := keeperOf(pass.Object)
	if !ok {
		return
	}
	report := func(path, name, detail string, what kept) {
		for _, other := range keepersOf(pass, what) {
			if name != "" && other != own.ref {
				pass.Report(own.path+"."+path, fmt.Sprintf("%s %s %q too", other, detail, name))
			}
		}
	}
	report("groupId", own.group, "has the group", kept{servers: own.servers, group: own.group})
	for _, topic := range own.topics() {
		report(topic[0], topic[1], "keeps its state in", kept{servers: own.servers, topic: topic[1]})
	}
}

func checkConnectWorkers(pass *millrace.Pass) {
	replicas := int64(0)
	switch o := pass.Object.(type) {
	case *strimziv1.KafkaConnect:
		replicas = o.Spec.Replicas
	case *strimziv1.KafkaMirrorMaker2:
		replicas = o.Spec.Replicas
	}
	if replicas == 1 {
		pass.Report("spec.replicas", "there is one worker")
	}
}

func checkArtifactChecksum(pass *millrace.Pass, o *strimziv1.KafkaConnect) {
	if o.Spec.Build == nil {
		return
	}
	for i, plugin := range o.Spec.Build.Plugins {
		for j, a := range plugin.Artifacts {
			path := fmt.Sprintf("spec.build.plugins[%d].artifacts[%d]", i, j)
			switch {
			case a.Type != strimziv1.ArtifactTypeMaven && deref(a.SHA512Sum) == "":
				pass.Report(path+".sha512sum", fmt.Sprintf("%s has no checksum", deref(a.URL)))
			case a.Type == strimziv1.ArtifactTypeMaven && deref(a.Insecure):
				pass.Report(path+".insecure", "the artifact is taken from any server that calls itself the repository")
			}
		}
	}
}

// movingVersion matches versions of Maven's that are another one tomorrow:
// LATEST, RELEASE, snapshots and ranges.
var movingVersion = regexp.MustCompile(`^(LATEST|RELEASE|.*-SNAPSHOT|[\[(].*[\])])$`)

func checkPluginVersion(pass *millrace.Pass, o *strimziv1.KafkaConnect) {
	if b := o.Spec.Build; b != nil {
		for i, plugin := range b.Plugins {
			for j, a := range plugin.Artifacts {
				if v := deref(a.Version); movingVersion.MatchString(v) {
					pass.Report(fmt.Sprintf("spec.build.plugins[%d].artifacts[%d].version", i, j), fmt.Sprintf("%q is another version tomorrow", v))
				}
			}
		}
	}
	for i, plugin := range o.Spec.Plugins {
		for j, a := range plugin.Artifacts {
			if movingTag(a.Reference) {
				pass.Report(fmt.Sprintf("spec.plugins[%d].artifacts[%d].reference", i, j), fmt.Sprintf("%q is another image tomorrow", a.Reference))
			}
		}
	}
}

// movingTag reports whether an image has neither a digest nor a tag of its own.
func movingTag(image string) bool {
	if image == "" || strings.Contains(image, "@") || isFilledIn(image) {
		return false
	}
	_, tag, tagged := strings.Cut(image[strings.LastIndex(image, "/")+1:], ":")
	return !tagged || tag == "latest"
}

func checkConnectorLabel(pass *millrace.Pass, o *strimziv1.KafkaConnector) {
	if o.Labels[clusterLabel] == "" {
		pass.Report(at("metadata.labels", clusterLabel), "the connector names no Connect")
	}
}

func checkUseConnectors(pass *millrace.Pass, o *strimziv1.KafkaConnector) {
	if connect, ok := connectOf(pass.Bundle, o); ok && !strings.EqualFold(connect.Annotations[useConnectors], "true") {
		pass.Report(at("metadata.labels", clusterLabel), fmt.Sprintf("the KafkaConnect %s doesn't look at connectors: it lacks the annotation", connect.Name))
	}
}

// ownProviders are those that Strimzi gives to all workers.
// Source: Strimzi, KafkaConnectConfigurationBuilder.java.
var ownProviders = []string{"strimzidir", "strimzienv", "strimzifile"}

// providerReference is how a value refers to one of a provider.
// Source: Apache Kafka, ConfigTransformer.DEFAULT_PATTERN.
var providerReference = regexp.MustCompile(`\$\{([^}]*?):(([^}]*?):)?([^}]*?)\}`)

func checkConfigProvider(pass *millrace.Pass, o *strimziv1.KafkaConnector) {
	connect, ok := connectOf(pass.Bundle, o)
	if !ok {
		return
	}
	has := slices.Concat(ownProviders, providersOf(connect.Spec.Config))
	for _, key := range slices.Sorted(maps.Keys(o.Spec.Config)) {
		text, _ := configText(o.Spec.Config[key])
		for _, m := range providerReference.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(has, m[1]) {
				pass.Report(at("spec.config", key), fmt.Sprintf("the KafkaConnect %s has no provider %q", connect.Name, m[1]))
				break
			}
		}
	}
}

func checkConnectorRestart(pass *millrace.Pass) {
	report := func(path string, r *strimziv1.AutoRestart) {
		if r == nil || r.Enabled != nil && !*r.Enabled {
			pass.Report(path+".autoRestart.enabled", "what fails stays so")
		}
	}
	switch o := pass.Object.(type) {
	case *strimziv1.KafkaConnector:
		report("spec", o.Spec.AutoRestart)
	case *strimziv1.KafkaMirrorMaker2:
		for i := range o.Spec.Mirrors {
			m, path := &o.Spec.Mirrors[i], fmt.Sprintf("spec.mirrors[%d]", i)
			if m.SourceConnector != nil {
				report(path+".sourceConnector", m.SourceConnector.AutoRestart)
			}
			if m.CheckpointConnector != nil {
				report(path+".checkpointConnector", m.CheckpointConnector.AutoRestart)
			}
		}
	}
}
