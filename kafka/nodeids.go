package kafka

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/millrace/millrace"
)

// NodeIDs is a range of the numbers that tell the nodes of a cluster apart.
//
// Rendered as an element of the annotation, "100-199".
type NodeIDs struct {
	// First is where the range begins; alone, it is a range of one. Zero is
	// the node of that number.
	First int
	// Last is where it ends, itself included. Less than First, the range is
	// gone through downwards.
	//
	// Zero means First.
	Last int
}

// The annotations by which an operator is told the numbers of nodes.
// Source: Strimzi, ResourceAnnotations.java.
const (
	nextIDsAnnotation   = "strimzi.io/next-node-ids"
	removeIDsAnnotation = "strimzi.io/remove-node-ids"
)

// nodeIDs writes ranges as the operator reads them.
func nodeIDs(p *millrace.Problems, field string, ranges []NodeIDs) string {
	texts := make([]string, len(ranges))
	for i, r := range ranges {
		at := fmt.Sprintf("%s[%d]", field, i)
		if r.First < 0 || r.Last < 0 || r.First > math.MaxInt32 || r.Last > math.MaxInt32 {
			p.Invalid(at, fmt.Sprintf("%d-%d", r.First, r.Last), "no node has such a number", "use 0 to 2147483647")
		}
		texts[i] = strconv.Itoa(r.First)
		if r.Last != 0 && r.Last != r.First {
			texts[i] += "-" + strconv.Itoa(r.Last)
		}
	}
	return "[" + strings.Join(texts, ",") + "]"
}

// annotateIDs adds the annotations of the ranges.
func (b *BrokerPool) annotateIDs(p *millrace.Problems, of origins, annotations *map[string]string) {
	of.add("metadata.annotations", "Annotations")
	for _, part := range [...]struct {
		field, key string
		ranges     []NodeIDs
	}{{"NextIDs", nextIDsAnnotation, b.NextIDs}, {"RemoveIDs", removeIDsAnnotation, b.RemoveIDs}} {
		if len(part.ranges) == 0 {
			continue
		}
		if _, ok := b.Annotations[part.key]; ok {
			p.Conflict("Annotations["+part.key+"]", "the field "+part.field+" sets it too", "use the field")
		}
		of.add(at("metadata.annotations", part.key), part.field)
		if *annotations == nil {
			*annotations = map[string]string{}
		}
		(*annotations)[part.key] = nodeIDs(p, part.field, part.ranges)
	}
}

// idRanges is what an operator takes as a list of ranges.
// Source: Strimzi, NodeIdRange.java.
var idRanges = regexp.MustCompile(`^\s*\[\s*([0-9]+(\s*-\s*[0-9]+)?(\s*,\s*[0-9]+(\s*-\s*[0-9]+)?)*)?\s*\]\s*$`)

var idDigits = regexp.MustCompile(`[0-9]+`)

// nodeIDs reports ranges that the operator can't read. It then takes the next
// numbers as if there were none, and says so in its own log only.
func (f *faults) nodeIDs(annotations map[string]string) {
	for _, key := range [...]string{nextIDsAnnotation, removeIDsAnnotation} {
		text, ok := annotations[key]
		if !ok || strings.TrimSpace(text) == "" {
			continue
		}
		valid := idRanges.MatchString(text)
		for _, digits := range idDigits.FindAllString(text, -1) {
			if _, err := strconv.ParseInt(digits, 10, 32); err != nil {
				valid = false
			}
		}
		if !valid {
			f.add("kafka/node-ids", millrace.RuleInvalid, at("metadata.annotations", key), fmt.Sprintf("%q: the operator can't read it, and chooses numbers of its own", text),
				`write numbers and ranges in brackets: "[0,1,10-15]"`)
		}
	}
}
