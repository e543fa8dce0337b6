package kafka

import (
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const templateRule = "kafka/template"

// ownVolumes are the volumes that Strimzi gives every component's pods; ones
// of brokers and controllers have more.
// Source: Strimzi, VolumeUtils.java and KafkaCluster.getNonDataVolumes.
var (
	ownVolumes     = []string{"strimzi-tmp"}
	ownNodeVolumes = append(slices.Clone(ownVolumes), "kafka-metrics-and-logging", "ready-files", "rack-volume", "cluster-ca", "broker-certs", "client-ca-cert")
)

// containerTemplate is the template of one container, and its path.
type containerTemplate struct {
	path string
	of   *strimziv1.ContainerTemplate
}

// template reports what the operator refuses or ignores of a component's pod
// template, which stands at a path, and of the templates of its containers. A
// pod template that is nil may be said elsewhere.
// Source: Strimzi, TemplateUtils.java.
func (f *faults) template(pod string, of *strimziv1.StatefulPodTemplate, taken []string, containers ...containerTemplate) {
	volumes := map[string]string{}
	for _, name := range taken {
		volumes[name] = "Strimzi has one of its own"
	}
	if of != nil {
		for i, v := range of.Volumes {
			at := fmt.Sprintf("%s.volumes[%d]", pod, i)
			f.volumeName(at+".name", deref(v.Name), volumes)
			f.oneSource(at, v)
		}
		for i, v := range of.TemplatedVolumes {
			at := fmt.Sprintf("%s.templatedVolumes[%d]", pod, i)
			f.volumeName(at+".name", deref(v.Name), volumes)
			f.oneSource(at, v)
		}
	}
	for _, c := range containers {
		if c.of != nil {
			f.mounts(c, of != nil, volumes)
			f.env(c)
		}
	}
}

func (f *faults) volumeName(path, name string, seen map[string]string) {
	switch other, taken := seen[name]; {
	case name == "":
		f.add(templateRule, millrace.RuleRequired, path, "is required", "name the volume")
		return
	case len(validation.IsDNS1123Label(name)) > 0:
		f.add(templateRule, millrace.RuleInvalid, path, fmt.Sprintf("%q: it is no name of a volume", name), "use at most 63 lower-case letters, digits and '-'")
	case taken:
		f.add(templateRule, millrace.RuleDuplicate, path, fmt.Sprintf("%q: %s", name, other), "rename it")
	}
	seen[name] = "there is another one of this name"
}

// oneSource reports a volume with several sources, of which the operator takes
// the first that it thinks of.
func (f *faults) oneSource(path string, volume any) {
	v, n := reflect.ValueOf(volume), 0
	for i := range v.NumField() {
		if v.Field(i).Kind() == reflect.Pointer && v.Type().Field(i).Name != "Name" && !v.Field(i).IsNil() {
			n++
		}
	}
	if n > 1 {
		f.add(templateRule, millrace.RuleConflict, path, "a volume has one source, and the operator ignores the others", "leave one of them")
	}
}

// mounts checks the mounts of a container; whole says that the pod's volumes
// are all known.
func (f *faults) mounts(c containerTemplate, whole bool, volumes map[string]string) {
	paths := map[string]bool{}
	for i, m := range c.of.VolumeMounts {
		at := fmt.Sprintf("%s.volumeMounts[%d]", c.path, i)
		clean := path.Clean(m.MountPath)
		switch {
		case m.MountPath == "":
			f.add(templateRule, millrace.RuleRequired, at+".mountPath", "is required", "mount it below "+mountRoot)
		case !mountable(m.MountPath) || !mountable(clean) || strings.Contains(m.MountPath, ":"):
			f.add(templateRule, millrace.RuleInvalid, at+".mountPath", fmt.Sprintf("%q: Strimzi mounts nothing there", m.MountPath), "mount it below "+mountRoot)
		case paths[clean]:
			f.add(templateRule, millrace.RuleDuplicate, at+".mountPath", fmt.Sprintf("%q: another volume is mounted there", m.MountPath), "mount one of the two elsewhere")
		}
		paths[clean] = true
		if m.Name == "" {
			f.add(templateRule, millrace.RuleRequired, at+".name", "is required", "name the volume")
			continue
		}
		_, ok := volumes[m.Name]
		// The disks of a node are named after their numbers.
		if whole && !ok && m.Name != "data" && !strings.HasPrefix(m.Name, "data-") {
			f.add(templateRule, millrace.RuleUnknown, at+".name", fmt.Sprintf("%q: the pod has no such volume", m.Name), "add it to the volumes of the pod's template")
		}
	}
}

func (f *faults) env(c containerTemplate) {
	seen := map[string]bool{}
	for i, e := range c.of.Env {
		at := fmt.Sprintf("%s.env[%d]", c.path, i)
		name := deref(e.Name)
		switch {
		case name == "":
			f.add(templateRule, millrace.RuleRequired, at+".name", "is required", "name the variable")
		case len(validation.IsEnvVarName(name)) > 0:
			f.add(templateRule, millrace.RuleInvalid, at+".name", fmt.Sprintf("%q: it is no name of an environment variable", name), "use letters, digits, '_', '-' and '.'")
		case seen[name]:
			f.add(templateRule, millrace.RuleDuplicate, at+".name", fmt.Sprintf("%q is in the list before, and the operator ignores this one", name), "leave one of the two out")
		}
		seen[name] = true
		from := e.ValueFrom
		if from == nil {
			continue
		}
		switch {
		case deref(e.Value) != "" || from.SecretKeyRef != nil && from.ConfigMapKeyRef != nil:
			f.add(templateRule, millrace.RuleConflict, at+".valueFrom", "there is more than one value", "leave one of them")
		case from.SecretKeyRef == nil && from.ConfigMapKeyRef == nil:
			f.add(templateRule, millrace.RuleRequired, at+".valueFrom", "is required", "name the key of a secret or a config map")
		}
	}
}
