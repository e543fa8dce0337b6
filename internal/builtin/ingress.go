package builtin

import (
	"net/netip"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace/internal/schema"
)

func (c *checker) ingress(o *networkingv1.Ingress) {
	const annotation = "kubernetes.io/ingress.class"
	s := &o.Spec
	if name, ok := o.Annotations[annotation]; ok && s.IngressClassName != nil && name != *s.IngressClassName {
		c.invalid("metadata.annotations["+annotation+"]", name, "be ingressClassName, "+*s.IngressClassName, "take the annotation out")
	}
	c.enter("spec")
	defer c.leave()
	if len(s.Rules) == 0 && s.DefaultBackend == nil {
		c.problem("", schema.RuleInvalid, "has neither rules nor defaultBackend", "add a rule")
	}
	if s.DefaultBackend != nil {
		c.ingressBackend("defaultBackend", s.DefaultBackend)
	}
	if s.IngressClassName != nil {
		c.held("ingressClassName", *s.IngressClassName, validation.IsDNS1123Subdomain(*s.IngressClassName), aName)
	}
	c.enter("rules")
	for i := range s.Rules {
		c.item(i)
		c.ingressRule(&s.Rules[i])
		c.leave()
	}
	c.leave()
	c.enter("tls")
	for i := range s.TLS {
		c.item(i)
		c.ingressTLS(&s.TLS[i])
		c.leave()
	}
	c.leave()
}

// host holds a name of a host to its form: a DNS name, the first part of which
// may be a star.
func (c *checker) host(field, name string) {
	if strings.Contains(name, "*") {
		c.held(field, name, validation.IsWildcardDNS1123Subdomain(name), "be a DNS name after *.")
		return
	}
	c.held(field, name, validation.IsDNS1123Subdomain(name), aName)
}

func (c *checker) ingressTLS(t *networkingv1.IngressTLS) {
	c.enter("hosts")
	for i, h := range t.Hosts {
		c.item(i)
		c.host("", h)
		c.leave()
	}
	c.leave()
	if t.SecretName != "" {
		c.held("secretName", t.SecretName, validation.IsDNS1123Subdomain(t.SecretName), aName)
	}
}

func (c *checker) ingressRule(r *networkingv1.IngressRule) {
	if r.Host != "" {
		c.host("host", r.Host)
		if ip, err := netip.ParseAddr(leadingZeros.ReplaceAllString(r.Host, "$1")); err == nil && ip.Zone() == "" {
			c.invalid("host", r.Host, "be a DNS name, no address", "name the host")
		}
	}
	if r.HTTP == nil {
		return
	}
	c.enter("http")
	defer c.leave()
	if len(r.HTTP.Paths) == 0 {
		c.required("paths", "add a path, or take http out")
	}
	c.enter("paths")
	defer c.leave()
	for i := range r.HTTP.Paths {
		c.item(i)
		c.ingressPath(&r.HTTP.Paths[i])
		c.leave()
	}
}

func (c *checker) ingressPath(p *networkingv1.HTTPIngressPath) {
	if p.PathType == nil {
		c.required("pathType", "use Prefix, Exact or ImplementationSpecific")
		return
	}
	t := *p.PathType
	among(c, "pathType", t, networkingv1.PathTypeExact, networkingv1.PathTypePrefix, networkingv1.PathTypeImplementationSpecific)
	strict := t == networkingv1.PathTypeExact || t == networkingv1.PathTypePrefix
	free := t == networkingv1.PathTypeImplementationSpecific
	if (strict || free && p.Path != "") && !strings.HasPrefix(p.Path, "/") {
		c.invalid("path", p.Path, "begin with /", "write it so")
	}
	if strict {
		c.cleanPath(p.Path)
	}
	c.ingressBackend("backend", &p.Backend)
}

// cleanPath holds a path to being the shortest way to write it.
func (c *checker) cleanPath(path string) {
	for _, part := range []string{"//", "/./", "/../", "%2f", "%2F"} {
		if strings.Contains(path, part) {
			c.invalid("path", path, "not have "+part, "write it without")
		}
	}
	for _, end := range []string{"/..", "/."} {
		if strings.HasSuffix(path, end) {
			c.invalid("path", path, "not end with "+end, "write it without")
		}
	}
}

func (c *checker) ingressBackend(field string, b *networkingv1.IngressBackend) {
	c.enter(field)
	defer c.leave()
	switch {
	case b.Resource != nil && b.Service != nil:
		c.problem("", schema.RuleInvalid, "has both service and resource", "keep one of them")
	case b.Resource != nil:
		c.backendResource(b.Resource)
	case b.Service != nil:
		c.backendService(b.Service)
	default:
		c.problem("", schema.RuleInvalid, "has neither service nor resource", "name the service")
	}
}

func (c *checker) backendResource(r *corev1.TypedLocalObjectReference) {
	c.enter("resource")
	defer c.leave()
	if r.APIGroup != nil {
		c.held("apiGroup", *r.APIGroup, validation.IsDNS1123Subdomain(*r.APIGroup), aName)
	}
	c.segment("kind", r.Kind, "say of which kind it is")
	c.segment("name", r.Name, "name the object")
}

func (c *checker) backendService(s *networkingv1.IngressServiceBackend) {
	if c.present("service.name", s.Name, "name the service") {
		c.held("service.name", s.Name, validation.IsDNS1123Label(s.Name), aLabel)
	}
	switch p := s.Port; {
	case p.Name != "" && p.Number != 0:
		c.problem("", schema.RuleInvalid, "has both the name and the number of a port", "keep one of them")
	case p.Name != "":
		c.held("service.port.name", p.Name, validation.IsValidPortName(p.Name), aPortName)
	case p.Number != 0:
		c.portNumbered("service.port.number", p.Number)
	default:
		c.problem("", schema.RuleRequired, "has no port", "set service.port.number or service.port.name")
	}
}
