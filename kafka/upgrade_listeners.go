package kafka

import (
	"fmt"
	"strings"
)

// listenerMap makes the list of listeners of the three that v1alpha1 and
// v1beta1 had by their names.
func (p section) listenerMap() {
	old := p.sub("listeners")
	if old.m == nil {
		return
	}
	var list []any
	for _, l := range []struct {
		name string
		port int64
		tls  bool
	}{{"plain", 9092, false}, {"tls", 9093, true}, {"external", 9094, true}} {
		from := old.sub(l.name)
		if from.m == nil {
			continue
		}
		to := section{c: p.c, path: fmt.Sprintf("%s[%d]", old.path, len(list)), m: map[string]any{"name": l.name, "port": l.port, "type": "internal", "tls": l.tls}}
		list = append(list, to.m)
		p.c.changed(UpgradeChange{Kind: UpgradeRewritten, Path: from.path, To: to.path, Detail: "listeners are a list", Source: sourceBeta})
		if l.name == "external" {
			delete(to.m, "type")
			if from.has("tls") {
				delete(to.m, "tls")
			}
		}
		from.listener(to)
		for _, key := range from.keys() { // what it doesn't know is left to the end
			from.move(key, to, key, "listeners are a list", sourceBeta)
		}
	}
	for _, key := range old.keys() {
		if old.sub(key).m == nil || len(old.sub(key).m) > 0 {
			old.drop(key, "Strimzi knew no such listener", sourceBeta)
		}
	}
	p.m["listeners"] = list
}

// listener moves what one of the three had to where a listener has it now.
func (p section) listener(to section) {
	config := section{c: p.c, path: to.at("configuration"), m: map[string]any{}}
	p.move("class", config, "class", "listeners are a list", sourceBeta)
	own := p.sub("configuration")
	own.move("preferredAddressType", config, "preferredNodePortAddressType", "that is its name now", sourceBeta)
	for _, from := range []section{p.sub("overrides"), own} {
		if bootstrap := from.sub("bootstrap"); bootstrap.m != nil {
			bootstrap.endpoint()
			if address, ok := bootstrap.m["address"]; ok {
				bootstrap.become("address", bootstrap, "alternativeNames", []any{address}, "there may be several", sourceBeta)
			}
		}
		for _, broker := range from.items("brokers") {
			broker.endpoint()
		}
		for _, key := range from.keys() {
			from.move(key, config, key, "listeners are a list", sourceBeta)
		}
	}
	p.tidy("overrides")
	p.tidy("configuration")
	if len(config.m) > 0 {
		to.m["configuration"] = config.m
	}
}

// endpoint gives the annotations of a bootstrap or a broker their name.
func (p section) endpoint() {
	p.move("dnsAnnotations", p, "annotations", "that is its name now", sourceBeta)
}

// listeners converts what v1 has no type for.
func (p section) listeners() {
	for _, l := range p.items("listeners") {
		if l.text("type") == "ingress" {
			p.c.decide(l.at("type"), UpgradeDecision{Question: "listeners of type ingress are deprecated, as the Ingress NGINX controller is no more", Taken: "it stays",
				Options: []string{"use type tlsroute, with Gateway API", "use type loadbalancer"}, Source: "Strimzi, CHANGELOG 0.51.0 and 1.1.0"})
		}
		auth := l.sub("authentication")
		switch auth.text("type") {
		case "oauth":
			l.oauth(p)
		case "custom":
			if auth.has("secrets") {
				auth.drop("secrets", "v1 has no secrets here", sourceConverter)
				p.c.decide(auth.at("secrets"), UpgradeDecision{Question: "the files of these secrets were at /opt/kafka/custom-authn-secrets/custom-listener-<name>-<port>/<secret>", Taken: "nothing is mounted",
					Options: []string{"mount them below /mnt by the pod's and the container's template of each pool, and name the new paths in listenerConfig"}, Source: sourceConverter})
			}
		}
	}
}

// serverOptions are the options of Strimzi's OAuth library for each field.
// Source: Strimzi 0.48, KafkaBrokerConfigurationBuilder.getOAuthOptions.
var serverOptions = map[string]string{
	"clientId":                   "oauth.client.id",
	"validIssuerUri":             "oauth.valid.issuer.uri",
	"checkIssuer":                "oauth.check.issuer",
	"checkAudience":              "oauth.check.audience",
	"customClaimCheck":           "oauth.custom.claim.check",
	"clientGrantType":            "oauth.client.credentials.grant.type",
	"clientScope":                "oauth.scope",
	"clientAudience":             "oauth.audience",
	"jwksEndpointUri":            "oauth.jwks.endpoint.uri",
	"jwksRefreshSeconds":         "oauth.jwks.refresh.seconds",
	"jwksExpirySeconds":          "oauth.jwks.expiry.seconds",
	"jwksMinRefreshPauseSeconds": "oauth.jwks.refresh.min.pause.seconds",
	"jwksIgnoreKeyUse":           "oauth.jwks.ignore.key.use",
	"serverBearerTokenLocation":  "oauth.server.bearer.token.location",
	"introspectionEndpointUri":   "oauth.introspection.endpoint.uri",
	"userInfoEndpointUri":        "oauth.userinfo.endpoint.uri",
	"userNameClaim":              "oauth.username.claim",
	"userNamePrefix":             "oauth.username.prefix",
	"fallbackUserNameClaim":      "oauth.fallback.username.claim",
	"fallbackUserNamePrefix":     "oauth.fallback.username.prefix",
	"groupsClaim":                "oauth.groups.claim",
	"groupsClaimDelimiter":       "oauth.groups.claim.delimiter",
	"accessTokenIsJwt":           "oauth.access.token.is.jwt",
	"checkAccessTokenType":       "oauth.check.access.token.type",
	"validTokenType":             "oauth.valid.token.type",
	"connectTimeoutSeconds":      "oauth.connect.timeout.seconds",
	"readTimeoutSeconds":         "oauth.read.timeout.seconds",
	"httpRetries":                "oauth.http.retries",
	"httpRetryPauseMs":           "oauth.http.retry.pause.millis",
	"enableMetrics":              "oauth.enable.metrics",
	"failFast":                   "oauth.fail.fast",
	"includeAcceptHeader":        "oauth.include.accept.header",
}

// oauth makes the custom authentication of a listener that the operator made
// of type oauth. Secrets and certificates are a decision: they have to be
// mounted.
func (p section) oauth(kafka section) {
	auth := p.sub("authentication")
	options := auth.options(serverOptions)
	options["oauth.config.id"] = fmt.Sprintf("%s-%v", strings.ToUpper(p.text("name")), p.m["port"])
	config := map[string]any{}
	var mechanisms []string
	if on, said := auth.m["enableOauthBearer"].(bool); on || !said {
		mechanisms = append(mechanisms, "OAUTHBEARER")
		config["oauthbearer.sasl.server.callback.handler.class"] = "io.strimzi.kafka.oauth.server.JaasServerOauthValidatorCallbackHandler"
		config["oauthbearer.sasl.jaas.config"] = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub=\"thePrincipalName\"" + properties(options) + ";"
	}
	if on, _ := auth.m["enablePlain"].(bool); on {
		mechanisms = append(mechanisms, "PLAIN")
		if uri := auth.text("tokenEndpointUri"); uri != "" {
			options["oauth.token.endpoint.uri"] = uri
		}
		config["plain.sasl.server.callback.handler.class"] = "io.strimzi.kafka.oauth.server.plain.JaasServerOauthOverPlainValidatorCallbackHandler"
		config["plain.sasl.jaas.config"] = "org.apache.kafka.common.security.plain.PlainLoginModule required" + properties(options) + ";"
	}
	config["sasl.enabled.mechanisms"] = strings.Join(mechanisms, ",")
	if seconds, ok := wholeNumber(auth.m["maxSecondsWithoutReauthentication"]); ok {
		config["connections.max.reauth.ms"] = seconds * 1000
	}
	auth.secretOptions("spec.kafka.template.kafkaContainer, or that of each pool")
	p.rewrite("authentication", map[string]any{"type": "custom", "sasl": true, "listenerConfig": config}, "v1 has no type oauth; listenerConfig is what the operator made of it", "Strimzi, proposal on type: oauth; KafkaBrokerConfigurationBuilder.java of 0.48")
	kafka.principals()
}

// principals sets the class that the operator set for OAuth.
func (p section) principals() {
	if config := p.need("config"); !config.has("principal.builder.class") {
		config.add("principal.builder.class", "io.strimzi.kafka.oauth.server.OAuthKafkaPrincipalBuilder", "the operator set it for OAuth", "Strimzi, KafkaBrokerConfigurationBuilder.java of 0.48")
	}
}

// options returns what fields say as options of the OAuth library.
func (p section) options(names map[string]string) map[string]string {
	out := map[string]string{}
	for _, key := range p.keys() {
		name, ok := names[key]
		if text, isText := configText(p.m[key]); ok && isText {
			out[name] = text
		}
	}
	if off, _ := p.m["disableTlsHostnameVerification"].(bool); off {
		out["oauth.ssl.endpoint.identification.algorithm"] = ""
	}
	return out
}

// secretOptions asks for what type oauth took from secrets.
func (p section) secretOptions(where string) {
	for _, s := range []struct{ key, option string }{
		{"clientSecret", "oauth.client.secret"}, {"accessToken", "oauth.access.token"}, {"refreshToken", "oauth.refresh.token"},
		{"clientAssertion", "oauth.client.assertion"}, {"passwordSecret", "oauth.password.grant.password"},
	} {
		if p.has(s.key) {
			p.c.decide(p.at(s.key), UpgradeDecision{Question: fmt.Sprintf("the option %s comes from a secret", s.option), Taken: "it is left out: nobody can log in",
				Options: []string{fmt.Sprintf("take it into an environment variable by %s, and add %s=\"${strimzienv:VARIABLE}\" to sasl.jaas.config", where, s.option)}, Source: "Strimzi, proposal on type: oauth"})
		}
	}
	if p.has("tlsTrustedCertificates") {
		p.c.decide(p.at("tlsTrustedCertificates"), UpgradeDecision{Question: "the certificates of the authorization server come from secrets", Taken: "they are left out: only public certificates are trusted",
			Options: []string{"mount the secrets below /mnt by the pod's and the container's template, and add oauth.ssl.truststore.location and oauth.ssl.truststore.type=\"PEM\" to sasl.jaas.config"}, Source: "Strimzi, proposal on type: oauth"})
	}
}
