package builtin

import (
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/component-helpers/node/util/sysctl"

	"github.com/millrace/millrace/internal/schema"
)

// maxAppArmorProfile is the longest path that Linux takes, without its end.
const maxAppArmorProfile = 4095

// podSecurity checks the security context of the whole pod.
func (p *podCheck) podSecurity() {
	sc := p.spec.SecurityContext
	if sc == nil {
		return
	}
	p.enter("securityContext")
	p.groupID("fsGroup", sc.FSGroup)
	p.userID("runAsUser", sc.RunAsUser)
	p.groupID("runAsGroup", sc.RunAsGroup)
	each(p.checker, "supplementalGroups", sc.SupplementalGroups, func(id *int64) { p.groupID("", id) })
	p.sysctls(sc.Sysctls)
	amongIfSet(p.checker, "fsGroupChangePolicy", sc.FSGroupChangePolicy, corev1.FSGroupChangeOnRootMismatch, corev1.FSGroupChangeAlways)
	amongIfSet(p.checker, "supplementalGroupsPolicy", sc.SupplementalGroupsPolicy, corev1.SupplementalGroupsPolicyMerge, corev1.SupplementalGroupsPolicyStrict)
	amongIfSet(p.checker, "seLinuxChangePolicy", sc.SELinuxChangePolicy, corev1.SELinuxChangePolicyRecursive, corev1.SELinuxChangePolicyMountOption)
	p.seccomp(sc.SeccompProfile)
	p.appArmor(sc.AppArmorProfile)
	p.windowsOptions(sc.WindowsOptions)
	p.leave()
}

// sysctlName is a name in the dotted form or the one with slashes.
var sysctlName = regexp.MustCompile(`^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$`)

func (p *podCheck) sysctls(sysctls []corev1.Sysctl) {
	const longest = 253
	p.enter("sysctls")
	var seen set[string]
	for i, s := range sysctls {
		p.item(i)
		switch {
		case s.Name == "":
			p.required("name", "name the sysctl")
		case len(s.Name) > longest || !sysctlName.MatchString(s.Name):
			p.invalid("name", s.Name, "be the name of a sysctl, such as net.core.somaxconn, at most 253", writeItSo)
		case seen.has(s.Name):
			p.duplicate("name", s.Name)
		}
		seen.addNew(s.Name)
		switch ns, _, _ := sysctl.GetNamespace(s.Name); {
		case ns == sysctl.NetNamespace && p.spec.HostNetwork:
			p.problem("name", schema.RuleInvalid, "is "+show(s.Name)+", which is the host's own with hostNetwork", "take one of the two out")
		case ns == sysctl.IPCNamespace && p.spec.HostIPC:
			p.problem("name", schema.RuleInvalid, "is "+show(s.Name)+", which is the host's own with hostIPC", "take one of the two out")
		}
		p.leave()
	}
	p.leave()
}

// containerSecurity checks the security context of a container.
func (p *podCheck) containerSecurity(sc *corev1.SecurityContext) {
	if sc == nil {
		return
	}
	p.enter("securityContext")
	p.userID("runAsUser", sc.RunAsUser)
	p.groupID("runAsGroup", sc.RunAsGroup)
	amongIfSet(p.checker, "procMount", sc.ProcMount, corev1.DefaultProcMount, corev1.UnmaskedProcMount)
	if sc.ProcMount != nil && *sc.ProcMount == corev1.UnmaskedProcMount && p.hostUsers() {
		p.problem("procMount", schema.RuleInvalid, "is Unmasked in a pod with the host's users", "set hostUsers: false, or take procMount out")
	}
	if sc.AllowPrivilegeEscalation != nil && !*sc.AllowPrivilegeEscalation {
		p.noEscalation(sc)
	}
	p.seccomp(sc.SeccompProfile)
	p.appArmor(sc.AppArmorProfile)
	p.windowsOptions(sc.WindowsOptions)
	p.leave()
}

// noEscalation reports what a container has that may not gain privileges, and
// that would be one.
func (p *podCheck) noEscalation(sc *corev1.SecurityContext) {
	const fix = "take one of the two out"
	if sc.Privileged != nil && *sc.Privileged {
		p.problem("", schema.RuleInvalid, "has allowPrivilegeEscalation false and privileged true", fix)
	}
	if sc.Capabilities == nil {
		return
	}
	for _, name := range sc.Capabilities.Add {
		if name == "CAP_SYS_ADMIN" {
			p.problem("", schema.RuleInvalid, "has allowPrivilegeEscalation false and the capability CAP_SYS_ADMIN", fix)
		}
	}
}

// hostUsers tells whether the users of the pod are those of the host.
func (p *podCheck) hostUsers() bool { return p.spec.HostUsers == nil || *p.spec.HostUsers }

func (c *checker) seccomp(s *corev1.SeccompProfile) {
	if s == nil {
		return
	}
	c.enter("seccompProfile")
	defer c.leave()
	switch s.Type {
	case "":
		c.required("type", "use RuntimeDefault, Localhost or Unconfined")
	default:
		among(c, "type", s.Type, corev1.SeccompProfileTypeLocalhost, corev1.SeccompProfileTypeRuntimeDefault, corev1.SeccompProfileTypeUnconfined)
	}
	switch {
	case s.Type != corev1.SeccompProfileTypeLocalhost:
		if s.LocalhostProfile != nil {
			c.notLocalhost()
		}
	case s.LocalhostProfile == nil:
		c.required("localhostProfile", "name the profile's file, or use RuntimeDefault")
	default:
		c.inside("localhostProfile", *s.LocalhostProfile)
	}
}

func (c *checker) notLocalhost() {
	c.problem("localhostProfile", schema.RuleInvalid, "is set, and the type is not Localhost", "use the type Localhost, or take it out")
}

func (c *checker) appArmor(a *corev1.AppArmorProfile) {
	if a == nil {
		return
	}
	c.enter("appArmorProfile")
	defer c.leave()
	switch a.Type {
	case corev1.AppArmorProfileTypeLocalhost:
		switch name := a.LocalhostProfile; {
		case name == nil:
			c.required("localhostProfile", "name the profile, or use RuntimeDefault")
		case strings.TrimSpace(*name) != *name:
			c.invalid("localhostProfile", *name, "not begin or end with a space", "take the space out")
		case *name == "":
			c.required("localhostProfile", "name the profile, or use RuntimeDefault")
		case len(*name) > maxAppArmorProfile:
			c.bounds("localhostProfile", *name, "at most 4095 characters long")
		}
	case corev1.AppArmorProfileTypeRuntimeDefault, corev1.AppArmorProfileTypeUnconfined:
		if a.LocalhostProfile != nil {
			c.notLocalhost()
		}
	case "":
		c.required("type", "use RuntimeDefault, Localhost or Unconfined")
	default:
		among(c, "type", a.Type, corev1.AppArmorProfileTypeLocalhost, corev1.AppArmorProfileTypeRuntimeDefault, corev1.AppArmorProfileTypeUnconfined)
	}
}
