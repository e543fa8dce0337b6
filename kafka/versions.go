package kafka

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// strimziRelease is a minor release of Strimzi with the API version v1, and
// the versions of Kafka that it runs.
type strimziRelease struct {
	name  string
	kafka []string
}

// strimziReleases are in the order in which they came out; patch releases run
// the same versions of Kafka.
// Source: Strimzi, kafka-versions.yaml, and the releases' lists of images.
var strimziReleases = []strimziRelease{
	{"0.49", []string{"4.0.0", "4.0.1", "4.1.0", "4.1.1"}},
	{"0.50", []string{"4.0.0", "4.0.1", "4.1.0", "4.1.1"}},
	{"0.51", []string{"4.1.0", "4.1.1", "4.2.0"}},
	{"1.0", []string{"4.1.0", "4.1.1", "4.1.2", "4.2.0"}},
	{"1.1", []string{"4.2.0", "4.2.1", "4.3.0"}},
	{"1.2", []string{"4.2.0", "4.2.1", "4.3.0", "4.3.1"}},
}

// metadataLevels are the versions of KRaft's metadata that Kafka 4.3 knows:
// the highest number behind -IV of each minor version.
// Source: Apache Kafka 4.3.1, MetadataVersion.
var metadataLevels = map[[2]int]int{
	{3, 3}: 3, {3, 4}: 0, {3, 5}: 2, {3, 6}: 2, {3, 7}: 4, {3, 8}: 0, {3, 9}: 0,
	{4, 0}: 3, {4, 1}: 1, {4, 2}: 1, {4, 3}: 0,
}

var (
	versionPattern  = regexp.MustCompile(`^([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})$`)
	metadataPattern = regexp.MustCompile(`^([0-9]{1,3})\.([0-9]{1,3})(-IV([0-9]{1,3})|(\.[0-9]{1,3})+)?$`)
)

// firstVersion is the oldest major version of Kafka that the operators with
// the API version v1 run.
const firstVersion = 4

// number reads digits that a pattern has checked.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// parseVersion reads a version of Kafka; it reports false for what is none.
func parseVersion(text string) (v [3]int, ok bool) {
	m := versionPattern.FindStringSubmatch(text)
	if m == nil {
		return v, false
	}
	return [3]int{number(m[1]), number(m[2]), number(m[3])}, true
}

// runBy returns the releases of Strimzi that run a version of Kafka.
func runBy(version string) []string {
	var out []string
	for _, r := range strimziReleases {
		if slices.Contains(r.kafka, version) {
			out = append(out, r.name)
		}
	}
	return out
}

// newestReleases are the newest known release of Strimzi, and what it runs.
func newestRelease() strimziRelease { return strimziReleases[len(strimziReleases)-1] }

// awaited reports whether a version may be one of a Strimzi that is newer than
// those that are known, by its line: that is one that the newest runs, or newer.
func awaited(v [3]int) bool {
	first, _ := parseVersion(newestRelease().kafka[0])
	return slices.Compare(v[:2], first[:2]) >= 0
}

const versionRule = "kafka/version"

// versions reports versions of Kafka and its metadata that no operator runs.
// Source: Strimzi, KafkaVersion.java and KafkaCluster.validateMetadataVersion.
func (f *faults) versions(k *strimziv1.KafkaClusterSpec) {
	f.version("spec.kafka.version", k.Version)
	if k.MetadataVersion != nil {
		f.metadataVersion(*k.MetadataVersion, k.Version)
	}
}

// version reports a version of Kafka that no operator runs, as brokers or as
// workers.
func (f *faults) version(path string, version *string) {
	if version == nil || isFilledIn(*version) {
		return
	}
	fix := fmt.Sprintf("use one such as %q, or leave it to the operator", slices.Max(newestRelease().kafka))
	switch v, ok := parseVersion(*version); {
	case !ok:
		f.add(versionRule, millrace.RuleInvalid, path, fmt.Sprintf("%q: it is no version of Kafka", *version), fix)
	case v[0] < firstVersion:
		f.add(versionRule, millrace.RuleUnsupported, path, *version+": the operators with kafka.strimzi.io/v1 run Kafka 4 and later", fix)
	case len(runBy(*version)) == 0 && !awaited(v):
		f.add(versionRule, millrace.RuleUnsupported, path, *version+": no release of Strimzi runs it", fix)
	}
}

func (f *faults) metadataVersion(metadata string, version *string) {
	const path = "spec.kafka.metadataVersion"
	invalid := func(why, fix string) {
		f.add(versionRule, millrace.RuleInvalid, path, fmt.Sprintf("%q: %s", metadata, why), fix)
	}
	const fix = `use one such as "4.3-IV0", or leave it to the operator`
	m := metadataPattern.FindStringSubmatch(metadata)
	if m == nil {
		invalid("it is no version of the metadata", fix)
		return
	}
	minor := [2]int{number(m[1]), number(m[2])}
	highest, known := metadataLevels[minor]
	first := [2]int{3, 3}
	var v [3]int
	hasVersion := false
	if version != nil {
		v, hasVersion = parseVersion(*version)
	}
	switch {
	case slices.Compare(minor[:], first[:]) < 0 || minor == first && m[4] != "" && number(m[4]) < highest:
		invalid("KRaft in Strimzi begins with 3.3-IV3", fix)
	case known && m[4] != "" && number(m[4]) > highest:
		invalid(fmt.Sprintf("the last one of %d.%d is %d.%d-IV%d", minor[0], minor[1], minor[0], minor[1], highest), fix)
	case !known && minor[0] < 4:
		invalid("it is no version of the metadata", fix)
	case hasVersion && slices.Compare(minor[:], v[:2]) > 0:
		invalid("it is newer than Kafka "+*version, "raise Version first")
	}
}

// checkVersionOperators says which operators run a version of Kafka, where
// that isn't the newest one.
func checkVersionOperators(pass *millrace.Pass, k *strimziv1.Kafka) {
	if k.Spec.Kafka.Version == nil {
		return
	}
	const path = "spec.kafka.version"
	version, newest := *k.Spec.Kafka.Version, newestRelease()
	v, ok := parseVersion(version)
	by := runBy(version)
	switch {
	case !ok || slices.Contains(by, newest.name):
	case awaited(v):
		pass.Suggest(path, fmt.Sprintf("no Strimzi up to %s runs Kafka %s", newest.name, version), "check that the operator does, and waive the rule then")
	case len(by) > 0:
		pass.Suggest(path, fmt.Sprintf("Kafka %s runs with Strimzi %s; later operators refuse the cluster", version, strings.Join(by, ", ")),
			"upgrade Kafka before the operator: it needs a version that the old and the new one run")
	}
}

// checkMetadataVersion asks whether an upgrade was finished.
// Source: Strimzi, KafkaSpecChecker.checkKafkaMetadataVersion.
func checkMetadataVersion(pass *millrace.Pass, k *strimziv1.Kafka) {
	if k.Spec.Kafka.MetadataVersion == nil || k.Spec.Kafka.Version == nil {
		return
	}
	v, ok := parseVersion(*k.Spec.Kafka.Version)
	m := metadataPattern.FindStringSubmatch(*k.Spec.Kafka.MetadataVersion)
	if ok && m != nil && cmp.Or(cmp.Compare(number(m[1]), v[0]), cmp.Compare(number(m[2]), v[1])) < 0 {
		pass.Report("spec.kafka.metadataVersion", fmt.Sprintf("the metadata are of version %s, Kafka is of %s", *k.Spec.Kafka.MetadataVersion, *k.Spec.Kafka.Version))
	}
}

func checkImageVersion(pass *millrace.Pass, k *strimziv1.Kafka) {
	if k.Spec.Kafka.Image != nil && k.Spec.Kafka.Version == nil {
		pass.Report("spec.kafka.version", fmt.Sprintf("the version of Kafka in the image %s is not said", *k.Spec.Kafka.Image))
	}
}
