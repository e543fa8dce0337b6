package nodepool

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/validate/content"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// Build checks the pool and returns what its provider makes of it, with the
// shape of its nodes. The error is a *millrace.BuildError with every mistake.
// Build changes nothing and keeps no memory in common with the pool.
func (p *Pool) Build() (millrace.Parts, error) {
	var problems millrace.Problems
	if p == nil {
		problems.Object = millrace.Ref{Kind: "nodepool.Pool"}
		problems.Required("", "the pool is nil: leave it out")
		return millrace.Parts{}, problems.Err()
	}
	problems.Object = millrace.Ref{Kind: "nodepool.Pool", Name: p.Name}
	p.check(&problems)
	if !p.hasProvider() {
		problems.Required("Provider", "use nodepool.GKE{…}, GKEComputeClass{…}, EKS{…}, AKS{…} or Karpenter{…}")
		return millrace.Parts{}, problems.Err()
	}
	p.Provider.check(p, &problems)
	if err := problems.Err(); err != nil {
		return millrace.Parts{}, err
	}
	parts := p.Provider.parts(p, &problems)
	if err := problems.Err(); err != nil {
		return millrace.Parts{}, err
	}
	for i := range parts.Nodes {
		parts.Nodes[i].Agents = p.Agents.DeepCopy()
	}
	return parts, nil
}

// NodePool builds the pool and returns Karpenter's object. With another
// provider the error says so.
func (p *Pool) NodePool() (*karpenterv1.NodePool, error) {
	return objectOf[*karpenterv1.NodePool](p, "Karpenter NodePool", "use nodepool.Karpenter")
}

// Terraform builds the pool and returns its Terraform. With a provider that
// isn't made by Terraform the error says so.
func (p *Pool) Terraform() ([]byte, error) {
	parts, err := p.Build()
	if err != nil {
		return nil, err
	}
	if len(parts.Files) == 1 && strings.HasPrefix(parts.Files[0].Path, "terraform/") {
		return parts.Files[0].Data, nil
	}
	return nil, p.wrongProvider("Terraform", "use nodepool.GKE, EKS or AKS, in the format Terraform")
}

// objectOf builds the pool and returns its object of that type.
func objectOf[T millrace.Object](p *Pool, what, fix string) (T, error) {
	var none T
	parts, err := p.Build()
	if err != nil {
		return none, err
	}
	for _, o := range parts.Objects {
		if object, ok := o.(T); ok {
			return object, nil
		}
	}
	return none, p.wrongProvider(what, fix)
}

// wrongProvider says that the pool's provider makes no such thing, and which
// one does.
func (p *Pool) wrongProvider(what, fix string) error {
	problems := millrace.Problems{Object: millrace.Ref{Kind: "nodepool.Pool", Name: p.Name}}
	problems.Unsupported("Provider", fmt.Sprintf("%T makes no %s", p.Provider, what), fix)
	return problems.Err()
}

// check reports what is wrong with the pool whatever its provider.
func (p *Pool) check(problems *millrace.Problems) {
	problems.LabelName("Name", p.Name)
	if p.Workload != "" {
		checkValue(problems, "Workload", p.Workload)
	}
	p.checkMachines(problems)
	p.checkZones(problems)
	if p.Min < 0 {
		problems.Invalid("Min", p.Min, "is negative", "use 0 or more")
	}
	if p.Max < 0 {
		problems.Invalid("Max", p.Max, "is negative", "use 1 or more")
	} else if p.Max > 0 && p.Max < p.Min {
		problems.Invalid("Max", p.Max, fmt.Sprintf("is less than Min, %d", p.Min), "raise Max or lower Min")
	}
	checkCapacity(problems, p.Capacity)
	if p.Priority < 0 || p.Priority > 100 {
		problems.Invalid("Priority", p.Priority, "is out of range", "use 1 to 100, or 0 for the lowest")
	}
	p.checkShape(problems)
	checkSizes(problems, p.Allocatable, p.Agents)
	problems.Labels("Labels", p.Labels)
	if _, ok := p.Labels[WorkloadLabel]; ok {
		problems.Conflict("Labels["+WorkloadLabel+"]", "this label is the pool's own", "set Workload instead")
	}
}

// checkCapacity reports a capacity that there isn't.
func checkCapacity(problems *millrace.Problems, capacity Capacity) {
	switch capacity {
	case "", OnDemand, Spot, SpotFirst:
	default:
		problems.Invalid("Capacity", string(capacity), "unknown capacity", "use nodepool.OnDemand, Spot or SpotFirst")
	}
}

// checkSizes checks what a node has for pods, and what its agents take.
func checkSizes(problems *millrace.Problems, allocatable, agents corev1.ResourceList) {
	for _, name := range slices.Sorted(maps.Keys(allocatable)) {
		if q := allocatable[name]; q.Sign() <= 0 {
			problems.Invalid(fmt.Sprintf("Allocatable[%s]", name), q.String(), "is nothing", "say what a node has, or leave it out")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(agents)) {
		if q := agents[name]; q.Sign() < 0 {
			problems.Invalid(fmt.Sprintf("Agents[%s]", name), q.String(), "is negative", "say what the agents request, or leave it out")
		}
	}
}

// checkShape checks what is said of one machine.
func (p *Pool) checkShape(problems *millrace.Problems) {
	if p.Shape.CPUs < 0 {
		problems.Invalid("Shape.CPUs", p.Shape.CPUs, "is negative", "use a number of CPUs")
	}
	checkMemory(problems, "Shape.Memory", p.Shape.Memory, "machine")
	if p.Shape.CPUs > 0 && p.Shape.Memory == 0 {
		problems.Required("Shape.Memory", "it goes together with Shape.CPUs")
	}
	if p.Shape.CPUs == 0 && p.Shape.Memory > 0 {
		problems.Required("Shape.CPUs", "it goes together with Shape.Memory")
	}
}

// noLimits reports limits with a provider that counts nodes.
func (p *Pool) noLimits(problems *millrace.Problems) {
	if p.Limits.CPU != 0 {
		problems.Unsupported("Limits.CPU", "its autoscaler counts nodes", "use Max")
	}
	if p.Limits.Memory != 0 {
		problems.Unsupported("Limits.Memory", "its autoscaler counts nodes", "use Max")
	}
}

func (p *Pool) checkMachines(problems *millrace.Problems) {
	seen := map[string]bool{p.Machine: true}
	if len(p.OtherMachines) > 0 && p.Machine == "" {
		problems.Required("Machine", "move one of OtherMachines here")
		delete(seen, "")
	}
	for i, machine := range p.OtherMachines {
		at := fmt.Sprintf("OtherMachines[%d]", i)
		switch {
		case machine == "":
			problems.Required(at, "leave it out")
		case seen[machine]:
			problems.Add(millrace.RuleDuplicate, at, fmt.Sprintf("%q is there already", machine), "leave it out")
		}
		seen[machine] = true
	}
	switch p.Arch {
	case "", AMD64, ARM64:
	default:
		problems.Invalid("Arch", string(p.Arch), "unknown architecture", "use nodepool.AMD64 or nodepool.ARM64")
	}
}

func (p *Pool) checkZones(problems *millrace.Problems) {
	seen := map[string]bool{}
	for i, zone := range p.Zones {
		at := fmt.Sprintf("Zones[%d]", i)
		switch {
		case zone == "":
			problems.Required(at, "leave it out")
		case seen[zone]:
			problems.Add(millrace.RuleDuplicate, at, fmt.Sprintf("%q is there already", zone), "leave it out")
		default:
			checkValue(problems, at, zone)
		}
		seen[zone] = true
	}
}

// checkTaints checks a list of taints. taken says who has a taint of that key
// and effect already: Karpenter and the API server refuse two of them.
func checkTaints(problems *millrace.Problems, field string, taints []corev1.Taint, taken map[corev1.Taint]string) {
	for i, t := range taints {
		at := fmt.Sprintf("%s[%d]", field, i)
		if t.Key == "" {
			problems.Required(at+".Key", "name the taint")
		} else {
			checkKey(problems, at+".Key", t.Key)
		}
		checkValue(problems, at+".Value", t.Value)
		if t.Effect == "" {
			problems.Required(at+".Effect", "use NoSchedule, PreferNoSchedule or NoExecute")
		}
		problems.TaintEffect(at+".Effect", t.Effect)
		if t.TimeAdded != nil {
			problems.Invalid(at+".TimeAdded", t.TimeAdded.String(), "the cluster sets it", "leave it out")
		}
		id := taintID(t)
		if by, ok := taken[id]; ok {
			problems.Add(millrace.RuleDuplicate, at, fmt.Sprintf("%s makes a taint %s with effect %s", by, t.Key, t.Effect), "leave one of them out")
		} else {
			taken[id] = at
		}
	}
}

// taintID is what no two taints of a node have in common.
func taintID(t corev1.Taint) corev1.Taint { return corev1.Taint{Key: t.Key, Effect: t.Effect} }

// taken returns the taints that the pool's own fields make, by who makes them.
func (p *Pool) taken(spot []corev1.Taint) map[corev1.Taint]string {
	out := map[corev1.Taint]string{}
	if !p.Shared {
		out[corev1.Taint{Key: WorkloadLabel, Effect: corev1.TaintEffectNoSchedule}] = "Workload"
	}
	for _, t := range spot {
		out[taintID(t)] = "Capacity"
	}
	return out
}

// checkArm reports machines whose architecture isn't the pool's.
func (p *Pool) checkArm(problems *millrace.Problems, arch func(machine string) Arch) {
	if arch == nil {
		return
	}
	for i, machine := range append([]string{p.Machine}, p.OtherMachines...) {
		is := arch(machine)
		if is == "" || is == p.arch() {
			continue
		}
		field := "Machine"
		if i > 0 {
			field = fmt.Sprintf("OtherMachines[%d]", i-1)
		}
		problems.Invalid(field, machine, fmt.Sprintf("is an %s machine and the pool is %s", is, p.arch()),
			fmt.Sprintf("use another machine, or set Arch to nodepool.%s and build the images for it", strings.ToUpper(string(is))))
	}
}

// checkKey and checkValue check one half of a label or taint.
func checkKey(problems *millrace.Problems, field, key string) {
	for _, why := range content.IsLabelKey(key) {
		problems.Invalid(field, key, why, "use an optional DNS prefix, '/', and at most 63 letters, digits, '-', '_' or '.'")
	}
}

func checkValue(problems *millrace.Problems, field, value string) {
	for _, why := range content.IsLabelValue(value) {
		problems.Invalid(field, value, why, "use at most 63 letters, digits, '-', '_' or '.'")
	}
}

// set returns the names of the fields that are set.
func (d Disruption) set() []string {
	var names []string
	v := reflect.ValueOf(d)
	for i := range v.NumField() {
		if !v.Field(i).IsZero() {
			names = append(names, v.Type().Field(i).Name)
		}
	}
	return names
}
