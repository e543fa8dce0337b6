package kafka

import (
	"math"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Certificates says how the certificate authorities of a cluster work.
type Certificates struct {
	// Cluster signs the certificates of the brokers and of Strimzi's own
	// components.
	//
	// Rendered as spec.clusterCa.
	Cluster Authority

	// Clients signs the certificates of users.
	//
	// Rendered as spec.clientsCa.
	Clients Authority
}

// Authority is a certificate authority.
type Authority struct {
	// Own says that you make the certificate and the key, and renew them. They
	// must be there before the cluster is: ca.crt in the secret
	// <cluster>-cluster-ca-cert (or -clients-ca-cert), ca.key in
	// <cluster>-cluster-ca (or -clients-ca). References names both.
	//
	// Rendered as generateCertificateAuthority: false.
	// Source: Strimzi, proc-installing-your-own-ca-certificates.
	Own bool

	// KeepSecrets keeps the authority when the cluster is deleted, so that
	// clients can go on trusting one that is made anew.
	//
	// Rendered as generateSecretOwnerReference: false.
	KeepSecrets bool

	// ValidityDays is how long a certificate is valid, and RenewalDays how long
	// before its end it is renewed, which restarts the brokers.
	//
	// Zero means Strimzi's own, 365 and 30 days. RenewalDays is the lower.
	//
	// Rendered as validityDays and renewalDays.
	// Source: Strimzi, CertificateAuthority.java.
	ValidityDays, RenewalDays int

	// Expiration says what is renewed of an authority that Strimzi makes.
	//
	// Empty means RenewCertificate.
	//
	// Rendered as certificateExpirationPolicy.
	Expiration Expiration
}

// Expiration says what is renewed of a certificate authority.
type Expiration string

const (
	// RenewCertificate makes a new certificate for the same key.
	RenewCertificate Expiration = "renew-certificate"
	// ReplaceKey makes a new key as well. All clients must then trust the new
	// certificate.
	ReplaceKey Expiration = "replace-key"
)

func (c Certificates) make(m *making) {
	base := &m.cluster.Base
	m.fields.ClusterCA = c.Cluster.make(m.Problems, "Certificates.Cluster")
	m.fields.ClientsCA = c.Clients.make(m.Problems, "Certificates.Clients")
	fields := []origin{{".generateCertificateAuthority", ".Own"}, {".generateSecretOwnerReference", ".KeepSecrets"},
		{".validityDays", ".ValidityDays"}, {".renewalDays", ".RenewalDays"}, {".certificateExpirationPolicy", ".Expiration"}}
	m.origins.beside("spec.clusterCa", "Certificates.Cluster", base.ClusterCA, fields)
	m.origins.beside("spec.clientsCa", "Certificates.Clients", base.ClientsCA, fields)
}

func (a Authority) make(p *millrace.Problems, field string) *strimziv1.CertificateAuthority {
	out := strimziv1.CertificateAuthority{
		GenerateCertificateAuthority: flag(a.Own, false), GenerateSecretOwnerReference: flag(a.KeepSecrets, false),
		ValidityDays:                count(p, field+".ValidityDays", a.ValidityDays, math.MaxInt32),
		RenewalDays:                 count(p, field+".RenewalDays", a.RenewalDays, math.MaxInt32),
		CertificateExpirationPolicy: strimziv1.CertificateExpirationPolicy(a.Expiration),
	}
	if isZero(out) {
		return nil
	}
	return &out
}
