package builtin

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace/internal/schema"
)

// containers checks the main containers.
func (p *podCheck) containers() {
	all := p.spec.Containers
	if len(all) == 0 {
		p.required("containers", "add a container")
	}
	var names set[string]
	var taken set[hostPort]
	p.enter("containers")
	for i := range all {
		c := &all[i]
		p.item(i)
		p.container(c)
		if !names.addNew(c.Name) {
			p.duplicate("name", c.Name)
		}
		p.lifecycle(c.Lifecycle)
		p.probes(c)
		p.restartPolicy(c, false)
		p.hostPorts(&taken, c.Ports)
		p.leave()
	}
	p.leave()
}

// initContainers checks those that run before the main ones, or, with the
// restart policy Always, beside them.
func (p *podCheck) initContainers() {
	all := p.spec.InitContainers
	if len(all) == 0 {
		return
	}
	var names set[string]
	for i := range p.spec.Containers {
		names.addNew(p.spec.Containers[i].Name)
	}
	p.enter("initContainers")
	for i := range all {
		c := &all[i]
		p.item(i)
		p.container(c)
		if sidecar(c) {
			p.lifecycle(c.Lifecycle)
			p.probes(c)
		} else {
			p.beforeOthers(c)
		}
		p.restartPolicy(c, true)
		if names.has(c.Name) {
			p.duplicate("name", c.Name)
		} else if c.Name != "" {
			names.addNew(c.Name)
		}
		var taken set[hostPort] // They run one by one, so each may have the ports of the others.
		p.hostPorts(&taken, c.Ports)
		p.leave()
	}
	p.leave()
}

func sidecar(c *corev1.Container) bool {
	return c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways
}

// beforeOthers reports what only containers that keep running can have.
func (p *podCheck) beforeOthers(c *corev1.Container) {
	for _, f := range [...]setField{
		{"lifecycle", hasLifecycle(c.Lifecycle)},
		{"livenessProbe", c.LivenessProbe != nil}, {"readinessProbe", c.ReadinessProbe != nil}, {"startupProbe", c.StartupProbe != nil},
	} {
		if f.set {
			p.forbidden(f.name, "is set for an init container that ends", "take it out, or set restartPolicy: Always")
		}
	}
	p.enter("resizePolicy")
	for i := range c.ResizePolicy {
		if c.ResizePolicy[i].RestartPolicy == corev1.RestartContainer {
			p.item(i)
			p.problem("restartPolicy", schema.RuleInvalid, "is RestartContainer for an init container that ends", "use NotRequired")
			p.leave()
		}
	}
	p.leave()
}

// ephemeralContainers checks those for debugging. They are never created with
// the pod, but the server looks at them before it says so.
func (p *podCheck) ephemeralContainers() {
	all := p.spec.EphemeralContainers
	if len(all) == 0 {
		return
	}
	p.forbidden("ephemeralContainers", "is set, and only a running pod can have them", takeItOut)
	var targets set[string]
	for _, list := range [...][]corev1.Container{p.spec.Containers, p.spec.InitContainers} {
		for i := range list {
			targets.addNew(list[i].Name)
		}
	}
	var names set[string]
	p.ephemeral = true
	defer func() { p.ephemeral = false }()
	p.enter("ephemeralContainers")
	for i := range all {
		c := (*corev1.Container)(&all[i].EphemeralContainerCommon)
		p.item(i)
		p.container(c)
		p.imageOfPod(c.Image)
		if targets.has(c.Name) || !names.addNew(c.Name) {
			p.duplicate("name", c.Name)
		}
		if target := all[i].TargetContainerName; target != "" && !targets.has(target) && !p.partial {
			p.problem("targetContainerName", schema.RuleInvalid, "is "+show(target)+", which is no container of the pod", "name one")
		}
		for _, f := range [...]setField{
			{"ports", c.Ports != nil}, {"lifecycle", hasLifecycle(c.Lifecycle)},
			{"resources", c.Resources.Limits != nil || c.Resources.Requests != nil || c.Resources.Claims != nil},
			{"resizePolicy", c.ResizePolicy != nil}, {"restartPolicy", c.RestartPolicy != nil}, {"restartPolicyRules", c.RestartPolicyRules != nil},
			{"livenessProbe", c.LivenessProbe != nil}, {"readinessProbe", c.ReadinessProbe != nil}, {"startupProbe", c.StartupProbe != nil},
		} {
			if f.set {
				p.forbidden(f.name, "is set for an ephemeral container", takeItOut)
			}
		}
		p.enter("volumeMounts")
		for j := range c.VolumeMounts {
			p.item(j)
			if c.VolumeMounts[j].SubPath != "" {
				p.forbidden("subPath", "is set for an ephemeral container", takeItOut)
			}
			if c.VolumeMounts[j].SubPathExpr != "" {
				p.forbidden("subPathExpr", "is set for an ephemeral container", takeItOut)
			}
			p.leave()
		}
		p.leave()
		p.leave()
	}
	p.leave()
}

// container checks what all containers have; the path stands at it.
func (p *podCheck) container(c *corev1.Container) {
	if c.Name != "" {
		p.dnsLabel("name", c.Name)
	} else {
		p.required("name", "name the container")
	}
	if c.Image == "" {
		p.required("image", "name the image")
	}
	amongOrEmpty(p.checker, "terminationMessagePolicy", c.TerminationMessagePolicy, corev1.TerminationMessageReadFile, corev1.TerminationMessageFallbackToLogsOnError)
	p.pullPolicy("imagePullPolicy", c.ImagePullPolicy)
	p.ports(c.Ports)
	p.env(c.Env)
	p.envFrom(c.EnvFrom)
	p.volumeMounts(c)
	p.volumeDevices(c)
	p.enter("resources")
	p.resources(&c.Resources, ofContainer)
	p.leave()
	p.resizePolicy(c.ResizePolicy)
	p.containerSecurity(c.SecurityContext)
}

func (c *checker) pullPolicy(field string, policy corev1.PullPolicy) {
	amongOrEmpty(c, field, policy, corev1.PullAlways, corev1.PullIfNotPresent, corev1.PullNever)
}

func (p *podCheck) ports(ports []corev1.ContainerPort) {
	var names set[string]
	p.enter("ports")
	for i := range ports {
		port := &ports[i]
		p.item(i)
		if port.Name != "" && p.held("name", port.Name, validation.IsValidPortName(port.Name), aPortName) && !names.addNew(port.Name) {
			p.duplicate("name", port.Name)
		}
		if port.ContainerPort == 0 {
			p.required("containerPort", "write its number")
		} else {
			p.portNumbered("containerPort", port.ContainerPort)
		}
		if host := p.hostPort(port); host != 0 {
			p.portNumbered("hostPort", host)
		}
		amongOrEmpty(p.checker, "protocol", port.Protocol, corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP)
		p.leave()
	}
	p.leave()
}

// resizePolicy checks how the container takes new resources.
func (p *podCheck) resizePolicy(policies []corev1.ContainerResizePolicy) {
	var seen set[corev1.ResourceName]
	p.enter("resizePolicy")
	for i := range policies {
		policy := &policies[i]
		p.item(i)
		if !seen.addNew(policy.ResourceName) {
			p.duplicate("", string(policy.ResourceName))
		}
		among(p.checker, "resourceName", policy.ResourceName, corev1.ResourceCPU, corev1.ResourceMemory)
		among(p.checker, "restartPolicy", policy.RestartPolicy, corev1.NotRequired, corev1.RestartContainer)
		if p.spec.RestartPolicy == corev1.RestartPolicyNever && policy.RestartPolicy != corev1.NotRequired {
			p.problem("restartPolicy", schema.RuleInvalid, "restarts the container in a pod with the restartPolicy Never", "use NotRequired")
		}
		p.leave()
	}
	p.leave()
}

// restartPolicy checks the container's own policy and its rules.
func (p *podCheck) restartPolicy(c *corev1.Container, init bool) {
	const maxRules, maxCodes = 20, 255
	if c.RestartPolicy == nil && len(c.RestartPolicyRules) > 0 {
		p.required("restartPolicy", "set it beside restartPolicyRules")
		if init {
			return
		}
	}
	amongIfSet(p.checker, "restartPolicy", c.RestartPolicy, corev1.ContainerRestartPolicyAlways, corev1.ContainerRestartPolicyNever, corev1.ContainerRestartPolicyOnFailure)
	p.atMost("restartPolicyRules", len(c.RestartPolicyRules), maxRules, "rules")
	p.enter("restartPolicyRules")
	for i := range c.RestartPolicyRules {
		rule := &c.RestartPolicyRules[i]
		p.item(i)
		among(p.checker, "action", rule.Action, corev1.ContainerRestartRuleActionRestart, corev1.ContainerRestartRuleActionRestartAllContainers)
		if codes := rule.ExitCodes; codes == nil {
			p.required("exitCodes", "say which exit codes the rule is for")
		} else {
			among(p.checker, "exitCodes.operator", codes.Operator, corev1.ContainerRestartRuleOnExitCodesOpIn, corev1.ContainerRestartRuleOnExitCodesOpNotIn)
			p.atMost("exitCodes.values", len(codes.Values), maxCodes, "codes")
		}
		p.leave()
	}
	p.leave()
}
