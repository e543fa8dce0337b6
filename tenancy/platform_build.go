package tenancy

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
)

// DriverPriority is the class of Spark's drivers, for
// spark.Driver.PriorityClass; empty where there is none.
func (p *Platform) DriverPriority() string {
	if p == nil || p.NoPriorities {
		return ""
	}
	return orDefault(p.Drivers.Name, "data-driver")
}

// ExecutorPriority is the class of Spark's executors; empty where there is
// none.
func (p *Platform) ExecutorPriority() string {
	if p == nil || p.NoPriorities {
		return ""
	}
	return orDefault(p.Executors.Name, "data-executor")
}

// DriverPriority is that of the tenant's Platform.
func (t *Tenant) DriverPriority() string {
	if t == nil {
		return ""
	}
	return t.Platform.DriverPriority()
}

// ExecutorPriority is that of the tenant's Platform.
func (t *Tenant) ExecutorPriority() string {
	if t == nil {
		return ""
	}
	return t.Platform.ExecutorPriority()
}

// Build checks the platform and returns its classes and queues. The error is a
// *millrace.BuildError with every mistake. Build changes nothing and keeps no
// memory in common with the platform.
func (p *Platform) Build() (millrace.Parts, error) {
	problems := millrace.Problems{Object: millrace.Ref{Kind: "tenancy.Platform"}}
	if p == nil {
		problems.Required("", "the platform is nil: leave it out")
		return millrace.Parts{}, problems.Err()
	}
	checkMeta(&problems, "Labels", p.Labels, "Annotations", p.Annotations)
	twice(&problems, "Annotations", p.Annotations, "StorageClass.Default", map[string]string{defaultClass: ""})
	p.checkPriorities(&problems)
	p.checkStorage(&problems)
	p.checkQueues(&problems)
	if err := problems.Err(); err != nil {
		return millrace.Parts{}, err
	}
	var out []millrace.Object
	for _, c := range p.classes() {
		out = append(out, p.priorityClass(c.Priority))
	}
	for _, c := range p.Storage {
		out = append(out, p.storageClass(c))
	}
	return millrace.Parts{Objects: append(out, p.queues()...)}, nil
}

// class is a priority with its defaults, and the field that it comes from.
type class struct {
	Priority
	field string
}

func (p *Platform) classes() []class {
	if p.NoPriorities {
		return nil
	}
	filled := func(c Priority, name string, value int32, preempts bool, description string) Priority {
		c.Name, c.Description = orDefault(c.Name, name), orDefault(c.Description, description)
		if c.Value == nil {
			c.Value = &value
		}
		if c.Preempts == nil {
			c.Preempts = &preempts
		}
		return c
	}
	out := []class{
		{filled(p.Drivers, p.DriverPriority(), driverValue, true, "Drivers of Spark jobs. They push executors aside."), "Drivers"},
		{filled(p.Executors, p.ExecutorPriority(), executorValue, false, "Executors of Spark jobs. They wait for room."), "Executors"},
	}
	for i, c := range p.Priorities {
		out = append(out, class{c, fmt.Sprintf("Priorities[%d]", i)})
	}
	return out
}

func (p *Platform) checkPriorities(problems *millrace.Problems) {
	if p.NoPriorities {
		for _, of := range []struct {
			field string
			set   bool
		}{{"Drivers", p.Drivers != (Priority{})}, {"Executors", p.Executors != (Priority{})}, {"Priorities", len(p.Priorities) > 0}} {
			if of.set {
				problems.Conflict(of.field, "NoPriorities leaves it out", "leave one of them out")
			}
		}
		return
	}
	taken := map[string]string{}
	for _, c := range p.classes() {
		problems.Name(c.field+".Name", c.Name)
		if by, ok := taken[c.Name]; ok {
			problems.Add(millrace.RuleDuplicate, c.field+".Name", by+" has the same name", "rename one of them")
		}
		taken[c.Name] = c.field
		switch {
		case c.Value == nil:
			problems.Required(c.field+".Value", "say how high the class is; pods without one have 0")
		case *c.Value < autoscalerCutoff:
			problems.Invalid(c.field+".Value", *c.Value, "Cluster Autoscaler makes no nodes for pods below -10", "use -10 or more")
		case *c.Value > highestPriority:
			problems.Invalid(c.field+".Value", *c.Value, "is kept for the system", "use at most 1000000000")
		}
	}
	if of := p.classes(); *of[0].Value <= *of[1].Value {
		problems.Conflict("Executors.Value", fmt.Sprintf("is %d, and that of Drivers %d: executors would take the room of drivers, without which they have no use", *of[1].Value, *of[0].Value), "put Drivers above Executors")
	}
}

func (p *Platform) meta(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: name, Labels: maps.Clone(p.Labels), Annotations: maps.Clone(p.Annotations)}
}

func (p *Platform) priorityClass(c Priority) *schedulingv1.PriorityClass {
	policy := corev1.PreemptNever
	if c.Preempts != nil && *c.Preempts {
		policy = corev1.PreemptLowerPriority
	}
	return &schedulingv1.PriorityClass{
		TypeMeta:   metav1.TypeMeta{APIVersion: schedulingv1.SchemeGroupVersion.String(), Kind: "PriorityClass"},
		ObjectMeta: p.meta(c.Name), Value: *c.Value, PreemptionPolicy: &policy, Description: c.Description,
	}
}

const (
	defaultClass = "storageclass.kubernetes.io/is-default-class"
	fileSystem   = "csi.storage.k8s.io/fstype"
)

// distinct reports a name that one of the names before has too.
func distinct(problems *millrace.Problems, names map[string]bool, at, name, what string) {
	if names[name] {
		problems.Add(millrace.RuleDuplicate, at+".Name", "another "+what+" has the same name", "rename one of them")
	}
	names[name] = true
}

func (p *Platform) checkStorage(problems *millrace.Problems) {
	names, def := map[string]bool{}, ""
	for i, c := range p.Storage {
		at := fmt.Sprintf("Storage[%d]", i)
		problems.Name(at+".Name", c.Name)
		distinct(problems, names, at, c.Name, "class")
		if c.Default && def != "" {
			problems.Conflict(at+".Default", def+" is the default already", "leave one")
		} else if c.Default {
			def = at
		}
		v := reflect.ValueOf(c.Disks)
		if !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
			problems.Required(at+".Disks", "use tenancy.GCEDisk{}, EBS{}, AzureDisk{}, LocalDisk{} or Provisioner{…}")
			continue
		}
		c.Disks.check(at+".Disks", c.Parameters, problems)
		c.checkDisks(problems, at)
	}
}

// checkDisks holds the class to what its disks can do.
func (c StorageClass) checkDisks(problems *millrace.Problems, at string) {
	own := c.parameters()
	for _, key := range slices.Sorted(maps.Keys(c.Parameters)) {
		if _, ok := own[key]; ok {
			problems.Conflict(at+".Parameters["+key+"]", "a field says it", "set the field")
		} else if key == "" {
			problems.Invalid(at+".Parameters", key, "a parameter has no name", "name it")
		}
	}
	if len(c.Zones) > 0 && c.Disks.zoneLabel() == "" {
		problems.Unsupported(at+".Zones", c.Disks.provisioner()+" doesn't choose zones", "leave them out")
	}
	if slices.Contains(c.Zones, "") {
		problems.Invalid(at+".Zones", "", "a zone has no name", "name it")
	}
	if c.Disks.static() {
		if len(c.Parameters) > 0 || c.FileSystem != "" {
			problems.Unsupported(at+".Parameters", "nobody makes disks on demand, with parameters", "set them in the volumes")
		}
		if c.FixedSize {
			problems.Conflict(at+".FixedSize", "local disks never grow", "leave it out")
		}
	}
}

// parameters are those that fields say.
func (c StorageClass) parameters() map[string]string {
	out := map[string]string{}
	maps.Copy(out, c.Disks.parameters())
	optional(out, fileSystem, c.FileSystem)
	return out
}

func (p *Platform) storageClass(c StorageClass) *storagev1.StorageClass {
	out := &storagev1.StorageClass{
		TypeMeta:          metav1.TypeMeta{APIVersion: storagev1.SchemeGroupVersion.String(), Kind: "StorageClass"},
		ObjectMeta:        p.meta(c.Name),
		Provisioner:       c.Disks.provisioner(),
		MountOptions:      slices.Clone(c.MountOptions),
		VolumeBindingMode: new(storagev1.VolumeBindingWaitForFirstConsumer),
		ReclaimPolicy:     new(corev1.PersistentVolumeReclaimDelete),
	}
	if parameters := c.parameters(); len(parameters)+len(c.Parameters) > 0 {
		maps.Copy(parameters, c.Parameters)
		out.Parameters = parameters
	}
	out.AllowVolumeExpansion = new(!c.FixedSize && !c.Disks.static())
	if c.Retain {
		*out.ReclaimPolicy = corev1.PersistentVolumeReclaimRetain
	}
	if c.Default {
		add(&out.Annotations, map[string]string{defaultClass: "true"})
	}
	if len(c.Zones) > 0 {
		out.AllowedTopologies = []corev1.TopologySelectorTerm{{MatchLabelExpressions: []corev1.TopologySelectorLabelRequirement{
			{Key: c.Disks.zoneLabel(), Values: slices.Clone(c.Zones)},
		}}}
	}
	return out
}
