package kafka_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// userScene is a user without a fault, and the cluster that it is of.
type userScene struct {
	kafka *strimziv1.Kafka
	user  *strimziv1.KafkaUser
}

// rule is a rule of a loaded user.
func rule(kind strimziv1.ACLResourceType, name string, ops ...strimziv1.ACLOperation) strimziv1.ACLRule {
	return strimziv1.ACLRule{Resource: strimziv1.ACLRuleResource{Type: kind, Name: new(name)}, Operations: ops}
}

func denied(r strimziv1.ACLRule) strimziv1.ACLRule {
	r.Type = strimziv1.ACLRuleTypeDeny
	return r
}

func prefixed(r strimziv1.ACLRule) strimziv1.ACLRule {
	r.Resource.PatternType = strimziv1.ACLPatternTypePrefix
	return r
}

func from(host string, r strimziv1.ACLRule) strimziv1.ACLRule {
	r.Host = new(host)
	return r
}

func goodUser() *userScene {
	return &userScene{
		kafka: loadedKafka(func(k *strimziv1.Kafka) {
			k.Spec.Kafka.Authorization = &strimziv1.KafkaAuthorization{Type: strimziv1.KafkaAuthorizationTypeSimple, SuperUsers: []string{"CN=admin", "etl"}}
			k.Spec.Kafka.Listeners[0].Authentication = &strimziv1.ListenerAuthentication{Type: strimziv1.ListenerAuthenticationTypeTLS}
			k.Spec.EntityOperator = &strimziv1.EntityOperatorSpec{UserOperator: &strimziv1.EntityUserOperatorSpec{}}
		}),
		user: &strimziv1.KafkaUser{TypeMeta: kind("KafkaUser"), ObjectMeta: meta("etl"), Spec: strimziv1.KafkaUserSpec{
			Authentication: &strimziv1.KafkaUserAuthentication{Type: strimziv1.KafkaUserAuthenticationTypeTLS},
			Authorization: &strimziv1.KafkaUserAuthorization{Type: strimziv1.KafkaUserAuthorizationTypeSimple, ACLs: []strimziv1.ACLRule{
				from("*", rule("topic", "orders", "Describe", "Read")), rule("group", "etl", "Read")}},
			Quotas: &strimziv1.KafkaUserQuotas{ProducerByteRate: new(int64(1 << 20))},
		}},
	}
}

func TestUserRules(t *testing.T) {
	acls := func(rules ...strimziv1.ACLRule) func(*userScene) {
		return func(s *userScene) { s.user.Spec.Authorization.ACLs = append(s.user.Spec.Authorization.ACLs, rules...) }
	}
	const first = "spec.authorization.acls[2]"
	for name, tc := range map[string]struct {
		change func(*userScene)
		want   string
	}{
		"nothing wrong": {func(*userScene) {}, ""},

		"old API":        {func(s *userScene) { s.user.APIVersion = "kafka.strimzi.io/v1beta2" }, "version: apiVersion"},
		"no cluster":     {func(s *userScene) { s.user.Labels = nil }, "user-cluster-label: metadata.labels[strimzi.io/cluster]"},
		"other cluster":  {func(s *userScene) { s.user.Labels["strimzi.io/cluster"] = "other"; s.user.Spec.Quotas = nil }, "unknown-cluster: metadata.labels[strimzi.io/cluster]"},
		"no operator":    {func(s *userScene) { s.kafka.Spec.EntityOperator.UserOperator = nil }, "user-operator: metadata.labels[strimzi.io/cluster]"},
		"no operators":   {func(s *userScene) { s.kafka.Spec.EntityOperator = nil }, "user-operator: metadata.labels[strimzi.io/cluster]"},
		"looks away":     {func(s *userScene) { s.kafka.Spec.EntityOperator.UserOperator.WatchedNamespace = new("team") }, "user-operator: metadata.namespace"},
		"looks here":     {func(s *userScene) { s.kafka.Spec.EntityOperator.UserOperator.WatchedNamespace = new("kafka") }, ""},
		"of another one": {func(s *userScene) { s.user.Namespace = "team"; s.user.Spec.Quotas = nil }, "unknown-cluster: metadata.namespace"},
		"looks over there": {func(s *userScene) {
			s.user.Namespace, s.user.Spec.Quotas = "team", nil
			s.kafka.Spec.EntityOperator.UserOperator.WatchedNamespace = new("team")
		}, "user-unbounded: spec.quotas"},
		"the topics' operator looks there": {func(s *userScene) {
			s.user.Namespace, s.user.Spec.Quotas = "team", nil
			s.kafka.Spec.EntityOperator.TopicOperator = &strimziv1.EntityTopicOperatorSpec{WatchedNamespace: new("team")}
		}, "unknown-cluster: metadata.namespace"},

		"a long name":      {func(s *userScene) { s.user.Name = strings.Repeat("a", 65) }, "user-spec: metadata.name"},
		"a name that fits": {func(s *userScene) { s.user.Name = strings.Repeat("a", 64) }, ""},
		"no key": {func(s *userScene) {
			s.user.Spec.Authentication = &strimziv1.KafkaUserAuthentication{Type: "scram-sha-512", Password: &strimziv1.Password{}}
			s.kafka.Spec.Kafka.Listeners[0].Authentication.Type = "scram-sha-512"
			s.kafka.Spec.Kafka.Authorization.SuperUsers = nil
		}, "user-spec: spec.authentication.password.valueFrom.secretKeyRef"},
		"a rule of nothing": {acls(strimziv1.ACLRule{Resource: strimziv1.ACLRuleResource{Type: "topic"}, Operations: []strimziv1.ACLOperation{"Read"}}), "user-spec: " + first + ".resource.name"},
		"no quota":          {func(s *userScene) { s.user.Spec.Quotas.ProducerByteRate = new(int64(0)) }, "user-spec: spec.quotas.producerByteRate"},
		"a large quota":     {func(s *userScene) { s.user.Spec.Quotas.RequestPercentage = new(int64(1 << 31)) }, "user-spec: spec.quotas.requestPercentage"},
		"Strimzi's label": {func(s *userScene) {
			s.user.Spec.Template = &strimziv1.KafkaUserTemplate{Secret: &strimziv1.ResourceTemplate{Metadata: &strimziv1.MetadataTemplate{Annotations: map[string]string{"strimzi.io/x": "", "company.com/x": ""}}}}
		}, "user-spec: spec.template.secret.metadata.annotations[strimzi.io/x]"},

		"no authorizer": {func(s *userScene) { s.kafka.Spec.Kafka.Authorization = nil }, "user-authorization: spec.authorization"},
		"a custom one":  {func(s *userScene) { s.kafka.Spec.Kafka.Authorization = &strimziv1.KafkaAuthorization{Type: "custom"} }, "user-authorization: spec.authorization"},
		"a custom for ACLs": {func(s *userScene) {
			s.kafka.Spec.Kafka.Authorization = &strimziv1.KafkaAuthorization{Type: "custom", SupportsAdminAPI: new(true)}
		}, ""},
		"neither":   {func(s *userScene) { s.kafka.Spec.Kafka.Authorization, s.user.Spec.Authorization = nil, nil }, ""},
		"no rights": {func(s *userScene) { s.user.Spec.Authorization = nil }, "user-without-access: spec.authorization"},
		"nothing allowed": {func(s *userScene) {
			s.user.Spec.Authorization.ACLs = []strimziv1.ACLRule{denied(rule("topic", "a", "Read"))}
		}, "user-without-access: spec.authorization"},
		"a super user":   {func(s *userScene) { s.user.Name, s.user.Spec.Authorization, s.user.Spec.Quotas = "admin", nil, nil }, ""},
		"a super user's": {func(s *userScene) { s.user.Name = "admin" }, "superuser-acls: spec.authorization.acls"},
		"no super user":  {func(s *userScene) { s.user.Name = "admin2" }, ""},

		"a password":  {func(s *userScene) { s.user.Spec.Authentication.Type, s.user.Name = "scram-sha-512", "b" }, "user-listener: spec.authentication.type"},
		"no listener": {func(s *userScene) { s.kafka.Spec.Kafka.Listeners[0].Authentication = nil }, "user-listener: spec.authentication.type"},
		"elsewhere":   {func(s *userScene) { s.user.Spec.Authentication.Type = "tls-external" }, ""},
		"custom": {func(s *userScene) {
			s.user.Spec.Authentication.Type, s.user.Name, s.kafka.Spec.Kafka.Listeners[0].Authentication.Type = "scram-sha-512", "b", "custom"
		}, ""},
		"without any": {func(s *userScene) { s.user.Spec.Authentication, s.user.Name = nil, "b" }, "user-authentication: spec.authentication"},
		"without, but": {func(s *userScene) {
			s.user.Spec.Authentication, s.user.Name, s.kafka.Spec.Kafka.Listeners[0].Authentication.Type = nil, "b", "custom"
		}, ""},

		"All":                 {acls(rule("topic", "a", "All")), "user-wildcard: " + first + ".operations"},
		"every topic":         {acls(rule("topic", "*", "Read")), "user-wildcard: " + first + ".resource.name"},
		"every topic's name":  {acls(rule("topic", "*", "Describe", "DescribeConfigs")), ""},
		"a prefix":            {acls(prefixed(rule("topic", "a-", "Read", "Write", "Alter"))), ""},
		"denied to everybody": {acls(denied(rule("topic", "*", "Delete"))), ""},
		"ACLs":                {acls(strimziv1.ACLRule{Resource: strimziv1.ACLRuleResource{Type: "cluster"}, Operations: []strimziv1.ACLOperation{"Alter"}}), "user-wildcard: " + first + ".operations"},
		"the cluster's":       {acls(strimziv1.ACLRule{Resource: strimziv1.ACLRuleResource{Type: "cluster"}, Operations: []strimziv1.ACLOperation{"Describe"}}), ""},

		"no such operation":  {acls(rule("group", "a", "Write")), "user-idle-acl: " + first + ".operations[0]"},
		"a literal *":        {acls(rule("topic", "a-*", "Read")), "user-idle-acl: " + first + ".resource.name"},
		"a prefix of a *":    {acls(prefixed(rule("topic", "*", "Read"))), "user-idle-acl: " + first + ".resource.name"},
		"a host by name":     {acls(from("app", rule("topic", "a", "Read"))), "user-idle-acl: " + first + ".host"},
		"a host in short":    {acls(from("::1", rule("topic", "a", "Read"))), "user-idle-acl: " + first + ".host"},
		"a host in full":     {acls(from("0:0:0:0:0:0:0:1", rule("topic", "a", "Read"))), ""},
		"denied":             {acls(rule("topic", "a-b", "Write"), denied(prefixed(rule("topic", "a-", "Write", "Read")))), "user-idle-acl: " + first + ".operations[0]"},
		"all denied":         {acls(rule("topic", "a", "Write"), denied(rule("topic", "a", "All"))), "user-idle-acl: " + first + ".operations[0]"},
		"denied for some":    {acls(prefixed(rule("topic", "a-", "Write")), denied(rule("topic", "a-b", "Write"))), ""},
		"denied from a host": {acls(rule("topic", "a", "Write"), denied(from("10.0.0.1", rule("topic", "a", "Write")))), ""},
		"another denied":     {acls(rule("topic", "a", "Write"), denied(rule("topic", "a", "Delete"))), ""},
		"a label dropped": {func(s *userScene) {
			s.user.Spec.Template = &strimziv1.KafkaUserTemplate{Secret: &strimziv1.ResourceTemplate{Metadata: &strimziv1.MetadataTemplate{Labels: map[string]string{"app.kubernetes.io/name": ""}}}}
		}, "user-idle-acl: spec.template.secret.metadata.labels[app.kubernetes.io/name]"},

		"Strimzi's quotas": {func(s *userScene) { s.kafka.Spec.Kafka.Quotas = &strimziv1.QuotasPlugin{Type: "strimzi"} }, "user-quotas: spec.quotas"},
		"Kafka's quotas":   {func(s *userScene) { s.kafka.Spec.Kafka.Quotas = &strimziv1.QuotasPlugin{Type: "kafka"} }, ""},
		"no quotas":        {func(s *userScene) { s.user.Spec.Quotas = nil }, "user-unbounded: spec.quotas"},
		"empty quotas":     {func(s *userScene) { s.user.Spec.Quotas = &strimziv1.KafkaUserQuotas{} }, "user-unbounded: spec.quotas"},
		"quotas of the cluster": {func(s *userScene) {
			s.user.Spec.Quotas, s.kafka.Spec.Kafka.Quotas = nil, &strimziv1.QuotasPlugin{Type: "kafka"}
		}, ""},
		"no cluster, nor quotas": {func(s *userScene) { s.kafka.Name, s.user.Spec.Quotas = "other", nil }, "unknown-cluster: metadata.labels[strimzi.io/cluster]"},
	} {
		t.Run(name, func(t *testing.T) {
			s := goodUser()
			tc.change(s)
			var want []string
			if rule, field, ok := strings.Cut(tc.want, ": "); ok {
				want = []string{"kafka/" + rule + " " + s.user.Name + ": " + field}
			}
			// The cluster's own faults are for others.
			got := slices.DeleteFunc(check(t, build(t, millrace.Parts{Objects: []millrace.Object{s.kafka, s.user}})),
				func(finding string) bool { return !strings.Contains(finding, " "+s.user.Name+": ") })
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestUsersOfAClusterPass holds what the builders make together to the rules.
func TestUsersOfAClusterPass(t *testing.T) {
	cluster := smallCluster()
	user := with(smallUser(), func(u *kafka.User) {
		u.Access = []kafka.Access{kafka.Produce{Topics: []string{"orders"}}}
		u.Quotas.Produce = 10 * millrace.MiB
	})
	if got := check(t, build(t, cluster, smallTopic(), user)); got != nil {
		t.Errorf("%q", got)
	}
	admin := with(smallUser(), func(u *kafka.User) { u.Name = "admin" })
	cluster.Authorization.SuperUsers = []string{admin.Principal()}
	if got := check(t, build(t, cluster, admin)); got != nil {
		t.Errorf("a super user: %q", got)
	}
}
