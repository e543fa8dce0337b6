package kafka

import (
	"encoding/json"
	"fmt"

	utiljson "k8s.io/apimachinery/pkg/util/json"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/kafkaconf"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// mirrorMaker2 converts a KafkaMirrorMaker2.
func (c *conversion) mirrorMaker2(spec section) {
	spec.scheduling()
	spec.inlineMetrics("mirror-maker-2")
	spec.replicas(3)
	spec.sub("template").drop("deployment", "pods are in pod sets, not in a Deployment", sourceConverter)
	spec.jaeger()
	spec.externalConfiguration()
	spec.image()
	spec.version()
	spec.log4j2()
	for _, cluster := range append(spec.items("clusters"), spec.sub("target")) {
		cluster.clientOAuth("spec.template.connectContainer")
	}
	for _, mirror := range spec.items("mirrors") {
		mirror.sub("source").clientOAuth("spec.template.connectContainer")
		mirror.mirror()
	}
	c.mirrorClusters(spec)
	spec.tidy("template")
}

// mirror converts what belongs to one mirror alone.
func (p section) mirror() {
	p.drop("heartbeatConnector", "operators make no heartbeats any more", sourceConverter)
	p.mirrorConnector("sourceConnector", kafkaconf.MirrorSource)
	p.mirrorConnector("checkpointConnector", kafkaconf.MirrorCheckpoint)
	p.rename("topicsBlacklistPattern", "topicsExcludePattern")
	p.rename("groupsBlacklistPattern", "groupsExcludePattern")
}

func (p section) mirrorConnector(key string, scope kafkaconf.Scope) {
	if of := p.sub(key); of.m != nil {
		of.paused()
		of.filesMoved()
		of.sub("config").settings(scope, "")
	}
}

// mirrorClusters puts clusters, which were listed by their aliases, where they
// are the source or the target.
func (c *conversion) mirrorClusters(spec section) {
	clusters := make(map[string]section)
	for _, cluster := range spec.mappings("clusters") {
		if alias := cluster.text("alias"); clusters[alias].m == nil {
			clusters[alias] = cluster
		}
	}
	used := make(map[string]bool)
	take := func(alias string, to section, key string) {
		cluster := clusters[alias]
		used[alias] = true
		to.m[key] = clone(cluster.m)
		c.changed(UpgradeChange{Kind: UpgradeMoved, Path: cluster.path, To: to.at(key), Detail: "the cluster stands where it is used", Source: sourceConverter})
	}
	c.mirrorTarget(spec, clusters, take)
	target := spec.sub("target").text("alias")
	if !spec.has("mirrors") {
		c.faults.Required("spec.mirrors", "v1 requires it: say what is mirrored")
	}
	for _, mirror := range spec.mappings("mirrors") {
		if to := mirror.text("targetCluster"); to != "" && to != target {
			c.faults.Add(millrace.RuleUnsupported, mirror.at("targetCluster"), fmt.Sprintf("it is %q, and Connect runs beside %q", to, target), "make a KafkaMirrorMaker2 for each target")
		}
		alias := mirror.text("sourceCluster")
		switch {
		case mirror.has("source"):
			mirror.drop("sourceCluster", "source says it", sourceConverter)
		case clusters[alias].m == nil:
			c.faults.Add(millrace.RuleUnknown, mirror.at("sourceCluster"), fmt.Sprintf("%q is none of spec.clusters", alias), "correct the alias")
		default:
			take(alias, mirror, "source")
			delete(mirror.m, "sourceCluster")
			c.changed(UpgradeChange{Kind: UpgradeMoved, Path: mirror.at("sourceCluster"), To: mirror.at("source") + ".alias", Detail: "the source stands in the mirror", Source: sourceConverter})
		}
		mirror.drop("targetCluster", "spec.target says it", sourceConverter)
	}
	for _, cluster := range spec.items("clusters") {
		if !used[cluster.text("alias")] {
			c.changed(UpgradeChange{Kind: UpgradeDropped, Path: cluster.path, Detail: "nothing is mirrored from it or to it", Source: sourceConverter})
		}
	}
	if len(spec.items("clusters")) > 0 {
		delete(spec.m, "clusters")
	}
}

// mirrorTarget makes the target of the cluster that Connect runs beside.
func (c *conversion) mirrorTarget(spec section, clusters map[string]section, take func(alias string, to section, key string)) {
	alias := spec.text("connectCluster")
	switch {
	case spec.has("target"):
		spec.drop("connectCluster", "target says it", sourceConverter)
	case clusters[alias].m == nil:
		c.faults.Add(millrace.RuleUnknown, "spec.connectCluster", fmt.Sprintf("%q is none of spec.clusters", alias), "name the cluster that records are mirrored to")
		return
	default:
		// The group and the topics are fields of the target only.
		own := section{c: c, path: clusters[alias].path, m: clone(clusters[alias].m).(map[string]any)}
		take(alias, spec, "target")
		delete(spec.m, "connectCluster")
		c.changed(UpgradeChange{Kind: UpgradeMoved, Path: "spec.connectCluster", To: "spec.target.alias", Detail: "the target stands in its place", Source: sourceConverter})
		own.connectNames(spec.sub("target"), "mirrormaker2-cluster")
		if config := own.m["config"]; config != nil {
			spec.sub("target").m["config"] = config
		}
		spec.sub("target").tidy("config")
		return
	}
	spec.sub("target").connectNames(spec.sub("target"), "mirrormaker2-cluster")
}

// mirrorMaker proposes a KafkaMirrorMaker2 for a KafkaMirrorMaker. It can't
// take its place: it would mirror everything once more.
func (c *conversion) mirrorMaker() {
	d := UpgradeDecision{
		Question: "there is no MirrorMaker 1 since Strimzi 0.46, and MirrorMaker 2 knows nothing of what it mirrored",
		Taken:    "it is left out",
		Options: []string{
			"stop the old one, and start the proposed KafkaMirrorMaker2, whose topics keep their names; it reads from the beginning unless consumer.auto.offset.reset says latest",
			"mirror with names <source>.<topic>, which is MirrorMaker 2's way: leave replication.policy.class out",
		},
		Source: "Strimzi, CHANGELOG 0.45.0 and 0.46.0",
	}
	if spec, ok := c.tree["spec"].(map[string]any); ok {
		d.Proposal = c.proposal(section{c: c, m: spec, path: "spec"})
	}
	c.decide("", d)
	c.report()
}

// proposal makes the KafkaMirrorMaker2 that copies the same topics.
func (c *conversion) proposal(spec section) millrace.Object {
	client := func(p section, alias string) map[string]any {
		out := map[string]any{"alias": alias}
		for _, key := range []string{"bootstrapServers", "tls", "authentication"} {
			if p.has(key) {
				out[key] = clone(p.m[key])
			}
		}
		return out
	}
	target := client(spec.sub("producer"), "target")
	section{c: c, path: "spec.target", m: target}.connectNames(section{c: c, path: "spec.target", m: target}, "mirrormaker2-cluster")
	mirror := map[string]any{
		"source": client(spec.sub("consumer"), "source"),
		"sourceConnector": map[string]any{"config": map[string]any{
			"replication.policy.class": "org.apache.kafka.connect.mirror.IdentityReplicationPolicy",
		}},
	}
	for _, key := range []string{"include", "whitelist"} {
		if spec.has(key) {
			mirror["topicsPattern"] = spec.m[key]
			break
		}
	}
	if n, ok := spec.sub("consumer").m["numStreams"]; ok {
		mirror["sourceConnector"].(map[string]any)["tasksMax"] = n
	}
	tree := map[string]any{"replicas": int64(1), "target": target, "mirrors": []any{mirror}}
	for _, key := range []string{"replicas", "resources", "jvmOptions"} {
		if spec.has(key) {
			tree[key] = clone(spec.m[key])
		}
	}
	meta := clone(c.tree["metadata"])
	object := map[string]any{"apiVersion": strimziv1.GroupVersion.String(), "kind": "KafkaMirrorMaker2", "metadata": meta, "spec": tree}
	c.changes = nil // the decision says it all
	out := new(strimziv1.KafkaMirrorMaker2)
	data, err := json.Marshal(object)
	if err != nil || json.Unmarshal(data, out) != nil {
		return nil
	}
	return out
}

// clone returns a copy of a value as JSON has it.
func clone(v any) any {
	data, err := json.Marshal(v)
	var out any
	if err != nil || utiljson.Unmarshal(data, &out) != nil {
		return v
	}
	return out
}
