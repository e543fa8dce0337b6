package diagnosis

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// lookAtScheduling finds why a pod has no node.
func (q *inquiry) lookAtScheduling(p *corev1.Pod, r role) {
	if p.Spec.NodeName != "" || p.Status.Phase != corev1.PodPending && p.Status.Phase != "" {
		return
	}
	at := place{role: r, object: q.ref(p), key: q.keyOf(p, r), pod: p}
	at.where = at.object.String() + ": condition PodScheduled"
	for _, c := range p.Status.Conditions {
		if c.Type != corev1.PodScheduled {
			continue
		}
		switch {
		case c.Status == corev1.ConditionTrue:
			return
		case c.Reason == corev1.PodReasonSchedulingGated:
			q.gated(at)
		default:
			q.unschedulable(at, c.Reason, c.Message, millrace.Certain)
		}
		return
	}
	if age, ok := q.age(p.CreationTimestamp); ok && age > patience {
		scheduler := p.Spec.SchedulerName
		if scheduler == "" {
			scheduler = corev1.DefaultSchedulerName
		}
		q.note(note{id: Unschedulable, role: r, likelihood: millrace.Likely, object: at.object, key: at.key,
			detail: fmt.Sprintf("no scheduler has looked at the %s: it waits for the one called %q", r, scheduler),
			fix:    "install that scheduler, or name one that runs: the batch scheduler of the application sets it",
			where:  at.object.String() + ": spec.schedulerName", what: scheduler + ", and no condition PodScheduled"})
	}
}

func (q *inquiry) gated(at place) {
	var gates []string
	for _, g := range at.pod.Spec.SchedulingGates {
		gates = append(gates, g.Name)
	}
	names := strings.Join(gates, ", ")
	fix := "find out who takes the gate away, and why it does not yet"
	if strings.Contains(names, "kueue.x-k8s.io") {
		fix = "Kueue lets it go when its queue has room: look at the Workload, and at the quota of its ClusterQueue"
	}
	q.note(note{id: SchedulingGated, role: at.role, likelihood: millrace.Certain, object: at.object, key: at.key,
		detail: fmt.Sprintf("the %s is held back by scheduling gates: %s", at.role, names), fix: fix,
		where: at.object.String() + ": spec.schedulingGates", what: names})
}

// misfit is one reason for which nodes don't take a pod.
type misfit struct {
	nodes  int
	reason string
}

// mostMessage bounds what is read of a message, in bytes.
const mostMessage = 4096

// separator is between the scheduler's reasons, or Karpenter's.
var separator = regexp.MustCompile(`[,;] `)

var nodesAvailable = regexp.MustCompile(`(\d+)/(\d+) nodes are available`)

// parseUnschedulable reads a message of the scheduler: "0/5 nodes are
// available: 2 Insufficient cpu, 3 node(s) had untolerated taint {a: b}.
// preemption: …". A reason that is not about nodes has no number of them.
// Source: k8s.io/kubernetes v1.37.2, pkg/scheduler/framework/types.go, FitError.
func parseUnschedulable(message string) (nodes int, misfits []misfit) {
	if len(message) > mostMessage {
		message = message[:mostMessage]
	}
	if m := nodesAvailable.FindStringSubmatchIndex(message); m != nil {
		nodes, _ = strconv.Atoi(message[m[4]:m[5]])
		// What else was tried stands behind the reasons: preemption, claims to
		// take away, volumes that are not found.
		message, _, _ = strings.Cut(strings.TrimLeft(message[m[1]:], ": "), ". ")
	}
	for _, part := range separator.Split(strings.TrimSuffix(strings.TrimSpace(message), "."), -1) {
		count, reason, ok := strings.Cut(strings.TrimSpace(part), " ")
		n, err := strconv.Atoi(count)
		if !ok || err != nil {
			n, reason = 0, strings.TrimSpace(part)
		}
		if reason != "" {
			misfits = append(misfits, misfit{n, strings.TrimSuffix(reason, ".")})
		}
	}
	return nodes, misfits
}

var (
	// Kubernetes 1.36 and later don't name the taint.
	taintName      = regexp.MustCompile(`untolerated taint \{([^}]*)\}`)
	karpenterTaint = regexp.MustCompile(`did not tolerate (?:taint \(taint=)?([^)\s]+)`)
	missingClaim   = regexp.MustCompile(`persistentvolumeclaim "([^"]+)" not found`)
)

// unschedulable explains a message of a scheduler or an autoscaler.
func (q *inquiry) unschedulable(at place, reason, message string, l millrace.Likelihood) {
	n := note{id: Unschedulable, role: at.role, likelihood: l, object: at.object, key: at.key, where: at.where, what: reason + ": " + message}
	nodes, misfits := parseUnschedulable(message)
	said, ok := q.misfits[at.role]
	if !ok {
		said = make(map[string]bool)
		q.misfits[at.role] = said
	}
	var fixes []string
	for _, m := range misfits {
		kind, fix := q.misfitFix(at, m)
		if kind == Claim {
			n.id = Claim
		}
		// Autoscalers name the taints of every pool.
		if fix == "" || said[kind] || l < millrace.Certain && said[namedTaint] && strings.HasPrefix(kind, namedTaint) {
			continue
		}
		said[kind] = true
		said[namedTaint] = said[namedTaint] || strings.HasPrefix(kind, namedTaint)
		fixes = append(fixes, fix)
	}
	if q.add(n, fixes) {
		return
	}
	n.detail = fmt.Sprintf("no node takes the %s", at.role)
	if n.id == Claim {
		n.detail = fmt.Sprintf("the %s waits for its claim", at.role)
	} else if nodes > 0 {
		n.detail = fmt.Sprintf("none of %d nodes takes the %s", nodes, at.role)
	}
	if len(fixes) == 0 {
		fixes = append(fixes, "compare what the pod asks for with what the nodes are: nodepool.Pool.Placement carries labels and taints to the job")
	}
	n.fix = strings.Join(fixes, "; ")
	q.note(n)
}

// namedTaint begins the kind of a reason that says which taint it is.
const namedTaint = "taint "

// misfitFix says of which kind a reason is, and what to do about it. Claim is
// one of the kinds.
func (q *inquiry) misfitFix(at place, m misfit) (kind, fix string) {
	how := ""
	if m.nodes > 0 {
		how = fmt.Sprintf(" (%d nodes)", m.nodes)
		if m.nodes == 1 {
			how = " (1 node)"
		}
	}
	switch reason := m.reason; {
	case strings.Contains(reason, "taint"), strings.Contains(reason, "did not tolerate"):
		taint := ""
		kind = "taint"
		for _, re := range []*regexp.Regexp{taintName, karpenterTaint} {
			if found := re.FindStringSubmatch(reason); found != nil {
				taint, kind = " "+found[1], namedTaint+found[1]
			}
		}
		return kind, fmt.Sprintf("if the nodes with the taint%s%s are meant for it, give it the Placement of their pool, which tolerates it and needs no webhook", taint, how)
	case strings.Contains(reason, "Insufficient "):
		_, resource, _ := strings.Cut(reason, "Insufficient ")
		return "room " + resource, fmt.Sprintf("too little %s is free%s%s: let the pool grow (Pool.Max), use larger machines, or ask for less (%s)", resource, how, q.asksFor(at, resource), askFields(at.role, resource))
	case strings.Contains(reason, "volume node affinity conflict"), strings.Contains(reason, "no available volume zone"):
		return Claim, "the claim's volume is in another zone than the nodes" + how + ": use a StorageClass with volumeBindingMode WaitForFirstConsumer"
	case strings.Contains(reason, "unbound immediate PersistentVolumeClaims"):
		return Claim, "its claim is not bound yet: use a StorageClass with volumeBindingMode WaitForFirstConsumer, and look at the events of the claim"
	case missingClaim.MatchString(reason):
		return Claim, "create the claim " + missingClaim.FindStringSubmatch(reason)[1] + " in this namespace, or correct its name in " + at.role.field() + ".Volumes"
	case strings.Contains(reason, "ReadWriteOncePod"):
		return Claim, "the claim is in use by another pod, and ReadWriteOncePod allows one: give each pod its own"
	case strings.Contains(reason, "node affinity/selector"), strings.Contains(reason, "didn't match Pod's node affinity"), strings.Contains(reason, "incompatible requirements"):
		return "labels", "no node has the labels that the pod selects" + how + ": compare Placement with the pool's labels"
	case strings.Contains(reason, "max node group size reached"), strings.Contains(reason, "exceed limits"), strings.Contains(reason, "would exceed limit"):
		return "limit", "the pool is as large as it may be: raise Pool.Max"
	case strings.Contains(reason, "were unschedulable"):
		return "cordoned", "nodes are cordoned" + how + ": somebody drains them"
	case strings.Contains(reason, "anti-affinity"), strings.Contains(reason, "pod affinity"), strings.Contains(reason, "topology spread"):
		return "affinity", "rules between pods keep it from the nodes" + how + ": loosen the affinity or the spread in Base"
	case strings.Contains(reason, "Too many pods"):
		return "pods", "the nodes have all the pods that they may" + how + ": use larger executors, or raise the limit of pods a node"
	}
	return "", ""
}

// asksFor says how much of a resource Spark's container asks for.
func (q *inquiry) asksFor(at place, resource string) string {
	if at.pod == nil {
		return ""
	}
	for _, c := range at.pod.Spec.Containers {
		if quantity, ok := c.Resources.Requests[corev1.ResourceName(resource)]; ok && c.Name == mainContainer(at.pod, at.role) {
			return fmt.Sprintf(", and the pod asks for %s", quantity.String())
		}
	}
	return ""
}

func askFields(r role, resource string) string {
	switch resource {
	case "cpu":
		return r.field() + ".Cores, " + r.field() + ".CoreRequest"
	case "memory":
		return r.field() + ".Memory, " + r.field() + ".MemoryOverhead"
	case "ephemeral-storage":
		return r.field() + ".Volumes"
	default:
		return "Base"
	}
}
