package kafka_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

func connectSpec(t *testing.T, c *kafka.Connect) strimziv1.KafkaConnectSpec {
	t.Helper()
	made, err := c.KafkaConnect()
	if err != nil {
		t.Fatal(err)
	}
	return made.Spec
}

func TestConnection(t *testing.T) {
	ca := func(secret string) *strimziv1.ClientTLS {
		return &strimziv1.ClientTLS{TrustedCertificates: []strimziv1.CertSecretSource{{SecretName: secret, Pattern: new("*.crt")}}}
	}
	certificate := func(secret, crt, key string) *strimziv1.ClientAuthentication {
		return &strimziv1.ClientAuthentication{Type: "tls", CertificateAndKey: &strimziv1.CertAndKeySecretSource{SecretName: secret, Certificate: crt, Key: key}}
	}
	password := func(kind strimziv1.ClientAuthenticationType, user, secret, key string) *strimziv1.ClientAuthentication {
		return &strimziv1.ClientAuthentication{Type: kind, Username: new(user), PasswordSecret: &strimziv1.PasswordSecretSource{SecretName: secret, Password: key}}
	}
	for name, tc := range map[string]struct {
		to      kafka.Connection
		servers string
		tls     *strimziv1.ClientTLS
		auth    *strimziv1.ClientAuthentication
	}{
		"a cluster":             {kafka.Connection{Cluster: "events"}, "events-kafka-bootstrap.kafka.svc:9093", ca("events-cluster-ca-cert"), nil},
		"another port":          {kafka.Connection{Cluster: "events", Port: 9192}, "events-kafka-bootstrap.kafka.svc:9192", ca("events-cluster-ca-cert"), nil},
		"plaintext":             {kafka.Connection{Cluster: "events", Plaintext: true}, "events-kafka-bootstrap.kafka.svc:9092", nil, nil},
		"the same namespace":    {kafka.Connection{Cluster: "events", Namespace: "kafka"}, "events-kafka-bootstrap.kafka.svc:9093", ca("events-cluster-ca-cert"), nil},
		"another namespace":     {kafka.Connection{Cluster: "events", Namespace: "other", Trusted: []kafka.Trusted{{Secret: "copy"}}}, "events-kafka-bootstrap.other.svc:9093", ca("copy"), nil},
		"plaintext, elsewhere":  {kafka.Connection{Cluster: "events", Namespace: "other", Plaintext: true}, "events-kafka-bootstrap.other.svc:9092", nil, nil},
		"servers":               {kafka.Connection{Servers: []string{"a:9092", "b:9092"}}, "a:9092,b:9092", &strimziv1.ClientTLS{}, nil},
		"servers, plaintext":    {kafka.Connection{Servers: []string{"a:9092"}, Plaintext: true}, "a:9092", nil, nil},
		"servers, a scheme":     {kafka.Connection{Servers: []string{"SASL_SSL://a:9092"}}, "SASL_SSL://a:9092", &strimziv1.ClientTLS{}, nil},
		"servers, own CA":       {kafka.Connection{Servers: []string{"a:9092"}, Trusted: []kafka.Trusted{{Secret: "ca", Pattern: "*.pem"}}}, "a:9092", &strimziv1.ClientTLS{TrustedCertificates: []strimziv1.CertSecretSource{{SecretName: "ca", Pattern: new("*.pem")}}}, nil},
		"user":                  {kafka.Connection{Cluster: "events", User: "etl"}, "events-kafka-bootstrap.kafka.svc:9093", ca("events-cluster-ca-cert"), certificate("etl", "user.crt", "user.key")},
		"certificate":           {kafka.Connection{Servers: []string{"a:1"}, Login: kafka.ClientCertificate{Secret: "s", Certificate: "tls.crt", Key: "tls.key"}}, "a:1", &strimziv1.ClientTLS{}, certificate("s", "tls.crt", "tls.key")},
		"password of a user":    {kafka.Connection{Servers: []string{"a:1"}, Login: kafka.ClientPassword{Username: "etl"}}, "a:1", &strimziv1.ClientTLS{}, password("scram-sha-512", "etl", "etl", "password")},
		"password of the cloud": {kafka.Connection{Servers: []string{"a:1"}, Login: kafka.ClientPassword{Mechanism: kafka.PlainPassword, Username: "Key 1", Secret: "cloud", Key: "pw"}}, "a:1", &strimziv1.ClientTLS{}, password("plain", "Key 1", "cloud", "pw")},
		"password, SHA-256":     {kafka.Connection{Servers: []string{"a:1"}, Plaintext: true, Login: kafka.ClientPassword{Mechanism: kafka.SCRAM256, Username: "etl"}}, "a:1", nil, password("scram-sha-256", "etl", "etl", "password")},
		"custom": {kafka.Connection{Servers: []string{"a:1"}, Login: kafka.CustomLogin{Config: map[string]string{"sasl.mechanism": "OAUTHBEARER"}}}, "a:1", &strimziv1.ClientTLS{},
			&strimziv1.ClientAuthentication{Type: "custom", SASL: new(true), Config: strimziv1.JSONMap{"sasl.mechanism": "OAUTHBEARER"}}},
		"custom, by TLS": {kafka.Connection{Servers: []string{"a:1"}, Login: kafka.CustomLogin{NoSASL: true, Config: map[string]string{"ssl.keystore.type": "PEM"}}}, "a:1", &strimziv1.ClientTLS{},
			&strimziv1.ClientAuthentication{Type: "custom", SASL: new(false), Config: strimziv1.JSONMap{"ssl.keystore.type": "PEM"}}},
	} {
		t.Run(name, func(t *testing.T) {
			spec := connectSpec(t, with(smallConnect(), func(c *kafka.Connect) { c.Kafka = tc.to }))
			want := []any{tc.servers, tc.tls, tc.auth}
			if diff := cmp.Diff(want, []any{spec.BootstrapServers, spec.TLS, spec.Authentication}); diff != "" {
				t.Errorf("connection (-want +got):\n%s", diff)
			}
		})
	}
	if got := connectSpec(t, with(smallConnect(), func(c *kafka.Connect) { c.Namespace = "" })).BootstrapServers; got != "events-kafka-bootstrap:9093" {
		t.Errorf("without a namespace: %s", got)
	}
}

func TestConnectMistakes(t *testing.T) {
	const required, invalid, conflict, duplicate, unsupported, unknown = millrace.RuleRequired, millrace.RuleInvalid, millrace.RuleConflict,
		millrace.RuleDuplicate, millrace.RuleUnsupported, millrace.RuleUnknown
	to := func(c kafka.Connection) func(*kafka.Connect) { return func(of *kafka.Connect) { of.Kafka = c } }
	artifact := func(a kafka.Artifact) func(*kafka.Connect) {
		return func(c *kafka.Connect) {
			c.Image = buildImage()
			c.Image.Plugins[0].Artifacts[0] = a
		}
	}
	const first = " Image.Plugins[0].Artifacts[0]"
	for name, tc := range map[string]struct {
		change func(*kafka.Connect)
		want   []string
	}{
		"nothing at all":         {func(c *kafka.Connect) { *c = kafka.Connect{} }, []string{required + " Name", required + " Kafka.Cluster"}},
		"names":                  {func(c *kafka.Connect) { c.Name, c.Namespace = "1etl", "Kafka" }, []string{invalid + " Name", invalid + " Namespace"}},
		"long name":              {func(c *kafka.Connect) { c.Name = strings.Repeat("a", 52) }, []string{invalid + " Name"}},
		"longer name of a build": {func(c *kafka.Connect) { c.Name, c.Image = strings.Repeat("a", 50), buildImage() }, []string{invalid + " Name"}},
		"annotation": {func(c *kafka.Connect) {
			c.Annotations = map[string]string{"strimzi.io/use-connector-resources": "false"}
		}, []string{conflict + " Annotations[strimzi.io/use-connector-resources]"}},

		"two ways":                {to(kafka.Connection{Cluster: "events", Servers: []string{"a:1"}}), []string{conflict + " Kafka.Servers"}},
		"server without a port":   {to(kafka.Connection{Servers: []string{"a:9092", "b"}}), []string{invalid + " Kafka.Servers"}},
		"server, port out":        {to(kafka.Connection{Servers: []string{"b:65536"}}), []string{invalid + " Kafka.Servers"}},
		"server without a host":   {to(kafka.Connection{Servers: []string{":9092"}}), []string{invalid + " Kafka.Servers"}},
		"a port of nothing":       {to(kafka.Connection{Servers: []string{"a:1"}, Port: 9093, Namespace: "x"}), []string{conflict + " Kafka.Namespace", conflict + " Kafka.Port"}},
		"no listener's port":      {to(kafka.Connection{Cluster: "events", Port: 9091}), []string{invalid + " Kafka.Port"}},
		"trust in plaintext":      {to(kafka.Connection{Cluster: "events", Plaintext: true, Trusted: []kafka.Trusted{{Secret: "a"}}}), []string{conflict + " Kafka.Trusted"}},
		"elsewhere":               {to(kafka.Connection{Cluster: "events", Namespace: "other"}), []string{conflict + " Kafka.Namespace"}},
		"trust in two ways":       {to(kafka.Connection{Cluster: "events", Trusted: []kafka.Trusted{{Secret: "a"}, {Secret: "b", Certificate: "c", Pattern: "d"}}}), []string{conflict + " Kafka.Trusted[1]"}},
		"trust in nothing":        {to(kafka.Connection{Cluster: "events", Trusted: []kafka.Trusted{{}, {Secret: "No"}}}), []string{required + " Kafka.Trusted[0].Secret", invalid + " Kafka.Trusted[1].Secret"}},
		"user and login":          {to(kafka.Connection{Cluster: "events", User: "a", Login: kafka.ClientCertificate{Secret: "b"}}), []string{conflict + " Kafka.User"}},
		"user in plaintext":       {to(kafka.Connection{Cluster: "events", User: "a", Plaintext: true}), []string{conflict + " Kafka.User"}},
		"user of no name":         {to(kafka.Connection{Cluster: "events", User: "A b"}), []string{invalid + " Kafka.User"}},
		"certificate, no secret":  {to(kafka.Connection{Cluster: "events", Login: kafka.ClientCertificate{}}), []string{required + " Kafka.Login.Secret"}},
		"password of nobody":      {to(kafka.Connection{Cluster: "events", Login: kafka.ClientPassword{}}), []string{required + " Kafka.Login.Username"}},
		"password, no mechanism":  {to(kafka.Connection{Cluster: "events", Login: kafka.ClientPassword{Username: "a", Mechanism: "md5"}}), []string{invalid + " Kafka.Login.Mechanism"}},
		"password for all to see": {to(kafka.Connection{Cluster: "events", Plaintext: true, Login: kafka.ClientPassword{Username: "a", Mechanism: kafka.PlainPassword}}), []string{conflict + " Kafka.Login"}},
		"custom, dropped":         {to(kafka.Connection{Cluster: "events", Login: kafka.CustomLogin{Config: map[string]string{"client.id": "x"}}}), []string{unsupported + " Kafka.Login.Config[client.id]"}},
		"custom, off":             {to(kafka.Connection{Cluster: "events", Login: kafka.CustomLogin{NoSASL: true, Config: map[string]string{"sasl.mechanism": "x"}}}), []string{conflict + " Kafka.Login.NoSASL"}},

		"one topic for two":    {func(c *kafka.Connect) { c.Topics.Offsets, c.Topics.Status = "state", "state" }, []string{duplicate + " Topics.Offsets"}},
		"a topic of a default": {func(c *kafka.Connect) { c.Topics.Offsets = "etl-configs" }, []string{duplicate + " Topics.Offsets"}},
		"no name of a topic":   {func(c *kafka.Connect) { c.Topics.Status = "a b" }, []string{invalid + " Topics.Status"}},
		"replicas of topics":   {func(c *kafka.Connect) { c.Topics.Replication = -1 }, []string{invalid + " Topics.Replication"}},
		"managed setting":      {func(c *kafka.Connect) { c.Config = map[string]string{"group.id": "x", "ssl.protocol": "TLSv1.3"} }, []string{unsupported + " Config[group.id]"}},
		"wrong value":          {func(c *kafka.Connect) { c.Config = map[string]string{"offset.flush.interval.ms": "soon"} }, []string{invalid + " Config[offset.flush.interval.ms]"}},
		"misspelt":             {func(c *kafka.Connect) { c.Config = map[string]string{"offset.flush.intervall.ms": "1"} }, []string{unknown + " Config[offset.flush.intervall.ms]"}},
		"misspelt, a client's": {func(c *kafka.Connect) { c.Config = map[string]string{"producer.compresion.type": "zstd"} }, []string{unknown + " Config[producer.compresion.type]"}},
		"wrong, a client's":    {func(c *kafka.Connect) { c.Config = map[string]string{"consumer.max.poll.records": "0"} }, []string{invalid + " Config[consumer.max.poll.records]"}},
		"wrong, a topic's":     {func(c *kafka.Connect) { c.Config = map[string]string{"config.storage.retention.ms": "-9"} }, []string{invalid + " Config[config.storage.retention.ms]"}},
		"setting of a plugin": {func(c *kafka.Connect) {
			c.Config = map[string]string{"company.audit.sink": "on", "key.converter.x": "1"}
		}, nil},
		"setting of a field": {func(c *kafka.Connect) {
			c.Topics.Replication, c.Config = 3, map[string]string{"config.storage.replication.factor": "1"}
		}, []string{conflict + " Config[config.storage.replication.factor]"}},
		"provider of no class":  {func(c *kafka.Connect) { c.Config = map[string]string{"config.providers": "a,env"} }, []string{required + " Config[config.providers]"}},
		"map in Base":           {func(c *kafka.Connect) { c.Base.Config = strimziv1.JSONMap{"a.b": map[string]any{}} }, []string{invalid + " Base.Config[a.b]"}},
		"secrets, no namespace": {func(c *kafka.Connect) { c.Namespace, c.Secrets = "", []string{"a", "A", "a"} }, []string{required + " Namespace", invalid + " Secrets[1]", duplicate + " Secrets[2]"}},

		"replicas":       {func(c *kafka.Connect) { c.Workers.Replicas = new(-1) }, []string{invalid + " Workers.Replicas"}},
		"replicas twice": {func(c *kafka.Connect) { c.Workers.Replicas, c.Base.Replicas = new(2), 3 }, []string{conflict + " Base.Replicas"}},
		"limit":          {func(c *kafka.Connect) { c.Workers.Resources = kafka.Resources{CPU: 2, CPULimit: 1} }, []string{invalid + " Workers.Resources.CPULimit"}},
		"limit in Base": {func(c *kafka.Connect) {
			c.Base.Resources = &corev1.ResourceRequirements{Requests: corev1.ResourceList{"cpu": resource.MustParse("0")}}
		}, []string{invalid + " Base.Resources.Requests[cpu]"}},
		"heap":         {func(c *kafka.Connect) { c.Workers.Heap = 3 * millrace.GiB }, []string{invalid + " Workers.Heap"}},
		"heap in Base": {func(c *kafka.Connect) { c.Base.JVMOptions = &strimziv1.JVMOptions{Xmx: new("4G")} }, []string{invalid + " Base.JVMOptions.Xmx"}},
		"rack":         {func(c *kafka.Connect) { c.Workers.Rack = "a b" }, []string{invalid + " Workers.Rack"}},
		"grace":        {func(c *kafka.Connect) { c.Workers.Pod.GracePeriod = new(time.Millisecond) }, []string{invalid + " Workers.Pod.GracePeriod"}},

		"build of nothing":     {func(c *kafka.Connect) { c.Image = kafka.ConnectImage{Name: "a", ImageStream: true} }, []string{conflict + " Image.Name", conflict + " Image.ImageStream"}},
		"build without a name": {func(c *kafka.Connect) { c.Image = buildImage(); c.Image.Name = "" }, []string{required + " Image.Name"}},
		"build on itself":      {func(c *kafka.Connect) { c.Image = buildImage(); c.Workers.Image = c.Image.Name }, []string{conflict + " Workers.Image"}},
		"build options": {func(c *kafka.Connect) {
			c.Image = buildImage()
			c.Image.Options = []string{"--retry=3", "--verbosity=info", "--build-arg=x"}
		}, []string{unsupported + " Image.Options[2]"}},
		"push options": {func(c *kafka.Connect) { c.Image = buildImage(); c.Image.PushOptions = []string{"--format=oci"} }, []string{unsupported + " Image.PushOptions[0]"}},
		"image stream": {func(c *kafka.Connect) { c.Image = buildImage(); c.Image.ImageStream = true }, []string{conflict + " Image.PushSecret"}},
		"plugins of one name": {func(c *kafka.Connect) {
			c.Image = buildImage()
			c.Image.Plugins = append(c.Image.Plugins, c.Image.Plugins[0])
		}, []string{duplicate + " Image.Plugins[1].Name"}},
		"plugin of no name":       {func(c *kafka.Connect) { c.Image = buildImage(); c.Image.Plugins[0].Name = "A" }, []string{invalid + " Image.Plugins[0].Name"}},
		"plugin without a name":   {func(c *kafka.Connect) { c.Image = buildImage(); c.Image.Plugins[0].Name = "" }, []string{required + " Image.Plugins[0].Name"}},
		"plugin of nothing":       {func(c *kafka.Connect) { c.Image = buildImage(); c.Image.Plugins[0].Artifacts = nil }, []string{required + " Image.Plugins[0].Artifacts"}},
		"artifact of nothing":     {artifact(nil), []string{required + first, required + " Image.Plugins[0].Artifacts"}},
		"download of nothing":     {artifact(kafka.Download{}), []string{required + first + ".URL"}},
		"download, no URL":        {artifact(kafka.Download{URL: "s3://bucket/a.jar"}), []string{invalid + first + ".URL"}},
		"download, no sum":        {artifact(kafka.Download{URL: "https://a/a.jar", SHA512: "abc"}), []string{invalid + first + ".SHA512"}},
		"download, name of a jar": {artifact(kafka.Download{URL: "https://a/a.jar", FileName: "b"}), []string{conflict + first + ".FileName"}},
		"maven of nothing":        {artifact(kafka.Maven{}), []string{required + first + ".Group", required + first + ".Artifact", required + first + ".Version"}},
		"download, no type":       {artifact(kafka.Download{URL: "https://a/a.jar", Type: "rpm"}), []string{invalid + first + ".Type"}},
		"maven, no scope":         {artifact(kafka.Maven{Group: "a", Artifact: "b", Version: "1", Scope: "all"}), []string{invalid + first + ".Scope"}},
		"mounted, no policy": {func(c *kafka.Connect) {
			c.Plugins = []kafka.MountedPlugin{{Name: "ab", Images: []string{"a:1"}, PullPolicy: "Sometimes"}}
		},
			[]string{invalid + " Plugins[0].PullPolicy"}},
		"mounted twice": {func(c *kafka.Connect) {
			c.Plugins = []kafka.MountedPlugin{{Name: "ab", Images: []string{""}}, {Name: "ab"}}
		},
			[]string{required + " Plugins[0].Images[0]", duplicate + " Plugins[1].Name", required + " Plugins[1].Images"}},
		"build in Base": {func(c *kafka.Connect) {
			c.Base.Build = &strimziv1.Build{Output: strimziv1.BuildOutput{Image: "a"}, Plugins: []strimziv1.Plugin{{Name: "ab", Artifacts: []strimziv1.Artifact{{Type: "maven", URL: new("https://a/b")}}}}}
		}, []string{required + " Base.Build.Plugins[0].Artifacts[0].Group", required + " Base.Build.Plugins[0].Artifacts[0].Artifact", required + " Base.Build.Plugins[0].Artifacts[0].Version", conflict + " Base.Build.Plugins[0].Artifacts[0].URL"}},
		"Base twice": {func(c *kafka.Connect) {
			c.Base.GroupID, c.GroupID = "a", "b"
			c.Base.TLS = &strimziv1.ClientTLS{TrustedCertificates: []strimziv1.CertSecretSource{{SecretName: "a", Pattern: new("*")}}}
		},
			[]string{conflict + " Base.GroupID", conflict + " Base.TLS.TrustedCertificates"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, mistakes(t, with(smallConnect(), tc.change))); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
	var none *kafka.Connect
	if got := mistakes(t, none); len(got) != 1 {
		t.Errorf("nil: %q", got)
	}
}

// TestConnectZeros wants what is zero and means something in the manifest.
func TestConnectZeros(t *testing.T) {
	for name, tc := range map[string]struct {
		of   millrace.Builder
		want string
	}{
		"no workers": {with(smallConnect(), func(c *kafka.Connect) { c.Workers.Replicas = new(0) }), `"replicas":0`},
		"no delay of probes": {with(smallConnect(), func(c *kafka.Connect) {
			c.Base.LivenessProbe = &strimziv1.Probe{InitialDelaySeconds: new(int64(0))}
		}), `"livenessProbe":{"initialDelaySeconds":0}`},
		"no grace":                 {with(smallConnect(), func(c *kafka.Connect) { c.Workers.Pod.GracePeriod = new(time.Duration(0)) }), `"terminationGracePeriodSeconds":0`},
		"no restart":               {with(smallConnector(), func(c *kafka.Connector) { c.Restart.Off = true }), `"autoRestart":{"enabled":false}`},
		"no more restarts":         {with(smallConnector(), func(c *kafka.Connector) { c.Restart.Max = new(0) }), `"maxRestarts":0`},
		"no restart of a mirror's": {with(smallMirror(), func(m *kafka.MirrorMaker) { m.Mirrors[0].Restart.Off = true }), `"autoRestart":{"enabled":false}`},
		"no mirror workers":        {with(smallMirror(), func(m *kafka.MirrorMaker) { m.Workers.Replicas = new(0) }), `"replicas":0`},
		"no rights copied":         {smallMirror(), `"sync.topic.acls.enabled":false`},
		"restart off in Base": {with(smallConnector(), func(c *kafka.Connector) {
			c.Base.AutoRestart = &strimziv1.AutoRestart{Enabled: new(false)}
		}), `"autoRestart":{"enabled":false}`},
	} {
		t.Run(name, func(t *testing.T) {
			parts, err := tc.of.Build()
			if err != nil {
				t.Fatal(err)
			}
			data, err := json.Marshal(parts.Objects[0])
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(data), tc.want) {
				t.Errorf("no %s in %s", tc.want, data)
			}
		})
	}
}

func TestDownloadTypes(t *testing.T) {
	for url, want := range map[string]strimziv1.ArtifactType{
		"https://a/b.jar": "jar", "https://a/b.JAR?x=1": "jar", "https://a/b.tgz": "tgz", "https://a/b.tar.gz#top": "tgz", "https://a/b.zip": "zip",
		"https://a/b": "other", "https://a/b.jar/download": "other",
	} {
		spec := connectSpec(t, with(smallConnect(), func(c *kafka.Connect) {
			c.Image = buildImage()
			c.Image.Plugins[0].Artifacts = []kafka.Artifact{kafka.Download{URL: url}, kafka.Download{URL: url, Type: kafka.ZIP}}
		}))
		got := spec.Build.Plugins[0].Artifacts
		if got[0].Type != want || got[1].Type != "zip" {
			t.Errorf("%s is a %s, and a %s by its type", url, got[0].Type, got[1].Type)
		}
	}
}

// TestConnectPods wants what is said of workers in their pods.
func TestConnectPods(t *testing.T) {
	workers := kafka.Workers{Replicas: new(2), Resources: kafka.Resources{Memory: 5 * millrace.GiB},
		Placement: millrace.Placement{Tolerations: []corev1.Toleration{{Key: "workload", Operator: corev1.TolerationOpExists}}, Annotations: millrace.EvictionGuards()}}
	for name, of := range map[string]millrace.Builder{
		"Connect":     with(smallConnect(), func(c *kafka.Connect) { c.Workers = workers }),
		"MirrorMaker": with(smallMirror(), func(m *kafka.MirrorMaker) { m.Workers = workers }),
	} {
		bundle := build(t, of)
		pods := kafka.Pods(bundle, bundle.Objects()[0])
		if len(pods) != 1 {
			t.Fatalf("%s has %d pods", name, len(pods))
		}
		pod := pods[0]
		memory := pod.Template.Spec.Containers[0].Resources.Limits[corev1.ResourceMemory]
		spread := pod.Template.Spec.TopologySpreadConstraints
		if pod.Max != 2 || memory.String() != "5Gi" || len(pod.Template.Spec.Tolerations) != 1 || len(pod.Template.Annotations) == 0 || len(spread) != 2 {
			t.Errorf("%s: %d pods of %s with %+v", name, pod.Max, &memory, pod.Template)
			continue
		}
		for key, value := range spread[0].LabelSelector.MatchLabels {
			if pod.Template.Labels[key] != value {
				t.Errorf("%s: the spread selects %s=%s, the pod has %q", name, key, value, pod.Template.Labels[key])
			}
		}
	}
}
