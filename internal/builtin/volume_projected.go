package builtin

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace/internal/schema"
)

// projected checks a volume that several sources fill.
func (p *podCheck) projected(v *corev1.ProjectedVolumeSource) {
	p.enter("projected")
	p.mode("defaultMode", v.DefaultMode)
	var taken set[string]
	volume := len(p.path)
	place := func(path string) {
		if p.left(path) || taken.addNew(path) {
			return
		}
		at := p.path
		p.path = at[:volume]
		p.problem("", schema.RuleInvalid, "has two files at "+show(path), "give each its own path")
		p.path = at
	}
	for i := range v.Sources {
		p.projection(i, &v.Sources[i], place)
	}
	p.leave()
}

func (p *podCheck) projection(i int, s *corev1.VolumeProjection, place func(string)) {
	p.enter("sources")
	p.item(i)
	sources := 0
	source := func(is bool, field string, check func()) {
		if is {
			sources++
			p.enter(field)
			check()
			p.leave()
		}
	}
	source(s.Secret != nil, "secret", func() {
		if s.Secret.Name == "" {
			p.required("name", "name the secret")
		}
		p.items(s.Secret.Items, place)
	})
	source(s.ConfigMap != nil, "configMap", func() {
		if s.ConfigMap.Name == "" {
			p.required("name", "name the ConfigMap")
		}
		p.items(s.ConfigMap.Items, place)
	})
	source(s.DownwardAPI != nil, "downwardAPI", func() { p.downwardFiles(s.DownwardAPI.Items, place) })
	source(s.ServiceAccountToken != nil, "serviceAccountToken", func() { p.token(s.ServiceAccountToken) })
	source(s.ClusterTrustBundle != nil, "clusterTrustBundle", func() { p.trustBundle(s.ClusterTrustBundle, place) })
	source(s.PodCertificate != nil, "podCertificate", func() { p.certificate(s.PodCertificate, place) })
	if sources > 1 {
		p.forbidden("", "has more than one source", "make an item of each")
	}
	p.leave()
	p.leave()
}

func (p *podCheck) token(t *corev1.ServiceAccountTokenProjection) {
	if t.Path == "" {
		p.required("path", "name the token's file")
	} else {
		p.insideVolume("path", t.Path)
	}
	if e := t.ExpirationSeconds; e != nil && (*e < 600 || *e > 1<<32) {
		p.bounds("expirationSeconds", *e, "from 600 (10 minutes) to 4294967296")
	}
}

func (p *podCheck) trustBundle(b *corev1.ClusterTrustBundleProjection, place func(string)) {
	switch {
	case b.Name != nil && b.SignerName != nil:
		p.problem("", schema.RuleInvalid, "has both name and signerName", "keep one of them")
	case b.Name != nil:
		p.bundleName(*b.Name)
		if b.LabelSelector != nil {
			p.problem("labelSelector", schema.RuleInvalid, "is set beside name", "keep one of the two")
		}
	case b.SignerName != nil:
		p.signer(*b.SignerName)
		p.labelSelector("labelSelector", b.LabelSelector)
	default:
		p.missing("", "has neither name nor signerName", "set one of them")
	}
	if b.Path == "" {
		p.required("path", "name the file")
	}
	p.insideVolume("path", b.Path)
	place(b.Path)
}

// bundleName checks the name of a trust bundle: a DNS name, behind that of its
// signer if it has one.
func (p *podCheck) bundleName(name string) {
	colon := strings.LastIndex(name, ":")
	signer, own := name[:max(colon, 0)], name[colon+1:]
	if colon == 0 || strings.Contains(signer, "/") || len(apivalidation.NameIsDNSSubdomain(own, false)) > 0 {
		p.invalid("name", name, aName+", behind the signer's, with ':' for '/', and ':' if it has one", writeItSo)
	}
}

// signer checks the name of a signer: "example.com/name".
func (p *podCheck) signer(name string) {
	const most = 253 + 1 + 253 + 1 + 63
	domain, rest, ok := strings.Cut(name, "/")
	switch {
	case name == "":
		p.required("signerName", "name the signer")
		return
	case !ok || strings.Contains(rest, "/"):
		ok = false
	default:
		ok = len(name) <= most && len(domain) <= 253 && strings.Contains(domain, ".")
		for label := range strings.SplitSeq(domain, ".") {
			ok = ok && len(validation.IsDNS1123Label(label)) == 0
		}
		for label := range strings.SplitSeq(rest, ".") {
			ok = ok && len(validation.IsDNS1123Subdomain(label)) == 0
		}
	}
	if !ok {
		p.invalid("signerName", name, "be a domain with a dot, '/' and a DNS name, as in example.com/signer", writeItSo)
	}
}

// The longest lives that a certificate may ask for, in seconds: of the
// signers of Kubernetes, and of others.
// Source: Kubernetes 1.37, pkg/apis/certificates.
const (
	maxKubernetesLife = 24 * 60 * 60
	maxLife           = 91 * 24 * 60 * 60
)

func (p *podCheck) certificate(c *corev1.PodCertificateProjection, place func(string)) {
	p.signer(c.SignerName)
	size := 0
	for k, v := range c.UserAnnotations {
		size += len(k) + len(v)
		if len(validation.IsDomainPrefixedKey(nil, strings.ToLower(k))) > 0 {
			p.invalid("userAnnotations", k, "be a label key behind a domain, as in example.com/key", writeItSo)
		}
	}
	if size > apivalidation.TotalAnnotationSizeLimitB {
		p.bounds("userAnnotations", size, "at most 262144 bytes together")
	}
	switch c.KeyType {
	case "RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519":
	default:
		p.enum("keyType", c.KeyType, "RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519")
	}
	if life := c.MaxExpirationSeconds; life != nil {
		most := int32(maxLife)
		if domain, _, _ := strings.Cut(c.SignerName, "/"); domain == "kubernetes.io" || strings.HasSuffix(domain, ".kubernetes.io") {
			most = maxKubernetesLife
		}
		if *life < 3600 || *life > most {
			p.bounds("maxExpirationSeconds", *life, "from 3600 to "+show(most))
		}
	}
	none := true
	for _, file := range [...]need{
		{"credentialBundlePath", c.CredentialBundlePath}, {"keyPath", c.KeyPath}, {"certificateChainPath", c.CertificateChainPath},
	} {
		if file.value != "" {
			none = false
			p.insideVolume(file.field, file.value)
			place(file.value)
		}
	}
	if none {
		p.missing("", "has none of credentialBundlePath, keyPath, certificateChainPath", "set one of them")
	}
}
