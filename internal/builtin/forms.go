package builtin

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/millrace/millrace/internal/schema"
)

// What values must be, for a reader.
const (
	aLabel      = "be a DNS label: letters in lower case, digits and '-', at most 63"
	aName       = "be a DNS name: letters in lower case, digits, '-' and '.', at most 253"
	aQualified  = "be letters, digits, '-', '_' and '.', at most 63, after a DNS name and '/' if you like"
	aLabelValue = "be a label value: letters, digits, '-', '_' and '.', at most 63"
	aKey        = "be letters, digits, '-', '_' and '.', at most 253, not '.', and not begin with '..'"
	aSegment    = "be a part of a URL's path: no '/' or '%', and not just dots"
	aPort       = "be a port from 1 to 65535"
	aPortName   = "be a port's name: at most 15 letters in lower case, digits and single '-' between them, one letter at least"
)

// held reports a value that apimachinery has something against. It returns
// whether it hasn't.
func (c *checker) held(field, value string, against []string, must string) bool {
	if len(against) > 0 {
		c.invalid(field, value, must, "write it so")
	}
	return len(against) == 0
}

// present reports a text that is empty, and returns whether it isn't.
func (c *checker) present(field, value, fix string) bool {
	if value == "" {
		c.required(field, fix)
	}
	return value != ""
}

// segment holds a name to being part of a path, and to be there.
func (c *checker) segment(field, value, fix string) {
	if c.present(field, value, fix) && (value == "." || value == ".." || strings.ContainsAny(value, "/%")) {
		c.invalid(field, value, aSegment, "write it so")
	}
}

// among reports a word that is none of the allowed ones.
func among[T ~string](c *checker, field string, value T, allowed ...T) {
	if slices.Contains(allowed, value) {
		return
	}
	words := make([]string, len(allowed))
	for i, w := range allowed {
		words[i] = string(w)
	}
	c.enum(field, string(value), words...)
}

// unset reports a field that is there and must not be.
func (c *checker) unset(field string, there bool, why string) {
	if there {
		c.forbidden(field, "is set, "+why, "take it out")
	}
}

// atMost reports a list or a text with more than it may have.
func (c *checker) atMost(field string, have, most int, what string) {
	if have > most {
		c.problem(field, schema.RuleBounds, fmt.Sprintf("has %d %s, must have at most %d", have, what, most), fmt.Sprintf("take %d out", have-most))
	}
}

// portNumbered holds a number to being a port.
func (c *checker) portNumbered(field string, n int32) {
	if n < 1 || n > 65535 {
		c.invalid(field, n, aPort, "use such a number")
	}
}

// labelled holds labels to their form, and returns whether they have it. The
// server names none of them in the path.
func (c *checker) labelled(field string, labels map[string]string) bool {
	ok := true
	for k, v := range labels {
		ok = c.labelKey(field, k) && ok
		ok = c.labelValue(field, v) && ok
	}
	return ok
}

// cidr holds a text to being a range of addresses.
func (c *checker) cidr(field, value string) {
	if len(validation.IsValidCIDRForLegacyField(nil, value, true, nil)) > 0 {
		c.invalid(field, value, "be a range of addresses, such as 10.9.8.0/24, without bits after its prefix and zeros before numbers", "write it so")
	}
}

// adopt reports what apimachinery's code found. Its paths begin at field.
func (c *checker) adopt(at string, errs field.ErrorList) {
	for _, err := range errs {
		path := at
		if below := strings.TrimPrefix(err.Field, "<nil>"); below != "" {
			path = strings.TrimPrefix(at+"."+below, ".")
		}
		switch err.Type {
		case field.ErrorTypeRequired:
			c.problem(path, schema.RuleRequired, strings.TrimSuffix("is missing: "+err.Detail, ": "), "set it")
		case field.ErrorTypeForbidden:
			c.problem(path, schema.RuleForbidden, "must not be there: "+err.Detail, "take it out")
		default:
			c.problem(path, schema.RuleInvalid, "is "+show(fmt.Sprint(err.BadValue))+": "+err.Detail, "write it so")
		}
	}
}

// thousandths is a quantity as the server keeps it: rounded up.
func thousandths(q resource.Quantity) resource.Quantity {
	q = q.DeepCopy()
	q.RoundUp(resource.Milli)
	return q
}
