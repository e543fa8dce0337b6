package builtin

import (
	corev1 "k8s.io/api/core/v1"
)

// operatingSystem checks that the pod asks its operating system only for what
// it has.
func (p *podCheck) operatingSystem() {
	if p.spec.OS == nil {
		return
	}
	switch p.spec.OS.Name {
	case corev1.Linux:
		p.linux()
	case corev1.Windows:
		p.windows()
	case "":
		p.required("os.name", "use linux or windows")
	default:
		p.enum("os", string(p.spec.OS.Name), string(corev1.Linux), string(corev1.Windows))
	}
}

func (p *podCheck) linux() {
	const field = "securityContext.windowsOptions"
	if sc := p.spec.SecurityContext; sc != nil && sc.WindowsOptions != nil {
		p.notOn(corev1.Linux, field)
	}
	p.eachContainer(func(c *corev1.Container) {
		if sc := c.SecurityContext; sc != nil && sc.WindowsOptions != nil {
			p.notOn(corev1.Linux, field)
		}
	})
}

func (p *podCheck) notOn(os corev1.OSName, field string) {
	p.forbidden(field, "is set, and a pod for "+string(os)+" can't have it", "take it out, or change os.name")
}

// setField is a field of a security context, and whether it is set.
type setField struct {
	name string
	set  bool
}

func (p *podCheck) notOnWindows(fields ...setField) {
	for _, f := range fields {
		if f.set {
			p.notOn(corev1.Windows, f.name)
		}
	}
}

func (p *podCheck) windows() {
	s := p.spec
	p.notOnWindows(
		setField{"hostUsers", s.HostUsers != nil},
		setField{"hostPID", s.HostPID},
		setField{"hostIPC", s.HostIPC},
		setField{"shareProcessNamespace", s.ShareProcessNamespace != nil},
	)
	if sc := s.SecurityContext; sc != nil {
		p.enter("securityContext")
		p.notOnWindows(
			setField{"appArmorProfile", sc.AppArmorProfile != nil},
			setField{"seLinuxOptions", sc.SELinuxOptions != nil},
			setField{"seccompProfile", sc.SeccompProfile != nil},
			setField{"fsGroup", sc.FSGroup != nil},
			setField{"fsGroupChangePolicy", sc.FSGroupChangePolicy != nil},
			setField{"sysctls", len(sc.Sysctls) > 0},
			setField{"runAsUser", sc.RunAsUser != nil},
			setField{"runAsGroup", sc.RunAsGroup != nil},
			setField{"supplementalGroups", sc.SupplementalGroups != nil},
			setField{"supplementalGroupsPolicy", sc.SupplementalGroupsPolicy != nil},
			setField{"seLinuxChangePolicy", sc.SELinuxChangePolicy != nil},
		)
		p.leave()
	}
	p.eachContainer(func(c *corev1.Container) {
		sc := c.SecurityContext
		if sc == nil {
			return
		}
		p.enter("securityContext")
		p.notOnWindows(
			setField{"appArmorProfile", sc.AppArmorProfile != nil},
			setField{"seLinuxOptions", sc.SELinuxOptions != nil},
			setField{"seccompProfile", sc.SeccompProfile != nil},
			setField{"capabilities", sc.Capabilities != nil},
			setField{"readOnlyRootFilesystem", sc.ReadOnlyRootFilesystem != nil},
			setField{"privileged", sc.Privileged != nil},
			setField{"allowPrivilegeEscalation", sc.AllowPrivilegeEscalation != nil},
			setField{"procMount", sc.ProcMount != nil},
			setField{"runAsUser", sc.RunAsUser != nil},
			setField{"runAsGroup", sc.RunAsGroup != nil},
		)
		p.leave()
	})
}

// userNamespace checks what a pod can't have whose users aren't the host's.
func (p *podCheck) userNamespace() {
	if p.hostUsers() {
		return
	}
	const fix = "take it out, or hostUsers: false"
	if p.spec.HostNetwork {
		p.forbidden("hostNetwork", "is true, and hostUsers is false", fix)
	}
	if p.spec.HostPID {
		p.forbidden("hostPID", "is true, and hostUsers is false", fix)
	}
	if p.spec.HostIPC {
		p.forbidden("hostIPC", "is true, and hostUsers is false", fix)
	}
	p.eachContainer(func(c *corev1.Container) {
		if len(c.VolumeDevices) > 0 {
			p.forbidden("volumeDevices", "is set, and hostUsers is false", fix)
		}
	})
}
