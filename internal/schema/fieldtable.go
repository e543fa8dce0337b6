package schema

// fieldTable finds the fields of an object by name. It is a small table of its
// own, as Go's map takes most of the time of a check: schemas have few fields,
// whose names differ in their length and a few letters.
type fieldTable struct {
	slots []fieldSlot // a power of two, at most half full
}

type fieldSlot struct {
	name string
	field
}

// newFieldTable makes the table of some fields; nil of none.
func newFieldTable(fields map[string]field) *fieldTable {
	if len(fields) == 0 {
		return nil
	}
	size := 4
	for size < 2*len(fields) {
		size *= 2
	}
	t := &fieldTable{slots: make([]fieldSlot, size)}
	for name, f := range fields {
		at := mix(name)
		for t.slots[at&uint32(size-1)].node != nil {
			at++
		}
		t.slots[at&uint32(size-1)] = fieldSlot{name, f}
	}
	return t
}

// get returns the field of a name.
func (t *fieldTable) get(name string) (field, bool) {
	if t == nil {
		return field{}, false
	}
	mask := uint32(len(t.slots) - 1)
	for at := mix(name) & mask; ; at = (at + 1) & mask {
		s := &t.slots[at]
		if s.node == nil {
			return field{}, false
		}
		if s.name == name {
			return s.field, true
		}
	}
}

// mix makes a number of the length and four letters of a name. Names of users'
// choice only ever pass over the slots of one run, which the schema fixed.
func mix(name string) uint32 {
	n := uint32(len(name))
	if n == 0 {
		return 0
	}
	h := n | uint32(name[0])<<8 | uint32(name[n-1])<<16 | uint32(name[n/2])<<24
	h ^= uint32(name[n/4]) * 0x9e3779b1
	h *= 0x85ebca6b
	return h ^ h>>15
}
