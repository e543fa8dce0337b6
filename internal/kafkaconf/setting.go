package kafkaconf

import (
	"iter"
	"maps"
	"regexp"
	"slices"
	"strconv"
)

// Scope is what a setting is of.
type Scope string

// The scopes. What Connect and MirrorMaker pass on to their clients
// (producer.…, admin.…, source.consumer.…) is of the clients' scopes.
const (
	Broker           Scope = "broker"
	Topic            Scope = "topic"
	ConnectWorker    Scope = "connect"
	SourceConnector  Scope = "source"
	SinkConnector    Scope = "sink"
	MirrorSource     Scope = "mirror-source"
	MirrorCheckpoint Scope = "mirror-checkpoint"
	MirrorHeartbeat  Scope = "mirror-heartbeat"
	Producer         Scope = "producer"
	Consumer         Scope = "consumer"
	Admin            Scope = "admin"
)

// Type is what the values of a setting are.
type Type string

// The types of Kafka's ConfigDef.
const (
	Bool     Type = "boolean"
	Short    Type = "short"
	Int      Type = "int"
	Long     Type = "long"
	Double   Type = "double"
	String   Type = "string"
	List     Type = "list"
	Class    Type = "class"
	Password Type = "password"
)

// Mode says what a broker needs for a change of a setting.
type Mode string

// The modes. Only brokers' settings have one.
const (
	ReadOnly    Mode = "read-only"
	PerBroker   Mode = "per-broker"
	ClusterWide Mode = "cluster-wide"
)

// Setting is what one version of Kafka says about a key.
type Setting struct {
	Scope Scope
	Key   string
	Type  Type
	// Default is what the setting is without a value. HasDefault is false for
	// those that then are nothing (null), and those that are Required.
	Default    string
	HasDefault bool
	Required   bool
	// Mode is empty for what is not of brokers.
	Mode Mode
	// BrokerKey is the setting of brokers that holds for topics which don't
	// say anything themselves. It is empty for what is not of topics, and for
	// what only topics have.
	BrokerKey string
	// Internal says that Kafka doesn't document the setting.
	Internal bool

	checks []check
}

// Dynamic says that a broker takes a new value without a restart.
func (s Setting) Dynamic() bool { return s.Mode == PerBroker || s.Mode == ClusterWide }

// entry is what all versions say about a key in one scope.
type entry []*Setting // by version, nil where it isn't there

// newest returns what the newest version with the key says.
func (e entry) newest() *Setting {
	for i := len(e) - 1; ; i-- {
		if e[i] != nil {
			return e[i]
		}
	}
}

// Lookup returns what the newest version of Kafka that has a setting says
// about it.
func Lookup(scope Scope, key string) (Setting, bool) {
	e, ok := read().entries[scope][key]
	if !ok {
		return Setting{}, false
	}
	return *e.newest(), true
}

// LookupIn returns what a version of Kafka, "4.2.1", says about a setting. It
// doesn't where that version has no such setting. What is no version is the
// newest one.
func LookupIn(version string, scope Scope, key string) (Setting, bool) {
	e, ok := read().entries[scope][key]
	if !ok {
		return Setting{}, false
	}
	if s := e[index(version)]; s != nil {
		return *s, true
	}
	return Setting{}, false
}

// Keys returns the settings of a scope, in no order.
func Keys(scope Scope) iter.Seq[string] { return maps.Keys(read().entries[scope]) }

// Versions returns the versions that the table is made from, oldest first.
func Versions() []string { return slices.Clone(read().versions) }

var versionFormat = regexp.MustCompile(`^(\d{1,4})\.(\d{1,4})`)

// index is that of the column for a version: its own, the one before it, or
// the newest for what is no version.
func index(version string) int {
	versions := read().versions
	at := len(versions) - 1
	want := number(version)
	for want != 0 && at > 0 && want < number(versions[at]) {
		at--
	}
	return at
}

// number orders versions; zero is none.
func number(version string) int {
	m := versionFormat.FindStringSubmatch(version)
	if m == nil {
		return 0
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2])
	const minors = 10_000
	return major*minors + minor
}
