package kafka_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// TestUpgrade has what upstream's converter to v1 leaves to people, and what
// the one before it did.
func TestUpgrade(t *testing.T) {
	const listener = "listeners: [{name: tls, port: 9093, type: internal, tls: true}]\n"
	for name, tc := range map[string]upgradeCase{
		"removed topic settings": {kind: "KafkaTopic",
			old:  "config: {message.format.version: '3.0', message.downconversion.enable: true, message.timestamp.difference.max.ms: 1000, retention.ms: 1}",
			want: "config: {message.timestamp.before.max.ms: 1000, message.timestamp.after.max.ms: 1000, retention.ms: 1}"},
		"powers of ten": {kind: "KafkaTopic", old: "config: {retention.ms: 6.048e+08, segment.bytes: '1.073741824e9', min.cleanable.dirty.ratio: 0.5, cleanup.policy: delete}",
			want: "config: {retention.ms: 604800000, segment.bytes: '1073741824', min.cleanable.dirty.ratio: 0.5, cleanup.policy: delete}"},
		"an ACL without an operation": {kind: "KafkaUser", old: "authorization: {type: simple, acls: [{resource: {type: topic, name: t}}]}",
			want: "authorization: {type: simple, acls: [{resource: {type: topic, name: t}, operations: []}]}"},
		"broker settings": {kind: "Kafka",
			old: "kafka:\n  " + listener + "  config: {inter.broker.protocol.version: '3.7', log.message.format.version: '3.7', zookeeper.session.timeout.ms: 1, offsets.commit.required.acks: -1, " +
				"ssl.truststore.location: /x, listener.name.tls-9093.max.connections: 5, log.retention.bytes: 1e9, log.message.timestamp.difference.max.ms: 7}",
			want: "kafka:\n  " + listener + "  config: {listener.name.tls-9093.max.connections: 5, log.retention.bytes: 1000000000, log.message.timestamp.before.max.ms: 7, log.message.timestamp.after.max.ms: 7}"},
		"settings of newer versions": {kind: "Kafka",
			old:  "kafka:\n  version: 4.2.0\n  " + listener + "  config: {group.share.enable: true, delegation.token.master.key: k, group.coordinator.new.enable: true}",
			want: "kafka:\n  version: 4.2.0\n  " + listener + "  config: {group.share.enable: true, delegation.token.secret.key: k}"},
		"settings of mirrors": {kind: "KafkaMirrorMaker2",
			old: "replicas: 1\ntarget: {alias: t, bootstrapServers: 't:1', groupId: g, offsetStorageTopic: o, configStorageTopic: c, statusStorageTopic: s}\n" +
				"mirrors: [{source: {alias: s, bootstrapServers: 's:1'}, sourceConnector: {config: {topics.blacklist: a, use.incremental.alter.configs: required}}, checkpointConnector: {config: {groups.blacklist: b, groups.exclude: c}}}]",
			want: "replicas: 1\ntarget: {alias: t, bootstrapServers: 't:1', groupId: g, offsetStorageTopic: o, configStorageTopic: c, statusStorageTopic: s}\n" +
				"mirrors: [{source: {alias: s, bootstrapServers: 's:1'}, sourceConnector: {config: {topics.exclude: a}}, checkpointConnector: {config: {groups.exclude: c}}}]"},
		"loggers of Log4j 1": {kind: "Kafka",
			old:     "kafka:\n  " + listener + "  logging: {type: inline, loggers: {kafka.root.logger.level: 'INFO, CONSOLE', log4j.logger.kafka.request: WARN, log4j.appender.X: y, logger.a.name: b}}",
			want:    "kafka:\n  " + listener + "  logging: {type: inline, loggers: {rootLogger.level: INFO, logger.kafka_request.name: kafka.request, logger.kafka_request.level: WARN, logger.a.name: b}}",
			decides: []string{"spec.kafka.logging.loggers[log4j.appender.X]"}},
		"logging of a ConfigMap": {kind: "Kafka", version: "v1beta1",
			old: "kafka:\n  " + listener + "  logging: {type: external, name: log}", want: "kafka:\n  " + listener + "  logging: {type: external, valueFrom: {configMapKeyRef: {name: log, key: log4j2.properties}}}",
			decides: []string{"spec.kafka.logging"}},
		"an image, an ingress": {kind: "Kafka", old: "kafka: {image: 'x:1', listeners: [{name: a, port: 9095, type: ingress, tls: true}]}", want: "kafka: {image: 'x:1', listeners: [{name: a, port: 9095, type: ingress, tls: true}]}",
			decides: []string{"spec.kafka.image", "spec.kafka.listeners[0].type"}},
		"secrets of custom authentication": {kind: "Kafka",
			old:     "kafka: {listeners: [{name: a, port: 9095, type: internal, tls: true, authentication: {type: custom, sasl: true, listenerConfig: {x: y}, secrets: [{key: k, secretName: s}]}}]}",
			want:    "kafka: {listeners: [{name: a, port: 9095, type: internal, tls: true, authentication: {type: custom, sasl: true, listenerConfig: {x: y}}}]}",
			decides: []string{"spec.kafka.listeners[0].authentication.secrets"}},
		"a typing error": {kind: "Kafka", old: "kafka:\n  " + listener + "  confg: {a: b}", want: "kafka:\n  " + listener, decides: []string{"spec.kafka.confg"}},
		"presence alone": {kind: "Kafka", old: "kafka:\n  " + listener + "entityOperator: {topicOperator: {zookeeperSessionTimeoutSeconds: 5}}\ncruiseControl: {tlsSidecar: {}}\nkafkaExporter: {}",
			want: "kafka:\n  " + listener + "entityOperator: {topicOperator: {}}\ncruiseControl: {}\nkafkaExporter: {}"},
		"the size of an emptyDir": {kind: "KafkaBridge",
			old:  "replicas: 0\nbootstrapServers: b\ntemplate: {pod: {volumes: [{name: v, emptyDir: {sizeLimit: {amount: '5', format: Gi}}}]}}",
			want: "replicas: 0\nbootstrapServers: b\ntemplate: {pod: {volumes: [{name: v, emptyDir: {sizeLimit: 5Gi}}]}}"},
		"labels that are numbers": {kind: "KafkaBridge",
			old:  "replicas: 1\nbootstrapServers: b\ntemplate: {apiService: {metadata: {annotations: {port: 8080, on: true}}}}",
			want: "replicas: 1\nbootstrapServers: b\ntemplate: {apiService: {metadata: {annotations: {port: '8080', on: 'true'}}}}"},
		"scheduling of v1beta1": {kind: "KafkaBridge", version: "v1beta1",
			old: "replicas: 1\nbootstrapServers: b", want: "replicas: 1\nbootstrapServers: b"},
		"external configuration": {kind: "KafkaConnect",
			old: `
version: 3.7.0
replicas: 1
bootstrapServers: b
groupId: g
configStorageTopic: c
statusStorageTopic: s
offsetStorageTopic: o
config: {password: "${file:/opt/kafka/external-configuration/my.files/f:p}", group.id: other}
externalConfiguration:
  env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]
  volumes: [{name: my.files, secret: {secretName: s}}, {name: config, configMap: {name: c}}]`,
			want: `
replicas: 1
bootstrapServers: b
groupId: g
configStorageTopic: c
statusStorageTopic: s
offsetStorageTopic: o
config: {password: "${file:/mnt/external-configuration/my.files/f:p}"}
template:
  pod: {volumes: [{name: my-files, secret: {secretName: s}}, {name: config, configMap: {name: c}}]}
  connectContainer:
    env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]
    volumeMounts: [{name: my-files, mountPath: /mnt/external-configuration/my.files}, {name: config, mountPath: /mnt/external-configuration/config}]`},
		"a connector that reads files": {kind: "KafkaConnector", old: "class: c\nconfig: {f: '${file:/opt/kafka/external-configuration/a/b:c}'}", want: "class: c\nconfig: {f: '${file:/mnt/external-configuration/a/b:c}'}"},
		"Connect of v1beta1": {kind: "KafkaConnect", version: "v1beta1",
			old:  "bootstrapServers: b\nconfig: {group.id: 7}\nmetrics: {lowercaseOutputName: true}\ntolerations: [{key: a}]\naffinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: k, operator: Exists}]}]}}}",
			want: "replicas: 3\nbootstrapServers: b\ngroupId: '7'\nconfigStorageTopic: connect-cluster-configs\nstatusStorageTopic: connect-cluster-status\noffsetStorageTopic: connect-cluster-offsets\nconfig: {}\nmetricsConfig: {type: jmxPrometheusExporter, valueFrom: {configMapKeyRef: {name: old-connect-jmx-exporter-configuration, key: old-connect-jmx-exporter-configuration.yaml}}}\ntemplate: {pod: {tolerations: [{key: a}], affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: k, operator: Exists}]}]}}}}}"},
		"listeners of v1beta1": {kind: "Kafka", version: "v1beta1",
			old: `
kafka:
  listeners:
    plain: {}
    tls: {authentication: {type: tls}, networkPolicyPeers: [{podSelector: {matchLabels: {app: a}}}], configuration: {brokerCertChainAndKey: {secretName: s, certificate: c, key: k}}}
    external: {type: nodeport, tls: false, configuration: {preferredAddressType: InternalDNS}, overrides: {bootstrap: {nodePort: 32000, address: a.b, dnsAnnotations: {x: z}}, brokers: [{broker: 0, advertisedHost: h}]}}
  template: {externalBootstrapService: {externalTrafficPolicy: Local, metadata: {labels: {a: b}}}, perPodService: {loadBalancerSourceRanges: [10.0.0.0/8]}}
topicOperator: {watchedNamespace: a, tlsSidecar: {}}`,
			want: `
kafka:
  listeners:
  - {name: plain, port: 9092, type: internal, tls: false}
  - {name: tls, port: 9093, type: internal, tls: true, authentication: {type: tls}, networkPolicyPeers: [{podSelector: {matchLabels: {app: a}}}], configuration: {brokerCertChainAndKey: {secretName: s, certificate: c, key: k}}}
  - {name: external, port: 9094, type: nodeport, tls: false, configuration: {preferredNodePortAddressType: InternalDNS, externalTrafficPolicy: Local, bootstrap: {nodePort: 32000, alternativeNames: [a.b], annotations: {x: z}}, brokers: [{broker: 0, advertisedHost: h}]}}
  template: {externalBootstrapService: {metadata: {labels: {a: b}}}, perPodService: {}}
entityOperator: {topicOperator: {watchedNamespace: a}}`},
	} {
		t.Run(name, tc.run)
	}
}

// each returns the fields of an object that Strimzi's types of the name have,
// one object for each.
func each(fields map[string]string, always string) map[string]string {
	out := map[string]string{}
	for key, value := range fields {
		out[key] = fmt.Sprintf("{%s, %s: %s}", always, key, value)
	}
	return out
}

// TestUpgradeOAuth sets each field of the types of authentication and
// authorization that v1 hasn't: it shows in the new object, or is a decision.
func TestUpgradeOAuth(t *testing.T) {
	kafkaWith := func(auth string) string {
		return manifest("v1beta2", "Kafka", "kafka: {listeners: [{name: a, port: 9095, type: internal, tls: true, authentication: "+auth+"}]}")
	}
	authz := func(of string) string {
		return manifest("v1beta2", "Kafka", "kafka: {listeners: [{name: a, port: 9095, type: internal, tls: true}], authorization: "+of+"}")
	}
	bridge := func(auth string) string {
		return manifest("v1beta2", "KafkaBridge", "replicas: 1\nbootstrapServers: b\nauthentication: "+auth)
	}
	const secret, certs = "{secretName: s, key: k}", "[{secretName: s, certificate: c}]"
	for name, tc := range map[string]struct {
		around func(string) string
		always string
		fields map[string]string
	}{
		"listener": {kafkaWith, "type: oauth", map[string]string{"accessTokenIsJwt": "false", "checkAccessTokenType": "false", "checkAudience": "true", "checkIssuer": "false", "clientAudience": "a", "clientId": "a",
			"clientScope": "a", "clientSecret": secret, "connectTimeoutSeconds": "5", "customClaimCheck": "'@.a == \"b\"'", "disableTlsHostnameVerification": "true", "enableMetrics": "true",
			"enableOauthBearer": "false", "enablePlain": "true", "failFast": "false", "fallbackUserNameClaim": "a", "fallbackUserNamePrefix": "a", "groupsClaim": "a", "groupsClaimDelimiter": "a", "httpRetries": "5",
			"httpRetryPauseMs": "5", "includeAcceptHeader": "false", "introspectionEndpointUri": "a", "jwksEndpointUri": "a", "jwksExpirySeconds": "5", "jwksIgnoreKeyUse": "true", "jwksMinRefreshPauseSeconds": "5",
			"jwksRefreshSeconds": "5", "maxSecondsWithoutReauthentication": "5", "readTimeoutSeconds": "5", "serverBearerTokenLocation": "a", "tlsTrustedCertificates": certs, "userInfoEndpointUri": "a",
			"userNameClaim": "a", "userNamePrefix": "a", "validIssuerUri": "a", "validTokenType": "a"}},
		"listener, plain": {kafkaWith, "type: oauth, enablePlain: true", map[string]string{"tokenEndpointUri": "a"}},
		"client": {bridge, "type: oauth", map[string]string{"accessToken": secret, "accessTokenIsJwt": "false", "accessTokenLocation": "a", "audience": "a", "clientAssertion": secret, "clientAssertionLocation": "a",
			"clientAssertionType": "a", "clientId": "a", "clientSecret": secret, "connectTimeoutSeconds": "5", "disableTlsHostnameVerification": "true", "enableMetrics": "true", "httpRetries": "5", "httpRetryPauseMs": "5",
			"includeAcceptHeader": "false", "maxTokenExpirySeconds": "5", "passwordSecret": "{secretName: s, password: p}", "readTimeoutSeconds": "5", "refreshToken": secret, "saslExtensions": "{a: b}", "scope": "a",
			"tlsTrustedCertificates": certs, "tokenEndpointUri": "a", "username": "a"}},
		"keycloak": {authz, "type: keycloak", map[string]string{"clientId": "a", "connectTimeoutSeconds": "5", "delegateToKafkaAcls": "true", "disableTlsHostnameVerification": "true", "enableMetrics": "true",
			"grantsAlwaysLatest": "true", "grantsGcPeriodSeconds": "5", "grantsMaxIdleTimeSeconds": "5", "grantsRefreshPeriodSeconds": "5", "grantsRefreshPoolSize": "5", "httpRetries": "5", "includeAcceptHeader": "false",
			"readTimeoutSeconds": "5", "superUsers": "[a]", "tlsTrustedCertificates": certs, "tokenEndpointUri": "a"}},
		"opa": {authz, "type: opa", map[string]string{"allowOnError": "true", "enableMetrics": "true", "expireAfterMs": "5000", "initialCacheCapacity": "5", "maximumCacheSize": "5", "superUsers": "[a]", "tlsTrustedCertificates": certs, "url": "a"}},
	} {
		t.Run(name, func(t *testing.T) {
			outcome := func(auth string) string {
				u := upgradeText(t, tc.around(auth))
				return string(render(t, u)) + strings.Join(decisions(u), "\n")
			}
			bare := outcome("{" + tc.always + "}")
			if strings.Contains(bare, "oauth\n") || !strings.Contains(bare, "type: custom") {
				t.Errorf("no custom authentication:\n%s", bare)
			}
			for field, auth := range each(tc.fields, tc.always) {
				if outcome(auth) == bare {
					t.Errorf("%s changes nothing", field)
				}
			}
		})
	}
	// The fields are all that v1beta2 had, but for those that v1 has too.
	t.Run("whole", func(t *testing.T) {
		u := upgradeText(t, kafkaWith("{type: oauth, validIssuerUri: 'https://a\"b', jwksEndpointUri: j, userNameClaim: preferred_username, maxSecondsWithoutReauthentication: 3600}"))
		k, _ := u.Objects[0].(*strimziv1.Kafka)
		want := strimziv1.JSONMap{
			"sasl.enabled.mechanisms":                        "OAUTHBEARER",
			"connections.max.reauth.ms":                      int64(3600000),
			"oauthbearer.sasl.server.callback.handler.class": "io.strimzi.kafka.oauth.server.JaasServerOauthValidatorCallbackHandler",
			"oauthbearer.sasl.jaas.config":                   `org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="thePrincipalName" oauth.config.id="A-9095" oauth.jwks.endpoint.uri="j" oauth.username.claim="preferred_username" oauth.valid.issuer.uri="https://a\"b";`,
		}
		if diff := cmp.Diff(want, k.Spec.Kafka.Listeners[0].Authentication.ListenerConfig); diff != "" {
			t.Errorf("listenerConfig (-want +got):\n%s", diff)
		}
		if got := k.Spec.Kafka.Config["principal.builder.class"]; got != "io.strimzi.kafka.oauth.server.OAuthKafkaPrincipalBuilder" {
			t.Errorf("principal.builder.class is %v", got)
		}
	})
}

// TestUpgradeAuthorization has what the operator made of the types that v1
// hasn't.
func TestUpgradeAuthorization(t *testing.T) {
	const listener = "kafka:\n  listeners: [{name: tls, port: 9093, type: internal, tls: true}]\n"
	for name, tc := range map[string]upgradeCase{
		"keycloak": {kind: "Kafka",
			old: listener + "  authorization: {type: keycloak, clientId: kafka, tokenEndpointUri: 'https://k', delegateToKafkaAcls: true, grantsAlwaysLatest: true, disableTlsHostnameVerification: false, superUsers: [a]}\n" +
				"  config: {min.insync.replicas: 2}",
			want: listener + "  authorization: {type: custom, authorizerClass: io.strimzi.kafka.oauth.server.authorizer.KeycloakAuthorizer, superUsers: [a]}\n" +
				"  config: {min.insync.replicas: 2, strimzi.authorization.client.id: kafka, strimzi.authorization.token.endpoint.uri: 'https://k', strimzi.authorization.delegate.to.kafka.acl: 'true', strimzi.authorization.reuse.grants: 'false'," +
				" strimzi.authorization.ssl.endpoint.identification.algorithm: HTTPS, strimzi.authorization.kafka.cluster.name: old, principal.builder.class: io.strimzi.kafka.oauth.server.OAuthKafkaPrincipalBuilder}"},
		"opa": {kind: "Kafka",
			old:     listener + "  authorization: {type: opa, url: 'http://opa', allowOnError: false, expireAfterMs: 60000}",
			want:    listener + "  authorization: {type: custom, authorizerClass: org.openpolicyagent.kafka.OpaAuthorizer}\n  config: {opa.authorizer.url: 'http://opa', opa.authorizer.allow.on.error: 'false', opa.authorizer.cache.expire.after.seconds: 60}",
			decides: []string{"spec.kafka.authorization"}},
		"simple": {kind: "Kafka", old: listener + "  authorization: {type: simple, superUsers: [a]}", want: listener + "  authorization: {type: simple, superUsers: [a]}"},
	} {
		t.Run(name, tc.run)
	}
}

// TestUpgradeGone has the kinds that Strimzi dropped, and what isn't Strimzi's.
func TestUpgradeGone(t *testing.T) {
	t.Run("MirrorMaker 1", func(t *testing.T) {
		u := upgradeText(t, manifest("v1beta2", "KafkaMirrorMaker", "replicas: 2\ninclude: a.*\nconsumer: {bootstrapServers: s, groupId: g, numStreams: 3, tls: {trustedCertificates: [{secretName: ca, certificate: c}]}}\nproducer: {bootstrapServers: t, authentication: {type: tls, certificateAndKey: {secretName: s, certificate: c, key: k}}}"))
		if len(u.Objects) > 0 || len(u.Decisions) != 1 || len(u.Changes) > 0 {
			t.Fatalf("objects %v, changes %v, decisions %v", u.Objects, u.Changes, u.Decisions)
		}
		mm, ok := u.Decisions[0].Proposal.(*strimziv1.KafkaMirrorMaker2)
		if !ok || mm.Name != "old" || mm.Spec.Replicas != 2 || *mm.Spec.Mirrors[0].TopicsPattern != "a.*" || mm.Spec.Mirrors[0].Source.TLS == nil || mm.Spec.Target.Authentication == nil || *mm.Spec.Mirrors[0].SourceConnector.TasksMax != 3 {
			t.Fatalf("the proposal is %+v", mm)
		}
		if problems := refusals(t, &kafka.Upgraded{Objects: []millrace.Object{mm}}); problems != nil {
			t.Error(problems)
		}
	})
	t.Run("Connect of OpenShift", func(t *testing.T) {
		u := upgradeText(t, manifest("v1beta1", "KafkaConnectS2I", "replicas: 1\nbootstrapServers: b\ninsecureSourceRepository: true"))
		if c, ok := u.Objects[0].(*strimziv1.KafkaConnect); !ok || c.Kind != "KafkaConnect" || c.Spec.GroupID != "connect-cluster" {
			t.Errorf("it is %+v", u.Objects[0])
		}
		if diff := cmp.Diff([]string{"spec"}, decisions(u)); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("a kind that never was", func(t *testing.T) {
		u := upgradeText(t, manifest("v1beta1", "KafkaThing", "a: b"))
		if len(u.Objects) > 0 || len(u.Decisions) != 1 {
			t.Errorf("%v", u)
		}
	})
	t.Run("others", func(t *testing.T) {
		old := loadText(t, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n---\napiVersion: core.strimzi.io/v1beta2\nkind: StrimziPodSet\nmetadata: {name: p}\nspec: {}")
		u, err := kafka.Upgrade(old...)
		if err != nil || len(u.Objects) != 1 || len(u.Changes) != 1 || u.Changes[0].Kind != kafka.UpgradeDropped {
			t.Fatalf("%v %v %v", u.Objects, u.Changes, err)
		}
		if diff := cmp.Diff(treeOf(t, old[0]), treeOf(t, u.Objects[0])); diff != "" {
			t.Error(diff)
		}
	})
}

// TestUpgradeKeepsOld finds the old objects as they were, and the new ones
// without memory in common.
func TestUpgradeKeepsOld(t *testing.T) {
	text := manifest("v1beta2", "KafkaConnect", "bootstrapServers: b\nconfig: {group.id: g, a: b}")
	old := loadText(t, text)
	before := treeOf(t, old[0])
	u, err := kafka.Upgrade(old...)
	if err != nil {
		t.Fatal(err)
	}
	u.Objects[0].(*strimziv1.KafkaConnect).Spec.Config["a"] = "c"
	if diff := cmp.Diff(before, treeOf(t, old[0])); diff != "" {
		t.Errorf("the old object changed (-before +after):\n%s", diff)
	}
	// What is up to date already stays as it is.
	again, err := kafka.Upgrade(u.Objects...)
	if err != nil || len(again.Changes)+len(again.Decisions) > 0 {
		t.Errorf("a second time changes %v, decides %v: %v", again.Changes, again.Decisions, err)
	}
	if diff := cmp.Diff(treeOf(t, u.Objects[0]), treeOf(t, again.Objects[0])); diff != "" {
		t.Errorf("a second time differs:\n%s", diff)
	}
	if !slices.ContainsFunc(u.Changes, func(c kafka.UpgradeChange) bool {
		return c.String() == "KafkaConnect kafka/old: moved spec.config[group.id] -> spec.groupId: it is a field now"
	}) {
		t.Errorf("changes read %v", u.Changes)
	}
}
