package tenancy

import (
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// Disks are who makes the disks of a storage class: GCEDisk, EBS, AzureDisk,
// LocalDisk or Provisioner, by value.
type Disks interface {
	// check looks at the disks, beside further parameters of their class.
	check(at string, parameters map[string]string, problems *millrace.Problems)
	provisioner() string
	parameters() map[string]string
	// zoneLabel is the label by which the driver knows zones; empty where it
	// can't choose one. static says that nobody makes disks on demand.
	zoneLabel() string
	static() bool
}

// GCEDisk are persistent disks and hyperdisks of Google Cloud. They are always
// encrypted.
// Source: GKE, persistent-volumes/gce-pd-csi-driver.
type GCEDisk struct {
	// Type is "pd-balanced", "pd-ssd", "hyperdisk-balanced", ….
	//
	// Empty means pd-balanced. Rendered as the parameter type.
	Type string
	// Regional keeps each disk in two zones.
	//
	// False means one. Rendered as the parameter replication-type.
	Regional bool
	// KMSKey encrypts with a key of one's own, by its full resource name.
	//
	// Empty means Google's. Rendered as disk-encryption-kms-key.
	KMSKey string
}

func (GCEDisk) check(string, map[string]string, *millrace.Problems) {}
func (GCEDisk) provisioner() string                                 { return "pd.csi.storage.gke.io" }
func (GCEDisk) zoneLabel() string                                   { return "topology.gke.io/zone" }
func (GCEDisk) static() bool                                        { return false }

func (d GCEDisk) parameters() map[string]string {
	out := map[string]string{"type": orDefault(d.Type, "pd-balanced")}
	if d.Regional {
		out["replication-type"] = "regional-pd"
	}
	optional(out, "disk-encryption-kms-key", d.KMSKey)
	return out
}

// EBS are the disks of AWS, encrypted.
// Source: kubernetes-sigs/aws-ebs-csi-driver, docs/parameters.md and
// pkg/driver/constants.go (WellKnownZoneTopologyKey); EKS, create-storage-class
// (Auto Mode).
type EBS struct {
	// Type is "gp3", "io2", "st1", ….
	//
	// Empty means gp3. Rendered as the parameter type.
	Type string
	// IOPS and Throughput, in MiB/s, are what each disk has, whatever its size.
	//
	// Zero means what the type has: 3000 and 125 for gp3. Required of io1 and
	// io2 are IOPS, or the parameter iopsPerGB.
	// Rendered as the parameters iops and throughput.
	IOPS, Throughput int
	// KMSKey encrypts with a key of one's own, by its ARN.
	//
	// Empty means that of the account. Rendered as kmsKeyId.
	KMSKey string
	// AutoMode is for EKS Auto Mode, which has a driver of its own.
	//
	// False means ebs.csi.aws.com. Rendered as provisioner.
	AutoMode bool
}

func (d EBS) check(at string, parameters map[string]string, problems *millrace.Problems) {
	kind := orDefault(d.Type, "gp3")
	switch {
	case d.IOPS < 0:
		problems.Invalid(at+".IOPS", d.IOPS, "is negative", "use 0 or more")
	case d.IOPS == 0 && (kind == "io1" || kind == "io2") && parameters["iopsPerGB"] == "":
		problems.Required(at+".IOPS", kind+" has no number of its own: set it, or the parameter iopsPerGB")
	}
	switch {
	case d.Throughput < 0:
		problems.Invalid(at+".Throughput", d.Throughput, "is negative", "use 0 or more")
	case d.Throughput > 0 && kind != "gp3":
		problems.Unsupported(at+".Throughput", kind+" has none to set", "use gp3, or leave it out")
	}
}

func (d EBS) provisioner() string {
	if d.AutoMode {
		return "ebs.csi.eks.amazonaws.com"
	}
	return "ebs.csi.aws.com"
}

func (EBS) zoneLabel() string { return corev1.LabelTopologyZone }
func (EBS) static() bool      { return false }

func (d EBS) parameters() map[string]string {
	out := map[string]string{"type": orDefault(d.Type, "gp3"), "encrypted": "true"}
	if d.IOPS > 0 {
		out["iops"] = strconv.Itoa(d.IOPS)
	}
	if d.Throughput > 0 {
		out["throughput"] = strconv.Itoa(d.Throughput)
	}
	optional(out, "kmsKeyId", d.KMSKey)
	return out
}

// AzureDisk are managed disks of Azure. They are always encrypted.
// Source: kubernetes-sigs/azuredisk-csi-driver, docs/driver-parameters.md; AKS,
// use Azure ultra disks.
type AzureDisk struct {
	// SKU is "Premium_LRS", "PremiumV2_LRS", "Premium_ZRS", ….
	//
	// Empty means Premium_LRS. UltraSSD_LRS can't be cached, where the driver's
	// default is to cache reads: the parameter cachingMode is None then.
	// Rendered as the parameter skuName.
	SKU string
	// EncryptionSet encrypts with a key of one's own, by the resource id of the
	// disk encryption set.
	//
	// Empty means Azure's. Rendered as diskEncryptionSetID.
	EncryptionSet string
}

func (AzureDisk) check(string, map[string]string, *millrace.Problems) {}
func (AzureDisk) provisioner() string                                 { return "disk.csi.azure.com" }
func (AzureDisk) zoneLabel() string                                   { return "topology.disk.csi.azure.com/zone" }
func (AzureDisk) static() bool                                        { return false }

func (d AzureDisk) parameters() map[string]string {
	out := map[string]string{"skuName": orDefault(d.SKU, "Premium_LRS")}
	if strings.EqualFold(d.SKU, "UltraSSD_LRS") {
		out["cachingMode"] = "None"
	}
	optional(out, "diskEncryptionSetID", d.EncryptionSet)
	return out
}

// LocalDisk are disks of the nodes that somebody has made volumes of. Nobody
// makes them on demand, and they don't grow.
type LocalDisk struct{}

func (LocalDisk) check(string, map[string]string, *millrace.Problems) {}
func (LocalDisk) provisioner() string                                 { return "kubernetes.io/no-provisioner" }
func (LocalDisk) zoneLabel() string                                   { return "" }
func (LocalDisk) static() bool                                        { return true }
func (LocalDisk) parameters() map[string]string                       { return nil }

// Provisioner is any other driver, with StorageClass.Parameters.
type Provisioner struct {
	// Name of the driver. Required. Rendered as provisioner.
	Name string
	// ZoneLabel is the label of nodes by which the driver knows zones.
	//
	// Empty means that StorageClass.Zones can't be set.
	// Rendered as the key in allowedTopologies.
	ZoneLabel string
}

func (d Provisioner) check(at string, _ map[string]string, problems *millrace.Problems) {
	if d.Name == "" {
		problems.Required(at+".Name", "name the driver")
	} else {
		problems.LabelKey(at+".Name", d.Name)
	}
	if d.ZoneLabel != "" {
		problems.LabelKey(at+".ZoneLabel", d.ZoneLabel)
	}
}

func (d Provisioner) provisioner() string         { return d.Name }
func (d Provisioner) zoneLabel() string           { return d.ZoneLabel }
func (Provisioner) static() bool                  { return false }
func (Provisioner) parameters() map[string]string { return nil }

// optional sets what isn't empty.
func optional(in map[string]string, key, value string) {
	if value != "" {
		in[key] = value
	}
}
