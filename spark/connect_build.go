package spark

import (
	"maps"
	"slices"

	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace"
)

const (
	// serverSuffix ends the names of the server's pod and service.
	serverSuffix = "-server"
	// maxConnectName leaves room for it. Source: Spark operator v2.5.1,
	// internal/webhook/sparkconnect_validator.go.
	maxConnectName = maxName - len(serverSuffix)
	// connectPort is where clients connect to. Source: Spark configuration,
	// spark.connect.grpc.binding.port.
	connectPort = 15002
	// connectUI is where the operator's service leads for the web page.
	connectUI = 4040
	// connectClass is the server's main class.
	connectClass = "org.apache.spark.sql.connect.service.SparkConnectServer"
	// connectSince is the first Spark with a Connect server.
	connectSince = "3.4"

	keyOverheadFactor = "spark.executor.memoryOverheadFactor"
)

// SparkConnect checks the ConnectServer and returns what it makes, as the
// operator's own type. The error is a *millrace.BuildError with every mistake.
func (c *ConnectServer) SparkConnect() (*v1alpha1.SparkConnect, error) {
	p := &millrace.Problems{Object: millrace.Ref{Kind: "spark.ConnectServer"}}
	if c == nil {
		p.Required("", "the *spark.ConnectServer is nil: leave it out")
		return nil, p.Err()
	}
	p.Object.Namespace, p.Object.Name = c.Namespace, c.Name
	c.check(p)
	app, problems := c.job().compose(alone)
	c.takeOver(p, problems.Err())
	if p.Err() != nil {
		c.checkShell(p, c.said())
		return nil, p.Err()
	}

	b := connectBuilder{ConnectServer: c, spec: &app.Spec}
	b.serverTemplate(p)
	b.executorTemplate(p)
	conn := &v1alpha1.SparkConnect{
		TypeMeta:   metav1.TypeMeta{APIVersion: v1alpha1.SchemeGroupVersion.String(), Kind: "SparkConnect"},
		ObjectMeta: metav1.ObjectMeta{Name: app.Name, Namespace: app.Namespace, Labels: app.Labels, Annotations: app.Annotations},
	}
	b.say(p, &conn.Spec)
	c.checkShell(p, &conn.Spec)
	if err := p.Err(); err != nil {
		return nil, err
	}
	return conn, nil
}

// job writes the server as a job, whose driver it is.
func (c *ConnectServer) job() *Job {
	j := &Job{
		Name: c.Name, Namespace: c.Namespace, Labels: c.Labels, Annotations: c.Annotations,
		Image: c.Image, Version: c.Version, Language: Scala, Main: noMain, Class: connectClass, Deps: c.Deps,
		Driver: c.Server, Executor: c.Executor, Placement: c.Placement, Shuffle: c.Shuffle,
		Conf: withoutReserved(c.Conf), HadoopConf: c.HadoopConf,
		Tuning: c.Tuning, Stores: c.Stores, Observe: c.Observe, NoDefaults: c.NoDefaults,
	}
	j.Executor.PythonMemory = 0 // refused
	base := &c.Base
	j.Base = v1beta2.SparkApplicationSpec{
		SparkVersion: base.SparkVersion, Image: base.Image, SparkConf: withoutReserved(base.SparkConf), HadoopConf: base.HadoopConf,
		DynamicAllocation: (*v1beta2.DynamicAllocation)(base.DynamicAllocation),
	}
	for _, r := range roles {
		from := &base.Server.SparkPodSpec
		if r == executorRole {
			from = &base.Executor.SparkPodSpec
		}
		to := r.pod(&j.Base)
		to.Cores, to.Memory, to.Template = from.Cores, from.Memory, from.Template
		if from.Template != nil && c.Image == "" && deref(base.Image) == "" {
			// Images of both templates do as well.
			to.Image = nonZero(connectImage(from.Template, r))
		}
	}
	j.Base.Executor.Instances = base.Executor.Instances
	return j
}

// connectBuilder makes a SparkConnect of an application's spec, from which it
// takes what it has said.
type connectBuilder struct {
	*ConnectServer
	spec *v1beta2.SparkApplicationSpec
}

// serverTemplate writes what the operator makes the server's pod of: it reads
// no setting for it.
func (b *connectBuilder) serverTemplate(p *millrace.Problems) {
	driver := &b.spec.Driver
	t := b.template(driverRole)
	b.label(p, driverRole, t)
	b.account(p, driverRole, b.Server.ServiceAccount, t)
	for _, name := range b.spec.ImagePullSecrets {
		t.Spec.ImagePullSecrets = append(t.Spec.ImagePullSecrets, corev1.LocalObjectReference{Name: name})
	}
	container := corev1.Container{Name: driverRole.container()}
	i := slices.IndexFunc(t.Spec.Containers, func(c corev1.Container) bool { return c.Name == container.Name })
	if i >= 0 {
		container = t.Spec.Containers[i]
	}
	container.ImagePullPolicy = corev1.PullPolicy(first(string(container.ImagePullPolicy), deref(b.spec.ImagePullPolicy)))
	b.resources(&container.Resources)
	if container.ReadinessProbe == nil && !b.NoDefaults {
		// The operator calls a server ready when its pod is.
		container.ReadinessProbe = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{
			TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt32(connectPort)},
		}}
	}
	switch {
	case i >= 0:
		t.Spec.Containers[i] = container
	case !zero(container, corev1.Container{Name: container.Name}):
		t.Spec.Containers = append(t.Spec.Containers, container)
	}
	driver.Template = orNil(t)
}

// account writes a role's service account into its template, which must not
// have one.
func (b *connectBuilder) account(p *millrace.Problems, r role, name string, t *corev1.PodTemplateSpec) {
	switch {
	case name == "":
	case t.Spec.ServiceAccountName != "":
		p.Conflict("Base."+b.field(r)+".Template.Spec.ServiceAccountName", "the field "+b.field(r)+".ServiceAccount says it as well", "leave one of the two out")
	default:
		t.Spec.ServiceAccountName = name
	}
}

// resources are what Spark would have a driver's pod request. Those of Base's
// template go before them.
func (b *connectBuilder) resources(r *corev1.ResourceRequirements) {
	own, driver := b.Server, &b.spec.Driver
	sized := own.Cores != 0 || own.CoreRequest != "" || own.CoreLimit != "" || own.Memory != 0 || own.MemoryOverhead != 0
	if b.NoDefaults && !sized {
		return
	}
	set := func(list *corev1.ResourceList, name corev1.ResourceName, text string) {
		// What is no quantity has been refused.
		if q, err := resource.ParseQuantity(text); err == nil {
			if _, have := (*list)[name]; !have {
				put(list, name, q)
			}
		}
	}
	cores := deref(driver.Cores)
	set(&r.Requests, corev1.ResourceCPU, first(deref(driver.CoreRequest), decimal(max(cores, 1))))
	set(&r.Limits, corev1.ResourceCPU, deref(driver.CoreLimit))
	if memory, err := roleMemory(b.spec, driverRole); err == nil {
		set(&r.Requests, corev1.ResourceMemory, memory.total().String())
		set(&r.Limits, corev1.ResourceMemory, memory.total().String())
	}
}

func (b *connectBuilder) executorTemplate(p *millrace.Problems) {
	t := b.template(executorRole)
	b.label(p, executorRole, t)
	// Spark would give executors an account by a setting, of the kind that the
	// operator's webhook refuses from v2.5.2 on.
	b.account(p, executorRole, b.Executor.ServiceAccount, t)
	t.Spec.ServiceAccountName = first(t.Spec.ServiceAccountName, b.Server.ServiceAccount)
	b.spec.Executor.Template = orNil(t)
}

// template returns a role's, to be filled.
func (b *connectBuilder) template(r role) *corev1.PodTemplateSpec {
	if t := r.pod(b.spec).Template; t != nil {
		return t
	}
	return &corev1.PodTemplateSpec{}
}

// label moves the labels and annotations of a role into its template. Those of
// Base's go before what millrace fills in.
func (b *connectBuilder) label(p *millrace.Problems, r role, t *corev1.PodTemplateSpec) {
	pod, at := r.pod(b.spec), "Base."+b.field(r)+".Template."
	ownLabels, ownAnnotations := b.Server.Labels, b.Server.Annotations
	if r == executorRole {
		ownLabels, ownAnnotations = b.Executor.Labels, b.Executor.Annotations
	}
	join := func(to *map[string]string, from, own map[string]string, name string) {
		for _, key := range slices.Sorted(maps.Keys(from)) {
			if _, have := (*to)[key]; !have {
				put(to, key, from[key])
			} else if _, mine := own[key]; mine {
				p.Conflict(at+name+"["+key+"]", "the field "+b.field(r)+"."+name+" says it as well", "leave one of the two out")
			}
		}
	}
	join(&t.Labels, pod.Labels, ownLabels, "Labels")
	join(&t.Annotations, pod.Annotations, ownAnnotations, "Annotations")
	pod.Labels, pod.Annotations = nil, nil
}

func (b *connectBuilder) field(r role) string {
	if r == driverRole {
		return "Server"
	}
	return r.field()
}

// say writes the spec: what has a field there, and the rest as settings.
func (b *connectBuilder) say(p *millrace.Problems, out *v1alpha1.SparkConnectSpec) {
	s := b.spec
	out.SparkVersion, out.Image, out.HadoopConf = s.SparkVersion, s.Image, s.HadoopConf
	out.DynamicAllocation = (*v1alpha1.DynamicAllocation)(s.DynamicAllocation)
	out.Server.Cores, out.Server.Memory, out.Server.Template = s.Driver.Cores, s.Driver.Memory, s.Driver.Template
	if service := b.Base.Server.Service; service != nil {
		out.Server.Service = service.DeepCopy()
	}
	e := &s.Executor
	out.Executor.Cores, out.Executor.Memory, out.Executor.Template, out.Executor.Instances = e.Cores, e.Memory, e.Template, e.Instances
	s.Image, s.Driver.Image, s.Executor.Image, s.HadoopConf, s.DynamicAllocation = nil, nil, nil, nil, nil
	s.Driver.Cores, s.Driver.Memory, s.Driver.Template = nil, nil, nil
	// These are in the template.
	s.Driver.CoreRequest, s.Driver.CoreLimit, s.Driver.MemoryOverhead, s.Driver.ServiceAccount = nil, nil, nil, nil
	e.Cores, e.Memory, e.Template, e.Instances, e.ServiceAccount = nil, nil, nil, nil, nil
	s.RestartPolicy, s.TimeToLiveSeconds = v1beta2.RestartPolicy{}, nil // defaults of jobs

	w := submission{spec: s, conf: make(map[string]string)}
	w.take(&v1beta2.SparkApplication{Spec: *s})
	w.settle()
	for _, key := range submitting {
		if _, own := b.Conf[key]; !own && b.Base.SparkConf[key] == "" {
			delete(w.conf, key)
		}
	}
	if w.conf[keyOverheadFactor]+w.conf["spark.kubernetes.memoryOverheadFactor"]+w.conf["spark.executor.memoryOverhead"] == "" && !b.NoDefaults {
		w.conf[keyOverheadFactor] = connectFactor
	}
	if len(w.conf) > 0 {
		out.SparkConf = w.conf
	}
	b.checkTaken(p, w.spec)
}

// connectFactor is Spark's for Python. Source: apache/spark,
// NON_JVM_MEMORY_OVERHEAD_FACTOR.
const connectFactor = "0.4"

// submitting are defaults of millrace's for the client of a submission, of
// which there is none.
var submitting = []string{"spark.kubernetes.submission.connectionTimeout", "spark.kubernetes.submission.requestTimeout"}
