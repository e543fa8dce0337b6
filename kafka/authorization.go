package kafka

import (
	"fmt"
	"slices"
	"strings"

	"github.com/millrace/millrace/kafka/strimziv1"
)

// Authorization says who may do what in a cluster.
type Authorization struct {
	// ACLs turns on Kafka's own authorizer: who may do what is then written in
	// KafkaUser objects, and a client without an identity may do nothing.
	//
	// False means that everybody who can connect may do everything.
	//
	// Rendered as spec.kafka.authorization of type simple.
	ACLs bool

	// SuperUsers may do everything in spite of ACLs, which must be on. Names
	// as Strimzi takes them, "CN=admin" for a client certificate, without the
	// "User:" that Kafka itself writes before them.
	//
	// Rendered as spec.kafka.authorization.superUsers.
	SuperUsers []string
}

func (a Authorization) make(m *making) {
	if a.ACLs {
		m.fields.Kafka.Authorization = &strimziv1.KafkaAuthorization{
			Type: strimziv1.KafkaAuthorizationTypeSimple, SuperUsers: slices.Clone(a.SuperUsers)}
	} else if len(a.SuperUsers) > 0 {
		m.Conflict("Authorization.SuperUsers", "without ACLs everybody may do everything", "set ACLs, or leave it out")
	}
	for i, user := range a.SuperUsers {
		at := fmt.Sprintf("Authorization.SuperUsers[%d]", i)
		switch {
		case user == "":
			m.Required(at, "leave it out")
		case strings.HasPrefix(user, "User:"):
			m.Invalid(at, user, "Strimzi writes User: before it once more", "leave the prefix out")
		}
	}
}
