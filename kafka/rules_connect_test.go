package kafka_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// clients are a cluster and what reaches it, of loaded objects.
type clients struct {
	*composition
	user      *strimziv1.KafkaUser
	connect   *strimziv1.KafkaConnect
	connector *strimziv1.KafkaConnector
	mirror    *strimziv1.KafkaMirrorMaker2
	bridge    *strimziv1.KafkaBridge
	more      []millrace.Object
}

func tlsTo(cluster string) *strimziv1.ClientTLS {
	return &strimziv1.ClientTLS{TrustedCertificates: []strimziv1.CertSecretSource{{SecretName: cluster + "-cluster-ca-cert", Pattern: new("*.crt")}}}
}

func loginOf(user string) *strimziv1.ClientAuthentication {
	return &strimziv1.ClientAuthentication{Type: "tls", CertificateAndKey: &strimziv1.CertAndKeySecretSource{SecretName: user, Certificate: "user.crt", Key: "user.key"}}
}

func scramOf(user string) *strimziv1.ClientAuthentication {
	return &strimziv1.ClientAuthentication{Type: "scram-sha-512", Username: new(user), PasswordSecret: &strimziv1.PasswordSecretSource{SecretName: user, Password: "password"}}
}

func loadedConnect(name string) *strimziv1.KafkaConnect {
	return &strimziv1.KafkaConnect{TypeMeta: kind("KafkaConnect"),
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "kafka", Annotations: map[string]string{"strimzi.io/use-connector-resources": "true"}},
		Spec: strimziv1.KafkaConnectSpec{
			MetricsConfig: &strimziv1.MetricsConfig{Type: strimziv1.MetricsConfigTypeStrimziMetricsReporter},
			Replicas:      2, BootstrapServers: "events-kafka-bootstrap:9093", TLS: tlsTo("events"), Authentication: loginOf("client"),
			GroupID: name, ConfigStorageTopic: name + "-configs", OffsetStorageTopic: name + "-offsets", StatusStorageTopic: name + "-status",
			Config: strimziv1.JSONMap{"config.storage.replication.factor": int64(-1), "offset.storage.replication.factor": "3", "config.providers": "secrets, env",
				"config.providers.secrets.class": "io.strimzi.kafka.KubernetesSecretConfigProvider", "config.providers.env.class": "x"},
			Build: &strimziv1.Build{Output: strimziv1.BuildOutput{Type: "docker", Image: "registry/connect:1"}, Plugins: []strimziv1.Plugin{
				{Name: "own", Artifacts: []strimziv1.Artifact{{Type: "jar", URL: new("https://company.com/a.jar"), SHA512Sum: new(sum)},
					{Type: "maven", Group: new("g"), Artifact: new("a"), Version: new("1.0")}}}}},
			Plugins: []strimziv1.MountedPlugin{{Name: "mounted", Artifacts: []strimziv1.MountedArtifact{{Type: "image", Reference: "registry:5000/plugin:1"}}}},
		}}
}

func goodClients() *clients {
	restarting := func(config strimziv1.JSONMap) *strimziv1.KafkaMirrorMaker2ConnectorSpec {
		return &strimziv1.KafkaMirrorMaker2ConnectorSpec{AutoRestart: &strimziv1.AutoRestart{}, Config: config}
	}
	c := &clients{
		composition: goodComposition(),
		user: &strimziv1.KafkaUser{TypeMeta: kind("KafkaUser"), ObjectMeta: meta("client"),
			Spec: strimziv1.KafkaUserSpec{Authentication: &strimziv1.KafkaUserAuthentication{Type: "tls"}}},
		connect: loadedConnect("etl"),
		connector: &strimziv1.KafkaConnector{TypeMeta: kind("KafkaConnector"),
			ObjectMeta: metav1.ObjectMeta{Name: "orders", Namespace: "kafka", Labels: map[string]string{"strimzi.io/cluster": "etl"}},
			Spec: strimziv1.KafkaConnectorSpec{Class: new("com.company.Orders"), AutoRestart: &strimziv1.AutoRestart{Enabled: new(true)},
				Config: strimziv1.JSONMap{"database.password": "${secrets:kafka/db:password}", "topics": "a", "batch": int64(5), "a": "${strimzienv:X}"}}},
		mirror: &strimziv1.KafkaMirrorMaker2{TypeMeta: kind("KafkaMirrorMaker2"), ObjectMeta: metav1.ObjectMeta{Name: "mirror", Namespace: "kafka"}, Spec: strimziv1.KafkaMirrorMaker2Spec{
			MetricsConfig: &strimziv1.MetricsConfig{Type: strimziv1.MetricsConfigTypeStrimziMetricsReporter},
			Replicas:      2,
			Target: strimziv1.KafkaMirrorMaker2TargetClusterSpec{Alias: "events", BootstrapServers: "events-kafka-bootstrap.kafka.svc:9093", TLS: tlsTo("events"), Authentication: loginOf("client"),
				GroupID: "mirror", ConfigStorageTopic: "m-configs", OffsetStorageTopic: "m-offsets", StatusStorageTopic: "m-status"},
			Mirrors: []strimziv1.KafkaMirrorMaker2MirrorSpec{{
				Source:          strimziv1.KafkaMirrorMaker2ClusterSpec{Alias: "west", BootstrapServers: "west.company.com:9094", TLS: &strimziv1.ClientTLS{}},
				SourceConnector: restarting(strimziv1.JSONMap{"replication.factor": int64(-1)}), CheckpointConnector: restarting(nil),
			}},
		}},
		more: []millrace.Object{with(loadedTopic(func(topic *strimziv1.KafkaTopic) { topic.Name = "pay"; topic.Spec.TopicName = new("payments") }),
			func(topic *strimziv1.KafkaTopic) { topic.Spec.Partitions = new(int64(3)) })},
		bridge: &strimziv1.KafkaBridge{TypeMeta: kind("KafkaBridge"), ObjectMeta: metav1.ObjectMeta{Name: "bridge", Namespace: "kafka"},
			Spec: strimziv1.KafkaBridgeSpec{Replicas: 1, BootstrapServers: "events-kafka-bootstrap.kafka.svc.cluster.local:9093", TLS: tlsTo("events"), Authentication: loginOf("client"), HTTP: &strimziv1.KafkaBridgeHTTPConfig{}}},
	}
	c.kafka.Spec.Kafka.Listeners[0].Authentication = &strimziv1.ListenerAuthentication{Type: "tls"}
	return c
}

func (c *clients) objects() []millrace.Object {
	out := []millrace.Object{c.kafka, c.brokers, c.controllers, c.topic, c.user, c.connect, c.connector, c.mirror, c.bridge}
	return append(out, c.more...)
}

func TestConnectRules(t *testing.T) {
	identity := func(m *strimziv1.KafkaMirrorMaker2) {
		for _, c := range []*strimziv1.KafkaMirrorMaker2ConnectorSpec{m.Spec.Mirrors[0].SourceConnector, m.Spec.Mirrors[0].CheckpointConnector} {
			c.Config = strimziv1.JSONMap{"replication.policy.class": "org.apache.kafka.connect.mirror.IdentityReplicationPolicy", "replication.factor": int64(3)}
		}
	}
	// back mirrors what the first one has copied, under its own name.
	back := func(c *clients, change func(*strimziv1.KafkaMirrorMaker2)) {
		other := c.mirror.DeepCopy()
		other.Name = "back"
		t, s := &other.Spec.Target, &other.Spec.Mirrors[0].Source
		t.BootstrapServers, s.BootstrapServers = s.BootstrapServers, t.BootstrapServers
		s.TLS, s.Authentication, t.Authentication = tlsTo("events"), loginOf("client"), nil
		t.Alias, s.Alias = "west", "events"
		change(other)
		c.more = append(c.more, other)
	}
	const cycle = "spec.mirrors[0].sourceConnector.config[replication.policy.class]"
	scram := func(c *clients) {
		c.kafka.Spec.Kafka.Listeners[0].Authentication.Type = "scram-sha-512"
		c.user.Spec.Authentication.Type = "scram-sha-512"
		c.connect.Spec.Authentication, c.mirror.Spec.Target.Authentication, c.bridge.Spec.Authentication = scramOf("client"), scramOf("client"), scramOf("client")
	}
	const open = "kafka/listener-auth events: spec.kafka.listeners[0].authentication"
	for name, tc := range map[string]struct {
		change func(*clients)
		want   []string
	}{
		"nothing wrong": {func(*clients) {}, nil},
		"by password":   {scram, nil},
		"by a password of no secret": {func(c *clients) {
			scram(c)
			c.bridge.Spec.Authentication.PasswordSecret.SecretName = ""
		}, []string{"kafka/client-auth bridge: spec.authentication.passwordSecret.secretName"}},

		// Manifests inside of a workflow have texts that it fills in.
		"filled in": {func(c *clients) {
			const text = "{{inputs.parameters.x}}"
			spec, mirror := &c.connect.Spec, &c.mirror.Spec
			spec.BootstrapServers, spec.ConfigStorageTopic, spec.Authentication.CertificateAndKey.SecretName = text, text, text
			spec.Config["offset.flush.interval.ms"], spec.TLS.TrustedCertificates[0].SecretName = text, text
			mirror.Target.Alias, mirror.Mirrors[0].Source.Alias = text, "west"
			plugin := &spec.Build.Plugins[0]
			plugin.Name, plugin.Artifacts[0].URL, plugin.Artifacts[0].SHA512Sum = text, new(text), new(text)
			spec.Plugins[0].Artifacts[0].Reference = text
		}, nil},
		// Two of Strimzi's own examples are so.
		"of before v1": {func(c *clients) {
			spec := &c.connect.Spec
			spec.GroupID, spec.ConfigStorageTopic, spec.OffsetStorageTopic, spec.StatusStorageTopic = "", "", "", ""
		}, []string{"kafka/connect-storage etl: spec.configStorageTopic", "kafka/connect-storage etl: spec.groupId",
			"kafka/connect-storage etl: spec.offsetStorageTopic", "kafka/connect-storage etl: spec.statusStorageTopic"}},
		"old API": {func(c *clients) {
			c.connect.APIVersion, c.connector.APIVersion, c.mirror.APIVersion = "kafka.strimzi.io/v1beta2", "kafka.strimzi.io/v1beta2", "kafka.strimzi.io/v1beta2"
		}, []string{"kafka/version etl: apiVersion", "kafka/version mirror: apiVersion", "kafka/version orders: apiVersion"}},
		"no server": {func(c *clients) {
			c.bridge.Spec.BootstrapServers = "kafka"
			c.mirror.Spec.Mirrors[0].Source.BootstrapServers = "x:y"
		},
			[]string{"kafka/bootstrap-servers bridge: spec.bootstrapServers", "kafka/bootstrap-servers mirror: spec.mirrors[0].source.bootstrapServers"}},
		"trust":               {func(c *clients) { c.connect.Spec.TLS.TrustedCertificates[0].Pattern = nil }, []string{"kafka/client-tls etl: spec.tls.trustedCertificates[0]"}},
		"login":               {func(c *clients) { c.connect.Spec.Authentication.CertificateAndKey = nil }, []string{"kafka/client-auth etl: spec.authentication.certificateAndKey"}},
		"login of another":    {func(c *clients) { c.mirror.Spec.Target.Authentication.Username = new("x") }, []string{"kafka/client-auth mirror: spec.target.authentication.username"}},
		"plaintext":           {func(c *clients) { c.mirror.Spec.Mirrors[0].Source.TLS = nil }, []string{"kafka/plaintext-client mirror: spec.mirrors[0].source.tls"}},
		"worker's setting":    {func(c *clients) { c.connect.Spec.Config["plugin.path"] = "/x" }, []string{"kafka/connect-config etl: spec.config[plugin.path]"}},
		"mirror's setting":    {func(c *clients) { c.mirror.Spec.Target.Config = strimziv1.JSONMap{"group.id": "x"} }, []string{"kafka/connect-config mirror: spec.target.config[group.id]"}},
		"heap":                {func(c *clients) { c.connect.Spec.JVMOptions = &strimziv1.JVMOptions{Xmx: new("2g")} }, nil},
		"one worker":          {func(c *clients) { c.connect.Spec.Replicas, c.mirror.Spec.Replicas = 1, 1 }, []string{"kafka/connect-workers etl: spec.replicas", "kafka/connect-workers mirror: spec.replicas"}},
		"no worker":           {func(c *clients) { c.connect.Spec.Replicas, c.mirror.Spec.Replicas = 0, 0 }, nil},
		"build":               {func(c *clients) { c.connect.Spec.Image = new("registry/connect:1") }, []string{"kafka/connect-build etl: spec.image"}},
		"no checksum":         {func(c *clients) { c.connect.Spec.Build.Plugins[0].Artifacts[0].SHA512Sum = nil }, []string{"kafka/artifact-checksum etl: spec.build.plugins[0].artifacts[0].sha512sum"}},
		"insecure repository": {func(c *clients) { c.connect.Spec.Build.Plugins[0].Artifacts[1].Insecure = new(true) }, []string{"kafka/artifact-checksum etl: spec.build.plugins[0].artifacts[1].insecure"}},
		"newest version":      {func(c *clients) { c.connect.Spec.Build.Plugins[0].Artifacts[1].Version = new("LATEST") }, []string{"kafka/plugin-version etl: spec.build.plugins[0].artifacts[1].version"}},
		"snapshot":            {func(c *clients) { c.connect.Spec.Build.Plugins[0].Artifacts[1].Version = new("1.0-SNAPSHOT") }, []string{"kafka/plugin-version etl: spec.build.plugins[0].artifacts[1].version"}},
		"range":               {func(c *clients) { c.connect.Spec.Build.Plugins[0].Artifacts[1].Version = new("[1.0,2.0)") }, []string{"kafka/plugin-version etl: spec.build.plugins[0].artifacts[1].version"}},
		"image of no tag":     {func(c *clients) { c.connect.Spec.Plugins[0].Artifacts[0].Reference = "registry:5000/plugin" }, []string{"kafka/plugin-version etl: spec.plugins[0].artifacts[0].reference"}},
		"newest image":        {func(c *clients) { c.connect.Spec.Plugins[0].Artifacts[0].Reference = "plugin:latest" }, []string{"kafka/plugin-version etl: spec.plugins[0].artifacts[0].reference"}},
		"image by digest":     {func(c *clients) { c.connect.Spec.Plugins[0].Artifacts[0].Reference = "registry/plugin@sha256:0" }, nil},

		"connector of nothing":    {func(c *clients) { c.connector.Labels = nil }, []string{"kafka/connector-cluster-label orders: metadata.labels[strimzi.io/cluster]"}},
		"nobody looks":            {func(c *clients) { c.connect.Annotations = nil }, []string{"kafka/use-connector-resources orders: metadata.labels[strimzi.io/cluster]"}},
		"nobody looks, elsewhere": {func(c *clients) { c.connect.Annotations, c.connector.Namespace = nil, "other" }, []string{"kafka/unknown-cluster orders: metadata.namespace"}},
		"no class":                {func(c *clients) { c.connector.Spec.Class = nil }, []string{"kafka/connector orders: spec.class"}},
		"connector's setting":     {func(c *clients) { c.connector.Spec.Config["tasks.max"] = int64(2) }, []string{"kafka/connector-config orders: spec.config[tasks.max]"}},
		"no provider":             {func(c *clients) { c.connector.Spec.Config["a"] = "x ${secrets:a:b} ${files:/a:b}" }, []string{"kafka/config-provider orders: spec.config[a]"}},
		"no provider at all":      {func(c *clients) { delete(c.connect.Spec.Config, "config.providers") }, []string{"kafka/config-provider orders: spec.config[database.password]"}},
		"provider, Connect hidden": {func(c *clients) {
			c.connector.Spec.Config["a"], c.connector.Labels["strimzi.io/cluster"] = "${files:/a:b}", "other"
		}, []string{"kafka/unknown-cluster orders: metadata.labels[strimzi.io/cluster]"}},
		"no restart":  {func(c *clients) { c.connector.Spec.AutoRestart = nil }, []string{"kafka/connector-restart orders: spec.autoRestart.enabled"}},
		"restart off": {func(c *clients) { c.connector.Spec.AutoRestart.Enabled = new(false) }, []string{"kafka/connector-restart orders: spec.autoRestart.enabled"}},
		"mirror, no restart": {func(c *clients) {
			c.mirror.Spec.Mirrors[0].SourceConnector.AutoRestart, c.mirror.Spec.Mirrors[0].CheckpointConnector.AutoRestart = nil, nil
		},
			[]string{"kafka/connector-restart mirror: spec.mirrors[0].checkpointConnector.autoRestart.enabled", "kafka/connector-restart mirror: spec.mirrors[0].sourceConnector.autoRestart.enabled"}},
		"offsets":          {func(c *clients) { c.connector.Annotations = map[string]string{"strimzi.io/connector-offsets": "reset"} }, []string{"kafka/connector-offsets orders: spec.state"}},
		"mirror's offsets": {func(c *clients) { c.mirror.Annotations = map[string]string{"strimzi.io/connector-offsets": "list"} }, []string{"kafka/connector-offsets mirror: metadata.annotations[strimzi.io/mirrormaker-connector]"}},
		"no records":       {func(c *clients) { c.mirror.Spec.Mirrors[0].SourceConnector = nil }, []string{"kafka/mirror mirror: spec.mirrors[0].sourceConnector"}},

		"tasks": {func(c *clients) {
			c.connector.Spec.Config["topics"], c.connector.Spec.TasksMax = "orders, payments", new(int64(9))
		}, nil},
		"too many tasks": {func(c *clients) {
			c.connector.Spec.Config["topics"], c.connector.Spec.TasksMax = "orders, payments", new(int64(10))
		},
			[]string{"kafka/connector-tasks orders: spec.tasksMax"}},
		"tasks for a topic elsewhere": {func(c *clients) {
			c.connector.Spec.Config["topics"], c.connector.Spec.TasksMax = "orders,other", new(int64(100))
		}, nil},
		"tasks of a source": {func(c *clients) {
			delete(c.connector.Spec.Config, "topics")
			c.connector.Spec.TasksMax = new(int64(100))
		}, nil},
		"tasks in another cluster": {func(c *clients) {
			c.connector.Spec.Config["topics"], c.connector.Spec.TasksMax = "orders", new(int64(100))
			c.connect.Spec.BootstrapServers = "west.company.com:9094"
		}, nil},

		"one group": {func(c *clients) { c.mirror.Spec.Target.GroupID = "etl" }, []string{"kafka/connect-group etl: spec.groupId", "kafka/connect-group mirror: spec.target.groupId"}},
		"one topic": {func(c *clients) { c.mirror.Spec.Target.OffsetStorageTopic = "etl-status" }, []string{"kafka/connect-group etl: spec.statusStorageTopic", "kafka/connect-group mirror: spec.target.offsetStorageTopic"}},
		"one group, two clusters": {func(c *clients) {
			c.mirror.Spec.Target.GroupID, c.mirror.Spec.Target.BootstrapServers = "etl", "west.company.com:9094"
		}, nil},
		"one name, two namespaces": {func(c *clients) {
			other := loadedConnect("etl")
			other.Namespace = "other"
			other.Spec.BootstrapServers = "events-kafka-bootstrap:9093"
			c.more = append(c.more, other)
		}, nil},

		"replicas of one":      {func(c *clients) { c.connect.Spec.Config["status.storage.replication.factor"] = "1" }, []string{"kafka/connect-replication etl: spec.config[status.storage.replication.factor]"}},
		"replicas of too many": {func(c *clients) { c.connect.Spec.Config["status.storage.replication.factor"] = "5" }, []string{"kafka/connect-replication etl: spec.config[status.storage.replication.factor]"}},
		"replicas by default": {func(c *clients) {
			c.brokers.Spec.Replicas = 2
			c.connect.Spec.Config = strimziv1.JSONMap{"config.storage.replication.factor": int64(-1), "offset.storage.replication.factor": int64(-1),
				"config.providers": "secrets", "config.providers.secrets.class": "x"}
			c.mirror.Spec.Target.BootstrapServers = "west:9094"
		}, []string{"kafka/connect-replication etl: spec.config[status.storage.replication.factor]", "kafka/replication-brokers events: spec.kafka.config[default.replication.factor]",
			"kafka/replication-brokers events: spec.kafka.config[offsets.topic.replication.factor]",
			"kafka/replication-brokers events: spec.kafka.config[transaction.state.log.replication.factor]",
			"kafka/topic-replicas orders: spec.replicas", "kafka/topic-replicas pay: spec.replicas"}},
		"replicas of copies": {func(c *clients) { c.mirror.Spec.Mirrors[0].SourceConnector.Config = nil }, []string{"kafka/connect-replication mirror: spec.mirrors[0].sourceConnector.config[replication.factor]"}},
		"replicas of syncs": {func(c *clients) {
			c.mirror.Spec.Mirrors[0].SourceConnector.Config["offset-syncs.topic.replication.factor"] = 5
		}, nil},
		"replicas of syncs in the target": {func(c *clients) {
			c.mirror.Spec.Mirrors[0].SourceConnector.Config["offset-syncs.topic.replication.factor"] = 5
			c.mirror.Spec.Mirrors[0].SourceConnector.Config["offset-syncs.topic.location"] = "target"
			c.mirror.Spec.Mirrors[0].CheckpointConnector.Config = strimziv1.JSONMap{"offset-syncs.topic.location": "target", "checkpoints.topic.replication.factor": 4}
		}, []string{"kafka/connect-replication mirror: spec.mirrors[0].checkpointConnector.config[checkpoints.topic.replication.factor]", "kafka/connect-replication mirror: spec.mirrors[0].sourceConnector.config[offset-syncs.topic.replication.factor]"}},

		"no listener":       {func(c *clients) { c.connect.Spec.BootstrapServers = "events-kafka-bootstrap:9094" }, []string{"kafka/client-listener etl: spec.bootstrapServers"}},
		"external listener": {func(c *clients) { c.kafka.Spec.Kafka.Listeners[0].Type = "loadbalancer" }, []string{"kafka/client-listener bridge: spec.bootstrapServers", "kafka/client-listener etl: spec.bootstrapServers", "kafka/client-listener mirror: spec.target.bootstrapServers"}},
		"without TLS": {func(c *clients) { c.connect.Spec.TLS = nil },
			[]string{"kafka/client-auth etl: spec.authentication", "kafka/client-listener etl: spec.tls", "kafka/plaintext-client etl: spec.tls"}},
		"TLS to a plain one": {func(c *clients) {
			c.kafka.Spec.Kafka.Listeners[0] = strimziv1.Listener{Name: "tls", Port: 9093, Type: "internal"}
		},
			[]string{"kafka/client-listener bridge: spec.tls", "kafka/client-listener etl: spec.tls", "kafka/client-listener mirror: spec.target.tls", open, "kafka/plain-listener events: spec.kafka.listeners[0].tls"}},
		"nobody":               {func(c *clients) { c.connect.Spec.Authentication = nil }, []string{"kafka/client-listener etl: spec.authentication"}},
		"another login":        {func(c *clients) { c.connect.Spec.Authentication = scramOf("other") }, []string{"kafka/client-listener etl: spec.authentication"}},
		"nobody, by passwords": {func(c *clients) { scram(c); c.connect.Spec.Authentication = nil }, []string{"kafka/client-listener etl: spec.authentication"}},
		"an open one":          {func(c *clients) { c.kafka.Spec.Kafka.Listeners[0].Authentication = nil }, []string{open}},
		"open, password": {func(c *clients) {
			c.kafka.Spec.Kafka.Listeners[0].Authentication = nil
			c.connect.Spec.Authentication = scramOf("other")
		}, []string{"kafka/client-listener etl: spec.authentication", open}},
		"a custom one": {func(c *clients) { c.kafka.Spec.Kafka.Listeners[0].Authentication.Type = "custom" }, []string{open}},

		"user of another type": {func(c *clients) { c.user.Spec.Authentication.Type = "scram-sha-512" }, []string{
			"kafka/client-user bridge: spec.authentication.certificateAndKey.secretName", "kafka/client-user etl: spec.authentication.certificateAndKey.secretName", "kafka/client-user mirror: spec.target.authentication.certificateAndKey.secretName"}},
		"user of another cluster": {func(c *clients) { c.user.Labels["strimzi.io/cluster"] = "other" }, []string{
			"kafka/client-user bridge: spec.authentication.certificateAndKey.secretName", "kafka/client-user etl: spec.authentication.certificateAndKey.secretName", "kafka/client-user mirror: spec.target.authentication.certificateAndKey.secretName", "kafka/unknown-cluster client: metadata.labels[strimzi.io/cluster]"}},
		"name of another user": {func(c *clients) { scram(c); c.connect.Spec.Authentication.Username = new("x") }, []string{"kafka/client-user etl: spec.authentication.username"}},
		"secrets with a prefix": {func(c *clients) {
			c.kafka.Spec.EntityOperator = &strimziv1.EntityOperatorSpec{TopicOperator: &strimziv1.EntityTopicOperatorSpec{}, UserOperator: &strimziv1.EntityUserOperatorSpec{SecretPrefix: new("x-")}}
			c.connect.Spec.Authentication, c.user.Spec.Authentication.Type = loginOf("x-client"), "scram-sha-512"
		}, []string{"kafka/client-user etl: spec.authentication.certificateAndKey.secretName"}},

		"copied back":          {func(c *clients) { identity(c.mirror); back(c, func(*strimziv1.KafkaMirrorMaker2) {}) }, []string{"kafka/mirror-cycle back: " + cycle, "kafka/mirror-cycle mirror: " + cycle}},
		"copied back, renamed": {func(c *clients) { back(c, identity) }, nil},
		"other topics back": {func(c *clients) {
			identity(c.mirror)
			c.mirror.Spec.Mirrors[0].TopicsPattern = new("orders")
			back(c, func(m *strimziv1.KafkaMirrorMaker2) { m.Spec.Mirrors[0].TopicsPattern = new("payments") })
		}, nil},
		"all topics back": {func(c *clients) {
			identity(c.mirror)
			c.mirror.Spec.Mirrors[0].TopicsPattern = new("orders")
			back(c, func(m *strimziv1.KafkaMirrorMaker2) { m.Spec.Mirrors[0].TopicsPattern = new(".*") })
		}, []string{"kafka/mirror-cycle back: " + cycle, "kafka/mirror-cycle mirror: " + cycle}},
		"copied onto itself": {func(c *clients) {
			identity(c.mirror)
			c.mirror.Spec.Mirrors[0].Source = strimziv1.KafkaMirrorMaker2ClusterSpec{Alias: "x", BootstrapServers: "events-kafka-bootstrap:9093", TLS: tlsTo("events"), Authentication: loginOf("client")}
		}, []string{"kafka/mirror-cycle mirror: " + cycle}},
	} {
		t.Run(name, func(t *testing.T) {
			c := goodClients()
			tc.change(c)
			got := check(t, build(t, millrace.Parts{Objects: c.objects()}))
			// What holds for users, metrics and Cruise Control has tests of its own.
			got = slices.DeleteFunc(got, func(line string) bool { return others.MatchString(line) })
			if diff := cmp.Diff(tc.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

var others = regexp.MustCompile(`^kafka/(user-|metrics |exporter |cruise-control )`)

// TestConnectRulesPassOver gives every rule objects that have nothing in them.
func TestConnectRulesPassOver(t *testing.T) {
	b := build(t)
	for _, o := range []millrace.Object{&strimziv1.KafkaConnect{}, &strimziv1.KafkaConnector{}, &strimziv1.KafkaMirrorMaker2{}, &strimziv1.KafkaBridge{},
		&strimziv1.KafkaConnect{Spec: strimziv1.KafkaConnectSpec{Build: &strimziv1.Build{Plugins: []strimziv1.Plugin{{Artifacts: []strimziv1.Artifact{{}}}}},
			Authentication: &strimziv1.ClientAuthentication{}, TLS: &strimziv1.ClientTLS{TrustedCertificates: []strimziv1.CertSecretSource{{}}}}},
		&strimziv1.KafkaMirrorMaker2{Spec: strimziv1.KafkaMirrorMaker2Spec{Mirrors: []strimziv1.KafkaMirrorMaker2MirrorSpec{{}}}},
	} {
		for _, rule := range kafka.Rules() {
			rule.Check(&millrace.Pass{Object: o, Bundle: b, Report: func(string, string) {}})
		}
	}
}

// TestConnectDefaultsPassTheRules wants no finding of what says nothing of its
// own.
func TestConnectDefaultsPassTheRules(t *testing.T) {
	cluster := with(smallCluster(), func(c *kafka.Cluster) {
		c.Namespace, c.Listeners = "kafka", []kafka.Listener{{Name: "tls", Port: 9093, Auth: kafka.MutualTLS}}
	})
	connect := with(smallConnect(), func(c *kafka.Connect) { c.Kafka.User = "etl" })
	mirror := with(smallMirror(), func(m *kafka.MirrorMaker) { m.Target.Kafka.User = "mirror" })
	if got := check(t, build(t, cluster, connect, smallConnector(), mirror)); got != nil {
		t.Errorf("defaults: %q", got)
	}
}
