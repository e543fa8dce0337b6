package kafka

import (
	"fmt"
	"slices"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// accessRules are about who reaches a cluster, and what they may do there.
func accessRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID: listenerRule, Severity: millrace.Error,
			Summary: "Listeners are ones that the operator takes, and can make.",
			Reason:  "The operator refuses the whole cluster for one listener, or ignores what a listener of that type can't have; hosts, ports and addresses that Kubernetes refuses leave clients without a way in.",
			Fix:     "correct the listener",
			Source:  "Strimzi 1.2.0, ListenersValidator.java, KafkaListenerAuthenticationCustom.java",
			Check:   assemblyRule(listenerRule),
		},
		{
			ID: "kafka/listener-auth", Severity: millrace.Warning,
			Summary: "Every listener knows who its clients are.",
			Reason:  "Without a name there are neither ACLs nor quotas, and nobody can tell afterwards who wrote what.",
			Fix:     "set authentication of type tls or scram-sha-512",
			Source:  "Strimzi, con-securing-client-authentication",
			Check:   checkListenerAuth,
		},
		{
			ID: "kafka/open-listener", Severity: millrace.Error,
			Summary: "A listener that reaches outside doesn't let in everybody.",
			Reason:  "Whoever finds the address is in: there is neither authentication nor a bound on where clients come from.",
			Fix:     "set authentication of type tls or scram-sha-512, or bound it with networkPolicyPeers or loadBalancerSourceRanges",
			Source:  "Strimzi, con-securing-client-authentication, ref-kafka-listener-network-policies",
			Check:   checkOpenListener,
		},
		{
			ID: "kafka/ingress-listener", Severity: millrace.Warning,
			Summary: "No listener is of the type ingress.",
			Reason:  "Strimzi deprecates it: it needs the Ingress NGINX controller, which is no longer kept up.",
			Fix:     "use a listener of type tlsroute, loadbalancer or cluster-ip",
			Source:  "Strimzi, CHANGELOG 0.51.0, KafkaSpecChecker.java",
			Check:   checkIngressListener,
		},
		{
			ID: "kafka/authorization", Severity: millrace.Warning,
			Summary: "A cluster that knows its clients says what they may do.",
			Reason:  "Without authorization every client reads and deletes the topics of every other one, and the operator refuses users with ACLs.",
			Fix:     "set spec.kafka.authorization to type simple, and write ACLs in the users",
			Source:  "Strimzi, con-securing-kafka-authorization",
			Check:   on(checkAuthorization),
		},
		{
			ID: authorizerRule, Severity: millrace.Error,
			Summary: "The authorizer has its class, and super users have names that Kafka gives.",
			Reason:  "Without the class no broker starts; a super user whose name is written otherwise is none, and nobody says so.",
			Fix:     "correct spec.kafka.authorization",
			Source:  "Strimzi 1.2.0, KafkaBrokerConfigurationBuilder.java; Apache Kafka, DefaultKafkaPrincipalBuilder",
			Check:   faultRule(authorizerRule),
		},
		{
			ID: authorityRule, Severity: millrace.Error,
			Summary: "Certificates are renewed before they end, and not as soon as they are made.",
			Reason:  "An authority whose certificates are always due is renewed at each look of the operator, which restarts the brokers each time.",
			Fix:     "make renewalDays less than validityDays",
			Source:  "Strimzi 1.2.0, CertificateAuthority.java, Ca.java",
			Check:   faultRule(authorityRule),
		},
		{
			ID: windowRule, Severity: millrace.Error,
			Summary: "Maintenance windows come, last, and come often enough.",
			Reason:  "Certificates are renewed in these windows only. One that is misspelt, or so short that the operator misses it, lets them end, and clients and brokers no longer talk.",
			Fix:     `write windows as cron expressions of Quartz, such as "* * 0-1 ? * SUN"`,
			Source:  "Strimzi, con-maintenance-time-windows; Util.isMaintenanceTimeWindowsSatisfied; Quartz 2.3.2, CronExpression",
			Check:   both(faultRule(windowRule), on(checkWindows)),
		},
		{
			ID: quotasRule, Severity: millrace.Error,
			Summary: "Quotas are ones that their plugin knows.",
			Reason:  "The operator refuses both limits of a disk at once, and ignores what is for the other plugin: brokers are then without the limit that somebody relies on.",
			Fix:     "correct spec.kafka.quotas",
			Source:  "Strimzi 1.2.0, KafkaCluster.validateConfigurationOfQuotasPlugin; con-choosing-a-quota-plugin",
			Check:   faultRule(quotasRule),
		},
	}
}

// eachListener looks at the listeners of a cluster.
func eachListener(pass *millrace.Pass, look func(path string, k *strimziv1.Kafka, l *strimziv1.Listener)) {
	if k, ok := pass.Object.(*strimziv1.Kafka); ok {
		for i := range k.Spec.Kafka.Listeners {
			look(fmt.Sprintf("spec.kafka.listeners[%d]", i), k, &k.Spec.Kafka.Listeners[i])
		}
	}
}

// isOpen reports whether everybody who finds a listener is let in: it is meant
// for clients outside of Kubernetes, knows none of them, and takes them from
// anywhere.
func isOpen(l *strimziv1.Listener) bool {
	return oneOf(l.Type, LoadBalancer, NodePort, Route, TLSRoute, Ingress) && !authenticated(*l) &&
		len(l.NetworkPolicyPeers)+len(configurationOf(l).LoadBalancerSourceRanges) == 0
}

func checkListenerAuth(pass *millrace.Pass) {
	eachListener(pass, func(path string, k *strimziv1.Kafka, l *strimziv1.Listener) {
		if authenticated(*l) || isOpen(l) {
			return
		}
		detail := fmt.Sprintf("the listener %q doesn't ask its clients who they are", l.Name)
		if k.Spec.Kafka.Authorization != nil && !slices.Contains(k.Spec.Kafka.Authorization.SuperUsers, anonymous) {
			detail += ", and with authorization they may do nothing"
		}
		pass.Report(path+".authentication", detail)
	})
}

func checkOpenListener(pass *millrace.Pass) {
	eachListener(pass, func(path string, _ *strimziv1.Kafka, l *strimziv1.Listener) {
		if isOpen(l) {
			pass.Report(path+".authentication", fmt.Sprintf("the listener %q, of type %s, is open to everybody", l.Name, l.Type))
		}
	})
}

func checkIngressListener(pass *millrace.Pass) {
	eachListener(pass, func(path string, _ *strimziv1.Kafka, l *strimziv1.Listener) {
		if oneOf(l.Type, Ingress) {
			pass.Report(path+".type", fmt.Sprintf("the listener %q is of a type that Strimzi deprecates", l.Name))
		}
	})
}

func checkAuthorization(pass *millrace.Pass, k *strimziv1.Kafka) {
	if k.Spec.Kafka.Authorization == nil && slices.ContainsFunc(k.Spec.Kafka.Listeners, authenticated) {
		pass.Report("spec.kafka.authorization", "every client may do everything")
	}
}
