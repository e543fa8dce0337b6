package kafka

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Connection is how a client reaches a Kafka cluster: Kafka Connect, a
// MirrorMaker, a bridge. It names a cluster of Strimzi's by Cluster, or any
// other one by Servers.
//
//	kafka.Connection{Cluster: "events", User: "connect"}
type Connection struct {
	// Cluster is the name of a Kafka object. Its address follows from the
	// name, and so do the certificates to trust, which Strimzi keeps in the
	// secret <cluster>-cluster-ca-cert. Empty where Servers are set.
	//
	// Rendered as bootstrapServers (<cluster>-kafka-bootstrap.<namespace>.svc:9093)
	// and tls.trustedCertificates.
	// Source: Strimzi, KafkaResources.java.
	Cluster string

	// Namespace is where Cluster is.
	//
	// Empty means the namespace of the client itself. In another one its
	// certificates can't be mounted: copy them, and name the copy in Trusted.
	//
	// Rendered in bootstrapServers.
	Namespace string

	// Port is that of an internal listener of Cluster.
	//
	// Zero means 9093, or 9092 with Plaintext, as in Strimzi's examples.
	//
	// Rendered in bootstrapServers.
	Port int

	// Servers are addresses of brokers, "host:port", in the place of Cluster.
	//
	// Rendered as bootstrapServers.
	Servers []string

	// Plaintext turns TLS off, so that everybody on the way can read along
	// (rule kafka/plaintext-client).
	//
	// Rendered as the absence of tls.
	Plaintext bool

	// Trusted are the certificates by which brokers are known.
	//
	// None means those of Cluster; with Servers it means the authorities that
	// Java trusts, as brokers of a cloud provider have them.
	//
	// Rendered as tls.trustedCertificates.
	Trusted []Trusted

	// User is the name of a KafkaUser with client certificates. It is short
	// for ClientCertificate{Secret: User}; for a user with a password set
	// Login to ClientPassword{Username: name}. Empty means none.
	//
	// Rendered as authentication of type tls.
	User string

	// Login is how the client proves who it is: ClientCertificate,
	// ClientPassword, CustomLogin.
	//
	// Nil means not at all, but for User.
	//
	// Rendered as authentication.
	Login Login
}

// Trusted are certificates in a secret.
//
// Rendered as one of tls.trustedCertificates.
type Trusted struct {
	// Secret is the name of the secret. Required.
	Secret string

	// Certificate is the key of one certificate.
	//
	// Empty means all that Pattern matches.
	Certificate string

	// Pattern matches keys of certificates.
	//
	// Empty, without Certificate, means "*.crt": while an authority is renewed
	// both the old certificate and the new one are trusted.
	// Source: Strimzi's examples.
	Pattern string
}

// Login is how a client proves who it is: ClientCertificate, ClientPassword,
// CustomLogin.
type Login interface {
	// login writes itself. field is where the user wrote it, path where it
	// stands in the manifest.
	login(p *millrace.Problems, o origins, path, field string) *strimziv1.ClientAuthentication
}

// ClientCertificate is by a certificate of the client's. It needs TLS.
//
// Rendered as authentication of type tls.
type ClientCertificate struct {
	// Secret holds the certificate and its key; that of a KafkaUser has the
	// user's name. Required.
	Secret string

	// Certificate and Key are the keys in the secret.
	//
	// Empty means user.crt and user.key, as Strimzi names those of a KafkaUser.
	Certificate, Key string
}

// ClientPassword is by name and password.
//
// Rendered as authentication, whose type is Mechanism.
type ClientPassword struct {
	// Mechanism is how the password is proved. Empty means SCRAM512, which
	// KafkaUsers have.
	Mechanism Mechanism

	// Username is the name. Required.
	Username string

	// Secret holds the password. Empty means the secret that is named after
	// the user, as Strimzi makes it for a KafkaUser.
	Secret string

	// Key is the key in the secret. Empty means "password", as Strimzi names
	// it.
	Key string
}

// Mechanism is how a password is proved.
type Mechanism string

const (
	// SCRAM512 is SCRAM-SHA-512, as KafkaUsers have it.
	SCRAM512 Mechanism = "scram-sha-512"
	// SCRAM256 is SCRAM-SHA-256.
	SCRAM256 Mechanism = "scram-sha-256"
	// PlainPassword sends the password as it is: with TLS only.
	PlainPassword Mechanism = "plain"
)

// CustomLogin is whatever else Kafka's clients can: OAuth, the identity of a
// cloud.
type CustomLogin struct {
	// NoSASL is for a login by TLS alone.
	//
	// Rendered as sasl.
	NoSASL bool

	// Config are the client's settings, those that begin with sasl. or
	// ssl.keystore.: Strimzi drops all others.
	//
	// Rendered as config.
	// Source: Strimzi, KafkaClientAuthenticationCustom.ALLOWED_PREFIXES.
	Config map[string]string
}

const (
	defaultPlainPort = 9092
	caSecretSuffix   = "-cluster-ca-cert"
	bootstrapSuffix  = "-kafka-bootstrap"
	anyCertificate   = "*.crt"
)

// reach is a connection as it stands in the spec of a component.
type reach struct {
	servers string
	tls     *strimziv1.ClientTLS
	auth    *strimziv1.ClientAuthentication
}

// make writes the connection of a component that is in a namespace. at is the
// path of what holds it ("spec", "spec.mirrors[0].source"), field the user's
// word for it.
func (c Connection) make(p *millrace.Problems, o origins, at, field, namespace string) reach {
	var out reach
	o.add(at+".bootstrapServers", field+".Cluster")
	if c.Cluster != "" {
		out.servers = c.address(p, field, namespace)
	} else {
		c.withoutCluster(p, field)
		if len(c.Servers) > 0 {
			o.add(at+".bootstrapServers", field+".Servers")
			out.servers = strings.Join(c.Servers, ",")
		}
	}
	if c.Plaintext && len(c.Trusted) > 0 {
		p.Conflict(field+".Trusted", "Plaintext turns TLS off", "leave one of the two out")
	}
	if !c.Plaintext && (out.servers != "" || len(c.Trusted) > 0) {
		out.tls = c.trust(p, o, at+".tls", field, namespace)
	}
	out.auth = c.auth(p, o, at+".authentication", field)
	return out
}

// auth writes who the client is.
func (c Connection) auth(p *millrace.Problems, o origins, path, field string) *strimziv1.ClientAuthentication {
	switch {
	case c.User != "" && c.Login != nil:
		p.Conflict(field+".User", "Login says it too", "leave one of the two out")
	case c.User != "":
		made := ClientCertificate{Secret: c.User}.login(p, o, path, field+".User")
		o.add(path+".certificateAndKey.secretName", field+".User")
		return made
	case c.Login != nil:
		if login, ok := held(p, field+".Login", c.Login); ok {
			return login.login(p, o, path, field+".Login")
		}
	}
	return nil
}

// address is that of a cluster of Strimzi's.
func (c Connection) address(p *millrace.Problems, field, namespace string) string {
	p.LabelName(field+".Cluster", c.Cluster)
	p.Namespace(field+".Namespace", c.Namespace)
	if len(c.Servers) > 0 {
		p.Conflict(field+".Servers", "Cluster says where the brokers are", "leave one of the two out")
	}
	port := c.Port
	switch {
	case port == 0 && c.Plaintext:
		port = defaultPlainPort
	case port == 0:
		port = defaultListenerPort
	case port < lowestPort || port > highestPort:
		p.Invalid(field+".Port", port, "no listener has it", fmt.Sprintf("use %d to %d, or leave it out", lowestPort, highestPort))
	}
	host := c.Cluster + bootstrapSuffix
	if c.Namespace != "" {
		namespace = c.Namespace
	}
	if namespace != "" {
		host += "." + namespace + ".svc"
	}
	return fmt.Sprintf("%s:%d", host, port)
}

// withoutCluster reports what means nothing without one.
func (c Connection) withoutCluster(p *millrace.Problems, field string) {
	const alone = "it says where in Cluster, which is empty"
	if c.Namespace != "" {
		p.Conflict(field+".Namespace", alone, "set Cluster, or write the address into Servers")
	}
	if c.Port != 0 {
		p.Conflict(field+".Port", alone, "set Cluster, or write the port into Servers")
	}
}

// trust writes the certificates. Without any the JVM's own are meant.
func (c Connection) trust(p *millrace.Problems, o origins, path, field, namespace string) *strimziv1.ClientTLS {
	out := &strimziv1.ClientTLS{}
	trusted := c.Trusted
	if len(trusted) == 0 && c.Cluster != "" {
		if c.Namespace != "" && c.Namespace != namespace {
			p.Conflict(field+".Namespace", "the certificates of the cluster are there, where they can't be mounted from",
				fmt.Sprintf("copy the secret %s%s, and name the copy in Trusted", c.Cluster, caSecretSuffix))
		}
		trusted = []Trusted{{Secret: c.Cluster + caSecretSuffix}}
		o.add(path, field+".Cluster")
	}
	for i, t := range trusted {
		source := strimziv1.CertSecretSource{SecretName: t.Secret, Certificate: text(t.Certificate), Pattern: text(t.Pattern)}
		if t.Certificate == "" && t.Pattern == "" {
			source.Pattern = new(anyCertificate)
		}
		out.TrustedCertificates = append(out.TrustedCertificates, source)
		if len(c.Trusted) > 0 {
			own := fmt.Sprintf("[%d]", i)
			o.add(path+".trustedCertificates"+own, field+".Trusted"+own)
			o.add(path+".trustedCertificates"+own+".secretName", field+".Trusted"+own+".Secret")
		}
	}
	return out
}

func (l ClientCertificate) login(_ *millrace.Problems, o origins, path, field string) *strimziv1.ClientAuthentication {
	o.add(path, field)
	o.add(path+".certificateAndKey.secretName", field+".Secret")
	return &strimziv1.ClientAuthentication{Type: strimziv1.ClientAuthenticationTypeTLS, CertificateAndKey: &strimziv1.CertAndKeySecretSource{
		SecretName: l.Secret, Certificate: cmp.Or(l.Certificate, "user.crt"), Key: cmp.Or(l.Key, "user.key")}}
}

func (l ClientPassword) login(p *millrace.Problems, o origins, path, field string) *strimziv1.ClientAuthentication {
	o.add(path, field)
	o.add(path+".passwordSecret.secretName", field+".Secret")
	mechanism := strimziv1.ClientAuthenticationType(cmp.Or(string(l.Mechanism), string(SCRAM512)))
	switch Mechanism(mechanism) {
	case SCRAM512, SCRAM256, PlainPassword:
	default:
		p.Invalid(field+".Mechanism", string(l.Mechanism), "no such mechanism", "use kafka.SCRAM512, kafka.SCRAM256 or kafka.PlainPassword")
	}
	return &strimziv1.ClientAuthentication{Type: mechanism, Username: text(l.Username),
		PasswordSecret: &strimziv1.PasswordSecretSource{SecretName: cmp.Or(l.Secret, l.Username), Password: cmp.Or(l.Key, "password")}}
}

func (l CustomLogin) login(p *millrace.Problems, o origins, path, field string) *strimziv1.ClientAuthentication {
	o.add(path, field)
	o.add(path+".sasl", field+".NoSASL")
	config := newSettings(p, false)
	config.config(field+".Config", l.Config)
	return &strimziv1.ClientAuthentication{Type: strimziv1.ClientAuthenticationTypeCustom, SASL: new(!l.NoSASL), Config: config.made()}
}
