package builtin

import (
	"encoding/json"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace/internal/schema"
)

func (c *checker) namespace(o *corev1.Namespace) {
	for _, f := range o.Spec.Finalizers {
		f := string(f)
		own := f == "kubernetes" || f == "orphan" || f == "foregroundDeletion"
		if len(validation.IsQualifiedName(f)) > 0 || !strings.Contains(f, "/") && !own {
			c.invalid("spec.finalizers", f, "have a domain", "write example.com/"+f)
		}
	}
}

func (c *checker) configMap(o *corev1.ConfigMap) {
	size := 0
	for k, v := range o.Data {
		size += len(v)
		c.dataKey("data", k)
		if _, twice := o.BinaryData[k]; twice {
			c.problem("data["+k+"]", schema.RuleInvalid, "is in binaryData as well", "keep one of them")
		}
	}
	for k, v := range o.BinaryData {
		size += len(v)
		c.dataKey("binaryData", k)
	}
	c.dataSize("", size)
}

// dataKey holds a key of a ConfigMap or a Secret to what a file's name can be.
func (c *checker) dataKey(field, k string) {
	c.held(field+"["+k+"]", k, validation.IsConfigMapKey(k), aKey)
}

// dataSize holds the values of a ConfigMap or a Secret to what etcd can take.
func (c *checker) dataSize(field string, size int) {
	c.atMost(field, size, corev1.MaxSecretSize, "bytes of data")
}

func (c *checker) secret(o *corev1.Secret) {
	size := 0
	for k, v := range o.Data {
		if _, replaced := o.StringData[k]; !replaced {
			size += len(v)
			c.dataKey("data", k)
		}
	}
	for k, v := range o.StringData {
		size += len(v)
		c.dataKey("stringData", k)
	}
	c.dataSize("data", size)
	c.secretType(o)
}

// secretType holds a Secret to the keys that its type demands.
func (c *checker) secretType(o *corev1.Secret) {
	data := func(key string) ([]byte, bool) {
		if text, ok := o.StringData[key]; ok {
			return []byte(text), true
		}
		value, ok := o.Data[key]
		return value, ok
	}
	at := func(key string) string {
		if _, ok := o.StringData[key]; ok {
			return "stringData[" + key + "]"
		}
		return "data[" + key + "]"
	}
	need := func(keys ...string) {
		for _, k := range keys {
			c.required(at(k), "a Secret of type "+string(o.Type)+" has it")
		}
	}
	docker := func(key string) {
		text, ok := data(key)
		switch {
		case !ok:
			need(key)
		case json.Unmarshal(text, &map[string]any{}) != nil:
			c.problem(at(key), schema.RuleInvalid, "is no JSON object", "put the content of a docker config file there")
		}
	}
	switch o.Type {
	case corev1.SecretTypeServiceAccountToken:
		if o.Annotations[corev1.ServiceAccountNameKey] == "" {
			c.required("metadata.annotations["+corev1.ServiceAccountNameKey+"]", "name the service account")
		}
	case corev1.SecretTypeDockercfg:
		docker(corev1.DockerConfigKey)
	case corev1.SecretTypeDockerConfigJson:
		docker(corev1.DockerConfigJsonKey)
	case corev1.SecretTypeBasicAuth:
		_, user := data(corev1.BasicAuthUsernameKey)
		if _, password := data(corev1.BasicAuthPasswordKey); !user && !password {
			need(corev1.BasicAuthUsernameKey, corev1.BasicAuthPasswordKey)
		}
	case corev1.SecretTypeSSHAuth:
		if key, _ := data(corev1.SSHAuthPrivateKey); len(key) == 0 {
			need(corev1.SSHAuthPrivateKey)
		}
	case corev1.SecretTypeTLS:
		for _, key := range []string{corev1.TLSCertKey, corev1.TLSPrivateKeyKey} {
			if _, ok := data(key); !ok {
				need(key)
			}
		}
	}
}
