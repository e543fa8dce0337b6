package policy

import (
	"fmt"
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/pod-security-admission/api"
	admission "k8s.io/pod-security-admission/policy"

	"github.com/millrace/millrace"
)

func podSecurityRules() []millrace.Rule {
	const standards = "Kubernetes, Pod Security Standards"
	return []millrace.Rule{
		{
			ID: "pod-security/label", Severity: millrace.Error,
			Summary: "The Pod Security labels of a Namespace have values that the API server takes.",
			Reason:  "It refuses the namespace, and with it everything in there.",
			Fix:     "use privileged, baseline or restricted for a level, and latest or v1.x for a version",
			Source:  "Kubernetes, Pod Security Admission",
			Check:   checkPodSecurityLabels,
		},
		{
			ID: "pod-security/enforced", Severity: millrace.Error,
			Summary: "Pods keep to the Pod Security level that their Namespace enforces.",
			Reason:  "The API server refuses the pods, while the Deployment, the Job or the SparkApplication that wants them is taken without an error.",
			Fix:     "correct the pod's security context, or the label pod-security.kubernetes.io/enforce",
			Source:  "Kubernetes, Pod Security Admission",
			Check:   checkPodSecurityEnforced,
		},
		{
			ID: "pod-security/baseline", Severity: millrace.Warning,
			Summary: "Pods keep to the baseline level, unless their Namespace says another one.",
			Reason:  "Host namespaces, host paths and privileged containers give the node to whoever gets into the pod, and most clusters refuse them.",
			Fix:     "leave them out; where the pod needs them, give its Namespace the label pod-security.kubernetes.io/enforce: privileged",
			Source:  standards,
			Check:   checkPodSecurityBaseline,
		},
		{
			ID: "pod-security/restricted", Severity: millrace.Info,
			Summary: "Pods keep to the restricted level, unless their Namespace says another one.",
			Reason:  "Without it the program may run as root, and gain more rights than it started with.",
			Fix:     "set runAsNonRoot, allowPrivilegeEscalation: false, capabilities.drop: [ALL] and seccompProfile RuntimeDefault; or give the Namespace the label pod-security.kubernetes.io/enforce: baseline",
			Source:  standards,
			Check:   checkPodSecurityRestricted,
		},
	}
}

func checkPodSecurityLabels(pass *millrace.Pass) {
	ns, ok := pass.Object.(*corev1.Namespace)
	if !ok {
		return
	}
	_, errs := api.PolicyToEvaluate(ns.Labels, api.Policy{})
	for _, err := range errs {
		pass.Report(err.Field, fmt.Sprintf("%q %s", err.BadValue, err.Detail))
	}
}

func checkPodSecurityEnforced(pass *millrace.Pass) {
	for _, pod := range pass.Pods {
		if level, ok := enforced(pass.Bundle, pod.Namespace); ok {
			reportViolations(pass, pod, level, fmt.Sprintf("its pods are refused: the namespace %s enforces %s", pod.Namespace, level))
		}
	}
}

func checkPodSecurityBaseline(pass *millrace.Pass) {
	for _, pod := range pass.Pods {
		if _, ok := enforced(pass.Bundle, pod.Namespace); !ok {
			reportViolations(pass, pod, latest(api.LevelBaseline), "the pod goes beyond baseline")
		}
	}
}

func checkPodSecurityRestricted(pass *millrace.Pass) {
	for _, pod := range pass.Pods {
		// Of others, the operator may set what is missing.
		if !pod.Whole {
			continue
		}
		if _, ok := enforced(pass.Bundle, pod.Namespace); !ok && violations(pass, pod, latest(api.LevelBaseline)).Allowed {
			reportViolations(pass, pod, latest(api.LevelRestricted), "the pod goes beyond restricted")
		}
	}
}

func latest(level api.Level) api.LevelVersion {
	return api.LevelVersion{Level: level, Version: api.LatestVersion()}
}

// enforced returns the level that a namespace of the bundle enforces, if it
// says one.
func enforced(b *millrace.Bundle, namespace string) (api.LevelVersion, bool) {
	o, _ := b.Find(schema.GroupKind{Kind: "Namespace"}, "", namespace)
	ns, ok := o.(*corev1.Namespace)
	if !ok || ns.Labels[api.EnforceLevelLabel] == "" {
		return api.LevelVersion{}, false
	}
	p, errs := api.PolicyToEvaluate(ns.Labels, api.Policy{Enforce: latest(api.LevelPrivileged)})
	for _, err := range errs {
		if strings.Contains(err.Field, api.EnforceLevelLabel) {
			return api.LevelVersion{}, false // pod-security/label says so
		}
	}
	return p.Enforce, true
}

func reportViolations(pass *millrace.Pass, pod millrace.Pod, level api.LevelVersion, detail string) {
	found := violations(pass, pod, level)
	if found.Allowed {
		return
	}
	if pod.Role != "" {
		detail = pod.Role + ": " + detail
	}
	pass.Report(pod.Field(violationField(&pod.Template.Spec, found.ForbiddenDetails)), detail+": "+found.ForbiddenDetail())
}

type evaluatorKey struct{}

// violations holds a pod against a level, with the API server's own code.
func violations(pass *millrace.Pass, pod millrace.Pod, level api.LevelVersion) admission.AggregateCheckResult {
	evaluator := once(pass, evaluatorKey{}, func() admission.Evaluator {
		e, err := admission.NewEvaluator(admission.DefaultChecks(), nil)
		if err != nil {
			return unevaluated{err}
		}
		return e
	})
	spec := &pod.Template.Spec
	if !pod.Whole && level.Level == api.LevelRestricted {
		spec = benefitOfDoubt(spec)
	}
	return admission.AggregateCheckResults(evaluator.EvaluatePod(level, &pod.Template.ObjectMeta, spec))
}

// unevaluated stands for an evaluator that can't be made.
type unevaluated struct{ error }

func (u unevaluated) EvaluatePod(api.LevelVersion, *metav1.ObjectMeta, *corev1.PodSpec) []admission.CheckResult {
	return []admission.CheckResult{{ForbiddenReason: "can't be evaluated", ForbiddenDetail: u.Error()}}
}

// benefitOfDoubt returns the pod with what the restricted level asks for in
// the fields that are empty, as the operator may fill them in.
func benefitOfDoubt(spec *corev1.PodSpec) *corev1.PodSpec {
	spec = spec.DeepCopy()
	if spec.SecurityContext == nil {
		spec.SecurityContext = new(corev1.PodSecurityContext)
	}
	fill(&spec.SecurityContext.RunAsNonRoot, true)
	fill(&spec.SecurityContext.SeccompProfile, corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault})
	for _, c := range containers(spec) {
		if c.SecurityContext == nil {
			c.SecurityContext = new(corev1.SecurityContext)
		}
		fill(&c.SecurityContext.AllowPrivilegeEscalation, false)
		fill(&c.SecurityContext.Capabilities, corev1.Capabilities{})
		if c.SecurityContext.Capabilities.Drop == nil {
			c.SecurityContext.Capabilities.Drop = []corev1.Capability{"ALL"}
		}
	}
	return spec
}

// fill sets a field that is empty.
func fill[T any](field **T, value T) {
	if *field == nil {
		*field = &value
	}
}

// named finds the containers and volumes in the details of a violation.
var named = regexp.MustCompile(`\b(container|volume)s? ("[^"]+"(?:, "[^"]+")*)`)

// violationField returns the path of the one container or volume that all
// details are about, or that of the whole pod.
func violationField(spec *corev1.PodSpec, details []string) string {
	const whole = "spec"
	only := ""
	for _, detail := range details {
		m := named.FindAllStringSubmatch(detail, -1)
		if len(m) != 1 || strings.Contains(m[0][2], ", ") {
			return whole
		}
		at := whole
		if name := strings.Trim(m[0][2], `"`); m[0][1] == "volume" {
			for i, v := range spec.Volumes {
				if v.Name == name {
					at = fmt.Sprintf("spec.volumes[%d]", i)
				}
			}
		} else {
			for path, c := range containers(spec) {
				if c.Name == name {
					at = path
				}
			}
		}
		if only != "" && only != at {
			return whole
		}
		only = at
	}
	return only
}
