package spark

import (
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// SecretKey is a key of a secret in the job's namespace. No manifest holds
// what it says: the pods read it when they start. Rendered as the secretKeyRef of
// a variable in the pod templates.
type SecretKey struct {
	// Name of the secret. Required with Key.
	Name string
	// Key in the secret. Required with Name.
	Key string
}

// secret reports what is no key of a secret; name is the field of the secret's
// name.
func (c partCheck) secret(field, name string, from SecretKey) {
	if from.Name == "" {
		c.Required(c.field(field+"."+name), "name the secret")
	} else {
		c.Name(c.field(field+"."+name), from.Name)
	}
	if from.Key == "" {
		c.Required(c.field(field+".Key"), "name the key in the secret")
	} else if strings.Trim(from.Key, keyCharacters) != "" {
		c.Invalid(c.field(field+".Key"), from.Key, "not a key of a secret", "use letters, digits, '-', '_' and '.'")
	}
}

const keyCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."

// label sets a label of the pod, where it has none of that name.
func (parts *podParts) label(key, value string) {
	if _, own := parts.labels[key]; own {
		return
	}
	labels := maps.Clone(parts.labels)
	put(&labels, key, value)
	parts.labels = labels
}

// secretEnv sets a variable from a key of a secret.
func (parts *podParts) secretEnv(name string, from SecretKey) {
	parts.env = append(slices.Clip(parts.env), corev1.EnvVar{Name: name, ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
		LocalObjectReference: corev1.LocalObjectReference{Name: from.Name}, Key: from.Key,
	}}})
}

// variable sets a variable to a plain value.
func (parts *podParts) variable(name, value string) {
	parts.env = append(slices.Clip(parts.env), corev1.EnvVar{Name: name, Value: value})
}
