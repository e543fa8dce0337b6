package builtin

import (
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/internal/schema"
)

// Bounds of Windows accounts and their credential specs.
// Source: Kubernetes 1.37, pkg/apis/core/validation; Microsoft's naming
// conventions in Active Directory.
const (
	maxCredentialSpec = 64 << 10
	maxDomain         = 255
	maxUser           = 104
)

var (
	controlCharacter = regexp.MustCompile(`[[:cntrl:]]`)
	netBIOSDomain    = regexp.MustCompile(`^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$`)
	dnsDomain        = regexp.MustCompile(`^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$`)
	notInUser        = regexp.MustCompile(`["/\\:;|=,+*?<>@\[\]]`)
	onlyDots         = regexp.MustCompile(`^[. ]+$`)
)

func (c *checker) windowsOptions(w *corev1.WindowsSecurityContextOptions) {
	if w == nil {
		return
	}
	c.enter("windowsOptions")
	defer c.leave()
	if w.GMSACredentialSpecName != nil {
		c.dnsName("gmsaCredentialSpecName", *w.GMSACredentialSpecName)
	}
	if spec := w.GMSACredentialSpec; spec != nil && (*spec == "" || len(*spec) > maxCredentialSpec) {
		c.bounds("gmsaCredentialSpec", *spec, "from 1 to 65536 bytes long")
	}
	if w.RunAsUserName != nil {
		if must := account(*w.RunAsUserName); must != "" {
			c.invalid("runAsUserName", *w.RunAsUserName, must, `write it as in ContainerUser or DOMAIN\user`)
		}
	}
}

// account tells what the name of a Windows account must be, if it isn't.
func account(name string) (must string) {
	domain, user, hasDomain := strings.Cut(name, `\`)
	if !hasDomain {
		domain, user = "", name
	}
	switch {
	case name == "":
		return "not be empty"
	case controlCharacter.MatchString(name):
		return "have no control characters"
	case strings.Contains(user, `\`):
		return "have at most one backslash"
	case len(domain) > maxDomain:
		return "have a domain of at most 255 characters"
	case hasDomain && !netBIOSDomain.MatchString(domain) && !dnsDomain.MatchString(domain):
		return "have a domain with the form of NetBIOS or DNS"
	case user == "":
		return "have a user"
	case len(user) > maxUser:
		return "have a user of at most 104 characters"
	case onlyDots.MatchString(user):
		return "have a user of more than dots and spaces"
	case notInUser.MatchString(user):
		return `have a user without any of "/\:;|=,+*?<>@[]`
	}
	return ""
}

// hostProcess checks that all containers of a Windows pod are processes of the
// host, or none.
func (p *podCheck) hostProcess() {
	var ofPod *bool
	if sc := p.spec.SecurityContext; sc != nil && sc.WindowsOptions != nil {
		ofPod = sc.WindowsOptions.HostProcess
	}
	containers, onHost := 0, 0
	p.eachContainer(func(c *corev1.Container) {
		containers++
		own := ofPod
		if sc := c.SecurityContext; sc != nil && sc.WindowsOptions != nil && sc.WindowsOptions.HostProcess != nil {
			if own = sc.WindowsOptions.HostProcess; ofPod != nil && *ofPod != *own {
				p.problem("securityContext.windowsOptions.hostProcess", schema.RuleInvalid, "is "+show(*own)+", and the pod's is "+show(*ofPod), "keep one of the two")
			}
		}
		if own != nil && *own {
			onHost++
		}
	})
	if onHost == 0 {
		return
	}
	if onHost != containers {
		p.problem("", schema.RuleInvalid, "has containers with hostProcess and without", "set it for all, or for none")
	}
	if !p.spec.HostNetwork {
		p.problem("hostNetwork", schema.RuleInvalid, "is false, and containers have hostProcess", "set hostNetwork: true")
	}
}
