package kafka

import (
	"cmp"
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

func checkPlaintextClient(pass *millrace.Pass) {
	for _, c := range clientsOf(pass.Object) {
		if c.tls == nil && c.servers != "" {
			pass.Report(c.path+".tls", "the brokers are reached without TLS")
		}
	}
}

func checkClientListener(pass *millrace.Pass) {
	for _, c := range clientsOf(pass.Object) {
		k, port, ok := kafkaOf(pass.Bundle, pass.Object.GetNamespace(), c.servers)
		if !ok {
			continue
		}
		l, ok := listenerAt(k, port)
		if !ok {
			pass.Report(c.path+".bootstrapServers", fmt.Sprintf("the cluster %s has no internal listener on port %d", k.Name, port))
			continue
		}
		switch {
		case l.TLS && c.tls == nil:
			pass.Report(c.path+".tls", fmt.Sprintf("the listener %s of the cluster %s speaks TLS", l.Name, k.Name))
		case !l.TLS && c.tls != nil:
			pass.Report(c.path+".tls", fmt.Sprintf("the listener %s of the cluster %s doesn't speak TLS", l.Name, k.Name))
		}
		if want, ok := loginFor(l); ok && !loginFits(want, c.auth) {
			have := "nothing"
			if c.auth != nil {
				have = string(c.auth.Type)
			}
			pass.Report(c.path+".authentication", fmt.Sprintf("the listener %s of the cluster %s asks for %s, and gets %s", l.Name, k.Name, cmp.Or(want, "nothing"), have))
		}
	}
}

// listenerAt returns the listener of a cluster's bootstrap service that is on a
// port. The service has those of type internal only.
// Source: Strimzi, ListenersUtils.java, KafkaCluster.java.
func listenerAt(k *strimziv1.Kafka, port int) (*strimziv1.Listener, bool) {
	for i := range k.Spec.Kafka.Listeners {
		if l := &k.Spec.Kafka.Listeners[i]; l.Port == int64(port) && l.Type == strimziv1.ListenerTypeInternal {
			return l, true
		}
	}
	return nil, false
}

// loginFor returns what a listener asks for, "" for nothing. It reports false
// where that can't be told.
func loginFor(l *strimziv1.Listener) (string, bool) {
	if l.Authentication == nil {
		return "", true
	}
	kind := string(l.Authentication.Type)
	return kind, kind == string(MutualTLS) || kind == string(SCRAM)
}

// loginFits reports whether a client can log in. One with a certificate can
// where nobody asks for it.
func loginFits(want string, have *strimziv1.ClientAuthentication) bool {
	switch {
	case have == nil:
		return want == ""
	case have.Type == strimziv1.ClientAuthenticationTypeCustom:
		return true
	case have.Type == strimziv1.ClientAuthenticationTypeTLS:
		return want == "" || want == string(MutualTLS)
	}
	return string(have.Type) == want
}

func checkClientUser(pass *millrace.Pass) {
	namespace := pass.Object.GetNamespace()
	for _, c := range clientsOf(pass.Object) {
		if c.auth == nil {
			continue
		}
		path, secret := c.path+".authentication", ""
		if a := c.auth.CertificateAndKey; a != nil {
			path, secret = path+".certificateAndKey.secretName", a.SecretName
		} else if a := c.auth.PasswordSecret; a != nil {
			path, secret = path+".passwordSecret.secretName", a.SecretName
		}
		user, ok := userOf(pass, namespace, secret)
		if !ok {
			continue
		}
		if auth := user.Spec.Authentication; auth != nil && string(auth.Type) != string(c.auth.Type) {
			pass.Report(path, fmt.Sprintf("the KafkaUser %s is of type %s, and the client logs in by %s", user.Name, auth.Type, c.auth.Type))
			continue
		}
		if name := deref(c.auth.Username); c.auth.PasswordSecret != nil && name != user.Name {
			pass.Report(c.path+".authentication.username", fmt.Sprintf("the password is that of the KafkaUser %s, and the name %q", user.Name, name))
		}
		if k, _, ok := kafkaOf(pass.Bundle, namespace, c.servers); ok && user.Labels[clusterLabel] != k.Name {
			pass.Report(path, fmt.Sprintf("the KafkaUser %s is one of the cluster %q, and the client's is %s", user.Name, user.Labels[clusterLabel], k.Name))
		}
	}
}

// userOf returns the user of the bundle whose secret has a name.
func userOf(pass *millrace.Pass, namespace, secret string) (*strimziv1.KafkaUser, bool) {
	type index struct{}
	type of struct{ namespace, secret string }
	user, ok := once(pass, index{}, func() map[of]*strimziv1.KafkaUser {
		out := map[of]*strimziv1.KafkaUser{}
		for user := range all[*strimziv1.KafkaUser](pass.Bundle, userKind) {
			prefix := ""
			if k, ok := clusterOf(pass.Bundle, user); ok && k.Spec.EntityOperator != nil && k.Spec.EntityOperator.UserOperator != nil {
				prefix = deref(k.Spec.EntityOperator.UserOperator.SecretPrefix)
			}
			if id := (of{user.Namespace, prefix + user.Name}); out[id] == nil {
				out[id] = user
			}
		}
		return out
	})[of{namespace, secret}]
	return user, ok
}
