package policy

import (
	"iter"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/closest"
	"github.com/millrace/millrace/kafka/strimziv1"
	"github.com/millrace/millrace/spark/apachev1"
)

// referredKinds are the kinds that others need by name, with their groups.
var referredKinds = map[string]schema.GroupKind{
	"ConfigMap":             {Kind: "ConfigMap"},
	"Namespace":             {Kind: "Namespace"},
	"PersistentVolumeClaim": {Kind: "PersistentVolumeClaim"},
	"PriorityClass":         {Group: "scheduling.k8s.io", Kind: "PriorityClass"},
	"Secret":                {Kind: "Secret"},
	"ServiceAccount":        {Kind: "ServiceAccount"},
	"StorageClass":          {Group: "storage.k8s.io", Kind: "StorageClass"},
}

// clusterWide tells the kinds that are in no namespace.
func clusterWide(kind string) bool {
	return kind == "Namespace" || kind == "PriorityClass" || kind == "StorageClass"
}

// thing is an object that others may need.
type thing struct {
	// keys are the entries of a secret or a config map; nil where they aren't
	// known.
	keys map[string]bool
}

// declared is what the bundle has, makes, or was told of.
type declared struct {
	things map[kindName]map[string]thing // by namespace; "" is in all
	names  map[kindNamespace][]string
	// reported are what was found missing, so that each object is told once.
	reported map[missing]bool
	// guesses counts the guesses left at what a misspelt name means, each of
	// which compares it to all others.
	guesses int
}

type missing struct {
	owner, thing millrace.Ref
	key          string
}

type (
	kindName      struct{ kind, name string }
	kindNamespace struct{ kind, namespace string }
)

// mostGuesses bounds the cost of a bundle in which little is declared.
const mostGuesses = 100

type declaredKey struct{}

func declaredIn(pass *millrace.Pass) *declared {
	return once(pass, declaredKey{}, func() *declared {
		d := &declared{things: make(map[kindName]map[string]thing), names: make(map[kindNamespace][]string), reported: make(map[missing]bool), guesses: mostGuesses}
		s := sceneOf(pass)
		for _, ref := range s.existing {
			d.add(ref.Kind, ref.Namespace, ref.Name, nil)
		}
		for _, o := range s.subjects {
			if o.makes && o.raw != nil {
				d.addObject(o)
				d.addMade(pass.Bundle, o)
			}
		}
		return d
	})
}

func (d *declared) add(kind, namespace, name string, keys map[string]bool) {
	if clusterWide(kind) {
		namespace = ""
	}
	at := kindName{kind, name}
	if d.things[at] == nil {
		d.things[at] = make(map[string]thing)
	}
	if _, twice := d.things[at][namespace]; !twice {
		d.things[at][namespace] = thing{keys}
		in := kindNamespace{kind, namespace}
		d.names[in] = append(d.names[in], name)
	}
}

// addObject takes in an object that is itself needed by others.
func (d *declared) addObject(o subject) {
	gk := o.raw.GetObjectKind().GroupVersionKind().GroupKind()
	if want, ok := referredKinds[gk.Kind]; !ok || want != gk {
		return
	}
	keys := make(map[string]bool)
	switch read := o.read.(type) {
	case *corev1.ConfigMap:
		addKeys(keys, maps.Keys(read.Data))
		addKeys(keys, maps.Keys(read.BinaryData))
	case *corev1.Secret:
		addKeys(keys, maps.Keys(read.Data))
		addKeys(keys, maps.Keys(read.StringData))
		if read.Type == corev1.SecretTypeServiceAccountToken {
			keys = nil
		}
	}
	// Something else fills in what is empty: a replicator, an injector.
	if len(keys) == 0 {
		keys = nil
	}
	d.add(gk.Kind, o.where, o.raw.GetName(), keys)
}

func addKeys(set map[string]bool, keys iter.Seq[string]) {
	for key := range keys {
		set[key] = true
	}
}

// addMade takes in what operators make of an object.
func (d *declared) addMade(b *millrace.Bundle, o subject) {
	secret := func(name string, keys ...string) {
		var set map[string]bool
		if len(keys) > 0 {
			set = make(map[string]bool)
			addKeys(set, slices.Values(keys))
		}
		d.add("Secret", o.where, name, set)
	}
	switch read := o.read.(type) {
	case *strimziv1.Kafka:
		name := read.Name
		for ca, of := range map[string]*strimziv1.CertificateAuthority{"-cluster-ca": read.Spec.ClusterCA, "-clients-ca": read.Spec.ClientsCA} {
			if of == nil || of.GenerateCertificateAuthority == nil || *of.GenerateCertificateAuthority {
				secret(name+ca, "ca.key")
				secret(name+ca+"-cert", "ca.crt", "ca.p12", "ca.password")
			}
		}
		for _, certs := range []string{"-cluster-operator-certs", "-entity-topic-operator-certs", "-entity-user-operator-certs",
			"-cruise-control-certs", "-kafka-exporter-certs", "-kafka-brokers"} {
			secret(name + certs)
		}
		for _, account := range []string{"-kafka", "-entity-operator", "-cruise-control", "-kafka-exporter"} {
			d.add("ServiceAccount", o.where, name+account, nil)
		}
	case *apachev1.SparkApplication:
		if read.Spec == nil {
			return
		}
		for _, m := range read.Spec.ConfigMapSpecs {
			keys := make(map[string]bool)
			addKeys(keys, maps.Keys(m.Data))
			d.add("ConfigMap", o.where, m.Name, keys)
		}
	case *strimziv1.KafkaConnect:
		d.add("ServiceAccount", o.where, read.Name+"-connect", nil)
	case *strimziv1.KafkaMirrorMaker2:
		d.add("ServiceAccount", o.where, read.Name+"-mirrormaker2", nil)
	case *strimziv1.KafkaBridge:
		d.add("ServiceAccount", o.where, read.Name+"-bridge", nil)
	case *strimziv1.KafkaUser:
		if auth := read.Spec.Authentication; auth != nil {
			switch auth.Type {
			case "tls":
				secret(userSecret(b, read), "ca.crt", "user.crt", "user.key", "user.p12", "user.password")
			case "scram-sha-512":
				secret(userSecret(b, read), "password", "sasl.jaas.config")
			}
		}
	case *unstructured.Unstructured:
		switch read.GroupVersionKind().GroupKind().String() {
		case "ExternalSecret.external-secrets.io":
			secret(nestedOr(read, read.GetName(), "spec", "target", "name"))
		case "SealedSecret.bitnami.com":
			secret(nestedOr(read, read.GetName(), "spec", "template", "metadata", "name"))
		case "Certificate.cert-manager.io":
			secret(nestedOr(read, read.GetName(), "spec", "secretName"))
		}
	}
}

// userSecret is how the user operator calls the secret of a user.
func userSecret(b *millrace.Bundle, u *strimziv1.KafkaUser) string {
	o, _ := b.Find(schema.GroupKind{Group: strimziv1.GroupVersion.Group, Kind: "Kafka"}, u.Namespace, u.Labels["strimzi.io/cluster"])
	if k, ok := o.(*strimziv1.Kafka); ok && k.Spec.EntityOperator != nil && k.Spec.EntityOperator.UserOperator != nil {
		if prefix := k.Spec.EntityOperator.UserOperator.SecretPrefix; prefix != nil {
			return *prefix + u.Name
		}
	}
	return u.Name
}

// nestedOr returns a field of an object, or something else where it is empty.
func nestedOr(o *unstructured.Unstructured, otherwise string, path ...string) string {
	if s, _, _ := unstructured.NestedString(o.Object, path...); s != "" {
		return s
	}
	return otherwise
}

// find returns what a name stands for. Where either side doesn't say its
// namespace, any will do.
func (d *declared) find(kind, namespace, name string) (thing, bool) {
	in := d.things[kindName{kind, name}]
	if t, ok := in[namespace]; ok {
		return t, true
	}
	if t, ok := in[""]; ok {
		return t, true
	}
	if namespace == "" {
		for _, namespace := range slices.Sorted(maps.Keys(in)) {
			return in[namespace], true
		}
	}
	return thing{}, false
}

// first reports whether an object, or what is in its tasks, is told of a missing
// thing for the first time.
func (d *declared) first(owner millrace.Ref, r millrace.Reference) bool {
	m := missing{owner: owner, thing: millrace.Ref{Kind: r.Kind, Namespace: r.Namespace, Name: r.Name}}
	if _, ok := d.find(r.Kind, r.Namespace, r.Name); ok {
		m.key = r.Key
	}
	again := d.reported[m]
	d.reported[m] = true
	return !again
}

// elsewhere returns a namespace in which there is something of that name.
func (d *declared) elsewhere(kind, name string) (string, bool) {
	for _, namespace := range slices.Sorted(maps.Keys(d.things[kindName{kind, name}])) {
		return namespace, true
	}
	return "", false
}

// meant guesses at a misspelt name.
func (d *declared) meant(kind, namespace, name string) (string, bool) {
	if d.guesses--; d.guesses < 0 {
		return "", false
	}
	if clusterWide(kind) {
		namespace = ""
	}
	return closest.Name(name, slices.Values(d.names[kindNamespace{kind, namespace}]))
}

// byItself reports whether a thing is there in every cluster, or is made
// together with what needs it.
func byItself(kind, name string) bool {
	switch kind {
	case "ServiceAccount":
		return name == "default"
	case "ConfigMap":
		return name == "kube-root-ca.crt" || name == "openshift-service-ca.crt"
	case "PriorityClass":
		return strings.HasPrefix(name, "system-")
	case "PersistentVolumeClaim":
		// Spark makes these: see its volumes of type persistentVolumeClaim.
		return name == "OnDemand" || strings.Contains(name, "SPARK_EXECUTOR_ID")
	case "Namespace":
		return name == "default" || strings.HasPrefix(name, "kube-")
	}
	return false
}
