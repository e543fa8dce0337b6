package kafka

import (
	"fmt"
	"slices"
	"strings"

	"github.com/millrace/millrace/internal/kafkaconf"
)

func judgeVersion(o *planned, d difference) {
	was, okWas := d.was.(string)
	now, okNow := d.now.(string)
	if okWas && okNow && versionLess(now, was) {
		o.report(d, Refused, "a cluster goes back to an older Kafka only while its metadata is as old; otherwise it turns NotReady", "keep the version")
		return
	}
	o.report(d, Rolls, "Kafka changes its version: "+rollsBrokers, "")
}

func judgeMetadata(o *planned, d difference) {
	was, okWas := d.was.(string)
	now, okNow := d.now.(string)
	if okWas && okNow && versionLess(now, was) {
		o.report(d, Ignored, "the version of the metadata only goes up; the operator warns of it (MetadataUpdateFailed) and stays Ready", "keep the version")
		return
	}
	o.report(d, Applied, "the version of the metadata goes up, which can't be undone; "+noRoll, "")
}

// versionLess compares versions such as 4.3.1 and 4.3-IV0 by their numbers.
func versionLess(a, b string) bool {
	numbers := func(s string) []int {
		var out []int
		for _, part := range strings.FieldsFunc(strings.ReplaceAll(s, "-IV", "."), func(r rune) bool { return r == '.' }) {
			out = append(out, number(part))
		}
		return out
	}
	return slices.Compare(numbers(a), numbers(b)) < 0
}

// judgeBrokerConfig looks each setting up: whether brokers take it over while
// they run, and whether records go.
func judgeBrokerConfig(o *planned, d difference) {
	key := configKey(d.path, configPath)
	if strings.HasPrefix(key, "log.retention.") && key != "log.retention.check.interval.ms" {
		of := "retention.ms"
		if key == "log.retention.bytes" {
			of = "retention.bytes"
		}
		if retention(of, nil, o.now) < retention(of, nil, o.was) {
			o.report(d, Destroys, "topics without a retention of their own lose records", "keep it, or give those topics their own")
			return
		}
	}
	if dynamic(key) {
		o.report(d, Applied, "the brokers take it over while they run", "")
		return
	}
	o.report(d, Rolls, rollsBrokers, "")
}

func judgeListener(o *planned, d difference) {
	switch {
	case d.was == nil && strings.HasSuffix(d.path, "]"):
		o.report(d, Rolls, "the listener is added; "+rollsBrokers, "")
	case d.now == nil && strings.HasSuffix(d.path, "]"):
		o.report(d, Rolls, "the listener goes, and its clients are cut off; "+rollsBrokers, "")
	case slices.ContainsFunc([]string{"].port", "].type", "].tls", "].authentication.type"}, func(end string) bool { return strings.HasSuffix(d.path, end) }):
		o.report(d, Rolls, "clients of the listener must change with it; "+rollsBrokers, "")
	default:
		o.report(d, Rolls, rollsBrokers, "")
	}
}

func judgeAuthorization(o *planned, d difference) {
	before, after := o.was.at("spec", "kafka", "authorization") != nil, o.now.at("spec", "kafka", "authorization") != nil
	switch {
	case before == after:
		o.report(d, Rolls, rollsBrokers, "")
	case after:
		o.report(d, Rolls, "clients without ACLs of their own are refused from then on; "+rollsBrokers, "")
	default:
		o.report(d, Rolls, "everybody who can connect may do everything from then on; "+rollsBrokers, "")
	}
}

// judgeEntityOperator looks for an operator that is there no more.
func judgeEntityOperator(o *planned, d difference) {
	name := "topicOperator"
	what := "topics"
	if strings.HasPrefix(d.path, "spec.entityOperator.userOperator") {
		name, what = "userOperator", "users"
	}
	_, was := o.was.at("spec", "entityOperator")[name]
	_, now := o.now.at("spec", "entityOperator")[name]
	if was && !now {
		o.report(d, Applied, fmt.Sprintf("changes of %s do nothing from now on; %s", what, noRoll), "")
		return
	}
	o.report(d, Applied, "the entity operator restarts; "+noRoll, "")
}

func judgeCruiseControl(o *planned, d difference) {
	_, was := o.was.at("spec")["cruiseControl"]
	_, now := o.now.at("spec")["cruiseControl"]
	if was != now {
		o.report(d, Rolls, "the metrics reporter of Cruise Control comes to the brokers or leaves them; "+rollsBrokers, "")
		return
	}
	o.report(d, Applied, "Cruise Control restarts; "+noRoll, "")
}

func judgeAuthority(o *planned, d difference) {
	switch {
	case strings.HasSuffix(d.path, "generateCertificateAuthority"):
		o.report(d, Rolls, "another authority signs certificates, and clients must trust it; "+rollsBrokers, "")
	case strings.HasSuffix(d.path, "generateSecretOwnerReference"):
		o.report(d, Applied, "it decides whether the secrets go with the cluster; "+noRoll, "")
	default:
		o.report(d, Applied, "it holds for the next renewal, which restarts the brokers", "")
	}
}

// judgeOffsets is for what a Connect cluster knows itself by.
func judgeOffsets(o *planned, d difference) {
	o.report(d, Destroys, "the workers are a new Connect cluster, which knows nothing of the offsets and connectors of the old one", "keep it")
}

func judgeAlias(o *planned, d difference) {
	o.report(d, Destroys, "names of mirrored topics and offsets are made of aliases: everything is mirrored once more, under other names", "keep the alias")
}

// judgeMirror looks for mirrors that go, which a changed alias of a source
// looks like.
func judgeMirror(o *planned, d difference) {
	switch {
	case d.was == nil && strings.HasSuffix(d.path, "]"):
		o.report(d, Applied, "mirroring of that source begins", "")
	case d.now == nil && strings.HasSuffix(d.path, "]"):
		o.report(d, Applied, "mirroring of that source ends; what was mirrored stays", "")
	case strings.Contains(d.path, "].source."):
		o.report(d, Rolls, rollsWorkers, "")
	default:
		o.report(d, Applied, "the connectors take it over; their tasks restart", "")
	}
}

// judgeRebalance: a proposal is for the spec that it was made of.
func judgeRebalance(o *planned, d difference) {
	if o.now.at("metadata", "annotations").text("strimzi.io/rebalance-template") == "true" {
		o.report(d, Applied, "it holds for the next automatic rebalance", "")
		return
	}
	if o.now.at("metadata", "annotations").text("strimzi.io/rebalance") == "refresh" {
		o.report(d, Applied, "a new proposal is made of it", "")
		return
	}
	o.report(d, Ignored, "there is a proposal, or a rebalance, of the old spec", "set the annotation strimzi.io/rebalance to refresh")
}

// dynamic reports whether brokers take a setting over while they run. What
// Kafka doesn't know belongs to a plugin, and Strimzi writes it into the
// brokers' file alone, which restarts them.
func dynamic(key string) bool {
	setting, ok := kafkaconf.Lookup(kafkaconf.Broker, key)
	return ok && setting.Dynamic()
}
