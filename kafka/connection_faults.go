package kafka

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// The rules of connections.
const (
	ruleServers    = "kafka/bootstrap-servers"
	ruleClientTLS  = "kafka/client-tls"
	ruleClientAuth = "kafka/client-auth"
)

// customLoginPrefixes begin the settings that a login of type custom may have.
// Source: Strimzi 1.2.0, KafkaClientAuthenticationCustom.ALLOWED_PREFIXES.
var customLoginPrefixes = []string{"ssl.keystore.", "sasl."}

// connectionFaults reports what is wrong with how a component reaches Kafka. at
// is the path of what holds bootstrapServers, tls and authentication.
func connectionFaults(f *faults, at string, r reach) {
	serverFaults(f, at+".bootstrapServers", r.servers)
	if r.tls != nil {
		for i, c := range r.tls.TrustedCertificates {
			certificateFaults(f, fmt.Sprintf("%s.tls.trustedCertificates[%d]", at, i), c)
		}
	}
	if r.auth != nil {
		authFaults(f, at+".authentication", r.auth, r.tls != nil)
	}
}

// serverFaults reports addresses that Kafka's clients can't use.
// Source: Apache Kafka, ClientUtils.parseAndValidateAddresses.
func serverFaults(f *faults, path, servers string) {
	if strings.TrimSpace(servers) == "" {
		f.add(ruleServers, millrace.RuleRequired, path, "is required", "name the Kafka cluster, or give addresses, host:port")
		return
	}
	var wrong []string
	for server := range strings.SplitSeq(servers, ",") {
		server = strings.TrimSpace(server)
		if isFilledIn(server) {
			continue
		}
		_, address, scheme := strings.Cut(server, "://")
		if !scheme {
			address = server
		}
		colon := strings.LastIndex(address, ":")
		port := 0
		if colon > 0 {
			port, _ = strconv.Atoi(address[colon+1:])
		}
		if port < 1 || port > highestPort {
			wrong = append(wrong, strconv.Quote(server))
		}
	}
	if wrong != nil {
		f.add(ruleServers, millrace.RuleInvalid, path, strings.Join(wrong, ", ")+": it is no address of a broker", "write each as host:port")
	}
}

// isFilledIn reports whether a workflow fills a text in when it runs
// ("{{inputs.parameters.name}}"), so that nobody can judge it before.
func isFilledIn(text string) bool { return strings.Contains(text, "{{") }

func certificateFaults(f *faults, path string, c strimziv1.CertSecretSource) {
	secretFault(f, ruleClientTLS, path+".secretName", c.SecretName)
	const one = "set exactly one of certificate and pattern"
	switch {
	case c.Certificate != nil && c.Pattern != nil:
		f.add(ruleClientTLS, millrace.RuleConflict, path, "it names one certificate and a pattern of many", one)
	case deref(c.Certificate) == "" && deref(c.Pattern) == "":
		f.add(ruleClientTLS, millrace.RuleRequired, path, "it says which secret, but not which certificate", one)
	}
}

func secretFault(f *faults, rule, path, name string) {
	switch {
	case name == "":
		f.add(rule, millrace.RuleRequired, path, "is required", "name the secret")
	case len(validation.IsDNS1123Subdomain(name)) > 0 && !isFilledIn(name):
		f.add(rule, millrace.RuleInvalid, path, fmt.Sprintf("%q: no secret has such a name", name), "use lower-case letters, digits, '-' and '.'")
	}
}

// authFaults reports logins that the operator refuses, and what it leaves
// unread in them.
// Source: Strimzi 1.2.0, AuthenticationUtils.validateClientAuthentication.
func authFaults(f *faults, path string, a *strimziv1.ClientAuthentication, tls bool) {
	const unset = "%s does nothing with type %s"
	ignored := func(field string, isSet bool) {
		if isSet {
			f.add(ruleClientAuth, millrace.RuleConflict, path+"."+field, fmt.Sprintf(unset, field, a.Type), "leave it out, or correct the type")
		}
	}
	isTLS, isCustom := a.Type == strimziv1.ClientAuthenticationTypeTLS, a.Type == strimziv1.ClientAuthenticationTypeCustom
	ignored("certificateAndKey", !isTLS && a.CertificateAndKey != nil)
	ignored("config", !isCustom && len(a.Config) > 0)
	ignored("sasl", !isCustom && a.SASL != nil)
	ignored("username", (isTLS || isCustom) && a.Username != nil)
	ignored("passwordSecret", (isTLS || isCustom) && a.PasswordSecret != nil)
	switch {
	case isTLS:
		certificateLoginFaults(f, path, a.CertificateAndKey, tls)
	case isCustom:
		customLoginFaults(f, path, a)
	default:
		passwordFaults(f, path, a, tls)
	}
}

func certificateLoginFaults(f *faults, path string, c *strimziv1.CertAndKeySecretSource, tls bool) {
	if !tls {
		f.add(ruleClientAuth, millrace.RuleConflict, path, "client certificates need TLS", "turn TLS on, or use a password")
	}
	if c == nil {
		f.add(ruleClientAuth, millrace.RuleRequired, path+".certificateAndKey", "is required with type tls", "name the secret, the certificate and the key in it")
		return
	}
	secretFault(f, ruleClientAuth, path+".certificateAndKey.secretName", c.SecretName)
}

func passwordFaults(f *faults, path string, a *strimziv1.ClientAuthentication, tls bool) {
	if deref(a.Username) == "" {
		f.add(ruleClientAuth, millrace.RuleRequired, path+".username", fmt.Sprintf("is required with type %s", a.Type), "name the user")
	}
	if a.PasswordSecret == nil {
		f.add(ruleClientAuth, millrace.RuleRequired, path+".passwordSecret", fmt.Sprintf("is required with type %s", a.Type), "name the secret and the key of the password in it")
	} else if a.PasswordSecret.SecretName != "" || deref(a.Username) != "" {
		secretFault(f, ruleClientAuth, path+".passwordSecret.secretName", a.PasswordSecret.SecretName)
	}
	if a.Type == strimziv1.ClientAuthenticationTypePlain && !tls {
		f.add(ruleClientAuth, millrace.RuleConflict, path, "the password would be sent as it is, without TLS", "turn TLS on, or use SCRAM")
	}
}

func customLoginFaults(f *faults, path string, a *strimziv1.ClientAuthentication) {
	sasl := ""
	for _, key := range slices.Sorted(maps.Keys(a.Config)) {
		begins := func(prefix string) bool { return strings.HasPrefix(strings.ToLower(key), prefix) }
		if !slices.ContainsFunc(customLoginPrefixes, begins) {
			f.add(ruleClientAuth, millrace.RuleUnsupported, at(path+".config", key), "Strimzi drops what doesn't begin with sasl. or ssl.keystore.", "move it to the config of the component, or leave it out")
		}
		if begins("sasl.") && sasl == "" {
			sasl = key
		}
	}
	if sasl != "" && !deref(a.SASL) {
		f.add(ruleClientAuth, millrace.RuleConflict, path+".sasl", fmt.Sprintf("it is not true, and %s does nothing without", sasl), "turn SASL on, or leave the setting out")
	}
}
