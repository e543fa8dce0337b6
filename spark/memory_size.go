package spark

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/millrace/millrace"
)

// mostMiB keeps sums of sizes within an int64.
const mostMiB = millrace.Bytes(math.MaxInt64>>4) / millrace.MiB

// sizeReader reads Spark's sizes and keeps the first mistake.
type sizeReader struct{ err error }

func (r *sizeReader) fail(key, value, why string) {
	if r.err == nil {
		r.err = fmt.Errorf("spark memory: %s: %q: %s", key, value, why)
	}
}

// mib reads a size whose bare number means MiB, in whole MiB.
func (r *sizeReader) mib(value, key string, otherwise millrace.Bytes) millrace.Bytes {
	return r.size(value, key, millrace.MiB, otherwise) / millrace.MiB * millrace.MiB
}

func (r *sizeReader) size(value, key string, unit, otherwise millrace.Bytes) millrace.Bytes {
	if value == "" {
		return otherwise
	}
	b, ok := parseSize(value, unit)
	if !ok {
		r.fail(key, value, "not a size such as 512m or 4g")
	}
	return b
}

func (r *sizeReader) factor(value, key string, otherwise float64) float64 {
	f, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) || f < 0 {
		r.fail(key, value, "not a factor such as 0.1")
		return otherwise
	}
	return f
}

// bool reads a truth value as Spark does: in any case, and nothing else.
func (r *sizeReader) bool(value, key string) bool {
	switch lower(strings.TrimSpace(value)) {
	case "true":
		return true
	case "", "false":
	default:
		r.fail(key, value, "neither true nor false")
	}
	return false
}

// sizeFormat is Spark's, whose units are binary: "4g" is what Kubernetes
// calls 4Gi, and "4Gi" is a mistake, as is a space before the unit.
// Source: apache/spark, JavaUtils.byteStringAs.
var sizeFormat = regexp.MustCompile(`^([0-9]+)([a-z]*)$`)

var sizeUnits = map[string]millrace.Bytes{
	"b": 1, "k": millrace.KiB, "kb": millrace.KiB, "m": millrace.MiB, "mb": millrace.MiB,
	"g": millrace.GiB, "gb": millrace.GiB, "t": millrace.TiB, "tb": millrace.TiB,
	"p": 1024 * millrace.TiB, "pb": 1024 * millrace.TiB,
}

// parseSize reads a size as Spark does; unit is what a bare number counts.
func parseSize(s string, unit millrace.Bytes) (millrace.Bytes, bool) {
	m := sizeFormat.FindStringSubmatch(lower(strings.TrimSpace(s)))
	if m == nil {
		return 0, false
	}
	if m[2] != "" {
		var ok bool
		if unit, ok = sizeUnits[m[2]]; !ok {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil || millrace.Bytes(n) > mostMiB*millrace.MiB/unit {
		return 0, false
	}
	return millrace.Bytes(n) * unit, true
}
