package kafka

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/walk"
	"github.com/millrace/millrace/kafka/kedav1alpha1"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// References returns what an object of Strimzi's, or a TriggerAuthentication of
// KEDA's, needs by name beside what its Pods need: certificates, passwords,
// config maps of metrics and loggers, the secrets of a certificate authority
// that is the user's own. It returns nothing for other objects.
func References(o millrace.Object) []millrace.Reference {
	if isNil(o) {
		return nil
	}
	var out []millrace.Reference
	add := func(r millrace.Reference) {
		if r.Namespace = o.GetNamespace(); r.Known() {
			out = append(out, r)
		}
	}
	secret := func(name, key, field string) {
		add(millrace.Reference{Kind: "Secret", Name: name, Key: key, Field: field})
	}
	var w walk.Walker
	// What is in the pods is told there.
	walk.Skip[strimziv1.PodTemplate](&w)
	walk.Skip[strimziv1.StatefulPodTemplate](&w)
	walk.Skip[strimziv1.ContainerTemplate](&w)
	walk.On(&w, func(path string, s strimziv1.CertAndKeySecretSource) {
		secret(s.SecretName, s.Certificate, path+".secretName")
		secret(s.SecretName, s.Key, path+".secretName")
	})
	walk.On(&w, func(path string, s strimziv1.CertSecretSource) {
		secret(s.SecretName, deref(s.Certificate), path+".secretName")
	})
	walk.On(&w, func(path string, s strimziv1.PasswordSecretSource) {
		secret(s.SecretName, s.Password, path+".secretName")
	})
	walk.On(&w, func(path string, s corev1.SecretKeySelector) {
		add(millrace.Reference{Kind: "Secret", Name: s.Name, Key: s.Key, Optional: deref(s.Optional), Field: path + ".name"})
	})
	walk.On(&w, func(path string, s corev1.ConfigMapKeySelector) {
		add(millrace.Reference{Kind: "ConfigMap", Name: s.Name, Key: s.Key, Optional: deref(s.Optional), Field: path + ".name"})
	})
	walk.On(&w, func(path string, s strimziv1.AlterOffsets) {
		// It is read when an annotation asks for it.
		add(millrace.Reference{Kind: "ConfigMap", Name: s.FromConfigMap.Name, Optional: true, Field: path + ".fromConfigMap.name"})
	})
	walk.On(&w, func(path string, s strimziv1.BuildOutput) { secret(deref(s.PushSecret), "", path+".pushSecret") })
	walk.On(&w, func(path string, s strimziv1.BuildConfigTemplate) {
		secret(deref(s.PullSecret), "", path+".pullSecret")
	})

	switch o := o.(type) {
	case *kedav1alpha1.TriggerAuthentication:
		if o != nil {
			target("Secret", "spec.secretTargetRef", o.Spec.SecretTargetRef, add)
			target("ConfigMap", "spec.configMapTargetRef", o.Spec.ConfigMapTargetRef, add)
		}
	case *strimziv1.Kafka:
		w.Walk(o, "")
		authority(o.Spec.ClusterCA, "spec.clusterCa", o.Name+"-cluster-ca", secret)
		authority(o.Spec.ClientsCA, "spec.clientsCa", o.Name+"-clients-ca", secret)
	case *strimziv1.KafkaConnect, *strimziv1.KafkaConnector, *strimziv1.KafkaMirrorMaker2, *strimziv1.KafkaBridge, *strimziv1.KafkaUser:
		w.Walk(o, "")
	}
	return append(out, provided(o)...)
}

// providedKinds are what the providers of Strimzi's read, by the names that its
// documentation gives to them.
// Source: Strimzi, kafka-kubernetes-config-provider.
var providedKinds = map[string]string{secretsProvider: "Secret", "configmaps": "ConfigMap"}

// provided returns what the settings of an object take from secrets and config
// maps by a config provider.
func provided(o millrace.Object) []millrace.Reference {
	var out []millrace.Reference
	for _, c := range configsOf(o) {
		for _, key := range slices.Sorted(maps.Keys(c.config)) {
			text, _ := configText(c.config[key])
			for _, m := range providerReference.FindAllStringSubmatch(text, -1) {
				kind, ok := providedKinds[m[1]]
				if !ok || m[3] == "" {
					continue
				}
				r := millrace.Reference{Kind: kind, Namespace: o.GetNamespace(), Name: m[3], Key: m[4], Field: at(c.path, key)}
				if namespace, name, ok := strings.Cut(m[3], "/"); ok {
					r.Namespace, r.Name = namespace, name
				}
				if r.Known() {
					out = append(out, r)
				}
			}
		}
	}
	return out
}

// target adds what KEDA takes the parameters of triggers from.
func target(kind, at string, list []kedav1alpha1.AuthTargetRef, add func(millrace.Reference)) {
	for i, r := range list {
		add(millrace.Reference{Kind: kind, Name: r.Name, Key: r.Key, Field: fmt.Sprintf("%s[%d].name", at, i)})
	}
}

// authority adds the secrets of a certificate authority that Strimzi doesn't
// make itself.
// Source: Strimzi, proc-installing-your-own-ca-certificates.
func authority(of *strimziv1.CertificateAuthority, at, name string, secret func(name, key, field string)) {
	if of == nil || of.GenerateCertificateAuthority == nil || *of.GenerateCertificateAuthority {
		return
	}
	secret(name+"-cert", "ca.crt", at+".generateCertificateAuthority")
	secret(name, "ca.key", at+".generateCertificateAuthority")
}
