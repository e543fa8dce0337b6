package kafka

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/millrace/millrace/kafka/strimziv1"
)

const authorizerRule = "kafka/authorizer"

// anonymous is the name of clients that have none.
// Source: Apache Kafka, KafkaPrincipal.ANONYMOUS.
const anonymous = "ANONYMOUS"

// authorization adds what brokers don't start with, and what has no effect.
// Source: Strimzi 1.2.0, KafkaBrokerConfigurationBuilder.withAuthorization.
func (f *faults) authorization(k *strimziv1.KafkaClusterSpec) {
	a := k.Authorization
	if a == nil {
		return
	}
	at := f.below(authorizerRule, "spec.kafka.authorization")
	switch a.Type {
	case strimziv1.KafkaAuthorizationTypeCustom:
		if deref(a.AuthorizerClass) == "" {
			at.required(".authorizerClass", "name the class of the authorizer: without it no broker starts")
		}
	case strimziv1.KafkaAuthorizationTypeSimple:
		if a.AuthorizerClass != nil {
			at.conflict(".authorizerClass", "authorization of type simple ignores it", "use type custom, or leave it out")
		}
		if a.SupportsAdminAPI != nil {
			at.conflict(".supportsAdminApi", "authorization of type simple ignores it", "use type custom, or leave it out")
		}
	default:
		at.invalid(".type", string(a.Type), "Strimzi doesn't know it", "use simple or custom")
	}
	for i, user := range a.SuperUsers {
		at.superUser(fmt.Sprintf(".superUsers[%d]", i), user, k)
	}
}

// misspeltDN is a distinguished name that isn't written as Kafka writes it: the
// types of its parts in capitals, and no spaces around its signs.
// Source: Apache Kafka, DefaultKafkaPrincipalBuilder, which takes Java's
// X500Principal.getName: RFC 2253.
var misspeltDN = regexp.MustCompile(`^[a-zA-Z]*[a-z][a-zA-Z]*=|\s=|=\s|\s,|,\s`)

// superUser checks the name of one.
func (f faultsBelow) superUser(path, user string, k *strimziv1.KafkaClusterSpec) {
	certificate := strings.Contains(user, "=")
	switch {
	case user == "":
		f.required(path, "leave it out")
	case strings.HasPrefix(user, "User:"):
		f.invalid(path, user, "Strimzi writes User: before it once more", "leave the prefix out")
	case strings.Contains(user, ";"):
		f.invalid(path, user, "a semicolon ends a name", "write each name as one item")
	case certificate && misspeltDN.MatchString(user):
		f.invalid(path, user, "no certificate has this name as Kafka writes it", `write it as "CN=admin,O=company": the types in capitals, and no spaces between the parts`)
	case certificate && nobodyBy(k, strimziv1.ListenerAuthenticationTypeTLS):
		f.invalid(path, user, "it is the name of a certificate, and no listener takes one", `use the user's bare name, "admin", or add a listener with authentication tls`)
	case !certificate && user != anonymous && nobodyBy(k, strimziv1.ListenerAuthenticationTypeSCRAMSHA512):
		f.invalid(path, user, "it is no name of a certificate, and no listener takes anything else", `write it as "CN=`+user+`"`)
	}
}

// nobodyBy reports whether no client can have a name of a kind: all listeners
// that know their clients know them by another one. Where names are made by
// other means, it can't be told.
func nobodyBy(k *strimziv1.KafkaClusterSpec, kind strimziv1.ListenerAuthenticationType) bool {
	if k.Config["principal.builder.class"] != nil {
		return false
	}
	known := false
	for _, l := range k.Listeners {
		if l.Authentication == nil {
			continue
		}
		if slices.Contains([]strimziv1.ListenerAuthenticationType{kind, strimziv1.ListenerAuthenticationTypeCustom}, l.Authentication.Type) {
			return false
		}
		known = true
	}
	return known
}
