package kafka

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace/internal/kafkaconf"
)

// Where the files of secrets were, and where they may be: Strimzi takes mounts
// below /mnt only.
// Source: Strimzi 0.45, KafkaConnectCluster.java; Strimzi 1.2.0, TemplateUtils.java.
const (
	externalFiles = "/opt/kafka/external-configuration/"
	mountedFiles  = "/mnt/external-configuration/"
)

// connect converts a KafkaConnect.
func (c *conversion) connect(spec section) {
	spec.scheduling()
	spec.inlineMetrics("connect")
	spec.clientOAuth("spec.template.connectContainer")
	spec.replicas(3)
	spec.sub("build", "output").rename("additionalKanikoOptions", "additionalBuildOptions")
	spec.sub("template").drop("deployment", "pods are in pod sets, not in a Deployment", sourceConverter)
	spec.jaeger()
	spec.connectNames(spec, "connect-cluster")
	spec.externalConfiguration()
	spec.image()
	spec.version()
	spec.sub("config").settings(kafkaconf.ConnectWorker, spec.text("version"))
	spec.log4j2()
	spec.tidy("template")
}

// connectS2I converts a KafkaConnectS2I, whose image OpenShift built.
func (c *conversion) connectS2I(spec section) {
	c.tree["kind"] = kindUpgrades()[c.kind.Kind].as
	c.changed(UpgradeChange{Kind: UpgradeRewritten, Path: "kind", To: "kind", Detail: "Strimzi has no KafkaConnectS2I since 0.29", Source: "Strimzi, CHANGELOG 0.29.0"})
	for _, key := range []string{"buildResources", "insecureSourceRepository"} {
		spec.drop(key, "it was about the build on OpenShift", "Strimzi, CHANGELOG 0.29.0")
	}
	c.decide("spec", UpgradeDecision{Question: "the plugins were in an image that OpenShift built from sources", Taken: "Strimzi's image, without plugins",
		Options: []string{"name the plugins in spec.build", "build an image, and set spec.image"}, Source: "Strimzi, CHANGELOG 0.29.0"})
	c.connect(spec)
}

// connectNames gives the group and the topics of Connect, which were settings,
// the fields that v1 requires. names is what the operator called them.
func (p section) connectNames(to section, names string) {
	config := p.sub("config")
	for _, n := range []struct{ setting, field, suffix string }{
		{"group.id", "groupId", ""},
		{"config.storage.topic", "configStorageTopic", "-configs"},
		{"offset.storage.topic", "offsetStorageTopic", "-offsets"},
		{"status.storage.topic", "statusStorageTopic", "-status"},
	} {
		value := config.m[n.setting]
		text, ok := configText(value)
		switch {
		case to.has(n.field):
			config.drop(n.setting, to.at(n.field)+" is set as well, and wins", sourceConverter)
		case ok && config.text(n.setting) == text:
			config.move(n.setting, to, n.field, "it is a field now", sourceConverter)
		case ok:
			config.become(n.setting, to, n.field, text, "it is a field now, and text", sourceConverter)
		default:
			to.add(n.field, names+n.suffix, "v1 requires it; that was the default", sourceConverter)
		}
	}
}

// externalConfiguration moves environment and files of Connect to the
// templates of its pods.
func (p section) externalConfiguration() {
	external := p.sub("externalConfiguration")
	for _, env := range external.mappings("env") {
		container := p.need("template", "connectContainer")
		p.c.changed(UpgradeChange{Kind: UpgradeMoved, Path: env.path, To: container.push("env", env.m), Detail: "the container has a template", Source: "Strimzi, CHANGELOG 0.44.0"})
	}
	for _, volume := range external.mappings("volumes") {
		p.externalVolume(volume)
	}
	for _, key := range []string{"env", "volumes"} {
		if len(external.items(key)) > 0 {
			delete(external.m, key)
		} else {
			external.drop(key, "it is empty", sourceConverter)
		}
	}
	if external.m != nil {
		p.tidy("externalConfiguration")
		p.filesMoved()
	}
}

func (p section) externalVolume(volume section) {
	name := volume.text("name")
	pod, container := p.need("template", "pod"), p.need("template", "connectContainer")
	to := pod.push("volumes", volume.m)
	p.c.changed(UpgradeChange{Kind: UpgradeMoved, Path: volume.path, To: to, Detail: "the pod has a template", Source: "Strimzi, CHANGELOG 0.44.0"})
	path := mountedFiles + name
	label := name
	if len(validation.IsDNS1123Label(name)) > 0 {
		label = strings.ReplaceAll(strings.ToLower(name), ".", "-")
		volume.m["name"] = label
		p.c.changed(UpgradeChange{Kind: UpgradeRewritten, Path: volume.at("name"), To: to + ".name", Detail: "the name of a volume has no dots", Source: "Strimzi, TemplateUtils.java"})
	}
	p.c.changed(UpgradeChange{Kind: UpgradeAdded, To: container.push("volumeMounts", map[string]any{"name": label, "mountPath": path}),
		Detail: fmt.Sprintf("the files were at %s%s, which a template can't mount", externalFiles, name), Source: "Strimzi, TemplateUtils.java"})
}

// filesMoved renames the directory of mounted files wherever a setting names
// it.
func (p section) filesMoved() {
	of := p.sub("config")
	for _, key := range of.keys() {
		if old := of.text(key); strings.Contains(old, externalFiles) {
			of.rewrite(key, strings.ReplaceAll(old, externalFiles, mountedFiles), "files are mounted below /mnt", "Strimzi, TemplateUtils.java")
		}
	}
}

// connector converts a KafkaConnector.
func (c *conversion) connector(spec section) {
	spec.paused()
	spec.filesMoved()
	spec.sub("config").wholeNumbers()
}
