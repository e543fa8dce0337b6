package kafka

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/kedav1alpha1"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const (
	// defaultLag is two polls of max.poll.records, 500: less is no lag, but
	// what a consumer that keeps up has in hand.
	defaultLag = 1000

	// defaultMin keeps one reader while the other moves.
	defaultMin = 2

	// fallbackAfter is how often KEDA must fail to see the lag: a broker that
	// restarts is none of its failures in a row.
	fallbackAfter = 3
)

// scaling makes the ScaledObject, and the TriggerAuthentication if there is
// need of one.
func (m *consuming) scaling() []millrace.Object {
	auth := m.triggerAuthentication()
	made := &kedav1alpha1.ScaledObject{TypeMeta: kedaMeta("ScaledObject"), ObjectMeta: m.meta()}
	made.Spec = m.scaledSpec(auth)
	out := []millrace.Object{made}
	if auth != nil {
		out = append(out, auth)
	}
	return out
}

func kedaMeta(kind string) metav1.TypeMeta {
	return metav1.TypeMeta{APIVersion: kedav1alpha1.GroupVersion.String(), Kind: kind}
}

// scaledSpec makes the spec of the ScaledObject and reports what KEDA refuses
// in it.
func (m *consuming) scaledSpec(auth *kedav1alpha1.TriggerAuthentication) kedav1alpha1.ScaledObjectSpec {
	s := m.of.Scaler
	o := newOrigins[kedav1alpha1.ScaledObjectSpec]()
	spec := *s.Base.DeepCopy()
	own := spec.Triggers
	spec.Triggers = nil
	fields := kedav1alpha1.ScaledObjectSpec{
		ScaleTargetRef:  kedav1alpha1.ScaleTarget{APIVersion: new("apps/v1"), Kind: new("Deployment"), Name: m.of.Name},
		PollingInterval: m.keda("Scaler.Interval", s.Interval),
		CooldownPeriod:  m.keda("Scaler.Cooldown", s.Cooldown),
	}
	if s.Idle {
		fields.IdleReplicaCount = new(int32(0))
	}
	if s.Min != nil {
		fields.MinReplicaCount = m.replicas("Scaler.Min", s.Min)
		o.add("spec.minReplicaCount", "Scaler.Min")
	}
	if s.Max != 0 {
		fields.MaxReplicaCount = m.replicas("Scaler.Max", &s.Max)
		o.add(maximumPath, "Scaler.Max")
	}
	if s.Fallback != 0 {
		o.add("spec.fallback.replicas", "Scaler.Fallback")
		if n := m.replicas("Scaler.Fallback", &s.Fallback); n != nil {
			fields.Fallback = &kedav1alpha1.Fallback{FailureThreshold: fallbackAfter, Replicas: *n}
		}
	}
	fields.Triggers = m.triggers(o, auth)
	lay(m.Problems, "Scaler.Base", &spec, &fields)
	for i, t := range own {
		o.add(fmt.Sprintf("spec.triggers[%d]", len(spec.Triggers)), fmt.Sprintf("Scaler.Base.Triggers[%d]", i))
		spec.Triggers = append(spec.Triggers, t)
	}
	m.bounds(&spec)
	m.checkScaling(&spec, o, auth)
	return spec
}

// bounds fills in how many pods there are at the least and at the most.
func (m *consuming) bounds(spec *kedav1alpha1.ScaledObjectSpec) {
	if spec.MaxReplicaCount == nil && m.partitions > 0 {
		spec.MaxReplicaCount = new(int32(min(m.partitions, math.MaxInt32)))
	}
	if spec.MinReplicaCount == nil {
		spec.MinReplicaCount = new(max(min(defaultMin, deref(spec.MaxReplicaCount)), 1))
	}
}

func (m *consuming) replicas(field string, n *int) *int32 {
	if said := countFromZero(m.Problems, field, n); said != nil {
		return new(int32(*said))
	}
	return nil
}

// keda returns a time as KEDA counts it, nil for none.
func (m *consuming) keda(field string, d time.Duration) *int32 {
	if d == 0 {
		return nil
	}
	s := wholeSeconds(m.Problems, field, &d)
	if s == nil {
		return nil
	}
	return new(int32(*s))
}

// triggers makes one trigger for each topic.
func (m *consuming) triggers(o origins, auth *kedav1alpha1.TriggerAuthentication) []kedav1alpha1.ScaleTriggers {
	var out []kedav1alpha1.ScaleTriggers
	for i, topic := range m.topics {
		at := fmt.Sprintf("spec.triggers[%d]", i)
		o.add(at+".authenticationRef", "Kafka.Login")
		t := kedav1alpha1.ScaleTriggers{Type: lagTrigger, Metadata: m.metadata(o, at+".metadata", i, topic)}
		if name := m.of.Scaler.Authentication; name != "" {
			o.add(at+".authenticationRef", "Scaler.Authentication")
			t.AuthenticationRef = &kedav1alpha1.AuthenticationRef{Name: name}
		} else if auth != nil {
			t.AuthenticationRef = &kedav1alpha1.AuthenticationRef{Name: auth.Name}
		}
		out = append(out, t)
	}
	return out
}

// metadata makes the settings of the trigger of one topic; what is wrong with
// those that all of them have is said once.
func (m *consuming) metadata(o origins, path string, i int, topic string) map[string]string {
	out := map[string]string{}
	set := func(field, key, value string) {
		o.add(at(path, key), field)
		if value != "" {
			out[key] = value
		}
	}
	s := m.of.Scaler
	set("Kafka", keyServers, m.reach.servers)
	set("Group", keyGroup, m.of.group())
	set(fmt.Sprintf("Topics[%d].Name", i), keyTopic, topic)
	lag := s.Lag
	if lag == 0 && s.Metadata[keyLag] == "" {
		lag = defaultLag
	}
	set("Scaler.Lag", keyLag, nonzero(lag))
	set("Scaler.Activation", keyActivation, nonzero(s.Activation))
	set("Scaler.Reset", keyReset, string(s.Reset))
	tls, sasl := "", ""
	if m.reach.tls != nil {
		tls = "enable"
	}
	if a := m.reach.auth; a != nil {
		sasl = kedaMechanisms[a.Type]
	}
	set("Kafka.Plaintext", keyTLS, tls)
	set("Kafka.Login", keySASL, sasl)
	for _, key := range slices.Sorted(maps.Keys(s.Metadata)) {
		field := "Scaler.Metadata[" + key + "]"
		if _, taken := out[key]; taken {
			if other := o.fields[at(path, key)]; i == 0 {
				m.Conflict(field, "the field "+other+" sets "+key+" too", "use one of the two, the field for choice")
			}
			continue
		}
		out[key] = s.Metadata[key]
		o.add(at(path, key), field)
	}
	return out
}

// nonzero writes a number; zero is unset.
func nonzero(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// kedaMechanisms are KEDA's words for logins by password.
var kedaMechanisms = map[strimziv1.ClientAuthenticationType]string{
	strimziv1.ClientAuthenticationTypePlain:       "plaintext",
	strimziv1.ClientAuthenticationTypeSCRAMSHA256: "scram_sha256",
	strimziv1.ClientAuthenticationTypeSCRAMSHA512: "scram_sha512",
}

// checkScaling reports what KEDA refuses, and what does nothing.
func (m *consuming) checkScaling(spec *kedav1alpha1.ScaledObjectSpec, o origins, auth *kedav1alpha1.TriggerAuthentication) {
	s := m.of.Scaler
	made := &kedav1alpha1.ScaledObject{Spec: *spec}
	f := faultsOf(made)
	maximumFaults(&f, made, m.partitions)
	// A certificate in the open is said of the connection.
	if open := m.reach.tls == nil && m.reach.auth != nil; s.Authentication == "" && !open {
		for _, t := range triggersOf(made)[:len(m.topics)] {
			t.authFaults(&f, auth)
		}
	}
	said := map[string]bool{}
	for _, one := range f {
		field := o.field(one.path)
		if one.kind == millrace.RuleRequired && (field == "Kafka" || field == "Group") {
			continue // It is said of the consumer itself.
		}
		if rest, ok := strings.CutPrefix(field, "Base."); ok {
			field = "Scaler.Base." + rest
		}
		if !said[field+one.detail] {
			m.Add(one.kind, field, one.detail, one.fix)
		}
		said[field+one.detail] = true
	}
	if s.Authentication != "" {
		m.Name("Scaler.Authentication", s.Authentication)
	}
	least, most := deref(spec.MinReplicaCount), deref(spec.MaxReplicaCount)
	if least > most && most > 0 {
		m.Invalid(cmp.Or(o.fields["spec.minReplicaCount"], "Scaler.Base.MinReplicaCount"), least, fmt.Sprintf("there are %d at the most", most), "lower it")
	}
	if s.Idle && s.Min != nil && *s.Min == 0 {
		m.Conflict("Scaler.Idle", "Min is none, and says the same", "leave Idle out, or say how many Min there are while there is something to read")
	}
	if least > 0 && spec.IdleReplicaCount == nil {
		const never, fix = "there is always at least one pod, and it does nothing", "leave it out, or set Idle or a Min of new(0)"
		if s.Activation != 0 {
			m.Conflict("Scaler.Activation", never, fix)
		}
		if s.Cooldown != 0 {
			m.Conflict("Scaler.Cooldown", never, fix)
		}
	}
}

// triggerAuthentication makes what KEDA connects with, nil for nothing.
func (m *consuming) triggerAuthentication() *kedav1alpha1.TriggerAuthentication {
	if m.of.Scaler.Authentication != "" {
		return nil
	}
	var spec kedav1alpha1.TriggerAuthenticationSpec
	secret := func(parameter, name, key string) {
		spec.SecretTargetRef = append(spec.SecretTargetRef, kedav1alpha1.AuthTargetRef{Parameter: parameter, Name: name, Key: key})
	}
	if ca := m.reach.ca(); ca != nil {
		secret(keyCA, ca.Name, ca.Key)
	}
	if a := m.reach.auth; a != nil && a.CertificateAndKey != nil {
		secret(keyCert, a.CertificateAndKey.SecretName, a.CertificateAndKey.Certificate)
		secret(keyKey, a.CertificateAndKey.SecretName, a.CertificateAndKey.Key)
	} else if a != nil && a.PasswordSecret != nil {
		secret(keyPassword, a.PasswordSecret.SecretName, a.PasswordSecret.Password)
		// The name is in no secret of Strimzi's: KEDA reads it where the
		// program does.
		spec.Env = []kedav1alpha1.AuthEnvironment{{Parameter: keyUsername, Name: cmp.Or(m.of.Variables.Username, defaultUsernameVariable), ContainerName: new(consumerName)}}
	}
	if spec.SecretTargetRef == nil {
		return nil
	}
	return &kedav1alpha1.TriggerAuthentication{TypeMeta: kedaMeta("TriggerAuthentication"), ObjectMeta: m.meta(), Spec: spec}
}
