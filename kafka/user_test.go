package kafka_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// smallUser is the smallest valid user.
func smallUser() *kafka.User { return &kafka.User{Name: "orders", Cluster: "events"} }

// fullUser has a value in every field.
func fullUser() *kafka.User {
	return &kafka.User{
		Name: "orders", Namespace: "kafka", Cluster: "events", Labels: map[string]string{"team": "data-platform"},
		Annotations:  map[string]string{"company.com/owner": "orders"},
		ValidityDays: 90, RenewalDays: 15,
		Access: []kafka.Access{
			kafka.Produce{Topics: []string{"orders", "payments-*"}},
			kafka.Consume{Topics: []string{"orders"}, Group: "orders-*", Hosts: []string{"::1", "10.0.0.1"}},
			kafka.Transact{TransactionalID: "orders-*", Topics: []string{"orders"}},
			kafka.Stream{Application: "totals", Inputs: []string{"orders"}, Outputs: []string{"totals"}, ExactlyOnce: true},
			kafka.RunConnect{Group: "sinks", ConfigTopic: "sinks-config", OffsetTopic: "sinks-offsets", StatusTopic: "sinks-status", ExactlyOnce: true},
			kafka.ACL{Topic: "payments-secret", Operations: []kafka.Operation{kafka.OpAll}, Deny: true},
			kafka.ACL{Cluster: true, Operations: []kafka.Operation{kafka.OpDescribe}},
		},
		Quotas:       kafka.ClientQuotas{Produce: 10 * millrace.MiB, Consume: 20 * millrace.MiB, RequestPercent: 55, Mutations: 0.5},
		SecretLabels: map[string]string{"copy": "true"}, SecretAnnotations: map[string]string{"company.com/to": "etl"},
	}
}

func base(spec strimziv1.KafkaUserSpec) func(*kafka.User) {
	return func(u *kafka.User) { u.Base = spec }
}

func TestUserMistakes(t *testing.T) {
	access := func(in ...kafka.Access) func(*kafka.User) { return func(u *kafka.User) { u.Access = in } }
	auth := func(a strimziv1.KafkaUserAuthentication) func(*kafka.User) {
		return base(strimziv1.KafkaUserSpec{Authentication: &a})
	}
	acl := func(rule strimziv1.ACLRule) func(*kafka.User) {
		return base(strimziv1.KafkaUserSpec{Authorization: &strimziv1.KafkaUserAuthorization{Type: strimziv1.KafkaUserAuthorizationTypeSimple, ACLs: []strimziv1.ACLRule{rule}}})
	}
	quotas := func(q strimziv1.KafkaUserQuotas) func(*kafka.User) { return base(strimziv1.KafkaUserSpec{Quotas: &q}) }
	read := []strimziv1.ACLOperation{strimziv1.ACLOperationRead}
	const acls = " Base.Authorization.ACLs[0]."
	for name, tc := range map[string]struct {
		change func(*kafka.User)
		want   []string
	}{
		"nothing at all":     {func(u *kafka.User) { *u = kafka.User{} }, []string{required + " Name", required + " Cluster"}},
		"name":               {func(u *kafka.User) { u.Name = "Orders_1" }, []string{invalid + " Name"}},
		"name too long":      {func(u *kafka.User) { u.Name = strings.Repeat("a", 65) }, []string{invalid + " Name"}},
		"namespace":          {func(u *kafka.User) { u.Namespace = "a/b" }, []string{invalid + " Namespace"}},
		"cluster":            {func(u *kafka.User) { u.Cluster = "a.b" }, []string{invalid + " Cluster"}},
		"label of a cluster": {func(u *kafka.User) { u.Labels = map[string]string{"strimzi.io/cluster": "other"} }, []string{conflict + " Labels[strimzi.io/cluster]"}},

		"authentication": {func(u *kafka.User) { u.Auth = "oauth" }, []string{invalid + " Auth"}},
		"authentication twice": {func(u *kafka.User) {
			u.Auth = kafka.SCRAM
			u.Base.Authentication = &strimziv1.KafkaUserAuthentication{Type: "tls"}
		}, []string{conflict + " Base.Authentication.Type"}},
		"authentication or not": {func(u *kafka.User) {
			u.Auth = kafka.NoCredentials
			u.Base.Authentication = &strimziv1.KafkaUserAuthentication{Type: "tls"}
		}, []string{conflict + " Base.Authentication"}},
		"authentication of Base": {auth(strimziv1.KafkaUserAuthentication{Type: "plain"}), []string{invalid + " Base.Authentication.Type"}},

		"validity alone":      {func(u *kafka.User) { u.ValidityDays = 90 }, []string{conflict + " ValidityDays"}},
		"renewal alone":       {func(u *kafka.User) { u.RenewalDays = 9 }, []string{conflict + " RenewalDays"}},
		"always renewed":      {func(u *kafka.User) { u.ValidityDays, u.RenewalDays = 30, 30 }, []string{invalid + " RenewalDays"}},
		"validity negative":   {func(u *kafka.User) { u.ValidityDays, u.RenewalDays = -1, 1 }, []string{invalid + " ValidityDays"}},
		"validity of SCRAM":   {func(u *kafka.User) { u.Auth, u.ValidityDays, u.RenewalDays = kafka.SCRAM, 90, 15 }, []string{conflict + " ValidityDays", conflict + " RenewalDays"}},
		"validity elsewhere":  {func(u *kafka.User) { u.Auth, u.ValidityDays, u.RenewalDays = kafka.ExternalTLS, 90, 15 }, []string{conflict + " ValidityDays", conflict + " RenewalDays"}},
		"validity of Base":    {auth(strimziv1.KafkaUserAuthentication{ValidityDays: new(int64(0)), RenewalDays: new(int64(3))}), []string{invalid + " Base.Authentication.ValidityDays", invalid + " Base.Authentication.RenewalDays"}},
		"validity half":       {auth(strimziv1.KafkaUserAuthentication{Type: "tls", ValidityDays: new(int64(9))}), []string{conflict + " Base.Authentication.ValidityDays"}},
		"password of TLS":     {func(u *kafka.User) { u.Password = kafka.SecretKey{Name: "p", Key: "k"} }, []string{conflict + " Password"}},
		"password's key":      {func(u *kafka.User) { u.Auth, u.Password = kafka.SCRAM, kafka.SecretKey{Name: "p"} }, []string{required + " Password.Key", invalid + " Password"}},
		"password's name":     {func(u *kafka.User) { u.Auth, u.Password = kafka.SCRAM, kafka.SecretKey{Name: "P_", Key: "a/b"} }, []string{invalid + " Password.Name", invalid + " Password.Key"}},
		"password of Base":    {auth(strimziv1.KafkaUserAuthentication{Type: "scram-sha-512", Password: &strimziv1.Password{}}), []string{invalid + " Base.Authentication.Password.ValueFrom.SecretKeyRef"}},
		"TLS with a password": {auth(strimziv1.KafkaUserAuthentication{Type: "tls", Password: &strimziv1.Password{}}), []string{conflict + " Base.Authentication.Password"}},

		"nil access":            {access(nil), []string{required + " Access[0]"}},
		"produce nothing":       {access(kafka.Produce{}), []string{required + " Access[0].Topics"}},
		"produce no name":       {access(kafka.Produce{Topics: []string{""}}), []string{required + " Access[0].Topics[0]"}},
		"topic no name":         {access(kafka.Produce{Topics: []string{"a b"}}), []string{invalid + " Access[0].Topics[0]"}},
		"a * inside":            {access(kafka.Produce{Topics: []string{"a*b"}}), []string{invalid + " Access[0].Topics[0]"}},
		"nothing but *":         {access(kafka.Consume{Topics: []string{"**"}, Group: "**"}), []string{invalid + " Access[0].Topics[0]", invalid + " Access[0].Group"}},
		"two *":                 {access(kafka.Produce{Topics: []string{"a**"}}), []string{invalid + " Access[0].Topics[0]"}},
		"topic too long":        {access(kafka.Produce{Topics: []string{strings.Repeat("a", 250)}}), []string{invalid + " Access[0].Topics[0]"}},
		"consume nothing":       {access(kafka.Produce{Topics: []string{"a"}}, kafka.Consume{}), []string{required + " Access[1].Topics", required + " Access[1].Group"}},
		"group with *":          {access(kafka.Consume{Topics: []string{"a"}, Group: "a*b"}), []string{invalid + " Access[0].Group"}},
		"group of two lines":    {access(kafka.Consume{Topics: []string{"a"}, Group: "a\nb"}), []string{invalid + " Access[0].Group"}},
		"transact nothing":      {access(kafka.Transact{}), []string{required + " Access[0].TransactionalID", required + " Access[0].Topics"}},
		"stream nothing":        {access(kafka.Stream{}), []string{required + " Access[0].Application", required + " Access[0].Inputs"}},
		"stream of a prefix":    {access(kafka.Stream{Application: "a*", Inputs: []string{"b"}, Outputs: []string{""}}), []string{invalid + " Access[0].Application", required + " Access[0].Outputs[0]"}},
		"application no name":   {access(kafka.Stream{Application: "my app", Inputs: []string{"b"}}), []string{invalid + " Access[0].Application"}},
		"connect nothing":       {access(kafka.RunConnect{}), []string{required + " Access[0].Group", required + " Access[0].ConfigTopic", required + " Access[0].OffsetTopic", required + " Access[0].StatusTopic"}},
		"connect to a prefix":   {access(kafka.RunConnect{Group: "g", ConfigTopic: "c*", OffsetTopic: "o", StatusTopic: "s"}), []string{invalid + " Access[0].ConfigTopic"}},
		"a host by name":        {access(kafka.Produce{Topics: []string{"a"}, Hosts: []string{"10.0.0.1", "app.company.com"}}), []string{invalid + " Access[0].Hosts[1]"}},
		"a network":             {access(kafka.Consume{Topics: []string{"a"}, Group: "g", Hosts: []string{"10.0.0.0/8"}}), []string{invalid + " Access[0].Hosts[0]"}},
		"a zone":                {access(kafka.Stream{Application: "a", Inputs: []string{"a"}, Hosts: []string{"fe80::1%eth0"}}), []string{invalid + " Access[0].Hosts[0]"}},
		"ACL of nothing":        {access(kafka.ACL{}), []string{required + " Access[0]"}},
		"ACL of two":            {access(kafka.ACL{Topic: "a", Cluster: true, Operations: []kafka.Operation{kafka.OpCreate}}), []string{conflict + " Access[0]"}},
		"ACL of no operation":   {access(kafka.ACL{Group: "a"}), []string{required + " Access[0].Operations"}},
		"ACL of another":        {access(kafka.ACL{Group: "a", Operations: []kafka.Operation{kafka.OpRead, kafka.OpWrite}}), []string{invalid + " Access[0].Operations[1]"}},
		"ACL of a misspelt one": {access(kafka.ACL{TransactionalID: "a", Operations: []kafka.Operation{"write"}}), []string{invalid + " Access[0].Operations[0]"}},
		"ACL of a bad name":     {access(kafka.ACL{Topic: "ä", Operations: []kafka.Operation{kafka.OpRead}}), []string{invalid + " Access[0].Topic"}},

		"rules of nothing": {base(strimziv1.KafkaUserSpec{Authorization: &strimziv1.KafkaUserAuthorization{Type: "simple"}}), []string{required + " Base.Authorization.ACLs"}},
		"rules twice": {func(u *kafka.User) {
			acl(strimziv1.ACLRule{Resource: strimziv1.ACLRuleResource{Type: "topic", Name: new("a")}, Operations: read})(u)
			u.Access = []kafka.Access{kafka.Produce{Topics: []string{"a"}}}
		}, []string{conflict + " Base.Authorization.Type", conflict + " Base.Authorization.ACLs"}},
		"rule of no name":     {acl(strimziv1.ACLRule{Resource: strimziv1.ACLRuleResource{Type: "topic"}, Operations: read}), []string{invalid + acls + "Resource.Name"}},
		"rule with a *":       {acl(strimziv1.ACLRule{Resource: strimziv1.ACLRuleResource{Type: "topic", Name: new("a-*")}, Operations: read}), []string{invalid + acls + "Resource.Name"}},
		"cluster with a name": {acl(strimziv1.ACLRule{Resource: strimziv1.ACLRuleResource{Type: "cluster", Name: new("a")}, Operations: []strimziv1.ACLOperation{"Create"}}), []string{invalid + acls + "Resource.Name"}},
		"rule of nothing":     {acl(strimziv1.ACLRule{Resource: strimziv1.ACLRuleResource{Type: "group", Name: new("a")}}), []string{invalid + acls + "Operations"}},
		"rule of another":     {acl(strimziv1.ACLRule{Resource: strimziv1.ACLRuleResource{Type: "transactionalId", Name: new("a")}, Operations: read}), []string{invalid + acls + "Operations[0]"}},
		"rule of a host":      {acl(strimziv1.ACLRule{Resource: strimziv1.ACLRuleResource{Type: "topic", Name: new("a")}, Operations: read, Host: new("::1")}), []string{invalid + acls + "Host"}},

		"a bound without unit": {func(u *kafka.User) { u.Quotas.Produce = 10 }, []string{invalid + " Quotas.Produce"}},
		"a bound too high":     {func(u *kafka.User) { u.Quotas.Consume = 2 * millrace.GiB }, []string{invalid + " Quotas.Consume"}},
		"a bound below zero": {func(u *kafka.User) {
			u.Quotas = kafka.ClientQuotas{Produce: -1, RequestPercent: -1, Mutations: -1}
		}, []string{invalid + " Quotas.Produce", invalid + " Quotas.RequestPercent", invalid + " Quotas.Mutations"}},
		"a rate that is none":     {func(u *kafka.User) { u.Quotas.Mutations = math.NaN() }, []string{invalid + " Quotas.Mutations"}},
		"a rate without end":      {func(u *kafka.User) { u.Quotas.Mutations = math.Inf(1) }, []string{invalid + " Quotas.Mutations"}},
		"a bound of zero":         {quotas(strimziv1.KafkaUserQuotas{ProducerByteRate: new(int64(0)), ConsumerByteRate: new(int64(0)), RequestPercentage: new(int64(0)), ControllerMutationRate: new(0.0)}), []string{invalid + " Base.Quotas.ProducerByteRate", invalid + " Base.Quotas.ConsumerByteRate", invalid + " Base.Quotas.RequestPercentage", invalid + " Base.Quotas.ControllerMutationRate"}},
		"a bound too large":       {quotas(strimziv1.KafkaUserQuotas{ProducerByteRate: new(int64(1 << 31))}), []string{invalid + " Base.Quotas.ProducerByteRate"}},
		"Strimzi's label":         {func(u *kafka.User) { u.SecretLabels = map[string]string{"strimzi.io/kind": "a"} }, []string{invalid + " SecretLabels[strimzi.io/kind]"}},
		"a label that is dropped": {func(u *kafka.User) { u.SecretAnnotations = map[string]string{"app.kubernetes.io/name": "a"} }, []string{invalid + " SecretAnnotations[app.kubernetes.io/name]"}},
		"labels of the Secret": {func(u *kafka.User) {
			u.SecretLabels, u.SecretAnnotations = map[string]string{"a": "b c"}, map[string]string{"a b": ""}
		}, []string{invalid + " SecretLabels[a]", invalid + " SecretAnnotations[a b]"}},
		"Strimzi's label in Base": {base(strimziv1.KafkaUserSpec{Template: &strimziv1.KafkaUserTemplate{Secret: &strimziv1.ResourceTemplate{Metadata: &strimziv1.MetadataTemplate{Labels: map[string]string{"strimzi.io/x": ""}}}}}), []string{invalid + " Base.Template.Secret.Metadata.Labels[strimzi.io/x]"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := mistakes(t, with(smallUser(), tc.change))
			slices.Sort(got)
			slices.Sort(tc.want)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestUserIsGood holds what is at the edge of what Build refuses.
func TestUserIsGood(t *testing.T) {
	for name, change := range map[string]func(*kafka.User){
		"the longest name":          func(u *kafka.User) { u.Name = strings.Repeat("a", 63) + "." },
		"a long name of a password": func(u *kafka.User) { u.Name, u.Auth = strings.Repeat("a", 100), kafka.SCRAM },
		"a long name elsewhere":     func(u *kafka.User) { u.Name, u.Auth = strings.Repeat("a", 100), kafka.ExternalTLS },
		"a day less":                func(u *kafka.User) { u.ValidityDays, u.RenewalDays = 2, 1 },
		"half in Base": func(u *kafka.User) {
			u.ValidityDays = 2
			u.Base.Authentication = &strimziv1.KafkaUserAuthentication{RenewalDays: new(int64(1))}
		},
		"the largest rate": func(u *kafka.User) { u.Quotas.Produce = 2*millrace.GiB - 1 },
		"everything":       func(u *kafka.User) { *u = *fullUser() },
		"all topics": func(u *kafka.User) {
			u.Access = []kafka.Access{kafka.Consume{Topics: []string{"*"}, Group: "*", Hosts: []string{"*"}}}
		},
		"a group with spaces": func(u *kafka.User) {
			u.Access = []kafka.Access{kafka.Consume{Topics: []string{"a"}, Group: "my group: ä"}}
		},
	} {
		change := with(smallUser(), change)
		change.Name = strings.TrimSuffix(change.Name, ".")
		if got := mistakes(t, change); got != nil {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestUserAuthentication holds what is rendered, and what Kafka calls the user,
// to the fields and Base.
func TestUserAuthentication(t *testing.T) {
	type made struct {
		Auth      *strimziv1.KafkaUserAuthentication
		Principal string
	}
	of := func(kind strimziv1.KafkaUserAuthenticationType) *strimziv1.KafkaUserAuthentication {
		return &strimziv1.KafkaUserAuthentication{Type: kind}
	}
	password := of("scram-sha-512")
	password.Password = &strimziv1.Password{ValueFrom: strimziv1.PasswordSource{SecretKeyRef: &corev1.SecretKeySelector{
		LocalObjectReference: corev1.LocalObjectReference{Name: "etl"}, Key: "password"}}}
	validity := of("tls")
	validity.ValidityDays, validity.RenewalDays = new(int64(90)), new(int64(15))
	for name, tc := range map[string]struct {
		change func(*kafka.User)
		want   made
	}{
		"by default":   {func(*kafka.User) {}, made{of("tls"), "CN=orders"}},
		"certificate":  {func(u *kafka.User) { u.Auth = kafka.MutualTLS }, made{of("tls"), "CN=orders"}},
		"elsewhere":    {func(u *kafka.User) { u.Auth = kafka.ExternalTLS }, made{of("tls-external"), "CN=orders"}},
		"password":     {func(u *kafka.User) { u.Auth = kafka.SCRAM }, made{of("scram-sha-512"), "orders"}},
		"own password": {func(u *kafka.User) { u.Auth, u.Password = kafka.SCRAM, kafka.SecretKey{Name: "etl", Key: "password"} }, made{password, "orders"}},
		"validity":     {func(u *kafka.User) { u.ValidityDays, u.RenewalDays = 90, 15 }, made{validity, "CN=orders"}},
		"none":         {func(u *kafka.User) { u.Auth = kafka.NoCredentials }, made{nil, "orders"}},
		"of Base":      {base(strimziv1.KafkaUserSpec{Authentication: of("scram-sha-512")}), made{of("scram-sha-512"), "orders"}},
	} {
		t.Run(name, func(t *testing.T) {
			u := with(smallUser(), tc.change)
			user, err := u.KafkaUser()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, made{user.Spec.Authentication, u.Principal()}); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	if got := (*kafka.User)(nil).Principal(); got != "" {
		t.Errorf("principal of nil: %q", got)
	}
}
