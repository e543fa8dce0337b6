package millrace_test

import (
	"fmt"
	"testing"

	"github.com/millrace/millrace"
)

func ExampleBytes() {
	memory := 1536 * millrace.MiB
	fmt.Println(memory)       // as Kubernetes writes it
	fmt.Println(memory.JVM()) // as Spark writes it
	// Output:
	// 1536Mi
	// 1536m
}

func TestBytes(t *testing.T) {
	for _, tc := range []struct {
		b        millrace.Bytes
		str, jvm string
	}{
		{0, "0", "0b"},
		{1, "1", "1b"},
		{1000, "1000", "1000b"},
		{millrace.KiB, "1Ki", "1k"},
		{1536 * millrace.MiB, "1536Mi", "1536m"},
		{8 * millrace.GiB, "8Gi", "8g"},
		{2 * millrace.TiB, "2Ti", "2t"},
		{-4 * millrace.GiB, "-4Gi", "-4g"},
	} {
		if got := tc.b.String(); got != tc.str {
			t.Errorf("Bytes(%d).String() = %q, want %q", int64(tc.b), got, tc.str)
		}
		if got := tc.b.JVM(); got != tc.jvm {
			t.Errorf("Bytes(%d).JVM() = %q, want %q", int64(tc.b), got, tc.jvm)
		}
		if q := tc.b.Quantity(); q.Value() != int64(tc.b) {
			t.Errorf("Bytes(%d).Quantity() = %s", int64(tc.b), q.String())
		}
	}
}
