package kafka

import (
	"fmt"
)

// keycloakOptions and opaOptions are the settings that the operator made of
// the fields of an authorization.
// Source: Strimzi 0.48, KafkaBrokerConfigurationBuilder.
var (
	keycloakOptions = map[string]string{
		"tokenEndpointUri":           "strimzi.authorization.token.endpoint.uri",
		"clientId":                   "strimzi.authorization.client.id",
		"delegateToKafkaAcls":        "strimzi.authorization.delegate.to.kafka.acl",
		"grantsRefreshPeriodSeconds": "strimzi.authorization.grants.refresh.period.seconds",
		"grantsRefreshPoolSize":      "strimzi.authorization.grants.refresh.pool.size",
		"grantsMaxIdleTimeSeconds":   "strimzi.authorization.grants.max.idle.time.seconds",
		"grantsGcPeriodSeconds":      "strimzi.authorization.grants.gc.period.seconds",
		"connectTimeoutSeconds":      "strimzi.authorization.connect.timeout.seconds",
		"readTimeoutSeconds":         "strimzi.authorization.read.timeout.seconds",
		"httpRetries":                "strimzi.authorization.http.retries",
		"enableMetrics":              "strimzi.authorization.enable.metrics",
		"includeAcceptHeader":        "strimzi.authorization.include.accept.header",
	}
	opaOptions = map[string]string{
		"url":                  "opa.authorizer.url",
		"allowOnError":         "opa.authorizer.allow.on.error",
		"enableMetrics":        "opa.authorizer.metrics.enabled",
		"initialCacheCapacity": "opa.authorizer.cache.initial.capacity",
		"maximumCacheSize":     "opa.authorizer.cache.maximum.size",
	}
)

// authorization makes custom authorization of the types that v1 hasn't.
func (p section) authorization() {
	authz := p.sub("authorization")
	const source = "Strimzi, KafkaBrokerConfigurationBuilder.java of 0.48"
	var class string
	var names map[string]string
	switch authz.text("type") {
	case "keycloak":
		class, names = "io.strimzi.kafka.oauth.server.authorizer.KeycloakAuthorizer", keycloakOptions
	case "opa":
		class, names = "org.openpolicyagent.kafka.OpaAuthorizer", opaOptions
	default:
		return
	}
	config := p.need("config")
	for _, key := range authz.keys() {
		text, ok := configText(authz.m[key])
		if name := names[key]; name != "" && ok && !config.has(name) {
			authz.become(key, config, name, text, "custom authorization has its settings in the config", source)
		}
	}
	if authz.text("type") == "keycloak" {
		authz.keycloak(config)
		p.principals()
	} else {
		authz.opa(config)
	}
	if authz.has("tlsTrustedCertificates") {
		authz.drop("tlsTrustedCertificates", "custom authorization has none", sourceConverter)
		p.c.decide(authz.at("tlsTrustedCertificates"), UpgradeDecision{Question: "the certificates of the authorization server come from secrets", Taken: "they are left out: only public certificates are trusted",
			Options: []string{"mount the secrets below /mnt by the templates of the pools, and name the files in the settings of the authorizer"}, Source: "Strimzi, proposal on type: oauth"})
	}
	authz.rewrite("type", "custom", fmt.Sprintf("v1 has simple and custom authorization; the class is what %s used", authz.text("type")), sourceConverter)
	authz.drop("authorizerClass", "it was none of custom authorization", sourceConverter)
	authz.add("authorizerClass", class, "custom authorization names its class", source)
}

// keycloak sets what is the other way round, or was set by the operator.
func (p section) keycloak(config section) {
	const source = "Strimzi, KafkaBrokerConfigurationBuilder.java of 0.48"
	if latest, ok := p.m["grantsAlwaysLatest"].(bool); ok {
		p.become("grantsAlwaysLatest", config, "strimzi.authorization.reuse.grants", fmt.Sprint(!latest), "the setting is the other way round", source)
	}
	if off, ok := p.m["disableTlsHostnameVerification"].(bool); ok {
		algorithm := "HTTPS"
		if off {
			algorithm = ""
		}
		p.become("disableTlsHostnameVerification", config, "strimzi.authorization.ssl.endpoint.identification.algorithm", algorithm, "custom authorization has its settings in the config", source)
	}
	if !config.has("strimzi.authorization.kafka.cluster.name") {
		config.add("strimzi.authorization.kafka.cluster.name", p.c.ref.Name, "the operator set it", source)
	}
}

// opa asks for the plugin, which Strimzi's images don't have any more.
func (p section) opa(config section) {
	if ms, ok := wholeNumber(p.m["expireAfterMs"]); ok {
		p.become("expireAfterMs", config, "opa.authorizer.cache.expire.after.seconds", ms/1000, "the setting is in seconds", "Strimzi, KafkaBrokerConfigurationBuilder.java of 0.48")
	}
	p.c.decide("spec.kafka.authorization", UpgradeDecision{Question: "Strimzi's images are without the Open Policy Agent plugin since 1.0", Taken: "the class is named all the same: brokers don't start without it",
		Options: []string{"build an image with the plugin, and set spec.kafka.image", "use simple authorization, with ACLs in KafkaUsers"}, Source: "Strimzi, CHANGELOG 1.0.0"})
}

// clientOptions are the options of Strimzi's OAuth library for a client.
// Source: Strimzi 0.48, AuthenticationUtils.
var clientOptions = map[string]string{
	"clientId":                "oauth.client.id",
	"username":                "oauth.password.grant.username",
	"tokenEndpointUri":        "oauth.token.endpoint.uri",
	"scope":                   "oauth.scope",
	"audience":                "oauth.audience",
	"accessTokenIsJwt":        "oauth.access.token.is.jwt",
	"accessTokenLocation":     "oauth.access.token.location",
	"clientAssertionLocation": "oauth.client.assertion.location",
	"clientAssertionType":     "oauth.client.assertion.type",
	"maxTokenExpirySeconds":   "oauth.max.token.expiry.seconds",
	"connectTimeoutSeconds":   "oauth.connect.timeout.seconds",
	"readTimeoutSeconds":      "oauth.read.timeout.seconds",
	"httpRetries":             "oauth.http.retries",
	"httpRetryPauseMs":        "oauth.http.retry.pause.millis",
	"enableMetrics":           "oauth.enable.metrics",
	"includeAcceptHeader":     "oauth.include.accept.header",
}

// clientOAuth makes the custom authentication of a client of type oauth.
func (p section) clientOAuth(container string) {
	auth := p.sub("authentication")
	if auth.text("type") != "oauth" {
		return
	}
	options := auth.options(clientOptions)
	extensions := auth.sub("saslExtensions")
	for _, key := range extensions.keys() {
		options["oauth.sasl.extension."+key] = extensions.text(key)
	}
	auth.secretOptions(container)
	p.rewrite("authentication", map[string]any{"type": "custom", "sasl": true, "config": map[string]any{
		"sasl.mechanism":                    "OAUTHBEARER",
		"sasl.jaas.config":                  "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required" + properties(options) + ";",
		"sasl.login.callback.handler.class": "io.strimzi.kafka.oauth.client.JaasClientOauthLoginCallbackHandler",
	}}, "v1 has no type oauth; config is what the operator made of it", "Strimzi, proposal on type: oauth; AuthenticationUtils.java of 0.48")
}
