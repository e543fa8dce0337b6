package kafka_test

import (
	"os/exec"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/millrace/millrace/internal/kafkaconf"
)

// components are those of Strimzi's classes that manage settings, with the
// constants that they have.
var components = map[kafkaconf.Component]struct{ prefixes, names, except string }{
	kafkaconf.BrokerConfig:        {prefixes: "FORBIDDEN_PREFIXES", except: "FORBIDDEN_PREFIX_EXCEPTIONS"},
	kafkaconf.ConnectConfig:       {prefixes: "FORBIDDEN_PREFIXES", except: "FORBIDDEN_PREFIX_EXCEPTIONS"},
	kafkaconf.ConnectorConfig:     {names: "FORBIDDEN_PARAMETERS"},
	kafkaconf.MirrorConfig:        {prefixes: "FORBIDDEN_PREFIXES", except: "FORBIDDEN_PREFIX_EXCEPTIONS"},
	kafkaconf.BridgeConfig:        {prefixes: "FORBIDDEN_PREFIXES", names: "FORBIDDEN_OPTIONS"},
	kafkaconf.BridgeAdmin:         {prefixes: "FORBIDDEN_PREFIXES", except: "FORBIDDEN_PREFIX_EXCEPTIONS"},
	kafkaconf.BridgeConsumer:      {prefixes: "FORBIDDEN_PREFIXES", except: "FORBIDDEN_PREFIX_EXCEPTIONS"},
	kafkaconf.BridgeProducer:      {prefixes: "FORBIDDEN_PREFIXES", except: "FORBIDDEN_PREFIX_EXCEPTIONS"},
	kafkaconf.BridgeTLS:           {prefixes: "FORBIDDEN_PREFIXES", except: "FORBIDDEN_PREFIX_EXCEPTIONS"},
	kafkaconf.CruiseControlConfig: {prefixes: "FORBIDDEN_PREFIXES", except: "FORBIDDEN_PREFIX_EXCEPTIONS"},
	kafkaconf.ListenerAuth:        {prefixes: "FORBIDDEN_PREFIXES"},
}

// commas is how Strimzi splits its constants.
var commas = regexp.MustCompile(`\s*,+\s*`)

// TestManagedKeys compares the tables with the constants of Strimzi's api
// module.
func TestManagedKeys(t *testing.T) {
	// Strimzi's classes are for a later Java than this may be; javap reads them.
	args := []string{"-cp", kafka(t, newest).path, "-public", "-constants"}
	for of := range components {
		args = append(args, "io.strimzi.api.kafka.model."+string(of))
	}
	out, err := exec.CommandContext(t.Context(), "javap", args...).Output()
	if err != nil {
		t.Fatalf("javap: %v", err)
	}
	constant := func(of kafkaconf.Component, field string) []string {
		if field == "" {
			return nil
		}
		m := regexp.MustCompile(`(?s)class io\.strimzi\.api\.kafka\.model\.` + regexp.QuoteMeta(string(of)) + ` [^}]*?String ` + field + ` = "([^"]*)";`).FindSubmatch(out)
		if m == nil {
			t.Fatalf("%s has no %s", of, field)
		}
		return commas.Split(string(m[1]), -1)
	}
	sorted := cmpopts.SortSlices(func(a, b string) bool { return a < b })
	for of, c := range components {
		want := kafkaconf.Managed{Prefixes: constant(of, c.prefixes), Names: constant(of, c.names), Except: constant(of, c.except)}
		if diff := cmp.Diff(want, of.Managed(), sorted, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-Strimzi +table):\n%s", of, diff)
		}
	}
	per := kafkaconf.PerListener()
	if diff := cmp.Diff(constant(kafkaconf.BrokerConfig, "ALLOWED_PER_LISTENER_CONFIGS"), slices.Clone(per), sorted); diff != "" {
		t.Errorf("settings of listeners (-Strimzi +table):\n%s", diff)
	}
}
