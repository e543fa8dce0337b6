package kafka

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
)

// What a zero field of a consumer means, and why.
const (
	// consumerMemory is the heap of a small JVM with what it needs beside:
	// fetch.max.bytes alone may hold 50 MB for each broker.
	consumerMemory = millrace.GiB

	// consumerCPU is what decompressing and decoding takes under moderate
	// load; there is no limit.
	consumerCPU = 0.5

	// A consumer that is closed commits and leaves the group within 30 s, or
	// gives up. Source: Apache Kafka, Consumer.close().
	consumerClose = 30 * time.Second

	// defaultBatch is a tenth of max.poll.interval.ms' five minutes, by which
	// a program has to be back.
	defaultBatch = 30 * time.Second

	// defaultSettle is long enough to start, to join, and to be given
	// partitions: group.initial.rebalance.delay.ms is 3 s, a rebalance of the
	// classic protocol takes up to a poll of the slowest member.
	defaultSettle = 30 * time.Second

	// surge is how many pods a rolling update starts before it stops as many:
	// each wave is a rebalance, and four waves are few without doubling the
	// nodes.
	surge = "25%"

	// kubernetesDeadline is how many seconds a Deployment has for progress
	// that says nothing of it.
	// Source: Kubernetes, DeploymentSpec.progressDeadlineSeconds.
	kubernetesDeadline = 600

	consumerName = "consumer"
	nameLabelKey = "app.kubernetes.io/name"
)

// consuming is a consumer on its way.
type consuming struct {
	*millrace.Problems
	of *Consumer

	origins    origins
	reach      reach
	topics     []string
	partitions int64
}

// Build checks the consumer and makes its Deployment and PodDisruptionBudget,
// and unless Replicas is set its ScaledObject and TriggerAuthentication.
func (c *Consumer) Build() (millrace.Parts, error) {
	if c == nil {
		return millrace.Parts{}, nilBuilder("kafka.Consumer")
	}
	m := &consuming{of: c, Problems: &millrace.Problems{Object: millrace.Ref{Kind: "kafka.Consumer", Namespace: c.Namespace, Name: c.Name}}}
	m.checkNames()
	m.readTopics()
	m.connect()
	deployment := m.deployment()
	objects := []millrace.Object{deployment, m.budget(deployment.Spec.Selector)}
	if c.Replicas == nil {
		objects = append(objects, m.scaling()...)
	} else if !isZero(c.Scaler) {
		m.Conflict("Replicas", "the number of pods is fixed, and Scaler says how it changes", "leave one of the two out")
	}
	if err := finish(m.Problems, c); err != nil {
		return millrace.Parts{}, err
	}
	return millrace.Parts{Objects: objects, PlacedOn: placedOn(c)}, nil
}

// Deployment makes the Deployment alone. The error is a *millrace.BuildError
// with every mistake of the consumer.
func (c *Consumer) Deployment() (*appsv1.Deployment, error) {
	parts, err := c.Build()
	if err != nil {
		return nil, err
	}
	return parts.Objects[0].(*appsv1.Deployment), nil
}

func (m *consuming) checkNames() {
	m.LabelName("Name", m.of.Name)
	if longest := validation.DNS1123LabelMaxLength - len(hpaPrefix); len(m.of.Name) > longest && len(m.of.Name) <= validation.DNS1123LabelMaxLength {
		m.Invalid("Name", m.of.Name, "KEDA makes an autoscaler named "+hpaPrefix+m.of.Name+", which has room for 63 characters", fmt.Sprintf("use at most %d", longest))
	}
	if g := m.of.Group; strings.TrimSpace(g) != g {
		m.Invalid("Group", g, "KEDA drops the spaces around it, and Kafka doesn't", "leave them out")
	}
	m.Namespace("Namespace", m.of.Namespace)
	if m.of.ServiceAccount != "" {
		m.Name("ServiceAccount", m.of.ServiceAccount)
	}
	count(m.Problems, "MaxUnavailable", m.of.MaxUnavailable, math.MaxInt32)
}

func (c *Consumer) group() string { return cmp.Or(c.Group, c.Name) }

// readTopics takes in what is read, and how many can share it.
func (m *consuming) readTopics() {
	if len(m.of.Topics) == 0 {
		m.Required("Topics", "say what the group reads: []*kafka.Topic{…}")
	}
	for i, t := range m.of.Topics {
		field := fmt.Sprintf("Topics[%d]", i)
		if t == nil {
			m.Required(field, "it is nil: leave it out")
			continue
		}
		partitions := int64(t.Partitions)
		if base := t.Base.Partitions; partitions == 0 && base != nil {
			partitions = *base
		}
		switch {
		case t.Name == "":
			m.Required(field+".Name", "give it a name")
		case slices.Contains(m.topics, t.Name):
			m.Add(millrace.RuleDuplicate, field, t.Name+" is there already", "remove it")
		case strings.ContainsRune(t.Name, ','):
			m.Invalid(field+".Name", t.Name, "Kafka has no such topic", "use letters, digits, '.', '_' and '-'")
		}
		if partitions < 1 {
			m.Required(field+".Partitions", "say how many consumers can share the topic")
		}
		m.topics = append(m.topics, t.Name)
		m.partitions += max(partitions, 0)
	}
}

// connect works out how the brokers are reached.
func (m *consuming) connect() {
	m.origins = newOrigins[appsv1.DeploymentSpec]()
	c := m.of.Kafka
	for i, t := range m.of.Topics {
		switch {
		case t == nil || t.Cluster == "" || len(c.Servers) > 0:
		case c.Cluster == "":
			c.Cluster, c.Namespace = t.Cluster, cmp.Or(c.Namespace, t.Namespace)
		case t.Cluster != c.Cluster:
			m.Conflict(fmt.Sprintf("Topics[%d].Cluster", i), fmt.Sprintf("it says %q, and the consumer connects to %q", t.Cluster, c.Cluster), "read topics of one cluster")
		}
	}
	m.reach = c.make(m.Problems, m.origins, "spec", "Kafka", m.of.Namespace)
	var f faults
	connectionFaults(&f, "spec", m.reach)
	f.report(m.Problems, m.origins)
	if tls := m.reach.tls; tls != nil {
		if len(tls.TrustedCertificates) > 1 {
			m.Unsupported("Kafka.Trusted[1]", "a program and KEDA are given one file of certificates", "put all certificates into one")
		}
		for i, t := range tls.TrustedCertificates {
			if p := deref(t.Pattern); p != "" && p != anyCertificate {
				m.Unsupported(fmt.Sprintf("Kafka.Trusted[%d].Pattern", i), "a program and KEDA are given one file of certificates", "name it in Certificate")
			}
		}
	}
	login, _ := held(new(millrace.Problems), "", m.of.Kafka.Login)
	if _, custom := login.(CustomLogin); custom {
		m.Unsupported("Kafka.Login", "how a program does that is its own matter", "leave it out, give the program what it needs by Env, and name a TriggerAuthentication in Scaler.Authentication")
	}
}

// ca returns where the certificate to trust is, nil for what the system trusts.
func (r reach) ca() *corev1.SecretKeySelector {
	if r.tls == nil || len(r.tls.TrustedCertificates) == 0 {
		return nil
	}
	t := r.tls.TrustedCertificates[0]
	return &corev1.SecretKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: t.SecretName}, Key: cmp.Or(deref(t.Certificate), "ca.crt")}
}

func (m *consuming) meta() metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: m.of.Name, Namespace: m.of.Namespace, Labels: maps.Clone(m.of.Labels), Annotations: maps.Clone(m.of.Annotations)}
}

// deployment makes the Deployment.
func (m *consuming) deployment() *appsv1.Deployment {
	meta := objectMeta(m.Problems, m.of.Name, m.of.Namespace, m.of.Labels, m.of.Annotations)
	fields := appsv1.DeploymentSpec{Template: m.template()}
	if n := m.replicas("Replicas", m.of.Replicas); n != nil {
		if m.partitions > 0 && int64(*n) > m.partitions {
			m.Invalid("Replicas", *n, fmt.Sprintf("the topics have %d partitions, and no more pods than that have something to read", m.partitions), "lower it")
		}
		fields.Replicas = n
	} else if m.of.Base.Replicas != nil {
		m.Conflict("Base.Replicas", "Scaler follows the lag, and the number would undo that each time it is applied", "set Replicas for a fixed number, or leave it out")
	}
	if s := wholeSeconds(m.Problems, "Settle", m.of.Settle); s != nil {
		fields.MinReadySeconds = int32(*s)
	}
	spec := *m.of.Base.DeepCopy()
	lay(m.Problems, "Base", &spec, &fields)
	m.defaults(&spec)
	m.check(&spec)
	return &appsv1.Deployment{TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"}, ObjectMeta: meta, Spec: spec}
}

// wholeSeconds returns a time in seconds, nil for none.
// defaults fills in what neither the fields nor Base say.
func (m *consuming) defaults(spec *appsv1.DeploymentSpec) {
	if spec.Selector == nil {
		spec.Selector = &metav1.LabelSelector{MatchLabels: map[string]string{nameLabelKey: m.of.Name}}
	}
	if m.of.Settle == nil && spec.MinReadySeconds == 0 {
		spec.MinReadySeconds = int32(defaultSettle / time.Second)
	}
	if spec.Strategy.Type == "" {
		spec.Strategy.Type = appsv1.RollingUpdateDeploymentStrategyType
	}
	filled := appsv1.DeploymentSpec{Template: m.defaultTemplate(spec)}
	if spec.MinReadySeconds >= kubernetesDeadline {
		// Kubernetes refuses a deadline that no pod can meet.
		filled.ProgressDeadlineSeconds = new(int32(min(math.MaxInt32, int64(spec.MinReadySeconds)+kubernetesDeadline)))
	}
	if spec.Strategy.Type == appsv1.RollingUpdateDeploymentStrategyType {
		filled.Strategy.RollingUpdate = &appsv1.RollingUpdateDeployment{MaxSurge: new(intstr.FromString(surge)), MaxUnavailable: new(intstr.FromInt32(0))}
	}
	overlay.Fill(spec, &filled)
	if c := consumerContainer(spec); c != nil {
		fillResources(&c.Resources, consumerMemory, consumerCPU)
	}
}

func consumerContainer(spec *appsv1.DeploymentSpec) *corev1.Container {
	list := spec.Template.Spec.Containers
	i := slices.IndexFunc(list, func(c corev1.Container) bool { return c.Name == consumerName })
	if i < 0 {
		return nil
	}
	return &list[i]
}

// check reports what the API server refuses, or what never runs.
func (m *consuming) check(spec *appsv1.DeploymentSpec) {
	if selector, err := metav1.LabelSelectorAsSelector(spec.Selector); err != nil || !selector.Matches(labels.Set(spec.Template.Labels)) {
		m.Conflict("Base.Selector", "it doesn't select the Deployment's own pods", "leave it out, or add its labels to Pod.Labels")
	}
	c := consumerContainer(spec)
	if c.Image == "" {
		m.Required("Image", "name the program's image")
	}
	for _, name := range slices.Sorted(maps.Keys(c.Resources.Limits)) {
		limit, request := c.Resources.Limits[name], c.Resources.Requests[name]
		if limit.Cmp(request) >= 0 {
			continue
		}
		i := slices.IndexFunc(spec.Template.Spec.Containers, func(c corev1.Container) bool { return c.Name == consumerName })
		field := fmt.Sprintf("Base.Template.Spec.Containers[%d].Resources.Limits[%s]", i, name)
		if name == corev1.ResourceCPU && m.of.Resources.CPULimit > 0 {
			field = "Resources.CPULimit"
		}
		m.Invalid(field, &limit, "it is less than the request, "+request.String(), "raise the limit or lower the request")
	}
}

// budget makes the PodDisruptionBudget. Pods that don't run don't hold up a
// drain.
func (m *consuming) budget(selector *metav1.LabelSelector) *policyv1.PodDisruptionBudget {
	return &policyv1.PodDisruptionBudget{
		TypeMeta: metav1.TypeMeta{APIVersion: "policy/v1", Kind: "PodDisruptionBudget"}, ObjectMeta: m.meta(),
		Spec: policyv1.PodDisruptionBudgetSpec{
			MaxUnavailable:             new(intstr.FromInt32(int32(max(m.of.MaxUnavailable, 1)))),
			Selector:                   selector.DeepCopy(),
			UnhealthyPodEvictionPolicy: new(policyv1.AlwaysAllow),
		},
	}
}
