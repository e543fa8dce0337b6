package kafka

import (
	"slices"

	"github.com/millrace/millrace/kafka/strimziv1"
)

// Authorization says who may do what in a cluster.
//
// Zero means Kafka's own authorizer: who may do what is written in KafkaUser
// objects, and who isn't written of may do nothing. Strimzi's own components
// may do everything in any case. A cluster of which no listener authenticates
// its clients has no authorizer by itself: clients without a name could do
// nothing at all.
//
// Clients of a listener without authentication are called ANONYMOUS. Where
// another listener does authenticate, they may do nothing.
// Source: Strimzi, con-securing-kafka-authorization; Apache Kafka,
// Authorization and ACLs: no resource is accessible by default.
type Authorization struct {
	// Open lets everybody who can connect do everything. Strimzi then refuses
	// users with ACLs.
	//
	// Rendered as the absence of spec.kafka.authorization.
	Open bool

	// SuperUsers may do everything in spite of the ACLs. Names as Strimzi takes
	// them, "CN=admin" for a client certificate and "admin" for SCRAM, without
	// the "User:" that Kafka itself writes before them.
	//
	// Rendered as spec.kafka.authorization.superUsers.
	SuperUsers []string

	// Class is the class of an authorizer of one's own, in the place of
	// Kafka's; it must be in the image. Empty means Kafka's.
	//
	// Rendered as spec.kafka.authorization.authorizerClass, of type custom.
	Class string

	// AdminAPI says that the authorizer of Class takes ACLs from the user
	// operator, by Kafka's Admin API. Kafka's own does in any case.
	//
	// Rendered as spec.kafka.authorization.supportsAdminApi.
	AdminAPI bool
}

func (a Authorization) make(m *making) {
	base := m.cluster.Base.Kafka.Authorization
	switch said := len(a.SuperUsers) > 0 || a.Class != "" || a.AdminAPI; {
	case a.Open:
		if base != nil {
			turnedOff(m.Problems, "Base.Kafka.Authorization", "Authorization.Open")
		}
		if said {
			m.Conflict("Authorization.Open", "the other fields say who may do what, and Open lets everybody do everything", "leave it out, or leave out the other ones")
		}
	case said:
		m.fields.Kafka.Authorization = a.authorizer(base == nil)
	case base == nil && m.authenticates():
		m.filled.Kafka.Authorization = &strimziv1.KafkaAuthorization{Type: strimziv1.KafkaAuthorizationTypeSimple}
	}
	m.origins.beside("spec.kafka.authorization", "Authorization", base,
		[]origin{{".superUsers", ".SuperUsers"}, {".authorizerClass", ".Class"}, {".supportsAdminApi", ".AdminAPI"}})
}

// authorizer writes what the fields say, with the type that follows from them
// where Base has none.
func (a Authorization) authorizer(typed bool) *strimziv1.KafkaAuthorization {
	out := &strimziv1.KafkaAuthorization{SuperUsers: slices.Clone(a.SuperUsers), AuthorizerClass: text(a.Class), SupportsAdminAPI: flag(a.AdminAPI, true)}
	switch {
	case !typed:
	case a.Class != "" || a.AdminAPI:
		out.Type = strimziv1.KafkaAuthorizationTypeCustom
	default:
		out.Type = strimziv1.KafkaAuthorizationTypeSimple
	}
	return out
}

// authenticates reports whether a listener of the cluster knows its clients, as
// the one does that it has where it names none.
func (m *making) authenticates() bool {
	base := m.cluster.Base.Kafka.Listeners
	return len(m.cluster.Listeners)+len(base) == 0 ||
		slices.ContainsFunc(base, authenticated) || slices.ContainsFunc(m.fields.Kafka.Listeners, authenticated)
}

// authenticated reports whether a listener knows its clients. Of a custom
// authentication without SASL it is the TLS settings that say so.
func authenticated(l strimziv1.Listener) bool {
	a := l.Authentication
	if a == nil {
		return false
	}
	if a.Type != strimziv1.ListenerAuthenticationTypeCustom || deref(a.SASL) {
		return true
	}
	auth, _ := configText(a.ListenerConfig["ssl.client.auth"])
	return auth == "required"
}
