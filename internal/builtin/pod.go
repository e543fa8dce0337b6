package builtin

import (
	"fmt"
	"math"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace/internal/schema"
)

// podCheck is the check of a pod, or of the template of one.
type podCheck struct {
	*checker
	spec *corev1.PodSpec
	meta *metav1.ObjectMeta
	opts podOptions

	// problems counts what was reported so far.
	problems int
	// faulty are the places of the volumes with problems. Like the server, a
	// mount doesn't see them.
	faulty []int
	// ephemeral is set while the containers for debugging are looked at.
	ephemeral bool
}

// filled tells whether the server fills in what it does for a Pod only.
func (p *podCheck) filled() bool { return p.opts.pod && !p.ephemeral }

// podOptions are what the rules of pods need to know of where one stands.
type podOptions struct {
	// pod is set for a Pod, in which the server fills in more than in a
	// template.
	pod bool

	// claims are the volumeClaimTemplates of a StatefulSet, whose controller
	// makes volumes of them, and the host names too.
	claims []corev1.PersistentVolumeClaim
	stable bool
}

// PodTemplate reports what the API server would refuse a pod template for.
// Where it stands in a custom resource, whole is false: the operator adds
// containers, images, names, volumes and the like, so nothing is missed, and
// what is there is judged. Paths begin at the template.
func PodTemplate(t *corev1.PodTemplateSpec, whole bool, report func(schema.Problem)) {
	inOrder(report, func(c *checker) {
		c.partial = !whole
		c.podTemplate(t, podOptions{})
	})
}

// pod checks a Pod.
func (c *checker) pod(o *corev1.Pod) {
	p := podCheck{checker: c, spec: &o.Spec, meta: &o.ObjectMeta, opts: podOptions{pod: true}}
	defer p.count()()
	c.enter("metadata")
	c.enter("annotations")
	p.annotations()
	c.leave()
	c.leave()
	c.enter("spec")
	p.podSpec()
	if o.Spec.NodeName != "" && len(o.Spec.SchedulingGates) > 0 {
		c.forbidden("nodeName", "is set while schedulingGates hold the pod back", "take one of the two out")
	}
	p.imagesOfPod("containers", o.Spec.Containers)
	p.imagesOfPod("initContainers", o.Spec.InitContainers)
	c.leave()
}

// podTemplate checks a template; the path stands at it.
func (c *checker) podTemplate(t *corev1.PodTemplateSpec, opts podOptions) {
	p := podCheck{checker: c, spec: &t.Spec, meta: &t.ObjectMeta, opts: opts}
	defer p.count()()
	c.enter("metadata")
	c.labelled("labels", t.Labels)
	c.annotationKeys("annotations", t.Annotations)
	c.enter("annotations")
	p.annotations()
	c.leave()
	c.leave()
	c.enter("spec")
	p.podSpec()
	c.leave()
}

// count counts the problems until the function that it returns is called.
func (p *podCheck) count() (end func()) {
	report := p.report
	p.report = func(problem schema.Problem) {
		p.problems++
		report(problem)
	}
	return func() { p.report = report }
}

// fault runs a check and returns whether it reported a problem.
func (p *podCheck) fault(check func()) bool {
	before := p.problems
	check()
	return p.problems > before
}

// podSpec checks the spec; the path stands at it.
func (p *podCheck) podSpec() {
	s := p.spec
	p.volumes()
	p.resourceClaims()
	p.containers()
	p.initContainers()
	p.ephemeralContainers()
	p.podResources()
	p.nodePorts()
	p.names()
	p.policies()
	p.podSecurity()
	p.affinity(s.Affinity)
	p.tolerations("tolerations", s.Tolerations)
	p.topologySpread()
	p.gates()
	p.dns()
	p.hosts()
	p.operatingSystem()
	p.hostProcess()
	p.userNamespace()
	p.profilesMatchAnnotations()
	if s.Overhead != nil {
		p.enter("overhead")
		p.pagesWithOthers(p.amounts(s.Overhead, ofContainer))
		p.leave()
	}
}

// names checks the names of what the pod refers to, or is called.
func (p *podCheck) names() {
	s := p.spec
	for _, name := range [...]struct{ field, value string }{
		{"serviceAccountName", serviceAccount(s)}, {"nodeName", s.NodeName}, {"priorityClassName", s.PriorityClassName},
	} {
		if name.value != "" {
			p.dnsName(name.field, name.value)
		}
	}
	if s.RuntimeClassName != nil {
		p.dnsName("runtimeClassName", *s.RuntimeClassName)
	}
	if !p.opts.stable {
		if s.Hostname != "" {
			p.dnsLabel("hostname", s.Hostname)
		}
		if s.Subdomain != "" {
			p.dnsLabel("subdomain", s.Subdomain)
		}
	}
	p.labelled("nodeSelector", s.NodeSelector)
	if s.HostnameOverride == nil {
		return
	}
	if s.SetHostnameAsFQDN != nil && *s.SetHostnameAsFQDN {
		p.forbidden("hostnameOverride", "is set beside setHostnameAsFQDN", "keep one of the two")
	}
	if s.HostNetwork {
		p.forbidden("hostnameOverride", "is set while the pod has the host's network", "take one of the two out")
	}
	if len(*s.HostnameOverride) > 64 {
		p.bounds("hostnameOverride", *s.HostnameOverride, "at most 64 characters long")
	}
	p.dnsName("hostnameOverride", *s.HostnameOverride)
}

// serviceAccount returns the name, which has an old field beside the new one.
func serviceAccount(s *corev1.PodSpec) string {
	if s.ServiceAccountName == "" {
		return s.DeprecatedServiceAccount
	}
	return s.ServiceAccountName
}

// policies checks the words that the spec chooses between, and its times.
func (p *podCheck) policies() {
	s := p.spec
	amongOrEmpty(p.checker, "restartPolicy", s.RestartPolicy, corev1.RestartPolicyAlways, corev1.RestartPolicyOnFailure, corev1.RestartPolicyNever)
	amongOrEmpty(p.checker, "dnsPolicy", s.DNSPolicy, corev1.DNSClusterFirstWithHostNet, corev1.DNSClusterFirst, corev1.DNSDefault, corev1.DNSNone)
	amongIfSet(p.checker, "preemptionPolicy", s.PreemptionPolicy, corev1.PreemptLowerPriority, corev1.PreemptNever)
	if d := s.ActiveDeadlineSeconds; d != nil && (*d < 1 || *d > math.MaxInt32) {
		p.bounds("activeDeadlineSeconds", *d, "from 1 to 2147483647")
	}
	if s.ShareProcessNamespace != nil && *s.ShareProcessNamespace && s.HostPID {
		p.problem("shareProcessNamespace", schema.RuleInvalid, "is true beside hostPID", "keep one of the two")
	}
}

// gracePeriod is how long the pod has to stop, in seconds.
func (p *podCheck) gracePeriod() int64 {
	g := p.spec.TerminationGracePeriodSeconds
	switch {
	case g == nil:
		return corev1.DefaultTerminationGracePeriodSeconds
	case p.opts.pod && *g < 0:
		return 1
	}
	return *g
}

func (p *podCheck) imagesOfPod(field string, containers []corev1.Container) {
	each(p.checker, field, containers, func(c *corev1.Container) { p.imageOfPod(c.Image) })
}

// imageOfPod checks what only Pods are held to, templates not.
func (p *podCheck) imageOfPod(image string) {
	if strings.TrimSpace(image) != image {
		p.invalid("image", image, "not begin or end with a space", "take the space out")
	}
}

// gates checks the conditions that the pod waits for.
func (p *podCheck) gates() {
	each(p.checker, "readinessGates", p.spec.ReadinessGates, func(g *corev1.PodReadinessGate) { p.labelKey("conditionType", string(g.ConditionType)) })
	p.enter("schedulingGates")
	var seen set[string]
	for i, gate := range p.spec.SchedulingGates {
		p.item(i)
		p.labelKey("", gate.Name)
		if !seen.addNew(gate.Name) {
			p.duplicate("", gate.Name)
		}
		p.leave()
	}
	p.leave()
}

// resourceClaims checks the claims of devices.
func (p *podCheck) resourceClaims() {
	if len(p.spec.ResourceClaims) == 0 {
		return
	}
	if _, static := p.meta.Annotations[corev1.MirrorPodAnnotationKey]; p.opts.pod && static {
		p.forbidden("resourceClaims", "is set for a static pod", takeItOut)
		return
	}
	p.enter("resourceClaims")
	var seen set[string]
	for i := range p.spec.ResourceClaims {
		claim := &p.spec.ResourceClaims[i]
		p.item(i)
		switch {
		case claim.Name == "":
			p.required("name", "name the claim")
		case !seen.addNew(claim.Name):
			p.duplicate("name", claim.Name)
		default:
			p.dnsLabel("name", claim.Name)
		}
		switch one, template := claim.ResourceClaimName, claim.ResourceClaimTemplateName; {
		case one != nil && template != nil:
			p.problem("", schema.RuleInvalid, "has both resourceClaimName and resourceClaimTemplateName", "keep one of them")
		case one == nil && template == nil:
			p.problem("", schema.RuleInvalid, "has neither resourceClaimName nor resourceClaimTemplateName", "set one of them")
		}
		if claim.ResourceClaimName != nil {
			p.dnsName("resourceClaimName", *claim.ResourceClaimName)
		}
		if claim.ResourceClaimTemplateName != nil {
			p.dnsName("resourceClaimTemplateName", *claim.ResourceClaimTemplateName)
		}
		p.leave()
	}
	p.leave()
}

// hasClaim reports whether the pod has a claim of a name.
func (p *podCheck) hasClaim(name string) bool {
	for i := range p.spec.ResourceClaims {
		if p.spec.ResourceClaims[i].Name == name {
			return true
		}
	}
	return false
}

// eachContainer calls visit for every container, with the path at it.
func (p *podCheck) eachContainer(visit func(c *corev1.Container)) {
	each(p.checker, "initContainers", p.spec.InitContainers, visit)
	each(p.checker, "containers", p.spec.Containers, visit)
	each(p.checker, "ephemeralContainers", p.spec.EphemeralContainers, func(c *corev1.EphemeralContainer) {
		visit((*corev1.Container)(&c.EphemeralContainerCommon))
	})
}

// annotationKeys holds annotations to their form and size.
func (c *checker) annotationKeys(field string, annotations map[string]string) {
	const most = 256 << 10 // apimachinery's TotalAnnotationSizeLimitB
	size := 0
	for k, v := range annotations {
		size += len(k) + len(v)
		c.labelKey(field, strings.ToLower(k))
	}
	if size > most {
		c.problem(field, schema.RuleBounds, fmt.Sprintf("has %d bytes, must have at most %d", size, most), "keep long texts in a ConfigMap")
	}
}
