package kafka

import (
	"fmt"

	"github.com/millrace/millrace/kafka/strimziv1"
)

const (
	authorityRule = "kafka/ca"

	// What an authority has that says nothing.
	// Source: Strimzi 1.2.0, CertificateAuthority.java.
	strimziValidityDays = 365
	strimziRenewalDays  = 30
)

// authorities adds what is wrong with the two certificate authorities.
func (f *faults) authorities(spec *strimziv1.KafkaSpec) {
	f.below(authorityRule, "spec.clusterCa").authority(spec.ClusterCA)
	f.below(authorityRule, "spec.clientsCa").authority(spec.ClientsCA)
}

func (f faultsBelow) authority(ca *strimziv1.CertificateAuthority) {
	if ca == nil {
		return
	}
	days := func(path string, n *int64, otherwise int64) int64 {
		switch {
		case n == nil:
			return otherwise
		case *n < 1:
			f.invalid(path, *n, "it is no number of days", "use 1 or more, or leave it out")
			return otherwise
		}
		return *n
	}
	valid, renewal := days(".validityDays", ca.ValidityDays, strimziValidityDays), days(".renewalDays", ca.RenewalDays, strimziRenewalDays)
	if renewal >= valid {
		path, fix := ".renewalDays", fmt.Sprintf("use fewer than %d days", valid)
		if ca.RenewalDays == nil {
			path, fix = ".validityDays", fmt.Sprintf("use more than %d days, or set renewalDays as well", renewal)
		}
		f.conflict(path, fmt.Sprintf("a certificate of %d days that is renewed %d days before its end is renewed over and over, and each time the brokers restart", valid, renewal), fix)
	}
	switch policy := ca.CertificateExpirationPolicy; {
	case policy == "":
	case policy != strimziv1.CertificateExpirationPolicyRenewCertificate && policy != strimziv1.CertificateExpirationPolicyReplaceKey:
		f.invalid(".certificateExpirationPolicy", string(policy), "Strimzi doesn't know it", "use renew-certificate or replace-key")
	case ca.GenerateCertificateAuthority != nil && !*ca.GenerateCertificateAuthority:
		f.conflict(".certificateExpirationPolicy", "you renew an authority of your own yourself, and the operator ignores it", "leave it out")
	}
}
