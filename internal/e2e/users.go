package e2e

import (
	"context"
	"testing"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

// Allow makes a service account in a namespace that may do what the rules say,
// there and nowhere else.
func (c *Cluster) Allow(t *testing.T, namespace, name string, rules ...rbacv1.PolicyRule) {
	t.Helper()
	if err := c.allow(t.Context(), namespace, name, rules); err != nil {
		t.Fatal(err)
	}
}

func (c *Cluster) allow(ctx context.Context, namespace, name string, rules []rbacv1.PolicyRule) error {
	named := metav1.ObjectMeta{Name: name}
	if _, err := c.admin.CoreV1().ServiceAccounts(namespace).Create(ctx, &corev1.ServiceAccount{ObjectMeta: named}, metav1.CreateOptions{}); err != nil {
		return err
	}
	if _, err := c.admin.RbacV1().Roles(namespace).Create(ctx, &rbacv1.Role{ObjectMeta: named, Rules: rules}, metav1.CreateOptions{}); err != nil {
		return err
	}
	_, err := c.admin.RbacV1().RoleBindings(namespace).Create(ctx, &rbacv1.RoleBinding{
		ObjectMeta: named, RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: name},
		Subjects: []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Name: name, Namespace: namespace}},
	}, metav1.CreateOptions{})
	return err
}

// As reaches the API server through the gate, as a service account.
func (c *Cluster) As(t *testing.T, namespace, name string) *rest.Config {
	t.Helper()
	token, err := c.admin.CoreV1().ServiceAccounts(namespace).CreateToken(t.Context(), name, &authenticationv1.TokenRequest{}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	config := c.Config()
	config.BearerToken = token.Status.Token
	return config
}
