package kafka

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// longestSuffix is the longest that Strimzi hangs on a cluster's name in the
// name of a service.
const longestSuffix = "-kafka-bootstrap"

var (
	versionPattern  = regexp.MustCompile(`^([0-9]{1,3})\.([0-9]{1,3})\.[0-9]{1,3}$`)
	metadataPattern = regexp.MustCompile(`^([0-9]{1,3})\.([0-9]{1,3})(-IV([0-9]{1,3}))?$`)
)

// firstVersion is the oldest major version of Kafka that the operators with
// the API version v1 run.
const firstVersion = 4

func (c *Cluster) checkName(p *millrace.Problems) {
	p.LabelName("Name", c.Name)
	switch {
	case c.Name == "":
	case c.Name[0] >= '0' && c.Name[0] <= '9':
		p.Invalid("Name", c.Name, "services are named after the cluster, and their names start with a letter", "put a letter first")
	case len(c.Name)+len(longestSuffix) > validation.DNS1123LabelMaxLength:
		p.Invalid("Name", c.Name, fmt.Sprintf("the service %s%s would have more than 63 characters", c.Name, longestSuffix),
			fmt.Sprintf("use at most %d", validation.DNS1123LabelMaxLength-len(longestSuffix)))
	}
}

// check reports what the operator would refuse, or drop, of the spec as it is
// rendered.
func (c *Cluster) check(p *millrace.Problems, spec *strimziv1.KafkaSpec, config *settings) {
	k := &spec.Kafka
	c.checkVersions(p, k)
	for _, key := range slices.Sorted(maps.Keys(k.Config)) {
		if why, fix := brokerKeyFault(key, k.Listeners); why != "" {
			p.Unsupported(config.from[key], why, fix)
		}
		if _, ok := configText(k.Config[key]); !ok {
			p.Invalid(config.from[key], fmt.Sprint(k.Config[key]), "it is neither a string, a number, a boolean nor a list", "write the value as one string")
		}
	}
	c.checkRetention(p, k.Config, config)
	brokers := c.checkPools(p)
	checkReplication(p, k.Config, config, brokers)
	c.CruiseControl.checkBrokers(p, spec, config, brokers)
}

// checkRetention reports settings that others overrule.
func (c *Cluster) checkRetention(p *millrace.Problems, k strimziv1.JSONMap, config *settings) {
	if c.Log.Retention != 0 {
		for _, key := range [...]string{"log.retention.hours", "log.retention.minutes"} {
			if _, ok := k[key]; ok {
				p.Conflict(config.from[key], "the field Log.Retention overrules it", "use one of the two, the field for choice")
			}
		}
	}
	if c.Log.SegmentBytes >= millrace.KiB { // Less lacks its unit, and has been reported.
		if why, fix := topicKeys["segment.bytes"].fault(strconv.FormatInt(int64(c.Log.SegmentBytes), 10)); why != "" {
			p.Invalid("Log.SegmentBytes", c.Log.SegmentBytes, why, fix)
		}
	}
}

// checkVersions checks the versions of Kafka and of its metadata.
func (c *Cluster) checkVersions(p *millrace.Problems, k *strimziv1.KafkaClusterSpec) {
	versionField, metadataField := "Version", "MetadataVersion"
	if c.Version == "" {
		versionField = "Base.Kafka.Version"
	}
	if c.MetadataVersion == "" {
		metadataField = "Base.Kafka.MetadataVersion"
	}
	var v []string
	if version := k.Version; version != nil {
		v = versionPattern.FindStringSubmatch(*version)
		const fix = `use one such as "4.3.1", or leave it to the operator`
		switch {
		case v == nil:
			p.Invalid(versionField, *version, "it is no version of Kafka", fix)
		case number(v[1]) < firstVersion:
			p.Unsupported(versionField, *version+": the operators with kafka.strimzi.io/v1 run Kafka 4 and later", fix)
		}
	}
	if metadata := k.MetadataVersion; metadata != nil {
		m := metadataPattern.FindStringSubmatch(*metadata)
		const fix = `use one such as "4.3-IV0", or leave it to the operator`
		switch {
		case m == nil:
			p.Invalid(metadataField, *metadata, "it is no version of the metadata", fix)
		case number(m[1]) < 3 || number(m[1]) == 3 && (number(m[2]) < 3 || number(m[2]) == 3 && m[3] != "" && number(m[4]) < 3):
			p.Invalid(metadataField, *metadata, "KRaft in Strimzi begins with 3.3-IV3", fix)
		case v != nil && (number(m[1]) > number(v[1]) || m[1] == v[1] && number(m[2]) > number(v[2])):
			p.Invalid(metadataField, *metadata, "it is newer than Kafka "+*k.Version, "raise Version first")
		}
	}
}

// number reads digits that a pattern has checked.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// checkPools checks that there are brokers and controllers, and returns how
// many brokers, zero where that can't be told.
func (c *Cluster) checkPools(p *millrace.Problems) (brokers int64) {
	var controllers int64
	names := map[string]int{}
	misspelt := false
	for i := range c.Pools {
		pool := &c.Pools[i]
		if slices.ContainsFunc(pool.Roles, func(r Role) bool { return r != Broker && r != Controller }) {
			misspelt = true // Who knows which role was meant.
			continue
		}
		if pool.has(strimziv1.ProcessRoleBroker) {
			brokers += pool.nodes()
		}
		if pool.has(strimziv1.ProcessRoleController) {
			controllers += pool.nodes()
		}
		if other, ok := names[pool.name()]; ok {
			p.Add(millrace.RuleDuplicate, fmt.Sprintf("Pools[%d].Name", i), fmt.Sprintf("Pools[%d] is named %q too", other, pool.name()), "rename one of the two")
		}
		names[pool.name()] = i
	}
	if misspelt {
		return 0
	}
	if brokers == 0 {
		p.Required("Pools", "add a pool of brokers: {Volumes: []kafka.Volume{{Size: …}}}")
	}
	if controllers == 0 {
		p.Required("Pools", "add a pool of controllers: {Roles: []kafka.Role{kafka.Controller}, Volumes: []kafka.Volume{{Size: …}}}")
	}
	return brokers
}

// checkReplication checks how many replicas there are against the number of
// brokers, and how many must be in sync against the number of replicas.
// Source: Strimzi, KafkaCluster.java, which leaves min.insync.replicas out.
func checkReplication(p *millrace.Problems, k strimziv1.JSONMap, config *settings, brokers int64) {
	reported := map[string]bool{}
	for _, key := range [...]string{keyReplication, keyOffsetsReplication, keyTxnReplication, keyShareReplication, keyTxnMinISR, keyMinInSync} {
		at := config.from[key]
		if _, ok := k[key]; !ok || reported[at] || key == keyTxnMinISR && reported[config.from[keyTxnReplication]] {
			continue
		}
		n, ok := configInt(k, key)
		switch {
		case !ok || n < 1:
			p.Invalid(at, fmt.Sprint(k[key]), key+" is a number of brokers", "use 1 or more")
		case brokers > 0 && n > brokers && key != keyMinInSync:
			p.Invalid(at, n, fmt.Sprintf("the cluster has %d brokers, and %s can't be more", brokers, key), "add brokers, or lower it")
		default:
			continue
		}
		reported[at] = true
	}
	for _, pair := range [...][2]string{{keyMinInSync, keyReplication}, {keyTxnMinISR, keyTxnReplication}} {
		least, ok1 := configInt(k, pair[0])
		most, ok2 := configInt(k, pair[1])
		if at := config.from[pair[0]]; ok1 && ok2 && least > most && !reported[at] {
			p.Invalid(at, least, fmt.Sprintf("%s is %d, so no producer with acks=all could ever write", pair[1], most), fmt.Sprintf("use %d", minInSync(most)))
			reported[at] = true
		}
	}
}
