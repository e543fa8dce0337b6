package kafka

import (
	"fmt"
	"slices"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

func userRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID: "kafka/user-cluster-label", Severity: millrace.Error,
			Summary: "Every user names its cluster.",
			Reason:  "Without the label strimzi.io/cluster no operator looks at the user: there are no credentials, and no status that says so.",
			Fix:     "add the label strimzi.io/cluster with the name of the Kafka object",
			Source:  "Strimzi, UserOperatorConfig.LABELS; strimzi-kafka-operator#8676",
			Check:   onUser(checkUserLabel),
		},
		{
			ID: "kafka/user-operator", Severity: millrace.Error,
			Summary: "The user operator of a user's cluster looks at the user.",
			Reason:  "Without spec.entityOperator.userOperator nobody makes credentials or ACLs; with a watchedNamespace, nobody looks at users elsewhere, the cluster's own namespace among it.",
			Fix:     "add spec.entityOperator.userOperator to the cluster, or move the user to the namespace that it watches",
			Source:  "Strimzi, EntityUserOperator.java",
			Check:   onUser(checkUserOperator),
		},
		{
			ID: userRule, Severity: millrace.Error,
			Summary: "A user is one that the operator takes.",
			Reason:  "The operator refuses the user, which never becomes ready: the name doesn't fit into a certificate, the password's Secret has no name or no key, a rule names nothing, a quota is 0 or too large a number, or the Secret would get labels of Strimzi's own.",
			Fix:     "correct it",
			Source:  "Strimzi, KafkaUserModel.java, SimpleAclRuleResource.java, KafkaUserQuotas.java, Util.mergeLabelsOrAnnotations; Apache Kafka 4.3, ClientQuotaControlManager",
			Check:   faultRule(userRule),
		},
		{
			ID: "kafka/user-authorization", Severity: millrace.Error,
			Summary: "Users have ACLs only where their cluster has an authorizer for them.",
			Reason:  "The operator refuses the user, who gets no credentials; and in a cluster without authorization everybody may do everything.",
			Fix:     "set spec.kafka.authorization of the cluster to type simple, or to a custom one with supportsAdminApi",
			Source:  "Strimzi, KafkaUserModel.fromCrd; strimzi-kafka-operator#2832, #3778",
			Check:   onUser(checkUserAuthorization),
		},
		{
			ID: "kafka/user-without-access", Severity: millrace.Warning,
			Summary: "In a cluster with ACLs a user may do something.",
			Reason:  "Without a rule, and without being a super user, whoever connects is refused everything.",
			Fix:     "say in spec.authorization what the user may do",
			Source:  "Apache Kafka, Authorization and ACLs: no resource is accessible by default",
			Check:   onUser(checkUserAccess),
		},
		{
			ID: "kafka/user-listener", Severity: millrace.Error,
			Summary: "A user's kind of credentials is one that a listener of their cluster takes.",
			Reason:  "The operator makes the credentials, and no client can connect with them.",
			Fix:     "give a listener that authentication, or the user another one",
			Source:  "Strimzi, con-securing-client-authentication; strimzi-kafka-operator#3337",
			Check:   onUser(checkUserListener),
		},
		{
			ID: "kafka/user-authentication", Severity: millrace.Warning,
			Summary: "Every user has credentials.",
			Reason:  "Without spec.authentication the operator makes none: rights and quotas are for a name that clients can only come to by an authentication that isn't Strimzi's.",
			Fix:     "set spec.authentication, or give the cluster a listener with custom authentication",
			Source:  "Strimzi, KafkaUserSpec, authentication",
			Check:   onUser(checkUserAuthentication),
		},
		{
			ID: "kafka/user-wildcard", Severity: millrace.Warning,
			Summary: "No user may do everything, or change what anybody may do.",
			Reason:  "One stolen credential is then the whole cluster: All and * grow with each topic that somebody adds, and Alter on the cluster writes ACLs, its own among them.",
			Fix:     "name topics, groups and operations, or prefixes; make an administrator a super user, so that it is seen",
			Source:  "Apache Kafka, Authorization and ACLs; Strimzi, con-securing-client-authorization",
			Check:   onUser(checkUserWildcard),
		},
		{
			ID: idleACLRule, Severity: millrace.Warning,
			Summary: "Every rule of a user does something.",
			Reason:  "Kafka takes rules that never match: an operation that it doesn't ask for on such a thing, a * inside of a literal name, a host name in place of an address, what another rule denies anyhow. Who wrote them believes that they hold.",
			Fix:     "correct the rule, or remove it",
			Source:  "Apache Kafka 4.3, StandardAuthorizerData, AclEntry.supportedOperations",
			Check:   both(faultRule(idleACLRule), on(checkDeniedACLs)),
		},
		{
			ID: "kafka/superuser-acls", Severity: millrace.Warning,
			Summary: "A super user has no ACLs.",
			Reason:  "A super user may do everything, so that the rules, those that deny among them, do nothing.",
			Fix:     "take the user out of spec.kafka.authorization.superUsers, or leave the rules out",
			Source:  "Apache Kafka 4.3, StandardAuthorizerData.authorize",
			Check:   onUser(checkSuperUser),
		},
		{
			ID: "kafka/user-quotas", Severity: millrace.Warning,
			Summary: "A user's quotas hold.",
			Reason:  "Strimzi's own quota plugin knows no users: their quotas are stored, and nobody is slowed down.",
			Fix:     "leave spec.quotas out, or set spec.kafka.quotas of the cluster to type kafka",
			Source:  "Strimzi, con-choosing-a-quota-plugin; kafka-quotas-plugin#32",
			Check:   onUser(checkUserQuotas),
		},
		{
			ID: "kafka/user-unbounded", Severity: millrace.Info,
			Summary: "A user's share of the brokers is bounded.",
			Reason:  "One client in a loop takes the network and the threads of all others.",
			Fix:     "set spec.quotas of the user, or spec.kafka.quotas of the cluster",
			Source:  "Apache Kafka, Design, Quotas; Strimzi, con-configuring-client-quotas",
			Check:   onUser(checkUserUnbounded),
		},
	}
}

// onUser looks at users alone. The cluster is nil where it isn't known.
func onUser(check func(pass *millrace.Pass, user *strimziv1.KafkaUser, cluster *strimziv1.Kafka)) func(*millrace.Pass) {
	return on(func(pass *millrace.Pass, user *strimziv1.KafkaUser) {
		cluster, _ := clusterOf(pass.Bundle, user)
		check(pass, user, cluster)
	})
}

func checkUserLabel(pass *millrace.Pass, user *strimziv1.KafkaUser, _ *strimziv1.Kafka) {
	if user.Labels[clusterLabel] == "" {
		pass.Report(at("metadata.labels", clusterLabel), "the user names no cluster")
	}
}

func checkUserOperator(pass *millrace.Pass, user *strimziv1.KafkaUser, cluster *strimziv1.Kafka) {
	if cluster == nil {
		return
	}
	switch watched, ok := watches(cluster, user); {
	case !ok:
		pass.Report(at("metadata.labels", clusterLabel), fmt.Sprintf("the cluster %s has no user operator", cluster.Name))
	case watched != user.Namespace:
		pass.Report("metadata.namespace", fmt.Sprintf("the user operator of %s looks at the namespace %s alone", cluster.Name, watched))
	}
}

// authorizes reports whether a cluster has an authorizer that takes ACLs.
// Source: Strimzi, EntityUserOperator: aclsAdminApiSupported.
func authorizes(cluster *strimziv1.Kafka) bool {
	a := cluster.Spec.Kafka.Authorization
	return a != nil && (a.Type == strimziv1.KafkaAuthorizationTypeSimple || deref(a.SupportsAdminAPI))
}

func checkUserAuthorization(pass *millrace.Pass, user *strimziv1.KafkaUser, cluster *strimziv1.Kafka) {
	if cluster != nil && user.Spec.Authorization != nil && !authorizes(cluster) {
		pass.Report("spec.authorization", fmt.Sprintf("the cluster %s has no authorizer that takes ACLs", cluster.Name))
	}
}

func checkUserAccess(pass *millrace.Pass, user *strimziv1.KafkaUser, cluster *strimziv1.Kafka) {
	if cluster == nil || !authorizes(cluster) || isSuperUser(user, cluster) {
		return
	}
	a := user.Spec.Authorization
	if a == nil || !slices.ContainsFunc(a.ACLs, func(rule strimziv1.ACLRule) bool { return rule.Type != strimziv1.ACLRuleTypeDeny }) {
		pass.Report("spec.authorization", fmt.Sprintf("the cluster %s has ACLs, and none of them allows the user anything", cluster.Name))
	}
}

// isSuperUser reports whether the user may do everything.
func isSuperUser(user *strimziv1.KafkaUser, cluster *strimziv1.Kafka) bool {
	a := cluster.Spec.Kafka.Authorization
	return a != nil && slices.Contains(a.SuperUsers, principal(user.Name, &user.Spec))
}

func checkSuperUser(pass *millrace.Pass, user *strimziv1.KafkaUser, cluster *strimziv1.Kafka) {
	if cluster != nil && user.Spec.Authorization != nil && len(user.Spec.Authorization.ACLs) > 0 && isSuperUser(user, cluster) {
		pass.Report("spec.authorization.acls", fmt.Sprintf("%s is a super user of %s", principal(user.Name, &user.Spec), cluster.Name))
	}
}

// takes reports whether a cluster has a listener with one of some kinds of
// authentication.
func takes(cluster *strimziv1.Kafka, kinds ...strimziv1.ListenerAuthenticationType) bool {
	return slices.ContainsFunc(cluster.Spec.Kafka.Listeners, func(l strimziv1.Listener) bool {
		return l.Authentication != nil && slices.Contains(kinds, l.Authentication.Type)
	})
}

func checkUserListener(pass *millrace.Pass, user *strimziv1.KafkaUser, cluster *strimziv1.Kafka) {
	a := user.Spec.Authentication
	if cluster == nil || a == nil {
		return
	}
	kind := strimziv1.ListenerAuthenticationTypeTLS
	if a.Type == strimziv1.KafkaUserAuthenticationTypeSCRAMSHA512 {
		kind = strimziv1.ListenerAuthenticationTypeSCRAMSHA512
	}
	// Who knows what a custom one takes.
	if !takes(cluster, kind, strimziv1.ListenerAuthenticationTypeCustom) {
		pass.Report("spec.authentication.type", fmt.Sprintf("no listener of %s has the authentication %s", cluster.Name, kind))
	}
}

func checkUserAuthentication(pass *millrace.Pass, user *strimziv1.KafkaUser, cluster *strimziv1.Kafka) {
	if user.Spec.Authentication == nil && (cluster == nil || !takes(cluster, strimziv1.ListenerAuthenticationTypeCustom)) {
		pass.Report("spec.authentication", "the user has no credentials")
	}
}

func checkUserWildcard(pass *millrace.Pass, user *strimziv1.KafkaUser, _ *strimziv1.Kafka) {
	if user.Spec.Authorization == nil {
		return
	}
	for i := range user.Spec.Authorization.ACLs {
		rule := &user.Spec.Authorization.ACLs[i]
		ops, place := setOfRule(rule), placeOf(rule)
		path := fmt.Sprintf("spec.authorization.acls[%d]", i)
		switch {
		case place.deny:
		case ops&setOf(OpAll) != 0:
			pass.Report(path+".operations", "the user may do All")
		case place.kind == clusterACL && ops&setOf(OpAlter, OpAlterConfigs, OpClusterAction) != 0:
			pass.Report(path+".operations", "the user may change ACLs or settings of the brokers, or be one")
		case place.kind != clusterACL && !place.prefix && place.name == anyName && ops&^setOf(OpDescribe, OpDescribeConfigs) != 0:
			pass.Report(path+".resource.name", fmt.Sprintf("the rule is about every %s", place.kind))
		}
	}
}

// checkDeniedACLs reports what other rules deny.
func checkDeniedACLs(pass *millrace.Pass, user *strimziv1.KafkaUser) {
	if user.Spec.Authorization == nil {
		return
	}
	rules := user.Spec.Authorization.ACLs
	for i := range rules {
		allowed := placeOf(&rules[i])
		if allowed.deny {
			continue
		}
		for j := range rules {
			denied := placeOf(&rules[j])
			if !denied.deny || !denied.covers(allowed) {
				continue
			}
			for k, op := range rules[i].Operations {
				if setOfRule(&rules[j])&setOf(Operation(op), OpAll) != 0 {
					pass.Report(fmt.Sprintf("spec.authorization.acls[%d].operations[%d]", i, k), fmt.Sprintf("acls[%d] denies %s", j, op))
				}
			}
		}
	}
}

func checkUserQuotas(pass *millrace.Pass, user *strimziv1.KafkaUser, cluster *strimziv1.Kafka) {
	if cluster == nil || user.Spec.Quotas == nil {
		return
	}
	if q := cluster.Spec.Kafka.Quotas; q != nil && q.Type == strimziv1.QuotasPluginTypeStrimzi {
		pass.Report("spec.quotas", fmt.Sprintf("the cluster %s has Strimzi's quota plugin, which knows no users", cluster.Name))
	}
}

func checkUserUnbounded(pass *millrace.Pass, user *strimziv1.KafkaUser, cluster *strimziv1.Kafka) {
	if q := user.Spec.Quotas; q != nil && *q != (strimziv1.KafkaUserQuotas{}) || cluster == nil || cluster.Spec.Kafka.Quotas != nil || isSuperUser(user, cluster) {
		return
	}
	pass.Report("spec.quotas", "neither the user nor the cluster "+cluster.Name+" has quotas")
}
