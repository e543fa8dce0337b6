package kafka

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
)

// SecretValue is the value of a setting that Connect takes from a secret when
// it starts a connector: the password is in no manifest, and in no answer of
// Connect's API. Connect.Secrets must name the secret.
//
// Rendered as ${secrets:namespace/name:key} in spec.config of the connector.
type SecretValue struct {
	// Namespace is where the secret is.
	//
	// Empty means that of the workers.
	Namespace string

	// Secret is the name of the secret, Key the key in it. Required.
	Secret, Key string
}

// String returns the reference that stands in the connector's settings:
// "${secrets:namespace/name:key}".
func (v SecretValue) String() string {
	name := v.Secret
	if v.Namespace != "" {
		name = v.Namespace + "/" + name
	}
	return "${" + secretsProvider + ":" + name + ":" + v.Key + "}"
}

const (
	// secretsProvider is what the provider of secrets is called, as in
	// Strimzi's documentation.
	secretsProvider      = "secrets"
	secretsProviderClass = "io.strimzi.kafka.KubernetesSecretConfigProvider"

	keyProviders = "config.providers"
)

// withSecrets sets the provider of secrets, beside those that the user has, and
// returns the rest of the user's settings.
func withSecrets(s *settings, config map[string]string, secrets []string) map[string]string {
	if len(secrets) == 0 {
		return config
	}
	providers := []string{secretsProvider}
	for own := range strings.SplitSeq(config[keyProviders], ",") {
		if own = strings.TrimSpace(own); own != "" && own != secretsProvider {
			providers = append(providers, own)
		}
	}
	s.set("Secrets", keyProviders, strings.Join(providers, ","))
	s.set("Secrets", keyProviders+"."+secretsProvider+".class", secretsProviderClass)
	config = maps.Clone(config)
	delete(config, keyProviders)
	return config
}

// access lets the workers read the secrets that connectors name, and no others.
func (c *Connect) access(p *millrace.Problems) []millrace.Object {
	if len(c.Secrets) == 0 {
		return nil
	}
	if c.Namespace == "" {
		p.Required("Namespace", "the right to read secrets is given to a service account of a namespace")
	}
	for i, name := range c.Secrets {
		field := fmt.Sprintf("Secrets[%d]", i)
		p.Name(field, name)
		if slices.Index(c.Secrets, name) < i {
			p.Add(millrace.RuleDuplicate, field, fmt.Sprintf("%q is there already", name), "remove it")
		}
	}
	meta := metav1.ObjectMeta{Name: c.Name + "-connect-secrets", Namespace: c.Namespace}
	role := &rbacv1.Role{TypeMeta: metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "Role"}, ObjectMeta: meta, Rules: []rbacv1.PolicyRule{
		{APIGroups: []string{""}, Resources: []string{"secrets"}, ResourceNames: slices.Clone(c.Secrets), Verbs: []string{"get"}},
	}}
	binding := &rbacv1.RoleBinding{TypeMeta: metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "RoleBinding"}, ObjectMeta: meta,
		RoleRef:  rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: meta.Name},
		Subjects: []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Name: c.Name + "-connect", Namespace: c.Namespace}},
	}
	return []millrace.Object{role, binding}
}
