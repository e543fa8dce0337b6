package builtin

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace/internal/schema"
)

// volumes checks the volumes, and notes which have problems.
func (p *podCheck) volumes() {
	var names set[string]
	p.enter("volumes")
	for i := range p.spec.Volumes {
		v := &p.spec.Volumes[i]
		if p.replaced(v.Name) {
			continue
		}
		p.item(i)
		fault := p.fault(func() {
			p.source(v)
			if v.Name == "" {
				p.required("name", "name the volume")
			} else {
				p.dnsLabel("name", v.Name)
			}
			if names.has(v.Name) {
				p.duplicate("name", v.Name)
			}
		})
		if fault {
			p.faulty = append(p.faulty, i)
		} else {
			names.add(v.Name)
		}
		if claim := v.PersistentVolumeClaim; claim != nil && p.madeClaim(claim.ClaimName) {
			p.problem("persistentVolumeClaim.claimName", schema.RuleInvalid, "is "+show(claim.ClaimName)+", which is made for an ephemeral volume", "name that volume instead")
		}
		p.leave()
	}
	p.leave()
}

// claimTemplate tells whether a claim template makes a volume of a name that a
// container can mount.
func (p *podCheck) claimTemplate(name string) bool {
	return p.replaced(name) && len(validation.IsDNS1123Label(name)) == 0
}

// replaced tells whether a volume of this name gives way to that of a claim
// template.
func (p *podCheck) replaced(name string) bool {
	for i := range p.opts.claims {
		if p.opts.claims[i].Name == name {
			return true
		}
	}
	return false
}

// fileVolume returns the last volume of a name, nil for that of a claim
// template.
func (p *podCheck) fileVolume(name string) (*corev1.VolumeSource, bool) {
	if p.replaced(name) {
		return nil, true
	}
	for i := range slices.Backward(p.spec.Volumes) {
		if p.spec.Volumes[i].Name == name {
			return &p.spec.Volumes[i].VolumeSource, true
		}
	}
	return nil, false
}

// emptyDir tells an emptyDir, which a volume without a source is too.
func emptyDir(s *corev1.VolumeSource) bool {
	return s != nil && (s.EmptyDir != nil || *s == corev1.VolumeSource{})
}

// madeClaim tells whether a claim is made for an ephemeral volume of the pod.
func (p *podCheck) madeClaim(claim string) bool {
	return p.opts.pod && p.meta.Name != "" && slices.ContainsFunc(p.spec.Volumes, func(v corev1.Volume) bool {
		return v.Ephemeral != nil && p.meta.Name+"-"+v.Name == claim
	})
}

// source checks what is behind a volume. The server looks at the first source
// that it finds, in this order, and refuses the others.
func (p *podCheck) source(v *corev1.Volume) {
	first := ""
	check := func(is bool, field string) bool {
		switch {
		case !is:
			return false
		case first == "":
			first = field
			return true
		}
		p.forbidden(field, "is set beside "+first, "make two volumes of it")
		return false
	}
	if check(v.EmptyDir != nil, "emptyDir") && v.EmptyDir.SizeLimit != nil && v.EmptyDir.SizeLimit.Sign() < 0 {
		p.forbidden("emptyDir.sizeLimit", "is "+v.EmptyDir.SizeLimit.String()+", less than nothing", "take the minus out")
	}
	if check(v.HostPath != nil, "hostPath") {
		p.hostPath(v.HostPath)
	}
	if check(v.GitRepo != nil, "gitRepo") {
		p.gitRepo(v.GitRepo)
	}
	if d := v.GCEPersistentDisk; check(d != nil, "gcePersistentDisk") {
		p.partitioned("gcePersistentDisk", "pdName", d.PDName, d.Partition)
	}
	if d := v.AWSElasticBlockStore; check(d != nil, "awsElasticBlockStore") {
		p.partitioned("awsElasticBlockStore", "volumeID", d.VolumeID, d.Partition)
	}
	if check(v.Secret != nil, "secret") {
		p.files("secret", "secretName", v.Secret.SecretName, v.Secret.DefaultMode, v.Secret.Items)
	}
	if check(v.NFS != nil, "nfs") {
		p.nfs(v.NFS)
	}
	if check(v.ISCSI != nil, "iscsi") {
		p.iscsi(v.ISCSI)
	}
	if d := v.ISCSI; d != nil && d.InitiatorName != nil && len(v.Name+":"+d.TargetPortal) > maxISCSIName {
		p.problem("name", schema.RuleInvalid, "is too long beside iscsi.targetPortal: at most 63 together when initiatorName is set", "shorten it")
	}
	if d := v.Glusterfs; check(d != nil, "glusterfs") {
		p.needs("glusterfs", need{"endpoints", d.EndpointsName}, need{"path", d.Path})
	}
	if check(v.Flocker != nil, "flocker") {
		p.flocker(v.Flocker)
	}
	if d := v.PersistentVolumeClaim; check(d != nil, "persistentVolumeClaim") {
		p.needs("persistentVolumeClaim", need{"claimName", d.ClaimName})
	}
	if d := v.RBD; check(d != nil, "rbd") {
		p.needs("rbd", need{"monitors", filled(d.CephMonitors)}, need{"image", d.RBDImage})
	}
	if d := v.Cinder; check(d != nil, "cinder") {
		p.needs("cinder", need{"volumeID", d.VolumeID}, secretName(d.SecretRef))
	}
	if d := v.CephFS; check(d != nil, "cephfs") {
		p.needs("cephfs", need{"monitors", filled(d.Monitors)})
	}
	if check(v.Quobyte != nil, "quobyte") {
		p.quobyte(v.Quobyte)
	}
	if check(v.DownwardAPI != nil, "downwardAPI") {
		p.downward(v.DownwardAPI)
	}
	if check(v.FC != nil, "fc") {
		p.fibreChannel(v.FC)
	}
	if check(v.FlexVolume != nil, "flexVolume") {
		p.flex(v.FlexVolume)
	}
	if check(v.ConfigMap != nil, "configMap") {
		p.files("configMap", "name", v.ConfigMap.Name, v.ConfigMap.DefaultMode, v.ConfigMap.Items)
	}
	if d := v.AzureFile; check(d != nil, "azureFile") {
		p.needs("azureFile", need{"secretName", d.SecretName}, need{"shareName", d.ShareName})
	}
	if d := v.VsphereVolume; check(d != nil, "vsphereVolume") {
		p.needs("vsphereVolume", need{"volumePath", d.VolumePath})
	}
	if d := v.PhotonPersistentDisk; check(d != nil, "photonPersistentDisk") {
		p.needs("photonPersistentDisk", need{"pdID", d.PdID})
	}
	if d := v.PortworxVolume; check(d != nil, "portworxVolume") {
		p.needs("portworxVolume", need{"volumeID", d.VolumeID})
	}
	if check(v.AzureDisk != nil, "azureDisk") {
		p.azureDisk(v.AzureDisk)
	}
	if check(v.StorageOS != nil, "storageos") {
		p.storageOS(v.StorageOS)
	}
	if check(v.Projected != nil, "projected") {
		p.projected(v.Projected)
	}
	if d := v.ScaleIO; check(d != nil, "scaleIO") {
		p.needs("scaleIO", need{"gateway", d.Gateway}, need{"system", d.System}, need{"volumeName", d.VolumeName})
	}
	if check(v.CSI != nil, "csi") {
		p.csi(v.CSI)
	}
	if check(v.Ephemeral != nil, "ephemeral") {
		p.ephemeralClaim(v)
	}
	if d := v.Image; check(d != nil, "image") {
		p.needs("image", need{"reference", d.Reference})
		p.pullPolicy("image.pullPolicy", d.PullPolicy)
	}
}

// need is a text that must not be empty.
type need struct{ field, value string }

// needs reports the texts that are empty. One without a field is passed over.
func (c *checker) needs(source string, needs ...need) {
	for _, n := range needs {
		if n.field != "" && n.value == "" {
			c.required(source+"."+n.field, "set it")
		}
	}
}

// filled makes a need of a list.
func filled(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return "filled"
}

// secretName is the need of a reference to a secret, if there is one.
func secretName(ref *corev1.LocalObjectReference) need {
	if ref == nil {
		return need{}
	}
	return need{"secretRef.name", ref.Name}
}

func (p *podCheck) hostPath(h *corev1.HostPathVolumeSource) {
	if h.Path == "" {
		p.required("hostPath.path", "write the path on the node")
		return
	}
	p.noBacksteps("hostPath.path", h.Path)
	if h.Type != nil {
		amongOrEmpty(p.checker, "hostPath.type", *h.Type, corev1.HostPathDirectoryOrCreate, corev1.HostPathDirectory, corev1.HostPathFileOrCreate,
			corev1.HostPathFile, corev1.HostPathSocket, corev1.HostPathCharDev, corev1.HostPathBlockDev)
	}
}

// ephemeralClaim checks a volume that gets a claim of its own.
func (p *podCheck) ephemeralClaim(v *corev1.Volume) {
	if t := v.Ephemeral.VolumeClaimTemplate; t == nil {
		p.required("ephemeral.volumeClaimTemplate", "say what the claim asks for")
	} else {
		p.enter("ephemeral")
		p.enter("volumeClaimTemplate")
		p.ephemeralMeta(&t.ObjectMeta)
		p.enter("spec")
		p.claimSpec(&t.Spec)
		p.templateSources(&t.Spec)
		p.leave()
		p.leave()
		p.leave()
	}
	pod, _ := createdName(p.meta)
	if !p.opts.pod || pod == "" || v.Name == "" {
		return
	}
	if claim := pod + "-" + v.Name; len(apivalidation.NameIsDNSSubdomain(claim, false)) > 0 {
		p.problem("name", schema.RuleInvalid, "makes a claim named "+show(claim)+", which is no DNS name", "shorten it, or mend the pod's name")
	}
}
