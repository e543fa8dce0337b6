package kafka_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// TestConnectAccess compares with what is rendered.
func TestConnectAccess(t *testing.T) {
	for name, tc := range map[string]struct {
		change      func(*kafka.Connect)
		exactlyOnce bool
	}{
		"defaults": {func(*kafka.Connect) {}, false},
		"fields": {func(c *kafka.Connect) {
			c.GroupID, c.Topics = "g", kafka.ConnectTopics{Configs: "c", Offsets: "o", Status: "s"}
			c.Config = map[string]string{"exactly.once.source.support": "preparing"}
		}, true},
		"Base": {func(c *kafka.Connect) {
			c.Base = strimziv1.KafkaConnectSpec{GroupID: "bg", ConfigStorageTopic: "bc", OffsetStorageTopic: "bo", StatusStorageTopic: "bs",
				Config: strimziv1.JSONMap{"exactly.once.source.support": "ENABLED"}}
		}, true},
		"off": {func(c *kafka.Connect) { c.Config = map[string]string{"exactly.once.source.support": "disabled"} }, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := with(smallConnect(), tc.change)
			spec := connectSpec(t, c)
			want := kafka.RunConnect{Group: spec.GroupID, ConfigTopic: spec.ConfigStorageTopic, OffsetTopic: spec.OffsetStorageTopic,
				StatusTopic: spec.StatusStorageTopic, ExactlyOnce: tc.exactlyOnce}
			if diff := cmp.Diff(want, c.Access()); diff != "" {
				t.Errorf("access (-rendered +said):\n%s", diff)
			}
		})
	}
	if diff := cmp.Diff(kafka.RunConnect{}, (*kafka.Connect)(nil).Access()); diff != "" {
		t.Errorf("nil (-want +got):\n%s", diff)
	}
}
