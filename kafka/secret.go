package kafka

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// SecretKey is a key of a Secret in the namespace of the object that names it.
// No manifest holds what it says: the operator reads it.
//
// Rendered as name and key of a secretKeyRef.
type SecretKey struct {
	// Name of the Secret. Required with Key.
	Name string
	// Key in the Secret. Required with Name.
	Key string
}

// selector checks the key and returns what the operators look it up by; nil
// where there is none.
func (k SecretKey) selector(p *millrace.Problems, field string) *corev1.SecretKeySelector {
	if k == (SecretKey{}) {
		return nil
	}
	if k.Name == "" {
		p.Required(field+".Name", "name the Secret")
	} else {
		p.Name(field+".Name", k.Name)
	}
	if k.Key == "" {
		p.Required(field+".Key", "name the key in the Secret")
	} else if strings.Trim(k.Key, secretKeyCharacters) != "" {
		p.Invalid(field+".Key", k.Key, "it is no key of a Secret", "use letters, digits, '-', '_' and '.'")
	}
	return &corev1.SecretKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: k.Name}, Key: k.Key}
}

const secretKeyCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."
