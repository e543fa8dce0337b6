package builtin

import (
	"path"
	"slices"
	"strings"

	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"
)

const (
	writeItSo = "write it so"
	takeItOut = "take it out"
)

func (c *checker) dnsLabel(field, value string) {
	if !simple(value) {
		c.held(field, value, validation.IsDNS1123Label(value), aLabel)
	}
}

func (c *checker) dnsName(field, value string) {
	if !simpleName(value) {
		c.held(field, value, apivalidation.NameIsDNSSubdomain(value, false), aName)
	}
}

func (c *checker) labelKey(field, value string) bool {
	return c.held(field, value, qualified(value), aQualified)
}

func (c *checker) labelValue(field, value string) bool {
	return simple(value) || c.held(field, value, validation.IsValidLabelValue(value), aLabelValue)
}

// simple reports whether a value is a DNS label, which every form of name
// takes. Most names and values are, and need no regular expression.
func simple(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := range len(s) {
		if b := s[i]; (b < 'a' || b > 'z') && (b < '0' || b > '9') && b != '-' {
			return false
		}
	}
	return true
}

// simpleName is simple for names of such labels with dots between them.
func simpleName(s string) bool {
	if len(s) > 253 {
		return false
	}
	for part := range strings.SplitSeq(s, ".") {
		if !simple(part) {
			return false
		}
	}
	return true
}

// qualified is validation.IsQualifiedName, not asked where the name is simple.
func qualified(s string) []string {
	domain, name, ok := strings.Cut(s, "/")
	if !ok && simple(s) || ok && simpleName(domain) && simple(name) {
		return nil
	}
	return validation.IsQualifiedName(s)
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

// amongOrEmpty is among for a field that the server fills in.
func amongOrEmpty[T ~string](c *checker, field string, value T, allowed ...T) {
	if value != "" {
		among(c, field, value, allowed...)
	}
}

// amongIfSet is among for a field that may be left out.
func amongIfSet[T ~string](c *checker, field string, value *T, allowed ...T) {
	if value != nil {
		among(c, field, *value, allowed...)
	}
}

// port checks the number of a port, or its name.
func (c *checker) port(field string, port intstr.IntOrString) {
	switch {
	case port.Type == intstr.String:
		c.held(field, port.StrVal, validation.IsValidPortName(port.StrVal), aPortName)
	case port.IntVal != 0 || !c.partial:
		c.portNumbered(field, port.IntVal)
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

// each checks the items of a list.
func each[T any](c *checker, field string, items []T, check func(*T)) {
	c.enter(field)
	for i := range items {
		c.item(i)
		check(&items[i])
		c.leave()
	}
	c.leave()
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
