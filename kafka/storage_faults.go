package kafka

import (
	"fmt"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const storageRule = "kafka/storage"

// storage reports what the operator refuses, and what makes it ignore every
// later change of the storage.
// Source: Strimzi, StorageUtils.java and StorageDiff.java.
func (f *faults) storage(s *strimziv1.Storage) {
	const at = "spec.storage"
	switch s.Type {
	case strimziv1.StorageTypeJBOD:
		f.volumes(s)
	case strimziv1.StorageTypePersistentClaim, strimziv1.StorageTypeEphemeral:
		f.disk(at, strimziv1.StorageVolumeType(s.Type), s.Size, s.SizeLimit)
		if len(s.Volumes) > 0 {
			f.add(storageRule, millrace.RuleConflict, at+".volumes", fmt.Sprintf("storage of type %s has one disk, and ignores the list", s.Type), "use type jbod")
		}
	default:
		if isZero(*s) {
			f.add(storageRule, millrace.RuleRequired, at, "is required", "give each node a disk with a size and a storage class")
			return
		}
		f.add(storageRule, millrace.RuleInvalid, at+".type", fmt.Sprintf("%q: there is no such type of storage", s.Type), "use jbod, persistent-claim or ephemeral")
	}
}

// volumes checks a list of disks.
func (f *faults) volumes(s *strimziv1.Storage) {
	const at = "spec.storage"
	for _, part := range [...]struct {
		set  bool
		name string
	}{{s.Size != nil, "size"}, {s.SizeLimit != nil, "sizeLimit"}, {s.Class != nil, "class"}, {s.DeleteClaim != nil, "deleteClaim"}, {s.Selector != nil, "selector"}} {
		if part.set {
			f.add(storageRule, millrace.RuleConflict, at+"."+part.name, "storage of type jbod ignores it", "set it on each of the volumes")
		}
	}
	if len(s.Volumes) == 0 {
		f.add(storageRule, millrace.RuleRequired, at+".volumes", "is required", "give each node a disk")
	}
	ids := map[int64]int{}
	metadata := -1
	for i := range s.Volumes {
		v := &s.Volumes[i]
		path := fmt.Sprintf("%s.volumes[%d]", at, i)
		f.disk(path, v.Type, v.Size, v.SizeLimit)
		f.diskID(path+".id", v.ID, i, ids)
		if v.KRaftMetadata == "" {
			continue
		}
		if v.KRaftMetadata != strimziv1.KRaftMetadataShared {
			f.add(storageRule, millrace.RuleInvalid, path+".kraftMetadata", fmt.Sprintf("%q: there is no such way to keep the metadata", v.KRaftMetadata), "use shared, or leave it out")
		}
		if metadata >= 0 {
			f.add(storageRule, millrace.RuleConflict, path+".kraftMetadata", fmt.Sprintf("disk %d of the list has the metadata already", metadata), "mark one disk")
		}
		metadata = i
	}
}

// disk checks the type of a disk, and its size.
func (f *faults) disk(path string, kind strimziv1.StorageVolumeType, size, limit *string) {
	switch kind {
	case strimziv1.StorageVolumeTypePersistentClaim:
		if size == nil || *size == "" {
			f.add(storageRule, millrace.RuleRequired, path+".size", "is required", "say how large the disk is")
		} else if q, err := resource.ParseQuantity(*size); err != nil || q.Sign() <= 0 {
			f.add(storageRule, millrace.RuleInvalid, path+".size", fmt.Sprintf("%q: it is no size of a disk", *size), `use one such as "100Gi"`)
		}
		if limit != nil {
			f.add(storageRule, millrace.RuleConflict, path+".sizeLimit", "it is for an ephemeral disk, and does nothing here", "use size")
		}
	case strimziv1.StorageVolumeTypeEphemeral:
		if limit != nil {
			if q, err := resource.ParseQuantity(*limit); err != nil || q.Sign() <= 0 {
				f.add(storageRule, millrace.RuleInvalid, path+".sizeLimit", fmt.Sprintf("%q: it is no size of a disk", *limit), `use one such as "100Gi", or leave it out`)
			}
		}
		if size != nil {
			f.add(storageRule, millrace.RuleConflict, path+".size", "an ephemeral disk ignores it", "use sizeLimit")
		}
	default:
		f.add(storageRule, millrace.RuleInvalid, path+".type", fmt.Sprintf("%q: there is no such type of disk", kind), "use persistent-claim or ephemeral")
	}
}

// diskID checks the number of the i-th disk against those before it.
func (f *faults) diskID(path string, id *int64, i int, seen map[int64]int) {
	switch {
	case id == nil:
		f.add(storageRule, millrace.RuleRequired, path, "is required", "number the disks of a node")
	case *id < 0:
		f.add(storageRule, millrace.RuleInvalid, path, fmt.Sprintf("%d: it is negative", *id), "use 0 or more")
	default:
		if other, ok := seen[*id]; ok {
			f.add(storageRule, millrace.RuleDuplicate, path, fmt.Sprintf("disk %d of the list has the number %d too", other, *id), "give each disk of a node a number of its own, for ever")
		}
		seen[*id] = i
	}
}
