package builtin

import (
	"encoding/json"
	"path"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/internal/schema"
)

// annotations checks the annotations that mean something to the server; the
// path stands at them.
func (p *podCheck) annotations() {
	for key, value := range p.meta.Annotations {
		switch {
		case key == corev1.MirrorPodAnnotationKey:
			if p.spec.NodeName == "" {
				p.problem("["+key+"]", schema.RuleInvalid, "marks a static pod, which has no nodeName", "take the annotation out")
			}
		case key == corev1.TolerationsAnnotationKey:
			p.tolerationsAnnotation(value)
		case key == corev1.PodDeletionCost:
			if !deletionCost(value) {
				p.invalid("["+key+"]", value, "be a whole number of 32 bits", "write one without leading zeros or a plus")
			}
		case key == corev1.SeccompPodAnnotationKey || strings.HasPrefix(key, corev1.SeccompContainerAnnotationKeyPrefix):
			p.seccompAnnotation(key, value)
		case strings.HasPrefix(key, corev1.DeprecatedAppArmorBetaContainerAnnotationKeyPrefix):
			p.appArmorAnnotation(key, value)
		}
	}
}

func (p *podCheck) tolerationsAnnotation(value string) {
	if value == "" {
		return
	}
	var tolerations []corev1.Toleration
	if err := json.Unmarshal([]byte(value), &tolerations); err != nil {
		p.problem("", schema.RuleInvalid, "has tolerations that are no list of them: "+err.Error(), "use spec.tolerations")
		return
	}
	p.key(corev1.TolerationsAnnotationKey)
	p.tolerations("", tolerations)
	p.leave()
}

// deletionCost tells what the server can read as the cost of deleting a pod.
func deletionCost(value string) bool {
	_, err := strconv.ParseInt(value, 10, 32)
	return err == nil && (value == "0" || value[0] == '-' || value[0] >= '1' && value[0] <= '9')
}

func (p *podCheck) seccompAnnotation(key, value string) {
	switch value {
	case corev1.SeccompProfileRuntimeDefault, corev1.DeprecatedSeccompProfileDockerDefault, corev1.SeccompProfileNameUnconfined:
		return
	}
	if file, ok := strings.CutPrefix(value, corev1.SeccompLocalhostProfileNamePrefix); !ok || path.IsAbs(file) || climbs(file) {
		p.invalid("["+key+"]", value, "be a seccomp profile: runtime/default, unconfined or localhost/ and a relative path", "use securityContext.seccompProfile")
	}
}

func (p *podCheck) appArmorAnnotation(key, value string) {
	name := strings.TrimPrefix(key, corev1.DeprecatedAppArmorBetaContainerAnnotationKeyPrefix)
	if !p.partial && !p.hasContainer(name) {
		p.problem("["+key+"]", schema.RuleInvalid, "names no container of the pod", "name one, or use securityContext.appArmorProfile")
	}
	switch value {
	case "", corev1.DeprecatedAppArmorBetaProfileRuntimeDefault, corev1.DeprecatedAppArmorBetaProfileNameUnconfined:
		return
	}
	if !strings.HasPrefix(value, corev1.DeprecatedAppArmorBetaProfileNamePrefix) {
		p.invalid("["+key+"]", value, "be an AppArmor profile: runtime/default, unconfined or localhost/ and its name", "use securityContext.appArmorProfile")
	}
}

func (p *podCheck) hasContainer(name string) (has bool) {
	p.eachContainer(func(c *corev1.Container) { has = has || c.Name == name })
	return has
}

// profilesMatchAnnotations checks that the annotations for security profiles
// say what the fields say; the path stands at the spec.
func (p *podCheck) profilesMatchAnnotations() {
	if len(p.meta.Annotations) == 0 {
		return
	}
	if sc := p.spec.SecurityContext; sc != nil && sc.SeccompProfile != nil {
		p.seccompMatches("securityContext.seccompProfile", sc.SeccompProfile, corev1.SeccompPodAnnotationKey)
	}
	windows := p.spec.OS != nil && p.spec.OS.Name == corev1.Windows
	p.eachContainer(func(c *corev1.Container) {
		if c.SecurityContext != nil && c.SecurityContext.SeccompProfile != nil {
			p.seccompMatches("securityContext.seccompProfile", c.SecurityContext.SeccompProfile, corev1.SeccompContainerAnnotationKeyPrefix+c.Name)
		}
		if !windows {
			p.appArmorMatches(c)
		}
	})
}

func (p *podCheck) seccompMatches(field string, profile *corev1.SeccompProfile, key string) {
	if annotation, ok := p.meta.Annotations[key]; ok {
		if annotation == corev1.DeprecatedSeccompProfileDockerDefault {
			annotation = corev1.SeccompProfileRuntimeDefault
		}
		p.profileMatches(field, string(profile.Type), profile.LocalhostProfile, key, annotation)
	}
}

func (p *podCheck) appArmorMatches(c *corev1.Container) {
	key := corev1.DeprecatedAppArmorBetaContainerAnnotationKeyPrefix + c.Name
	annotation, ok := p.meta.Annotations[key]
	if !ok {
		return
	}
	var profile *corev1.AppArmorProfile
	if p.spec.SecurityContext != nil {
		profile = p.spec.SecurityContext.AppArmorProfile
	}
	if c.SecurityContext != nil && c.SecurityContext.AppArmorProfile != nil {
		profile = c.SecurityContext.AppArmorProfile
	} else if p.opts.pod && appArmorField(annotation) {
		return // The server makes the container's field of it.
	}
	if profile != nil {
		p.profileMatches("securityContext.appArmorProfile", string(profile.Type), profile.LocalhostProfile, key, annotation)
	}
}

// profileMatches reports a profile that says something else than its
// annotation. Those of seccomp and AppArmor are alike.
func (p *podCheck) profileMatches(field, profile string, file *string, key, annotation string) {
	part, same := ".type", true
	switch profile {
	case string(corev1.SeccompProfileTypeUnconfined):
		same = annotation == corev1.SeccompProfileNameUnconfined
	case string(corev1.SeccompProfileTypeRuntimeDefault):
		same = annotation == corev1.SeccompProfileRuntimeDefault
	case string(corev1.SeccompProfileTypeLocalhost):
		var said string
		if said, same = strings.CutPrefix(annotation, corev1.SeccompLocalhostProfileNamePrefix); same {
			part, same = ".localhostProfile", file != nil && *file == said
		}
	}
	if !same {
		p.forbidden(field+part, "says something else than the annotation "+key, "take the annotation out")
	}
}

// appArmorField reports whether an annotation can be said with the field.
func appArmorField(annotation string) bool {
	switch annotation {
	case corev1.DeprecatedAppArmorBetaProfileNameUnconfined, corev1.DeprecatedAppArmorBetaProfileRuntimeDefault:
		return true
	}
	name, ok := strings.CutPrefix(annotation, corev1.DeprecatedAppArmorBetaProfileNamePrefix)
	return ok && name != "" && len(name) <= maxAppArmorProfile && strings.TrimSpace(name) == name
}
