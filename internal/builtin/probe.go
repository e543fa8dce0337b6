package builtin

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace/internal/schema"
)

// probes checks the questions by which the kubelet tells how a container is.
func (p *podCheck) probes(c *corev1.Container) {
	p.probe("livenessProbe", c.LivenessProbe)
	p.probe("readinessProbe", c.ReadinessProbe)
	p.probe("startupProbe", c.StartupProbe)
}

func (p *podCheck) probe(field string, probe *corev1.Probe) {
	if probe == nil {
		return
	}
	p.enter(field)
	defer p.leave()
	p.handler(&handler{exec: probe.Exec, get: probe.HTTPGet, dial: probe.TCPSocket, grpc: probe.GRPC})
	for _, n := range [...]struct {
		field string
		value int32
	}{
		{"initialDelaySeconds", probe.InitialDelaySeconds}, {"timeoutSeconds", probe.TimeoutSeconds}, {"periodSeconds", probe.PeriodSeconds},
		{"failureThreshold", probe.FailureThreshold},
	} {
		p.notNegative(n.field, int64(n.value))
	}
	grace := probe.TerminationGracePeriodSeconds
	if grace != nil && *grace <= 0 {
		p.bounds("terminationGracePeriodSeconds", *grace, "at least 1")
	}
	if field != "readinessProbe" {
		if probe.SuccessThreshold != 0 && probe.SuccessThreshold != 1 { // The server makes 1 of 0.
			p.bounds("successThreshold", probe.SuccessThreshold, "1 for a "+field)
		}
		return
	}
	p.notNegative("successThreshold", int64(probe.SuccessThreshold))
	if grace != nil {
		p.problem("terminationGracePeriodSeconds", schema.RuleInvalid, "is set for a readinessProbe, which stops nothing", takeItOut)
	}
}

// handler is what a probe or a hook does: one of these.
type handler struct {
	exec  *corev1.ExecAction
	get   *corev1.HTTPGetAction
	dial  *corev1.TCPSocketAction
	grpc  *corev1.GRPCAction
	sleep *corev1.SleepAction
}

func (p *podCheck) handler(h *handler) {
	first := ""
	more := func(field string) bool {
		if first == "" {
			first = field
			return false
		}
		p.forbidden(field, "is set beside "+first, "keep one of them")
		return true
	}
	if h.exec != nil && !more("exec") && len(h.exec.Command) == 0 {
		p.required("exec.command", "write the command")
	}
	if h.get != nil && !more("httpGet") {
		p.enter("httpGet")
		p.httpGet(h.get)
		p.leave()
	}
	if h.dial != nil && !more("tcpSocket") {
		p.port("tcpSocket.port", h.dial.Port)
	}
	if h.grpc != nil && !more("grpc") {
		p.port("grpc.port", intstr.FromInt32(h.grpc.Port))
	}
	if h.sleep != nil && !more("sleep") && (h.sleep.Seconds < 0 || h.sleep.Seconds > p.gracePeriod()) {
		p.bounds("sleep", h.sleep.Seconds, "from 0 to the terminationGracePeriodSeconds, "+show(p.gracePeriod()))
	}
	if first == "" {
		p.required("", "say how: exec, httpGet, tcpSocket, and for probes grpc, for hooks sleep")
	}
}

func (p *podCheck) httpGet(get *corev1.HTTPGetAction) {
	p.port("port", get.Port)
	amongOrEmpty(p.checker, "scheme", get.Scheme, corev1.URISchemeHTTP, corev1.URISchemeHTTPS)
	each(p.checker, "httpHeaders", get.HTTPHeaders, func(h *corev1.HTTPHeader) {
		p.held("name", h.Name, validation.IsHTTPHeaderName(h.Name), "be the name of a header: letters, digits and '-'")
	})
}

// lifecycle checks the hooks at a container's start and end.
func (p *podCheck) lifecycle(l *corev1.Lifecycle) {
	if l == nil {
		return
	}
	p.enter("lifecycle")
	p.hook("postStart", l.PostStart)
	p.hook("preStop", l.PreStop)
	p.leave()
}

func (p *podCheck) hook(field string, h *corev1.LifecycleHandler) {
	if h == nil {
		return
	}
	p.enter(field)
	p.handler(&handler{exec: h.Exec, get: h.HTTPGet, dial: h.TCPSocket, sleep: h.Sleep})
	p.leave()
}

// hasLifecycle tells whether hooks are set. The server drops a stopSignal,
// which has to be switched on, and what held nothing else.
func hasLifecycle(l *corev1.Lifecycle) bool {
	return l != nil && (l.StopSignal == nil || l.PostStart != nil || l.PreStop != nil)
}
