package kafka

import (
	"fmt"
	"reflect"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// storage checks the volumes and returns what they say.
func (b *BrokerPool) storage(p *millrace.Problems) strimziv1.Storage {
	if len(b.Volumes) == 0 {
		return strimziv1.Storage{}
	}
	out := strimziv1.Storage{Type: strimziv1.StorageTypeJBOD}
	for i, v := range b.Volumes {
		out.Volumes = append(out.Volumes, v.volume(p, fmt.Sprintf("Volumes[%d]", i)))
	}
	return out
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
		if v.Class != "" {
			p.Conflict(at+".Class", "an ephemeral disk is of no storage class", "leave out Class or Ephemeral")
		}
		if v.DeleteClaim {
			p.Conflict(at+".DeleteClaim", "an ephemeral disk is always deleted", "leave out DeleteClaim or Ephemeral")
		}
		return out
	}
	if v.Size > 0 {
		out.Size = new(v.Size.String())
	}
	if v.Class != "" {
		p.Name(at+".Class", v.Class)
		out.Class = new(v.Class)
	}
	// Spelled out also where it is false: this is what keeps the data.
	out.DeleteClaim = new(v.DeleteClaim)
	return out
}

// checkStorage reports what the operator refuses, and what makes it ignore
// every later change of the storage.
// Source: Strimzi, StorageUtils.java and StorageDiff.java.
func checkStorage(p *millrace.Problems, s *strimziv1.Storage, volumes, metadataField string) {
	if s.Type == "" && isZero(*s) {
		p.Required("Volumes", "give each node a disk: {Size: 100 * millrace.GiB, Class: …}")
		return
	}
	switch s.Type {
	case strimziv1.StorageTypeJBOD:
	case strimziv1.StorageTypePersistentClaim:
		checkSize(p, "Base.Storage.Size", s.Size)
		return
	case strimziv1.StorageTypeEphemeral:
		return
	default:
		p.Invalid("Base.Storage.Type", string(s.Type), "there is no such type of storage", "use jbod, persistent-claim or ephemeral")
		return
	}
	if len(s.Volumes) == 0 {
		p.Required(volumes, "give each node a disk")
	}
	ids := map[int64]int{}
	metadata := -1
	for i, v := range s.Volumes {
		at := fmt.Sprintf("%s[%d]", volumes, i)
		if v.Type == strimziv1.StorageVolumeTypePersistentClaim {
			checkSize(p, at+".Size", v.Size)
		}
		switch {
		case v.ID == nil:
			p.Required(at+".ID", "number the disks of a node")
		case *v.ID < 0:
			p.Invalid(at+".ID", *v.ID, "it is negative", "use 0 or more")
		default:
			if other, ok := ids[*v.ID]; ok {
				p.Add(millrace.RuleDuplicate, at+".ID", fmt.Sprintf("disk %d of the list has the number %d too", other, *v.ID), "give each disk of a node a number of its own, for ever")
			}
			ids[*v.ID] = i
		}
		if v.KRaftMetadata != "" {
			if metadata >= 0 {
				p.Conflict(at+"."+metadataField, fmt.Sprintf("disk %d of the list has the metadata already", metadata), "mark one disk")
			}
			metadata = i
		}
	}
}

func checkSize(p *millrace.Problems, at string, size *string) {
	if size == nil || *size == "" {
		p.Required(at, "say how large the disk is")
		return
	}
	q, err := resource.ParseQuantity(*size)
	if err != nil || q.Sign() <= 0 {
		p.Invalid(at, *size, "it is no size of a disk", `use one such as "100Gi"`)
	}
}

func isZero(v any) bool { return reflect.ValueOf(v).IsZero() }
