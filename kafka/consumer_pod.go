package kafka

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const (
	trustVolume, trustPath = "kafka-trust", "/etc/kafka/trust"
	userVolume, userPath   = "kafka-user", "/etc/kafka/user"
	tmpVolume, tmpPath     = "tmp", "/tmp"
)

// template makes what the fields say of the pods.
func (m *consuming) template() corev1.PodTemplateSpec {
	made := podMaker{pod: millrace.Pod{Fields: map[string]string{}}}
	if t := m.of.Pod.make(m.Problems, "Pod", m.of.Placement, "Placement"); t != nil {
		made.template(t)
	}
	out := made.pod.Template
	out.Spec.SecurityContext = m.of.Pod.Security.DeepCopy()
	place := m.of.Placement.Clone()
	out.Spec.NodeSelector, out.Spec.Affinity = place.NodeSelector, place.Affinity
	out.Spec.ServiceAccountName = m.of.ServiceAccount
	if m.of.Batch != 0 {
		if m.of.Pod.GracePeriod != nil {
			m.Conflict("Pod.GracePeriod", "Batch says how long the pod has", "leave one of the two out")
		}
		if s := wholeSeconds(m.Problems, "Batch", &m.of.Batch); s != nil {
			out.Spec.TerminationGracePeriodSeconds = new(*s + int64(consumerClose/time.Second))
		}
	}
	out.Spec.Containers = []corev1.Container{m.container()}
	out.Spec.Volumes = append(out.Spec.Volumes, m.volumes()...)
	return out
}

func (m *consuming) container() corev1.Container {
	m.checkProbe("Liveness", m.of.Liveness)
	m.checkProbe("Readiness", m.of.Readiness)
	m.checkProbe("Startup", m.of.Startup)
	c := corev1.Container{
		Name: consumerName, Image: m.of.Image,
		Command: slices.Clone(m.of.Command), Args: slices.Clone(m.of.Args),
		Env:           m.environment(),
		LivenessProbe: m.of.Liveness.DeepCopy(), ReadinessProbe: m.of.Readiness.DeepCopy(), StartupProbe: m.of.Startup.DeepCopy(),
	}
	for _, e := range m.of.EnvFrom {
		c.EnvFrom = append(c.EnvFrom, *e.DeepCopy())
	}
	if r := m.of.Resources.fields(m.Problems, "Resources"); r != nil {
		c.Resources = *r
	}
	c.SecurityContext = m.of.Pod.ContainerSecurity.DeepCopy()
	if m.of.WritableRoot {
		if c.SecurityContext == nil {
			c.SecurityContext = &corev1.SecurityContext{}
		}
		if c.SecurityContext.ReadOnlyRootFilesystem != nil {
			m.Conflict("Pod.ContainerSecurity.ReadOnlyRootFilesystem", "the field WritableRoot sets it too", "leave one of the two out")
		}
		c.SecurityContext.ReadOnlyRootFilesystem = new(false)
	}
	c.VolumeMounts = m.of.Pod.mounts()
	for _, v := range m.volumes() {
		path := trustPath
		if v.Name == userVolume {
			path = userPath
		}
		c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: v.Name, MountPath: path, ReadOnly: true})
	}
	return c
}

// checkProbe reports a probe that asks nothing.
func (m *consuming) checkProbe(field string, probe *corev1.Probe) {
	if probe != nil && probe.ProbeHandler == (corev1.ProbeHandler{}) {
		m.Required(field, "say what it asks: Exec, HTTPGet, TCPSocket or GRPC")
	}
}

// volumes are the secrets that the program reads as files, so that it sees
// certificates that were renewed.
func (m *consuming) volumes() []corev1.Volume {
	var out []corev1.Volume
	secret := func(volume, name string) {
		out = append(out, corev1.Volume{Name: volume, VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: name}}})
	}
	if ca := m.reach.ca(); ca != nil {
		secret(trustVolume, ca.Name)
	}
	if a := m.reach.auth; a != nil && a.CertificateAndKey != nil {
		secret(userVolume, a.CertificateAndKey.SecretName)
	}
	return out
}

// environment tells the program what it reads and how.
func (m *consuming) environment() []corev1.EnvVar {
	var out []corev1.EnvVar
	from := map[string]string{}
	add := func(field, name, otherwise string, v corev1.EnvVar) {
		v.Name = cmp.Or(name, otherwise)
		if len(validation.IsEnvVarName(v.Name)) > 0 {
			m.Invalid(field, v.Name, "it is no name of an environment variable", "use letters, digits, '_', '-' and '.'")
		} else if other, ok := from[v.Name]; ok {
			m.Conflict(field, fmt.Sprintf("%s sets %s too", other, v.Name), "rename one of the two")
		}
		from[v.Name] = field
		out = append(out, v)
	}
	is := func(value string) corev1.EnvVar { return corev1.EnvVar{Value: value} }
	names := m.of.Variables
	add("Variables.Servers", names.Servers, "KAFKA_BOOTSTRAP_SERVERS", is(m.reach.servers))
	add("Variables.Group", names.Group, "KAFKA_GROUP_ID", is(m.of.group()))
	add("Variables.Topics", names.Topics, "KAFKA_TOPICS", is(strings.Join(m.topics, ",")))
	add("Variables.Protocol", names.Protocol, "KAFKA_SECURITY_PROTOCOL", is(m.reach.protocol()))
	if ca := m.reach.ca(); ca != nil {
		add("Variables.CA", names.CA, "KAFKA_SSL_CA", is(trustPath+"/"+ca.Key))
	}
	if a := m.reach.auth; a != nil && a.CertificateAndKey != nil {
		add("Variables.Certificate", names.Certificate, "KAFKA_SSL_CERTIFICATE", is(userPath+"/"+a.CertificateAndKey.Certificate))
		add("Variables.Key", names.Key, "KAFKA_SSL_KEY", is(userPath+"/"+a.CertificateAndKey.Key))
	} else if a != nil && a.PasswordSecret != nil {
		add("Variables.Mechanism", names.Mechanism, "KAFKA_SASL_MECHANISM", is(strings.ToUpper(string(a.Type))))
		add("Variables.Username", names.Username, defaultUsernameVariable, is(deref(a.Username)))
		add("Variables.Password", names.Password, "KAFKA_SASL_PASSWORD", corev1.EnvVar{ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: a.PasswordSecret.SecretName}, Key: a.PasswordSecret.Password}}})
	}
	for _, own := range [...]struct {
		field string
		env   []corev1.EnvVar
	}{{"Env", m.of.Env}, {"Pod.Env", m.of.Pod.Env}} {
		for i, e := range own.env {
			field := fmt.Sprintf("%s[%d].Name", own.field, i)
			if e.Name == "" {
				m.Required(field, "name the variable")
				continue
			}
			add(field, e.Name, "", *e.DeepCopy())
		}
	}
	return out
}

const defaultUsernameVariable = "KAFKA_SASL_USERNAME"

// protocol is what Kafka's clients have as security.protocol.
func (r reach) protocol() string {
	sasl := r.auth != nil && r.auth.Type != strimziv1.ClientAuthenticationTypeTLS
	switch {
	case sasl && r.tls != nil:
		return "SASL_SSL"
	case sasl:
		return "SASL_PLAINTEXT"
	case r.tls != nil:
		return "SSL"
	}
	return "PLAINTEXT"
}

// defaultTemplate is what the pods get that neither the fields nor Base say:
// labels, the restricted Pod Security profile, a spread.
func (m *consuming) defaultTemplate(spec *appsv1.DeploymentSpec) corev1.PodTemplateSpec {
	out := corev1.PodTemplateSpec{}
	out.Labels = maps.Clone(spec.Selector.MatchLabels)
	own := &spec.Template.Spec
	out.Spec = corev1.PodSpec{
		TerminationGracePeriodSeconds: new(int64((defaultBatch + consumerClose) / time.Second)),
		// It asks nothing of the API server.
		AutomountServiceAccountToken: new(false),
		// Variables of services, such as one named kafka, would pass for its
		// own.
		EnableServiceLinks: new(false),
		SecurityContext: &corev1.PodSecurityContext{
			RunAsNonRoot:   new(true),
			SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
		},
	}
	c := corev1.Container{Name: consumerName, SecurityContext: &corev1.SecurityContext{
		AllowPrivilegeEscalation: new(false),
		Capabilities:             &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
	}}
	mounted := slices.ContainsFunc(consumerContainer(spec).VolumeMounts, func(v corev1.VolumeMount) bool { return v.MountPath == tmpPath })
	if !m.of.WritableRoot {
		c.SecurityContext.ReadOnlyRootFilesystem = new(true)
	}
	if !m.of.WritableRoot && !mounted {
		c.VolumeMounts = []corev1.VolumeMount{{Name: tmpVolume, MountPath: tmpPath}}
		out.Spec.Volumes = []corev1.Volume{{Name: tmpVolume, VolumeSource: corev1.VolumeSource{EmptyDir: m.tmp()}}}
	} else if m.of.Pod.TmpSize != 0 {
		m.Conflict("Pod.TmpSize", "the pods have no /tmp of their own", "leave it out")
	}
	out.Spec.Containers = []corev1.Container{c}
	m.of.Spread.check(m.Problems, "Spread")
	m.of.Spread.noVariable(m.Problems, "Spread")
	switch {
	case own.TopologySpreadConstraints == nil:
		out.Spec.TopologySpreadConstraints = m.apart(spec)
	case m.of.Spread != Spread{}:
		setTwice(m.Problems, "Base.Template.Spec.TopologySpreadConstraints", "Spread")
	}
	return out
}

// tmp is the directory that stands at /tmp.
func (m *consuming) tmp() *corev1.EmptyDirVolumeSource {
	out := &corev1.EmptyDirVolumeSource{}
	if size := m.of.Pod.TmpSize; size > 0 {
		out.SizeLimit = new(size.Quantity())
	}
	return out
}

// apart spreads the pods of one version, so that those that an update is about
// to stop don't count.
func (m *consuming) apart(spec *appsv1.DeploymentSpec) []corev1.TopologySpreadConstraint {
	var keys []string
	if zone, ok := m.of.Spread.zone(); ok {
		keys = append(keys, zone)
	}
	if !m.of.Spread.SharedHosts {
		keys = append(keys, hostLabel)
	}
	var out []corev1.TopologySpreadConstraint
	for _, key := range keys {
		out = append(out, corev1.TopologySpreadConstraint{MaxSkew: 1, TopologyKey: key, WhenUnsatisfiable: corev1.ScheduleAnyway,
			LabelSelector: spec.Selector.DeepCopy(), MatchLabelKeys: []string{appsv1.DefaultDeploymentUniqueLabelKey}})
	}
	return out
}
