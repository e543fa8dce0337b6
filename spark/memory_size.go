package spark

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/sparkconf"
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
	return r.size(value, key, "m", otherwise) / millrace.MiB * millrace.MiB
}

func (r *sizeReader) size(value, key, unit string, otherwise millrace.Bytes) millrace.Bytes {
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

// parseSize reads a size as Spark does, whose units are binary: "4g" is what
// Kubernetes calls 4Gi, and "4Gi" is a mistake, as is a space before the unit. A
// bare number counts units of the name given, "b" or "m".
func parseSize(s, unit string) (millrace.Bytes, bool) {
	n, shift, why := sparkconf.SplitSize(s, unit)
	if why != "" || millrace.Bytes(n) > mostMiB*millrace.MiB>>shift {
		return 0, false
	}
	return millrace.Bytes(n) << shift, true
}
