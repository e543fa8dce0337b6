package policy

import (
	"github.com/millrace/millrace"
)

// podsOf returns the pods that an object makes, whatever its kind.
func podsOf(b *millrace.Bundle, o millrace.Object) []millrace.Pod {
	return builtinPods(o)
}
