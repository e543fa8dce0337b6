package kafka

import "github.com/millrace/millrace/kafka/strimziv1"

// User is somebody who may connect to a cluster that Strimzi runs, mostly an
// application. It makes a KafkaUser, of which Strimzi's user operator makes
// credentials in a Secret of the same name, and access control lists and
// quotas in the cluster.
//
// Its zero fields are production defaults: a client certificate, as the
// listener of a Cluster that names none wants it, and no right to anything.
type User struct {
	// Name is the name of the user, and of the Secret with the credentials. A
	// DNS name; with MutualTLS of at most 64 characters, which is what a
	// certificate takes. Required.
	//
	// Principal says what Kafka calls the user.
	//
	// Rendered as metadata.name.
	Name string

	// Namespace is where the user operator looks, which is the namespace of
	// the cluster unless the operator was told otherwise. The Secret is made
	// there too.
	//
	// Empty leaves it to the context that the manifest is applied in.
	//
	// Rendered as metadata.namespace.
	Namespace string

	// Labels and Annotations go to the object, besides the label that names
	// the cluster. The operator hands the labels on to the Secret.
	//
	// Rendered as metadata.labels and metadata.annotations.
	Labels, Annotations map[string]string

	// Cluster is the name of the Kafka object. It is required: a user that
	// names no cluster is never looked at, and gets no status either.
	//
	// Rendered as the label strimzi.io/cluster.
	Cluster string

	// Auth says how the user proves who they are. A listener of the cluster has
	// to take it (rule kafka/user-listener).
	//
	// Empty means MutualTLS: no password that could be lost or guessed, and it
	// is what the listener of a Cluster that names none asks for.
	//
	// Rendered as spec.authentication.type.
	Auth Authentication

	// ValidityDays is for how long a certificate is valid, and RenewalDays how
	// long before its end there is a new one. With MutualTLS only, both or
	// neither; 1 or more, and RenewalDays the lower.
	//
	// Zero leaves them to the cluster's CA for clients: 365 and 30 days, unless
	// it says otherwise.
	//
	// Rendered as spec.authentication.validityDays and renewalDays. Strimzi 1.1
	// and later.
	ValidityDays, RenewalDays int

	// Password is where the user's password is, in the namespace of the user.
	// With SCRAM only.
	//
	// Zero lets the operator make one of 32 characters, which is safer.
	//
	// Rendered as spec.authentication.password.valueFrom.secretKeyRef.
	Password SecretKey

	// Access is what the user may do, said as intents: Produce, Consume,
	// Transact, Stream and RunConnect, and as an ACL for all else. Rules that are
	// there twice, or follow from others, are rendered once.
	//
	// None means that there are no rules: in a cluster with ACLs, as it is by
	// default, the user may connect, and do nothing (rule
	// kafka/user-without-access).
	//
	// Rendered as spec.authorization of type simple, for which the cluster
	// needs an authorizer (rule kafka/user-authorization).
	Access []Access

	// Quotas bound what the user takes from each broker; who takes more is
	// slowed down.
	//
	// A zero field is no bound of the user's own: that of the cluster's Quotas
	// holds then, if it has one. Kafka has no quota of zero. Produce and Consume
	// are less than 2 GiB, where Strimzi's numbers end. In a cluster with
	// BrokerQuotas they do nothing (rule kafka/user-quotas).
	//
	// Rendered as spec.quotas.
	// Source: Apache Kafka 4.3, ClientQuotaControlManager; Strimzi,
	// KafkaUserQuotas.
	Quotas ClientQuotas

	// SecretLabels and SecretAnnotations go to the Secret with the credentials,
	// for what copies Secrets to other namespaces. Neither may be Strimzi's own
	// (strimzi.io/), which the operator refuses, or one of app.kubernetes.io/,
	// which it drops.
	//
	// Rendered as spec.template.secret.metadata.
	SecretLabels, SecretAnnotations map[string]string

	// Base is Strimzi's own spec, under the fields above: what it sets and
	// they don't is kept.
	Base strimziv1.KafkaUserSpec
}

const (
	// ExternalTLS is by client certificates that are made elsewhere, for a user
	// whose certificate has CN=<name> as its whole subject. For users only: to
	// a listener it is MutualTLS.
	ExternalTLS Authentication = "tls-external"

	// NoCredentials makes none, for listeners whose authentication isn't
	// Strimzi's, such as OAuth. For users only. Rendered as the absence of
	// spec.authentication.
	NoCredentials Authentication = "none"
)

// Principal is what Kafka calls the user, as Authorization.SuperUsers takes it:
// "CN=<name>" with client certificates, and the name itself otherwise.
func (u *User) Principal() string {
	if u == nil {
		return ""
	}
	spec := strimziv1.KafkaUserSpec{Authentication: u.Base.Authentication}
	switch {
	case u.Auth == NoCredentials:
		spec.Authentication = nil
	case u.Auth != "":
		spec.Authentication = &strimziv1.KafkaUserAuthentication{Type: strimziv1.KafkaUserAuthenticationType(u.Auth)}
	case spec.Authentication == nil || spec.Authentication.Type == "":
		spec.Authentication = &strimziv1.KafkaUserAuthentication{Type: strimziv1.KafkaUserAuthenticationType(defaultUserAuth)}
	}
	return principal(u.Name, &spec)
}

// principal is what Kafka calls a user.
// Source: Strimzi, KafkaUserModel.getUserName.
func principal(name string, spec *strimziv1.KafkaUserSpec) string {
	if a := spec.Authentication; a != nil && (a.Type == strimziv1.KafkaUserAuthenticationTypeTLS || a.Type == strimziv1.KafkaUserAuthenticationTypeTLSExternal) {
		return "CN=" + name
	}
	return name
}
