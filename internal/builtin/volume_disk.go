package builtin

import (
	"net"
	"path"
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/internal/schema"
)

// maxISCSIName is the length of a volume's name, a colon and its portal.
const maxISCSIName = 64

func (p *podCheck) gitRepo(g *corev1.GitRepoVolumeSource) {
	p.needs("gitRepo", need{"repository", g.Repository})
	p.inside("gitRepo.directory", g.Directory)
}

// partitioned checks a disk of a cloud.
func (p *podCheck) partitioned(source, field, id string, partition int32) {
	p.needs(source, need{field, id})
	if partition < 0 || partition > 255 {
		p.bounds(source+".partition", partition, "from 0 to 255")
	}
}

func (p *podCheck) nfs(n *corev1.NFSVolumeSource) {
	p.needs("nfs", need{"server", n.Server}, need{"path", n.Path})
	if n.Path != "" && !path.IsAbs(n.Path) {
		p.invalid("nfs.path", n.Path, "be an absolute path", "begin it with /")
	}
}

// The names of iSCSI, by the words that they begin with.
var (
	iqnName = regexp.MustCompile(`iqn\.\d{4}-\d{2}\.([[:alnum:]-.]+)(:[^,;*&$|\s]+)$`)
	euiName = regexp.MustCompile(`^eui.[[:alnum:]]{16}$`)
	naaName = regexp.MustCompile(`^naa.[[:alnum:]]{32}$`)
)

// iscsiName tells whether a name has the form that its first word asks for.
func iscsiName(name string) bool {
	switch {
	case strings.HasPrefix(name, "iqn"):
		return iqnName.MatchString(name)
	case strings.HasPrefix(name, "eui"):
		return euiName.MatchString(name)
	case strings.HasPrefix(name, "naa"):
		return naaName.MatchString(name)
	}
	return false
}

func (p *podCheck) iscsi(d *corev1.ISCSIVolumeSource) {
	const form = "be a name of iSCSI: iqn.2020-01.com.example:disk, eui. and 16 digits, or naa. and 32"
	p.needs("iscsi", need{"targetPortal", d.TargetPortal}, need{"iqn", d.IQN})
	if d.IQN != "" && !iscsiName(d.IQN) {
		p.invalid("iscsi.iqn", d.IQN, form, writeItSo)
	}
	if d.Lun < 0 || d.Lun > 255 {
		p.bounds("iscsi.lun", d.Lun, "from 0 to 255")
	}
	if (d.DiscoveryCHAPAuth || d.SessionCHAPAuth) && d.SecretRef == nil {
		p.required("iscsi.secretRef", "name the secret for CHAP")
	}
	if d.InitiatorName != nil && !iscsiName(*d.InitiatorName) {
		p.invalid("iscsi.initiatorName", *d.InitiatorName, form, writeItSo)
	}
}

func (p *podCheck) flocker(f *corev1.FlockerVolumeSource) {
	switch {
	case f.DatasetName == "" && f.DatasetUUID == "":
		p.missing("flocker", "has neither datasetName nor datasetUUID", "set one of them")
	case f.DatasetName != "" && f.DatasetUUID != "":
		p.problem("flocker", schema.RuleInvalid, "has both datasetName and datasetUUID", "keep one of them")
	}
	if strings.Contains(f.DatasetName, "/") {
		p.invalid("flocker.datasetName", f.DatasetName, "have no /", "use another name")
	}
}

func (p *podCheck) quobyte(q *corev1.QuobyteVolumeSource) {
	p.needs("quobyte", need{"registry", q.Registry}, need{"volume", q.Volume})
	if q.Registry == "" {
		return
	}
	if len(q.Tenant) > 64 {
		p.bounds("quobyte.tenant", q.Tenant, "at most 64 characters long")
		return
	}
	for pair := range strings.SplitSeq(q.Registry, ",") {
		if _, _, err := net.SplitHostPort(pair); err != nil {
			p.invalid("quobyte.registry", q.Registry, "be a host and a port, or several with commas between", "write it as in registry:7861")
			return
		}
	}
}

func (p *podCheck) fibreChannel(f *corev1.FCVolumeSource) {
	switch {
	case len(f.TargetWWNs) == 0 && len(f.WWIDs) == 0:
		p.missing("fc.targetWWNs", "is missing, and so is wwids", "set one of them")
		return
	case len(f.TargetWWNs) == 0:
		return
	case len(f.WWIDs) > 0:
		p.problem("fc.targetWWNs", schema.RuleInvalid, "is set beside wwids", "keep one of them")
	}
	switch {
	case f.Lun == nil:
		p.required("fc.lun", "set it beside targetWWNs")
	case *f.Lun < 0 || *f.Lun > 255:
		p.bounds("fc.lun", *f.Lun, "from 0 to 255")
	}
}

func (p *podCheck) flex(f *corev1.FlexVolumeSource) {
	p.needs("flexVolume", need{"driver", f.Driver})
	for key := range f.Options {
		namespace, _, _ := strings.Cut(key, "/")
		if domain := "." + strings.ToLower(namespace); strings.HasSuffix(domain, ".kubernetes.io") || strings.HasSuffix(domain, ".k8s.io") {
			p.problem("flexVolume.options["+key+"]", schema.RuleInvalid, "is a name of Kubernetes' own", "use another domain")
		}
	}
}

func (p *podCheck) azureDisk(d *corev1.AzureDiskVolumeSource) {
	p.needs("azureDisk", need{"diskName", d.DiskName}, need{"diskURI", d.DataDiskURI})
	amongIfSet(p.checker, "azureDisk.cachingMode", d.CachingMode, corev1.AzureDataDiskCachingNone, corev1.AzureDataDiskCachingReadOnly, corev1.AzureDataDiskCachingReadWrite)
	amongIfSet(p.checker, "azureDisk.kind", d.Kind, corev1.AzureSharedBlobDisk, corev1.AzureDedicatedBlobDisk, corev1.AzureManagedDisk)
	managed := d.Kind != nil && *d.Kind == corev1.AzureManagedDisk // The server makes Shared of nothing.
	switch {
	case managed && !strings.HasPrefix(d.DataDiskURI, "/subscriptions/"):
		p.invalid("azureDisk.diskURI", d.DataDiskURI, "begin with /subscriptions/ for a managed disk", "write its resource id")
	case !managed && !strings.HasPrefix(d.DataDiskURI, "https://"):
		p.invalid("azureDisk.diskURI", d.DataDiskURI, "begin with https:// for a disk that isn't managed", "write its address, or use the kind Managed")
	}
}

func (p *podCheck) storageOS(s *corev1.StorageOSVolumeSource) {
	p.needs("storageos", need{"volumeName", s.VolumeName}, secretName(s.SecretRef))
	if s.VolumeName != "" {
		p.dnsLabel("storageos.volumeName", s.VolumeName)
	}
	if s.VolumeNamespace != "" {
		p.dnsLabel("storageos.volumeNamespace", s.VolumeNamespace)
	}
}

func (p *podCheck) csi(s *corev1.CSIVolumeSource) {
	if s.Driver == "" {
		p.required("csi.driver", "name the driver")
	} else if len(s.Driver) > 63 {
		p.bounds("csi.driver", s.Driver, "at most 63 characters long")
	} else {
		p.dnsName("csi.driver", strings.ToLower(s.Driver))
	}
	if ref := s.NodePublishSecretRef; ref != nil {
		if ref.Name == "" {
			p.required("csi.nodePublishSecretRef.name", "name the secret")
		} else {
			p.dnsName("csi.nodePublishSecretRef.name", ref.Name)
		}
	}
}
