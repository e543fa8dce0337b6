package builtin

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace/internal/schema"
)

const (
	aVariable  = "be the name of a variable: printable ASCII without '='"
	aConfigKey = "be a key: letters, digits, '-', '_' and '.', at most 253, and not begin with .."
)

// env checks the container's variables.
func (p *podCheck) env(vars []corev1.EnvVar) {
	p.enter("env")
	for i := range vars {
		v := &vars[i]
		p.item(i)
		if v.Name == "" {
			p.required("name", "name the variable")
		} else {
			p.held("name", v.Name, validation.IsRelaxedEnvVarName(v.Name), aVariable)
		}
		if v.ValueFrom != nil {
			p.enter("valueFrom")
			p.valueFrom(v.ValueFrom, v.Value != "")
			p.leave()
		}
		p.leave()
	}
	p.leave()
}

func (p *podCheck) valueFrom(from *corev1.EnvVarSource, hasValue bool) {
	sources := 0
	if from.FieldRef != nil {
		sources++
		p.fieldRef(from.FieldRef, false)
	}
	if from.ResourceFieldRef != nil {
		sources++
		p.resourceFieldRef(from.ResourceFieldRef, false)
	}
	if ref := from.ConfigMapKeyRef; ref != nil {
		sources++
		p.keyRef("configMapKeyRef", ref.Name, ref.Key)
	}
	if ref := from.SecretKeyRef; ref != nil {
		sources++
		p.keyRef("secretKeyRef", ref.Name, ref.Key)
	}
	if from.FileKeyRef != nil {
		sources++
		p.fileKeyRef(from.FileKeyRef)
	}
	switch {
	case sources == 0:
		p.problem("", schema.RuleInvalid, "is empty", "set one of fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef")
	case hasValue:
		p.problem("", schema.RuleInvalid, "is set beside value", "keep one of the two")
	case sources > 1:
		p.problem("", schema.RuleInvalid, "is more than one source", "keep one of them")
	}
}

func (p *podCheck) keyRef(field, name, key string) {
	p.enter(field)
	p.dnsName("name", name)
	if key == "" {
		p.required("key", "name the key")
	} else {
		p.held("key", key, validation.IsConfigMapKey(key), aConfigKey)
	}
	p.leave()
}

func (p *podCheck) fileKeyRef(ref *corev1.FileKeySelector) {
	p.enter("fileKeyRef")
	defer p.leave()
	if ref.Key == "" {
		p.required("key", "name the variable in the file")
	} else {
		p.held("key", ref.Key, validation.IsRelaxedEnvVarName(ref.Key), aVariable)
	}
	if ref.Path == "" {
		p.required("path", "name the file")
	} else {
		p.noBacksteps("path", ref.Path)
	}
	if ref.VolumeName == "" {
		p.required("volumeName", "name the volume")
	} else {
		p.dnsLabel("volumeName", ref.VolumeName)
	}
	switch source, ok := p.fileVolume(ref.VolumeName); {
	case !ok && !p.partial:
		p.noVolume("volumeName", ref.VolumeName)
	case ok && !emptyDir(source):
		p.problem("volumeName", schema.RuleInvalid, "is "+show(ref.VolumeName)+", which is no emptyDir", "use an emptyDir that an init container writes")
	}
}

// toldField tells whether the downward API has a field of the pod, in variables
// or in files.
func toldField(name string, inFiles bool) bool {
	switch name {
	case "metadata.name", "metadata.namespace", "metadata.uid":
		return true
	case "metadata.labels", "metadata.annotations":
		return inFiles
	case "spec.nodeName", "spec.host", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs":
		return !inFiles
	}
	return false
}

const (
	variableFields = "metadata.name, metadata.namespace, metadata.uid, metadata.labels['…'], metadata.annotations['…'], spec.nodeName, spec.serviceAccountName, status.hostIP, status.hostIPs, status.podIP, status.podIPs"
	fileFields     = "metadata.name, metadata.namespace, metadata.uid, metadata.labels, metadata.annotations, and the last two with ['…']"
)

// fieldRef checks a field of the pod that it is told.
func (c *checker) fieldRef(ref *corev1.ObjectFieldSelector, inFiles bool) {
	c.enter("fieldRef")
	defer c.leave()
	if ref.FieldPath == "" {
		c.required("fieldPath", "name the field")
		return
	}
	fields := variableFields
	if inFiles {
		fields = fileFields
	}
	wrong := func() { c.invalid("fieldPath", ref.FieldPath, "be one of "+fields, "use one of them") }
	if ref.APIVersion != "" && ref.APIVersion != "v1" {
		c.problem("fieldPath", schema.RuleInvalid, "is of the version "+show(ref.APIVersion)+", must be of v1", "take apiVersion out")
		return
	}
	name, key, ok := subscript(ref.FieldPath)
	switch {
	case !ok:
		if !toldField(ref.FieldPath, inFiles) {
			wrong()
		}
	case name == "metadata.annotations":
		c.labelKey("", strings.ToLower(key))
	case name == "metadata.labels":
		c.labelKey("", key)
	default:
		wrong()
	}
}

// subscript splits "metadata.labels['app']".
func subscript(field string) (name, key string, ok bool) {
	inner, ok := strings.CutSuffix(field, "']")
	if !ok {
		return "", "", false
	}
	return strings.Cut(inner, "['")
}

// resourceFieldRef checks a resource of a container that it is told.
func (c *checker) resourceFieldRef(ref *corev1.ResourceFieldSelector, inFiles bool) {
	c.enter("resourceFieldRef")
	defer c.leave()
	var divisors string
	switch ref.Resource {
	case "limits.cpu", "requests.cpu":
		divisors = "1m or 1"
	case "limits.memory", "requests.memory", "limits.ephemeral-storage", "requests.ephemeral-storage":
		divisors = byteDivisors
	}
	if strings.HasPrefix(ref.Resource, "limits.hugepages-") || strings.HasPrefix(ref.Resource, "requests.hugepages-") {
		divisors = byteDivisors
	}
	switch {
	case inFiles && ref.ContainerName == "":
		c.required("containerName", "name the container")
	case ref.Resource == "":
		c.required("resource", "name the resource")
	case divisors == "":
		c.enum("resource", ref.Resource, "limits.cpu", "limits.memory", "limits.ephemeral-storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage")
	}
	if divisors != "" && !divides(ref.Divisor, divisors != byteDivisors) {
		c.invalid("divisor", ref.Divisor.String(), "be "+divisors, "use one of them")
	}
}

const byteDivisors = "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi or 1Ei"

// divides tells whether a resource can be told in this unit.
func divides(unit resource.Quantity, cpu bool) bool {
	if unit.IsZero() {
		return true
	}
	switch unit.String() {
	case "1":
		return true
	case "1m":
		return cpu
	case "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei":
		return !cpu
	}
	return false
}

// envFrom checks the sources of whole sets of variables.
func (p *podCheck) envFrom(sources []corev1.EnvFromSource) {
	p.enter("envFrom")
	for i := range sources {
		from := &sources[i]
		p.item(i)
		if from.Prefix != "" {
			p.held("prefix", from.Prefix, validation.IsRelaxedEnvVarName(from.Prefix), aVariable)
		}
		if from.ConfigMapRef != nil {
			p.envFromName("configMapRef.name", from.ConfigMapRef.Name)
		}
		if from.SecretRef != nil {
			p.envFromName("secretRef.name", from.SecretRef.Name)
		}
		switch {
		case from.ConfigMapRef == nil && from.SecretRef == nil:
			p.problem("", schema.RuleInvalid, "has neither configMapRef nor secretRef", "set one of them")
		case from.ConfigMapRef != nil && from.SecretRef != nil:
			p.problem("", schema.RuleInvalid, "has both configMapRef and secretRef", "make two items of it")
		}
		p.leave()
	}
	p.leave()
}

// envFromName checks a name that, for the server, may go on.
func (c *checker) envFromName(field, name string) {
	if name == "" {
		c.required(field, "name it")
	} else {
		c.held(field, name, apivalidation.NameIsDNSSubdomain(name, true), aName)
	}
}
