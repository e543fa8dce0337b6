package builtin

import (
	"path"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"
)

// The forms that names take in pods, for a reader.
const (
	dnsLabelForm   = "be a DNS label: letters in lower case, digits and '-', at most 63"
	dnsNameForm    = "be a DNS name: letters in lower case, digits, '-' and '.', at most 253"
	labelKeyForm   = "be a label key: letters, digits, '-', '_' and '.', at most 63, after a DNS name and '/' if you like"
	labelValueForm = "be a label value: letters, digits, '-', '_' and '.', at most 63"
	portNameForm   = "be a port's name: letters in lower case, at least one, digits and single '-' between them, at most 15"
)

const (
	writeItSo = "write it so"
	takeItOut = "take it out"
)

func (c *checker) dnsLabel(field, value string) bool {
	return c.formed(field, value, validation.IsDNS1123Label(value), dnsLabelForm)
}

func (c *checker) dnsName(field, value string) bool {
	return c.formed(field, value, apivalidation.NameIsDNSSubdomain(value, false), dnsNameForm)
}

func (c *checker) labelKey(field, value string) bool {
	return c.formed(field, value, validation.IsQualifiedName(value), labelKeyForm)
}

func (c *checker) labelValue(field, value string) bool {
	return c.formed(field, value, validation.IsValidLabelValue(value), labelValueForm)
}

// formed reports a value that the server's code has something against, and
// returns whether it hasn't.
func (c *checker) formed(field, value string, against []string, must string) bool {
	if len(against) > 0 {
		c.invalid(field, value, must, writeItSo)
	}
	return len(against) == 0
}

// labels holds labels to their form. Like the server, it names none of them in
// the path.
func (c *checker) labels(field string, labels map[string]string) bool {
	ok := true
	for k, v := range labels {
		ok = c.labelKey(field, k) && ok
		ok = c.labelValue(field, v) && ok
	}
	return ok
}

func (c *checker) notNegative(field string, n int64) {
	if n < 0 {
		c.bounds(field, n, "at least 0")
	}
}

// notNegative32 is notNegative for a field that may be left out.
func (c *checker) notNegative32(field string, n *int32) {
	if n != nil {
		c.notNegative(field, int64(*n))
	}
}

// oneOf reports a word that is none of the allowed ones.
func oneOf[T ~string](c *checker, field string, value T, allowed ...T) {
	if slices.Contains(allowed, value) {
		return
	}
	words := make([]string, len(allowed))
	for i, a := range allowed {
		words[i] = string(a)
	}
	c.enum(field, string(value), words...)
}

// oneOfDefault is oneOf for a field that the server fills in.
func oneOfDefault[T ~string](c *checker, field string, value T, allowed ...T) {
	if value != "" {
		oneOf(c, field, value, allowed...)
	}
}

// oneOfPointer is oneOf for a field that may be left out.
func oneOfPointer[T ~string](c *checker, field string, value *T, allowed ...T) {
	if value != nil {
		oneOf(c, field, *value, allowed...)
	}
}

func (c *checker) portNumber(field string, port int32) {
	if len(validation.IsValidPortNum(int(port))) > 0 {
		c.bounds(field, port, "from 1 to 65535")
	}
}

// port checks the number of a port, or its name.
func (c *checker) port(field string, port intstr.IntOrString) {
	if port.Type == intstr.Int {
		c.portNumber(field, port.IntVal)
	} else {
		c.formed(field, port.StrVal, validation.IsValidPortName(port.StrVal), portNameForm)
	}
}

func (c *checker) ip(field, value string) {
	if len(validation.IsValidIPForLegacyField(nil, value, true, nil)) > 0 {
		c.invalid(field, value, "be an IP address, without leading zeros and not an IPv4 one written as IPv6", "write it as in 10.9.8.7 or 2001:db8::1")
	}
}

func (c *checker) userID(field string, id *int64) {
	if id != nil && len(validation.IsValidUserID(*id)) > 0 {
		c.bounds(field, *id, "from 0 to 2147483647")
	}
}

func (c *checker) groupID(field string, id *int64) {
	if id != nil && len(validation.IsValidGroupID(*id)) > 0 {
		c.bounds(field, *id, "from 0 to 2147483647")
	}
}

// noBacksteps reports a path that climbs.
func (c *checker) noBacksteps(field, value string) {
	if climbs(value) {
		c.invalid(field, value, "not climb with ..", "write the path that it stands for")
	}
}

// climbs reports whether one of a path's parts is "..".
func climbs(value string) bool {
	for part := range strings.SplitSeq(value, "/") {
		if part == ".." {
			return true
		}
	}
	return false
}

// inside checks a path that has to stay below a directory.
func (c *checker) inside(field, value string) {
	if path.IsAbs(value) {
		c.invalid(field, value, "be a relative path", "take the leading / out")
	}
	c.noBacksteps(field, value)
}

// insideVolume is inside for a file of a volume that the kubelet writes: names
// that begin with ".." are its own.
func (c *checker) insideVolume(field, value string) {
	c.inside(field, value)
	if strings.HasPrefix(value, "..") && !strings.HasPrefix(value, "../") {
		c.invalid(field, value, "not begin with ..", "use another name")
	}
}

func (c *checker) mode(field string, mode *int32) {
	if mode != nil && (*mode < 0 || *mode > 0o777) {
		c.bounds(field, *mode, "from 0 to 511 (octal 777)")
	}
}

// milli returns a quantity as the server keeps it: in thousandths, rounded up.
func milli(q resource.Quantity) resource.Quantity {
	q = q.DeepCopy()
	q.RoundUp(resource.Milli)
	return q
}

// set is a set that costs no allocation while it is small.
type set[K comparable] struct {
	few  [8]K
	n    int
	many map[K]struct{}
}

func (s *set[K]) has(k K) bool {
	if s.many != nil {
		_, ok := s.many[k]
		return ok
	}
	return slices.Contains(s.few[:s.n], k)
}

func (s *set[K]) add(k K) {
	if s.many == nil && s.n < len(s.few) {
		s.few[s.n] = k
		s.n++
		return
	}
	if s.many == nil {
		s.many = make(map[K]struct{}, 4*len(s.few))
		for _, k := range s.few {
			s.many[k] = struct{}{}
		}
	}
	s.many[k] = struct{}{}
}

// addNew adds what isn't there yet, and returns whether it was new.
func (s *set[K]) addNew(k K) bool {
	if s.has(k) {
		return false
	}
	s.add(k)
	return true
}
