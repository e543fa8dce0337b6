package kafka

import (
	"fmt"
	"maps"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Volume is one disk of a node.
type Volume struct {
	// ID tells the disks of a node apart, for ever: a disk keeps it when
	// others come and go. Zero is right for the first one.
	//
	// Rendered as id.
	ID int

	// Size is how large it is. Required, but for an ephemeral one. It can
	// grow, if the storage class allows it (rule kafka/storage-expansion), and
	// never shrink: of a pool whose disk would shrink, Strimzi ignores every
	// change of the storage.
	//
	// Rendered as size, or sizeLimit if it is ephemeral.
	Size millrace.Bytes

	// Class is the storage class. It should bind WaitForFirstConsumer (rule
	// kafka/storage-class), or disks are made in zones that their pods can't
	// get to, and be one of block storage (rule kafka/file-storage).
	//
	// Empty means the class that the Kubernetes cluster has as its default.
	//
	// Rendered as class.
	Class string

	// AttributesClass is the VolumeAttributesClass, by which speed and
	// throughput of the disk can be changed while it is in use.
	//
	// Empty means none.
	//
	// Rendered as volumeAttributesClass.
	AttributesClass string

	// Selector are the labels of the volumes that are there already, of which
	// the disk is to be one.
	//
	// None means that it is made.
	//
	// Rendered as selector.
	Selector map[string]string

	// Ephemeral is for tests: the disk goes when its pod goes.
	//
	// Rendered as type: ephemeral, and false as type: persistent-claim.
	Ephemeral bool

	// DeleteClaim deletes the disk with the pool. False keeps the data.
	//
	// Rendered as deleteClaim.
	DeleteClaim bool

	// Metadata puts KRaft's metadata on this disk.
	//
	// False for all of them means the one with the lowest ID.
	//
	// Rendered as kraftMetadata: shared.
	Metadata bool
}

// storage checks the volumes and returns what they say.
func (b *BrokerPool) storage(p *millrace.Problems, of origins) strimziv1.Storage {
	if len(b.Volumes) == 0 {
		if isZero(b.Base.Storage) {
			of.add("spec.storage", "Volumes")
		}
		return strimziv1.Storage{}
	}
	of.add("spec.storage", "Volumes")
	of.add("spec.storage.volumes", "Volumes")
	out := strimziv1.Storage{Type: strimziv1.StorageTypeJBOD}
	for i, v := range b.Volumes {
		field := fmt.Sprintf("Volumes[%d]", i)
		v.origins(of, fmt.Sprintf("spec.storage.volumes[%d]", i), field)
		out.Volumes = append(out.Volumes, v.volume(p, field))
	}
	return out
}

// origins registers what a disk's fields are in the manifest.
func (v Volume) origins(of origins, path, field string) {
	for part, name := range map[string]string{"": "", ".sizeLimit": ".Size", ".kraftMetadata": ".Metadata", ".volumeAttributesClass": ".AttributesClass"} {
		of.add(path+part, field+name)
	}
}

// volume checks one disk and returns what it says.
func (v Volume) volume(p *millrace.Problems, at string) strimziv1.StorageVolume {
	out := strimziv1.StorageVolume{ID: new(int64(v.ID)), Type: strimziv1.StorageVolumeTypePersistentClaim}
	if v.Metadata {
		out.KRaftMetadata = strimziv1.KRaftMetadataShared
	}
	checkBytes(p, at+".Size", v.Size)
	if v.Ephemeral {
		out.Type = strimziv1.StorageVolumeTypeEphemeral
		if v.Size > 0 {
			out.SizeLimit = new(v.Size.String())
		}
		v.ephemeral(p, at)
		return out
	}
	if v.Size != 0 { // One below has been reported.
		out.Size = new(max(v.Size, 1).String())
	}
	if v.Class != "" {
		p.Name(at+".Class", v.Class)
		out.Class = new(v.Class)
	}
	if v.AttributesClass != "" {
		p.Name(at+".AttributesClass", v.AttributesClass)
		out.VolumeAttributesClass = new(v.AttributesClass)
	}
	p.Labels(at+".Selector", v.Selector)
	out.Selector = maps.Clone(v.Selector)
	// Spelled out also where it is false: this is what keeps the data.
	out.DeleteClaim = new(v.DeleteClaim)
	return out
}

// ephemeral reports what a disk that goes with its pod can't have.
func (v Volume) ephemeral(p *millrace.Problems, at string) {
	for _, part := range [...]struct {
		set           bool
		field, detail string
	}{
		{v.Class != "", "Class", "an ephemeral disk is of no storage class"},
		{v.AttributesClass != "", "AttributesClass", "an ephemeral disk is of no storage class"},
		{len(v.Selector) > 0, "Selector", "an ephemeral disk is made with its pod"},
		{v.DeleteClaim, "DeleteClaim", "an ephemeral disk is always deleted"},
	} {
		if part.set {
			p.Conflict(at+"."+part.field, part.detail, "leave out "+part.field+" or Ephemeral")
		}
	}
}
