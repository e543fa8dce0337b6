package kafka

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Build checks the user and makes its KafkaUser.
func (u *User) Build() (millrace.Parts, error) { return alone(u.KafkaUser()) }

// KafkaUser makes the user's object. The error is a *millrace.BuildError with
// every mistake. The user is not changed, and shares no memory with the object.
func (u *User) KafkaUser() (*strimziv1.KafkaUser, error) {
	if u == nil {
		return nil, nilBuilder("kafka.User")
	}
	p := &millrace.Problems{Object: millrace.Ref{Kind: "kafka.User", Namespace: u.Namespace, Name: u.Name}}
	p.Name("Name", u.Name)
	p.Namespace("Namespace", u.Namespace)
	meta := objectMeta(p, u.Name, u.Namespace, u.Labels, u.Annotations)
	checkCluster(p, u.Cluster, "name the Kafka object: without it the user is never looked at")
	labelCluster(p, &meta, u.Cluster)

	spec := *u.Base.DeepCopy()
	fields := strimziv1.KafkaUserSpec{
		Authentication: u.authentication(p),
		Authorization:  u.authorization(p),
		Quotas:         u.Quotas.user(p, "Quotas"),
		Template:       u.template(),
	}
	lay(p, "Base", &spec, &fields)
	u.defaults(&spec)
	made := &strimziv1.KafkaUser{TypeMeta: typeMeta("KafkaUser"), ObjectMeta: meta, Spec: spec}
	u.check(p, made)

	if err := finish(p, u); err != nil {
		return nil, err
	}
	return made, nil
}

// authentication returns what the fields say of it, nil for nothing.
func (u *User) authentication(p *millrace.Problems) *strimziv1.KafkaUserAuthentication {
	out := strimziv1.KafkaUserAuthentication{
		ValidityDays: count(p, "ValidityDays", u.ValidityDays, math.MaxInt32),
		RenewalDays:  count(p, "RenewalDays", u.RenewalDays, math.MaxInt32),
	}
	if key := u.Password.selector(p, "Password"); key != nil {
		out.Password = &strimziv1.Password{ValueFrom: strimziv1.PasswordSource{SecretKeyRef: key}}
	}
	switch u.Auth {
	case NoCredentials:
		if u.Base.Authentication != nil {
			p.Conflict("Base.Authentication", "the field Auth says that there is none", "use one of the two")
		}
	case "", MutualTLS, ExternalTLS, SCRAM:
		out.Type = strimziv1.KafkaUserAuthenticationType(u.Auth)
	default:
		p.Invalid("Auth", string(u.Auth), "Strimzi doesn't know it", "use kafka.MutualTLS, kafka.SCRAM, kafka.ExternalTLS or kafka.NoCredentials")
	}
	if out == (strimziv1.KafkaUserAuthentication{}) {
		return nil
	}
	return &out
}

// authorization returns the rules that the intents come to, nil for none.
func (u *User) authorization(p *millrace.Problems) *strimziv1.KafkaUserAuthorization {
	l := accessList{problems: p}
	for i, in := range u.Access {
		at := fmt.Sprintf("Access[%d]", i)
		if in == nil {
			p.Required(at, "leave it out")
			continue
		}
		if in, ok := held(p, at, in); ok {
			in.access(&l, at)
		}
	}
	rules := l.acls()
	if len(rules) == 0 {
		return nil
	}
	return &strimziv1.KafkaUserAuthorization{Type: strimziv1.KafkaUserAuthorizationTypeSimple, ACLs: rules}
}

// user returns what stands in a user's spec, nil for nothing.
func (q ClientQuotas) user(p *millrace.Problems, field string) *strimziv1.KafkaUserQuotas {
	out := strimziv1.KafkaUserQuotas{
		ProducerByteRate: byteRate(p, field+".Produce", q.Produce), ConsumerByteRate: byteRate(p, field+".Consume", q.Consume),
		RequestPercentage:      count(p, field+".RequestPercent", q.RequestPercent, math.MaxInt32),
		ControllerMutationRate: rate(p, field+".Mutations", q.Mutations, math.MaxInt32),
	}
	if out == (strimziv1.KafkaUserQuotas{}) {
		return nil
	}
	return &out
}

// byteRate is a size a second in a user's spec; zero is unset.
func byteRate(p *millrace.Problems, field string, n millrace.Bytes) *int64 {
	if n > math.MaxInt32 {
		p.Invalid(field, n, "Strimzi's numbers end at 2 GiB less one byte", "lower it, or leave it out")
		return nil
	}
	return size(p, field, n)
}

// template returns what the fields say of the Secret, nil for nothing.
func (u *User) template() *strimziv1.KafkaUserTemplate {
	if len(u.SecretLabels) == 0 && len(u.SecretAnnotations) == 0 {
		return nil
	}
	return &strimziv1.KafkaUserTemplate{Secret: &strimziv1.ResourceTemplate{Metadata: &strimziv1.MetadataTemplate{
		Labels: maps.Clone(u.SecretLabels), Annotations: maps.Clone(u.SecretAnnotations)}}}
}

// defaults fills in what neither the fields nor Base say.
func (u *User) defaults(spec *strimziv1.KafkaUserSpec) {
	switch {
	case spec.Authentication == nil && u.Auth == NoCredentials:
	case spec.Authentication == nil:
		spec.Authentication = &strimziv1.KafkaUserAuthentication{Type: strimziv1.KafkaUserAuthenticationType(defaultUserAuth)}
	case spec.Authentication.Type == "" && u.Auth == "":
		spec.Authentication.Type = strimziv1.KafkaUserAuthenticationType(defaultUserAuth)
	}
}

// check reports what the API server or the operator would refuse, drop or
// ignore of the object as it is rendered.
func (u *User) check(p *millrace.Problems, made *strimziv1.KafkaUser) {
	u.checkAuthentication(p, made.Spec.Authentication)
	found := faultsOf(made)
	if len(u.Access) > 0 && u.Base.Authorization == nil {
		// The intents have been checked.
		found = slices.DeleteFunc(found, func(f fault) bool { return strings.HasPrefix(f.path, "spec.authorization.") })
	}
	found.report(p, u.origins())
	if u.Base.Authorization != nil && len(made.Spec.Authorization.ACLs) == 0 {
		p.Required("Base.Authorization.ACLs", "leave Authorization out, where the user may do nothing")
	}
	p.Labels("SecretLabels", u.SecretLabels)
	p.Annotations("SecretAnnotations", u.SecretAnnotations)
}

// origins tells which parts of the manifest are not from Base.
func (u *User) origins() origins {
	of := newOrigins[strimziv1.KafkaUserSpec]()
	of.add("metadata.name", "Name")
	if u.Password != (SecretKey{}) {
		of.add(passwordPath, "Password")
	}
	for key := range u.SecretLabels {
		of.add(at(userSecretPath+"labels", key), at("SecretLabels", key))
	}
	for key := range u.SecretAnnotations {
		of.add(at(userSecretPath+"annotations", key), at("SecretAnnotations", key))
	}
	return of
}

// checkAuthentication checks which parts of it go together.
// Source: Strimzi's CRD of KafkaUser, x-kubernetes-validations.
func (u *User) checkAuthentication(p *millrace.Problems, a *strimziv1.KafkaUserAuthentication) {
	if a == nil {
		return
	}
	switch a.Type {
	case strimziv1.KafkaUserAuthenticationTypeTLS, strimziv1.KafkaUserAuthenticationTypeTLSExternal, strimziv1.KafkaUserAuthenticationTypeSCRAMSHA512:
	case "":
		if u.Auth != NoCredentials {
			return // Auth has been reported.
		}
	default:
		p.Invalid("Base.Authentication.Type", string(a.Type), "Strimzi doesn't know it", "use tls, tls-external or scram-sha-512")
		return
	}
	const base = "Base.Authentication."
	days := [...]struct {
		field string
		own   bool
		n     *int64
	}{{"ValidityDays", u.ValidityDays != 0, a.ValidityDays}, {"RenewalDays", u.RenewalDays != 0, a.RenewalDays}}
	for i, d := range days {
		if d.n == nil {
			continue
		}
		at, other := d.field, days[1-i]
		if !d.own {
			at = base + d.field
		}
		switch {
		case a.Type != strimziv1.KafkaUserAuthenticationTypeTLS:
			p.Conflict(at, "it is about certificates that the operator makes, and there is none", "leave it out, or use kafka.MutualTLS")
		case *d.n < 1:
			p.Invalid(at, *d.n, "it is out of range", "use 1 or more, or leave it out")
		case other.n == nil && !other.own:
			p.Conflict(at, "ValidityDays and RenewalDays go together, and "+other.field+" is missing", "set both, or neither")
		case i == 1 && other.n != nil && *d.n >= *other.n:
			p.Invalid(at, *d.n, fmt.Sprintf("a certificate of %d days would always be renewed", *other.n), "use fewer than ValidityDays")
		}
	}
	if a.Password != nil && a.Type != strimziv1.KafkaUserAuthenticationTypeSCRAMSHA512 {
		at := "Password"
		if u.Password == (SecretKey{}) {
			at = base + at
		}
		p.Conflict(at, "only users with SCRAM have a password", "leave it out, or use kafka.SCRAM")
	}
}
