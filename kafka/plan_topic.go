package kafka

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/millrace/millrace/internal/kafkaconf"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const managedAnnotation = "strimzi.io/managed"

// kafka returns the Kafka object of a topic or pool, from the new bundle or
// else from the old one; nil if neither has it.
func (o *planned) kafka() tree {
	key := planKey{kafkaKind, o.key.namespace, o.now.at("metadata", "labels").text(clusterLabel)}
	for _, from := range [...]map[planKey]tree{o.after, o.before, o.watched} {
		if k, ok := from[key]; ok {
			return k
		}
	}
	return nil
}

func judgePartitions(o *planned, d difference) {
	was, okWas := configNumber(d.was)
	now, okNow := configNumber(d.now)
	switch {
	case !okNow:
		o.report(d, Applied, "the partitions stay as many as they are", "")
	case okWas && now < was:
		o.report(d, Refused, "partitions can't become fewer: the topic turns NotSupported", "keep them, or make a new topic")
	default:
		o.report(d, Applied, "partitions are added; records of a key that come from now on may go to another partition than those before", "")
	}
}

func judgeReplicas(o *planned, d difference) {
	if d.now == nil {
		o.report(d, Applied, "the replicas stay as many as they are", "")
		return
	}
	switch k := o.kafka(); {
	case k == nil:
		o.report(d, Applied, "Cruise Control of the cluster moves the replicas, if it has one; without, the topic turns NotSupported", "")
	case k.at("spec", "cruiseControl") == nil:
		o.report(d, Refused, "replicas are only changed by Cruise Control, which the cluster doesn't have: the topic turns NotSupported", "give the cluster Cruise Control first")
	default:
		o.report(d, Applied, "Cruise Control moves the replicas, which takes time and bandwidth", "")
	}
}

func judgeTopicName(o *planned, d difference) {
	name := func(v any) string { s, _ := v.(string); return cmp.Or(s, o.ref.Name) }
	if was, now := name(d.was), name(d.now); was == now {
		o.report(d, Applied, "it is the name of the object anyhow", "")
		return
	}
	o.report(d, Refused, "a topic can't be renamed: it turns NotSupported", "make a new topic, and mirror the records")
}

// judgeTopicConfig looks for what lets records go that were to stay.
func judgeTopicConfig(o *planned, d difference) {
	effect, detail, fix := topicSetting(configKey(d.path, "spec.config"), o.was.at("spec", "config"), o.now.at("spec", "config"), o.kafka())
	o.report(d, effect, detail, fix)
}

// configKey returns the setting that a path below that of a configuration is
// about.
func configKey(path, config string) string {
	if steps, n := pathSteps(path), len(pathSteps(config)); len(steps) > n {
		return strings.Trim(steps[n], ".[]")
	}
	return ""
}

// topicSetting says what becomes of the change of one setting.
func topicSetting(key string, was, now, cluster tree) (effect Effect, detail, fix string) {
	const keep = "keep it, or see that nobody needs those records"
	switch key {
	case "retention.ms", "retention.bytes":
		before, after := retention(key, was, cluster), retention(key, now, cluster)
		if after < before {
			return Destroys, fmt.Sprintf("records beyond the new %s are deleted, within minutes", strings.TrimSuffix(strings.TrimSuffix(key, ".ms"), ".bytes")), keep
		}
	case "cleanup.policy":
		before, after := policies(was[key]), policies(now[key])
		if slices.Contains(after, string(Compact)) && !slices.Contains(before, string(Compact)) {
			return Destroys, "of records with one key only the last one stays, and records without a key are refused", keep
		}
		if slices.Contains(after, string(Delete)) && !slices.Contains(before, string(Delete)) {
			return Destroys, "records beyond the retention are deleted, which compaction alone had kept", keep
		}
	case "remote.storage.enable":
		if before, _ := configBool(strimziv1.JSONMap(was), key); before {
			if after, _ := configBool(strimziv1.JSONMap(now), key); !after {
				if gone, _ := configBool(strimziv1.JSONMap(now), "remote.log.delete.on.disable"); !gone {
					return Refused, "Kafka turns remote storage off only with remote.log.delete.on.disable", "keep it, or set remote.log.copy.disable"
				}
				return Destroys, "what lies in remote storage is deleted", keep
			}
		}
	}
	return Applied, noRoll, ""
}

// policies returns a cleanup policy's parts.
func policies(v any) []string {
	text, ok := configText(v)
	if !ok || v == nil {
		return []string{string(Delete)} // Kafka's own
	}
	parts := strings.Split(text, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// retention returns how long, or how much, a topic keeps: what it says, what
// its cluster says, or Kafka's own default. Without end, or where nobody knows,
// it is the largest number.
func retention(key string, config, cluster tree) int64 {
	if _, ok := config.number(key); !ok {
		config = nil // Kafka takes nothing else.
	}
	n, ok := kafkaconf.TopicNumber(key, config, cluster.at("spec", "kafka", "config"))
	if !ok || n < 0 {
		return math.MaxInt64
	}
	return n
}

// removedTopic judges a KafkaTopic that goes, and its topic with it, unless the
// operator was told to leave that alone.
func (p *planner) removedTopic(c *Change, was tree) {
	name := cmp.Or(was.at("spec").text("topicName"), c.Object.Name)
	if was.at("metadata", "annotations").text(managedAnnotation) == "false" {
		c.Detail = "the topic stays: its object has the annotation " + managedAnnotation + ": false"
		return
	}
	c.Effect, c.Detail = Destroys, "the topic is deleted with all its records"
	c.Fix = "keep the object, or set the annotation " + managedAnnotation + " to false first"
	if heir, ok := p.owners[ownedTopic(c.Object.Name, was)]; ok {
		c.Detail = fmt.Sprintf("KafkaTopic %s takes the topic %s over, but the deletion of this object deletes it with all its records", heir, name)
	}
}

// ownedTopic tells a KafkaTopic's topic apart: its cluster, and its name there.
func ownedTopic(object string, t tree) [2]string {
	return [2]string{t.at("metadata", "labels").text(clusterLabel), cmp.Or(t.at("spec").text("topicName"), object)}
}

// annotations judges those by which an operator is told to do otherwise.
func (o *planned) annotations() {
	was, now := o.was.at("metadata", "annotations"), o.now.at("metadata", "annotations")
	if o.key.kind == topicKind {
		before, after := was.text(managedAnnotation) == "false", now.text(managedAnnotation) == "false"
		d := difference{at("metadata.annotations", managedAnnotation), was[managedAnnotation], now[managedAnnotation]}
		if before != after {
			detail := "the operator leaves the topic alone from now on"
			if before {
				detail = "the operator makes the topic what the object says"
			}
			o.report(d, Applied, detail, "")
		}
		if after {
			for i := range o.changes {
				if c := &o.changes[i]; strings.HasPrefix(c.Field, "spec") {
					c.Effect, c.Detail, c.Fix = Ignored, "the annotation "+managedAnnotation+" is false: the operator leaves the topic alone", "take the annotation away"
				}
			}
		}
	}
}

func configNumber(v any) (int64, bool) { return configInt(strimziv1.JSONMap{"": v}, "") }
