package policy

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	helpers "k8s.io/component-helpers/resource"

	"github.com/millrace/millrace"
)

func quotaRules() []millrace.Rule {
	const source = "Kubernetes, concepts/policy/resource-quotas"
	return []millrace.Rule{
		{
			ID: "quota/unset", Severity: millrace.Error,
			Summary: "Pods say what a ResourceQuota of their namespace asks of each: requests and limits of cpu and memory that it bounds.",
			Reason:  "The API server refuses every pod that doesn't (\"must specify limits.cpu\"), while its Deployment or SparkApplication is taken; a Spark driver asks for executors for ever.",
			Fix:     "set it on the container, or give the namespace a LimitRange with defaults",
			Source:  source + "; spark-operator#810",
			Check:   checkQuotaUnset,
		},
		{
			ID: "quota/exceeded", Severity: millrace.Error,
			Summary: "What a namespace always runs fits into its ResourceQuota, and so does every job beside it.",
			Reason:  "The API server refuses what goes beyond, and waits for nothing: drivers run without executors, rollouts stop halfway.",
			Fix:     "raise the quota, or ask for less",
			Source:  source + "; spark-operator#690, #2790",
			Check:   checkQuotaExceeded,
		},
		{
			ID: "quota/maximum", Severity: millrace.Warning,
			Summary: "All jobs at once, and what scales at its most, fit into the ResourceQuota.",
			Reason:  "It works until they meet: then one of them is refused pods in the middle of its work. Of a workflow, the largest template counts.",
			Fix:     "raise the quota, lower the maximum, or let the jobs run one after the other and waive the rule",
			Source:  source + "; spark-operator#690",
			Check:   checkQuotaMaximum,
		},
		{
			ID: "quota/unknown", Severity: millrace.Info,
			Summary: "What is asked of a ResourceQuota is known.",
			Reason:  "Pods whose operator or workflow says how much they take, when it makes them, are left out of the sum: they may exceed the quota.",
			Fix:     "set requests and limits where the object takes them, or check by hand",
			Source:  source,
			Check:   checkQuotaUnknown,
		},
		limitRangeRule(),
	}
}

// demanded are the resources of which a quota asks each container to say how
// much it takes. Others count only where they are said.
// Source: kubernetes, pkg/quota/v1/evaluator/core/pods.go, validationSet.
var demanded = []corev1.ResourceName{
	corev1.ResourceCPU, corev1.ResourceMemory, corev1.ResourceRequestsCPU, corev1.ResourceRequestsMemory,
	corev1.ResourceLimitsCPU, corev1.ResourceLimitsMemory,
}

func checkQuotaUnset(pass *millrace.Pass) {
	for _, pod := range pass.Pods {
		t := tenantsOf(pass)[pod.Namespace]
		// Of pods that aren't whole, somebody else may set it.
		if t == nil || len(t.quotas) == 0 || !pod.Whole {
			continue
		}
		admitted := t.admitted(pod)
		if helpers.IsPodLevelResourcesSet(admitted) {
			continue
		}
		for _, quota := range t.quotas {
			if !counts(quota, admitted) {
				continue
			}
			for _, name := range demanded {
				if _, bounds := quota.Spec.Hard[name]; !bounds {
					continue
				}
				for field, c := range unset(admitted, name) {
					pass.Report(pod.Field(field), fmt.Sprintf("%sthe container %s doesn't say it, and ResourceQuota %s bounds %s", roleOf(pod), c.Name, quota.Name, name))
				}
			}
		}
	}
}

// unset yields the containers that don't say how much they take of a resource
// as quotas name it, with the field that would.
func unset(pod *corev1.Pod, name corev1.ResourceName) iter.Seq2[string, *corev1.Container] {
	return func(yield func(string, *corev1.Container) bool) {
		plain, isLimit := strings.CutPrefix(string(name), "limits.")
		plain = strings.TrimPrefix(plain, "requests.")
		for path, c := range containers(&pod.Spec) {
			list, field := c.Resources.Requests, "requests"
			if isLimit {
				list, field = c.Resources.Limits, "limits"
			}
			if _, ok := list[corev1.ResourceName(plain)]; !ok && !yield(fmt.Sprintf("%s.resources.%s[%s]", path, field, plain), c) {
				return
			}
		}
	}
}

// roleOf begins a detail about one of an object's pods.
func roleOf(pod millrace.Pod) string {
	if pod.Role == "" {
		return ""
	}
	return pod.Role + ": "
}

func checkQuotaExceeded(pass *millrace.Pass) {
	for _, b := range budgetsOf(pass) {
		if detail := b.exceeded(); detail != "" {
			pass.Report(b.field(), detail)
		}
	}
}

func checkQuotaMaximum(pass *millrace.Pass) {
	for _, b := range budgetsOf(pass) {
		if b.exceeded() == "" && b.most.total.Cmp(b.hard) > 0 {
			pass.Report(b.field(), fmt.Sprintf("at the most, the bundle takes %s of %s, and the quota has %s: %s", &b.most.total, b.name, &b.hard, b.most))
		}
	}
}

func checkQuotaUnknown(pass *millrace.Pass) {
	for _, b := range budgetsOf(pass) {
		if len(b.unknown) > 0 && b.exceeded() == "" && b.most.total.Cmp(b.hard) <= 0 {
			pass.Report(b.field(), fmt.Sprintf("it isn't known how much %s these take: %s", b.name, some(b.unknown)))
		}
	}
}

// budget is one line of a quota, and what is asked of it.
type budget struct {
	name corev1.ResourceName
	hard resource.Quantity
	// always is what runs all the time, at the least; most is all at once.
	always, most sum
	// units are what runs to its end, each by itself at the least.
	units []sum
	// unknown are those that may take some, but don't say how much.
	unknown []string
}

// mayTake reports whether a demand may be for more of a resource than it says.
func (d demand) mayTake(name corev1.ResourceName) bool {
	if d.open && slices.Contains(demanded, name) && !helpers.IsPodLevelResourcesSet(d.pod) {
		for range unset(d.pod, name) {
			return true
		}
	}
	return false
}

func (b *budget) field() string { return fmt.Sprintf("spec.hard[%s]", b.name) }

type budgetsKey struct{ quota *corev1.ResourceQuota }

// budgetsOf returns the lines of the quota that the pass looks at, in the order
// of their names.
func budgetsOf(pass *millrace.Pass) []*budget {
	quota, ok := pass.Object.(*corev1.ResourceQuota)
	if !ok {
		return nil
	}
	return once(pass, budgetsKey{quota}, func() []*budget {
		t := tenantsOf(pass)[quota.Namespace]
		if t == nil || !slices.Contains(t.quotas, quota) {
			return nil // a manifest that a task only reads
		}
		var counted []demand
		for _, d := range t.demands {
			if counts(quota, d.pod) {
				counted = append(counted, d)
			}
		}
		var out []*budget
		for _, name := range slices.Sorted(maps.Keys(quota.Spec.Hard)) {
			out = append(out, newBudget(name, quota.Spec.Hard[name], counted))
		}
		return out
	})
}

func newBudget(name corev1.ResourceName, hard resource.Quantity, demands []demand) *budget {
	b := &budget{name: name, hard: hard}
	type job struct{ least, most sum }
	jobs := make(map[string]*job)
	groups := make(map[string]*job) // the largest of each
	var order []string
	for _, d := range demands {
		if d.mayTake(name) && (len(b.unknown) == 0 || b.unknown[len(b.unknown)-1] != d.who) {
			b.unknown = append(b.unknown, d.who)
		}
		each, ok := d.each[name]
		if !ok {
			continue
		}
		if d.unit == "" {
			b.always.add(d.who, each, d.min)
			b.most.add(d.who, each, d.max)
			continue
		}
		j := jobs[d.unit]
		if j == nil {
			j = new(job)
			jobs[d.unit] = j
			order = append(order, d.unit)
		}
		j.least.add(d.who, each, d.min)
		j.most.add(d.who, each, d.max)
		if g := groups[d.group]; g == nil || g.most.total.Cmp(j.most.total) < 0 {
			groups[d.group] = j
		}
	}
	for _, unit := range order {
		b.units = append(b.units, jobs[unit].least)
	}
	for _, group := range slices.Sorted(maps.Keys(groups)) {
		b.most.join(groups[group].most)
	}
	return b
}

// exceeded says why something can never run; empty if all can.
func (b *budget) exceeded() string {
	if b.always.total.Cmp(b.hard) > 0 {
		return fmt.Sprintf("the bundle always takes %s of %s, and the quota has %s: %s", &b.always.total, b.name, &b.hard, b.always)
	}
	left := b.hard.DeepCopy()
	left.Sub(b.always.total)
	var tooLarge sum
	for _, unit := range b.units {
		if unit.total.Cmp(left) > 0 {
			tooLarge.join(unit)
		}
	}
	if len(tooLarge.by) == 0 {
		return ""
	}
	have := fmt.Sprintf("the quota has %s", &b.hard)
	if !b.always.total.IsZero() {
		have += fmt.Sprintf(", of which others always take %s (%s)", &b.always.total, b.always)
	}
	return fmt.Sprintf("there isn't enough %s: %s; %s", b.name, tooLarge, have)
}
